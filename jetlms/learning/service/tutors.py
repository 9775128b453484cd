"""Who marks which course, and what she is told of a morning."""
from typing import Any

from sqlalchemy import delete, func, or_, select

from jetlms.core import audit, clock, notices
from jetlms.core.db import db
from jetlms.learning.models import Course, CourseTutor, Submission
from jetlms.people.models import Appointment
from jetlms.people.policy import LIVE

BEFORE_TUTORS = ("waiting", "marking", "second_waiting", "second_marking")


def tell_tutors() -> None:
    """Tell each tutor, once a day, how much waits for her longer than promised; nothing on a day when nothing does."""
    today = clock.today()
    hers = or_(Submission.marker_id.is_(None), Submission.marker_id == CourseTutor.person_id)
    for tutor, count, oldest in db.session.execute(
            select(CourseTutor.person_id, func.count(), func.min(Submission.due_on))
            .join(Submission, Submission.course_id == CourseTutor.course_id)
            .where(Submission.state.in_(BEFORE_TUTORS), Submission.due_on < today, Submission.person_id != CourseTutor.person_id, hers,
                   CourseTutor.person_id.in_(select(Appointment.person_id).where(Appointment.role == "tutor", LIVE)))
            .group_by(CourseTutor.person_id)).all():
        notices.send("learning.overdue", tutor, dedup=f"learning.overdue:{tutor}:{today}", params={"count": count, "due_on": oldest.isoformat()})


def set_tutors(*, by: Any, course: Course, person_ids: list[int]) -> None:
    """Say who marks a course. Who is taken out keeps what lies before her until she puts it back or finishes."""
    have = set(db.session.scalars(select(CourseTutor.person_id).where(CourseTutor.course_id == course.id)))
    db.session.execute(delete(CourseTutor).where(CourseTutor.course_id == course.id, CourseTutor.person_id.in_(have - set(person_ids))))
    db.session.add_all(CourseTutor(course_id=course.id, person_id=person, added_by=by.id) for person in sorted(set(person_ids) - have))
    audit.record("courses.tutors", course, by=by, detail={"tutors": sorted(person_ids)})
