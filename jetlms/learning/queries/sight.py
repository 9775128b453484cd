"""What others can see of a learner, and who looked: her own page about it."""
from typing import Any

from sqlalchemy import func, select

from jetlms.core.audit import AuditEntry
from jetlms.core.db import db
from jetlms.learning.models import Course, Enrolment
from jetlms.learning.policy import NAMES_TO_HOST, SCORES_TO_EMPLOYER
from jetlms.people.models import Appointment, Consent, Organisation, Person
from jetlms.people.policy import LIVE


def of(user: Any) -> dict[str, Any]:
    """Return her consents, the courses she hides from her organisation, her organisation and host body, and the newest looks."""
    given = set(db.session.scalars(select(Consent.purpose).where(Consent.person_id == user.id, Consent.withdrawn_at.is_(None))))
    home = db.session.execute(
        select(Organisation.id, Organisation.name_ja, Organisation.name_en, Organisation.host_id)
        .join(Appointment, Appointment.organisation_id == Organisation.id)
        .where(Appointment.person_id == user.id, Appointment.role == "participant", LIVE).order_by(Appointment.starts_on)).all()
    hosts = db.session.execute(select(Organisation.id, Organisation.name_ja, Organisation.name_en).where(
        Organisation.id.in_([row.host_id for row in home]))).all() if home else []
    looks = db.session.execute(
        select(func.max(AuditEntry.at).label("at"), func.count().label("times"), Person.display_name, Organisation.name_ja,
               Organisation.name_en, AuditEntry.action)
        .join(Person, Person.id == AuditEntry.actor_id).outerjoin(Organisation, Organisation.id == AuditEntry.organisation_id)
        .where(AuditEntry.subject_type == "person", AuditEntry.subject_id == user.id, AuditEntry.action.like("%.read"),
               AuditEntry.actor_id != user.id)
        .group_by(Person.display_name, Organisation.name_ja, Organisation.name_en, AuditEntry.action)
        .order_by(func.max(AuditEntry.at).desc()).limit(50)).all()
    hidden = db.session.scalars(select(Course.title).join(Enrolment, Enrolment.course_id == Course.id).where(
        Enrolment.person_id == user.id, Enrolment.employer_sees.is_(False)).order_by(Course.id)).all()
    return {"hidden": hidden, "given": given, "home": home, "hosts": hosts, "looks": looks, "purposes": (NAMES_TO_HOST, SCORES_TO_EMPLOYER)}
