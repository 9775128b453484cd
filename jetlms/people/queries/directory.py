"""What the pages of people and organisations ask. Lists go through the policy and cost the same statements at any length."""
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_

from jetlms.core import clock, policy
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db
from jetlms.people.models import (
    Account,
    Appointment,
    ArrivalGroup,
    Organisation,
    Participant,
    Person,
    Transition,
)
from jetlms.people.policy import LIVE

PAGE = 50
HOSTS = ("prefecture", "designated_city")
JOBS = ("ALT", "CIR", "SEA")
Host = Organisation.__table__.alias("host")


def people(user: Any, *, words: str = "", job: str = "", prefecture: str = "", state: str = "", after: str = "") -> list[Any]:
    """Return one row a person `user` may see: names, JET record, present or last organisation; one more than a page."""
    query = _people(user)
    for word in words.split()[:5]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Person.display_name.ilike(like), Person.sort_name.ilike(like), Person.katakana_name.ilike(like),
                                Person.native_name.ilike(like), Participant.jet_number.like(like)))
    conditions = ((job, Participant.job_type == job), (prefecture, Organisation.prefecture == prefecture), (state, Participant.state == state))
    query = query.where(*(condition for value, condition in conditions if value))
    if after:
        number, _tilde, name = after.partition("~")
        if number.isascii() and number.isdigit():
            query = query.where(tuple_(Person.sort_name, Person.id) > tuple_(name, int(number)))
    return list(db.session.execute(query.order_by(Person.sort_name, Person.id).limit(PAGE + 1)))


def key(row: Any) -> str:
    """Return the key from which the next page of people goes on."""
    return f"{row.id}~{row.sort_name}"


def _people(user: Any) -> Any:
    last = select(Appointment.id).where(Appointment.person_id == Person.id).order_by(
        (Appointment.role != "participant"), Appointment.starts_on.desc(), Appointment.id.desc()).limit(1).correlate(Person).scalar_subquery()
    return (
        select(Person.id, Person.display_name, Person.katakana_name, Person.sort_name, Participant.jet_number, Participant.state,
               Participant.job_type, Participant.term_no, Appointment.role, Appointment.workplace, Organisation.id.label("organisation_id"),
               Organisation.name_ja, Organisation.name_en, Organisation.prefecture)
        .outerjoin(Participant, Participant.person_id == Person.id).outerjoin(Appointment, Appointment.id == last)
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id).where(policy.scope(user, "people.list")))


def record(person: Person) -> dict[str, Any]:
    """Return what the record of a person shows beside herself."""
    participant = db.session.scalar(select(Participant).where(Participant.person_id == person.id))
    return {
        "person": person, "participant": participant,
        "email": db.session.scalar(select(Account.email).where(Account.person_id == person.id)),
        "group": db.session.get(ArrivalGroup, participant.arrival_group_id) if participant and participant.arrival_group_id else None,
        "appointments": appointments(person.id), "plans": _plans(participant), "history": _history(participant)}


def appointments(person_id: int) -> list[Any]:
    """Return all appointments of a person with their organisations, newest first."""
    a, o = Appointment, Organisation
    return list(db.session.execute(
        select(a.id, a.role, a.job_type, a.workplace, a.starts_on, a.ends_on, a.term_no, a.end_reason, a.organisation_id, o.name_ja, o.name_en)
        .join(o, o.id == a.organisation_id).where(a.person_id == person_id).order_by(a.starts_on.desc(), a.id.desc())))


def _plans(participant: Participant | None) -> list[Any]:
    if participant is None:
        return []
    return list(db.session.execute(select(Transition.kind, Transition.effective_on).where(
        Transition.participant_id == participant.id, Transition.done_at.is_(None), Transition.cancelled_at.is_(None))))


def _history(participant: Participant | None) -> list[Any]:
    if participant is None:
        return []
    e = AuditEntry
    return list(db.session.execute(
        select(e.at, e.action, e.note, e.to_state, Person.display_name).outerjoin(Person, Person.id == e.actor_id)
        .where(e.subject_type == "participant", e.subject_id == participant.id, e.to_state != "").order_by(e.id.desc()).limit(PAGE)))


def coming_groups() -> list[ArrivalGroup]:
    """Return the intakes to come."""
    return list(db.session.scalars(select(ArrivalGroup).where(ArrivalGroup.arrives_on >= clock.today()).order_by(ArrivalGroup.arrives_on)))


def open_organisation(text: str) -> Organisation | None:
    """Return the one contracting organisation with this code, short name or exact name."""
    o = Organisation
    found = list(db.session.scalars(select(o).where(o.kind == "contracting", or_(o.code == text, o.slug == text.lower(), o.name_ja == text, o.name_en == text)).limit(2)))  # noqa: E501
    return found[0] if len(found) == 1 else None


# ── Organisations ─────────────────────────────────────────────────────────────────────────────────────────────────────

def hosts(user: Any) -> list[Any]:
    """Return the host bodies with the number of contracting organisations under each, and CLAIR's own bodies."""
    o, child = Organisation, Organisation.__table__.alias("child")
    count = select(func.count()).select_from(child).where(child.c.host_id == o.id, child.c.closed_on.is_(None)).correlate(o).scalar_subquery()
    return list(db.session.execute(
        select(o.id, o.kind, o.name_ja, o.name_en, o.code, o.prefecture, count.label("children"))
        .where(policy.scope(user, "organisations.view"), o.kind != "contracting").order_by(o.code.is_(None), o.prefecture, o.kind != "prefecture", o.code, o.id)))  # noqa: E501


def organisations(user: Any, *, words: str = "", host_id: int = 0, after: int = 0) -> list[Any]:
    """Return organisations that match, or those under a host body, by key; one more than a page."""
    o = Organisation
    query = select(o.id, o.kind, o.name_ja, o.name_en, o.code, o.prefecture, o.closed_on, Host.c.name_ja.label("host_ja"), Host.c.name_en.label("host_en")) \
        .outerjoin(Host, Host.c.id == o.host_id).where(policy.scope(user, "organisations.view"), o.id > after)  # noqa: E501
    for word in words.split()[:5]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(or_(o.name_ja.like(like), o.name_en.ilike(like), o.kana.like(like), o.code.like(like), o.slug.ilike(like)))
    if host_id:
        query = query.where(o.host_id == host_id)
    return list(db.session.execute(query.order_by(o.id).limit(PAGE + 1)))


def members(user: Any, organisation: Organisation, *, after: str = "") -> list[Any]:
    """Return the participants appointed here now or soon whom `user` may see."""
    here = select(Appointment.person_id).where(Appointment.organisation_id == organisation.id, Appointment.role == "participant", LIVE)
    query = _people(user).where(Person.id.in_(here))
    number, _tilde, name = after.partition("~")
    if number.isascii() and number.isdigit():
        query = query.where(tuple_(Person.sort_name, Person.id) > tuple_(name, int(number)))
    return list(db.session.execute(query.order_by(Person.sort_name, Person.id).limit(PAGE + 1)))


def staff(organisation: Organisation) -> list[Any]:
    """Return who works here in which role, now or soon."""
    a = Appointment
    return list(db.session.execute(
        select(a.id, a.person_id, a.role, a.starts_on, a.ends_on, Person.display_name).join(Person, Person.id == a.person_id)
        .where(and_(a.organisation_id == organisation.id, a.role != "participant", LIVE)).order_by(a.role, Person.sort_name).limit(200)))
