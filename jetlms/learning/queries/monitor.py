"""What the monitor asks: people with their state and its reason, counts by organisation and prefecture. Few statements at any size."""
from functools import cache
from threading import RLock
from typing import Any

from cachetools import TTLCache, cached
from sqlalchemy import BigInteger, Integer, String, and_, bindparam, case, func, select, tuple_
from sqlalchemy.orm import aliased

from jetlms.core import policy
from jetlms.core.db import db, rows
from jetlms.learning.models import Award, Course, Enrolment, Progress, Reminder
from jetlms.learning.policy import SCORES_TO_EMPLOYER, STATUS, agreed
from jetlms.people.models import Appointment, Organisation, Participant, Person
from jetlms.people.policy import LIVE, live

SMALLEST = 5              # who only counts sees no smaller number of people (learning.suppression)
PAGE = 100
STATES = ("completed", "on_track", "behind", "not_started")
WIDER = frozenset({"clair_desk", "host_staff", "adviser"})     # a supervisor who is more sees what the other role shows


# What a line of the table shows; the pages of one person and the reports say more. Put together once.
STATE = STATUS.label("state")
RANK = case((STATUS == "behind", 0), (STATUS == "not_started", 1), (STATUS == "on_track", 2), else_=3)
REMINDED = select(func.max(Reminder.sent_at)).where(Reminder.person_id == Enrolment.person_id).correlate(Enrolment).scalar_subquery()
PEOPLE = (
    select(Enrolment.id, Enrolment.person_id, Person.display_name, Person.katakana_name, Person.sort_name, Enrolment.required, Enrolment.done,
           Enrolment.last_at, Enrolment.due_on, Enrolment.completed_at, Enrolment.enrolled_at, Enrolment.behind_why, STATE,
           REMINDED.label("reminded_at"))
    .join(Person, Person.id == Enrolment.person_id)
    .join(Appointment, and_(Appointment.person_id == Enrolment.person_id, Appointment.role == "participant", LIVE))
    .join(Organisation, Organisation.id == Appointment.organisation_id).order_by(RANK, Person.sort_name, Enrolment.id))
MORE = (
    Participant.job_type, Appointment.workplace, Appointment.starts_on, Organisation.name_ja, Organisation.name_en, Course.title, Course.slug,
    func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"), Enrolment.course_id, Enrolment.started_at,
    Enrolment.closes_on, Enrolment.behind_from, Enrolment.minutes_left)
# Counts of enrolments by state. Who moves has two live appointments for a while and is counted where the earlier one is.
NEXT = aliased(Appointment)
EARLIEST = (
    select(func.min(NEXT.starts_on)).where(NEXT.person_id == Enrolment.person_id, NEXT.role == "participant", live(NEXT))
    .correlate(Enrolment).scalar_subquery())
TALLY = (
    select(Course.id.label("course_id"), Course.slug, Course.title, *(
        func.count(case((STATUS == state, 1))).label(state) for state in STATES)).select_from(Enrolment)
    .join(Course, Course.id == Enrolment.course_id)
    .join(Appointment, and_(Appointment.person_id == Enrolment.person_id, Appointment.role == "participant", LIVE,
                            Appointment.starts_on == EARLIEST))
    .join(Organisation, Organisation.id == Appointment.organisation_id).group_by(Course.id))
BY_ORGANISATION = TALLY.add_columns(Organisation.id, Organisation.name_ja, Organisation.name_en).group_by(Organisation.id).order_by(
    Organisation.name_ja)
IN_PREFECTURE = BY_ORGANISATION.where(Organisation.prefecture == bindparam("prefecture"))
BY_PREFECTURE = TALLY.add_columns(Organisation.prefecture).group_by(Organisation.prefecture).order_by(Organisation.prefecture)
COUNTED_FOR = 60          # seconds for which the figures of a host body and of the country are remembered: who counts them sees the same


def by_organisation(user: Any, *, prefecture: str = "") -> list[dict[str, Any]]:
    """Return counts for each course and contracting organisation, by name."""
    query = IN_PREFECTURE if prefecture else BY_ORGANISATION
    return _lines(rows(policy.narrow(query, user, "monitor.count"), **{"prefecture": prefecture} if prefecture else {}))


@cached(TTLCache(1, COUNTED_FOR), key=lambda: 0, lock=RLock())
def by_prefecture() -> list[dict[str, Any]]:
    """Return counts for each course and prefecture (designated cities inside theirs), by code, at most a minute old."""
    return _lines(rows(BY_PREFECTURE))


@cached(TTLCache(200, COUNTED_FOR), key=lambda user: tuple(sorted(user.reach.items())), lock=RLock())
def under_host_body(user: Any) -> list[dict[str, Any]]:
    """Return counts as by_organisation does, at most a minute old; the same for everybody with the same appointments."""
    return by_organisation(user)


def _lines(found: Any) -> list[dict[str, Any]]:
    lines = [row._asdict() for row in found]
    for line in lines:
        line["total"] = sum(line[state] for state in STATES)
    return lines


