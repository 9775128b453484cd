"""Questions and answers at lessons: ask, answer, mark the answer that helped; report, hide; what waits for authors and the desk."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import policy
from jetlms.core.errors import NotFound
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext
from jetlms.learning import service
from jetlms.learning.forms import around as forms
from jetlms.learning.models import LessonPost
from jetlms.learning.queries import posts as queries
from jetlms.learning.queries import reading
from jetlms.learning.releases import item_of
from jetlms.learning.routes import bp


@bp.get("/learn/<slug>/questions")
@needs("lesson_posts.read")
def course_questions(slug: str) -> Any:
    return _listed(_inside(slug), None, None)


@bp.route("/learn/<slug>/<item_key>/questions", methods=["GET", "POST"])
@needs("lesson_posts.read")
def questions(slug: str, item_key: str) -> Any:
    """The questions at one item, and a new one."""
    here = _inside(slug)
    found = reading.item_or_404(here.release_id, item_key)
    form: Any = forms.Ask.posted()
    if form.sent():
        post = service.ask(by=current_user, course_id=here.course_id, item_key=found["id"], title=form.title.data, text=form.text.data)
        flash(gettext("Your question has been asked. You will get a notice when somebody answers."))
        return redirect(url_for(".question", id=post.id), 303)
    return _listed(here, found, form)


def _inside(slug: str) -> Any:
    """Return the course and her enrolment. Raises NotFound for a learner who is not enrolled: she would read others' names."""
    here = reading.context(current_user, slug)
    if here.id is None and not policy.can(current_user, "lesson_posts.tend"):
        raise NotFound
    return here


def _listed(here: Any, item: dict[str, Any] | None, form: Any) -> Any:
    rows = queries.of_course(current_user, here.course_id, item_key=item["id"] if item else "", after=request.args.get("after", "")[:40])
    return render_template("learning/questions.html", here=here, item=item, form=form, rows=rows[:queries.PAGE], item_of=item_of,
                           next_key=queries.key(rows[queries.PAGE - 1]) if len(rows) > queries.PAGE else "",
                           after=request.args.get("after", "")), 422 if form and form.errors else 200


@bp.route("/learn/questions/<int:id>", methods=["GET", "POST"])
@needs("lesson_posts.read")
def question(post: LessonPost) -> Any:
    """A question with its answers; answering it."""
    if post.question_id is not None:
        return redirect(url_for(".question", id=post.question_id, _anchor=f"p{post.id}"))
    form: Any = forms.Reply.posted()
    if form.sent():
        made = service.reply(by=current_user, question=post, text=form.text.data)
        return redirect(url_for(".question", id=post.id, _anchor=f"p{made.id}"), 303)
    asked, answers = queries.thread(post)
    return render_template("learning/question.html", asked=asked, answers=answers, form=form, item=item_of(asked.release_id, asked.item_key),
                           may_edit=service.may_edit, may_accept=asked.person_id == current_user.id or policy.can(current_user, "lesson_posts.tend"),
                           ), 422 if form.errors else 200


@bp.route("/learn/posts/<int:id>/edit", methods=["GET", "POST"])
@needs("lesson_posts.change")
def edit_post(post: LessonPost) -> Any:
    shape = forms.Reply if post.question_id else forms.Ask
    form: Any = shape.posted(title=post.title, text=post.text)
    if form.sent():
        service.edit(post=post, text=form.text.data, title="" if post.question_id else form.title.data)
        return _back(post)
    if request.method == "GET":
        service.refuse_late(post)
    return render_template("learning/post_edit.html", post=post, form=form), 422 if form.errors else 200


@bp.post("/learn/posts/<int:id>/withdraw")
@needs("lesson_posts.change")
def withdraw_post(post: LessonPost) -> Any:
    service.withdraw_post(by=current_user, post=post)
    flash(gettext("It has been withdrawn. Its place says so; the words are gone."))
    return _back(post)


@bp.post("/learn/posts/<int:id>/accept")
@needs("lesson_posts.accept")
def accept(post: LessonPost) -> Any:
    """Mark the answer that solved the question (field on=1), or take the mark away."""
    service.accept(by=current_user, post=post, on=request.form.get("on") == "1")
    return _back(post)


@bp.route("/learn/posts/<int:id>/report", methods=["GET", "POST"])
@needs("lesson_posts.read")
def report(post: LessonPost) -> Any:
    form: Any = forms.Reason.posted()
    if form.sent():
        service.report(by=current_user, post=post, reason=form.reason.data)
        flash(gettext("Thank you. CLAIR looks at it."))
        return _back(post)
    return _asked_why(post, form, "report")


@bp.route("/learn/posts/<int:id>/hide", methods=["GET", "POST"])
@needs("lesson_posts.hide")
def hide_post(post: LessonPost) -> Any:
    form: Any = forms.Reason.posted()
    if form.sent():
        service.hide(by=current_user, post=post, reason=form.reason.data)
        flash(gettext("It has been hidden. A notice tells its writer why."))
        return _back(post)
    return _asked_why(post, form, "hide")


def _asked_why(post: LessonPost, form: Any, what: str) -> Any:
    return render_template("learning/post_reason.html", post=post, form=form, what=what), 422 if form.errors else 200


@bp.post("/learn/posts/<int:id>/show")
@needs("lesson_posts.hide")
def show_post(post: LessonPost) -> Any:
    service.show_again(by=current_user, post=post)
    return _back(post)


@bp.post("/learn/posts/<int:id>/leave")
@needs("lesson_posts.hide")
def leave_post(post: LessonPost) -> Any:
    """What was reported may stand."""
    service.settle_reports(by=current_user, post=post)
    return redirect(url_for(".reported_posts"), 303)


def _back(post: LessonPost) -> Any:
    return redirect(url_for(".question", id=post.question_id or post.id, _anchor=f"p{post.id}"), 303)


@bp.get("/courses/questions")
@needs("lesson_posts.tend")
def waiting_questions() -> Any:
    """Open questions of all courses, for authors and the desk."""
    rows = queries.waiting(current_user, after=whole(request.args.get("after", "")))
    more = len(rows) > queries.PAGE
    return render_template("learning/waiting_questions.html", rows=rows[:queries.PAGE], more=more, after=request.args.get("after", ""),
                           item_of=item_of)


@bp.get("/courses/questions/reported")
@needs("lesson_posts.hide")
def reported_posts() -> Any:
    return render_template("learning/reported_posts.html", rows=queries.reported(current_user))
