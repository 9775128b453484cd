"""Answer, and hand in. An attempt names its release, which never changes, and the order of its options: that freezes its questions."""
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal_column, select, update

from jetlms.core import clock
from jetlms.core.db import db, per_database, rows, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning import grading
from jetlms.learning.models import Answer, Attempt
from jetlms.learning.releases import outline, text
from jetlms.learning.service import marking, progress, sittings

PRACTICE = 0        # the number of the one practice attempt of an item; graded attempts count from 1


@dataclass(frozen=True)
class Saved:
    """What was saved: when, how it was marked (None for graded attempts until they are handed in), and whether the item is finished."""

    saved_at: datetime
    mark: Any = None
    finished: bool = False
    stale: bool = False            # an older answer arrived after a newer one: nothing was changed


def start_attempt(*, by: Any, enrolment: Any, item: dict[str, Any]) -> int:
    """Start the next graded attempt (or find the open one) and return its number. Raises Refused while a wait is on."""
    refuse_closed(enrolment)
    earlier = db.session.execute(
        select(Attempt.number, Attempt.submitted_at).where(Attempt.person_id == by.id, Attempt.item_key == item["id"],
                                                           Attempt.number > PRACTICE).order_by(Attempt.number)).all()
    if earlier and earlier[-1].submitted_at is None:
        return int(earlier[-1].number)
    until = waits_until(enrolment, [row.submitted_at for row in earlier])
    if until and until > clock.now():
        raise Refused(_("You have used your attempts for now. The next one opens a day after the last."))
    number = earlier[-1].number + 1 if earlier else 1
    _insert(by, enrolment, item, number, kind=item["kind"])
    progress.note("started", person_id=by.id, course_id=enrolment.course_id, item_key=item["id"], release_id=enrolment.release_id,
                  number=number)
    return int(number)


def waits_until(enrolment: Any, submitted: list[datetime]) -> datetime | None:
    """Return when the next attempt opens after a full round of attempts, or None when it is open."""
    mastery = outline(enrolment.release_id)["mastery"]
    if not submitted or len(submitted) % mastery["attempts"]:
        return None
    return submitted[-1] + timedelta(hours=mastery["wait_hours"])


def _insert(by: Any, enrolment: Any, item: dict[str, Any], number: int, *, kind: str) -> None:
    """Insert the attempt; a twin that was faster is as good."""
    seed = practice_seed(by.id, item["id"]) if number == PRACTICE else secrets.randbelow(2**31)
    questions = grading.drawn(sources(enrolment.release_id, item["id"]), seed, item.get("draw", 0))
    db.session.execute(upsert(Attempt).values(
        person_id=by.id, course_id=enrolment.course_id, item_key=item["id"], release_id=enrolment.release_id, number=number, kind=kind,
        seed=seed, questions=[grading.arrange(question, seed) for question in questions], started_at=clock.now(),
    ).on_conflict_do_nothing(index_elements=["person_id", "item_key", "number"]))


def practice_seed(person_id: int, item_key: str) -> int:
    """Return the seed of a practice attempt: the page knows the order before the first answer makes the row."""
    import zlib

    return zlib.crc32(f"{person_id}:{item_key}".encode())


def sources(release_id: int, item_key: str) -> dict[str, Any]:
    """Return the questions of an item in a release by id, both languages inside."""
    found = text(release_id, item_key, "en")
    return found["questions"] if found else {}


def source(context: Any, item_key: str, question_id: str) -> dict[str, Any]:
    """Return one question of the release that `context` (queries.reading.answering) answers in. Raises NotFound."""
    found = sources(context.attempt_release_id or context.release_id, item_key).get(question_id)
    if found is None:
        raise NotFound
    return found


def refuse_closed(enrolment: Any) -> None:
    """Raise Refused after the last day of the access window: then a course is for reading."""
    if enrolment.closes_on < clock.today():
        raise Refused(_("The access window of this course has closed: you can read everything, but not answer. You can reopen it."))


def answer(*, by: Any, context: Any, item: dict[str, Any], question_id: str, payload: Any, seq: int | None, number: int = PRACTICE,  # noqa: PLR0913
           event_id: str = "", client_at: datetime | None = None) -> Saved:
    """Save one answer. `context` is a row of queries.reading.answering. Raises Refused, NotFound, grading.BadPayload.

    A script counts its saves in `seq`: one that is not above the stored one is an older answer arriving late and changes nothing.
    A plain form (`seq` None) is what the person sends now, so it always counts.
    """
    if context.submitted_at is not None:
        raise Refused(_("These answers have been handed in and can no longer be changed."))
    refuse_closed(context)
    question = source(context, item["id"], question_id)
    attempt_id = context.attempt_id or practice_attempt(by, context, item, number)
    mark = grading.mark(question, payload)
    practice = number == PRACTICE
    saved = _save(attempt_id, question_id, mark, seq, show=practice)
    if not saved:
        return Saved(clock.now(), mark if practice else None, stale=True)
    finished = False
    if practice and question.get("use") != "pre":
        answered = _answered(context, item["id"], question_id)
        finished = progress.note_answered(context, item, question_id, answered, event_id=event_id, client_at=client_at)
    return Saved(clock.now(), mark if practice else None, finished)


