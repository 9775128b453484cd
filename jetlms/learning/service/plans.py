"""Set and drop the plan of study of one's own enrolment."""
from typing import Any

from sqlalchemy import delete

from jetlms.core import clock
from jetlms.core.db import db, upsert
from jetlms.learning import planner
from jetlms.learning.models import StudyPlan


def set_plan(*, by: Any, course_id: int, weekdays: list[int], minutes: int, starts_at: str) -> None:
    """Set her plan for a course, in the place of the one before."""
    values = {"weekdays": planner.bits(weekdays), "minutes": minutes, "starts_at": starts_at, "changed_at": clock.now()}
    db.session.execute(upsert(StudyPlan).values(person_id=by.id, course_id=course_id, **values)
                       .on_conflict_do_update(index_elements=["person_id", "course_id"], set_=values))


def drop_plan(*, by: Any, course_id: int) -> None:
    """Drop her plan for a course; twice is harmless."""
    db.session.execute(delete(StudyPlan).where(StudyPlan.person_id == by.id, StudyPlan.course_id == course_id))
