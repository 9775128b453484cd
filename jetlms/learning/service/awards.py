"""Issue and revoke certificates. What is printed is frozen at the issue; content edits never reach it."""
import calendar
import secrets
from datetime import date
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock, notices
from jetlms.core.db import db, landed, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.learning import progress
from jetlms.learning.models import Award, Course
from jetlms.learning.releases import outline
from jetlms.people.models import Participant, Person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"      # Crockford: no I, L, O, U to misread


def new_code() -> str:
    """Return a verification code of sixty random bits: XXXX-XXXX-XXXX."""
    letters = "".join(secrets.choice(ALPHABET) for _n in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def tidy_code(typed: str) -> str:
    """Return a code as it is stored, whatever was typed: lower case, spaces, O for 0, I or L for 1."""
    letters = "".join(c for c in typed.upper() if c.isalnum()).translate(str.maketrans("OIL", "011"))[:12]
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def issue(*, person_id: int, course_id: int, release_id: int, quietly: bool = False) -> None:
    """Issue the certificate of a course that says it has one, and say so (unless `quietly`). Issuing twice is harmless."""
    plan = outline(release_id)
    if not plan.get("certificate"):
        return
    course, person = db.session.get_one(Course, course_id), db.session.get_one(Person, person_id)
    done = {item["id"] for item in progress.items_of(plan) if item["required"]}
    minutes = sum(item["minutes"] for item in progress.items_of(plan) if item["id"] in done)
    number = db.session.scalar(select(Participant.jet_number).where(Participant.person_id == person_id))
    snapshot = {
        "name": passport_name(person), "katakana": person.katakana_name, "title": course.title, "minutes": minutes,
        "modules": [module["title"] for module in plan["modules"]], "release": release_id, "participant": bool(number),
        "lessons": len([i for i in progress.items_of(plan) if i["kind"] == "lesson" and i["id"] in done]),
    }
    months = plan["certificate"].get("valid_months")
    code = new_code()
    made = landed(upsert(Award).values(
        code=code, person_id=person_id, course_id=course_id, release_id=release_id, issued_at=clock.now(), minutes=minutes,
        expires_on=months_later(clock.today(), months) if months else None, snapshot=snapshot, reason="").on_conflict_do_nothing())
    if made and not quietly:
        notices.send("learning.awarded", person_id, dedup=f"learning.awarded:{code}",
                     params={"course": course.title, "url_code": code})


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def passport_name(person: Person) -> str:
    """Return the name as in the passport: given, middle, family."""
    return " ".join(part for part in (person.given_name, person.middle_name, person.family_name) if part)


def revoke(*, by: Any, award: Award, reason: str) -> None:
    """Revoke a certificate; it stays verifiable as revoked. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Please write a reason."))
    changed: Any = db.session.execute(update(Award).where(Award.id == award.id, Award.revoked_at.is_(None)).values(
        revoked_at=clock.now(), revoked_by=by.id, reason=reason.strip()))
    if changed.rowcount != 1:
        raise Refused(_("This certificate has been revoked already."))
    audit.record("awards.revoke", award, by=by, note=reason)
    notices.send("learning.award_revoked", award.person_id, dedup=f"learning.award_revoked:{award.id}",
                 params={"course": award.snapshot["title"], "reason": reason.strip(), "url_code": award.code})
