"""Regrade after a key was mended: what becomes higher counts, what would become lower waits for the learner's yes."""
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock, notices
from jetlms.core.db import db, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.learning import grading
from jetlms.learning.models import Answer, Attempt, Course, Regrade
from jetlms.learning.queries import analysis
from jetlms.learning.releases import outline
from jetlms.learning.service import progress
from jetlms.learning.service.attempts import sources


@dataclass(frozen=True)
class Proposal:
    """What the keys of today make of one attempt: percent before and after, and the marks that change."""

    attempt: Any
    before: int
    after: int
    marks: dict[str, list[float]]
    carried: bool              # False: an option was replaced, so an answer to it could not be judged and stays as it was


def proposals(course: Course) -> list[Proposal]:
    """Return the attempts whose result the keys of the running release would change."""
    affected = analysis.attempts_with_other_keys(course)
    answers = analysis.answers_of([attempt.id for attempt, _changed in affected])
    made = [_proposal(course, attempt, changed, answers.get(attempt.id, [])) for attempt, changed in affected]
    return [proposal for proposal in made if proposal.after != proposal.before]


def _proposal(course: Course, attempt: Any, changed: set[str], answers: list[Any]) -> Proposal:
    old, new = sources(attempt.release_id, attempt.item_key), sources(course.release_id or 0, attempt.item_key)
    marks: dict[str, list[float]] = {}
    points, carried = 0.0, True
    for row in answers:
        score = float(row.score or 0)
        if row.question_id in changed:
            mark = remarked(old.get(row.question_id), new.get(row.question_id), row.payload)
            carried = carried and mark is not None
            if mark is not None and (float(mark.score), mark.right) != (score, row.right):
                marks[row.question_id] = [float(mark.score), float(bool(mark.right))]
                score = float(mark.score)
        points += score
    after = round(100 * points / len(attempt.questions)) if attempt.questions else 0
    return Proposal(attempt, attempt.percent or 0, after if marks else attempt.percent or 0, marks, carried)


def remarked(old: Any, new: Any, payload: Any) -> Any:
    """Return the mark that an answer to the old question gets by the new key; None when it cannot be judged by it."""
    if old is None or new is None or old["type"] != new["type"]:
        return None
    try:
        return grading.mark(new, _carried(old, new, payload))
    except (grading.BadPayload, KeyError):
        return None


def _carried(old: Any, new: Any, payload: Any) -> Any:
    """Return an answer with the keys of the new question: an option is the same one when it says the same. Raises KeyError."""
    if "options" not in old or old["type"] == "truefalse":
        return payload
    lefts = _same(old, new, "key", "html")
    if isinstance(payload, dict):
        rights = _same(old, new, "pair", "partner")
        return {lefts[left]: rights[right] for left, right in payload.items()}
    if isinstance(payload, list):
        return [lefts[key] if key else "" for key in payload]
    return lefts[payload]


def _same(old: Any, new: Any, name: str, text: str) -> dict[str, str]:
    """Return old key → new key of options that say the same. One that was only reworded keeps its key, if nothing else came in its place."""
    said = [{tuple(sorted(option[text].items())): option[name] for option in source["options"]} for source in (old, new)]
    found = {key: said[1][words] for words, key in said[0].items() if words in said[1]}
    free = {key for words, key in said[1].items() if words not in said[0]}
    return found | {key: key for key in said[0].values() if key not in found and key in free and len(said[0]) == len(said[1])}


