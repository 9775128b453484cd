"""What was answered and what happened: attempts are rows from the first click, events are only ever added."""
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class Attempt(Base):
    """One try at an item's questions. The question set, its order and its seed are frozen at the start."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "item_key", "number"),
        CheckConstraint("kind IN ('practice','quiz','task','translation','interpreting')", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    item_key: Mapped[str] = mapped_column(index=True)
    release_id: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str]
    seed: Mapped[int]
    questions: Mapped[list[Any]] = mapped_column(JSON)             # frozen: [{id, …}] (grading.freeze)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    submitted_at: Mapped[datetime | None]
    percent: Mapped[int | None]                                    # of the frozen set, when submitted
    passed: Mapped[bool | None]


class Answer(Base):
    """The newest answer to one question of an attempt. `seq` is the client's count: an older one never replaces a newer one."""

    __tablename__ = "answer"
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    payload: Mapped[Any] = mapped_column(JSON)
    score: Mapped[float | None]
    right: Mapped[bool | None]
    tries: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)


class LearningEvent(Base):
    """Something a learner did. The client makes the id, so that sending twice is one event."""

    __tablename__ = "learning_event"
    __table_args__ = (Index("ix_learning_event_person", "person_id", "course_id", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)              # UUID
    person_id: Mapped[int]
    course_id: Mapped[int]
    item_key: Mapped[str]
    verb: Mapped[str]                # started, viewed (a screen), answered, submitted, regraded, passed, finished, handed_in, enrolled, completed …
    release_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)        # the server's time decides
    client_at: Mapped[datetime | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Progress(Base):
    """The fold of one person's events about one item. It never goes back; the same item counts in every course that uses it."""

    __tablename__ = "progress"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    item_key: Mapped[str] = mapped_column(primary_key=True)
    screens_seen: Mapped[int] = mapped_column(default=0)           # as a bit set: screen n is bit n
    questions_done: Mapped[int] = mapped_column(default=0)
    best: Mapped[int | None]                                       # best percent of a quiz
    attempts: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
