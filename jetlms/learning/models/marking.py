"""What tutors do: who marks which course, what was handed in, marks and comments, and when tests are open."""
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class CourseTutor(Base):
    """This person marks this course."""

    __tablename__ = "course_tutor"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    added_by: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


class Sitting(Base):
    """From which day to which the tests of a module can be handed in; days of the learner's own time zone, both included."""

    __tablename__ = "sitting"
    __table_args__ = (CheckConstraint("closes_on >= opens_on", "days"), CheckConstraint("late_cap BETWEEN 0 AND 100", "late_cap"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    module_key: Mapped[str] = mapped_column(primary_key=True)      # m-…
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    late_days: Mapped[int] = mapped_column(default=7)              # so many days longer it is taken, marked "late"
    late_cap: Mapped[int] = mapped_column(default=80)              # and scores at most this


class Submission(Base):
    """A test or an assignment as it was handed in (`content` does not change). Markers see its number, never a name.

    States: learning.workflow.MARKING.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("attempt_id", "round"),
        CheckConstraint("state IN ('waiting','marking','second_waiting','second_marking','moderation','returned')", "state"),
        CheckConstraint("score BETWEEN 0 AND 100", "score"),
        CheckConstraint("kind IN ('translation','interpreting','task')", "kind"),
        Index("ix_submission_course", "course_id", "state", "due_on", "id"),
        Index("ix_submission_person", "person_id", "course_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)               # what a marker calls it
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    round: Mapped[int] = mapped_column(default=1)                  # 2: the revision
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    release_id: Mapped[int]
    module_key: Mapped[str]
    item_key: Mapped[str]
    kind: Mapped[str]                                              # of its item: translation, interpreting, task
    content: Mapped[dict[str, Any]] = mapped_column(JSON)          # {place: text}, a recording {"token", "seconds"}, a file {"token", "name"}
    state: Mapped[str] = mapped_column(default="waiting")
    marker_id: Mapped[int | None]                                  # who has it before her now
    second_wanted: Mapped[bool] = mapped_column(default=False)     # somebody asked for a second opinion
    handed_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_on: Mapped[date]                                           # until when it is to be returned
    late: Mapped[bool] = mapped_column(default=False)
    cap: Mapped[int] = mapped_column(default=100)
    score: Mapped[int | None]
    returned_at: Mapped[datetime | None]
    took_days: Mapped[float | None]                                # from handing in to returning
    revise_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def spoken(self) -> bool:
        """Whether it is heard, not read."""
        return self.kind == "interpreting"


class Mark(Base):
    """One marker's judgement, a draft until `done_at`."""

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("submission_id", "kind"), CheckConstraint("kind IN ('first','second','moderation')", "kind"))
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[str]
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scores: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)      # {criterion: level}
    remark: Mapped[str] = mapped_column(default="")
    seq: Mapped[int] = mapped_column(default=0)                    # the client's count: an older save never replaces a newer one
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]


class MarkComment(Base):
    """A comment at a segment, at a second of a take, or at a paragraph of an assignment."""

    __tablename__ = "mark_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"), index=True)
    place: Mapped[str]                                             # s1 …: segment or part; q-…, q-….2: answer, its paragraph
    second: Mapped[float | None]
    error: Mapped[str] = mapped_column(default="")                 # learning.words.ERROR, "" for praise and questions
    text: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class Snippet(Base):
    """A sentence a tutor uses again."""

    __tablename__ = "snippet"
    __table_args__ = (UniqueConstraint("person_id", "text"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]


class GradeOverride(Base):
    """A result set by hand; the newest one wins."""

    __tablename__ = "grade_override"
    __table_args__ = (Index("ix_grade_override_person", "person_id", "course_id", "item_key"), CheckConstraint("new BETWEEN 0 AND 100", "new"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    item_key: Mapped[str]
    old: Mapped[int | None]
    new: Mapped[int]
    reason: Mapped[str]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
