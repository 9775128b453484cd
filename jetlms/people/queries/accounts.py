"""What the pages about accounts ask."""
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select

from jetlms.core import clock, policy
from jetlms.core.db import db
from jetlms.people import demo_accounts
from jetlms.people.models import (
    Account,
    Appointment,
    Device,
    Organisation,
    Participant,
    Passkey,
    Person,
    RecoveryCode,
    Ticket,
)
from jetlms.people.policy import STAFF

PAGE = 50


@dataclass(frozen=True)
class Factors:
    """The second factors of an account, and whether one was given on the device that asks."""

    app: bool = False
    passkeys: tuple[Any, ...] = ()
    codes_left: int = 0
    given: bool = False

    def __bool__(self) -> bool:
        return self.app or bool(self.passkeys)


@dataclass(frozen=True)
class Kept:
    """One's own account as its page shows it."""

    account: Account
    person: Person
    devices: list[Device] = field(default_factory=list)
    new_email: str = ""                  # waits for its proof


def factors(account_id: int, device_id: int = 0) -> Factors:
    """Return the second factors of an account."""
    row = db.session.execute(select(
        Account.totp_secret, select(Device.factor_at).where(Device.id == device_id).scalar_subquery().label("given"),
        select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)).scalar_subquery().label("codes"),
    ).where(Account.id == account_id)).one()
    keys = db.session.execute(select(Passkey.id, Passkey.credential_id, Passkey.label, Passkey.created_at, Passkey.used_at)
                              .where(Passkey.account_id == account_id).order_by(Passkey.id)).all()
    return Factors(bool(row.totp_secret), tuple(keys), row.codes, row.given is not None)


def passkey(credential_id: bytes) -> Passkey | None:
    """Return the passkey with this credential id."""
    return db.session.scalars(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def own(user: Any) -> Kept:
    """Return the account page's contents: four statements."""
    account, person = db.session.execute(
        select(Account, Person).join(Person, Person.id == Account.person_id).where(Account.id == user.account_id)).one()
    at = clock.now()
    devices = list(db.session.scalars(
        select(Device).where(Device.account_id == account.id, Device.revoked_at.is_(None), Device.expires_at > at)
        .order_by(Device.last_seen_at.desc(), Device.id.desc()).limit(PAGE)))
    waiting = db.session.scalar(
        select(Ticket.email).where(Ticket.account_id == account.id, Ticket.purpose == "email", Ticket.used_at.is_(None), Ticket.expires_at > at)
        .order_by(Ticket.id.desc()).limit(1))
    return Kept(account, person, devices, waiting or "")


def names(account_id: int) -> tuple[str, ...]:
    """Return what a password of this account must not hold: its address and the person's names."""
    row = db.session.execute(
        select(Account.email, Person.given_name, Person.family_name, Person.preferred_name, Person.katakana_name, Person.native_name)
        .join(Person, Person.id == Account.person_id).where(Account.id == account_id)).one()
    return tuple(row)


def is_staff(person_id: int) -> bool:
    """Say whether one of today's appointments needs a second factor."""
    today = clock.today()
    return db.session.scalar(select(Appointment.id).where(
        Appointment.person_id == person_id, Appointment.role.in_(STAFF), Appointment.starts_on <= today,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)).limit(1)) is not None


def account_of_device(token_digest: str) -> int | None:
    """Return whose device this was, ended or not."""
    return db.session.scalar(select(Device.account_id).where(Device.token_digest == token_digest))


def demo() -> list[dict[str, Any]]:
    """Return the demo accounts that are here: name, address, what she is in both languages."""
    wanted = {demo_accounts.email(name): {"name": name.title(), "email": demo_accounts.email(name), "who": who}
              for name, who in demo_accounts.ACCOUNTS.items()}
    here = set(db.session.scalars(select(Account.email).where(Account.email.in_(wanted))))
    return [row for email, row in wanted.items() if email in here]


def search(user: Any, words: str, after: str = "") -> list[Any]:
    """Return a page of the accounts `user` may administer, by address; `words` are looked for in address and names."""
    query = (
        select(Account.id, Account.email, Account.password_hash, Account.disabled_at, Person.display_name, Person.katakana_name,
               select(func.max(Device.last_seen_at)).where(Device.account_id == Account.id).scalar_subquery().label("seen_at"))
        .join(Person, Person.id == Account.person_id).where(policy.scope(user, "accounts.administer"))
    )
    for word in words.lower().split():
        query = query.where(or_(*(func.lower(column).contains(word, autoescape=True) for column in (
            Account.email, Person.display_name, Person.sort_name, Person.katakana_name, Person.native_name))))
    if after:
        query = query.where(Account.email > after)
    return list(db.session.execute(query.order_by(Account.email).limit(PAGE)))


def administered(account: Account) -> dict[str, Any]:
    """Return what an administrator sees of one account: the person, her appointments, devices in number, second factors."""
    at = clock.now()
    person = db.session.get_one(Person, account.person_id)
    appointments = db.session.execute(
        select(Appointment.role, Appointment.job_type, Appointment.starts_on, Appointment.ends_on, Organisation.name_ja, Organisation.name_en)
        .join(Organisation, Organisation.id == Appointment.organisation_id).where(Appointment.person_id == person.id)
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())).all()
    devices = db.session.execute(
        select(func.count().label("number"), func.max(Device.last_seen_at).label("seen_at"))
        .where(Device.account_id == account.id, Device.revoked_at.is_(None), Device.expires_at > at)).one()
    invited = db.session.scalar(select(func.max(Ticket.expires_at)).where(
        Ticket.account_id == account.id, Ticket.purpose == "invite", Ticket.used_at.is_(None), Ticket.expires_at > at))
    state = db.session.scalar(select(Participant.state).where(Participant.person_id == person.id))
    return {"person": person, "appointments": appointments, "devices": devices, "invited_until": invited, "participant": state,
            "factors": factors(account.id)}
