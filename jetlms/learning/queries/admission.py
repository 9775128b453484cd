"""Rounds and applications, asked for by applicants, organisations and the desk."""
from typing import Any

from sqlalchemy import case, func, select

from jetlms.core import clock, policy
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.files import Attachment
from jetlms.learning.models import AdmissionRound, Application, Course, Draw
from jetlms.people.models import Appointment, Organisation, Participant, Person
from jetlms.people.policy import LIVE

ORDER = ("admitted", "active", "waitlisted", "checked", "approved", "submitted", "refused", "declined", "withdrawn")
UNDER_WAY = ("submitted", "approved", "checked", "admitted")     # something comes next, for her or for others
RANK = case({state: n for n, state in enumerate(ORDER)}, value=Application.state, else_=len(ORDER))


def by_application(course_id: int) -> bool:
    """Say whether people enter a course by application: CLAIR has made a round for it."""
    return db.session.scalar(select(AdmissionRound.id).where(AdmissionRound.course_id == course_id).limit(1)) is not None


def rounds_of(user: Any, course_id: int) -> list[AdmissionRound]:
    """Return the rounds of a course, the newest first."""
    return list(db.session.scalars(select(AdmissionRound).where(
        policy.scope(user, "rounds.read"), AdmissionRound.course_id == course_id).order_by(AdmissionRound.closes_at.desc())))


def present(user: Any, there: list[AdmissionRound]) -> AdmissionRound | None:
    """Return which of these rounds a learner is shown: one in which her application is under way, else the open, the next, the last one.

    Who is on a waiting list may apply again: the open round goes before that.
    """
    now = clock.now()
    states = {row.round_id: row.state for row in db.session.execute(
        select(Application.round_id, Application.state).where(policy.scope(user, "applications.write")))}
    under_way = [found for found in there if states.get(found.id) in UNDER_WAY]
    running = [found for found in there if found.opens_at <= now < found.closes_at]
    waiting = [found for found in there if states.get(found.id) == "waitlisted"]
    coming = [found for found in there if found.opens_at > now]
    return next(iter(under_way or running or waiting or coming[-1:] or there), None)


def waiting_before(application: Application) -> int:
    """Return how many wait before an application on the waiting list: people leave it, so its place alone does not say."""
    return db.session.scalar(select(func.count()).select_from(Application).where(
        Application.round_id == application.round_id, Application.state == "waitlisted", Application.place < application.place)) or 0


def check_begun(round_id: int) -> bool:
    """Say whether somebody has begun the level check of a round."""
    return db.session.scalar(select(Application.id).where(
        Application.round_id == round_id, Application.check_until.is_not(None)).limit(1)) is not None


def own(user: Any, round_id: int) -> Application | None:
    """Return her application in a round."""
    return db.session.scalars(select(Application).where(Application.round_id == round_id, policy.scope(user, "applications.write"))).one_or_none()


def employment(person_id: int) -> Any:
    """Return her contracting organisation and job type (organisation_id, name_ja, name_en, job_type), None without an appointment."""
    return db.session.execute(
        select(Organisation.id.label("organisation_id"), Organisation.name_ja, Organisation.name_en, Participant.job_type)
        .join(Appointment, Appointment.organisation_id == Organisation.id).join(Participant, Participant.person_id == Appointment.person_id)
        .where(Appointment.person_id == person_id, Appointment.role == "participant", LIVE).order_by(Appointment.starts_on).limit(1)).first()


def supervisors(organisation_id: int) -> list[int]:
    """Return who decides about applications of an organisation's participants."""
    return list(db.session.scalars(select(Appointment.person_id).where(
        Appointment.organisation_id == organisation_id, Appointment.role == "supervisor", LIVE).order_by(Appointment.person_id)))


APPLICATIONS = (
    select(Application.id, Application.number, Application.state, Application.jlpt, Application.years, Application.job_type, Application.schooling,
           Application.travel, Application.submitted_at, Application.score, Application.place, Application.chosen_by, Application.seat,
           Application.reason, Person.display_name, Person.katakana_name, Person.sort_name, Organisation.name_ja, Organisation.name_en,
           Course.title, Course.slug, AdmissionRound.name.label("round_name"), AdmissionRound.approve_by, Application.person_id)
    .join(AdmissionRound, AdmissionRound.id == Application.round_id).join(Course, Course.id == AdmissionRound.course_id)
    .join(Person, Person.id == Application.person_id).join(Organisation, Organisation.id == Application.organisation_id))


def to_organisation(user: Any) -> list[Any]:
    """Return the applications sent to the supervisor's organisations: those that wait first."""
    return list(db.session.execute(APPLICATIONS.where(policy.scope(user, "applications.approve")).order_by(
        Application.state != "submitted", AdmissionRound.approve_by.desc(), Person.sort_name, Application.id).limit(200)))


def of_round(user: Any, found: AdmissionRound) -> list[Any]:
    """Return the applications of a round for the desk: chosen, waiting, and so on, each in its order."""
    return list(db.session.execute(APPLICATIONS.where(policy.scope(user, "applications.select"), Application.round_id == found.id).order_by(
        RANK, Application.chosen_by.desc(), Application.place, Application.score.desc(), Person.sort_name, Application.id)))


def in_full(user: Any, application: Application) -> Any:
    """Return the line of one application as `of_round` has it."""
    return db.session.execute(APPLICATIONS.where(policy.scope(user, "applications.select"), Application.id == application.id)).one()


def counts(round_ids: list[int]) -> dict[int, dict[str, int]]:
    """Return how many applications of each round are in each state; drafts are nobody's business."""
    found: dict[int, dict[str, int]] = {number: {} for number in round_ids}
    for row in db.session.execute(select(Application.round_id, Application.state, func.count().label("n")).where(
            Application.round_id.in_(round_ids), Application.state != "draft").group_by(Application.round_id, Application.state)):
        found[row.round_id][row.state] = row.n
    return found


def draws(round_id: int) -> dict[str, Draw]:
    """Return the two draws of a round by kind."""
    return {found.kind: found for found in db.session.scalars(select(Draw).where(Draw.round_id == round_id))}


def course_of(application: Application) -> Course:
    """Return the course an application is for."""
    return db.session.scalars(select(Course).join(AdmissionRound, AdmissionRound.course_id == Course.id)
                              .where(AdmissionRound.id == application.round_id)).one()


def evidence(application: Application) -> Attachment:
    """Return the file of an application. Raises NotFound."""
    found = db.session.scalars(select(Attachment).where(
        Attachment.token == application.evidence, Attachment.removed_at.is_(None))).one_or_none() if application.evidence else None
    if found is None:
        raise NotFound
    return found
