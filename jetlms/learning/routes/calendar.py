"""Deadlines as a calendar feed: an unguessable address that calendars fetch without signing in, renewable when it leaks."""
from typing import Any

from flask import Response, abort, render_template, url_for
from flask_login import current_user

from jetlms.core import clock
from jetlms.core.guard import public, signed_in
from jetlms.core.limits import limiter
from jetlms.learning import calendar as feeds
from jetlms.learning import service
from jetlms.learning.queries.plans import sessions_of
from jetlms.learning.routes import bp


@bp.get("/calendar")
@signed_in
def calendar() -> Any:
    return _page(has_feed=feeds.has_feed(current_user.id))


@bp.post("/calendar")
@signed_in
def new_feed() -> Any:
    """Make a new feed address (the old one stops) and show it once."""
    token = service.new_feed(by=current_user)
    return _page(has_feed=True, address=url_for(".feed", token=token, _external=True))


def _page(**shown: Any) -> str:
    return render_template("learning/calendar.html", rows=feeds.deadlines(current_user.id), sessions=sessions_of(current_user.id, clock.today()),
                           **shown)


@bp.get("/calendar/<token>.ics")
@public
@limiter.limit("60/minute")
def feed(token: str) -> Any:
    found = feeds.by_token(token)
    if found is None:
        abort(404)
    return Response(feeds.ics(found), mimetype="text/calendar", headers={"Cache-Control": "private, max-age=900"})


