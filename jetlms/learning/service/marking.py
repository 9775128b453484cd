"""Tests and assignments from hand to hand: handed in, marked blind, marked twice where it matters, returned; revised once."""
import secrets
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, literal_column, select, update

from jetlms.core import clock, notices
from jetlms.core.db import db, landed, per_database, rows, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _, gettext
from jetlms.learning import progress as rules
from jetlms.learning import rubric
from jetlms.learning.assignments import places
from jetlms.learning.models import (
    Answer,
    Attempt,
    Course,
    CourseTutor,
    Mark,
    MarkComment,
    SegmentAnswer,
    Snippet,
    Submission,
    Take,
)
from jetlms.learning.releases import outline
from jetlms.learning.service import progress
from jetlms.learning.service.sittings import Sat
from jetlms.learning.workflow import MARKING

ROUNDS = 2                             # the test, and one revision
REVISE_DAYS = 14
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
KIND = {"marking": "first", "second_marking": "second", "moderation": "moderation"}
SNIPPETS = 100                         # of one tutor


def submit(*, context: Any, item: dict[str, Any], sat: Sat, attempt_id: int) -> date:
    """Hand a test or an assignment over to the tutors: what it is now, once. Returns the day by which they return it."""
    settings = outline(context.attempt_release_id or context.release_id)["marking"]
    earlier = db.session.scalar(select(func.max(Submission.round)).where(Submission.attempt_id == attempt_id)) or 0
    due_on = clock.today() + timedelta(days=settings["days"])
    db.session.add(Submission(
        number=new_number(), attempt_id=attempt_id, round=earlier + 1, person_id=context.person_id, course_id=context.course_id,
        release_id=context.attempt_release_id or context.release_id, module_key=item["module"], item_key=item["id"],
        kind=item["kind"], content=CONTENT[item["kind"]](attempt_id), due_on=due_on, late=sat.late,
        cap=sat.cap))
    return due_on


def _segments(attempt_id: int) -> dict[str, Any]:
    return dict(db.session.execute(select(SegmentAnswer.segment, SegmentAnswer.text).where(SegmentAnswer.attempt_id == attempt_id)).all())


def _takes(attempt_id: int) -> dict[str, Any]:
    return {part: {"token": token, "seconds": seconds} for part, token, seconds in db.session.execute(
        select(Take.part, Take.token, Take.seconds).where(Take.attempt_id == attempt_id)).all()}


def _answers(attempt_id: int) -> dict[str, Any]:
    return dict(db.session.execute(select(Answer.question_id, Answer.payload).where(Answer.attempt_id == attempt_id)).all())


CONTENT = {"translation": _segments, "interpreting": _takes, "task": _answers}        # kind of item → what it is now


def new_number() -> str:
    """Return a number by which something goes from hand to hand without a name."""
    return "".join(secrets.choice(LETTERS) for _n in range(6))


def take(*, by: Any, submission: Submission) -> None:
    """Take a test from the queue. Raises Refused when somebody else has it, or she marked it before."""
    if submission.state == "second_waiting" and _marked_by(submission, by.id):
        raise Refused(_("You have marked this already: a second opinion is somebody else’s."))
    MARKING.take(submission, "take_second" if submission.state == "second_waiting" else "take", by=by)
    submission.marker_id = by.id
    db.session.add(Mark(submission_id=submission.id, kind=KIND[submission.state], marker_id=by.id, scores={}))


def put_back(*, by: Any, submission: Submission) -> None:
    """Put a test back into the queue; the draft goes with it. Raises Refused."""
    mark = own_mark(by, submission)
    MARKING.take(submission, "put_back_second" if submission.state == "second_marking" else "put_back", by=by)
    submission.marker_id = None
    db.session.execute(delete(MarkComment).where(MarkComment.mark_id == mark.id))
    db.session.delete(mark)


