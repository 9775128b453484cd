"""The frame around every answer: request id, security headers, trusted hosts, error pages, content-hashed assets."""
import logging
import secrets
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from flask.globals import request_ctx
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from jetlms.core import limits
from jetlms.core.db import db, looking
from jetlms.core.errors import NotFound, Refused, Stale
from jetlms.core.i18n import Text, gettext

log = logging.getLogger(__name__)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
}


class BoundedInteger(IntegerConverter):
    """An id in a URL: what no database column can hold is no such page."""

    def to_python(self, value: str) -> int:
        """Return the id. Raises ValidationError, which becomes 404."""
        from werkzeug.routing import ValidationError

        if len(value) > 18:  # noqa: PLR2004 -- 10^18 < 2^63
            raise ValidationError
        return super().to_python(value)


def frame(app: Flask) -> None:
    """Put the frame around `app`."""
    app.url_map.converters["int"] = BoundedInteger
    app.before_request(_number)
    app.before_request(_clean)
    app.after_request(_head)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, lambda e: page(409, message=e.message))
    app.register_error_handler(NotFound, lambda _e: page(404))
    app.register_error_handler(Stale, lambda e: (render_template("stale.html", rows=e.rows, back=e.back), 409))
    app.register_error_handler(StaleDataError, lambda _e: page(409))
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Say whether the asker is a script of ours rather than a person."""
    return request.is_json or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def page(code: int, message: Text = "", retry_after: int = 0) -> Response:
    """Return the error page of `code`: what happened, what happened to your work, what to do."""
    if request_ctx.url_adapter is None:        # a host name that is not ours: no page has an address there
        return Response("400", 400, mimetype="text/plain")
    db.session.rollback()
    if wants_json():
        body = jsonify(status=code, title=str(message) or gettext("This did not work."), request_id=g.get("request_id", ""))
        body.mimetype = "application/problem+json"
        response: Response = body
    else:
        with looking():
            response = Response(render_template("error.html", code=code, message=message, kept=kept_fields(code)), mimetype="text/html")
            db.session.rollback()
    response.status_code = code
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def kept_fields(code: int) -> list[tuple[str, str]]:
    """Return what was typed into the form that failed, so that the error page can give it back. Never passwords or tokens."""
    if request.method != "POST" or code == 413:  # noqa: PLR2004
        return []
    secret = ("csrf_token", "code", "_key", "credential", "sealed", "kept")
    return [(name, value) for name, value in request.form.items(multi=True)
            if value and name not in secret and "password" not in name and len(value) < 20000]  # noqa: PLR2004 -- a long text


def _number() -> None:
    g.request_id = secrets.token_hex(6)


def _clean() -> Any:
    """NUL is in no honest form and in no address, and PostgreSQL does not store it."""
    if "\x00" in request.path:
        return page(404)
    sent = (*request.args.items(multi=True), *request.form.items(multi=True), *((n, f.filename or "") for n, f in request.files.items(multi=True)))
    return page(400) if any("\x00" in name + text for name, text in sent) else None


def _head(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    return response


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:  # noqa: PLR2004 -- redirects
        return error
    response = page(error.code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    if error.code == 429:  # noqa: PLR2004
        response.headers.setdefault("Retry-After", str(limits.retry_after()))
    return response


def _conflict(error: IntegrityError) -> Response:
    log.warning("integrity %s %s", g.get("request_id"), str(error.orig).split("\n")[0])
    return page(409)


def _database(error: Exception) -> Response:
    """A locked, full or lost database is 503; anything else of the database is a mistake of ours."""
    text = str(getattr(error, "orig", error)).lower()
    busy = ("locked", "full", "disk i/o", "readonly", "unable to open", "connection", "server closed", "starting up", "shutting down",
            "timeout", "deadlock", "could not serialize", "out of range", "terminating")
    lost = isinstance(error, PoolTimeout) or getattr(error, "connection_invalidated", False)
    if lost or (isinstance(error, OperationalError) and any(word in text for word in busy)):
        log.error("database away: %s %s", g.get("request_id"), text[:200])
        return page(503, retry_after=5)
    return _crash(error)


def _crash(error: Exception) -> Response:
    log.error("crash %s %s", g.get("request_id"), request.endpoint, exc_info=error)
    return page(500)
