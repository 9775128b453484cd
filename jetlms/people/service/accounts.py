"""Accounts: invite, keep, close. One's own settings and devices."""
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from jetlms.core import audit, clock, jobs, notices
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.people import addresses, pauses, sessions
from jetlms.people.models import Account, Device, Person, Ticket
from jetlms.people.service import tickets

KEPT = timedelta(days=90)


def invite(*, by: Any, person: Person, email: str, locale: str = "en") -> Account:
    """Make the account of a person and send her the link by which she opens it.

    Raises Refused when she has an account already, or the address belongs to somebody.
    """
    email = addresses.fold(email)
    if db.session.scalar(select(Account.id).where(or_(Account.person_id == person.id, Account.email == email))):
        raise Refused(_("This person has an account already, or the address belongs to somebody else."))
    account = Account(person_id=person.id, email=email, locale=locale)
    db.session.add(account)
    db.session.flush()
    tickets.send_ticket(account, "invite")
    audit.record("accounts.invite", account, by=by)
    return account


def invite_again(*, by: Any, account: Account) -> None:
    """Send the invitation again; earlier links end. Raises Refused when it has been taken or the account is disabled."""
    if account.password_hash or account.disabled_at is not None:
        raise Refused(_("This invitation is no longer open."))
    tickets.end_tickets(account.id, "invite")
    tickets.send_ticket(account, "invite")
    audit.record("accounts.invite_again", account, by=by)


def disable(*, by: Any, account: Account, reason: str) -> None:
    """Close an account: it ends on every device at once, and its links with it. Raises Refused for one's own."""
    if account.id == by.account_id:
        raise Refused(_("You cannot close your own account. Another administrator can."))
    if account.disabled_at is not None:
        return
    account.disabled_at = clock.now()
    sessions.close_devices(account.id)
    tickets.end_tickets(account.id)
    audit.record("accounts.disable", account, by=by, note=reason)


def enable(*, by: Any, account: Account, reason: str) -> None:
    """Open a closed account again; its password and second factor are as they were."""
    if account.disabled_at is None:
        return
    account.disabled_at = None
    audit.record("accounts.enable", account, by=by, note=reason)


def change_profile(*, by: Any, locale: str, zone: str, furigana: bool) -> None:
    """Change language, time zone and furigana of one's own account."""
    db.session.execute(update(Account).where(Account.id == by.account_id).values(locale=locale, zone=zone, furigana=furigana))


def ask_email(*, by: Any, email: str) -> None:
    """Send the link that proves a new address. A taken one looks the same to the asker; its owner is told."""
    account = db.session.get_one(Account, by.account_id)
    owner = db.session.scalar(select(Account).where(Account.email == email))
    if owner is None:
        tickets.end_tickets(account.id, "email")
        tickets.send_ticket(account, "email", email=email)
    elif owner.id != account.id:
        notices.send("people.email_taken", 0, dedup=f"people.email_taken:{owner.id}:{clock.today()}", address=email, locale=owner.locale)
    audit.record("accounts.ask_email", account, by=by)


def change_password(*, by: Any, password_hash: str) -> Account:
    """Set one's own new password: every device is closed, this one too; its door opens a new one. Returns the account."""
    account = db.session.get_one(Account, by.account_id)
    account.password_hash = password_hash
    sessions.close_devices(account.id)
    tickets.end_tickets(account.id)
    pauses.open_door(pauses.address(account.email))
    audit.record("accounts.change_password", account, by=by)
    tickets.tell_password_changed(account)
    return account


def ask_reset(*, email: str) -> None:
    """Note that a new password was asked for. Known or not, the same is written here; the worker looks whose address it is."""
    jobs.publish("people.reset_asked", email=email)


def send_reset(*, email: str) -> None:
    """Send the link to the account with this address, if there is one that may be signed in to."""
    account = db.session.scalar(
        select(Account).join(Person, Person.id == Account.person_id)
        .where(Account.email == email, Account.disabled_at.is_(None), Person.deceased_on.is_(None)))
    if account is not None:
        tickets.send_ticket(account, "reset")


def end_device(*, by: Any, device_id: int) -> None:
    """Close one's account on one device. Raises NotFound when it is not hers or already closed."""
    ended: Any = db.session.execute(update(Device).where(
        Device.id == device_id, Device.account_id == by.account_id, Device.revoked_at.is_(None)).values(revoked_at=clock.now()))
    if ended.rowcount != 1:
        raise NotFound


def end_other_devices(*, by: Any) -> None:
    """Close one's account everywhere but here."""
    sessions.close_devices(by.account_id, but=by.device_id)


def forget_expired() -> None:
    """Delete links and devices ninety days after their end, and counts of wrong tries after a day."""
    before = clock.now() - KEPT
    db.session.execute(delete(Ticket).where(Ticket.expires_at < before))
    db.session.execute(delete(Device).where(or_(Device.expires_at < before, Device.revoked_at < before)))
    pauses.forget()
