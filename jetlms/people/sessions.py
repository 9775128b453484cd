"""Who is signed in: the browser holds a random token, the database its hash; one statement a request builds the User."""
import logging
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager
from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.exc import DBAPIError

from jetlms.core import clock, crypto, notices
from jetlms.core.db import db, rows, write_apart
from jetlms.core.i18n import _
from jetlms.core.identity import Anonymous, User
from jetlms.people.models import Account, Appointment, Device, Organisation, Participant, Passkey, Person
from jetlms.people.policy import STAFF

IDLE_STAFF, IDLE = timedelta(minutes=30), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
ROLE_LABELS = {
    "participant": _("JET participant"), "alumna": _("JET alumnus"), "supervisor": _("Supervisor"),
    "host_staff": _("Host body staff"), "adviser": _("Prefectural adviser"), "clair_desk": _("CLAIR desk"),
    "author": _("Course author"), "tutor": _("Tutor"), "counsellor": _("Counsellor"), "administrator": _("Administrator"),
}
PENDING_FOR = timedelta(minutes=10)
# Every request asks this, so it is put together once.
WHO = (
    select(
        Device.id.label("device_id"), Device.last_seen_at, Device.confirmed_at, Device.factor_at,
        Account.id.label("account_id"), Account.locale, Account.zone, Account.furigana, Account.totp_secret,
        select(Passkey.id).where(Passkey.account_id == Account.id).limit(1).scalar_subquery().label("passkey"),
        Person.id, Person.display_name, Participant.state, Appointment.role, Appointment.organisation_id, Appointment.job_type,
        Organisation.name_ja, Organisation.name_en,
    )
    .join(Account, Account.id == Device.account_id).join(Person, Person.id == Account.person_id)
    .outerjoin(Participant, Participant.person_id == Person.id)
    .outerjoin(Appointment, and_(Appointment.person_id == Person.id, Appointment.starts_on <= bindparam("today"),
                                 or_(Appointment.ends_on.is_(None), Appointment.ends_on >= bindparam("today"))))
    .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
    .where(Device.token_digest == bindparam("digest"), Device.revoked_at.is_(None), Device.expires_at > bindparam("at"),
           Account.disabled_at.is_(None))
)
log = logging.getLogger(__name__)
login_manager = LoginManager()
login_manager.anonymous_user = Anonymous
login_manager.session_protection = None


@login_manager.request_loader
def load(_request: Any) -> User | None:
    """Return the user of this request, or None."""
    token = session.get("device")
    if not token:
        return None
    found = rows(WHO, digest=crypto.digest(token), at=clock.now(), today=clock.today()).all()
    return _user(found) if found else None


def roles_of(appointment_roles: set[str], state: str | None) -> frozenset[str]:
    """Return the roles of today: those appointed, and what the life cycle gives before the first day and after the last."""
    roles = set(appointment_roles)
    if state in {"completed", "alumni", "terminated"} and "participant" not in roles:
        roles.add("alumna")
    elif state not in {None, "withdrawn", "completed", "alumni", "terminated"}:
        roles.add("participant")           # accepted and not yet arrived: she learns from abroad
    return frozenset(roles)


def _user(found: Any) -> User | None:
    from flask import current_app

    first = found[0]
    reach: dict[str, tuple[int, ...]] = {}
    for row in found:
        if row.role:
            reach[row.role] = (*reach.get(row.role, ()), row.organisation_id)
    roles = roles_of(set(reach), first.state)
    staff = bool(roles & STAFF)
    idle = clock.now() - first.last_seen_at
    if idle > (IDLE_STAFF if staff else IDLE):
        return None
    g.device_seen = (first.device_id, first.last_seen_at)
    has_factor = bool(first.totp_secret or first.passkey)
    demo = current_app.config["DEMO"]
    return User(
        id=first.id, account_id=first.account_id, device_id=first.device_id, name=first.display_name, roles=roles, reach=reach,
        locale=first.locale, zone=first.zone, furigana=first.furigana, confirmed_at=first.confirmed_at,
        role_label=ROLE_LABELS[next((r for r in ROLE_LABELS if r in roles), "participant")] if roles else "",
        organisation_label={"ja": first.name_ja, "en": first.name_en} if first.name_ja else "",  # type: ignore[arg-type]
        needs_factor=staff and not demo and not (has_factor and first.factor_at),
    )


