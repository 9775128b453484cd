"""Where a link may lead after sign-in: to a page of this site, or home."""
import unicodedata

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST = 2000
DOORS = frozenset({
    "people.sign_in", "people.sign_out", "people.resume_alone", "people.passkey_options", "people.factor_step", "people.confirm", "shell.front",
})


def local(wanted: str | None) -> str:
    """Return `wanted` when it is the path of a page of this site, "" otherwise. An address with this very host loses its host."""
    path = (wanted or "")[:LONGEST + 1].removeprefix(request.host_url.rstrip("/"))
    if len(path) > LONGEST or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return ""
    if any(c.isspace() or unicodedata.category(c) == "Cc" for c in path):
        return ""
    endpoint = _endpoint(path.split("#")[0].split("?")[0])
    return path if endpoint and endpoint not in DOORS else ""


def onward(wanted: str | None) -> str:
    """Return the page to go to: the one asked for, or home."""
    return local(wanted) or url_for("shell.home")


def _endpoint(path: str) -> str:
    """Return the endpoint that answers GET at `path`, or "": what is no page of ours is nowhere to go."""
    try:
        found, _values = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return ""
    except HTTPException:
        return ""
    return str(found)