def regrade(*, by: Any, course: Course, release_id: int, reason: str) -> tuple[int, int]:
    """Apply the keys of the running release, which the numbers were confirmed for; returns (raised, offered). Raises Refused.

    Twice is harmless: an attempt is judged once by the keys of a release.
    """
    if release_id != course.release_id:
        raise Refused(_("Another release was published since you looked at the numbers. Please look at them again."))
    if not reason.strip():
        raise Refused(_("Please write a reason: the learners read it."))
    raised = offered = 0
    for proposal in proposals(course):
        higher = proposal.after > proposal.before
        number = _keep(by, course, proposal, "raised" if higher else "offered", reason.strip())
        if number is None:
            continue
        if higher:
            _apply(proposal.attempt, proposal.after, proposal.marks)
            _count(course, proposal.attempt, proposal.after)
            raised += 1
        else:
            offered += 1
        _tell(course, proposal, number, reason.strip(), higher=higher)
    audit.record("courses.regrade", course, by=by, note=reason.strip(), detail={"release": release_id, "raised": raised, "offered": offered})
    return raised, offered


def _keep(by: Any, course: Course, proposal: Proposal, state: str, reason: str) -> int | None:
    """Write the decision; None when this attempt was judged by this release before."""
    found = db.session.scalar(upsert(Regrade).values(
        attempt_id=proposal.attempt.id, release_id=course.release_id, person_id=proposal.attempt.person_id, before=proposal.before,
        after=proposal.after, marks=proposal.marks, state=state, reason=reason, made_by=by.id, made_at=clock.now(),
        decided_at=clock.now() if state == "raised" else None,
    ).on_conflict_do_nothing(index_elements=["attempt_id", "release_id"]).returning(Regrade.id))
    return int(found) if found is not None else None


def _apply(attempt: Any, after: int, marks: dict[str, list[float]]) -> None:
    needed = outline(attempt.release_id)["mastery"]["pass_percent"]
    db.session.execute(update(Attempt).where(Attempt.id == attempt.id).values(percent=after, passed=after >= needed))
    for question, (score, right) in marks.items():
        db.session.execute(update(Answer).where(Answer.attempt_id == attempt.id, Answer.question_id == question)
                           .values(score=score, right=bool(right)))


def _count(course: Course, attempt: Any, percent: int) -> None:
    """Let a higher result count: as an event, so that the fold of events says the same; passing by it is done."""
    progress.note("regraded", person_id=attempt.person_id, course_id=course.id, item_key=attempt.item_key,
                  release_id=course.release_id or 0, percent=percent, number=attempt.number)
    progress.touch(attempt.person_id, attempt.item_key, best=percent)
    enrolment = progress.enrolment_of(attempt.person_id, course.id)
    if percent >= outline(attempt.release_id)["mastery"]["pass_percent"] and enrolment is not None \
            and progress.mark_done(enrolment, attempt.item_key, "passed"):
        progress.fold_enrolment(enrolment, attempt.item_key, None, refold=True)


def _tell(course: Course, proposal: Proposal, number: int, reason: str, *, higher: bool) -> None:
    attempt = proposal.attempt
    params: dict[str, Any] = {"course": course.title, "before": proposal.before, "after": proposal.after, "reason": reason}
    if higher:
        links = {"url_slug": course.slug, "url_item_key": attempt.item_key, "url_number": attempt.number}
        notices.send("learning.regraded", attempt.person_id, dedup=f"learning.regraded:{number}", params=params | links)
    else:
        notices.send("learning.regrade_offer", attempt.person_id, dedup=f"learning.regrade_offer:{number}", params=params | {"url_id": number})


def answer_regrade(*, regrade: Regrade, accept: bool) -> None:
    """Accept a lower result, or keep the old one. What is done stays done either way; the first answer counts. Raises Refused."""
    now = db.session.scalar(select(Attempt.percent).where(Attempt.id == regrade.attempt_id))
    if accept and regrade.state == "offered" and now != regrade.before:
        raise Refused(_("This result has changed since you were asked. It stays as it is."))
    done: Any = db.session.execute(update(Regrade).where(Regrade.id == regrade.id, Regrade.state == "offered").values(
        state="accepted" if accept else "kept", decided_at=clock.now()))
    if done.rowcount != 1 or not accept:
        return
    attempt = db.session.execute(select(Attempt.id, Attempt.release_id).where(Attempt.id == regrade.attempt_id)).one()
    _apply(attempt, regrade.after, regrade.marks)
