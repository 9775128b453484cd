"""One's own account: how to read, the address, the password, the devices."""
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import i18n
from jetlms.core.guard import confirmed, signed_in
from jetlms.core.i18n import gettext
from jetlms.core.limits import limiter
from jetlms.people import service, sessions
from jetlms.people.forms.accounts import ChangePassword, Email, Profile
from jetlms.people.queries import accounts as queries
from jetlms.people.routes import bp
from jetlms.people.routes.sign_in import DAYS, DAYS_STAFF, shut
from jetlms.people.sessions import ROLE_LABELS


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> Any:
    kept = queries.own(current_user)
    form: Any = Profile.posted(locale=kept.account.locale, zone=kept.account.zone, furigana=kept.account.furigana)
    if form.sent():
        service.change_profile(by=current_user, locale=form.locale.data, zone=form.zone.data, furigana=form.furigana.data)
        g.language_chosen = form.locale.data       # the cookie of the language switch follows
        with i18n.force_locale(form.locale.data):
            flash(gettext("Saved."))
        return redirect(url_for(".account"), 303)
    return render_template("people/account.html", form=form, kept=kept, factors=queries.factors(current_user.account_id, current_user.device_id),
                           roles=[ROLE_LABELS[role] for role in ROLE_LABELS if role in current_user.roles],
                           sight=url_for("learning.who_sees") if "learning.who_sees" in current_app.view_functions else "",
                           ), 422 if request.method == "POST" else 200


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> Any:
    """The present password and the next one; every device is closed, this one gets a new session."""
    form: Any = ChangePassword.posted()
    form.about = queries.names(current_user.account_id)
    if request.method == "POST" and g.tried and g.tried.shut_until:
        return shut((render_template("people/password.html", form=form, until=g.tried.shut_until), 429), g.tried.shut_until)
    right = request.method == "POST" and g.tried and g.tried.account_id
    if form.sent() and right and g.new_hash:
        changed = service.change_password(by=current_user, password_hash=g.new_hash)
        staff, factor = queries.is_staff(changed.person_id), queries.factors(changed.id, current_user.device_id).given
        sessions.open_device(changed, days=DAYS_STAFF if staff else DAYS, factor=factor)
        flash(gettext("Your password has been changed. You were signed out everywhere else."))
        return redirect(url_for(".account"), 303)
    if request.method == "POST" and not right and form.password.data:
        form.password.errors = [*form.password.errors, gettext("The password is not right.")]
    return render_template("people/password.html", form=form, until=None), 422 if request.method == "POST" else 200


@bp.route("/account/email", methods=["GET", "POST"])
@confirmed
@limiter.limit("10/hour", methods=["POST"])
def change_email() -> Any:
    form: Any = Email.posted()
    if form.sent():
        service.ask_email(by=current_user, email=form.email.data)
        flash(gettext("We have sent a link to %(email)s. The address changes when you open the link there.", email=form.email.data))
        return redirect(url_for(".account"), 303)
    kept = queries.own(current_user)
    return render_template("people/change_email.html", form=form, email=kept.account.email), 422 if request.method == "POST" else 200


@bp.post("/account/devices/<int:device_id>/end")
@signed_in
def end_device(device_id: int) -> Any:
    service.end_device(by=current_user, device_id=device_id)
    if device_id == current_user.device_id:
        sessions.close_this_device()
        return redirect(url_for(".sign_in"), 303)
    flash(gettext("Your account is closed on that device."))
    return redirect(url_for(".account", _anchor="devices"), 303)


@bp.post("/account/devices/end")
@signed_in
def end_devices() -> Any:
    service.end_other_devices(by=current_user)
    flash(gettext("Your account is closed on every other device."))
    return redirect(url_for(".account", _anchor="devices"), 303)
