"""“Mine should be accepted”: a learner's answer goes to the authors, who decide once for everybody who gave the same."""
import json
from typing import Any

from sqlalchemy import update

from jetlms.core import audit, clock, notices
from jetlms.core.db import db, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning.coursefiles.folding import fold
from jetlms.learning.coursefiles.numbers import number
from jetlms.learning.models import Course, WordingRequest

TYPES = frozenset({"text", "cloze", "number"})         # what is typed; where one chooses there is nothing to add


def send_wording(*, by: Any, context: Any, release_id: int, item_key: str, question: dict[str, Any], answer: Any, remark: str) -> None:
    """Send her answer to the authors. `answer`: a row of queries.reading.answers_of. The same answer again changes nothing. Raises NotFound."""
    if answer is None or answer.right is not False or question["type"] not in TYPES:
        raise NotFound
    db.session.execute(upsert(WordingRequest).values(
        person_id=by.id, course_id=context.course_id, release_id=release_id, item_key=item_key, question_id=question["id"],
        payload=answer.payload, folded=folded(question, answer.payload), remark=remark, sent_at=clock.now(), state="waiting", reason="",
    ).on_conflict_do_nothing(index_elements=["person_id", "question_id", "folded"]))


def folded(question: dict[str, Any], payload: Any) -> str:
    """Return an answer as the queue groups it: what the question itself would take as the same."""
    if question["type"] == "number":
        value = number(payload)
        return payload.strip() if value is None else str(value.normalize())
    typed = payload if isinstance(payload, list) else [payload]
    return json.dumps([fold(text, question["fold"]) for text in typed], ensure_ascii=False)


def decide_wording(*, by: Any, wording: WordingRequest, state: str, reason: str = "") -> int:
    """Decide about an answer for everybody who waits with it, and tell them; returns how many. The course itself is changed by its author.

    Raises Refused when somebody was faster.
    """
    waiting = (WordingRequest.question_id == wording.question_id, WordingRequest.folded == wording.folded, WordingRequest.state == "waiting")
    decided = db.session.execute(update(WordingRequest).where(*waiting).values(
        state=state, reason=reason, decided_by=by.id, decided_at=clock.now()).returning(WordingRequest.id, WordingRequest.person_id)).all()
    if not decided:
        raise Refused(_("Somebody was faster. Please look at the present state."))
    course = db.session.get_one(Course, wording.course_id)
    params = {"course": course.title, "answer": shown(wording.payload), "reason": reason, "url_slug": course.slug, "url_item_key": wording.item_key}
    notices.send_all(f"learning.wording_{state}", [(row.person_id, f"learning.wording:{row.id}", params) for row in decided])
    audit.record("wordings.decide", wording, by=by, to_state=state, note=reason,
                 detail={"question": wording.question_id, "answer": wording.folded, "people": len(decided)})
    return len(decided)


def shown(payload: Any) -> str:
    """Return an answer as it is shown in one line."""
    return " / ".join(text or "–" for text in payload) if isinstance(payload, list) else str(payload)
