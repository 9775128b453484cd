"""What the clock and news start in learning: enrolment by rule, reminders."""
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, select

from jetlms.core import clock, jobs, notices
from jetlms.core.db import db, unit
from jetlms.learning import service
from jetlms.learning.models import Course, Enrolment
from jetlms.people.models import Person

IDLE_DAYS = 7
END_DAYS = (30, 14, 3)
AT_ONCE = 10                           # enrolled by rules in one transaction: nobody else writes to SQLite meanwhile
RECOUNTED = 50                         # enrolments counted anew in one transaction


@jobs.every("learning.enrol_by_rules", hours=1)
def enrol_by_rules() -> None:
    """Enrol whoever fits a rule and is not enrolled."""
    _enrol_named()


@jobs.on("participant.changed")
def enrol_newcomer(**_payload: Any) -> None:
    """A participant was added or moved: rules may name her now."""
    _enrol_named()


def _enrol_named() -> None:
    """Enrol everybody whom rules name, a few in each transaction."""
    db.session.rollback()

    def some() -> bool:
        with unit():
            return service.enrol_by_rules(most=AT_ONCE) == AT_ONCE
    jobs.one_by_one(some)


@jobs.every("learning.remind", days=1, at=timedelta(hours=8))
def remind() -> None:
    """Each morning: a week without activity; thirty, fourteen and three days before the window closes."""
    # Behind as well: who waits for a tutor is idle with good reason.
    jobs.in_pieces(_open(and_(Enrolment.last_at < clock.now() - timedelta(days=IDLE_DAYS), Enrolment.behind_from <= clock.today())), _idle)
    jobs.in_pieces(_open(Enrolment.closes_on.in_([clock.today() + timedelta(days=n) for n in END_DAYS])), _ends)


def _idle(row: Any) -> None:
    last_on = row.last_at.astimezone(clock.JST).date().isoformat()
    notices.send("learning.idle", row.person_id, dedup=f"learning.idle:{row.id}:{last_on}", params={
        "course": row.title, "last_on": last_on, "minutes": 7, "url_slug": row.slug})


def _ends(row: Any) -> None:
    days = (row.closes_on - clock.today()).days
    notices.send("learning.ends", row.person_id, dedup=f"learning.ends:{row.id}:{row.closes_on}:{days}", params={
        "course": row.title, "days": days, "closes_on": row.closes_on.isoformat(), "left": row.required - row.done, "url_slug": row.slug})


@jobs.every("learning.watch_applications", days=1, at=timedelta(hours=8, minutes=10))
def watch_applications() -> None:
    """Each morning: applications that wait for their organisation."""
    service.watch_applications()


@jobs.every("learning.tell_tutors", days=1, at=timedelta(hours=8, minutes=20))
def tell_tutors() -> None:
    """Each morning: what waits for tutors longer than promised."""
    service.tell_tutors()


@jobs.every("learning.settle_checks", minutes=10)
def settle_checks() -> None:
    """Level checks whose time is over."""
    service.settle_checks()


@jobs.every("learning.delete_old_takes", days=1, at=timedelta(hours=3))
def delete_old_takes() -> None:
    """Each night: recordings whose day has come."""
    service.delete_old_takes(clock.today())


def _open(condition: Any) -> list[Any]:
    """Return unfinished enrolments inside their window that fulfil the condition."""
    return list(db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.last_at, Enrolment.closes_on, Enrolment.required, Enrolment.done,
               Course.title, Course.slug)
        .join(Course, Course.id == Enrolment.course_id).join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.completed_at.is_(None), Enrolment.closes_on >= clock.today(), Person.deceased_on.is_(None),
               Course.retired_at.is_(None), condition)))




@jobs.on("course.released")
def count_anew(course_id: int) -> None:
    """A new release was published: count unfinished enrolments against it, and find the review cards it has no more."""
    db.session.rollback()
    last = 0

    def some() -> bool:
        nonlocal last
        with unit():
            last = service.refold_course(db.session.get_one(Course, course_id), after=last, most=RECOUNTED)
        return last > 0
    jobs.one_by_one(some)
    service.find_gone(db.session.get_one(Course, course_id))
