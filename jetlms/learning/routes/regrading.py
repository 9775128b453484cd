"""What answers say about questions; regrading after a key was mended; a learner's yes or no to a lower result."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import audit
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang, ngettext
from jetlms.learning import analysis, service
from jetlms.learning.forms import drafts as forms
from jetlms.learning.models import Attempt, Course, Regrade
from jetlms.learning.queries import analysis as queries
from jetlms.learning.releases import item_of
from jetlms.learning.routes import bp

SHOWN = 200                # attempts listed before the confirmation; all of them are counted


@bp.get("/author/<slug>/analysis")
@needs("courses.publish", load="slug")
def item_analysis(course: Course) -> Any:
    """How hard the questions of a quiz are, and whether they discriminate: numbers, never names."""
    quizzes = queries.quizzes(course)
    chosen = next((item for item in quizzes if item["id"] == request.args.get("item", "")), quizzes[0] if quizzes else None)
    questions, sheets = queries.sheets(course, chosen["id"]) if chosen else ({}, [])
    rows = [{"question": q, "figures": analysis.figures(q, sheets), "wrong": _option(q)} for q in questions.values()]
    return render_template("learning/author_analysis.html", course=course, quizzes=quizzes, chosen=chosen, rows=rows, enough=analysis.ENOUGH,
                           smallest=analysis.SMALLEST)


def _option(question: dict[str, Any]) -> Any:
    """Return what finds the words of an option."""
    by_key = {option["key"]: option["html"].get(lang(), "") for option in question.get("options", ())}
    return by_key.get


@bp.route("/author/<slug>/regrading", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def regrading(course: Course) -> Any:
    """Results that another key would change, before and after; applied by a confirmation with a reason."""
    form: Any = forms.Reason.posted()
    if form.sent():
        raised, offered = service.regrade(by=current_user, course=course, release_id=whole(request.form.get("release", "")),
                                          reason=form.reason.data)
        flash(ngettext("%(num)d result is higher now; %(n)s learners were asked about a lower one.",
                       "%(num)d results are higher now; %(n)s learners were asked about a lower one.", raised, n=offered))
        return redirect(url_for(".regrading", slug=course.slug), 303)
    found = service.proposals(course)
    if request.method == "GET":
        audit.record_read("gradebook.read", [("person", p.attempt.person_id) for p in found[:SHOWN]], by=current_user)
    return render_template("learning/author_regrading.html", course=course, rows=found[:SHOWN], form=form, total=len(found),
                           higher=sum(p.after > p.before for p in found), decided=queries.decided(course),
                           item=lambda key: item_of(course.release_id or 0, key)), 422 if form.errors else 200


@bp.route("/learn/regrades/<int:id>", methods=["GET", "POST"])
@needs("regrades.answer")
def regrade(found: Regrade) -> Any:
    """A lower result by a mended key: accept it, or keep the old one."""
    attempt = db.session.get_one(Attempt, found.attempt_id)
    course = db.session.get_one(Course, attempt.course_id)
    if request.method == "GET":
        return render_template("learning/regrade.html", regrade=found, attempt=attempt, course=course,
                               item=item_of(attempt.release_id, attempt.item_key))
    if not {"accept", "keep"} & request.form.keys():
        raise NotFound
    service.answer_regrade(regrade=found, accept="accept" in request.form)
    flash(gettext("Thank you. Your answer has been noted."))
    return redirect(url_for(".attempt", slug=course.slug, item_key=attempt.item_key, number=attempt.number), 303)
