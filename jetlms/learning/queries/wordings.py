"""Wordings that learners asked to be accepted: her own about a question, and the authors' queue, one line for the same answer."""
from typing import Any

from sqlalchemy import func, select, tuple_

from jetlms.core import policy
from jetlms.core.db import db
from jetlms.learning.models import Course, WordingRequest
from jetlms.learning.releases import item_of, text

PAGE = 30


def own(user: Any, question_id: str, folded: str) -> Any:
    """Return her request for an answer, or None."""
    return db.session.execute(
        select(WordingRequest.id, WordingRequest.state, WordingRequest.reason, WordingRequest.sent_at)
        .where(policy.scope(user, "wordings.send"), WordingRequest.person_id == user.id, WordingRequest.question_id == question_id,
               WordingRequest.folded == folded)).first()


def queue(user: Any) -> list[dict[str, Any]]:
    """Return what waits, one entry for each answer to a question, the most asked first; one more than a page. Two statements.

    {"id" of one of its rows, "people", "payload", "remarks", "earlier": what was decided about the same before, "question": its source,
    "accepted": [(language, what it takes so far)], "item": line of the outline, "row": course and item}
    """
    groups = db.session.execute(
        select(WordingRequest.question_id, WordingRequest.folded, func.count().label("people"), func.min(WordingRequest.id).label("first"))
        .where(policy.scope(user, "wordings.decide"), WordingRequest.state == "waiting")
        .group_by(WordingRequest.question_id, WordingRequest.folded)
        .order_by(func.count().desc(), func.min(WordingRequest.id)).limit(PAGE + 1)).all()
    found = db.session.execute(
        select(WordingRequest.id, WordingRequest.question_id, WordingRequest.folded, WordingRequest.payload, WordingRequest.remark,
               WordingRequest.state, WordingRequest.reason, WordingRequest.release_id, WordingRequest.item_key, Course.slug, Course.title)
        .join(Course, Course.id == WordingRequest.course_id).where(policy.scope(user, "wordings.decide"), tuple_(
            WordingRequest.question_id, WordingRequest.folded).in_([(g.question_id, g.folded) for g in groups]))
        .order_by(WordingRequest.id)).all() if groups else []
    return [_entry(group, [row for row in found if (row.question_id, row.folded) == (group.question_id, group.folded)]) for group in groups]


def _entry(group: Any, same: list[Any]) -> dict[str, Any]:
    row = next(row for row in same if row.id == group.first)
    shown = text(row.release_id, row.item_key, "en")
    question = shown["questions"].get(row.question_id) if shown else None
    return {
        "id": row.id, "people": group.people, "payload": row.payload, "row": row, "item": item_of(row.release_id, row.item_key),
        "remarks": [r.remark for r in same if r.remark and r.state == "waiting"],
        "earlier": next((r for r in reversed(same) if r.state != "waiting"), None),
        "question": question, "accepted": _accepted(question) if question else [],
    }


def _accepted(question: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a question takes so far, by language; what is the same in both is said once."""
    if question["type"] == "cloze":
        found = {lang: "  ".join(f"{n}. {' | '.join(gap)}" for n, gap in enumerate(gaps, 1)) for lang, gaps in question["gaps"].items()}
    else:
        found = {lang: " | ".join(a["answer"] for a in answers if a["kind"] != "!") for lang, answers in question["accepted"].items()}
    return [(lang, words) for n, (lang, words) in enumerate(found.items()) if words not in [*found.values()][:n]]
