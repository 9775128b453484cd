"""Speak a part of a speech: take it in pieces, keep it when it is whole and can be heard, rate or delete it, hand in a test."""
import hashlib
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from jetlms.core import clock, files
from jetlms.core.db import db, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _, gettext
from jetlms.learning import sound
from jetlms.learning.models import Take, TakePiece
from jetlms.learning.service import progress, sittings
from jetlms.learning.service.attempts import practice_attempt, refuse_closed
from jetlms.learning.service.translating import done, exercise_of, hand_over, refuse_handed_in

PIECE = 256 * 1024                     # bytes of one piece: eight seconds
LARGEST_TAKE = 10 * 1024 * 1024             # bytes of a take: five minutes of 16 kHz
KEPT_DAYS = 365                        # a take is deleted a year after it was recorded
PIECES_FOR = timedelta(days=7)         # what never became whole
WHY = {
    "container": _("This is not a recording we can play: please send WAV (16 bit)."),
    "short": _("This take is shorter than three seconds. Please say the whole part."),
    "long": _("This take is longer than five minutes. Please record it again, shorter."),
    "silent": _("Almost nothing can be heard on this take. Please check the microphone and record again."),
}


class Unfit(Exception):
    """What was sent is no take; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Missing(Exception):
    """Pieces have not arrived yet; `numbers` says which."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(str(numbers))
        self.numbers = numbers


def part_of(context: Any, item_key: str, part: str) -> dict[str, Any]:
    """Return one part of a speech. Raises NotFound."""
    found = next((p for p in exercise_of(context, item_key).get("parts", ()) if p["id"] == part), None)
    if found is None:
        raise NotFound
    return found


def keep_piece(*, by: Any, context: Any, item: dict[str, Any], part: str, key: str, number: int, data: bytes) -> None:
    """Keep one piece of a take; the same piece twice is one. Raises Unfit, Refused, NotFound."""
    _open(by, context, item, part)
    if not data or len(data) > PIECE or number * PIECE >= LARGEST_TAKE:
        raise Unfit(str(WHY["long"]))
    db.session.execute(upsert(TakePiece).values(person_id=by.id, key=key, number=number, data=data, arrived_at=clock.now())
                       .on_conflict_do_nothing(index_elements=["person_id", "key", "number"]))


def finish_take(*, by: Any, context: Any, item: dict[str, Any], part: str, key: str, pieces: int, sha256: str) -> Any:
    """Put the pieces together and keep the take when it is what was sent; returns it. Raises Missing, Unfit, Refused, NotFound."""
    _open(by, context, item, part)
    have = _take(context, part)
    if have is not None and have.key == key:
        return have
    rows = dict(db.session.execute(
        select(TakePiece.number, TakePiece.data).where(TakePiece.person_id == by.id, TakePiece.key == key)).all())
    missing = [number for number in range(pieces) if number not in rows]
    if missing:
        raise Missing(missing)
    data = b"".join(rows[number] for number in range(pieces))
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unfit(gettext("The recording did not arrive as it was sent. Please send it again."))
    take = keep_take(by=by, context=context, item=item, part=part, key=key, data=data)
    db.session.execute(delete(TakePiece).where(TakePiece.person_id == by.id, TakePiece.key == key))
    return take


def keep_take(*, by: Any, context: Any, item: dict[str, Any], part: str, key: str, data: bytes) -> Any:
    """Keep a take in the place of an earlier one of the same part; returns it. Raises Unfit, Refused, NotFound."""
    _open(by, context, item, part)
    try:
        lasts = sound.seconds(data)
    except sound.Unfit as why:
        raise Unfit(str(WHY[why.code])) from None
    attempt_id = context.attempt_id or practice_attempt(by, context, item, kind="interpreting")
    earlier = db.session.scalars(select(Take).where(Take.attempt_id == attempt_id, Take.part == part)).one_or_none()
    if earlier is not None:
        files.drop(earlier.token)
        db.session.delete(earlier)
        db.session.flush()
    kept = files.store(data, f"{item['id']}-{part}.wav", by=by, accept=("wav",), max_bytes=LARGEST_TAKE)
    take = Take(attempt_id=attempt_id, part=part, key=key, token=kept.token, sha256=kept.sha256, seconds=lasts,
                deletes_on=clock.today() + timedelta(days=KEPT_DAYS))
    db.session.add(take)
    db.session.flush()
    kept.owner_type, kept.owner_id = "take", take.id
    if earlier is None:
        progress.note("answered", person_id=by.id, course_id=context.course_id, item_key=item["id"], release_id=context.release_id,
                      question=part)
        progress.touch(by.id, item["id"])
    progress.fold_enrolment(context, item["id"], None, refold=False)
    return take


def rate_take(*, context: Any, item: dict[str, Any], part: str, rating: int, errors: list[str]) -> None:
    """Rate one's own take of a practice; when the last one is rated, the exercise is done. Raises Refused, NotFound."""
    refuse_closed(context)
    part_of(context, item["id"], part)
    exercise = exercise_of(context, item["id"])
    if exercise["test"]:
        raise Refused(_("A test is handed in, not rated."))
    rated: Any = db.session.execute(
        update(Take).where(Take.attempt_id == (context.attempt_id or 0), Take.part == part).values(rating=rating, errors=errors))
    if rated.rowcount != 1:
        raise Refused(_("Please record this part first: then you can compare and rate it."))
    if _count(context, Take.rating.is_not(None)) >= len(exercise["parts"]):
        done(context, item)


def delete_take(*, context: Any, item: dict[str, Any], part: str) -> None:
    """Delete one's own take for good, handed in or not. Deleting twice is harmless. Raises NotFound."""
    part_of(context, item["id"], part)
    take = _take(context, part)
    if take is not None:
        files.drop(take.token)
        db.session.delete(take)


def hand_in_takes(*, by: Any, context: Any, item: dict[str, Any]) -> None:
    """Hand in a spoken test: every part has its take. Handing in twice is harmless. Raises Refused."""
    if context.submitted_at is not None:
        return
    sat = sittings.sit(by, context, item)
    refuse_closed(context)
    exercise = exercise_of(context, item["id"])
    if not exercise["test"] or _count(context) < len(exercise["parts"]):
        raise Refused(_("Please record every part before you hand in."))
    hand_over(context, item, sat)


def arrived(*, by: Any, key: str) -> list[int]:
    """Return the numbers of the pieces of a take that have arrived."""
    return list(db.session.scalars(
        select(TakePiece.number).where(TakePiece.person_id == by.id, TakePiece.key == key).order_by(TakePiece.number)))


def delete_old_takes(today: date) -> None:
    """Delete takes whose day has come, and pieces that never became one."""
    for take in db.session.scalars(select(Take).where(Take.deletes_on <= today)):
        files.drop(take.token)
        db.session.delete(take)
    db.session.execute(delete(TakePiece).where(TakePiece.arrived_at < clock.now() - PIECES_FOR))


def _open(by: Any, context: Any, item: dict[str, Any], part: str) -> None:
    refuse_handed_in(context)
    refuse_closed(context)
    sittings.sit(by, context, item)
    part_of(context, item["id"], part)


def _take(context: Any, part: str) -> Take | None:
    return db.session.scalars(select(Take).where(Take.attempt_id == (context.attempt_id or 0), Take.part == part)).one_or_none()


def _count(context: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(Take).where(Take.attempt_id == context.attempt_id, *conditions)) or 0
