"""Ladders of courses: their levels in order, which one somebody is learning, her placement quiz."""
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, and_, select

from jetlms.core import clock, policy
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.learning.models import Award, Course, Enrolment, Placement, PlacementAnswer, Withdrawal
from jetlms.learning.queries.reading import COURSE, ENROLMENT
from jetlms.learning.releases import outline


def active() -> Any:
    """Return the condition of an enrolment somebody is learning in: not completed, its window open."""
    return and_(Enrolment.completed_at.is_(None), Enrolment.closes_on >= clock.today())


def is_active(row: Any) -> bool:
    """Say the same of a row of `levels`."""
    return row.id is not None and row.completed_at is None and row.closes_on >= clock.today()


def level_of(course: Any) -> dict[str, Any] | None:
    """Return what a course's release says of its level (ladder, rank, placement, change_days), or None."""
    found: dict[str, Any] | None = outline(course.release_id).get("level") if course.release_id else None
    return found


def levels(user: Any, ladder: str) -> list[dict[str, Any]]:
    """Return the levels of a ladder, lowest first: row (course and her enrolment), outline, award (its code or None). Raises NotFound."""
    found = db.session.execute(
        select(*COURSE, Course.summary, *ENROLMENT, Course.id.label("course_id"), Course.release_id,
               Award.code.label("award"))
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == user.id))
        .outerjoin(Award, and_(Award.course_id == Course.id, Award.person_id == user.id, Award.revoked_at.is_(None)))
        .where(policy.scope(user, "courses.read"))).all()
    there = [{"row": row, "outline": outline(row.release_id)} for row in found if (level_of(row) or {}).get("ladder") == ladder]
    if not there:
        raise NotFound
    return sorted(there, key=lambda level: (level["outline"]["level"]["rank"], level["row"].course_id))


def others(course: Any) -> list[int]:
    """Return the ids of the other courses on the ladder of a course (or a row of `levels`); none where it is on no ladder."""
    level = level_of(course)
    if level is None:
        return []
    rows = db.session.execute(select(Course.id, Course.release_id).where(Course.release_id.is_not(None), Course.release_id != course.release_id))
    return [row.id for row in rows if (level_of(row) or {}).get("ladder") == level["ladder"]]


def learning_elsewhere(course: Course) -> Select[Any] | None:
    """Return the select of the persons who are learning in another level of the ladder; None where there is no other."""
    ids = others(course)
    return select(Enrolment.person_id).where(Enrolment.course_id.in_(ids), active()) if ids else None


def current(person_id: int, course: Course) -> Enrolment | None:
    """Return the enrolment in another level of the course's ladder in which she is learning."""
    ids = others(course)
    return db.session.scalars(select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.course_id.in_(ids), active()).order_by(Enrolment.id).limit(1)).first() if ids else None


def changed_into(enrolment: Any, ids: list[int]) -> bool:
    """Say whether she changed from another level (one of the courses `ids`) on the day of this enrolment, or since."""
    opened = datetime.combine(enrolment.opens_on, time(), clock.JST)
    return db.session.scalar(select(Withdrawal.id).where(
        Withdrawal.person_id == enrolment.person_id, Withdrawal.course_id.in_(ids), Withdrawal.withdrawn_by == enrolment.person_id,
        Withdrawal.withdrawn_at >= opened).limit(1)) is not None


def newest(user: Any, ladder: str) -> tuple[Placement | None, list[PlacementAnswer]]:
    """Return her newest placement quiz on a ladder and its answers in order."""
    found = db.session.scalars(select(Placement).where(policy.scope(user, "placements.take"), Placement.ladder == ladder)
                               .order_by(Placement.id.desc()).limit(1)).one_or_none()
    return found, answers(found) if found else []


def answers(placement: Placement) -> list[PlacementAnswer]:
    """Return the answers of a placement quiz in order."""
    return list(db.session.scalars(select(PlacementAnswer).where(PlacementAnswer.placement_id == placement.id)
                                   .order_by(PlacementAnswer.number)))
