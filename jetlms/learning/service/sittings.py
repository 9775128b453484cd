"""When tests are open: windows by module, in the learner's own days; a little late is taken, and marked so."""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from jetlms.core import audit, clock, i18n
from jetlms.core.db import db, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import gettext
from jetlms.learning.models import Course, Sitting, Submission

MIDNIGHT = time(0, 0)


@dataclass(frozen=True)
class Window:
    """From when until when, as instants in one person's zone; until `late_until` it is taken late."""

    opens_at: datetime
    closes_at: datetime
    late_until: datetime
    late_cap: int


@dataclass(frozen=True)
class Sat:
    """How a test was handed in."""

    late: bool = False
    cap: int = 100


def window(row: Any, zone: str) -> Window:
    """Return the window of a sitting in a zone: from the first midnight to the one after its last day."""
    here = ZoneInfo(zone)

    def begin(day: date) -> datetime:
        return datetime.combine(day, MIDNIGHT, here)
    return Window(begin(row.opens_on), begin(row.closes_on + timedelta(days=1)),
                  begin(row.closes_on + timedelta(days=1 + row.late_days)), row.late_cap)


def window_of(course_id: int, item: dict[str, Any], zone: str) -> Window | None:
    """Return when a test can be handed in, None for what is no test or has no window."""
    if not item.get("marked"):
        return None
    row = db.session.get(Sitting, (course_id, item["module"]))
    return window(row, zone) if row else None


def sit(by: Any, context: Any, item: dict[str, Any]) -> Sat:
    """Return how a test is handed in now. Raises Refused before its window opens and after the last late day. A revision has its own time."""
    found = window_of(context.course_id, item, by.zone)
    if found and _revising(context):
        return Sat()
    at = clock.now()
    if found is None or found.opens_at <= at < found.closes_at:
        return Sat()
    if at < found.opens_at:
        raise Refused(gettext("This test opens on %(at)s.", at=i18n.moment(found.opens_at, by.zone)))
    if at < found.late_until:
        return Sat(late=True, cap=found.late_cap)
    raise Refused(gettext("This test closed on %(at)s. What you wrote is kept, but it can no longer be handed in.",
                          at=i18n.moment(found.closes_at, by.zone)))


def _revising(context: Any) -> bool:
    return db.session.scalar(select(Submission.id).where(Submission.attempt_id == (context.attempt_id or 0)).limit(1)) is not None


def set_sittings(*, by: Any, course: Course, windows: dict[str, dict[str, Any] | None]) -> None:
    """Set when the tests of modules are open: {module id: {opens_on, closes_on, late_days, late_cap} or None}."""
    for key, values in windows.items():
        if values is None:
            db.session.execute(delete(Sitting).where(Sitting.course_id == course.id, Sitting.module_key == key))
            continue
        db.session.execute(upsert(Sitting).values(course_id=course.id, module_key=key, **values).on_conflict_do_update(
            index_elements=["course_id", "module_key"], set_=values))
    audit.record("courses.sittings", course, by=by, detail={key: {n: str(v) for n, v in (values or {}).items()} for key, values in windows.items()})


def sittings_of(course_id: int) -> dict[str, Sitting]:
    """Return the windows of a course by module."""
    return {row.module_key: row for row in db.session.scalars(select(Sitting).where(Sitting.course_id == course_id))}
