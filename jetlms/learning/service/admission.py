"""Applying for a course: made by her, decided by her organisation, withdrawn; and what the clock does meanwhile."""
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from jetlms.core import clock, i18n, notices
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.files import Attachment
from jetlms.core.i18n import _, gettext
from jetlms.core.workflow import SYSTEM
from jetlms.learning import selection
from jetlms.learning.models import AdmissionRound, Application, Course
from jetlms.learning.queries import admission as queries
from jetlms.learning.service.marking import new_number
from jetlms.learning.workflow import ADMISSION

REMIND_DAYS = (7, 3, 1)                # before the last day of the organisation's decision
TRAVEL_ASKED = _("She or he wishes to attend the schooling: please confirm that your organisation bears the cost of the journey.")


def save_application(*, by: Any, found: AdmissionRound, facts: dict[str, Any], evidence: Attachment | None = None, send: bool = False) -> Application:
    """Keep an application as it is, or send it. One a person and round. Raises Refused: not open, too late, already sent, no organisation."""
    if clock.now() < found.opens_at:
        raise Refused(gettext("Applications open on %(at)s.", at=i18n.moment(found.opens_at, by.zone)))
    if clock.now() >= found.closes_at:
        raise Refused(gettext("Applications closed on %(at)s. Nothing was sent.", at=i18n.moment(found.closes_at, by.zone)))
    mine, work = queries.own(by, found.id), queries.employment(by.id)
    if work is None:
        raise Refused(_("An application goes by way of your contracting organisation, and you have none at present. Please write to CLAIR."))
    if mine is None:
        mine = Application(round_id=found.id, person_id=by.id, number=f"A-{new_number()}")
        db.session.add(mine)
    elif mine.state != "draft":
        raise Refused(_("This application has been sent and can no longer be changed. You can withdraw it."))
    mine.organisation_id, mine.job_type = work.organisation_id, work.job_type
    for name, value in facts.items():
        setattr(mine, name, value)
    db.session.flush()
    if evidence is not None:
        evidence.owner_type, evidence.owner_id, mine.evidence = "application", mine.id, evidence.token
    if send:
        _send(by, found, mine)
    return mine


def _send(by: Any, found: AdmissionRound, mine: Application) -> None:
    supervisors = queries.supervisors(mine.organisation_id)
    if not supervisors:                                 # it would wait for nobody, and be declined in the end
        raise Refused(_("Nobody of your organisation can decide here yet. Please keep the draft, and ask CLAIR to invite your supervisor."))
    ADMISSION.take(mine, "submit", by=by)
    mine.submitted_at = clock.now()
    course = db.session.get_one(Course, found.course_id)
    params = {"course": course.title, "number": mine.number, "approve_on": found.approve_by.isoformat()}
    notices.send("learning.application_sent", by.id, dedup=f"learning.application_sent:{mine.id}",
                 params=params | {"url_slug": course.slug, "url_round": found.id})
    for supervisor in supervisors:
        notices.send("learning.application_waits", supervisor, dedup=f"learning.application_waits:{mine.id}:{supervisor}",
                     params=params | {"who": by.name, "url_number": mine.number})


def approve(*, by: Any, application: Application, approver: str, travel: bool) -> None:
    """Approve in the name of the organisation. `travel`: it bears the cost of travelling to the schooling. Raises Refused."""
    found = db.session.get_one(AdmissionRound, application.round_id)
    _refuse_late_decision(found)
    if application.schooling and not travel:
        raise Refused(TRAVEL_ASKED)
    ADMISSION.take(application, "approve", by=by)
    application.approver, application.travel, application.decided_at = approver, travel, clock.now()
    tell(application, "learning.application_approved", check_from_on=found.check_from.isoformat(), check_until_on=found.check_until.isoformat())


def refuse(*, by: Any, application: Application, approver: str, reason: str) -> None:
    """Refuse in the name of the organisation, with a reason she reads. Raises Refused."""
    _refuse_late_decision(db.session.get_one(AdmissionRound, application.round_id))
    ADMISSION.take(application, "refuse", by=by, reason=reason)
    application.approver, application.reason, application.decided_at = approver, reason, clock.now()
    tell(application, "learning.application_refused", reason=reason)


