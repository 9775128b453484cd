"""From a draft to learners: findings and impact, publishing after a confirmation by numbers, the history, and back."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.errors import Refused
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang
from jetlms.learning import publishing, service, sources, words
from jetlms.learning.forms import drafts as forms
from jetlms.learning.models import Course
from jetlms.learning.queries import authoring as queries
from jetlms.learning.routes import bp


def _checked(course: Course) -> dict[str, Any]:
    """Return what check and confirmation show of a draft."""
    draft = queries.draft_or_404(course)
    look = service.check_draft(course=course, draft=draft)
    errors = [p for p in look.problems if p.severity == "error"]
    return {"course": course, "draft": draft, "look": look, "errors": errors, "warnings": len(look.problems) - len(errors),
            "open_ids": any(p.code == "open" for p in errors), "finding": lambda p: p.ja if lang() == "ja" else p.en,
            "state": service.state_of(draft), "reach": queries.reach(course), "change": words.change}


@bp.get("/author/<slug>/check")
@needs("courses.publish", load="slug")
def check_draft(course: Course) -> Any:
    return render_template("learning/author_check.html", **_checked(course))


@bp.route("/author/<slug>/publish", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def publish_draft(course: Course) -> Any:
    """Confirm by numbers, then publish."""
    if request.method == "GET":
        shown = _checked(course)
        if shown["errors"] or shown["look"].unchanged:
            return redirect(url_for(".check_draft", slug=course.slug))
        return render_template("learning/author_publish.html", **shown)
    draft = queries.draft_or_404(course)
    try:
        release = service.publish_draft(by=current_user, course=course, draft=draft, state=request.form.get("state", ""))
    except publishing.Refusal:
        raise Refused(gettext("The draft has errors. Learners see what they saw before.")) from None
    flash(gettext("Release %(n)s is what learners see now.", n=release.number))
    return redirect(url_for(".releases", slug=course.slug), 303)


@bp.get("/author/<slug>/releases")
@needs("courses.publish", load="slug")
def releases(course: Course) -> Any:
    return render_template("learning/author_releases.html", course=course, rows=queries.releases(course), acts=queries.rollbacks(course),
                           draft=queries.draft_of(course))


@bp.get("/author/<slug>/releases/<int:number>")
@needs("courses.publish", load="slug")
def release_difference(course: Course, number: int) -> Any:
    """What a release changed: against the one before it, or against `with`."""
    row = queries.release_or_404(course, number)
    other, everything = whole(request.args.get("with", "")) or number - 1, queries.releases(course)
    before = next((r for r in everything if r.number == other), None)
    new, old = sources.of(row.id, course.slug), sources.of(before.id, course.slug) if before else sources.Files()
    known = new is not None and old is not None
    differ = queries.differences(old.texts, new.texts) if new and old else []
    return render_template("learning/author_difference.html", course=course, title=gettext("Release %(n)s", n=number), row=row, before=before,
                           others=[r for r in everything if r.number != number], known=known, files=differ)


@bp.get("/author/<slug>/difference")
@needs("courses.publish", load="slug")
def draft_difference(course: Course) -> Any:
    """What the draft changes, file by file, against what learners see."""
    draft = queries.draft_or_404(course)
    old = sources.of(course.release_id or 0, course.slug)
    differ = queries.differences(old.texts, service.texts_of(draft)) if old else []
    return render_template("learning/author_difference.html", course=course, title=gettext("Draft"), row=None, before=None, others=[],
                           known=old is not None, files=differ)


@bp.route("/author/<slug>/releases/<int:number>/rollback", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def roll_back(course: Course, number: int) -> Any:
    """Let learners see an earlier release again, with a reason."""
    row = queries.release_or_404(course, number)
    form: Any = forms.Why.posted()
    if form.sent():
        service.roll_back(by=current_user, course=course, number=number, reason=form.reason.data)
        flash(gettext("Learners see release %(n)s again. Nobody has lost anything.", n=number))
        return redirect(url_for(".releases", slug=course.slug), 303)
    return render_template("learning/author_rollback.html", course=course, row=row, form=form, reach=queries.reach(course)), (
        422 if form.errors else 200)
