"""The bodies that exist before anybody signs in: 67 host bodies, CLAIR, its sections and seven overseas offices.

Source of names and codes: JIS X 0401 and 0402 (data/organisations.tsv). Which office looks after which country is dated data
(data/office_countries.tsv).
"""
import csv
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import insert, select

from jetlms.core import i18n
from jetlms.core.db import db
from jetlms.people.models import OfficeCountry, Organisation

DATA = Path(__file__).parent / "data"


def install() -> int:
    """Add what is missing; returns how many organisations were added. Repeating is harmless."""
    present = set(db.session.scalars(select(Organisation.slug)))
    rows = [row for row in _rows("organisations.tsv") if row["slug"] not in present]
    if rows:
        db.session.execute(insert(Organisation), [{**row, "code": row["code"] or None} for row in rows])
    _install_countries()
    return len(rows)


def _install_countries() -> None:
    if not (DATA / "office_countries.tsv").exists() or db.session.scalar(select(OfficeCountry.id).limit(1)):
        return
    offices = dict(db.session.execute(
        select(Organisation.slug, Organisation.id).where(Organisation.kind == "overseas_office")).all())
    db.session.execute(insert(OfficeCountry), [
        {"office_id": offices[row["office"]], "country": row["country"], "starts_on": date.fromisoformat(row["starts_on"]),
         "ends_on": date.fromisoformat(row["ends_on"]) if row["ends_on"] else None}
        for row in _rows("office_countries.tsv")])


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def check_digit(code5: str) -> str:
    """Return the sixth digit of a local-government code: weights 6 5 4 3 2, modulus 11 (JIS X 0402)."""
    total = sum(int(digit) * weight for digit, weight in zip(code5, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


@cache
def _prefectures() -> dict[str, dict[str, str]]:
    return {row["prefecture"]: {"ja": row["name_ja"], "en": row["name_en"].removesuffix(" Prefecture").removesuffix(" Metropolis")}
            for row in _rows("organisations.tsv") if row["kind"] == "prefecture"}


def country_name(code: str) -> str:
    """Return the name of a country (ISO 3166, two letters) in the reader's language."""
    return _territories(i18n.lang()).get(code, code)


@cache
def _territories(lang: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale(lang).territories)


def prefecture_name(code: str) -> str:
    """Return the name of a prefecture (two digits) in the reader's language."""
    return i18n.pick(_prefectures().get(code, {})) or code
