"""Prove again who you are, before what matters: the password, a code, or a passkey."""
from typing import Any

from flask import g, make_response, render_template, request
from flask_login import current_user

from jetlms.core.guard import signed_in
from jetlms.core.i18n import gettext
from jetlms.people import passkeys, paths, service
from jetlms.people.forms.accounts import Code, Confirm
from jetlms.people.queries import accounts as queries
from jetlms.people.routes import bp
from jetlms.people.routes.sign_in import go_on, passkey_failed, passkey_shown, shut


@bp.route("/confirm", methods=["GET", "POST"])
@signed_in
def confirm() -> Any:
    """Fields password, or code, or credential; next and kept as at sign-in."""
    if request.method == "GET":
        return confirm_page()
    until = g.shut_until or (g.tried.shut_until if g.tried else None)
    if until:
        return shut(confirm_page(status=429, until=until), until)
    if "password" in request.form:
        if not g.tried or g.tried.account_id is None:
            return confirm_page(status=422, wrong=gettext("The password is not right."))
        service.confirm_device(by=current_user, new_hash=g.tried.new_hash)
    elif request.form.get("credential"):
        if not passkey_shown(current_user.account_id):
            return confirm_page(status=422, wrong=passkey_failed())
        service.confirm_device(by=current_user)
    else:
        form: Any = Code.posted()
        if not form.sent() or not service.use_code(account_id=current_user.account_id, code=form.code.data):
            return confirm_page(status=422, wrong=gettext("This code is not right, or it was used before. Please wait for the next one."))
        service.confirm_device(by=current_user)
    return go_on(request.form.get("next"))


def confirm_page(*, status: int = 200, next_: str | None = None, kept: str | None = None, **words: Any) -> Any:
    """Return the page that asks once more."""
    wanted = paths.local(request.values.get("next")) if next_ is None else next_
    return make_response(render_template(
        "people/confirm.html", form=Confirm(), code=Code(), factors=queries.factors(current_user.account_id), next=wanted,
        kept=request.form.get("kept", "") if kept is None else kept, passkeys=passkeys.possible(),
        **{"wrong": "", "until": None, **words}), status)
