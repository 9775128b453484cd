"""An expired sign-in loses nothing: what was typed travels, signed, through the pages of signing in and comes back in a form.

Only what one of our own pages sent is taken along (its token was right, or the browser says so by Sec-Fetch-Site): a stranger's
page must not be able to put words into the form somebody sends after signing in.
"""
from dataclasses import dataclass

from flask import current_app, g, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from jetlms.core import crypto, frame
from jetlms.people.queries import accounts as queries

LIFE = 12 * 3600
LONGEST = 1_000_000
VISIBLE = 40                     # characters from which a value is a text of hers rather than a choice


@dataclass(frozen=True)
class Kept:
    """A form that did not arrive: where it was going, what it held, and on which device (its token's hash) it was typed."""

    path: str
    fields: list[tuple[str, str]]
    device: str
    files: bool

    def texts(self) -> list[tuple[str, str]]:
        """Return the fields to be shown: what was written rather than chosen."""
        return [(name, value) for name, value in self.fields if len(value) > VISIBLE or "\n" in value or " " in value.strip()]

    def choices(self) -> list[tuple[str, str]]:
        """Return the other fields, which travel hidden."""
        shown = self.texts()
        return [pair for pair in self.fields if pair not in shown]


def kept() -> str:
    """Return this request's form, signed; "" when there is nothing to keep or it was not sent by a page of ours."""
    fields = frame.kept_fields(401)
    if not fields or not _ours() or (request.endpoint or "").startswith("people.sign_"):
        return ""
    device = crypto.digest(session["device"]) if session.get("device") else ""
    text = str(_serializer().dumps([request.full_path.rstrip("?"), fields, device, bool(request.files)]))
    return text if len(text) <= LONGEST else ""


def opened(sealed: str) -> Kept | None:
    """Return what `kept` sealed, or None when it is too old or not ours, or was typed where somebody else was signed in."""
    try:
        path, fields, device, files = _serializer().loads(sealed, max_age=LIFE)
    except BadData:
        return None
    found = Kept(path, [(str(name), str(value)) for name, value in fields], device, files)
    owner = queries.account_of_device(device) if device else None
    return found if owner is None or not current_user.is_authenticated or owner == current_user.account_id else None


def _ours() -> bool:
    return bool(g.get("csrf_valid") or not current_app.config.get("WTF_CSRF_ENABLED", True)
                or request.headers.get("Sec-Fetch-Site") == "same-origin")


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="people.resume")
