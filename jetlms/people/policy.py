"""Who may see and change persons, organisations and appointments. `participants_of` is the one place where reach becomes rows."""
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from jetlms.core.db import TODAY
from jetlms.core.policy import anyone, declare
from jetlms.people.models import Account, Appointment, ImportBatch, Organisation, Participant, Person

STAFF = frozenset({"host_staff", "adviser", "clair_desk", "author", "tutor", "counsellor", "administrator"})  # need a second factor


def live(appointment: Any = Appointment) -> ColumnElement[bool]:
    """Appointments that hold today or begin later: a placed participant is already her organisation's."""
    return or_(appointment.ends_on.is_(None), appointment.ends_on >= TODAY)


LIVE = live()


AT_WORK = (
    select(Appointment.person_id).join(Organisation, Organisation.id == Appointment.organisation_id)
    .where(Appointment.role == "participant", LIVE))


def participants_of(organisations: ColumnElement[bool]) -> Select[Any]:
    """Person ids of participants whose live appointment is at organisations that fulfil the condition (on Organisation)."""
    return AT_WORK.where(organisations)


def reach(user: Any, role: str) -> tuple[int, ...]:
    """Return the organisations that a role of the user covers."""
    return tuple(user.reach.get(role, ()))


def self_(user: Any) -> ColumnElement[bool]:
    """Herself."""
    return Person.id == user.id


def own_organisation(user: Any) -> ColumnElement[bool]:
    """Participants of the supervisor's contracting organisation, until the last day of their appointment."""
    return Person.id.in_(participants_of(Organisation.id.in_(reach(user, "supervisor"))))


def host_body(user: Any) -> ColumnElement[bool]:
    """Participants of the contracting organisations under the host body."""
    bodies = reach(user, "adviser") + reach(user, "host_staff")
    return Person.id.in_(participants_of(Organisation.host_id.in_(bodies)))


def own_account(user: Any) -> ColumnElement[bool]:
    """The account she signs in with."""
    return Account.id == user.account_id


def employer(user: Any) -> ColumnElement[bool]:
    """The supervisor's organisations."""
    return Organisation.id.in_(reach(user, "supervisor"))


def under_host(user: Any) -> ColumnElement[bool]:
    """The host body and the contracting organisations under it."""
    bodies = reach(user, "adviser") + reach(user, "host_staff")
    return or_(Organisation.id.in_(bodies), Organisation.host_id.in_(bodies))


def any_participant(_user: Any) -> ColumnElement[bool]:
    """Every participant record."""
    return true()


def nobody(_user: Any) -> ColumnElement[bool]:
    """No row at all; the action exists for its label."""
    return false()


def own_record(user: Any) -> ColumnElement[bool]:
    """Her own JET record."""
    return Participant.person_id == user.id


def records_of_employer(user: Any) -> ColumnElement[bool]:
    """JET records of the supervisor's participants."""
    return Participant.person_id.in_(participants_of(Organisation.id.in_(reach(user, "supervisor"))))


def records_of_host(user: Any) -> ColumnElement[bool]:
    """JET records under the host body."""
    return Participant.person_id.in_(participants_of(Organisation.host_id.in_(reach(user, "adviser") + reach(user, "host_staff"))))


def not_own_record(user: Any) -> ColumnElement[bool]:
    """JET records of others."""
    return and_(Participant.person_id != user.id)


declare(Person, {
    "people.view": {
        "participant": self_, "alumna": self_, "supervisor": own_organisation, "host_staff": host_body, "adviser": host_body,
        "clair_desk": anyone, "administrator": anyone,
    },
    "people.list": {
        "supervisor": own_organisation, "host_staff": host_body, "adviser": host_body, "clair_desk": anyone, "administrator": anyone,
    },
    "people.edit": {"clair_desk": anyone, "administrator": anyone},
    "people.invite": {"clair_desk": anyone, "administrator": anyone},
})
declare(Participant, {
    "participants.view": {
        "participant": own_record, "alumna": own_record, "supervisor": records_of_employer, "host_staff": records_of_host,
        "adviser": records_of_host, "clair_desk": any_participant, "administrator": any_participant,
    },
    "participants.move": {"clair_desk": not_own_record},
})
declare(Organisation, {
    "organisations.view": {
        "participant": anyone, "alumna": anyone, "supervisor": anyone, "host_staff": anyone, "adviser": anyone,
        "clair_desk": anyone, "author": anyone, "tutor": anyone, "counsellor": anyone, "administrator": anyone,
    },
    "organisations.edit": {"clair_desk": anyone, "administrator": anyone},
})
declare(Account, {"accounts.administer": {"administrator": anyone}})
declare(ImportBatch, {"imports.run": {"clair_desk": anyone, "administrator": anyone}})
