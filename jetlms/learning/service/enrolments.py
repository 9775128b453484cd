"""Enrol: by oneself, by staff, by rule; windows and due dates from the course's schedule. Withdraw: by staff."""
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from jetlms.core import audit, clock, notices
from jetlms.core.db import db, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.learning import progress
from jetlms.learning.models import Course, Enrolment, EnrolmentRule, Withdrawal
from jetlms.learning.queries import levels, rules
from jetlms.learning.queries.admission import by_application
from jetlms.learning.releases import outline
from jetlms.learning.service.progress import done_by, note, note_all
from jetlms.people.models import Participant

REOPENED_DAYS = 60
CHUNK = 500                            # enrolled by one statement
KEPT = ("person_id", "course_id", "via", "enrolled_at", "enrolled_by", "opens_on", "closes_on", "due_on", "required", "done",
        "last_item", "last_screen", "started_at", "last_at")


def enrol(*, by: Any, course: Course, person_id: int, via: str = "self", employer_sees: bool = True) -> Enrolment:
    """Enrol a person; returns her enrolment, the present one when there is one already. Raises Refused.

    One level of a ladder at a time. `employer_sees`: whether her organisation may see how far she is, hers to say where the course is
    private and she enrols herself.
    """
    if via == "self" and by_application(course.id) and not _is_enrolled(person_id, course.id):
        raise Refused(_("People enter this course by application."))
    other = levels.current(person_id, course)
    if other is not None:
        raise Refused(_("You are learning in another level. Please change your level, or complete that one first."))
    enrol_all(by=by, course=course, person_ids=[person_id], via=via, employer_sees=employer_sees or via != "self" or not is_private(course))
    return db.session.scalars(select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.course_id == course.id)).one()


def _is_enrolled(person_id: int, course_id: int) -> bool:
    return db.session.scalar(select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)) is not None


def enrol_all(*, by: Any, course: Course, person_ids: Iterable[int], via: str, due_on: date | None = None, closes_on: date | None = None,  # noqa: PLR0913
              employer_sees: bool = True) -> int:
    """Enrol these persons; returns how many were not enrolled before. Repeating is harmless. Dates not given are the course's own.

    Who is learning in another level of the course's ladder is left out.
    """
    ids, count = list(dict.fromkeys(person_ids)), 0
    for start in range(0, len(ids), CHUNK):
        made = _insert(course, ids[start:start + CHUNK], via=via, by_id=getattr(by, "id", None), due_on=due_on, closes_on=closes_on,
                       employer_sees=employer_sees)
        if made:
            _welcome(course, made, via, by)
        count += len(made)
    return count


def _insert(course: Course, ids: list[int], *, via: str, by_id: int | None, due_on: date | None, closes_on: date | None,  # noqa: PLR0913
            employer_sees: bool) -> list[Any]:
    """Insert enrolments and return those made: id, person_id, due_on. A few statements, however many."""
    elsewhere = levels.learning_elsewhere(course)
    if elsewhere is not None:
        busy = set(db.session.scalars(elsewhere.where(Enrolment.person_id.in_(ids))))
        ids = [person_id for person_id in ids if person_id not in busy]
        if not ids:
            return []
    plan, today = outline(course.release_id or 0), clock.today()
    days = plan["schedule"].get("due_days")
    if due_on is None and days:
        due_on = min(today + timedelta(days=days), closes_on or date.max)
    items = [item for item in progress.items_of(plan) if item["required"]]
    done, were = done_by(ids, [item["id"] for item in items]), _withdrawn(course, ids)
    rows = [{
        "person_id": person_id, "course_id": course.id, "via": via, "enrolled_at": clock.now(), "enrolled_by": by_id, "opens_on": today,
        "closes_on": closes_on or progress.window(plan, today), "due_on": due_on, "required": len(items), "done": len(done[person_id]),
        "employer_sees": employer_sees,
        "minutes_left": sum(item["minutes"] for item in items if item["id"] not in done[person_id]),
        **_left_at(were.get(person_id), due_on=due_on, done=len(done[person_id]), required=len(items)),
    } for person_id in ids]
    return list(db.session.execute(upsert(Enrolment).values(rows).on_conflict_do_nothing(index_elements=["person_id", "course_id"])
                                   .returning(Enrolment.id, Enrolment.person_id, Enrolment.due_on)))


def _withdrawn(course: Course, ids: list[int]) -> dict[int, Any]:
    """Return person → her newest withdrawal from the course."""
    newest = select(func.max(Withdrawal.id)).where(Withdrawal.course_id == course.id, Withdrawal.person_id.in_(ids)).group_by(Withdrawal.person_id)
    return {row.person_id: row for row in db.session.execute(select(Withdrawal.__table__).where(Withdrawal.id.in_(newest)))}


def _left_at(was: Any, *, due_on: date | None, done: int, required: int) -> dict[str, Any]:
    """Return where she stood when she was withdrawn: she goes on there. The days between do not count as idle."""
    if was is None or was.started_at is None:
        return {"last_item": "", "last_screen": 0, "started_at": None, "last_at": None, "behind_from": None, "behind_why": ""}
    since, why = progress.behind(opens_on=clock.today(), due_on=due_on, started_at=was.started_at, last_at=clock.now(), done=done, required=required)
    return {"last_item": was.last_item, "last_screen": was.last_screen, "started_at": was.started_at, "last_at": was.last_at,
            "behind_from": since, "behind_why": why}


