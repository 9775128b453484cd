"""Dated appointments, from which every role follows, and the participant's life cycle."""
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class Appointment(Table, Base):
    """A person holds a role at an organisation from `starts_on` to `ends_on`, both days included (no end: until further notice)."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(
            "role IN ('participant','supervisor','host_staff','adviser','clair_desk','author','tutor','counsellor','administrator')", "role"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", "dates"),
        CheckConstraint("(role = 'participant') = (job_type <> '')", "job_type"),
        Index("ix_appointment_person", "person_id", "role", "starts_on", "ends_on", "organisation_id"),
        Index("ix_appointment_organisation", "organisation_id", "role", "ends_on", "person_id"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    job_type: Mapped[str] = mapped_column(default="")              # ALT, CIR, SEA
    workplace: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    term_no: Mapped[int] = mapped_column(default=0)                # 1…5 for participants
    end_reason: Mapped[str] = mapped_column(default="")            # resignation, dismissal, medical, death, visa, transfer, completed


class ArrivalGroup(Base):
    """When people of one intake arrive: data, because years differ."""

    __tablename__ = "arrival_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)                 # 2026-A, 2026-04
    fiscal_year: Mapped[int]
    name_ja: Mapped[str]
    name_en: Mapped[str]
    arrives_on: Mapped[date]


class Participant(Table, Base):
    """The JET record of a person: number, intake and where she is in the life cycle (people.workflow)."""

    __tablename__ = "participant"
    __table_args__ = (CheckConstraint("length(jet_number) = 11", "jet_number"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    jet_number: Mapped[str] = mapped_column(unique=True)           # an identifier, never a secret
    state: Mapped[str] = mapped_column(index=True)
    arrival_group_id: Mapped[int | None] = mapped_column(ForeignKey("arrival_group.id"), index=True)
    job_type: Mapped[str]
    term_no: Mapped[int] = mapped_column(default=0)
    outstanding: Mapped[bool] = mapped_column(default=False)       # the organisation's word for years four and five
    max_ends_on: Mapped[date | None]                               # a dated special rule may stretch the usual limit


class Transition(Base):
    """A planned change of appointment that takes effect on its day: reappointment, transfer, deferral, early end."""

    __tablename__ = "transition"
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_by: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
