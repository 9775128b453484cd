"""What the desk asks about the enrolments of one course: who is enrolled, who was, and whom a pasted list names."""
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_

from jetlms.core import policy
from jetlms.core.db import db
from jetlms.learning.models import Course, Enrolment, Withdrawal
from jetlms.learning.policy import STATUS
from jetlms.learning.queries import levels
from jetlms.people.models import Account, Appointment, Organisation, Participant, Person
from jetlms.people.policy import LIVE

PAGE = 50
WITHDRAWN = "withdrawn"
STATES = ("not_started", "on_track", "behind", "completed")
BY = Person.__table__.alias("by")


def enrolled(user: Any, course: Course, *, state: str = "", words: str = "", organisation: str = "", after: str = "") -> list[Any]:
    """Return one row an enrolment, by name; one more than a page."""
    query = _persons(Enrolment).add_columns(
        Enrolment.id, Enrolment.via, Enrolment.enrolled_at, Enrolment.due_on, Enrolment.closes_on, Enrolment.required, Enrolment.done,
        Enrolment.started_at, Enrolment.last_at, Enrolment.completed_at, Enrolment.behind_why, STATUS.label("state"),
        BY.c.display_name.label("by_name"),
    ).outerjoin(BY, BY.c.id == Enrolment.enrolled_by).where(Enrolment.course_id == course.id, policy.scope(user, "monitor.names"))
    if state in STATES:
        query = query.where(STATUS.in_((state,)))
    return _page(query, Enrolment.id, words, organisation, after)


def withdrawn(user: Any, course: Course, *, words: str = "", organisation: str = "", after: str = "") -> list[Any]:
    """Return one row a withdrawal, by name; one more than a page."""
    query = _persons(Withdrawal).add_columns(
        Withdrawal.id, Withdrawal.enrolled_at, Withdrawal.withdrawn_at, Withdrawal.reason, Withdrawal.required, Withdrawal.done,
        BY.c.display_name.label("by_name"),
    ).outerjoin(BY, BY.c.id == Withdrawal.withdrawn_by).where(Withdrawal.course_id == course.id, policy.scope(user, "withdrawals.read"))
    return _page(query, Withdrawal.id, words, organisation, after)


def key(row: Any) -> str:
    """Return the key of a row, from which the next page goes on."""
    return f"{row.id}~{row.sort_name}"


def _persons(model: Any) -> Any:
    """Return the select of the persons of `model` with their present or last organisation: every enrolment is there, whoever she is."""
    last = select(Appointment.id).where(Appointment.person_id == Person.id).order_by(
        Appointment.role != "participant", Appointment.starts_on.desc(), Appointment.id.desc()).limit(1).correlate(Person).scalar_subquery()
    return (
        select(Person.id.label("person_id"), Person.display_name, Person.katakana_name, Person.sort_name, Participant.jet_number,
               Organisation.name_ja, Organisation.name_en)
        .select_from(model).join(Person, Person.id == model.person_id).outerjoin(Participant, Participant.person_id == Person.id)
        .outerjoin(Appointment, Appointment.id == last).outerjoin(Organisation, Organisation.id == Appointment.organisation_id))


def _page(query: Any, ident: Any, words: str, organisation: str, after: str) -> list[Any]:
    for like in _likes(words):
        query = query.where(or_(Person.display_name.ilike(like), Person.sort_name.ilike(like), Person.katakana_name.like(like),
                                Person.native_name.like(like), Participant.jet_number.like(like)))
    for like in _likes(organisation):
        query = query.where(or_(Organisation.name_ja.like(like), Organisation.name_en.ilike(like), Organisation.kana.like(like)))
    number, _tilde, name = after.partition("~")
    if number.isascii() and number.isdigit() and len(number) < 18:  # noqa: PLR2004 -- what a column holds
        query = query.where(tuple_(Person.sort_name, ident) > tuple_(name, int(number)))
    return list(db.session.execute(query.order_by(Person.sort_name, ident).limit(PAGE + 1)))


def learning_elsewhere(course: Course, ids: Iterable[int]) -> set[int]:
    """Return those of these persons who are learning in another level of the course's ladder."""
    elsewhere = levels.learning_elsewhere(course)
    return set() if elsewhere is None else set(db.session.scalars(elsewhere.where(Enrolment.person_id.in_(list(ids)))))


def _likes(words: str) -> list[str]:
    return [f"%{word.replace('%', '').replace('_', '')}%" for word in words.split()[:5]]


def withdrawing(user: Any, enrolment: Enrolment) -> Any:
    """Return what the page that withdraws an enrolment shows: the person, the course, how far she is. One statement."""
    return db.session.execute(_persons(Enrolment).add_columns(
        Enrolment.id, Course.slug, Course.title, Enrolment.done, Enrolment.required, Enrolment.started_at, Enrolment.last_at,
        Enrolment.completed_at, Enrolment.enrolled_at, Enrolment.due_on, Enrolment.behind_why, STATUS.label("state"),
    ).join(Course, Course.id == Enrolment.course_id).where(Enrolment.id == enrolment.id, policy.scope(user, "enrolments.withdraw"))).one()


# ── Whom a pasted list names ──────────────────────────────────────────────────────────────────────────────────────────

def by_jet_number(numbers: Iterable[str]) -> dict[str, Any]:
    """Return JET number → row of person_id, closed."""
    return _named(Participant.jet_number, numbers)


def by_email(emails: Iterable[str]) -> dict[str, Any]:
    """Return mail address → row of person_id, closed."""
    return _named(Account.email, emails)


def _named(column: Any, wanted: Iterable[str]) -> dict[str, Any]:
    """`closed`: the person has died, her account was closed, or she withdrew from the Programme and is nothing else in it."""
    works = select(Appointment.id).where(Appointment.person_id == Person.id, Appointment.role != "participant", LIVE).exists()
    closed = or_(Person.deceased_on.is_not(None), Account.disabled_at.is_not(None), and_(Participant.state == "withdrawn", ~works))
    rows = db.session.execute(
        select(column.label("name"), Person.id.label("person_id"), func.coalesce(closed, False).label("closed"))
        .select_from(Person).outerjoin(Account, Account.person_id == Person.id).outerjoin(Participant, Participant.person_id == Person.id)
        .where(column.in_(set(wanted))))
    return {row.name: row for row in rows}


def present(course: Course, person_ids: Iterable[int]) -> set[int]:
    """Return which of these persons are enrolled in the course."""
    return set(db.session.scalars(select(Enrolment.person_id).where(
        Enrolment.course_id == course.id, Enrolment.person_id.in_(set(person_ids)))))
