"""Links from mails: an invitation, a new password, a new address. Looking changes nothing (mail scanners look); sending the form does."""
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from jetlms.core import i18n
from jetlms.core.errors import Refused
from jetlms.core.guard import public
from jetlms.core.i18n import gettext
from jetlms.core.limits import limiter
from jetlms.people import service
from jetlms.people.forms.accounts import Email, Invitation, NewPassword
from jetlms.people.queries import accounts as queries
from jetlms.people.routes import bp
from jetlms.people.routes.sign_in import enter


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Any:
    found = service.open_ticket(token, "invite")
    if found is None:
        return _spent("invite")
    form: Any = Invitation.posted(locale=i18n.lang(), zone=found.Account.zone)
    form.about = queries.names(found.Account.id)
    if not form.sent() or not g.new_hash:
        return render_template("people/invitation.html", form=form, person=found.Person, email=found.Account.email,
                               token=token), 422 if request.method == "POST" else 200
    try:
        account = service.accept_invitation(token=token, password_hash=g.new_hash, locale=form.locale.data, zone=form.zone.data)
    except Refused:
        return _spent("invite")
    return enter(account, how="link")


@bp.route("/password-reset", methods=["GET", "POST"])
@public
@limiter.limit("60/hour", methods=["POST"])
def ask_reset() -> Any:
    """Ask for a link. What is said and done does not depend on whether the address is known."""
    form: Any = Email.posted()
    if not form.sent():
        return render_template("people/ask_reset.html", form=form), 422 if request.method == "POST" else 200
    service.ask_reset(email=form.email.data)
    return redirect(url_for(".reset_sent"), 303)


@bp.get("/password-reset/sent")
@public
def reset_sent() -> Any:
    return render_template("people/reset_sent.html")


@bp.route("/password-reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Any:
    found = service.open_ticket(token, "reset")
    if found is None:
        return _spent("reset")
    form: Any = NewPassword.posted()
    form.about = queries.names(found.Account.id)
    if not form.sent() or not g.new_hash:
        return render_template("people/reset.html", form=form, email=found.Account.email,
                               token=token), 422 if request.method == "POST" else 200
    try:
        account = service.reset_password(token=token, password_hash=g.new_hash)
    except Refused:
        return _spent("reset")
    flash(gettext("Your password has been changed. You were signed out everywhere else."))
    return enter(account, how="link")


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def email(token: str) -> Any:
    """Prove a new address. Whoever reads its mail has proved it; nobody need be signed in."""
    found = service.open_ticket(token, "email")
    if found is None:
        return _spent("email")
    if request.method == "GET":
        return render_template("people/prove_email.html", email=found.email, before=found.Account.email, token=token)
    try:
        service.prove_email(token=token)
    except Refused:
        return _spent("email")
    flash(gettext("Your e-mail address has been changed. You sign in with the new one from now on."))
    return redirect(url_for(".account"), 303)


def _spent(purpose: str) -> Any:
    """Return the page of a link that opens nothing any more; 404, as a link that never was."""
    return render_template("people/spent.html", purpose=purpose), 404
