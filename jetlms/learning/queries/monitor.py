"""What the monitor asks: people with their state and its reason, counts by organisation and prefecture. Few statements at any size."""
from typing import Any

from sqlalchemy import and_, case, false, func, or_, select, true, tuple_

from jetlms.core import policy
from jetlms.core.db import db
from jetlms.learning.models import Award, Course, Enrolment, Progress, Reminder
from jetlms.learning.policy import SCORES_TO_EMPLOYER, consenting, status
from jetlms.people.models import Appointment, Consent, Organisation, Participant, Person
from jetlms.people.policy import live

SMALLEST = 5              # a smaller number of people is shown as "fewer than five"
PAGE = 100
STATES = ("completed", "on_track", "behind", "not_started")


def courses(user: Any) -> list[Any]:
    """Return the courses in which somebody this person may count is enrolled, largest first."""
    return list(db.session.execute(
        select(Course.id, Course.slug, Course.title, func.count().label("people"))
        .join(Enrolment, Enrolment.course_id == Course.id).where(policy.scope(user, "monitor.count"))
        .group_by(Course.id).order_by(func.count().desc(), Course.id)))      # PostgreSQL cannot compare JSON titles


def people(user: Any, *, course_id: int | None = None, state: str = "", organisation_id: int | None = None,
           prefecture: str = "", person_id: int | None = None, after: str = "", limit: int = PAGE) -> list[Any]:
    """Return enrolments with names, one row a person and course: those who need attention first, or by key from `after` on."""
    state_now = status().label("state")
    rank = case((state_now == "behind", 0), (state_now == "not_started", 1), (state_now == "on_track", 2), else_=3)
    query = (
        select(Enrolment.id, Enrolment.person_id, Person.display_name, Person.katakana_name, Person.sort_name, Participant.job_type,
               Appointment.workplace, Appointment.starts_on, Organisation.name_ja, Organisation.name_en,
               Course.title, Course.slug, func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"),
               Enrolment.course_id, Enrolment.required, Enrolment.done, Enrolment.started_at,
               Enrolment.last_at, Enrolment.due_on, Enrolment.closes_on, Enrolment.completed_at, Enrolment.enrolled_at,
               Enrolment.behind_from, Enrolment.behind_why, Enrolment.minutes_left, state_now, _last_reminder().label("reminded_at"))
        .join(Person, Person.id == Enrolment.person_id).join(Course, Course.id == Enrolment.course_id)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.role == "participant", live()))
        .join(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(Participant, Participant.person_id == Person.id)
        .where(policy.scope(user, "monitor.names"), *_narrow(course_id, organisation_id, person_id, prefecture)))
    if "supervisor" in user.roles:
        query = query.where(or_(Organisation.id.in_(user.reach.get("supervisor", ())), _wider(user)))
    if state in STATES:
        query = query.where(status() == state)
    if after:
        place = _key(after)
        query = query.where(tuple_(rank, Person.sort_name, Enrolment.id) > place)
    return list(db.session.execute(query.order_by(rank, Person.sort_name, Enrolment.id).limit(limit)))


def key(row: Any) -> str:
    """Return the key of a row, from which the next page goes on."""
    order = {"behind": 0, "not_started": 1, "on_track": 2}.get(row.state, 3)
    return f"{order}~{row.id}~{row.sort_name}"


def _key(after: str) -> Any:
    """Return the place a key names; a key nobody made is the beginning."""
    order, _, rest = after.partition("~")
    number, _, name = rest.partition("~")
    digits = order.isascii() and order.isdigit() and number.isascii() and number.isdigit() and len(number) < 18  # noqa: PLR2004
    return (int(order), name, int(number)) if digits else (-1, "", 0)


def _wider(user: Any) -> Any:
    """Somebody who is a supervisor and more sees what the other role shows."""
    return true() if user.roles & {"clair_desk", "host_staff", "adviser"} else false()


