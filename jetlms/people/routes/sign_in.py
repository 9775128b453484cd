"""The door: sign in by password or passkey, the second step, going on with what was typed, sign out."""
from datetime import datetime
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user

from jetlms.core.db import db
from jetlms.core.guard import public
from jetlms.core.i18n import gettext
from jetlms.core.limits import limiter
from jetlms.people import passkeys, paths, resume, service, sessions
from jetlms.people.forms.accounts import Code, SignIn
from jetlms.people.models import Account, Passkey
from jetlms.people.passwords import DEMO_PASSWORD
from jetlms.people.queries import accounts as queries
from jetlms.people.routes import bp
from jetlms.people.routes.first import seconds_until

DAYS, DAYS_STAFF = 30, 1             # how long a device stays signed in at most, however busy it is


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Fields email, password, next; kept: what an expired sign-in had left (people.resume). Never a form key: the answer is the cookie."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(paths.onward(request.args.get("next")), 303)
    form = SignIn.posted()
    if not form.sent():
        return sign_in_page(form, 422 if request.method == "POST" else 200)
    tried = g.tried
    if tried.shut_until:
        return shut(sign_in_page(form, 429, until=tried.shut_until), tried.shut_until)
    if tried.account_id is None:
        return sign_in_page(form, 422, wrong=gettext("The e-mail address or the password is not right."))
    if tried.closed:
        return sign_in_page(form, 422, wrong=gettext("This account has been closed. Please write to CLAIR."))
    account = service.sign_in(account_id=tried.account_id, new_hash=tried.new_hash)
    return enter(account)


def sign_in_page(form: Any, status: int = 200, **words: Any) -> Any:
    """Return the sign-in page; `wrong` or `until` say why it is shown again."""
    demo = queries.demo() if current_app.config["DEMO"] else []
    return render_template(
        "people/sign_in.html", form=form, next=paths.local(request.values.get("next")), kept=request.form.get("kept", ""),
        demo_accounts=demo, demo_password=DEMO_PASSWORD, passkeys=passkeys.possible(), **{"wrong": "", "until": None, **words}), status


def shut(page: Any, until: datetime) -> Response:
    """Return a page that says when to try again, with the header that says so too."""
    response = make_response(page)
    response.headers["Retry-After"] = str(seconds_until(until))
    return response


def enter(account: Account, *, factor: bool = False, how: str = "password") -> Any:
    """Let somebody in who has proved who she is: through the second step where her account has one, and to where she was going."""
    if not factor and not current_app.config["DEMO"] and queries.factors(account.id):
        sessions.await_factor(account)
        db.session.flush()
        if request.form.get("kept"):
            return factor_page(Code(), account)
        return redirect(url_for(".factor_step", next=paths.local(request.values.get("next")) or None), 303)
    staff = queries.is_staff(account.person_id)
    service.note_sign_in(account=account, how=how)
    sessions.open_device(account, days=DAYS_STAFF if staff else DAYS, factor=factor)
    g.language_chosen = account.locale         # the cookie of the language switch follows the account
    return go_on(request.values.get("next"))


def go_on(wanted: str | None) -> Any:
    """Go to where somebody was going, or give back the form she had been filling."""
    found = resume.opened(request.form["kept"]) if request.form.get("kept") else None
    if found:
        return render_template("people/resume.html", kept=found)
    if request.form.get("kept"):
        flash(gettext("What had been typed before could not be taken along: it was too old, or belongs to somebody else."))
    return redirect(paths.onward(wanted), 303)


@bp.route("/sign-in/factor", methods=["GET", "POST"])
@public
def factor_step() -> Any:
    """The second step: a code of the app, a recovery code, or a passkey. For who gave the password, or is in without it."""
    account = _who_steps()
    if account is None:
        return redirect(url_for(".sign_in", next=paths.local(request.values.get("next")) or None), 303)
    if request.method == "POST" and g.shut_until:
        return shut(factor_page(Code.posted(), account, 429, until=g.shut_until), g.shut_until)
    if request.form.get("credential"):
        return enter(account, factor=True, how="factor") if passkey_shown(account.id) else factor_page(Code(), account, 422, wrong=passkey_failed())
    form = Code.posted()
    if not form.sent():
        return factor_page(form, account, 422 if request.method == "POST" else 200)
    if not service.use_code(account_id=account.id, code=str(form.data["code"])):
        form.code.errors = [gettext("This code is not right, or it was used before. Please wait for the next one.")]
        return factor_page(form, account, 422)
    return enter(account, factor=True, how="factor")


