"""The workbench: translate a text segment by segment, commit, compare, rate; hand in a test."""
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import i18n
from jetlms.core.errors import Refused
from jetlms.core.forms import whole
from jetlms.core.frame import page as error_page
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import reader, service, workbench
from jetlms.learning.forms import segments as forms
from jetlms.learning.queries import reading
from jetlms.learning.queries import workbench as queries
from jetlms.learning.queries.around import at_item
from jetlms.learning.releases import outline, text
from jetlms.learning.routes import bp
from jetlms.learning.routes.outcomes import outcome


def translation(slug: str, found: dict[str, Any], note: dict[str, str] | None = None, **refused: Any) -> str:
    """Return the page of a translation. `refused`: {segment: what its form shows instead, and why}, when something was not taken."""
    here = reading.answering(current_user, slug, found["id"], 0, enrolled=False)
    exercise = service.exercise_of(here, found["id"], lang())
    judged = outcome(here, found, here.attempt_id, here.submitted_at)
    mine = queries.segments(here.attempt_id)
    units = queries.memory(current_user.id, exercise["source"], exercise["target"])
    segments = workbench.page(exercise, mine, lambda s: queries.alike(s["text"], units, but=f"{found['id']}/{s['id']}"),
                              opened=judged["opened"])
    around = reader.around(outline(here.release_id), found["id"])
    done = reading.progress_of(current_user.id, [found["id"], *(i["id"] for i in around["module"]["items"])])
    return render_template(
        "learning/translation.html", here=here, item=found, page=text(here.attempt_release_id or here.release_id, found["id"], lang()),
        exercise=exercise, segments=[s | refused.get(s["id"], {}) for s in segments], around=around, done=done, attempt=None, rate=forms.Rate(),
        mine=at_item(current_user.id, here.course_id, found["id"]), note=note,
        committed=sum(1 for row in mine.values() if row.committed_at), rated=sum(1 for row in mine.values() if row.rating is not None), **judged)


@bp.post("/learn/<slug>/<item_key>/segments/<segment>")
@needs("courses.read")
def segment(slug: str, item_key: str, segment: str) -> Any:
    """Save one segment (fields text, seq); button `commit`: stand by it."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    exercise, source = service.exercise_of(here, item_key), service.segment_of(here, item_key, segment)
    typed, commit = forms.typed(request.form), "commit" in request.form
    reason: Any = forms.wrong(typed, commit=commit)
    code = 422
    if not reason:
        try:
            saved_at, newer = service.save_segment(by=current_user, context=here, item=found, segment=segment, text=typed, commit=commit,
                                                   seq=whole(request.form.get("seq", "")) or None)
        except Refused as why:
            reason, code = why.message, 409
    if reason and wants_json():
        return error_page(code, reason)
    if reason:
        return translation(slug, found, **{segment: {"text": typed, "refused": reason}}), code
    if not wants_json():
        return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=segment))
    return jsonify(saved_at=i18n.moment(saved_at, current_user.zone), stale=not newer,
                   findings=render_template("learning/findings.html", findings=workbench.findings(exercise, source, typed)))


@bp.post("/learn/<slug>/<item_key>/segments/<segment>/rating")
@needs("courses.read")
def rate(slug: str, item_key: str, segment: str) -> Any:
    """Rate one's own segment."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    form = forms.Rate.posted()
    if not form.validate():
        reasons = [reason for field in form for reason in field.errors]
        return translation(slug, found, **{segment: {"refused_rating": reasons[0]}}), 422
    service.rate_segment(context=here, item=found, segment=segment, rating=form.rating.data, errors=form.errors_found.data)
    return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=segment))


@bp.post("/learn/<slug>/<item_key>/segments")
@needs("courses.read")
def hand_in_segments(slug: str, item_key: str) -> Any:
    """Hand in a translation that is a test."""
    here = reading.answering(current_user, slug, item_key, 0)
    service.hand_in_translation(by=current_user, context=here, item=reading.item_or_404(here.release_id, item_key))
    return redirect(url_for(".item", slug=slug, item_key=item_key))
