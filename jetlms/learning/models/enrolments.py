"""Who takes which course, by which rule, until when; who was taken out of one; and the reminders that were sent."""
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class Enrolment(Base):
    """One person takes one course; also the fold of her progress, kept in the same transaction as each event.

    The state of the moment (not started, on track, behind, completed) follows from the columns and today's date alone, so that
    counting thousands is one statement: `completed_at` set → completed; else no `started_at` → not started; else `behind_from` ≤
    today → behind; else on track. `behind_why` says which rule made `behind_from`: "idle" or "pace".
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        CheckConstraint("via IN ('self','rule','staff')", "via"),
        CheckConstraint("done >= 0 AND done <= required", "done"),
        Index("ix_enrolment_course", "course_id", "person_id", "completed_at", "started_at", "behind_from"),
        {"sqlite_autoincrement": True},      # a withdrawn enrolment's row goes; the audit's and notices' ids of it stay its own
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    via: Mapped[str]
    enrolled_at: Mapped[datetime] = mapped_column(default=clock.now)
    enrolled_by: Mapped[int | None]
    opens_on: Mapped[date]                                         # the access window
    closes_on: Mapped[date]                                        # after it: read-only
    due_on: Mapped[date | None]                                    # what the organisation expects
    employer_sees: Mapped[bool] = mapped_column(default=True)  # hers to decide where the course is private and she enrolled herself
    pinned_release_id: Mapped[int | None]
    reopened_at: Mapped[datetime | None]
    # the fold
    required: Mapped[int] = mapped_column(default=0)               # required items of the release when last folded
    done: Mapped[int] = mapped_column(default=0)                   # of those, done; never falls for a finished person
    minutes_left: Mapped[int] = mapped_column(default=0)
    last_item: Mapped[str] = mapped_column(default="")
    last_screen: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    behind_from: Mapped[date | None]
    behind_why: Mapped[str] = mapped_column(default="")


class Withdrawal(Base):
    """An enrolment ended before it was completed, by staff or by herself when she changed her level.

    Who is enrolled has a row in `enrolment`, who was has one here. What she did stays where it is (events, answers, progress). Rules never
    enrol her in that course again; staff or she herself may, and then she goes on where she was.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        Index("ix_withdrawal_course", "course_id", "id"),
        Index("ix_withdrawal_person", "person_id", "course_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(unique=True)         # of the row that went
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    reason: Mapped[str]                                            # the learner reads it
    withdrawn_by: Mapped[int]
    withdrawn_at: Mapped[datetime] = mapped_column(default=clock.now)
    # as it was
    via: Mapped[str]
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[int | None]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    due_on: Mapped[date | None]
    required: Mapped[int]
    done: Mapped[int]
    last_item: Mapped[str]
    last_screen: Mapped[int]
    started_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]


class EnrolmentRule(Base):
    """Everybody who fits is enrolled: by job type, arrival group and host body, from a day on. Over when `ends_on` is past."""

    __tablename__ = "enrolment_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    job_types: Mapped[list[str]] = mapped_column(JSON, default=list)           # empty: all
    arrival_group_ids: Mapped[list[int]] = mapped_column(JSON, default=list)   # empty: all
    host_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # only under this host body
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    due_days: Mapped[int | None]                                   # instead of the course's own
    made_by: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}              # noqa: RUF012 -- SQLAlchemy's own spelling


class Reminder(Base):
    """A kind reminder one person sent another: one per learner per seven days, and she sees who sent it."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "week_key"), Index("ix_reminder_person", "person_id", "sent_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None]
    course_id: Mapped[int | None]
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    week_key: Mapped[str]                                          # makes two at once impossible: the day of the last one before


class CalendarFeed(Base):
    """The secret address of a person's calendar feed; only its hash is kept."""

    __tablename__ = "calendar_feed"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
