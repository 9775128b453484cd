"""Send a kind reminder: one per learner per seven days, and she sees who sent it."""
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from jetlms.core import audit, clock, notices
from jetlms.core.db import db, landed, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.learning.models import Course, Enrolment, Reminder

PAUSE = timedelta(days=7)


def remind(*, by: Any, enrolment: Enrolment) -> None:
    """Remind one learner of one course. Raises Refused within seven days of the last reminder, and for who has finished."""
    if enrolment.completed_at is not None:
        raise Refused(_("This course has been completed."))
    last = db.session.scalar(select(func.max(Reminder.sent_at)).where(Reminder.person_id == enrolment.person_id))
    if last is not None and clock.now() - last < PAUSE:
        raise Refused(_("A reminder was sent less than seven days ago. Nothing was sent."))
    # Two people who press at once both saw the same last reminder: the unique key lets one of them through.
    made = landed(upsert(Reminder).values(
        person_id=enrolment.person_id, sent_by=by.id, course_id=enrolment.course_id, sent_at=clock.now(),
        organisation_id=next(iter(by.reach.get("supervisor", ())), None), week_key=last.isoformat() if last else "first",
    ).on_conflict_do_nothing(index_elements=["person_id", "week_key"]))
    if not made:
        raise Refused(_("A reminder was sent less than seven days ago. Nothing was sent."))
    course = db.session.get_one(Course, enrolment.course_id)
    notices.send("learning.reminder", enrolment.person_id, dedup=f"learning.reminder:{enrolment.person_id}:{clock.now().isoformat()}",
                 params={"sender": by.name, "organisation": by.organisation_label, "course": course.title, "url_slug": course.slug})
    audit.record("monitor.remind", enrolment, by=by)
