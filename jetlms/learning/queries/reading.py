"""What the reader's pages ask: where she is in a course, what she answered, what is done."""
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.sql.functions import aggregate_strings

from jetlms.core import policy
from jetlms.core.db import db, rows
from jetlms.core.errors import NotFound
from jetlms.learning.models import Answer, Attempt, Award, Course, Enrolment, Progress, Term
from jetlms.learning.releases import item_of

COURSE = (Course.slug, Course.title, Course.key.label("course_key"))
ENROLMENT = (
    Enrolment.id, Enrolment.person_id, Enrolment.opens_on, Enrolment.closes_on, Enrolment.due_on, Enrolment.required, Enrolment.done,
    Enrolment.minutes_left, Enrolment.started_at, Enrolment.last_at, Enrolment.completed_at, Enrolment.last_item, Enrolment.last_screen,
    Enrolment.reopened_at, Enrolment.employer_sees, Enrolment.via, Enrolment.behind_from, Enrolment.behind_why,
)
# Every page of the reader asks these, so they are put together once.
CONTEXT = (
    select(*COURSE, *ENROLMENT, Course.id.label("course_id"), func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"))
    .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == bindparam("reader")))
    .where(Course.slug == bindparam("slug")))
PROGRESS = (
    select(Progress.item_key, Progress.screens_seen, Progress.best, Progress.attempts, Progress.done_at)
    .where(Progress.person_id == bindparam("reader"), Progress.item_key.in_(bindparam("keys", expanding=True))))
ANSWERS = (
    select(Attempt.id, Attempt.release_id, Attempt.seed, Attempt.questions, Attempt.submitted_at, Attempt.percent, Attempt.passed,
           Attempt.started_at, Attempt.number, Answer.question_id, Answer.payload, Answer.right, Answer.score, Answer.seq, Answer.saved_at)
    .outerjoin(Answer, Answer.attempt_id == Attempt.id)
    .where(Attempt.person_id == bindparam("reader"), Attempt.item_key == bindparam("item"), Attempt.number == bindparam("number")))
ANSWERED = select(aggregate_strings(Answer.question_id, ",")).where(Answer.attempt_id == Attempt.id).scalar_subquery()
ANSWERING = (
    select(*COURSE, *ENROLMENT, Course.id.label("course_id"), func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"),
           Attempt.id.label("attempt_id"), Attempt.release_id.label("attempt_release_id"), Attempt.submitted_at, ANSWERED.label("answered_ids"))
    .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == bindparam("reader")))
    .outerjoin(Attempt, and_(Attempt.person_id == bindparam("reader"), Attempt.item_key == bindparam("item"),
                             Attempt.number == bindparam("number")))
    .where(Course.slug == bindparam("slug")))


def context(user: Any, slug: str) -> Any:
    """Return one row: the course, and the user's enrolment in it (`id` None when not enrolled). Raises NotFound."""
    row = rows(policy.narrow(CONTEXT, user, "courses.read"), reader=user.id, slug=slug).first()
    if row is None:
        raise NotFound
    return row


def answering(user: Any, slug: str, item_key: str, number: int, *, enrolled: bool = True) -> Any:
    """Return one row to answer by: enrolment, release, attempt (ids None when there is none yet), which questions are answered.

    Raises NotFound when the course is not visible or (unless `enrolled` is False: who only looks) she is not enrolled.
    """
    row = rows(policy.narrow(ANSWERING, user, "courses.read"), reader=user.id, slug=slug, item=item_key, number=number).first()
    if row is None or (enrolled and row.id is None):
        raise NotFound
    return row


def item_or_404(release_id: int, item_key: str) -> dict[str, Any]:
    """Return an item of the outline. Raises NotFound."""
    found = item_of(release_id, item_key)
    if found is None:
        raise NotFound
    return found


def progress_of(person_id: int, keys: list[str]) -> dict[str, Any]:
    """Return progress rows by item key."""
    return {row.item_key: row for row in rows(PROGRESS, reader=person_id, keys=keys)}


def answers_of(person_id: int, item_key: str, number: int) -> tuple[Any, dict[str, Any]]:
    """Return an attempt (a row, or None) and its answers by question id: one statement."""
    found = rows(ANSWERS, reader=person_id, item=item_key, number=number).all()
    return (found[0] if found else None), {row.question_id: row for row in found if row.question_id}


def award_of(user: Any, course_id: int) -> str | None:
    """Return the code of her certificate in a course, if she has one."""
    return db.session.scalar(select(Award.code).where(
        Award.person_id == user.id, Award.course_id == course_id, Award.revoked_at.is_(None)))


def own_enrolment(user: Any, enrolment_id: int | None) -> Enrolment:
    """Return her enrolment. Raises NotFound."""
    found = db.session.scalars(select(Enrolment).where(Enrolment.id == enrolment_id, policy.scope(user, "enrolments.study"))).one_or_none()
    if found is None:
        raise NotFound
    return found


def attempts_of(person_id: int, item_key: str) -> list[Any]:
    """Return the graded attempts at an item, oldest first."""
    return list(db.session.execute(
        select(Attempt.number, Attempt.started_at, Attempt.submitted_at, Attempt.percent, Attempt.passed)
        .where(Attempt.person_id == person_id, Attempt.item_key == item_key, Attempt.number > 0).order_by(Attempt.number)))


def catalogue(user: Any) -> list[Any]:
    """Return every course the user may read, with her enrolment if there is one."""
    return list(db.session.execute(
        select(*COURSE, Course.summary, *ENROLMENT, Course.id.label("course_id"), Course.release_id)
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == user.id))
        .where(policy.scope(user, "courses.read")).order_by(Course.id)))


def terms(course_id: int) -> list[Any]:
    """Return the glossary of a course in the order of its Japanese readings."""
    return list(db.session.execute(
        select(Term.key, Term.ja, Term.reading, Term.en, Term.note_ja, Term.note_en, Term.more).where(Term.course_id == course_id)
        .order_by(Term.reading, Term.key)))
