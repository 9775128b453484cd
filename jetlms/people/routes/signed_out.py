"""The page of 401: a link comes back after sign-in, a form keeps what was typed, a script gets an answer it understands."""
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import frame
from jetlms.core.db import SAFE, db
from jetlms.core.i18n import gettext
from jetlms.people import paths, resume
from jetlms.people.routes import bp


@bp.app_errorhandler(401)
def please_sign_in(_error: Any) -> Any:
    """Answer somebody who is not signed in, or has to prove again who she is."""
    db.session.rollback()
    here = request.full_path.rstrip("?") if request.method in SAFE else paths.local(request.referrer)
    door = url_for("people.sign_in", next=here or None)
    if request.headers.get("HX-Request"):                  # htmx: let the whole page go to the door, not a part of it
        return "", 401, {"HX-Redirect": url_for("people.sign_in", next=paths.local(request.headers.get("HX-Current-URL")) or None)}
    if frame.wants_json():
        return frame.page(401, gettext("You are signed out. Please sign in again."))
    if request.method in SAFE:
        return redirect(door, 303)
    page = render_template("people/signed_out.html", door_href=door, kept=resume.kept(), typed=frame.kept_fields(401),
                           confirm=current_user.is_authenticated)
    return make_response(page, 401)


@bp.app_context_processor
def _resume() -> dict[str, Any]:
    """Give the page of 400 the form it may send on (ui/templates/error.html)."""
    return {"kept_form": resume.kept}
