"""Certificates: each its own row, never changed by content; revoked, not deleted."""
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class Award(Base):
    """One certificate. `snapshot` is what is printed: names, course titles, minutes, module titles in both languages."""

    __tablename__ = "award"
    __table_args__ = (
        Index("uq_award_live", "person_id", "course_id", unique=True, sqlite_where=text("revoked_at IS NULL"),
              postgresql_where=text("revoked_at IS NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)                 # what a stranger types: XXXX-XXXX-XXXX
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    release_id: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_on: Mapped[date | None]                                # the last day it is valid; None: for ever
    minutes: Mapped[int]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
