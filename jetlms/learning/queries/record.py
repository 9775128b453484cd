"""A person's whole learning record: every course she is or was enrolled in. Hers for life, whatever becomes of the courses."""
from typing import Any

from sqlalchemy import and_, func, select

from jetlms.core import clock
from jetlms.core.db import db
from jetlms.learning.models import Award, Course, Enrolment, Withdrawal

DONE = ("started_at", "last_at", "opens_on", "closes_on", "required", "done")


def of(user: Any) -> list[dict[str, Any]]:
    """Return one line a course, newest first. Two statements.

    {"slug", "title", "state": completed, open, closed, withdrawn or changed, dates, "done", "required", "award", "readable"}.
    """
    enrolled = db.session.execute(
        select(Course.id, Course.slug, Course.title, Course.release_id, Course.retired_at, Enrolment.completed_at, Enrolment.enrolled_at,
               *(getattr(Enrolment, name) for name in DONE), Award.code.label("award"))
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Award, and_(Award.person_id == user.id, Award.course_id == Course.id, Award.revoked_at.is_(None)))
        .where(Enrolment.person_id == user.id)).all()
    newest = select(func.max(Withdrawal.id)).where(Withdrawal.person_id == user.id).group_by(Withdrawal.course_id)
    left = db.session.execute(
        select(Course.id, Course.slug, Course.title, Course.release_id, Course.retired_at, Withdrawal.enrolled_at, Withdrawal.withdrawn_at,
               Withdrawal.withdrawn_by, *(getattr(Withdrawal, name) for name in DONE))
        .join(Course, Course.id == Withdrawal.course_id).where(Withdrawal.id.in_(newest))).all()
    here = {row.id for row in enrolled}
    lines = [_line(row, _state(row), row.completed_at, row.award) for row in enrolled]
    lines += [_line(row, "changed" if row.withdrawn_by == user.id else "withdrawn", row.withdrawn_at, None) for row in left if row.id not in here]
    return sorted(lines, key=lambda line: line["enrolled_at"], reverse=True)


def _state(row: Any) -> str:
    if row.completed_at:
        return "completed"
    return "open" if row.closes_on >= clock.today() else "closed"


def _line(row: Any, state: str, ended_at: Any, award: str | None) -> dict[str, Any]:
    return {"slug": row.slug, "title": row.title, "state": state, "ended_at": ended_at, "award": award, "enrolled_at": row.enrolled_at,
            "readable": row.release_id is not None and row.retired_at is None, **{name: getattr(row, name) for name in DONE}}
