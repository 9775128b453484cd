"""Organisations, and who works at them in which role."""
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from jetlms.core import audit, clock
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.people import names
from jetlms.people.models import Account, Appointment, Organisation, Person
from jetlms.people.service import finding
from jetlms.people.service.accounts import invite

# Which roles exist at which kind of body.
ROLES = {
    "contracting": ("supervisor",), "prefecture": ("host_staff", "adviser"), "designated_city": ("host_staff", "adviser"),
    "clair": ("clair_desk", "author", "tutor", "counsellor", "administrator"),
    "section": ("clair_desk", "author", "tutor", "counsellor", "administrator"),
    "overseas_office": (),
}
HELD_CLOSE = frozenset({"clair_desk", "author", "tutor", "counsellor", "administrator"})     # only an administrator gives these


def roles_to_give(by: Any, organisation: Organisation) -> tuple[str, ...]:
    """Return the roles `by` may give at an organisation."""
    return tuple(role for role in ROLES[organisation.kind] if role not in HELD_CLOSE or "administrator" in by.roles)


def add_organisation(*, by: Any, host: Organisation, **values: Any) -> Organisation:
    """Add a contracting organisation under a host body. Raises Refused when its code or short name is taken."""
    if host.kind not in {"prefecture", "designated_city"}:
        raise Refused(_("A contracting organisation stands under a prefecture or designated city."))
    code = values["code"] or None
    if db.session.scalar(select(Organisation.id).where(or_(Organisation.slug == values["slug"], *([Organisation.code == code] if code else [])))):
        raise Refused(_("Another organisation has this code or short name."))
    made = Organisation(kind="contracting", host_id=host.id, prefecture=host.prefecture, **{**values, "code": code})
    db.session.add(made)
    db.session.flush()
    finding.index("organisation", [made.id])
    audit.record("organisations.add", made, by=by, organisation_id=made.id)
    return made


def change_organisation(*, by: Any, organisation: Organisation, **values: Any) -> None:
    """Change names, reading or the day on which it closed. Raises Refused while participants are appointed beyond that day."""
    closed = values.get("closed_on")
    if closed and db.session.scalar(select(Appointment.id).where(
            Appointment.organisation_id == organisation.id, Appointment.role == "participant", Appointment.ends_on >= closed).limit(1)):
        raise Refused(_("Participants are appointed here on or after this day. Please record their change of organisation first."))
    before = {name: str(getattr(organisation, name) or "") for name, value in values.items() if getattr(organisation, name) != value}
    for name, value in values.items():
        setattr(organisation, name, value)
    db.session.flush()
    finding.index("organisation", [organisation.id])
    audit.record("organisations.change", organisation, by=by, organisation_id=organisation.id, detail={"before": before})


def appoint(*, by: Any, organisation: Organisation, role: str, email: str, starts_on: date, ends_on: date | None, family_name: str,
            given_name: str, katakana_name: str = "", locale: str = "ja") -> Appointment:
    """Give somebody a role at an organisation from a day on. Who has no account yet gets one, and an invitation. Raises Refused."""
    if role not in roles_to_give(by, organisation):
        raise Refused(_("This role cannot be given here."))
    account = db.session.scalar(select(Account).where(Account.email == email))
    if account is not None and account.person_id == by.id:
        raise Refused(_("Nobody gives a role to herself. Please ask a colleague."))
    person = db.session.get_one(Person, account.person_id) if account else _newcomer(by, email, family_name, given_name, katakana_name, locale)
    if db.session.scalar(select(Appointment.id).where(
            Appointment.person_id == person.id, Appointment.organisation_id == organisation.id, Appointment.role == role,
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= starts_on)).limit(1)):
        raise Refused(_("This person has this role here already."))
    made = Appointment(person_id=person.id, organisation_id=organisation.id, role=role, starts_on=starts_on, ends_on=ends_on)
    db.session.add(made)
    db.session.flush()
    audit.record("appointments.give", made, by=by, organisation_id=organisation.id, note=role, detail={"person": person.id})
    return made


def _newcomer(by: Any, email: str, family_name: str, given_name: str, katakana_name: str, locale: str) -> Person:
    person = Person(family_name=family_name, given_name=given_name, katakana_name=katakana_name, display_name=names.display(given_name, family_name),
                    sort_name=(katakana_name or names.sorting(given_name, family_name)))
    db.session.add(person)
    db.session.flush()
    finding.index("person", [person.id])
    invite(by=by, person=person, email=email, locale=locale)
    return person


def end_appointment(*, by: Any, organisation: Organisation, appointment_id: int, on_date: date) -> None:
    """End a role with `on_date` as its last day. Raises NotFound, Refused."""
    made = db.session.get(Appointment, appointment_id)
    if made is None or made.organisation_id != organisation.id or made.role == "participant":
        raise NotFound
    if made.role in HELD_CLOSE and "administrator" not in by.roles:
        raise Refused(_("Only an administrator takes this role away."))
    if made.role == "administrator" and _last_administrator(made):
        raise Refused(_("This is the last administrator. Please appoint another one first."))
    if on_date < made.starts_on:
        raise Refused(_("The last day is before the first day."))
    made.ends_on = on_date
    db.session.flush()
    audit.record("appointments.end", made, by=by, organisation_id=organisation.id, note=made.role, detail={"person": made.person_id})


def _last_administrator(made: Appointment) -> bool:
    later = clock.today() + timedelta(days=1)
    return not db.session.scalar(select(func.count()).select_from(Appointment).where(
        Appointment.role == "administrator", Appointment.id != made.id, Appointment.starts_on <= later,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on > later)))
