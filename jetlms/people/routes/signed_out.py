"""Not signed in (401), or a form from before (400): links come back, forms keep what was typed, scripts get what they understand."""
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError

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
    door = url_for("people.confirm" if current_user.is_authenticated else "people.sign_in", next=here or None)
    if request.headers.get("HX-Request"):                  # htmx: let the whole page go to the door, not a part of it
        return "", 401, {"HX-Redirect": url_for("people.sign_in", next=paths.local(request.headers.get("HX-Current-URL")) or None)}
    if frame.wants_json():
        return frame.page(401, gettext("You are signed out. Please sign in again."))
    if request.method in SAFE:
        return redirect(door, 303)
    return _page(401, "confirm" if current_user.is_authenticated else "signed_out", door)


@bp.app_errorhandler(CSRFError)
def out_of_date(_error: Any) -> Any:
    """Answer a form whose token is not this session's: forged, or older than a sign-in or sign-out in another window."""
    if frame.wants_json() or not resume.kept():
        return frame.page(400, gettext("This page was open for too long, or in another window. Please reload it and send it again."))
    return _page(400, "stale", url_for("people.sign_in"))


def _page(code: int, why: str, door: str) -> Any:
    db.session.rollback()
    page = render_template("people/signed_out.html", code=code, why=why, door_href=door, kept=resume.kept(), typed=frame.kept_fields(code))
    return make_response(page, code)