def factor_page(form: Any, account: Account, status: int = 200, **words: Any) -> Any:
    """Return the page of the second step."""
    return render_template(
        "people/factor_step.html", form=form, factors=queries.factors(account.id), next=paths.local(request.values.get("next")),
        kept=request.form.get("kept", ""), **{"wrong": "", "until": None, **words}), status


def _who_steps() -> Account | None:
    """Return whose second step this browser is at, if anybody's."""
    waiting = sessions.pending_account()
    if waiting is None and current_user.is_authenticated:
        waiting = db.session.get_one(Account, current_user.account_id)
    return waiting if waiting is not None and queries.factors(waiting.id) else None


def passkey_failed() -> str:
    """Return what is said when a passkey was not right."""
    return gettext("The passkey was not accepted. Please try again, or use another way.")


def passkey_shown(account_id: int) -> bool:
    """Say whether the form carries a true answer of one of the account's passkeys, and note it."""
    passkey = shown(alone=False)
    return passkey is not None and passkey.account_id == account_id


def shown(*, alone: bool) -> Passkey | None:
    """Return the passkey whose true answer the form carries, and note that it was shown."""
    credential = request.form.get("credential", "")[:10_000]
    passkey = queries.passkey(passkeys.shown_id(credential))
    count = passkeys.verified_shown(credential, passkey, alone=alone) if passkey else None
    if passkey is None or count is None:
        return None
    service.use_passkey(passkey=passkey, sign_count=count)
    return passkey


@bp.get("/sign-in/passkey")
@public
@limiter.limit("60/minute")
def passkey_options() -> Any:
    """What the browser's script asks the passkey for: any of this site, or (second step) one of the account's."""
    if not passkeys.possible():
        abort(404)
    account = _who_steps()
    known = tuple(key.credential_id for key in queries.factors(account.id).passkeys) if account else ()
    return Response(passkeys.request_options(known), mimetype="application/json")


@bp.post("/sign-in/passkey")
@public
@limiter.limit("30/minute")
def sign_in_passkey() -> Any:
    """Sign in with a passkey alone: possession and PIN or finger, so it counts as both steps."""
    passkey = shown(alone=True)
    account = db.session.get_one(Account, passkey.account_id) if passkey else None
    if account is None:
        return sign_in_page(SignIn(), 422, wrong=passkey_failed())
    if account.disabled_at is not None:
        return sign_in_page(SignIn(), 422, wrong=gettext("This account has been closed. Please write to CLAIR."))
    return enter(service.sign_in(account_id=account.id), factor=True, how="passkey")


@bp.get("/sign-in/resume")
@public
def resume_alone() -> Any:
    """The language switch of the page below leads here."""
    return redirect(url_for(".sign_in"), 303)


@bp.post("/sign-in/resume")
@public
def go_on_after() -> Any:
    """From the page of 401: sign in (or prove who she is), then go on with what was typed."""
    sealed = request.form.get("kept", "")
    if not current_user.is_authenticated:
        return sign_in_page(SignIn())
    found = resume.opened(sealed)
    if found is None:
        abort(400)
    if request.form.get("confirm"):
        from jetlms.people.routes.confirm import confirm_page

        return confirm_page(next_="", kept=sealed)
    return render_template("people/resume.html", kept=found)


@bp.post("/sign-out")
@public
def sign_out() -> Any:
    """End this device's session. Who is not signed in any more is signed out as well."""
    sessions.close_this_device()
    flash(gettext("You are signed out."))
    return redirect(url_for("shell.front"), 303)

