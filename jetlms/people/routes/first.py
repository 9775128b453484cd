"""What happens before the request's write transaction begins: passwords are hashed and wrong tries counted.

A hash takes a twelfth of a second, in which nobody else could write; a count must stay although the answer is a 4xx. So both are done
here, after the checks for forgery and for addresses that ask too often, and the views find the results in `g`.
"""
from collections.abc import Callable
from typing import Any

from flask import current_app, g, request
from flask_login import current_user

from jetlms.core.db import db
from jetlms.core.limits import limiter
from jetlms.people import addresses, passwords, pauses, service, sessions
from jetlms.people.models import Account
from jetlms.people.routes import bp

Work = Callable[[], None]


@bp.before_request
def _before_the_transaction() -> None:
    """Do the slow and the lasting part of a form that carries a password or a code."""
    work = WORK.get(request.endpoint or "")
    if work is None or request.method != "POST":
        return
    g.tried, g.new_hash, g.shut_until = None, "", None
    _not_too_often()
    work()


@limiter.limit("30/minute")
def _not_too_often() -> None:
    """Count the asking address, for each of these forms by itself. As a decorator of the views it would count after the hashing."""


def _let_go() -> None:
    """End the transaction in which the session was looked up: it has written nothing, and holds the only lock of SQLite."""
    db.session.rollback()


def _try(email: str) -> None:
    typed = request.form.get("password", "")
    if email and typed and len(typed) <= passwords.LONGEST:
        _let_go()
        g.tried = service.try_password(email=email, typed=typed, demo=current_app.config["DEMO"])


def _try_typed() -> None:
    _try(addresses.fold(request.form.get("email", ""))[:254])


def _try_own() -> None:
    if current_user.is_authenticated:
        _try(db.session.get_one(Account, current_user.account_id).email)


def _hash_new() -> None:
    typed = request.form.get("new_password", "")
    if passwords.SHORTEST <= len(typed) <= passwords.LONGEST:
        _let_go()
        g.new_hash = passwords.hashed(typed)


def _try_own_and_hash() -> None:
    _try_own()
    if current_user.is_authenticated and g.tried and g.tried.account_id:
        _hash_new()


def _count_code() -> None:
    waiting = sessions.pending_account()
    account_id = waiting.id if waiting else getattr(current_user, "account_id", None)
    if account_id and (request.form.get("code") or request.form.get("credential")):
        _let_go()
        g.shut_until = pauses.knock(pauses.factor(account_id), free=pauses.FREE_FACTOR)


def _confirm() -> None:
    _count_code() if "password" not in request.form else _try_own()


WORK: dict[str, Work] = {
    "people.sign_in": _try_typed, "people.factor_step": _count_code, "people.confirm": _confirm, "people.password": _try_own_and_hash,
    "people.invitation": _hash_new, "people.reset": _hash_new,
}


def seconds_until(instant: Any) -> int:
    """Return the seconds for Retry-After."""
    from jetlms.core import clock

    return max(1, round((instant - clock.now()).total_seconds()))
