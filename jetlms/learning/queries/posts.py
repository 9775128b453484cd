"""Questions and answers at lessons: the list of a course with open ones first, one question with its answers, what waits for authors and desk."""
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from jetlms.core import policy
from jetlms.core.db import db
from jetlms.learning.models import Course, LessonPost, PostReport
from jetlms.people.models import Person

PAGE = 30
ANSWER = LessonPost.__table__.alias("answer")
ANSWERS = select(func.count()).where(ANSWER.c.question_id == LessonPost.id, ANSWER.c.state == "shown").scalar_subquery()
SOLVED = case((LessonPost.accepted_id.is_(None), 0), else_=1)
LINE = (
    select(LessonPost.id, LessonPost.title, LessonPost.item_key, LessonPost.created_at, LessonPost.staff, SOLVED.label("solved"),
           ANSWERS.label("answers"), Person.display_name, Course.slug, Course.title.label("course_title"), Course.release_id)
    .join(Person, Person.id == LessonPost.person_id).join(Course, Course.id == LessonPost.course_id)
    .where(LessonPost.question_id.is_(None), LessonPost.state == "shown"))


def of_course(user: Any, course_id: int, *, item_key: str = "", after: str = "") -> list[Any]:
    """Return the questions of a course (or of one item), open ones first, newest first; one more than a page."""
    query = LINE.where(policy.scope(user, "lesson_posts.read"), LessonPost.course_id == course_id)
    if item_key:
        query = query.where(LessonPost.item_key == item_key)
    solved, _tilde, number = after.partition("~")
    if solved in {"0", "1"} and number.isascii() and number.isdigit() and len(number) < 18:  # noqa: PLR2004 -- what a column holds
        query = query.where(or_(SOLVED > int(solved), and_(SOLVED == int(solved), LessonPost.id < int(number))))
    return list(db.session.execute(query.order_by(SOLVED, LessonPost.id.desc()).limit(PAGE + 1)))


def key(row: Any) -> str:
    """Return the key of a row, from which the next page goes on."""
    return f"{row.solved}~{row.id}"


def waiting(user: Any, *, after: int = 0) -> list[Any]:
    """Return open questions of all courses, oldest first: who has waited longest comes first. One more than a page."""
    return list(db.session.execute(
        LINE.where(policy.scope(user, "lesson_posts.tend"), LessonPost.accepted_id.is_(None), LessonPost.id > after)
        .order_by(LessonPost.id).limit(PAGE + 1)))


def reported(user: Any) -> list[Any]:
    """Return what was reported and not looked at yet: one row a report, the post with it."""
    return list(db.session.execute(
        select(LessonPost.id, LessonPost.question_id, LessonPost.title, LessonPost.html, LessonPost.state, PostReport.reason, PostReport.at,
               Person.display_name)
        .join(PostReport, PostReport.post_id == LessonPost.id).join(Person, Person.id == LessonPost.person_id)
        .where(policy.scope(user, "lesson_posts.hide"), PostReport.settled_at.is_(None)).order_by(PostReport.post_id, PostReport.at).limit(100)))


def thread(question: LessonPost) -> tuple[Any, list[Any]]:
    """Return a question and its answers: the accepted one first, then in their order. One statement."""
    found = db.session.execute(
        select(LessonPost.id, LessonPost.title, LessonPost.html, LessonPost.staff, LessonPost.state, LessonPost.created_at, LessonPost.edited_at,
               LessonPost.person_id, LessonPost.accepted_id, LessonPost.item_key, LessonPost.question_id, Person.display_name, Course.slug,
               Course.title.label("course_title"), Course.release_id)
        .join(Person, Person.id == LessonPost.person_id).join(Course, Course.id == LessonPost.course_id)
        .where(or_(LessonPost.id == question.id, LessonPost.question_id == question.id)).order_by(LessonPost.id)).all()
    asked = next(row for row in found if row.id == question.id)
    return asked, sorted((row for row in found if row.id != question.id), key=lambda row: (row.id != asked.accepted_id, row.id))
