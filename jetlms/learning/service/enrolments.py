"""Enrol: by oneself, by staff, by rule; windows and due dates from the course's schedule."""
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock, notices
from jetlms.core.db import db, landed, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.learning import progress
from jetlms.learning.models import Course, Enrolment, EnrolmentRule
from jetlms.learning.releases import outline
from jetlms.learning.service.progress import done_items, note
from jetlms.people.models import Participant

REOPENED_DAYS = 60


def enrol(*, by: Any, course: Course, person_id: int, via: str = "self", due_days: int | None = None) -> Enrolment:
    """Enrol a person; returns her enrolment, the present one when there is one already."""
    made = _insert(course, person_id, via=via, by_id=getattr(by, "id", None), due_days=due_days)
    enrolment = db.session.scalars(select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.course_id == course.id)).one()
    if made:
        _welcome(course, enrolment, via, by)
    return enrolment


def _insert(course: Course, person_id: int, *, via: str, by_id: int | None, due_days: int | None) -> bool:
    plan, today = outline(course.release_id or 0), clock.today()
    days = due_days or plan["schedule"].get("due_days")
    items = [item for item in progress.items_of(plan) if item["required"]]
    done = done_items(person_id, [item["id"] for item in items])
    return landed(upsert(Enrolment).values(
        person_id=person_id, course_id=course.id, via=via, enrolled_at=clock.now(), enrolled_by=by_id, opens_on=today,
        closes_on=today + timedelta(days=plan["schedule"]["window_days"]), due_on=today + timedelta(days=days) if days else None,
        required=len(items), done=len(done), minutes_left=sum(i["minutes"] for i in items if i["id"] not in done),
        last_item="", last_screen=0, behind_why="",
    ).on_conflict_do_nothing(index_elements=["person_id", "course_id"]))


def _welcome(course: Course, enrolment: Enrolment, via: str, by: Any) -> None:
    note("enrolled", person_id=enrolment.person_id, course_id=course.id, release_id=course.release_id or 0, via=via)
    audit.record("enrolments.enrol", enrolment, by=by, detail={"via": via, "course": course.key})
    if via != "self":
        notices.send("learning.enrolled", enrolment.person_id, dedup=f"learning.enrolled:{enrolment.id}", params={
            "course": course.title, "due_on": enrolment.due_on.isoformat() if enrolment.due_on else "", "url_slug": course.slug})


def reopen(*, by: Any, enrolment: Enrolment) -> None:
    """Open a closed access window again: staff as often as needed, the learner herself once. Raises Refused."""
    if enrolment.closes_on >= clock.today():
        raise Refused(_("This course is still open."))
    own = by.id == enrolment.person_id
    if own and enrolment.reopened_at is not None:
        raise Refused(_("You have reopened this course once. Please ask CLAIR to open it again."))
    closes = clock.today() + timedelta(days=REOPENED_DAYS)
    db.session.execute(update(Enrolment).where(Enrolment.id == enrolment.id).values(closes_on=closes, reopened_at=clock.now()))
    audit.record("enrolments.reopen", enrolment, by=by, detail={"closes_on": closes.isoformat()})


def enrol_by_rules(today: date | None = None) -> int:
    """Enrol everybody whom a rule in force names and who is not enrolled yet; returns how many."""
    today, count = today or clock.today(), 0
    rules = db.session.scalars(select(EnrolmentRule).where(
        EnrolmentRule.starts_on <= today, (EnrolmentRule.ends_on.is_(None)) | (EnrolmentRule.ends_on >= today))).all()
    for rule in rules:
        course = db.session.get_one(Course, rule.course_id)
        if course.release_id is None or course.retired_at is not None:
            continue
        for person_id in db.session.scalars(_named_by(rule)).all():
            enrol(by=None, course=course, person_id=person_id, via="rule", due_days=rule.due_days)
            count += 1
    return count


def _named_by(rule: EnrolmentRule) -> Any:
    """Return the select of the persons a rule names: those in the programme whose job type and intake fit."""
    active = ("placed", "pre_departure", "arrived", "appointed", "reappointing", "transferring", "completing", "deferred")
    query = select(Participant.person_id).where(
        Participant.state.in_(active),
        Participant.person_id.not_in(select(Enrolment.person_id).where(Enrolment.course_id == rule.course_id)))
    if rule.job_types:
        query = query.where(Participant.job_type.in_(rule.job_types))
    if rule.arrival_group_ids:
        query = query.where(Participant.arrival_group_id.in_(rule.arrival_group_ids))
    return query


def refold_course(course: Course) -> int:
    """After a release: count every unfinished enrolment anew against it. Finished ones stay finished. Returns how many."""
    plan = outline(course.release_id or 0)
    items = [item for item in progress.items_of(plan) if item["required"]]
    keys, rows = [item["id"] for item in items], db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.opens_on, Enrolment.due_on, Enrolment.started_at, Enrolment.last_at)
        .where(Enrolment.course_id == course.id, Enrolment.completed_at.is_(None), Enrolment.pinned_release_id.is_(None))).all()
    changes = []
    for row in rows:
        done = done_items(row.person_id, keys)
        since, why = progress.behind(opens_on=row.opens_on, due_on=row.due_on, started_at=row.started_at, last_at=row.last_at,
                                     done=len(done), required=len(items))
        changes.append({"id": row.id, "required": len(items), "done": len(done), "behind_from": since, "behind_why": why,
                        "minutes_left": sum(i["minutes"] for i in items if i["id"] not in done)})
    if changes:
        db.session.execute(update(Enrolment), changes)
    return len(changes)


