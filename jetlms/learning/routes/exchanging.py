"""Questions of other systems into a draft, and a quiz out of it."""
from collections import Counter
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang, ngettext
from jetlms.learning import drafts, interchange, service
from jetlms.learning.forms import questions_file as forms
from jetlms.learning.models import Course
from jetlms.learning.queries import authoring as queries
from jetlms.learning.routes import bp

REMARKS = 12               # said after an import; the session that carries them is small


@bp.route("/author/<slug>/import", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def import_questions(course: Course) -> Any:
    """Take a file of questions into a quiz: all of them, or nothing."""
    there = queries.draft_of(course)
    if there is None:
        return render_template("learning/author_begin.html", course=course)
    units = drafts.units(service.texts_of(there))
    form: Any = forms.Import.posted().into([(unit.stem, unit.title) for kind in drafts.ASKING for unit in units if unit.kind == kind])
    if request.method == "GET" and request.args.get("stem"):
        form.stem.data = request.args["stem"]
    reading, pasted = None, request.form.get("text", "")
    if form.sent():
        data = form.data_sent()
        kind = form.kind.data or interchange.guess(form.name_sent(), data.decode("utf-8", "replace"))
        reading = interchange.read(data, kind)
        pasted = pasted or data.decode("utf-8", "ignore") if not interchange.decoded(data)[1] else ""    # a file need not be chosen again
        if reading.taken and not reading.problems and (not reading.left or form.without.data):
            service.import_questions(by=current_user, draft=there, stem=form.stem.data, questions=[taken.question for taken in reading.taken])
            flash(ngettext("%(num)d question has been imported. Please translate it in the file of the other language.",
                           "%(num)d questions have been imported. Please translate them in the file of the other language.", len(reading.taken)))
            _report(reading)
            return redirect(url_for(".draft_file", slug=course.slug, path=f"{form.stem.data}.en.md"), 303)
    wrong = bool(form.errors or reading)
    return render_template("learning/author_import.html", course=course, form=form, reading=reading, pasted=pasted,
                           said=_said), 422 if wrong else 200


def _said(remark: interchange.Remark) -> str:
    """Return a remark in the reader's language."""
    return remark.ja if lang() == "ja" else remark.en


def _report(reading: interchange.Reading) -> None:
    """Say what was taken as which type, and what was lost or left."""
    flash(gettext("Taken as: %(types)s", types=", ".join(f"{count} {kind}" for kind, count in
                                                         Counter(taken.question.type for taken in reading.taken).most_common())))
    for remark in [*reading.left, *reading.notes][:REMARKS]:
        flash(f"{gettext('Line %(n)s', n=remark.line)} {_said(remark)}")


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