def own_mark(by: Any, submission: Submission) -> Mark:
    """Return her draft of a test that lies before her. Raises Refused."""
    if submission.state == "moderation" and submission.marker_id is None:
        submission.marker_id = by.id
        db.session.add(Mark(submission_id=submission.id, kind="moderation", marker_id=by.id, scores={}))
        db.session.flush()
    found = db.session.scalars(select(Mark).where(
        Mark.submission_id == submission.id, Mark.kind == KIND.get(submission.state, ""), Mark.marker_id == by.id)).one_or_none()
    if found is None:
        raise Refused(_("This test does not lie before you. Take it from the queue first."))
    return found


def save_mark(*, by: Any, submission: Submission, scores: dict[str, int], remark: str, seq: int | None = None) -> bool:
    """Save the draft of a judgement; returns whether it was newer than what is there. Raises Refused."""
    mark = own_mark(by, submission)
    known = {criterion["id"] for criterion in rubric.criteria(submission.kind)}
    if not scores.keys() <= known or not all(0 <= level <= rubric.HIGHEST for level in scores.values()):
        raise Refused(_("There is no such level."))
    return rows(_draft(seq is not None), mark=mark.id, scores=scores, remark=remark, seq=seq or 0, saved_at=clock.now()).first() is not None


@per_database
def _draft(counted: bool) -> Any:  # noqa: FBT001
    from sqlalchemy import bindparam

    table: Any = Mark.__table__
    newer = (table.c.seq < bindparam("seq"),) if counted else ()
    return update(table).where(table.c.id == bindparam("mark"), *newer).values(
        scores=bindparam("scores", type_=table.c.scores.type), remark=bindparam("remark"), saved_at=bindparam("saved_at",
                                                                                                              type_=table.c.saved_at.type),
        seq=bindparam("seq") if counted else table.c.seq + 1 + bindparam("seq")).returning(literal_column("1"))


def comment(*, by: Any, submission: Submission, place: str, text: str, error: str = "", second: float | None = None) -> int:
    """Write a comment at a segment, a second or a paragraph; returns its id. The same again is the same. Raises Refused, NotFound."""
    mark = own_mark(by, submission)
    if place not in places(submission):
        raise NotFound
    twin = db.session.scalar(select(MarkComment.id).where(
        MarkComment.mark_id == mark.id, MarkComment.place == place, MarkComment.text == text, MarkComment.error == error))
    if twin is not None:
        return int(twin)
    made = MarkComment(mark_id=mark.id, place=place, text=text, error=error, second=second)
    db.session.add(made)
    db.session.flush()
    return made.id


def remove_comment(*, by: Any, submission: Submission, comment_id: int) -> None:
    """Take a comment of one's own draft away; twice is harmless. Raises Refused."""
    mark = own_mark(by, submission)
    db.session.execute(delete(MarkComment).where(MarkComment.id == comment_id, MarkComment.mark_id == mark.id))


def keep_snippet(*, by: Any, text: str) -> None:
    """Keep a sentence to use again. Raises Refused when there are too many."""
    if (db.session.scalar(select(func.count()).select_from(Snippet).where(Snippet.person_id == by.id)) or 0) >= SNIPPETS:
        raise Refused(_("You have a hundred snippets. Please remove one first."))
    landed(upsert(Snippet).values(person_id=by.id, text=text).on_conflict_do_nothing(index_elements=["person_id", "text"]))


def drop_snippet(*, by: Any, snippet_id: int) -> None:
    """Forget a sentence; twice is harmless."""
    db.session.execute(delete(Snippet).where(Snippet.id == snippet_id, Snippet.person_id == by.id))


def finish(*, by: Any, submission: Submission, ask_second: bool = False) -> str:
    """Finish one's judgement: the test goes back to its learner, to a second tutor or to the desk; returns its state. Raises Refused."""
    mark = own_mark(by, submission)
    missing = rubric.unscored(mark.scores, submission.kind)
    if missing:
        raise Refused(gettext("Please choose a level for every criterion: %(names)s.", names=", ".join(c["name"][_lang()] for c in missing)))
    mark.done_at = clock.now()
    points = rubric.score(mark.scores, submission.kind)
    pass_percent = outline(submission.release_id)["marking"]["pass_percent"]
    if submission.state == "marking" and (ask_second or (rubric.wants_second(points, pass_percent) and _others(submission, by.id))):
        MARKING.take(submission, "ask_second", by=by)
        submission.marker_id, submission.second_wanted = None, ask_second
        return submission.state
    if submission.state == "second_marking":
        first = db.session.scalars(select(Mark).where(Mark.submission_id == submission.id, Mark.kind == "first")).one()
        agreed = rubric.agreed(rubric.score(first.scores, submission.kind), points)
        if agreed is None:
            MARKING.take(submission, "disagree", by=by)
            submission.marker_id = None
            return submission.state
        points = agreed
    _give_back(submission, points, "decide" if submission.state == "moderation" else "give_back", by)
    return submission.state


