"""Begin cards, look at one, take a look back, put one aside. Every change of a card's state is a fold of its log."""
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, select, update

from jetlms.core import clock
from jetlms.core.db import db, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning import review
from jetlms.learning.models import Course, ReviewCard, ReviewLog, Term
from jetlms.learning.queries import review as queries


def begin_cards(*, by: Any) -> int:
    """Begin with the new cards of today; returns how many. Twice on one day is harmless."""
    state = queries.today(by)
    room = review.NEW_A_DAY - state["new"]
    return _add(by, queries.candidates(by, room))


def _add(by: Any, found: list[tuple[str, int]]) -> int:
    if not found:
        return 0
    made = db.session.execute(upsert(ReviewCard).values([
        {"person_id": by.id, "key": key, "course_id": course, "added_at": clock.now(), "due_at": clock.now(), "reps": 0, "lapses": 0, "memory": {}}
        for key, course in found]).on_conflict_do_nothing(index_elements=["person_id", "key"]).returning(literal_column("1"))).all()
    return len(made)


def add_term(*, by: Any, course: Course, term: str) -> None:
    """Put a word of a glossary into her review, or take it in again. Twice is harmless. Raises NotFound."""
    if db.session.scalar(select(Term.id).where(Term.course_id == course.id, Term.key == term)) is None:
        raise NotFound
    key = f"term:{course.key}:{term}:read"
    _add(by, [(key, course.id)])
    db.session.execute(update(ReviewCard).where(ReviewCard.person_id == by.id, ReviewCard.key == key).values(suspended_at=None))


def look(*, by: Any, card: ReviewCard, rating: int, log_id: str, text: str = "", took_ms: int = 0, at: datetime | None = None) -> None:
    """Note a look at a card. The same id twice is one look. Raises Refused for a rating there is not."""
    if rating not in range(1, 5):
        raise Refused(_("Please say how well you knew it."))
    _note(by, card, id=log_id, rating=rating, undoes="", text=text[:400], took_ms=max(0, min(took_ms, 3_600_000)), at=review.when(at, clock.now()))


def undo(*, by: Any) -> None:
    """Take the last look of today back. Raises Refused when there is none."""
    last = queries.latest(by)
    if last is None:
        raise Refused(_("There is nothing to take back."))
    _note(by, db.session.get_one(ReviewCard, last.card_id), id=str(uuid.uuid4()), rating=0, undoes=last.id, text="", took_ms=0, at=clock.now())


def _note(by: Any, card: ReviewCard, **values: Any) -> None:
    db.session.execute(upsert(ReviewLog).values(card_id=card.id, person_id=by.id, arrived_at=clock.now(), **values)
                       .on_conflict_do_nothing(index_elements=["id"]))
    refold(card)


def refold(card: ReviewCard) -> None:
    """Compute a card's state anew from its log."""
    logs = db.session.execute(select(ReviewLog.id, ReviewLog.rating, ReviewLog.undoes, ReviewLog.at).where(ReviewLog.card_id == card.id)).all()
    state = review.fold(logs) or {"due_at": card.added_at, "reps": 0, "lapses": 0, "memory": {}}
    for name, value in state.items():
        setattr(card, name, value)


def suspend(*, by: Any, card: ReviewCard, back: bool) -> None:
    """Put a card aside, or take it in again; its log stays."""
    del by
    card.suspended_at = None if back else card.suspended_at or clock.now()


def refold_cards(person_id: int) -> None:
    """Compute all cards of one person anew (`./jet courses rebuild`)."""
    for card in db.session.scalars(select(ReviewCard).where(ReviewCard.person_id == person_id)):
        refold(card)