def _refuse_late_decision(found: AdmissionRound) -> None:
    if clock.today() > found.approve_by:
        raise Refused(gettext("The organisation could decide until %(day)s.", day=i18n.day(found.approve_by)))


def withdraw_application(*, by: Any, application: Application) -> None:
    """Withdraw one's own application. Place and seat go to the next who wait for them. Twice is harmless. Raises Refused."""
    if application.state == "withdrawn":
        return
    had_place = application.state == "admitted"
    ADMISSION.take(application, "withdraw", by=by)
    application.seat = None
    if had_place:
        _move_up(application.round_id)
        _give_free_seats(application.round_id)


def _move_up(round_id: int) -> None:
    first = db.session.scalars(select(Application).where(Application.round_id == round_id, Application.state == "waitlisted")
                               .order_by(Application.place, Application.id).limit(1)).first()
    if first is not None:
        ADMISSION.take(first, "admit", by=SYSTEM)
        first.chosen_by = selection.WAITING
        tell(first, "learning.application_admitted", starts_on=db.session.get_one(AdmissionRound, round_id).starts_on.isoformat())


def _give_free_seats(round_id: int) -> None:
    """Give seats of the schooling that are free to the next in its draw, then to who moved up after it; who gets none yet is told once."""
    found, drawn = db.session.get_one(AdmissionRound, round_id), queries.draws(round_id)["schooling"]
    place = {number: n for n, (number, *_rest) in enumerate(drawn.outcome)}
    chosen = db.session.scalars(select(Application).where(Application.round_id == round_id, Application.state.in_(("admitted", "active")))
                                .order_by(Application.place, Application.id)).all()
    wishing = sorted((one for one in chosen if one.schooling and one.travel and not one.seat), key=lambda one: place.get(one.number, len(place)))
    free = found.schooling_places + found.schooling_lottery - sum(1 for one in chosen if one.seat)
    for n, application in enumerate(wishing):
        application.seat = n < free
        tell(application, "learning.seat_given" if application.seat else "learning.seat_not_given")


def tell(application: Application, kind: str, **params: Any) -> None:
    """Tell the applicant, once for each kind."""
    course = queries.course_of(application)
    notices.send(kind, application.person_id, dedup=f"{kind}:{application.id}",
                 params={"course": course.title, "number": application.number, "url_slug": course.slug, "url_round": application.round_id,
                         **params})


def watch_applications() -> None:
    """Each morning: remind organisations and applicants before the last day; decline what was not decided. Repeating is harmless."""
    today = clock.today()
    days = {today + timedelta(days=n): n for n in REMIND_DAYS}
    rows = db.session.execute(
        select(Application, AdmissionRound, Course).join(AdmissionRound, AdmissionRound.id == Application.round_id)
        .join(Course, Course.id == AdmissionRound.course_id)
        .where(Application.state == "submitted", (AdmissionRound.approve_by < today) | AdmissionRound.approve_by.in_(days))).all()
    for application, found, course in rows:
        if found.approve_by < today:
            decline(application, "undecided")
            continue
        left = days[found.approve_by]
        params = {"course": course.title, "number": application.number, "approve_on": found.approve_by.isoformat(), "days": left}
        for person in (*queries.supervisors(application.organisation_id), application.person_id):
            kind = "learning.application_undecided" if person == application.person_id else "learning.application_reminder"
            target = {"url_slug": course.slug, "url_round": found.id} if person == application.person_id else {"url_number": application.number}
            notices.send(kind, person, dedup=f"{kind}:{application.id}:{left}:{person}", params=params | target)


def decline(application: Application, reason: str, step: str = "expire") -> None:
    """Let an application end without a place, and tell her why (`reason` is one of learning.words.DECLINED)."""
    ADMISSION.take(application, step, by=SYSTEM)
    application.reason = reason
    tell(application, "learning.application_declined", reason=reason)
