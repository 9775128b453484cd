"""The second step of signing in: setting it up, looking after it.

These endpoints are open to staff who have not set one up yet (core.guard), so each asks by itself: who has a second factor must
have given it on this device before she may change anything about it.
"""
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import pyotp
from cryptography.fernet import InvalidToken
from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock, crypto
from jetlms.core.db import db
from jetlms.core.guard import confirmed, signed_in
from jetlms.core.i18n import gettext
from jetlms.core.limits import limiter
from jetlms.people import passkeys, service, sessions
from jetlms.people.forms.accounts import Code
from jetlms.people.models import Account
from jetlms.people.policy import STAFF
from jetlms.people.queries import accounts as queries
from jetlms.people.routes import bp
from jetlms.people.routes.sign_in import DAYS, DAYS_STAFF, passkey_failed

SET_UP_WITHIN = timedelta(minutes=30)


def managing(view: Callable[..., Any]) -> Callable[..., Any]:
    """Guard a view that changes factors: the password or a factor lately, and the factor on this device where there is one."""
    @confirmed
    @wraps(view)
    def guarded(**values: Any) -> Any:
        here = queries.factors(current_user.account_id, current_user.device_id)
        return redirect(url_for(".factor_step", next=url_for(".factors"))) if _owed(here) else view(**values)
    return guarded


def _owed(here: queries.Factors) -> bool:
    """Say whether a factor exists that was not given on this device (in the demonstration nobody is asked)."""
    return bool(here) and not here.given and not current_app.config["DEMO"]


def _must_keep_one() -> bool:
    return bool(current_user.roles & STAFF) and not current_app.config["DEMO"]


@bp.get("/factors")
@signed_in
def factors() -> Any:
    here = queries.factors(current_user.account_id, current_user.device_id)
    if _owed(here):
        return redirect(url_for(".factor_step", next=url_for(".factors")), 303)
    return render_template("people/factors.html", factors=here, required=_must_keep_one(), passkeys=passkeys.possible())


@bp.route("/factors/app", methods=["GET", "POST"])
@managing
@limiter.limit("30/minute", methods=["POST"])
def factor_app() -> Any:
    """Set up an authenticator app. The secret travels sealed in the form until its first code proves it: looking writes nothing."""
    form: Any = Code.posted()
    secret = _unsealed(request.form.get("sealed", "")) if request.method == "POST" else pyotp.random_base32()
    if secret is None:
        flash(gettext("That took too long. Please scan the new picture."))
        return redirect(url_for(".factor_app"), 303)
    if form.sent():
        if service.add_app(by=current_user, secret=secret, code=form.code.data.replace(" ", "")):
            return _set_up()
        form.code.errors = [gettext("This code does not belong to the picture. Please type the one your app shows now.")]
    return render_template("people/factor_app.html", form=form, secret=secret, sealed=_sealed(secret), qr=_qr(secret),
                           ), 422 if request.method == "POST" else 200


def _sealed(secret: str) -> str:
    return crypto.encrypt(json.dumps([current_user.account_id, secret, clock.now().isoformat()]))


def _unsealed(sealed: str) -> str | None:
    """Return the secret of a form of hers, or None."""
    try:
        account_id, secret, at = json.loads(crypto.decrypt(sealed))
    except (InvalidToken, ValueError):
        return None
    fresh = clock.now() - datetime.fromisoformat(at) < SET_UP_WITHIN
    return str(secret) if account_id == current_user.account_id and fresh else None


def _qr(secret: str) -> str:
    """Return the picture for the app, as a data URI."""
    import segno

    email = db.session.get_one(Account, current_user.account_id).email
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="jetlms")
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff"))


def _set_up() -> Any:
    """After a factor was added: a new session, since it may now do more, and on to the codes for the day the phone is lost."""
    account = db.session.get_one(Account, current_user.account_id)
    here = queries.factors(account.id)
    staff = bool(current_user.roles & STAFF)
    sessions.open_device(account, days=DAYS_STAFF if staff else DAYS, factor=True)
    flash(gettext("Your second step is set up.") if here.codes_left else gettext("Your second step is set up. Please make recovery codes next."))
    return redirect(url_for(".factors"), 303)


@bp.post("/factors/app/remove")
@managing
def factor_app_remove() -> Any:
    service.remove_app(by=current_user, must_keep_one=_must_keep_one())
    flash(gettext("Your authenticator app has been removed."))
    return redirect(url_for(".factors"), 303)


@bp.get("/factors/passkey")
@managing
def factor_passkey_options() -> Any:
    """What the browser's script needs to make a passkey."""
    if not passkeys.possible():
        abort(404)
    account = db.session.get_one(Account, current_user.account_id)
    known = tuple(key.credential_id for key in queries.factors(account.id).passkeys)
    return Response(passkeys.creation_options(account, current_user.name, known), mimetype="application/json")


@bp.post("/factors/passkey")
@managing
@limiter.limit("30/minute")
def factor_passkey() -> Any:
    made = passkeys.verified_new(request.form.get("credential", "")[:20_000])
    if not made:
        here = queries.factors(current_user.account_id, current_user.device_id)
        return render_template("people/factors.html", factors=here, required=_must_keep_one(), passkeys=passkeys.possible(),
                               wrong=passkey_failed()), 422
    service.add_passkey(by=current_user, credential_id=made.credential_id, public_key=made.credential_public_key,
                        sign_count=made.sign_count, label=request.form.get("label", "").strip()[:60] or sessions.device_label())
    return _set_up()


@bp.post("/factors/passkey/<int:passkey_id>/remove")
@managing
def factor_passkey_remove(passkey_id: int) -> Any:
    service.remove_passkey(by=current_user, passkey_id=passkey_id, must_keep_one=_must_keep_one())
    flash(gettext("The passkey has been removed here. You can delete it on the device as well."))
    return redirect(url_for(".factors"), 303)


@bp.post("/factors/codes")
@managing
@limiter.limit("10/hour")
def factor_codes() -> Any:
    """Make ten new codes and show them, this once. No form key: a second click must show codes that work."""
    if not queries.factors(current_user.account_id):
        abort(409)
    return render_template("people/codes.html", codes=service.make_codes(by=current_user), made_at=clock.now())