def _last_reminder() -> Any:
    return select(func.max(Reminder.sent_at)).where(Reminder.person_id == Enrolment.person_id).correlate(Enrolment).scalar_subquery()


def _narrow(course_id: int | None, organisation_id: int | None, person_id: int | None, prefecture: str) -> list[Any]:
    wanted = ((Enrolment.course_id, course_id), (Organisation.id, organisation_id), (Enrolment.person_id, person_id),
              (Organisation.prefecture, prefecture))
    return [column == value for column, value in wanted if value]


def counts(user: Any, *, course_id: int | None = None) -> dict[str, int]:
    """Return how many enrolments are in each state."""
    state_now = status().label("state")
    query = select(state_now, func.count()).where(policy.scope(user, "monitor.count"))
    if course_id:
        query = query.where(Enrolment.course_id == course_id)
    found: dict[str, int] = {row[0]: row[1] for row in db.session.execute(query.group_by(state_now))}
    return {state: int(found.get(state, 0)) for state in STATES}


def by_organisation(user: Any, *, course_id: int, prefecture: str = "") -> list[dict[str, Any]]:
    """Return counts per contracting organisation, by name; cells are shown through `shown`."""
    query = _grouped(user, course_id, Organisation.id, Organisation.name_ja, Organisation.name_en)
    if prefecture:
        query = query.where(Organisation.prefecture == prefecture)
    return _fold(db.session.execute(query.order_by(Organisation.name_ja)).all(), ("id", "name_ja", "name_en"))


def by_prefecture(user: Any, *, course_id: int) -> list[dict[str, Any]]:
    """Return counts per prefecture (designated cities inside theirs), by code."""
    query = _grouped(user, course_id, Organisation.prefecture).order_by(Organisation.prefecture)
    return _fold(db.session.execute(query).all(), ("prefecture",))


def _grouped(user: Any, course_id: int, *keys: Any) -> Any:
    state_now = status().label("state")
    return (
        select(*keys, state_now, func.count().label("n")).select_from(Enrolment)
        .join(Appointment, and_(Appointment.person_id == Enrolment.person_id, Appointment.role == "participant", live()))
        .join(Organisation, Organisation.id == Appointment.organisation_id)
        .where(Enrolment.course_id == course_id, policy.scope(user, "monitor.count")).group_by(*keys, state_now))


def _fold(rows: Any, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Turn rows of (keys, state, n) into one dict a key with a count for each state and their sum."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        line = found.setdefault(row[0], {key: getattr(row, key) for key in keys} | dict.fromkeys(STATES, 0) | {"total": 0})
        line[row.state] += row.n
        line["total"] += row.n
    return list(found.values())


def one(user: Any, person_id: int) -> dict[str, Any] | None:
    """Return what this user may see of one person: her enrolments, certificates, and scores if she shares them. None: not visible."""
    rows = people(user, person_id=person_id)
    if not rows:
        return None
    shares = person_id in set(db.session.scalars(consenting(SCORES_TO_EMPLOYER).where(Consent.person_id == person_id)))
    awards = db.session.execute(select(Award.code, Award.course_id, Award.issued_at).where(
        Award.person_id == person_id, Award.revoked_at.is_(None))).all()
    best: dict[str, int] = {}
    if shares and "supervisor" in user.roles:
        best = {row.item_key: row.best or 0 for row in db.session.execute(select(Progress.item_key, Progress.best).where(
            Progress.person_id == person_id, Progress.best.is_not(None)))}
    done = set(db.session.scalars(select(Progress.item_key).where(Progress.person_id == person_id, Progress.done_at.is_not(None))))
    return {"rows": rows, "awards": {award.course_id: award for award in awards}, "best": best, "done": done, "shares": bool(shares)}


def reasons(row: Any) -> tuple[str, str]:
    """Return (state, the rule that says so): completed, on_track, idle, pace, due, arrives (not begun, not here yet), not_started."""
    if row.state == "behind":
        return row.state, row.behind_why or "idle"
    return row.state, row.state
