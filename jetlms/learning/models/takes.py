"""What is spoken in the booth: one take for each part of a speech, and the pieces in which it arrives."""
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class Take(Base):
    """The take of one part of a speech; a new one takes the place of the old. Its sound is an attachment, gone on `deletes_on`."""

    __tablename__ = "take"
    __table_args__ = (UniqueConstraint("attempt_id", "part"), CheckConstraint("rating BETWEEN 0 AND 3", "rating"))
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    part: Mapped[str]                                              # s1, s4, …: the first segment of the part
    key: Mapped[str]                                               # the client's own, so that sending twice is one take
    token: Mapped[str] = mapped_column(unique=True)                # of the attachment: its address
    sha256: Mapped[str]
    seconds: Mapped[float]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    deletes_on: Mapped[date] = mapped_column(index=True)
    rating: Mapped[int | None]                                     # her own, as in the workbench
    errors: Mapped[list[str]] = mapped_column(JSON, default=list)


class TakePiece(Base):
    """A piece of a take on its way. Pieces may come twice and in any order; the finished take takes their place."""

    __tablename__ = "take_piece"
    __table_args__ = (Index("ix_take_piece_arrived_at", "arrived_at"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    arrived_at: Mapped[datetime] = mapped_column(default=clock.now)
