"""The daily review: cards of one person, and the log of every time she saw one. The log is the truth; a card's state is its fold."""
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class ReviewCard(Base):
    """One card of one person. `key` says what it asks (learning.review.KEY); `memory` is the fold of its log (learning.review.fold)."""

    __tablename__ = "review_card"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_review_card_due", "person_id", "due_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    suspended_at: Mapped[datetime | None]                          # she put it aside
    gone: Mapped[bool] = mapped_column(default=False)              # the course has it no more; a later release may again
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    reps: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    memory: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ReviewLog(Base):
    """One look at a card. The client makes the id, so that sending twice is one. Rating 0 takes the log `undoes` back."""

    __tablename__ = "review_log"
    __table_args__ = (CheckConstraint("rating BETWEEN 0 AND 4", "rating"), Index("ix_review_log_card", "card_id", "at"),
                      Index("ix_review_log_person", "person_id", "at"))
    id: Mapped[str] = mapped_column(primary_key=True)              # UUID
    card_id: Mapped[int] = mapped_column(ForeignKey("review_card.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rating: Mapped[int]                                            # 1 again, 2 hard, 3 good, 4 easy (fsrs.Rating); 0 undo
    undoes: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")                  # what she typed
    took_ms: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    arrived_at: Mapped[datetime] = mapped_column(default=clock.now)
