"""Translate a segment, commit it (which opens the models), rate it oneself; hand in a test. Nothing here is graded by the machine."""
import hashlib
import unicodedata
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal_column, select, update

from jetlms.core import clock
from jetlms.core.db import db, landed, rows, upsert
from jetlms.core.db import per_database as once_per_database
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning.models import Attempt, MemoryUnit, SegmentAnswer
from jetlms.learning.releases import text as text_of
from jetlms.learning.service import marking, progress, sittings
from jetlms.learning.service.attempts import practice_attempt, refuse_closed


def exercise_of(context: Any, item_key: str, lang: str = "en") -> dict[str, Any]:
    """Return the exercise in the release she works with (rendering.Page.exercise), its notes in a language. Raises NotFound."""
    found = text_of(context.attempt_release_id or context.release_id, item_key, lang)
    if found is None or not found["exercise"]:
        raise NotFound
    exercise: dict[str, Any] = found["exercise"]
    return exercise


def segment_of(context: Any, item_key: str, segment: str) -> dict[str, Any]:
    """Return one segment. Raises NotFound."""
    found = next((s for s in exercise_of(context, item_key)["segments"] if s["id"] == segment), None)
    if found is None:
        raise NotFound
    return found


def save_segment(*, by: Any, context: Any, item: dict[str, Any], segment: str, text: str, seq: int | None = None,
                 commit: bool = False) -> tuple[datetime, bool]:
    """Save the translation of a segment; returns (when, whether it was newer than what is there). Raises Refused, NotFound.

    `commit`: she stands by it. Of a practice, the models open; the text goes into her translation memory.
    """
    refuse_handed_in(context)
    refuse_closed(context)
    sittings.sit(by, context, item)
    source = segment_of(context, item["id"], segment)
    attempt_id = context.attempt_id or practice_attempt(by, context, item, kind="translation")
    at = clock.now()
    if rows(_segment(seq is not None), attempt_id=attempt_id, segment=segment, text=text, seq=seq or 1, saved_at=at, first_text="",
            committed_at=None, rating=None, errors=[]).first() is None:
        return at, False
    if commit:
        _commit(by, context, item, attempt_id, source, text.strip())
    return at, True


@once_per_database
def _segment(counted: bool) -> Any:  # noqa: FBT001
    """Return the statement that writes a segment; where the client has counted, only over an older one."""
    table = SegmentAnswer.__table__
    insert = upsert(table)
    changes = {"text": insert.excluded.text, "saved_at": insert.excluded.saved_at}
    return insert.on_conflict_do_update(
        index_elements=["attempt_id", "segment"], where=table.c.seq < insert.excluded.seq if counted else None,
        set_=changes | {"seq": insert.excluded.seq if counted else table.c.seq + 1}).returning(literal_column("1"))


def _commit(by: Any, context: Any, item: dict[str, Any], attempt_id: int, source: dict[str, Any], text: str) -> None:
    exercise = exercise_of(context, item["id"])
    done: Any = db.session.execute(update(SegmentAnswer).where(
        SegmentAnswer.attempt_id == attempt_id, SegmentAnswer.segment == source["id"], SegmentAnswer.committed_at.is_(None))
        .values(committed_at=clock.now(), first_text=text))
    remember(by, exercise["source"], exercise["target"], source["text"], text, origin=f"{item['id']}/{source['id']}")
    if done.rowcount == 1:
        progress.note("answered", person_id=by.id, course_id=context.course_id, item_key=item["id"], release_id=context.release_id,
                      question=source["id"])
        progress.touch(by.id, item["id"])
    progress.fold_enrolment(context, item["id"], None, refold=False)


def remember(by: Any, source_lang: str, target_lang: str, source: str, target: str, *, origin: str) -> bool:
    """Put a unit into her translation memory, in the place of what the same source had; returns whether anything changed."""
    insert = upsert(MemoryUnit).values(
        person_id=by.id, source_lang=source_lang, target_lang=target_lang, source=source, target=target, origin=origin,
        digest=digest(source), changed_at=clock.now())
    return landed(insert.on_conflict_do_update(
        index_elements=["person_id", "source_lang", "target_lang", "digest"], where=MemoryUnit.target != insert.excluded.target,
        set_={name: insert.excluded[name] for name in ("source", "target", "origin", "changed_at")}))


def digest(source: str) -> str:
    """Return by what a source text is known in a memory: width, case and white space make no difference."""
    key = unicodedata.normalize("NFKC", " ".join(source.split())).casefold()
    return hashlib.sha256(key.encode()).hexdigest()


def rate_segment(*, context: Any, item: dict[str, Any], segment: str, rating: int, errors: list[str]) -> None:
    """Rate one's own committed segment of a practice; when the last one is rated, it is done. Raises Refused, NotFound."""
    refuse_closed(context)
    segment_of(context, item["id"], segment)
    exercise = exercise_of(context, item["id"])
    if exercise["test"]:
        raise Refused(_("A test is handed in, not rated."))
    rated: Any = db.session.execute(update(SegmentAnswer).where(
        SegmentAnswer.attempt_id == (context.attempt_id or 0), SegmentAnswer.segment == segment, SegmentAnswer.committed_at.is_not(None))
        .values(rating=rating, errors=errors))
    if rated.rowcount != 1:
        raise Refused(_("Please commit your translation first: then you can compare and rate it."))
    ready = db.session.scalar(select(func.count()).select_from(SegmentAnswer).where(
        SegmentAnswer.attempt_id == context.attempt_id, SegmentAnswer.rating.is_not(None))) or 0
    if ready >= len(exercise["segments"]):
        done(context, item)


def hand_in_translation(*, by: Any, context: Any, item: dict[str, Any]) -> None:
    """Hand in a test: every segment committed. Handing in twice is harmless. Raises Refused."""
    if context.submitted_at is not None:
        return
    sat = sittings.sit(by, context, item)
    refuse_closed(context)
    exercise = exercise_of(context, item["id"])
    have = db.session.scalar(select(func.count()).select_from(SegmentAnswer).where(
        SegmentAnswer.attempt_id == (context.attempt_id or 0), SegmentAnswer.committed_at.is_not(None))) or 0
    if not exercise["test"] or have < len(exercise["segments"]):
        raise Refused(_("Please commit every segment before you hand in."))
    hand_over(context, item, sat)


def hand_over(context: Any, item: dict[str, Any], sat: sittings.Sat) -> None:
    """Note that a test was handed in, and give it to the tutors where there are any."""
    db.session.execute(update(Attempt).where(Attempt.id == context.attempt_id).values(submitted_at=clock.now()))
    done(context, item, marking.submit(context=context, item=item, sat=sat, attempt_id=context.attempt_id) if item.get("marked") else None)


def done(context: Any, item: dict[str, Any], waits_until: date | None = None) -> None:
    """Note that an exercise is done."""
    progress.touch(context.person_id, item["id"])
    progress.mark_done(context, item["id"], "handed_in")
    progress.fold_enrolment(context, item["id"], None, refold=True, waits_until=waits_until)


def refuse_handed_in(context: Any) -> None:
    """Raise Refused when the exercise has been handed in."""
    if context.submitted_at is not None:
        raise Refused(_("This has been handed in and can no longer be changed."))
