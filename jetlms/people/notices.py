"""What is told about accounts, in words.

Mails with a link go to an address, not to an inbox: whoever sits at an open session of somebody else must not find a key there.
Their tokens are stored encrypted, and the text of the mail is not stored at all.
"""
from datetime import datetime
from typing import Any

from jetlms.core import crypto, i18n, notices
from jetlms.core.i18n import _

FACTORS = {"app": _("an authenticator app"), "passkey": _("a passkey"), "codes": _("recovery codes")}


def _unsealed(params: dict[str, Any], to: notices.Address) -> dict[str, Any]:
    """Open the sealed token and say the instant in the reader's time."""
    return {"name": params.get("name", ""), "until": i18n.moment(datetime.fromisoformat(params["until"]), to.zone),
            "url_token": crypto.decrypt(params["sealed"])}


def _moment(params: dict[str, Any], to: notices.Address) -> dict[str, Any]:
    return {**params, "at": i18n.moment(datetime.fromisoformat(params["at"]), to.zone)}


def _factor(params: dict[str, Any], to: notices.Address) -> dict[str, Any]:
    return {**_moment(params, to), "what": str(FACTORS[params["what"]])}


notices.kind(
    "people.invitation", _("Your invitation to jetlms"),
    _("Hello %(name)s. An account has been made for you at jetlms, the place for everything around the JET Programme: courses, people "
      "and help. Choose a password to open it. The link works once, until %(until)s."),
    endpoint="people.invitation", action=_("Open my account"), secret=True, params=_unsealed)
notices.kind(
    "people.reset", _("Choose a new password"),
    _("Hello %(name)s. Somebody, probably you, asked for a new password for your account at jetlms. The link works once, until "
      "%(until)s. If it was not you, you need not do anything: your password stays as it is."),
    endpoint="people.reset", action=_("Choose a new password"), urgent=True, secret=True, params=_unsealed)
notices.kind(
    "people.email_proof", _("Is this your e-mail address?"),
    _("Hello %(name)s. You asked to use this address for your account at jetlms. Open the link to confirm it. It works once, until "
      "%(until)s. If you did not ask for this, you need not do anything."),
    endpoint="people.email", action=_("Confirm this address"), urgent=True, secret=True, params=_unsealed)
notices.kind(
    "people.email_taken", _("This address already belongs to an account"),
    _("Somebody asked to use this address for another account at jetlms. It already belongs to an account, so nothing was changed. "
      "If it was you, please sign in with this address."),
    endpoint="people.sign_in", action=_("Sign in"))
notices.kind(
    "people.email_changed", _("Your e-mail address has been changed"),
    _("Since %(at)s your account at jetlms has another e-mail address, and you sign in with that one. If you did not change it, "
      "please write to CLAIR at once."), params=_moment)
notices.kind(
    "people.password_changed", _("Your password has been changed"),
    _("Your password was changed at %(at)s, and your account was closed on every other device. If it was not you, choose a new "
      "password now and look at your devices."),
    endpoint="people.account", action=_("Account and devices"), params=_moment)
notices.kind(
    "people.factor_added", _("Your sign-in has a new second step"),
    _("At %(at)s this was added to your account: %(what)s. If it was not you, remove it and choose a new password now."),
    endpoint="people.factors", action=_("Second step of signing in"), params=_factor)
notices.kind(
    "people.factor_removed", _("A second step of your sign-in was removed"),
    _("At %(at)s this was removed from your account: %(what)s. If it was not you, choose a new password now and look at your devices."),
    endpoint="people.factors", action=_("Second step of signing in"), params=_factor)
notices.kind(
    "people.factors_reset", _("Your second step was reset"),
    _("At %(at)s an administrator took the second step off your account, and closed it on every device. Your password is unchanged. "
      "Reason: %(reason)s. If you did not ask for this, please write to CLAIR at once."),
    endpoint="people.factors", action=_("Set up a second step"), params=_moment)