def counts(user: Any, *, course_id: int) -> dict[str, int]:
    """Return how many enrolments of a course are in each state, whether or not the person is in office."""
    found = db.session.execute(select(STATE, func.count().label("n")).where(
        Enrolment.course_id == course_id, policy.scope(user, "monitor.count")).group_by(STATE))
    return dict.fromkeys(STATES, 0) | {row.state: row.n for row in found}


def seen_by(user: Any) -> list[dict[str, Any]]:
    """Return the lines a person may count: by prefecture for CLAIR, by organisation for everybody else.

    A supervisor's people are few and counted afresh; the others' figures are at most a minute old.
    """
    if "clair_desk" in user.roles:
        return by_prefecture()
    return by_organisation(user) if "supervisor" in user.roles else under_host_body(user)


def courses(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the courses of these lines, largest first: id, slug, title, counts by state, and their lines."""
    found: dict[int, dict[str, Any]] = {}
    for line in lines:
        course = found.setdefault(line["course_id"], {
            "id": line["course_id"], "slug": line["slug"], "title": line["title"], "counts": dict.fromkeys((*STATES, "total"), 0), "lines": []})
        course["lines"].append(line)
        for name in course["counts"]:
            course["counts"][name] += line[name]
    return sorted(found.values(), key=lambda course: (-course["counts"]["total"], course["id"]))


def people(user: Any, *, course_id: int | None = None, state: str = "", prefecture: str = "", person_id: int | None = None, after: str = "",
           limit: int = PAGE, more: bool = False) -> list[Any]:
    """Return enrolments with names, one row a person and course: those who need attention first, or by key from `after` on."""
    place = dict(zip(("rank", "sort_name", "id"), _key(after), strict=True)) if after else {}
    asked = {"course_id": course_id, "state": state if state in STATES else None, "prefecture": prefecture or None, "person_id": person_id,
             "own": user.reach.get("supervisor", ()) if "supervisor" in user.roles and not user.roles & WIDER else None}
    given = {name: value for name, value in asked.items() if value is not None} | place
    query = policy.narrow(_people(frozenset(given), more), user, "monitor.names")
    return list(rows(query, most=limit, **given))


@cache
def _people(asked: frozenset[str], more: bool) -> Any:  # noqa: FBT001
    """Return the statement for what is asked, put together once."""
    conditions = {
        "course_id": Enrolment.course_id == bindparam("course_id"), "state": STATUS == bindparam("state"),
        "prefecture": Organisation.prefecture == bindparam("prefecture"), "person_id": Enrolment.person_id == bindparam("person_id"),
        "own": Organisation.id.in_(bindparam("own", expanding=True)),
        "rank": tuple_(RANK, Person.sort_name, Enrolment.id) > tuple_(
            bindparam("rank", type_=Integer), bindparam("sort_name", type_=String), bindparam("id", type_=BigInteger)),
    }
    query = PEOPLE.add_columns(*MORE).join(Course, Course.id == Enrolment.course_id).outerjoin(
        Participant, Participant.person_id == Person.id) if more else PEOPLE
    return query.where(*(condition for name, condition in conditions.items() if name in asked)).limit(bindparam("most"))


def key(row: Any) -> str:
    """Return the key of a row, from which the next page goes on."""
    order = {"behind": 0, "not_started": 1, "on_track": 2}.get(row.state, 3)
    return f"{order}~{row.id}~{row.sort_name}"


def _key(after: str) -> Any:
    """Return the place a key names; a key nobody made is the beginning."""
    order, _, rest = after.partition("~")
    number, _, name = rest.partition("~")
    digits = order in {"0", "1", "2", "3"} and number.isascii() and number.isdigit() and len(number) < 18  # noqa: PLR2004
    return (int(order), name, int(number)) if digits else (-1, "", 0)


def one(user: Any, person_id: int) -> dict[str, Any] | None:
    """Return what this user may see of one person: her enrolments, certificates, and scores if she shares them. None: not visible."""
    found = people(user, person_id=person_id, more=True)
    if not found:
        return None
    shares = bool(db.session.scalar(select(agreed(SCORES_TO_EMPLOYER, person_id))))
    awards = db.session.execute(select(Award.code, Award.course_id, Award.issued_at).where(
        Award.person_id == person_id, Award.revoked_at.is_(None))).all()
    best: dict[str, int] = {}
    if shares and "supervisor" in user.roles:
        best = {row.item_key: row.best or 0 for row in db.session.execute(select(Progress.item_key, Progress.best).where(
            Progress.person_id == person_id, Progress.best.is_not(None)))}
    done = set(db.session.scalars(select(Progress.item_key).where(Progress.person_id == person_id, Progress.done_at.is_not(None))))
    return {"rows": found, "awards": {award.course_id: award for award in awards}, "best": best, "done": done, "shares": shares}


def reasons(row: Any) -> tuple[str, str]:
    """Return (state, the rule that says so): completed, on_track, idle, pace, due, arrives (not begun, not here yet), not_started."""
    if row.state == "behind":
        return row.state, row.behind_why or "idle"
    return row.state, row.state
