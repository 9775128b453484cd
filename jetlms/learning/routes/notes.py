"""One's own notes and bookmarks: kept at the lesson, listed on a page, taken along as Markdown."""
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock, i18n
from jetlms.core.forms import whole
from jetlms.core.frame import page as error_page
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs, signed_in
from jetlms.core.i18n import lang
from jetlms.learning import service
from jetlms.learning.forms import around as forms
from jetlms.learning.queries import around as queries
from jetlms.learning.queries import reading
from jetlms.learning.routes import bp, reader


@bp.post("/learn/<slug>/<item_key>/note")
@needs("courses.read")
def note(slug: str, item_key: str) -> Any:
    """Keep one's own note at an item (fields text, seq)."""
    here = reading.context(current_user, slug)
    found = reading.item_or_404(here.release_id, item_key)
    text = forms.typed(request.form)
    reason = forms.too_long(text)
    if reason and wants_json():
        return error_page(422, reason)
    if reason:
        return reader.page(here, found, note={"text": text, "reason": reason}), 422
    saved_at, newer = service.save_note(by=current_user, course_id=here.course_id, item_key=found["id"], text=text,
                                        seq=whole(request.form.get("seq", "")) or None)
    if not wants_json():
        return redirect(url_for(".item", slug=slug, item_key=found["id"], _anchor="notes", screen=_screen()))
    return jsonify(saved_at=i18n.moment(saved_at, current_user.zone), stale=not newer)


@bp.post("/learn/<slug>/<item_key>/bookmark")
@needs("courses.read")
def bookmark(slug: str, item_key: str) -> Any:
    """Set a bookmark (field on=1) or take it away."""
    here = reading.context(current_user, slug)
    found = reading.item_or_404(here.release_id, item_key)
    service.set_bookmark(by=current_user, course_id=here.course_id, item_key=found["id"], on=request.form.get("on") == "1")
    return redirect(url_for(".item", slug=slug, item_key=found["id"], _anchor="around", screen=_screen()))


def _screen() -> str | None:
    """Return the screen of a lesson to go back to."""
    screen = request.form.get("screen", "")
    return screen if screen == "end" or whole(screen) else None


@bp.get("/learn/notes")
@signed_in
def notes() -> Any:
    words = request.args.get("q", "").strip()[:100]
    return render_template("learning/notes.html", courses=queries.kept(current_user.id, words, lang()), words=words)


@bp.get("/learn/notes.md")
@signed_in
def notes_file() -> Any:
    """All notes and bookmarks, to take along."""
    text = render_template("learning/notes.txt", courses=queries.kept(current_user.id, "", lang()))
    return Response(text, mimetype="text/markdown", headers={"Content-Disposition": f'attachment; filename="jetlms-notes-{clock.today()}.md"'})
