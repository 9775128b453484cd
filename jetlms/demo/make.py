"""Plain builders of rows, used by the demo and by the tests. Nothing random: callers say what they want."""
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select

from jetlms.core import clock
from jetlms.core.db import db
from jetlms.people import passwords
from jetlms.people.models import Account, Appointment, Organisation, Participant, Person

PASSWORD = passwords.DEMO_PASSWORD


@cache
def password_hash() -> str:
    """Return the hash of the demo password: one for all, because hashing is slow on purpose."""
    return passwords.hashed(PASSWORD)


def organisation(slug: str) -> Organisation:
    """Return the organisation with this slug."""
    return db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def contracting(slug: str, *, host: str, ja: str, en: str, code: str | None = None, kana: str = "") -> Organisation:
    """Make a contracting organisation under a host body."""
    body = organisation(host)
    made = Organisation(kind="contracting", slug=slug, name_ja=ja, name_en=en, code=code, kana=kana, host_id=body.id,
                        prefecture=body.prefecture)
    db.session.add(made)
    db.session.flush()
    return made


def person(given: str, family: str, **more: Any) -> Person:
    """Make a person."""
    made = Person(given_name=given, family_name=family, display_name=more.pop("display", f"{given} {family}".strip()),
                  sort_name=f"{family} {given}".strip().lower(), **more)
    db.session.add(made)
    db.session.flush()
    return made


def account(of: Person, email: str, *, locale: str = "en", zone: str = "Asia/Tokyo") -> Account:
    """Make the account of a person, with the demo password."""
    made = Account(person_id=of.id, email=email, locale=locale, zone=zone, password_hash=password_hash())
    db.session.add(made)
    db.session.flush()
    return made


def appointment(of: Person, role: str, at: Organisation, *, job_type: str = "", starts_on: date | None = None,
                ends_on: date | None = None, **more: Any) -> Appointment:
    """Appoint a person; without dates: since 1 April of this fiscal year, until further notice."""
    start = starts_on or date(clock.fiscal_year(clock.today()), 4, 1)
    made = Appointment(person_id=of.id, organisation_id=at.id, role=role, job_type=job_type, starts_on=start, ends_on=ends_on, **more)
    db.session.add(made)
    db.session.flush()
    return made


def participant(of: Person, number: str, job_type: str, *, state: str = "appointed", **more: Any) -> Participant:
    """Make the JET record of a person."""
    made = Participant(person_id=of.id, jet_number=number, job_type=job_type, state=state, term_no=more.pop("term_no", 1), **more)
    db.session.add(made)
    db.session.flush()
    return made
