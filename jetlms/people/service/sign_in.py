"""Signing in: the try, which takes time and no lock, and what is written when it was right."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock
from jetlms.core.db import db, read_apart
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.people import passwords, pauses
from jetlms.people.models import Account, Device


@dataclass(frozen=True)
class Try:
    """How a try ended. `account_id` is set when the password was right, `shut_until` when it was not looked at."""

    account_id: int | None = None
    closed: bool = False                 # the password was right, but the account has been disabled
    new_hash: str = ""                   # the same password under today's parameters, when the stored hash is older
    shut_until: datetime | None = None


def try_password(*, email: str, typed: str, demo: bool) -> Try:
    """Check a password outside the request's transaction. Known or not, an address costs one count, one look-up and one hash."""
    until = pauses.knock(pauses.address(email))
    if until is not None:
        return Try(shut_until=until)
    with read_apart() as connection:
        row = connection.execute(
            select(Account.id, Account.password_hash, Account.disabled_at).where(Account.email == email)).first()
    stored = row.password_hash if row else ""
    if typed == passwords.DEMO_PASSWORD and not demo:
        stored = ""
    if not passwords.matches(stored, typed) or row is None:
        return Try()
    return Try(account_id=row.id, closed=row.disabled_at is not None,
               new_hash=passwords.hashed(typed) if passwords.is_stale(stored) else "")


def sign_in(*, account_id: int, new_hash: str = "") -> Account:
    """Take the right password or passkey of an account: a second step may follow. Raises Refused when it was disabled meanwhile."""
    account = db.session.get_one(Account, account_id)
    if account.disabled_at is not None:
        raise Refused(_("This account has been closed. Please write to CLAIR."))
    if new_hash:
        account.password_hash = new_hash
    pauses.open_door(pauses.address(account.email))
    return account


def note_sign_in(*, account: Account, how: str) -> None:
    """Write that somebody is in, and by what: password, factor (after the password), passkey, link."""
    audit.record("accounts.sign_in", account, by=account.person_id, detail={"how": how})


def confirm_device(*, by: Any, new_hash: str = "") -> None:
    """Write that `by` has just proved on this device who she is."""
    db.session.execute(update(Device).where(Device.id == by.device_id).values(confirmed_at=clock.now()))
    account = db.session.get_one(Account, by.account_id)
    pauses.open_door(pauses.address(account.email))
    if new_hash:
        account.password_hash = new_hash
