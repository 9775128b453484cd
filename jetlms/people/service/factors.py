"""Second factors: an authenticator app whose codes work once, passkeys, and ten codes on paper for the day the phone is lost."""
import hmac
import secrets
from typing import Any

import pyotp
from sqlalchemy import delete, func, select, update

from jetlms.core import audit, clock, crypto, notices
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.people import pauses, sessions
from jetlms.people.models import Account, Device, Passkey, RecoveryCode

CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"      # nothing that looks like something else on paper
STEP = 30                                         # seconds (RFC 6238)


def step_of(secret: str, code: str) -> int | None:
    """Return the time step whose code this is (the present one or a neighbour), or None. Constant time."""
    now, app = int(clock.now().timestamp()) // STEP, pyotp.TOTP(secret)
    found = None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def add_app(*, by: Any, secret: str, code: str) -> bool:
    """Take an authenticator app into use, proved by its present code; False when the code is wrong."""
    step = step_of(secret, code)
    if step is None:
        return False
    db.session.execute(update(Account).where(Account.id == by.account_id).values(totp_secret=crypto.encrypt(secret), totp_step=step))
    _added(by, "app")
    return True


def add_passkey(*, by: Any, credential_id: bytes, public_key: bytes, sign_count: int, label: str) -> None:
    """Take a verified passkey into use. Raises Refused when it is known already."""
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)):
        raise Refused(_("This passkey is in use already."))
    db.session.add(Passkey(account_id=by.account_id, credential_id=credential_id, public_key=public_key, sign_count=sign_count,
                           label=label or str(_("Passkey"))))
    db.session.flush()
    _added(by, "passkey")


def _added(by: Any, what: str) -> None:
    """The factor has just been shown on this device, so it counts as given here."""
    db.session.execute(update(Device).where(Device.id == by.device_id).values(factor_at=clock.now()))
    _note(by.account_id, by.id, by, "people.factor_added", what)


def remove_app(*, by: Any, must_keep_one: bool) -> None:
    """Stop using the authenticator app. Raises Refused when the role needs a second factor and this is the last."""
    if must_keep_one and not _passkeys(by.account_id):
        raise Refused(_("Your role needs a second step. Please add another one before you remove this one."))
    db.session.execute(update(Account).where(Account.id == by.account_id).values(totp_secret="", totp_step=0))
    _note(by.account_id, by.id, by, "people.factor_removed", "app")
    _drop_orphaned_codes(by.account_id)


def remove_passkey(*, by: Any, passkey_id: int, must_keep_one: bool) -> None:
    """Stop using a passkey. Raises NotFound when it is not hers, Refused as remove_app."""
    account = db.session.get_one(Account, by.account_id)
    if must_keep_one and not account.totp_secret and _passkeys(by.account_id) == 1:
        raise Refused(_("Your role needs a second step. Please add another one before you remove this one."))
    gone: Any = db.session.execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == by.account_id))
    if gone.rowcount != 1:
        raise NotFound
    _note(by.account_id, by.id, by, "people.factor_removed", "passkey")
    _drop_orphaned_codes(by.account_id)


def _passkeys(account_id: int) -> int:
    return int(db.session.scalar(select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id)) or 0)


def _drop_orphaned_codes(account_id: int) -> None:
    """Codes that replace a lost phone mean nothing where there is no other factor."""
    has_app = db.session.scalar(select(Account.totp_secret).where(Account.id == account_id))
    if not has_app and not _passkeys(account_id):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def make_codes(*, by: Any) -> list[str]:
    """Make ten recovery codes, which replace all earlier ones; they are shown once, only hashes stay (80 bits each)."""
    codes = ["-".join("".join(secrets.choice(ALPHABET) for _n in range(4)) for _group in range(4)) for _code in range(CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == by.account_id))
    db.session.add_all(RecoveryCode(account_id=by.account_id, digest=_digest(by.account_id, code)) for code in codes)
    _note(by.account_id, by.id, by, "people.factor_added", "codes")
    return codes


def _digest(account_id: int, code: str) -> str:
    return crypto.digest(f"{account_id}:{code.replace('-', '').replace(' ', '').lower()}")


def use_code(*, account_id: int, code: str) -> bool:
    """Take a code of the app or a recovery code: each works once, also of two that arrive together. False when it is none."""
    code = code.replace(" ", "")
    used = _use_app(account_id, code) if code.isdigit() else _use_recovery(account_id, code)
    if used:
        pauses.open_door(pauses.factor(account_id))
    return used


def _use_app(account_id: int, code: str) -> bool:
    sealed = db.session.scalar(select(Account.totp_secret).where(Account.id == account_id))
    step = step_of(crypto.decrypt(sealed), code) if sealed else None
    if step is None:
        return False
    moved: Any = db.session.execute(
        update(Account).where(Account.id == account_id, Account.totp_step < step).values(totp_step=step))
    return bool(moved.rowcount == 1)


def _use_recovery(account_id: int, code: str) -> bool:
    used: Any = db.session.execute(update(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.digest == _digest(account_id, code), RecoveryCode.used_at.is_(None),
    ).values(used_at=clock.now()))
    if used.rowcount == 1:
        person_id = db.session.scalar(select(Account.person_id).where(Account.id == account_id))
        audit.record("accounts.use_recovery_code", ("account", account_id), by=person_id)
    return bool(used.rowcount == 1)


def use_passkey(*, passkey: Passkey, sign_count: int) -> None:
    """Write that a passkey was shown: its counter only ever rises."""
    passkey.sign_count, passkey.used_at = sign_count, clock.now()
    pauses.open_door(pauses.factor(passkey.account_id))


def reset_factors(*, by: Any, account: Account, reason: str) -> None:
    """Take the second factor off somebody's account (a lost phone): every device is closed, she is told. Raises Refused for one's own."""
    if account.id == by.account_id:
        raise Refused(_("You cannot reset your own second step. Another administrator can."))
    account.totp_secret, account.totp_step = "", 0
    db.session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    sessions.close_devices(account.id)
    pauses.open_door(pauses.factor(account.id))
    audit.record("accounts.reset_factors", account, by=by, note=reason)
    at = clock.now().isoformat()
    notices.send("people.factors_reset", account.person_id, dedup=f"people.factors_reset:{account.id}:{at}",
                 params={"at": at, "reason": reason})


def _note(account_id: int, person_id: int, by: Any, kind: str, what: str) -> None:
    at = clock.now().isoformat()
    audit.record(kind.replace("people.", "accounts."), ("account", account_id), by=by, detail={"what": what})
    notices.send(kind, person_id, dedup=f"{kind}:{account_id}:{what}:{at}", params={"what": what, "at": at})
