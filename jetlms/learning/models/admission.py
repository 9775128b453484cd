"""Rounds of admission to a course, the applications in them, and the draws by which places are given."""
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class AdmissionRound(Table, Base):
    """One round: what changes from year to year is here. Its days are days in Japan."""

    __tablename__ = "admission_round"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", "instants"), CheckConstraint("check_until >= check_from", "days"),
        CheckConstraint("places >= 0 AND lottery_places >= 0 AND schooling_places >= 0 AND schooling_lottery >= 0", "places"),
        CheckConstraint("least BETWEEN 0 AND 100", "least"), Index("ix_admission_round_course", "course_id", "closes_at"),
    )
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[dict[str, str]] = mapped_column(JSON)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]                                    # an application arrives before it
    approve_by: Mapped[date]                                       # last day for the contracting organisation
    check_from: Mapped[date]                                       # the level check can be taken from … to, both included
    check_until: Mapped[date]
    starts_on: Mapped[date]                                        # of the course
    places: Mapped[int]                                            # by the result of the level check
    lottery_places: Mapped[int]                                    # by lot, among the others who qualify
    least: Mapped[int]                                             # percent of the level check that qualifies
    schooling_places: Mapped[int] = mapped_column(default=0)       # seats of the five-day schooling by result, and by lot
    schooling_lottery: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[int]


class Application(Table, Base):
    """One person's application in one round. States: learning.workflow.ADMISSION."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint("state IN ('draft','submitted','approved','refused','checked','admitted','waitlisted','declined','active','withdrawn')",
                        "state"),
        CheckConstraint("score BETWEEN 0 AND 100", "score"),
        Index("ix_application_person", "person_id", "id"), Index("ix_application_organisation", "organisation_id", "state"),
        Index("ix_application_round", "round_id", "state", "id"),
    )
    number: Mapped[str] = mapped_column(unique=True)               # what lists and draws call it
    round_id: Mapped[int] = mapped_column(ForeignKey("admission_round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))    # whose approval it takes
    job_type: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    # what she says
    jlpt: Mapped[str] = mapped_column(default="")                  # N1 … N5, or none
    evidence: Mapped[str] = mapped_column(default="")              # token of the file
    years: Mapped[int | None]                                      # of studying Japanese
    motive: Mapped[str] = mapped_column(default="")
    schooling: Mapped[bool] = mapped_column(default=False)         # she wishes to attend
    microphone: Mapped[bool] = mapped_column(default=False)        # she has tried hers
    submitted_at: Mapped[datetime | None]
    # what her organisation says
    approver: Mapped[str] = mapped_column(default="")
    travel: Mapped[bool] = mapped_column(default=False)            # it bears the cost of travelling to the schooling
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")                # why it was refused or declined: she reads it
    # the level check
    check_seed: Mapped[int | None]
    check_release_id: Mapped[int | None]
    check_until: Mapped[datetime | None]                           # the server's clock ends it
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)     # question → payload, None: not known
    score: Mapped[int | None]                                      # percent
    # the outcome
    place: Mapped[int | None]                                      # in its list: of those chosen, or waiting
    chosen_by: Mapped[str] = mapped_column(default="")             # result, lot
    seat: Mapped[bool | None]                                      # of the schooling


class Draw(Base):
    """How places were given: the seed, whose SHA-256 was published before, and everything one needs to do it again."""

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("round_id", "kind"), CheckConstraint("kind IN ('course','schooling')", "kind"))
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("admission_round.id"))
    kind: Mapped[str]
    seed: Mapped[str]                                              # hexadecimal; shown after the draw
    commitment: Mapped[str]                                        # SHA-256 of the seed; shown from the beginning
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[int | None]
    terms: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)       # places, lottery, least: as they were when it was drawn
    entries: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)    # [number, score]
    outcome: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)    # [number, result | lot | waiting | out, place]
