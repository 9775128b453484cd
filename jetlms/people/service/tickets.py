"""Links sent by mail: made with a token of which only the hash stays, looked at as often as a mail scanner likes, taken once by POST."""
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from jetlms.core import audit, clock, crypto, notices
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.people import pauses, sessions
from jetlms.people.models import Account, Person, Ticket

LIFE = {"invite": timedelta(days=14), "reset": timedelta(hours=1), "email": timedelta(hours=24)}
KIND = {"invite": "people.invitation", "reset": "people.reset", "email": "people.email_proof"}
LIVE_AT_ONCE = 3                    # links of one kind for one account: more would be a flood in her inbox


def send_ticket(account: Account, purpose: str, *, email: str = "", locale: str = "") -> bool:
    """Make a link and the mail that carries it, to `email` or the account's address; False when enough of them are on their way."""
    if _live(account.id, purpose) >= LIVE_AT_ONCE:
        return False
    token, at = crypto.new_token(), clock.now()
    ticket = Ticket(account_id=account.id, purpose=purpose, digest=crypto.digest(token), made_at=at, expires_at=at + LIFE[purpose],
                    email=email)
    db.session.add(ticket)
    db.session.flush()
    name = db.session.scalar(select(Person.display_name).where(Person.id == account.person_id))
    return notices.send(KIND[purpose], 0, dedup=f"people.ticket:{ticket.id}", address=email or account.email,
                        locale=locale or account.locale,
                        params={"name": name, "until": ticket.expires_at.isoformat(), "sealed": crypto.encrypt(token)})


def _live(account_id: int, purpose: str) -> int:
    return int(db.session.scalar(select(func.count()).select_from(Ticket).where(
        Ticket.account_id == account_id, Ticket.purpose == purpose, Ticket.used_at.is_(None), Ticket.expires_at > clock.now())) or 0)


def end_tickets(account_id: int, *purposes: str) -> None:
    """Make the open links of an account worthless (of some purposes, or all)."""
    query = update(Ticket).where(Ticket.account_id == account_id, Ticket.used_at.is_(None))
    db.session.execute((query.where(Ticket.purpose.in_(purposes)) if purposes else query).values(used_at=clock.now()))


def open_ticket(token: str, purpose: str) -> Any:
    """Return the ticket a link stands for, with its account and person, or None when it is used, too old, or never was."""
    return db.session.execute(
        select(Ticket.id, Ticket.email, Account, Person).join(Account, Account.id == Ticket.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Ticket.digest == crypto.digest(token), Ticket.purpose == purpose, Ticket.used_at.is_(None),
               Ticket.expires_at > clock.now(), Account.disabled_at.is_(None), Person.deceased_on.is_(None))).first()


def accept_invitation(*, token: str, password_hash: str, locale: str, zone: str) -> Account:
    """Take an invitation: the account gets its password, language and time zone. Raises Refused when the link is spent."""
    account = _take(token, "invite").Account
    account.locale, account.zone = locale, zone
    _set_password(account, password_hash)
    audit.record("accounts.accept", account, by=account.person_id)
    return account


def reset_password(*, token: str, password_hash: str) -> Account:
    """Set a new password by a link, and close the account everywhere. Raises Refused when the link is spent."""
    account = _take(token, "reset").Account
    _set_password(account, password_hash)
    audit.record("accounts.reset_password", account, by=account.person_id)
    tell_password_changed(account)
    return account


def prove_email(*, token: str) -> Account:
    """Give the account the address its link was sent to; the old one is told. Raises Refused when the link is spent or somebody has it."""
    found = _take(token, "email")
    account, before = found.Account, found.Account.email
    if db.session.scalar(select(Account.id).where(Account.email == found.email)):
        raise Refused(_("This address already belongs to an account."))
    account.email = found.email
    end_tickets(account.id)
    audit.record("accounts.change_email", account, by=account.person_id)
    notices.send("people.email_changed", account.person_id, dedup=f"people.email:{found.id}", address=before, locale=account.locale,
                 params={"at": clock.now().isoformat()})
    return account


def tell_password_changed(account: Account) -> None:
    """Send the notice that a password was changed."""
    at = clock.now().isoformat()
    notices.send("people.password_changed", account.person_id, dedup=f"people.password:{account.id}:{at}", params={"at": at})


def _take(token: str, purpose: str) -> Any:
    """Use a ticket: of two people with one link, one gets it."""
    found = open_ticket(token, purpose)
    taken: Any = found and db.session.execute(
        update(Ticket).where(Ticket.id == found.id, Ticket.used_at.is_(None)).values(used_at=clock.now()))
    if not found or taken.rowcount != 1:
        raise Refused(_("This link has already been used, or it is too old. Please ask for a new one."), code="spent")
    return found


def _set_password(account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    sessions.close_devices(account.id)
    end_tickets(account.id, "invite", "reset")
    pauses.open_door(pauses.address(account.email))
