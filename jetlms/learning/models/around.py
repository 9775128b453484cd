"""What stands around a lesson: own notes and bookmarks, questions and answers, wordings that should be accepted, plans of study."""
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class LessonNote(Base):
    """What a person writes for herself at an item: one note an item, read by nobody else. An empty one stays for its count."""

    __tablename__ = "lesson_note"
    __table_args__ = (Index("ix_lesson_note_course", "course_id"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    item_key: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))    # where she wrote it last: courses may share an item
    text: Mapped[str]
    seq: Mapped[int]                                               # the client's count: an older save never replaces a newer one
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)


class Bookmark(Base):
    """An item a person wants to find again."""

    __tablename__ = "bookmark"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    item_key: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class LessonPost(Table, Base):
    """A question asked at an item, or an answer to one (`question_id`). What is withdrawn or hidden keeps its place, without its words."""

    __tablename__ = "lesson_post"
    __table_args__ = (
        CheckConstraint("state IN ('shown','withdrawn','hidden')", "state"),
        CheckConstraint("question_id IS NULL OR accepted_id IS NULL", "accepted"),
        Index("ix_lesson_post_course", "course_id", "question_id", "id"),
        Index("ix_lesson_post_item", "item_key", "course_id"),
        Index("ix_lesson_post_question", "question_id", "id"),
        Index("ix_lesson_post_person", "person_id"),
    )
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    item_key: Mapped[str]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_post.id"))   # of an answer
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(default="")                 # of a question
    text: Mapped[str]                                              # Markdown, as it was typed
    html: Mapped[str]                                              # markup.letter(text)
    staff: Mapped[bool] = mapped_column(default=False)             # written by an author or the CLAIR desk
    state: Mapped[str] = mapped_column(default="shown")
    accepted_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_post.id"))   # of a question: the answer that solved it
    edited_at: Mapped[datetime | None]


class PostReport(Base):
    """Somebody tells the desk that a question or answer should not stand here. The desk hides it, or leaves it."""

    __tablename__ = "post_report"
    __table_args__ = (Index("ix_post_report_open", "settled_at", "post_id"),)
    post_id: Mapped[int] = mapped_column(ForeignKey("lesson_post.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None]


class WordingRequest(Base):
    """A learner thinks that her answer, marked wrong, should be accepted. Authors decide once for everybody who gave the same answer."""

    __tablename__ = "wording_request"
    __table_args__ = (
        UniqueConstraint("person_id", "question_id", "folded"),
        CheckConstraint("state IN ('waiting','taken','refused')", "state"),
        Index("ix_wording_request_queue", "state", "question_id", "folded"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))   # whose question it was
    item_key: Mapped[str]
    question_id: Mapped[str]
    payload: Mapped[Any] = mapped_column(JSON)                     # the answer as she gave it (grading's payload)
    folded: Mapped[str]                                            # the same answer in whatever width, kana and case
    remark: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")                # why not; she reads it
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class StudyPlan(Base):
    """On which days of the week a person wants to learn for a course, and how long."""

    __tablename__ = "study_plan"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 127", "weekdays"),
        CheckConstraint("minutes BETWEEN 5 AND 240", "minutes"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    weekdays: Mapped[int]                                          # as a bit set: Monday is bit 0
    minutes: Mapped[int]                                           # on each of those days
    starts_at: Mapped[str] = mapped_column(default="")             # "19:00" in her own zone; empty: any time of the day
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