def withdraw(*, by: Any, enrolment: Enrolment, reason: str) -> None:
    """End an enrolment before it is completed. What she did stays; she is told, with the reason. Raises Refused."""
    gone, course = end(enrolment, by=by, reason=reason)
    audit.record("enrolments.withdraw", enrolment, by=by, note=reason, detail={"course": course.key, "person_id": gone.person_id})
    notices.send("learning.withdrawn", gone.person_id, dedup=f"learning.withdrawn:{enrolment.id}",
                 params={"course": course.title, "reason": reason, "url_slug": course.slug})


def end(enrolment: Enrolment, *, by: Any, reason: str) -> tuple[Any, Course]:
    """Turn an enrolment into a withdrawal; returns what it was, and its course. Raises Refused."""
    gone = db.session.execute(
        delete(Enrolment).where(Enrolment.id == enrolment.id, Enrolment.completed_at.is_(None))
        .returning(*(getattr(Enrolment, name) for name in KEPT)), execution_options={"synchronize_session": False}).first()
    if gone is None:
        raise Refused(_("This course has been completed, or the enrolment has been withdrawn already. Nothing was changed."))
    course = db.session.get_one(Course, gone.course_id)
    db.session.execute(insert(Withdrawal).values(
        enrolment_id=enrolment.id, reason=reason, withdrawn_by=by.id, withdrawn_at=clock.now(), **{name: getattr(gone, name) for name in KEPT}))
    note("withdrawn", person_id=gone.person_id, course_id=course.id, release_id=course.release_id or 0)
    return gone, course


def _welcome(course: Course, made: list[Any], via: str, by: Any) -> None:
    note_all("enrolled", [row.person_id for row in made], course_id=course.id, release_id=course.release_id or 0, via=via)
    audit.record_all("enrolments.enrol", "enrolment", {
        row.id: {"via": via, "course": course.key, "person_id": row.person_id} for row in made}, by=by)
    if via != "self":
        notices.send_all("learning.enrolled", [
            (row.person_id, f"learning.enrolled:{row.id}",
             {"course": course.title, "due_on": row.due_on.isoformat() if row.due_on else "", "url_slug": course.slug}) for row in made])


def reopen(*, by: Any, enrolment: Enrolment) -> None:
    """Open a closed access window again: staff as often as needed, the learner herself once. Raises Refused."""
    if enrolment.closes_on >= clock.today():
        raise Refused(_("This course is still open."))
    own = by.id == enrolment.person_id
    if own and enrolment.reopened_at is not None:
        raise Refused(_("You have reopened this course once. Please ask CLAIR to open it again."))
    if levels.current(enrolment.person_id, db.session.get_one(Course, enrolment.course_id)) is not None:
        raise Refused(_("You are learning in another level. Please change your level, or complete that one first."))
    closes = clock.today() + timedelta(days=REOPENED_DAYS)
    db.session.execute(update(Enrolment).where(Enrolment.id == enrolment.id).values(closes_on=closes, reopened_at=clock.now()))
    audit.record("enrolments.reopen", enrolment, by=by, detail={"closes_on": closes.isoformat()})


def is_private(course: Course) -> bool:
    """Say whether learners who enrol themselves decide if their organisation sees how far they are."""
    return bool(outline(course.release_id or 0)["audience"].get("private"))


def enrol_by_rules(today: date | None = None, most: int | None = None) -> int:
    """Enrol everybody whom a rule in force names and who is not enrolled yet, `most` at a time; returns how many."""
    today, count = today or clock.today(), 0
    for rule in db.session.scalars(select(EnrolmentRule).where(rules.in_force(today)).order_by(EnrolmentRule.id)).all():
        course = db.session.get_one(Course, rule.course_id)
        if course.release_id is None or course.retired_at is not None:
            continue
        named, elsewhere = rules.named_by(rule).order_by(Participant.person_id), levels.learning_elsewhere(course)
        if elsewhere is not None:
            named = named.where(Participant.person_id.not_in(elsewhere))
        ids = db.session.scalars(named.limit(most - count) if most is not None else named).all()
        due_on = clock.today() + timedelta(days=rule.due_days) if rule.due_days else None
        count += enrol_all(by=None, course=course, person_ids=ids, via="rule", due_on=due_on)
        if count == most:
            break
    return count


def refold_course(course: Course, *, after: int = 0, most: int | None = None) -> int:
    """After a release: count unfinished enrolments anew against it, `most` at a time. Finished ones stay finished.

    Returns the last one's id, to go on `after` it; 0 when there are no more.
    """
    plan = outline(course.release_id or 0)
    items = [item for item in progress.items_of(plan) if item["required"]]
    keys, rows = [item["id"] for item in items], db.session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.opens_on, Enrolment.due_on, Enrolment.started_at, Enrolment.last_at)
        .where(Enrolment.course_id == course.id, Enrolment.completed_at.is_(None), Enrolment.pinned_release_id.is_(None), Enrolment.id > after)
        .order_by(Enrolment.id).limit(most)).all()
    changes, done_of = [], done_by([row.person_id for row in rows], keys)
    for row in rows:
        done = done_of[row.person_id]
        since, why = progress.behind(opens_on=row.opens_on, due_on=row.due_on, started_at=row.started_at, last_at=row.last_at,
                                     done=len(done), required=len(items))
        changes.append({"id": row.id, "required": len(items), "done": len(done), "behind_from": since, "behind_why": why,
                        "minutes_left": sum(i["minutes"] for i in items if i["id"] not in done)})
    if changes:
        db.session.execute(update(Enrolment), changes)
    return changes[-1]["id"] if changes and len(changes) == most else 0
