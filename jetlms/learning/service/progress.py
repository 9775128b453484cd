"""Write what happened once, and keep the folds (progress, enrolment) in the same transaction."""
import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal_column, select, update

from jetlms.core import clock, jobs
from jetlms.core.db import db, is_sqlite, per_database, rows, upsert
from jetlms.learning import progress
from jetlms.learning.models import Course, Enrolment, LearningEvent, Progress
from jetlms.learning.releases import outline
from jetlms.learning.service import awards

ENROLMENTS: Any = Enrolment.__table__
FOLDED = update(ENROLMENTS).where(ENROLMENTS.c.id == bindparam("enrolment"))


def note(verb: str, *, person_id: int, course_id: int, item_key: str = "", release_id: int, event_id: str = "",
         client_at: datetime | None = None, **payload: Any) -> bool:
    """Write one event; False when this id has been written before (a replay)."""
    return rows(_event(), id=event_id or str(uuid.uuid4()), person_id=person_id, course_id=course_id, item_key=item_key, verb=verb,
                release_id=release_id, at=clock.now(), client_at=client_at, payload=payload).first() is not None


@per_database
def _event() -> Any:
    return upsert(LearningEvent.__table__).on_conflict_do_nothing(index_elements=["id"]).returning(literal_column("1"))


def note_all(verb: str, person_ids: list[int], *, course_id: int, release_id: int, **payload: Any) -> None:
    """Write the same event of each of these persons; one statement."""
    at = clock.now()
    db.session.execute(insert(LearningEvent), [
        {"id": str(uuid.uuid4()), "person_id": person_id, "course_id": course_id, "item_key": "", "verb": verb, "release_id": release_id,
         "at": at, "client_at": None, "payload": payload} for person_id in person_ids])


def note_screen(enrolment: Any, item: dict[str, Any], screen: int, *, event_id: str = "", client_at: datetime | None = None) -> bool:
    """Note that a screen was read; returns whether the item is finished now. Raises ValueError for a screen that is not there."""
    if not 0 <= screen < item["screens"]:
        raise ValueError(screen)
    fresh = note("viewed", person_id=enrolment.person_id, course_id=enrolment.course_id, item_key=item["id"],
                 release_id=enrolment.release_id, event_id=event_id, client_at=client_at, screen=screen)
    if not fresh:
        return False
    seen = touch(enrolment.person_id, item["id"], screens_seen=1 << screen)
    finished = finish_if_complete(enrolment, item, seen)
    fold_enrolment(enrolment, item["id"], screen, refold=finished)
    return finished


def finish_if_complete(enrolment: Any, item: dict[str, Any], row: Any) -> bool:
    """Write that a lesson is finished when its screens are all read and its questions all answered."""
    complete = row.screens_seen == (1 << item["screens"]) - 1 and row.questions_done >= item["questions"]
    if item["kind"] != "lesson" or not complete or row.done_at is not None:
        return False
    return mark_done(enrolment, item["id"], "finished")


def mark_done(enrolment: Any, item_key: str, verb: str) -> bool:
    """Write the event by which an item is done, once; returns whether it was not before."""
    changed: Any = db.session.execute(
        update(Progress).where(Progress.person_id == enrolment.person_id, Progress.item_key == item_key, Progress.done_at.is_(None))
        .values(done_at=clock.now()))
    if changed.rowcount != 1:
        return False
    note(verb, person_id=enrolment.person_id, course_id=enrolment.course_id, item_key=item_key, release_id=enrolment.release_id)
    return True


def note_answered(enrolment: Any, item: dict[str, Any], question_id: str, answered: int, *, event_id: str = "",
                  client_at: datetime | None = None) -> bool:
    """Note a practice answer; `answered` is how many questions of the item have one now. Returns whether the item is finished."""
    if not note("answered", person_id=enrolment.person_id, course_id=enrolment.course_id, item_key=item["id"],
                release_id=enrolment.release_id, event_id=event_id, client_at=client_at, question=question_id):
        return False
    if answered < item["questions"]:
        return False                        # nothing in the folds moves before the last answer: the fast path
    row = touch(enrolment.person_id, item["id"], questions_done=answered)
    finished = finish_if_complete(enrolment, item, row)
    fold_enrolment(enrolment, item["id"], None, refold=finished)
    return finished


def note_submitted(enrolment: Any, item_key: str, percent: int) -> None:
    """Note the result of a graded attempt."""
    note("submitted", person_id=enrolment.person_id, course_id=enrolment.course_id, item_key=item_key,
         release_id=enrolment.release_id, percent=percent)
    touch(enrolment.person_id, item_key, best=percent, attempts=1)


def touch(person_id: int, item_key: str, *, screens_seen: int = 0, questions_done: int = 0, best: int | None = None, attempts: int = 0) -> Any:
    """Add to the progress of one item (screens read, a result, an attempt; it never goes back); returns the row as it is then."""
    at = clock.now()
    return rows(_progress(best is not None), person_id=person_id, item_key=item_key, screens_seen=screens_seen, questions_done=questions_done,
                best=best, attempts=attempts, first_at=at, last_at=at).one()


@per_database
def _progress(graded: bool) -> Any:  # noqa: FBT001
    """Return the statement that adds to a progress row: every column only grows."""
    have = Progress.__table__.c
    insert = upsert(Progress.__table__)
    more = insert.excluded
    greatest = func.max if is_sqlite() else func.greatest
    changes = {"screens_seen": have.screens_seen.op("|")(more.screens_seen), "questions_done": greatest(have.questions_done, more.questions_done),
               "attempts": have.attempts + more.attempts, "last_at": more.last_at}
    if graded:
        changes["best"] = greatest(func.coalesce(have.best, 0), more.best)
    return insert.on_conflict_do_update(index_elements=["person_id", "item_key"], set_=changes).returning(
        have.screens_seen, have.questions_done, have.best, have.attempts, have.done_at)


