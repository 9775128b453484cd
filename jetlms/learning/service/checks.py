"""The level check of an application: begun once, answered one question at a time, ended by the last answer or the server's clock."""
import random
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from jetlms.core import clock, i18n
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import _, gettext
from jetlms.core.workflow import SYSTEM
from jetlms.learning import grading
from jetlms.learning.models import AdmissionRound, Application, Course
from jetlms.learning.releases import outline, text
from jetlms.learning.workflow import ADMISSION

GRACE = timedelta(seconds=30)          # for an answer that was on its way when the time ended


def begin_check(*, by: Any, application: Application) -> None:
    """Begin the level check; begun before, it goes on. Raises Refused outside its days."""
    found = db.session.get_one(AdmissionRound, application.round_id)
    if application.state != "approved":
        raise Refused(_("The level check is for applications that the organisation has approved, once each."))
    if application.check_until is not None:
        return
    opens, closes = clock.start_of_day(found.check_from), clock.end_of_day(found.check_until)
    if clock.now() < opens:
        raise Refused(gettext("The level check opens on %(at)s.", at=i18n.moment(opens, by.zone)))
    if clock.now() > closes:
        raise Refused(gettext("The level check closed on %(at)s.", at=i18n.moment(closes, by.zone)))
    course = db.session.get_one(Course, found.course_id)
    minutes = outline(course.release_id or 0)["admission"]["minutes"]
    application.check_seed, application.check_release_id = secrets.randbelow(2**31), course.release_id
    application.check_until = clock.now() + timedelta(minutes=minutes)


def questions(application: Application) -> list[dict[str, Any]]:
    """Return the questions of a level check that was begun, in her order."""
    release_id = application.check_release_id or 0
    settings = outline(release_id)["admission"]
    there = (text(release_id, settings["bank"], "en") or {"questions": {}})["questions"]
    dice = random.Random(application.check_seed)  # noqa: S311 -- repeatable on purpose
    return dice.sample(list(there.values()), min(settings["questions"], len(there)))


def answer_check(*, application: Application, number: int, payload: Any) -> None:
    """Answer question `number` from 1 (None: not known); the last answer ends it. Repeating is harmless. Raises Refused, grading.BadPayload."""
    if application.state != "approved" or application.check_until is None:
        return
    if clock.now() > application.check_until + GRACE:
        end_check(application)
        return
    asked = questions(application)
    if number != len(application.answers) + 1 or number > len(asked):
        return
    source = asked[number - 1]
    kept = None if payload is None else grading.mark(source, payload).payload
    application.answers = {**application.answers, source["id"]: kept}
    if number == len(asked):
        end_check(application)


def end_check(application: Application) -> None:
    """Hand the level check in: mark what was answered."""
    asked = questions(application)
    right = sum(1 for source in asked if application.answers.get(source["id"]) is not None
                and grading.mark(source, application.answers[source["id"]]).right)
    application.score = round(100 * right / len(asked)) if asked else 0
    ADMISSION.take(application, "check", by=SYSTEM)


def running_until(round_id: int) -> datetime | None:
    """Return when the last level check that is still running in a round is over, an answer on its way included; None when none is."""
    last = db.session.scalar(select(func.max(Application.check_until)).where(Application.round_id == round_id, Application.state == "approved"))
    return last + GRACE if last is not None else None


def settle(round_id: int | None = None) -> None:
    """End the level checks whose time is over (of one round, or of all). Repeating is harmless."""
    query = select(Application).where(Application.state == "approved", Application.check_until < clock.now() - GRACE).order_by(Application.id)
    for application in db.session.scalars(query.where(Application.round_id == round_id) if round_id else query).all():
        end_check(application)
