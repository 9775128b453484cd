"""Looking after accounts: find, close, open, invite again, take off a lost second factor."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.guard import needs
from jetlms.core.i18n import gettext
from jetlms.people import service
from jetlms.people.forms.accounts import Reason
from jetlms.people.models import Account
from jetlms.people.queries import accounts as queries
from jetlms.people.routes import bp
from jetlms.people.sessions import ROLE_LABELS


@bp.get("/accounts")
@needs("accounts.administer")
def accounts() -> Any:
    words = request.args.get("q", "").strip()[:100]
    rows = queries.search(current_user, words, after=request.args.get("after", "")[:254])
    return render_template("people/accounts.html", rows=rows, words=words, more=len(rows) == queries.PAGE)


@bp.get("/accounts/<int:id>")
@needs("accounts.administer")
def administer(account: Account) -> Any:
    return _page(account)


def _page(account: Account, form: Any = None, status: int = 200) -> Any:
    return render_template("people/administer.html", account=account, form=form or Reason(), labels=ROLE_LABELS,
                           own=account.id == current_user.account_id, **queries.administered(account)), status


@bp.post("/accounts/<int:id>/disable")
@needs("accounts.administer")
def disable(account: Account) -> Any:
    form: Any = Reason.posted()
    if not form.sent():
        return _page(account, form, 422)
    service.disable(by=current_user, account=account, reason=form.reason.data)
    flash(gettext("The account is closed, on every device, from now on."))
    return redirect(url_for(".administer", id=account.id), 303)


@bp.post("/accounts/<int:id>/enable")
@needs("accounts.administer")
def enable(account: Account) -> Any:
    form: Any = Reason.posted()
    if not form.sent():
        return _page(account, form, 422)
    service.enable(by=current_user, account=account, reason=form.reason.data)
    flash(gettext("The account is open again."))
    return redirect(url_for(".administer", id=account.id), 303)


@bp.post("/accounts/<int:id>/invite")
@needs("accounts.administer")
def invite_again(account: Account) -> Any:
    service.invite_again(by=current_user, account=account)
    flash(gettext("The invitation has been sent again. Earlier links no longer work."))
    return redirect(url_for(".administer", id=account.id), 303)


@bp.route("/accounts/<int:id>/reset-factors", methods=["GET", "POST"])
@needs("accounts.administer", confirmed=True)
def reset_factors(account: Account) -> Any:
    """A page of its own: it says what will happen, and asks for the password first."""
    form: Any = Reason.posted()
    if not form.sent():
        return render_template("people/reset_factors.html", account=account, form=form, own=account.id == current_user.account_id,
                               **queries.administered(account)), 422 if request.method == "POST" else 200
    service.reset_factors(by=current_user, account=account, reason=form.reason.data)
    flash(gettext("The second step has been taken off. The person has been told."))
    return redirect(url_for(".administer", id=account.id), 303)
