"""Placement quizzes: what was asked and answered, and the level it spoke for."""
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class Placement(Base):
    """One placement quiz of one person. `levels` freezes what it asks from, lowest level first: [{"course_id", "release_id", "key"}].

    The next question follows from the seed and the answers alone (`learning.placement`).
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index("ix_placement_person", "person_id", "ladder", "id"),
        Index("uq_placement_open", "person_id", "ladder", unique=True, sqlite_where=text("finished_at IS NULL"),
              postgresql_where=text("finished_at IS NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ladder: Mapped[str]
    seed: Mapped[int]
    levels: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]
    course_id: Mapped[int | None]                                  # the level recommended


class PlacementAnswer(Base):
    """The answer to one question, from 1; `payload` None: she did not know. Given once."""

    __tablename__ = "placement_answer"
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[int]                                             # its place in Placement.levels
    question_id: Mapped[str]
    payload: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    right: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