def _lang() -> str:
    from jetlms.core.i18n import lang

    return lang()


def _give_back(submission: Submission, points: int, step: str, by: Any) -> None:
    """Return a test to its learner: its score, and whether the tests of the module are passed now."""
    MARKING.take(submission, step, by=by)
    submission.score, submission.returned_at, submission.marker_id = rubric.capped(points, submission.cap), clock.now(), None
    submission.took_days = round((submission.returned_at - submission.handed_in_at) / timedelta(days=1), 2)
    if submission.round < ROUNDS:
        submission.revise_until = clock.today() + timedelta(days=REVISE_DAYS)
    db.session.flush()
    course = db.session.get_one(Course, submission.course_id)
    notices.send("learning.marked", submission.person_id, dedup=f"learning.marked:{submission.id}", params={
        "course": course.title, "score": submission.score, "url_slug": course.slug, "url_item_key": submission.item_key})
    if submission.kind != "task":
        _note_module(submission)
    elif submission.score >= outline(submission.release_id)["marking"]["pass_percent"]:
        _pass(submission, submission.item_key)


def _note_module(submission: Submission) -> None:
    """Note that the tests of a module are passed, once: all returned, on average at or above the pass mark."""
    plan = outline(submission.release_id)
    module = next((m for m in plan["modules"] if m["id"] == submission.module_key), None)
    wanted = {item["id"] for item in rules.tests(module)} if module else set()
    best = dict(db.session.execute(
        select(Submission.item_key, func.max(Submission.score))
        .where(Submission.person_id == submission.person_id, Submission.item_key.in_(wanted), Submission.state == "returned")
        .group_by(Submission.item_key)).all())
    if not wanted or best.keys() != wanted or sum(score or 0 for score in best.values()) / len(best) < plan["marking"]["pass_percent"]:
        return
    _pass(submission, submission.module_key)


def _pass(submission: Submission, key: str) -> None:
    """Note that an item, or the tests of a module, are passed. Whoever was withdrawn meanwhile keeps the mark."""
    enrolment = progress.enrolment_of(submission.person_id, submission.course_id)
    if enrolment is None:
        return
    progress.touch(enrolment.person_id, key)
    if progress.mark_done(enrolment, key, "passed"):
        progress.fold_enrolment(enrolment, submission.item_key, None, refold=True)


def revise(*, by: Any, submission: Submission) -> None:
    """Open a returned test for its one revision. Twice is harmless. Raises Refused."""
    if submission.state != "returned" or submission.revise_until is None or submission.revise_until < clock.today():
        raise Refused(_("This test can no longer be revised."))
    newest = db.session.scalar(select(func.max(Submission.round)).where(Submission.attempt_id == submission.attempt_id))
    if newest != submission.round:
        return
    db.session.execute(update(Attempt).where(Attempt.id == submission.attempt_id, Attempt.person_id == by.id).values(submitted_at=None))


def _marked_by(submission: Submission, person_id: int) -> bool:
    return db.session.scalar(select(Mark.id).where(Mark.submission_id == submission.id, Mark.marker_id == person_id)) is not None


def _others(submission: Submission, person_id: int) -> bool:
    """Say whether the course has another tutor who could mark a second time."""
    return db.session.scalar(select(CourseTutor.person_id).where(
        CourseTutor.course_id == submission.course_id, CourseTutor.person_id.not_in([person_id, submission.person_id])).limit(1)) is not None
