"""Organisations: 67 host bodies, the contracting organisations under them, CLAIR, its sections and seven overseas offices."""
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core.db import Base, Table

KINDS = ("prefecture", "designated_city", "contracting", "clair", "section", "overseas_office")


class Organisation(Table, Base):
    """One body. A contracting organisation stands under exactly one host body (`host_id`); nobody else has one."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('prefecture','designated_city','contracting','clair','section','overseas_office')", "kind"),
        CheckConstraint("(kind = 'contracting') = (host_id IS NOT NULL)", "contracting_has_host"),
        Index("ix_organisation_host", "host_id", "kind"),
    )
    kind: Mapped[str]
    code: Mapped[str | None] = mapped_column(unique=True)         # six digits with check digit (JIS X 0401/0402); schools have none
    slug: Mapped[str] = mapped_column(unique=True)
    name_ja: Mapped[str]
    name_en: Mapped[str]
    kana: Mapped[str] = mapped_column(default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    prefecture: Mapped[str] = mapped_column(default="", index=True)   # two digits, for the map; empty for CLAIR abroad
    closed_on: Mapped[date | None]


class OfficeCountry(Base):
    """Which overseas office looks after a country, from when to when: countries move between offices."""

    __tablename__ = "office_country"
    __table_args__ = (Index("ix_office_country_country", "country", "starts_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    country: Mapped[str]                                           # ISO 3166-1 alpha-2
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
