"""Questions of other systems into a draft, and a quiz out of it."""
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import lang, ngettext
from jetlms.learning import drafts, interchange, service
from jetlms.learning.forms import questions_file as forms
from jetlms.learning.models import Course
from jetlms.learning.queries import authoring as queries
from jetlms.learning.routes import bp


@bp.route("/author/<slug>/import", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def import_questions(course: Course) -> Any:
    """Take a file of questions into a quiz: all of them, or nothing."""
    there = queries.draft_of(course)
    if there is None:
        return render_template("learning/author_begin.html", course=course)
    units = drafts.units(service.texts_of(there))
    form: Any = forms.Import.posted().into([(unit.stem, unit.title) for unit in units if unit.kind in drafts.ASKING])
    if request.method == "GET" and request.args.get("stem"):
        form.stem.data = request.args["stem"]
    reading = None
    if form.sent():
        data = form.data_sent()
        kind = form.kind.data or interchange.guess(form.name_sent(), data.decode("utf-8", "replace"))
        reading = interchange.read(data, kind)
        if reading.taken and not reading.problems and (not reading.left or form.without.data):
            service.import_questions(by=current_user, draft=there, stem=form.stem.data, questions=[taken.question for taken in reading.taken])
            flash(ngettext("%(num)d question has been imported. Please translate it in the file of the other language.",
                           "%(num)d questions have been imported. Please translate them in the file of the other language.", len(reading.taken)))
            return redirect(url_for(".draft_file", slug=course.slug, path=f"{form.stem.data}.en.md"), 303)
    wrong = bool(form.errors or reading)
    return render_template("learning/author_import.html", course=course, form=form, reading=reading, pasted=request.form.get("text", ""),
                           said=lambda r: r.ja if lang() == "ja" else r.en), 422 if wrong else 200


@bp.get("/author/<slug>/gift/<path:stem>/<code>")
@needs("courses.publish", load="slug")
def export_questions(course: Course, stem: str, code: str) -> Any:
    """The questions of an item in one language as a GIFT file."""
    found = drafts.questions_of(stem, code, service.texts_of(queries.draft_or_404(course)))
    if found is None:
        raise NotFound
    answer = Response(interchange.gift.write(found), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{drafts.name_of(stem)}.{code}.gift"'
    return answer
