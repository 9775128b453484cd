"""One level of a ladder at a time: change it once; and who may see how far she is."""
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock, i18n
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import Text, _, gettext
from jetlms.learning.models import Course, Enrolment
from jetlms.learning.queries import levels
from jetlms.learning.service.enrolments import end, enrol, is_private, reopen

LEVEL_CHANGED = "level_changed"        # the reason of a withdrawal by which she changed her level


def set_sight(*, by: Any, enrolment: Enrolment, employer_sees: bool) -> None:
    """Let her organisation see how far she is in a course, or no longer. Repeating is harmless. Raises Refused where it is not hers to say."""
    if enrolment.via != "self" or not is_private(db.session.get_one(Course, enrolment.course_id)):
        raise Refused(_("You were enrolled in this course as part of your work, so your organisation sees how far you are."))
    if enrolment.employer_sees == employer_sees:
        return
    db.session.execute(update(Enrolment).where(Enrolment.id == enrolment.id).values(employer_sees=employer_sees))
    audit.record("enrolments.sight", enrolment, by=by, detail={"employer_sees": employer_sees})


def change_until(enrolment: Any, course: Any) -> date | None:
    """Return the last day on which she may change from this level to another."""
    level = levels.level_of(course)
    return enrolment.opens_on + timedelta(days=level["change_days"]) if level else None


def why_fixed(enrolment: Any, course: Any) -> Text | None:
    """Return why she cannot change from this level (an enrolment and its course, or a row of `queries.levels` twice), None when she can."""
    until = change_until(enrolment, course)
    if enrolment.via != "self":
        return _("CLAIR enrolled you in the level you are learning in. Please ask CLAIR to change it.")
    if until is None or until < clock.today():
        return gettext("You could change your level until %(day)s. Please complete this level, or wait until its window closes.", day=i18n.day(until))
    if levels.changed_into(enrolment, levels.others(course)):
        return _("You have changed your level once already. Please complete this level, or wait until its window closes.")
    return None


def change_level(*, by: Any, course: Course, employer_sees: bool = True) -> None:
    """Leave the level she is learning in for another; what she did there stays. Once, in the first days. Twice is harmless. Raises Refused."""
    there = db.session.scalars(select(Enrolment).where(Enrolment.person_id == by.id, Enrolment.course_id == course.id)).one_or_none()
    if there is not None and there.completed_at is not None:
        raise Refused(_("You have completed this level."))
    now = levels.current(by.id, course)
    if now is not None:
        left = db.session.get_one(Course, now.course_id)
        fixed = why_fixed(now, left)
        if fixed is not None:
            raise Refused(fixed)
        end(now, by=by, reason=LEVEL_CHANGED)
        audit.record("enrolments.change_level", now, by=by, detail={"from": left.key, "to": course.key})
    if there is not None and there.closes_on < clock.today():
        reopen(by=by, enrolment=there)
    enrol(by=by, course=course, person_id=by.id, employer_sees=employer_sees)
