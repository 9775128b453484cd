"""Courses as they were published. A release is immutable; items keep their ids for ever."""
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class Course(Table, Base):
    """A course, known by its `key` (c-…); the slug may change. `release_id` is what learners see now."""

    __tablename__ = "course"
    key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    summary: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    release_id: Mapped[int | None]
    retired_at: Mapped[datetime | None]


class Release(Base):
    """One published state of a course.

    `outline` is all a page needs besides the text: {"modules": [{"id", "title": {ja,en}, "goal", "items": [{"id", "kind",
    "title": {ja,en}, "minutes", "required", "screens", "questions": n, "new", "file": "course/module/stem"}]}], "mastery",
    "completion", "schedule", "audience", "certificate", "langs", "base_lang", "minutes"}.
    `manifest` is what the impact preview compares (source.impact).
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    content_hash: Mapped[str]
    outline: Mapped[dict[str, Any]] = mapped_column(JSON)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by: Mapped[int | None]


class Item(Base):
    """A lesson, quiz or task that has ever been published: its id is never used for anything else."""

    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)                  # l-…
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)    # the course whose folder holds it
    kind: Mapped[str]                                              # lesson, quiz, task
    replaced_by: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None]


class LessonText(Base):
    """The rendered text of one item in one language in one release.

    `screens` is a list of lists of parts: {"html"} or {"question": "q-…"} or {"media": {...}}. `questions` maps a question's id to
    its source for freezing (grading.freeze), both languages inside, so that an attempt can be read in either.
    """

    __tablename__ = "lesson_text"
    __table_args__ = (Index("ix_lesson_text_item", "item_key", "release_id"),)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    item_key: Mapped[str] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    minutes: Mapped[int]
    screens: Mapped[list[Any]] = mapped_column(JSON)
    questions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    exercise: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # of a translation: rendering.exercise
    markup_version: Mapped[int] = mapped_column(default=1)


class Term(Base):
    """A glossary entry of a course."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("course_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    key: Mapped[str]
    ja: Mapped[str]
    reading: Mapped[str] = mapped_column(default="")
    en: Mapped[str]
    note_ja: Mapped[str] = mapped_column(default="")
    note_en: Mapped[str] = mapped_column(default="")
    more: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)    # the word in other languages, by code


class CourseAsset(Base):
    """A picture, sound, film or caption file that some release shows: only these are served to every reader."""

    __tablename__ = "course_asset"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    mime: Mapped[str]
    size: Mapped[int]
