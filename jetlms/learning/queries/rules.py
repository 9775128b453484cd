"""Rules by which people are enrolled: whom one names today, and who made or changed it when."""
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from jetlms.core import policy
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db
from jetlms.learning.models import Course, Enrolment, EnrolmentRule, Withdrawal
from jetlms.people.models import Appointment, ArrivalGroup, Organisation, Participant, Person
from jetlms.people.policy import LIVE, participants_of

ACTIVE = ("placed", "pre_departure", "arrived", "appointed", "reappointing", "transferring", "completing", "deferred")
HOSTS = ("prefecture", "designated_city")
NAMES = 3                  # first names shown an organisation
BODIES = 30                # organisations shown; the rest is counted
MADE = "enrolment_rules.make"
FIELDS = ("job_types", "arrival_group_ids", "host_id", "starts_on", "ends_on", "due_days")


@dataclass(frozen=True)
class Whom:
    """What a rule says about people; an EnrolmentRule has the same names. Empty: everybody."""

    course_id: int
    job_types: list[str] = field(default_factory=list)
    arrival_group_ids: list[int] = field(default_factory=list)
    host_id: int | None = None


def named_by(rule: Any) -> Any:
    """Return the select of the persons a rule enrols: in the programme, fitting, neither enrolled nor withdrawn by staff."""
    query = select(Participant.person_id).where(
        Participant.state.in_(ACTIVE),
        Participant.person_id.not_in(select(Enrolment.person_id).where(Enrolment.course_id == rule.course_id)),
        Participant.person_id.not_in(select(Withdrawal.person_id).where(Withdrawal.course_id == rule.course_id)))
    if rule.job_types:
        query = query.where(Participant.job_type.in_(rule.job_types))
    if rule.arrival_group_ids:
        query = query.where(Participant.arrival_group_id.in_(rule.arrival_group_ids))
    if rule.host_id:
        query = query.where(Participant.person_id.in_(participants_of(
            or_(Organisation.host_id == rule.host_id, Organisation.id == rule.host_id))))
    return query


def in_force(today: date) -> Any:
    """Return the condition under which a rule enrols on `today`."""
    return and_(EnrolmentRule.starts_on <= today, or_(EnrolmentRule.ends_on.is_(None), EnrolmentRule.ends_on >= today))


def preview(rule: Any) -> dict[str, Any]:
    """Return whom the rule would enrol today: `total`; `bodies` (the largest: name_ja, name_en, n, names); how many bodies are left out."""
    first = (
        select(Appointment.person_id, func.min(Appointment.organisation_id).label("organisation_id"))
        .where(Appointment.role == "participant", LIVE).group_by(Appointment.person_id).subquery())
    ranked = (
        select(func.coalesce(first.c.organisation_id, 0).label("body"), Person.display_name, Person.id,
               func.row_number().over(partition_by=first.c.organisation_id, order_by=(Person.sort_name, Person.id)).label("place"),
               func.count().over(partition_by=first.c.organisation_id).label("n"))
        .select_from(Participant).join(Person, Person.id == Participant.person_id).outerjoin(first, first.c.person_id == Person.id)
        .where(Participant.person_id.in_(named_by(rule))).subquery())
    total, bodies = db.session.execute(select(func.count(), func.count(ranked.c.body.distinct())).select_from(ranked)).one()
    rows = db.session.execute(
        select(ranked.c.body, ranked.c.n, ranked.c.display_name, Organisation.name_ja, Organisation.name_en)
        .outerjoin(Organisation, Organisation.id == ranked.c.body).where(ranked.c.place <= NAMES)
        .order_by(ranked.c.n.desc(), ranked.c.body, ranked.c.place).limit(BODIES * NAMES)).all()
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        line = found.setdefault(row.body, {"name_ja": row.name_ja, "name_en": row.name_en, "n": row.n, "names": []})
        line["names"].append(row.display_name)
    shown = list(found.values())[:BODIES]
    return {"total": total, "bodies": shown, "left_out": bodies - len(shown)}


def of_course(user: Any, course: Course, today: date) -> list[Any]:
    """Return the rules of a course with who made and who last changed each: those in force first. One statement."""
    made, changed = Person.__table__.alias("made"), Person.__table__.alias("changed")
    newest = select(func.max(AuditEntry.id)).where(
        AuditEntry.subject_type == "enrolment_rule", AuditEntry.subject_id == EnrolmentRule.id).correlate(EnrolmentRule).scalar_subquery()
    over = case((EnrolmentRule.ends_on < today, 1), else_=0)
    return list(db.session.execute(
        select(EnrolmentRule, made.c.display_name.label("made_name"), AuditEntry.at.label("changed_at"), AuditEntry.action,
               changed.c.display_name.label("changed_name"))
        .outerjoin(made, made.c.id == EnrolmentRule.made_by).outerjoin(AuditEntry, AuditEntry.id == newest)
        .outerjoin(changed, changed.c.id == AuditEntry.actor_id)
        .where(EnrolmentRule.course_id == course.id, policy.scope(user, "enrolment_rules.change"))
        .order_by(over, EnrolmentRule.id.desc())))


def history(rule: EnrolmentRule) -> list[dict[str, Any]]:
    """Return what was done to a rule, newest first: at, action, who, after (its FIELDS then, as the audit keeps them)."""
    e = AuditEntry
    rows = db.session.execute(
        select(e.at, e.action, e.detail, Person.display_name).outerjoin(Person, Person.id == e.actor_id)
        .where(e.subject_type == "enrolment_rule", e.subject_id == rule.id).order_by(e.id.desc())).all()
    found = [{"at": row.at, "action": row.action, "who": row.display_name, "after": row.detail.get("after")} for row in rows]
    if all(entry["action"] != MADE for entry in found):        # an installation's first rules were made without the desk
        maker = db.session.scalar(select(Person.display_name).where(Person.id == rule.made_by))
        found.append({"at": rule.made_at, "action": MADE, "who": maker, "after": None})
    return found


def groups() -> list[Any]:
    """Return every intake, newest first."""
    return list(db.session.execute(select(ArrivalGroup.id, ArrivalGroup.name_ja, ArrivalGroup.name_en, ArrivalGroup.arrives_on)
                                   .order_by(ArrivalGroup.arrives_on.desc(), ArrivalGroup.id.desc())))


def hosts() -> list[Any]:
    """Return the host bodies in the order of their prefectures."""
    o = Organisation
    return list(db.session.execute(select(o.id, o.name_ja, o.name_en).where(o.kind.in_(HOSTS))
                                   .order_by(o.prefecture, o.kind != "prefecture", o.code, o.id)))


def twin(course: Course, facts: dict[str, Any], today: date, but: int = 0) -> EnrolmentRule | None:
    """Return a rule of the course that is not over and says the same, other than rule `but`."""
    living = db.session.scalars(select(EnrolmentRule).where(
        EnrolmentRule.course_id == course.id, EnrolmentRule.id != but, or_(EnrolmentRule.ends_on.is_(None), EnrolmentRule.ends_on >= today)))
    return next((rule for rule in living if all(_same(getattr(rule, name), facts[name]) for name in FIELDS)), None)


def _same(one: Any, other: Any) -> bool:
    return sorted(one) == sorted(other) if isinstance(one, list) else one == other
