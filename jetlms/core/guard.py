"""How a route says who may use it. The application does not start while a route says nothing."""
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, abort, redirect, request, url_for
from flask_login import current_user

from jetlms.core import clock, policy
from jetlms.core.db import SAFE, db

View = Callable[..., Any]
CONFIRMED_FOR = timedelta(minutes=15)


def needs(action: str, load: str = "id", *, confirmed: bool = False) -> Callable[[View], View]:
    """Guard a view by a policy action.

    When the URL has the parameter `load`, the row whose column of that name has the value is fetched *through the policy* and
    handed to the view in its place, first; a row that is not visible is 404, as one that does not exist. `confirmed` asks for
    the password or second factor again when it was last given more than fifteen minutes ago.
    """
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            stop = _refusal(confirmed=confirmed)
            if stop is not None:
                return stop
            if load not in values:
                return view(**values) if policy.can(current_user, action) else abort(403)
            model, _row = policy.RULES[action]
            column = getattr(model, load)
            thing = db.session.scalar(policy.allowed(current_user, action).where(column == values.pop(load)))
            return view(thing, **values) if thing is not None else abort(404)
        guarded.needs = action  # type: ignore[attr-defined]
        return guarded
    return guard


def signed_in(view: View) -> View:
    """Guard a view that every signed-in person has about herself (inbox, account)."""
    @wraps(view)
    def guarded(**values: Any) -> Any:
        stop = _refusal()
        return stop if stop is not None else view(**values)
    guarded.needs = "signed-in"  # type: ignore[attr-defined]
    return guarded


def confirmed(view: View) -> View:
    """Guard a view about herself for which the password is asked again."""
    @wraps(view)
    def guarded(**values: Any) -> Any:
        stop = _refusal(confirmed=True)
        return stop if stop is not None else view(**values)
    guarded.needs = "signed-in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Mark a view that anybody may use."""
    view.needs = "public"  # type: ignore[attr-defined]
    return view


def _refusal(*, confirmed: bool = False) -> Any:
    if not current_user.is_authenticated:
        abort(401)
    if current_user.needs_factor and not (request.endpoint or "").startswith(("people.factor", "people.confirm")):
        return redirect(url_for("people.factors"))
    if confirmed and not _fresh():
        if request.method not in SAFE:
            abort(401)                 # the page of 401 keeps what was typed, and goes on with it after the password
        return redirect(url_for("people.confirm", next=request.full_path.rstrip("?")))
    return None


def _fresh() -> bool:
    at = current_user.confirmed_at
    return at is not None and clock.now() - at < CONFIRMED_FOR


def assert_guarded(app: Flask) -> None:
    """Raise when a route does not say who may use it."""
    silent = [rule.endpoint for rule in app.url_map.iter_rules()
              if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "needs")]
    if silent:
        raise RuntimeError(f"these routes do not say who may use them: {', '.join(silent)}")