def _answered(context: Any, item_key: str, question_id: str) -> int:
    """Return how many of the questions that count have an answer, this one included."""
    pre = {key for key, found in sources(context.attempt_release_id or context.release_id, item_key).items() if found.get("use") == "pre"}
    return len(({*(context.answered_ids or "").split(",")} | {question_id}) - pre - {""})


def practice_attempt(by: Any, context: Any, item: dict[str, Any], number: int = PRACTICE, *, kind: str = "practice") -> int:
    """Return the id of her practice attempt, made now if there is none: it freezes the release she works with."""
    if number != PRACTICE:
        raise NotFound
    _insert(by, context, item, PRACTICE, kind=kind)
    return int(db.session.scalar(select(Attempt.id).where(
        Attempt.person_id == by.id, Attempt.item_key == item["id"], Attempt.number == PRACTICE)) or 0)


def _save(attempt_id: int, question_id: str, mark: Any, seq: int | None, *, show: bool) -> bool:
    """Write the answer; False when a newer one is there. Marks of graded attempts are not written before they are handed in."""
    return rows(_answer(seq is not None), attempt_id=attempt_id, question_id=question_id, seq=seq or 1, payload=mark.payload, tries=1,
                saved_at=clock.now(), score=float(mark.score) if show else None, right=mark.right if show else None).first() is not None


@per_database
def _answer(counted: bool) -> Any:  # noqa: FBT001
    """Return the statement that writes an answer; where the client has counted, only over an older one."""
    table = Answer.__table__
    insert = upsert(table)
    changes = {name: insert.excluded[name] for name in ("payload", "score", "right", "saved_at")}
    return insert.on_conflict_do_update(
        index_elements=["attempt_id", "question_id"], where=table.c.seq < insert.excluded.seq if counted else None,
        set_=changes | {"seq": insert.excluded.seq if counted else table.c.seq + 1, "tries": table.c.tries + 1}).returning(literal_column("1"))


def submit(*, by: Any, context: Any, item: dict[str, Any], number: int) -> int:
    """Hand in a graded attempt and mark it against its frozen set; returns the percent. Handing in twice is harmless."""
    attempt = db.session.scalars(select(Attempt).where(
        Attempt.person_id == by.id, Attempt.item_key == item["id"], Attempt.number == number).with_for_update()).one_or_none()
    if attempt is None or number == PRACTICE:
        raise NotFound
    if attempt.submitted_at is not None:
        return int(attempt.percent or 0)
    refuse_closed(context)
    total = _mark_all(attempt)
    pass_percent = outline(attempt.release_id)["mastery"]["pass_percent"]
    attempt.submitted_at, attempt.percent, attempt.passed = clock.now(), total, total >= pass_percent
    progress.note_submitted(context, item["id"], total)
    passed = attempt.passed and progress.mark_done(context, item["id"], "passed")
    progress.fold_enrolment(context, item["id"], None, refold=passed)
    return total


def _mark_all(attempt: Attempt) -> int:
    """Mark every question of the frozen set (unanswered ones count nothing); returns the percent."""
    questions = sources(attempt.release_id, attempt.item_key)
    answers = {row.question_id: row for row in db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))}
    points = 0.0
    for arranged in attempt.questions:
        row = answers.get(arranged["id"])
        if row is None:
            continue
        mark = grading.mark(questions[arranged["id"]], row.payload)
        row.score, row.right = float(mark.score), mark.right
        points += float(mark.score)
    return round(100 * points / len(attempt.questions)) if attempt.questions else 0


def hand_in(*, by: Any, context: Any, item: dict[str, Any]) -> None:
    """Hand in a task: all its questions answered. Raises Refused, NotFound for what is no task."""
    if item["kind"] != "task":
        raise NotFound
    attempt = db.session.scalars(select(Attempt).where(
        Attempt.person_id == by.id, Attempt.item_key == item["id"], Attempt.number == PRACTICE).with_for_update()).one_or_none()
    needed = [key for key, found in sources(context.attempt_release_id or context.release_id, item["id"]).items() if found["type"] != "file"]
    answered = db.session.scalar(select(func.count()).select_from(Answer).where(
        Answer.attempt_id == (attempt.id if attempt else 0), Answer.question_id.in_(needed))) or 0
    if attempt is None or answered < len(needed):
        raise Refused(_("Please answer every question of the task before you hand it in."))
    if attempt.submitted_at is not None:
        return
    refuse_closed(context)
    sat = sittings.sit(by, context, item)
    db.session.execute(update(Attempt).where(Attempt.id == attempt.id).values(submitted_at=clock.now()))
    progress.touch(context.person_id, item["id"])
    waits_until = None
    if item.get("marked"):              # it is done when a tutor has returned it with enough points
        waits_until = marking.submit(context=context, item=item, sat=sat, attempt_id=attempt.id)
    else:
        progress.mark_done(context, item["id"], "handed_in")
    progress.fold_enrolment(context, item["id"], None, refold=True, waits_until=waits_until)


