"""What the home page says about learning: where to go on, what is due, who needs attention."""
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from jetlms.core import clock
from jetlms.core.db import rows
from jetlms.learning import progress
from jetlms.learning.models import Award, Course, Enrolment, Progress
from jetlms.learning.policy import STATUS
from jetlms.learning.queries import marking, monitor, review
from jetlms.learning.releases import outline

NEED_ATTENTION = ("behind", "not_started")
HOME = (
    select(Course.slug, Course.title, Course.id.label("course_id"), Enrolment.id, Enrolment.required, Enrolment.done,
           Enrolment.minutes_left, Enrolment.due_on, Enrolment.closes_on, Enrolment.last_item, Enrolment.last_at, Enrolment.started_at,
           Enrolment.completed_at, Enrolment.via, STATUS.label("status"), Award.code.label("award"),
           func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"), review.WAITING.scalar_subquery().label("cards"))
    .select_from(Enrolment).join(Course, Course.id == Enrolment.course_id)
    .outerjoin(Award, and_(Award.person_id == Enrolment.person_id, Award.course_id == Course.id, Award.revoked_at.is_(None)))
    .where(Enrolment.person_id == bindparam("person"))
    .order_by(Enrolment.completed_at.is_not(None), Enrolment.last_at.desc().nulls_last(), Enrolment.due_on, Enrolment.id))
DONE = select(Progress.item_key).where(
    Progress.person_id == bindparam("person"), Progress.done_at.is_not(None), Progress.item_key.in_(bindparam("keys", expanding=True)))


def learner(user: Any) -> dict[str, Any]:
    """Return her courses (newest activity first), the item to go on with, the next deadline, how many cards are due today.

    Two statements; one or two more for each course in which only a tutor can go on.
    """
    found = rows(HOME, person=user.id, until=review.day(user.zone)[1]).all()
    open_ = [row for row in found if row.completed_at is None and row.closes_on >= clock.today()]
    dated = sorted((row for row in open_ if row.due_on), key=lambda row: row.due_on)
    return {"courses": found, "next": _on(user, open_), "deadline": dated[0] if dated else None,
            "cards": found[0].cards if found else 0}


def _on(user: Any, open_: list[Any]) -> dict[str, Any] | None:
    """Return where she goes on: in the course she was in last, unless all that is left there lies with a tutor."""
    waits = None
    for row in open_:
        found = _next(user, row)
        if found and not found["waits"]:
            return found
        waits = waits or found
    return waits


def _next(user: Any, row: Any) -> dict[str, Any] | None:
    """Return the item she goes on with: the one she was in unless it is done, else the first that is not; "waits": it lies with a tutor."""
    plan = outline(row.release_id)
    items = progress.items_of(plan)
    done = set(rows(DONE, person=user.id, keys=[item["id"] for item in items]).scalars())
    left = [item for item in items if item["id"] not in done and item["required"]]
    if not left:
        return None
    waiting = marking.waiting(user.id, row.course_id) if plan["marking"] else set()
    left = progress.open_to_her(left, waiting)
    here = next((item for item in left if item["id"] == row.last_item), None)
    after = _following(items, left, row.last_item)
    item = here or after or left[0]
    return {"course": row, "item": item, "waits": item["id"] in waiting}


def _following(items: list[dict[str, Any]], left: list[dict[str, Any]], last: str) -> dict[str, Any] | None:
    """Return the first unfinished item after the one she was in last."""
    keys = [item["id"] for item in items]
    place = keys.index(last) if last in keys else -1
    return next((item for item in left if keys.index(item["id"]) > place), None)


def watcher(user: Any) -> dict[str, Any]:
    """Return the counts by state of whom this person may count ("few": too few to be counted by her). One statement, whatever the size."""
    lines = monitor.seen_by(user)
    counts = {state: sum(line[state] for line in lines) for state in monitor.STATES}
    total = sum(counts.values())
    few = 0 < total < monitor.SMALLEST and not user.roles & {"supervisor", "clair_desk"}
    return {"counts": counts, "total": total, "few": few, "attention": sum(counts[s] for s in NEED_ATTENTION)}


