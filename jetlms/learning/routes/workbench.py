"""The workbench: translate a text segment by segment, commit, compare, rate; hand in a test."""
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import i18n
from jetlms.core.errors import Refused
from jetlms.core.frame import page as error_page
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import reader, service, words, workbench
from jetlms.learning.queries import reading
from jetlms.learning.queries import workbench as queries
from jetlms.learning.releases import outline, text
from jetlms.learning.routes import bp


def translation(slug: str, found: dict[str, Any], *, refused: tuple[str, str, str] | None = None) -> str:
    """Return the page of a translation. `refused`: segment, what was typed, and why it was not taken."""
    here = reading.answering(current_user, slug, found["id"], 0, enrolled=False)
    exercise = service.exercise_of(here, found["id"])
    mine = queries.segments(here.attempt_id)
    terms = queries.terms_in(here.course_id, [s["text"] for s in exercise["segments"]], exercise["source"], exercise["target"])
    units = queries.memory(current_user.id, exercise["source"], exercise["target"])
    segments = workbench.page(exercise, mine, terms, lambda s: queries.alike(s["text"], units, but=f"{found['id']}/{s['id']}"),
                              returned=here.submitted_at is not None and here.passed is not None)
    for segment in segments:
        if refused and refused[0] == segment["id"]:
            segment |= {"text": refused[1], "refused": refused[2]}
    around = reader.around(outline(here.release_id), found["id"])
    brief = text(here.attempt_release_id or here.release_id, found["id"], lang())
    done = reading.progress_of(current_user.id, [found["id"], *(i["id"] for i in around["module"]["items"])])
    return render_template("learning/translation.html", here=here, item=found, page=brief, exercise=exercise, segments=segments, around=around,
                           done=done, attempt=None, ratings=sorted(words.RATING.items(), reverse=True), error_words=list(words.ERROR.items()),
                           committed=sum(1 for row in mine.values() if row.committed_at),
                           rated=sum(1 for row in mine.values() if row.rating is not None))


@bp.post("/learn/<slug>/<item_key>/segments/<segment>")
@needs("courses.read")
def segment(slug: str, item_key: str, segment: str) -> Any:
    """Save one segment (fields text, seq); button `commit`: stand by it."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    typed = request.form.get("text", "").replace("\r\n", "\n")
    seq = request.form.get("seq", "")
    try:
        saved_at, newer = service.save_segment(
            by=current_user, context=here, item=found, segment=segment, text=typed, commit="commit" in request.form,
            seq=int(seq) if seq.isascii() and seq.isdigit() and 0 < len(seq) < 16 else None)  # noqa: PLR2004
    except Refused as why:
        if wants_json():
            raise
        return translation(slug, found, refused=(segment, typed, str(why.message))), 409
    if not wants_json():
        return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=segment))
    exercise, source = service.exercise_of(here, item_key), service.segment_of(here, item_key, segment)
    terms = queries.terms_in(here.course_id, [source["text"]], exercise["source"], exercise["target"])
    return jsonify(saved_at=i18n.moment(saved_at, current_user.zone), stale=not newer,
                   findings=render_template("learning/findings.html", findings=workbench.findings(exercise, source, typed, terms)))


@bp.post("/learn/<slug>/<item_key>/segments/<segment>/rating")
@needs("courses.read")
def rate(slug: str, item_key: str, segment: str) -> Any:
    """Rate one's own segment (fields rating, errors)."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    rating = request.form.get("rating", "")
    if rating not in {"0", "1", "2", "3"}:
        return error_page(422, i18n.gettext("Please choose how good your translation is."))
    service.rate_segment(context=here, item=found, segment=segment, rating=int(rating), errors=request.form.getlist("errors"))
    return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=segment))


@bp.post("/learn/<slug>/<item_key>/segments")
@needs("courses.read")
def hand_in_segments(slug: str, item_key: str) -> Any:
    """Hand in a translation that is a test."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    service.hand_in_translation(context=here, item=found)
    return redirect(url_for(".item", slug=slug, item_key=item_key))
