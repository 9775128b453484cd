"""Begin cards, look at one, take a look back, put one aside. Every change of a card's state is a fold of its log."""
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from jetlms.core import clock
from jetlms.core.db import db, rows, upsert
from jetlms.core.db import per_database as once_per_database
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning import review
from jetlms.learning.models import Course, ReviewCard, ReviewLog, Term
from jetlms.learning.queries import review as queries
from jetlms.learning.releases import text as text_of

CARD: Any = ReviewCard.__table__
FOLDED = update(CARD).where(CARD.c.id == bindparam("card")).values({name: bindparam(name) for name in ("due_at", "reps", "lapses", "memory")})


def begin_cards(*, by: Any) -> int:
    """Begin with the new cards of today; returns how many. Twice on one day is harmless."""
    state = queries.today(by)
    room = review.NEW_A_DAY - state["new"]
    return _add(by, queries.candidates(by, room))


def _add(by: Any, found: list[tuple[str, int]]) -> int:
    if not found:
        return 0
    new = {"added_at": clock.now(), "due_at": clock.now(), "reps": 0, "lapses": 0, "memory": {}, "gone": False}
    made = db.session.execute(
        upsert(ReviewCard).values([{"person_id": by.id, "key": key, "course_id": course} | new for key, course in found])
        .on_conflict_do_nothing(index_elements=["person_id", "key"]).returning(literal_column("1"))).all()
    return len(made)


def add_term(*, by: Any, course: Course, term: str) -> None:
    """Put a word of a glossary into her review, or take it in again. Twice is harmless. Raises NotFound."""
    if db.session.scalar(select(Term.id).where(Term.course_id == course.id, Term.key == term)) is None:
        raise NotFound
    key = f"term:{course.key}:{term}:read"
    _add(by, [(key, course.id)])
    db.session.execute(update(ReviewCard).where(ReviewCard.person_id == by.id, ReviewCard.key == key).values(suspended_at=None))


def look(*, by: Any, card_id: int, rating: int, log_id: str, text: str = "", took_ms: int = 0, at: datetime | None = None) -> None:
    """Note a look at a card. The same id twice is one look. Raises NotFound, Refused for a rating there is not."""
    card = queries.one(by, card_id)
    if rating not in range(1, 5):
        raise Refused(_("Please say how well you knew it."))
    _note(by, card, id=log_id, rating=rating, undoes="", text=text[:400], took_ms=max(0, min(took_ms, 3_600_000)), at=review.when(at, clock.now()))


def undo(*, by: Any) -> None:
    """Take the last look of today back. Raises Refused when there is none."""
    last = queries.latest(by)
    if last is None:
        raise Refused(_("There is nothing to take back."))
    _note(by, queries.one(by, last.card_id), id=str(uuid.uuid4()), rating=0, undoes=last.id, text="", took_ms=0, at=clock.now())


def _note(by: Any, card: Any, **values: Any) -> None:
    rows(_log(), card_id=card.id, person_id=by.id, arrived_at=clock.now(), **values)
    refold(card)


@once_per_database
def _log() -> Any:
    """Return the statement that adds to the log; the same id again adds nothing."""
    return upsert(ReviewLog.__table__).on_conflict_do_nothing(index_elements=["id"])


def refold(card: Any) -> None:
    """Compute a card's state anew from its log. `card`: its id and added_at."""
    state = review.fold(queries.logs(card.id)) or {"due_at": card.added_at, "reps": 0, "lapses": 0, "memory": {}}
    rows(FOLDED, card=card.id, **state)


def find_gone(course: Course) -> None:
    """Say of every card of a course whether its release still has what the card asks: what is gone waits for nobody."""
    cards = db.session.execute(select(ReviewCard.key, ReviewCard.gone).where(ReviewCard.course_id == course.id).distinct()).all()
    terms = set(db.session.scalars(select(Term.key).where(Term.course_id == course.id)))
    for key, gone in cards:
        kind, what, part = key.split(":")[:3]
        page = None if kind == "term" else text_of(course.release_id or 0, what, "en")
        there = {"term": part in terms, "item": bool(page and part in page["questions"]),
                 "own": bool(page and page["exercise"] and any(s["id"] == part for s in page["exercise"]["segments"]))}[kind]
        if gone is there:
            db.session.execute(update(ReviewCard).where(ReviewCard.course_id == course.id, ReviewCard.key == key).values(gone=not there))


def suspend(*, by: Any, card: ReviewCard, back: bool) -> None:
    """Put a card aside, or take it in again; its log stays."""
    del by
    card.suspended_at = None if back else card.suspended_at or clock.now()


def refold_cards(person_id: int) -> None:
    """Compute all cards of one person anew (`./jet courses rebuild`)."""
    for card in db.session.execute(select(ReviewCard.id, ReviewCard.added_at).where(ReviewCard.person_id == person_id)).all():
        refold(card)
