"""What authors work on: the files of each release, drafts of the next one, and results that a new key changes."""
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class ReleaseSource(Base):
    """The files a release was made of (learning.sources), so that a draft can begin with them and two releases can be compared."""

    __tablename__ = "release_source"
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    texts: Mapped[bytes] = mapped_column(LargeBinary)              # {path: text} as JSON, deflated: read only by authors
    assets: Mapped[dict[str, str]] = mapped_column(JSON)           # {path: SHA-256} of pictures and sound, in core.files


class Draft(Table, Base):
    """The next state of a course, as its authors write it: one a course. `release_id` is what it began with, or last became."""

    __tablename__ = "draft"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), unique=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    assets: Mapped[dict[str, str]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_by: Mapped[int]


class DraftFile(Base):
    """One text file of a draft. `seq` counts its states; a window of the browser may write on over its own (`service.drafting`)."""

    __tablename__ = "draft_file"
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    seq: Mapped[int] = mapped_column(default=1)
    window: Mapped[str] = mapped_column(default="")                # which page wrote it last
    count: Mapped[int] = mapped_column(default=0)                  # that page's own count of its saves
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_by: Mapped[int | None]


class Regrade(Base):
    """A result that another answer key changes. Higher ones count at once; a lower one only when the learner says yes."""

    __tablename__ = "regrade"
    __table_args__ = (
        UniqueConstraint("attempt_id", "release_id"),
        CheckConstraint("state IN ('raised','offered','accepted','kept')", "state"),
        CheckConstraint("before BETWEEN 0 AND 100 AND after BETWEEN 0 AND 100", "percent"),
        Index("ix_regrade_person", "person_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))   # whose keys are applied
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    before: Mapped[int]
    after: Mapped[int]
    marks: Mapped[dict[str, list[float]]] = mapped_column(JSON)    # question → [score, 1 if right]: what changes
    state: Mapped[str]
    reason: Mapped[str]                                            # the learner reads it
    made_by: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
