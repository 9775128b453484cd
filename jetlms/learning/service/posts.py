"""Ask at a lesson, answer, change, withdraw, mark the answer that solved it; report to the desk, hide, show again."""
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from jetlms.core import audit, clock, markup, notices, policy
from jetlms.core.db import db, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning.models import Course, LessonPost, PostReport
from jetlms.learning.workflow import POST

EDIT_FOR = timedelta(minutes=30)


def ask(*, by: Any, course_id: int, item_key: str, title: str, text: str) -> LessonPost:
    """Ask a question at an item."""
    return _write(LessonPost(course_id=course_id, item_key=item_key, person_id=by.id, title=" ".join(title.split()), text=text,
                             html=markup.letter(text), staff=_is_staff(by)))


def reply(*, by: Any, question: LessonPost, text: str) -> LessonPost:
    """Answer a question; whoever asked is told. Raises Refused, NotFound."""
    if question.question_id is not None:
        raise NotFound
    _refuse_gone(question)
    made = _write(LessonPost(course_id=question.course_id, item_key=question.item_key, question_id=question.id, person_id=by.id, text=text,
                             html=markup.letter(text), staff=_is_staff(by)))
    if question.person_id != by.id:
        course = db.session.get_one(Course, question.course_id)
        notices.send("learning.answered", question.person_id, dedup=f"learning.answered:{made.id}", params={
            "who": by.name, "title": question.title, "course": course.title, "url_id": question.id})
    return made


def _write(post: LessonPost) -> LessonPost:
    db.session.add(post)
    db.session.flush()
    return post


def _is_staff(by: Any) -> bool:
    return policy.can(by, "lesson_posts.tend")


def may_edit(post: Any) -> bool:
    """Say whether its writer may still change it."""
    return post.state == "shown" and clock.now() - post.created_at < EDIT_FOR


def refuse_late(post: LessonPost) -> None:
    """Raise Refused when its writer may no longer change it."""
    _refuse_gone(post)
    if not may_edit(post):
        raise Refused(_("What you wrote can be changed for 30 minutes. You can add to it in a new answer, or withdraw it."))


def edit(*, post: LessonPost, text: str, title: str = "") -> None:
    """Change what one wrote, within half an hour: later, others have read and answered it. Raises Refused."""
    refuse_late(post)
    title = " ".join(title.split()) if post.question_id is None else ""
    if (text, title) != (post.text, post.title):
        post.text, post.title, post.html, post.edited_at = text, title, markup.letter(text), clock.now()
        db.session.flush()


def withdraw_post(*, by: Any, post: LessonPost) -> None:
    """Take back what one wrote: its place says so. Raises Refused."""
    POST.take(post, "withdraw", by=by)
    _no_longer_accepted(post)


def accept(*, by: Any, post: LessonPost, on: bool) -> LessonPost:
    """Mark the answer that solved a question, or take the mark away; returns the question. Twice is harmless. Raises Refused, NotFound."""
    if post.question_id is None:
        raise NotFound
    question = db.session.get_one(LessonPost, post.question_id)
    _refuse_gone(question)
    _refuse_gone(post)
    wanted = post.id if on else None
    if on or question.accepted_id == post.id:
        question.accepted_id = wanted
    if db.session.is_modified(question):
        audit.record("lesson_posts.accept", question, by=by, detail={"answer": wanted})
    return question


def report(*, by: Any, post: LessonPost, reason: str) -> None:
    """Tell the desk that something should not stand here; the same person once. Raises Refused."""
    _refuse_gone(post)
    if post.person_id == by.id:
        raise Refused(_("This is your own. You can withdraw it."))
    insert = upsert(PostReport).values(post_id=post.id, person_id=by.id, reason=reason, at=clock.now(), settled_at=None)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["post_id", "person_id"]))


def hide(*, by: Any, post: LessonPost, reason: str) -> None:
    """Hide a question or an answer; its writer is told why. Raises Refused."""
    POST.take(post, "hide", by=by, reason=reason)
    _no_longer_accepted(post)
    settle_reports(by=by, post=post)
    question = post if post.question_id is None else db.session.get_one(LessonPost, post.question_id)
    notices.send("learning.post_hidden", post.person_id, dedup=f"learning.post_hidden:{post.id}:{post.version}", params={
        "title": question.title, "reason": reason, "url_id": question.id})


def show_again(*, by: Any, post: LessonPost) -> None:
    """Show what was hidden. Raises Refused."""
    POST.take(post, "show", by=by)


def settle_reports(*, by: Any, post: LessonPost) -> None:
    """The desk has looked at what was reported: nothing more to do. Twice is harmless."""
    done: Any = db.session.execute(update(PostReport).where(PostReport.post_id == post.id, PostReport.settled_at.is_(None))
                                   .values(settled_at=clock.now()))
    if done.rowcount:
        audit.record("lesson_posts.settle", post, by=by, note=post.state)


def _no_longer_accepted(post: LessonPost) -> None:
    """An answer that is gone solves nothing: its question is open again."""
    db.session.execute(update(LessonPost).where(LessonPost.accepted_id == post.id).values(accepted_id=None, version=LessonPost.version + 1))


def _refuse_gone(post: LessonPost) -> None:
    if post.state != "shown":
        raise Refused(_("This has been withdrawn or hidden in the meantime. Nothing was changed."))
