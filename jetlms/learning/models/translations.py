"""What is written in the workbench: segments as they are translated and committed, and each person's own translation memory."""
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base


class SegmentAnswer(Base):
    """The translation of one segment. Committing opens the models; what was committed first stays beside what it became."""

    __tablename__ = "segment_answer"
    __table_args__ = (CheckConstraint("rating BETWEEN 0 AND 3", "rating"),)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    segment: Mapped[str] = mapped_column(primary_key=True)         # s1, s2, … of the release that the attempt froze
    text: Mapped[str]                                              # as it is now
    seq: Mapped[int]                                               # the client's count: an older save never replaces a newer one
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    first_text: Mapped[str] = mapped_column(default="")            # as it was when first committed, before she saw the models
    committed_at: Mapped[datetime | None]
    rating: Mapped[int | None]                                     # her own: 0 misleads, 1 needs work, 2 small flaws, 3 ready to send
    errors: Mapped[list[str]] = mapped_column(JSON, default=list)  # her own: which kinds she found (learning.words.ERROR)


class MemoryUnit(Base):
    """One unit of a person's own translation memory: what she committed, and what she brought from elsewhere."""

    __tablename__ = "memory_unit"
    __table_args__ = (
        UniqueConstraint("person_id", "source_lang", "target_lang", "digest"),
        Index("ix_memory_unit_person", "person_id", "source_lang", "target_lang", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source_lang: Mapped[str]
    target_lang: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    digest: Mapped[str]                                            # of the source, folded: one unit for each source text
    origin: Mapped[str]                                            # "l-…/s1", or the name of the file it came from
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