def fold_enrolment(enrolment: Any, item_key: str, screen: int | None, *, refold: bool, waits_until: date | None = None) -> None:
    """Keep the enrolment's own fold: where she is, when she was last here, and (when an item was finished) how far she is.

    `waits_until`: the day by which a tutor returns what she handed in; if she does nothing more, she is not behind before it is over.
    """
    at = clock.now()
    values: dict[str, Any] = {"last_item": item_key, "last_at": at}
    if screen is not None:
        values["last_screen"] = screen
    if enrolment.started_at is None:
        values["started_at"] = at
    if refold:
        values |= _counts(enrolment)
    required, done = values.get("required", enrolment.required), values.get("done", enrolment.done)
    completed = enrolment.completed_at or values.get("completed_at")
    if completed is None:
        values["behind_from"], values["behind_why"] = progress.behind(
            opens_on=enrolment.opens_on, due_on=enrolment.due_on, started_at=enrolment.started_at or at, last_at=at, done=done,
            required=required)
        if waits_until and values["behind_from"]:
            values["behind_from"] = max(values["behind_from"], waits_until + timedelta(days=1))
    rows(FOLDED, enrolment=enrolment.id, **values)


def _counts(enrolment: Any) -> dict[str, Any]:
    """Return how many required items are done of how many, minutes left, and completion when the rule is met now."""
    plan = outline(enrolment.release_id)
    items = [item for item in progress.items_of(plan) if item["required"]]
    done = done_items(enrolment.person_id, progress.keys_of(plan))
    have = len([item for item in items if item["id"] in done])
    left = sum(item["minutes"] for item in items if item["id"] not in done)
    values: dict[str, Any] = {"required": len(items), "done": min(max(have, enrolment.done), len(items)), "minutes_left": left}
    if enrolment.completed_at is None and progress.satisfied(plan, done):
        values |= {"completed_at": clock.now(), "behind_from": None, "behind_why": "", "done": len(items), "minutes_left": 0}
        note("completed", person_id=enrolment.person_id, course_id=enrolment.course_id, release_id=enrolment.release_id)
        jobs.publish("course.completed", enrolment_id=enrolment.id, release_id=enrolment.release_id)
        awards.issue(person_id=enrolment.person_id, course_id=enrolment.course_id, release_id=enrolment.release_id)
    return values


def done_items(person_id: int, keys: list[str]) -> set[str]:
    """Return which of these items the person has done, in whatever course."""
    return set(db.session.scalars(select(Progress.item_key).where(
        Progress.person_id == person_id, Progress.done_at.is_not(None), Progress.item_key.in_(keys))))


def done_by(person_ids: list[int], keys: list[str]) -> dict[int, set[str]]:
    """Return person → which of these items she has done, in whatever course; one statement."""
    found: dict[int, set[str]] = {person_id: set() for person_id in person_ids}
    for person_id, key in db.session.execute(select(Progress.person_id, Progress.item_key).where(
            Progress.person_id.in_(person_ids), Progress.done_at.is_not(None), Progress.item_key.in_(keys))):
        found[person_id].add(key)
    return found


def rebuild(person_id: int) -> None:
    """Compute all progress of one person anew from her events."""
    db.session.flush()
    items = progress.fold(_events(person_id))
    db.session.execute(delete(Progress).where(Progress.person_id == person_id))
    if items:
        db.session.execute(insert(Progress), [_row(person_id, key, item) for key, item in items.items()])


def progress_that_disagrees(limit: int = 50) -> list[int]:
    """Return persons whose stored progress is not the fold of their events (the auditor's question)."""
    wrong: list[int] = []
    for person_id in db.session.scalars(select(Progress.person_id).distinct().order_by(Progress.person_id)):
        folded = {key: _row(person_id, key, item) for key, item in progress.fold(_events(person_id)).items()}
        for row in db.session.execute(select(Progress.__table__).where(Progress.person_id == person_id)):
            want = folded.get(row.item_key)
            if want is None or (want["screens_seen"], want["best"], want["attempts"], want["done_at"] is None) != (
                    row.screens_seen, row.best, row.attempts, row.done_at is None):
                wrong.append(person_id)
                break
        if len(wrong) >= limit:
            break
    return wrong


def _events(person_id: int) -> Any:
    return db.session.execute(
        select(LearningEvent.id, LearningEvent.item_key, LearningEvent.verb, LearningEvent.at, LearningEvent.payload)
        .where(LearningEvent.person_id == person_id).order_by(LearningEvent.at, LearningEvent.id))


def _row(person_id: int, key: str, item: progress.ItemProgress) -> dict[str, Any]:
    return {"person_id": person_id, "item_key": key, "screens_seen": progress.bits(item.screens),
            "questions_done": len(item.questions), "best": item.best, "attempts": item.attempts, "first_at": item.first_at,
            "last_at": item.last_at, "done_at": item.done_at}


def enrolment_of(person_id: int, course_id: int) -> Any:
    """Return what the folds need of a person's enrolment in a course, None when she is not enrolled."""
    return db.session.execute(
        select(*(getattr(Enrolment, name) for name in ("id", "person_id", "course_id", "opens_on", "due_on", "started_at", "completed_at",
                                                       "required", "done")),
               func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"))
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)).one_or_none()
