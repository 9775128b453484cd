"""A person, what she has consented to, and the imports that brought people in."""
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class Person(Table, Base):
    """Somebody: names as in the passport, how she is called, how she is read. No relationship to anything above."""

    __tablename__ = "person"
    family_name: Mapped[str]
    given_name: Mapped[str] = mapped_column(default="")
    middle_name: Mapped[str] = mapped_column(default="")
    preferred_name: Mapped[str] = mapped_column(default="")        # what people call her; empty: given + family name
    katakana_name: Mapped[str] = mapped_column(default="")
    native_name: Mapped[str] = mapped_column(default="")           # 漢字, 한글, … as she writes it
    nationality: Mapped[str] = mapped_column(default="")           # ISO 3166-1 alpha-2
    born_on: Mapped[date | None]
    display_name: Mapped[str]                                      # written by people.service from the names above
    sort_name: Mapped[str] = mapped_column(index=True)
    deceased_on: Mapped[date | None]                               # no mail is ever sent


class Consent(Base):
    """A purpose a person has agreed to, from when to when. One live row a purpose."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("uq_consent_live", "person_id", "purpose", unique=True, sqlite_where=text("withdrawn_at IS NULL"),
              postgresql_where=text("withdrawn_at IS NULL")),
        Index("ix_consent_purpose", "purpose", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]                       # learning_names_host, learning_scores_employer
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]


class ImportBatch(Table, Base):
    """One imported spreadsheet: what it held, what it changed, and whether it was undone."""

    __tablename__ = "import_batch"
    __table_args__ = (CheckConstraint("kind IN ('participants','organisations')", "kind"),)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="checked")          # checked, committed, undone, refused
    filename: Mapped[str]
    sha256: Mapped[str]
    made_by: Mapped[int]
    rows: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)     # counts, problems: line, column, reason {ja, en}
    changes: Mapped[list[Any]] = mapped_column(JSON, default=list)         # what undo puts back
    committed_at: Mapped[datetime | None]