def open_device(account: Account, *, days: int = 30, factor: bool = False) -> None:
    """Open `account` in this browser: a new token, so that no earlier one is worth anything. From here on the request is hers."""
    token, at = crypto.new_token(), clock.now()
    close_this_device()
    session["device"] = token
    session.permanent = True
    db.session.add(Device(
        account_id=account.id, token_digest=crypto.digest(token), label=device_label(), created_at=at, last_seen_at=at,
        expires_at=at + timedelta(days=days), confirmed_at=at, factor_at=at if factor else None))


def close_this_device() -> None:
    """End the session of this browser, whoever's it is, and forget all that its cookie held."""
    if token := session.get("device"):
        db.session.execute(update(Device).where(Device.token_digest == crypto.digest(token), Device.revoked_at.is_(None))
                           .values(revoked_at=clock.now()))
    session.clear()
    g.pop("_login_user", None)         # Flask-Login's memory of who asked
    g.pop("device_seen", None)


def await_factor(account: Account) -> None:
    """Remember in this browser that the password was right and the second factor is still to come. It opens nothing by itself."""
    close_this_device()
    session["pending"] = {"account": account.id, "mark": _mark(account), "at": clock.now().isoformat()}


def pending_account() -> Account | None:
    """Return the account whose second factor is awaited in this browser: for ten minutes, and while its password stays the same."""
    found = session.get("pending")
    if not found or clock.now() - datetime.fromisoformat(found["at"]) > PENDING_FOR:
        return None
    account = db.session.get(Account, found["account"])
    return account if account and account.disabled_at is None and _mark(account) == found["mark"] else None


def _mark(account: Account) -> str:
    return crypto.digest(account.password_hash)[:16]


def close_devices(account_id: int, *, but: int | None = None) -> None:
    """End the sessions of an account everywhere (except on device `but`)."""
    query = update(Device).where(Device.account_id == account_id, Device.revoked_at.is_(None))
    db.session.execute((query.where(Device.id != but) if but else query).values(revoked_at=clock.now()))


def device_label() -> str:
    """Return what this browser is called in lists: Chrome · Windows."""
    agent = request.user_agent.string
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    browser = next((name for mark, name in browsers if mark in agent), "Browser")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{browser} · {system}" if system else browser


def remember_seen(app: Flask) -> None:
    """Keep `last_seen_at` fresh, at most every five minutes, in a short transaction of its own."""
    @app.after_request
    def _seen(response: Any) -> Any:
        seen: tuple[int, datetime] | None = g.get("device_seen")
        if seen and clock.now() - seen[1] > SEEN_EVERY and response.status_code < 500:  # noqa: PLR2004
            db.session.rollback()      # an error page of a POST may have opened a transaction that locks us out
            try:
                with write_apart() as connection:
                    connection.execute(update(Device).where(Device.id == seen[0]).values(last_seen_at=clock.now()))
            except DBAPIError as error:        # a full or locked database: the page itself was answered
                log.warning("last seen not written: %s", type(error.orig).__name__)
        return response


def addresses(ids: Any) -> dict[int, notices.Address]:
    """Tell core.notices where people read. The dead and the disabled get no mail."""
    found = db.session.execute(
        select(Person.id, Person.display_name, Account.email, Account.locale, Account.zone, Person.deceased_on, Account.disabled_at)
        .join(Account, Account.person_id == Person.id).where(Person.id.in_(list(ids)))).all()
    return {row.id: notices.Address("" if row.deceased_on or row.disabled_at else row.email, row.display_name, row.locale, row.zone)
            for row in found}


notices.ask_for_addresses(addresses)
