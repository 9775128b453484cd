"""What the desk does with a round: make it, draw, enrol. The seeds are drawn when the round is made, and their SHA-256 shown from then on."""
import secrets
from typing import Any

from sqlalchemy import select

from jetlms.core import audit, clock, i18n
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import _, gettext
from jetlms.core.workflow import SYSTEM
from jetlms.learning import selection
from jetlms.learning.models import AdmissionRound, Application, Course, Draw, Enrolment
from jetlms.learning.queries import admission as queries
from jetlms.learning.releases import outline
from jetlms.learning.service import checks
from jetlms.learning.service.admission import decline, tell
from jetlms.learning.service.enrolments import enrol_all
from jetlms.learning.workflow import ADMISSION

KINDS = ("course", "schooling")
TERMS = ("places", "lottery_places", "least", "schooling_places", "schooling_lottery")
STEPS = {selection.RESULT: "admit", selection.LOT: "admit", selection.WAITING: "wait"}


def make_round(*, by: Any, course: Course, facts: dict[str, Any]) -> AdmissionRound:
    """Make a round of admission with its two seeds. Raises Refused for a course without a level check."""
    if not outline(course.release_id or 0).get("admission"):
        raise Refused(_("This course has no level check: [admission] is missing in its course.toml."))
    found = AdmissionRound(course_id=course.id, made_by=by.id, **facts)
    db.session.add(found)
    db.session.flush()
    for kind in KINDS:
        seed = secrets.token_hex(32)
        db.session.add(Draw(round_id=found.id, kind=kind, seed=seed, commitment=selection.commitment(seed)))
    audit.record("rounds.make", found, by=by, detail={name: str(value) for name, value in facts.items()})
    return found


def change_round(*, by: Any, found: AdmissionRound, facts: dict[str, Any]) -> None:
    """Change a round. Raises Refused once its places have been given; and, once somebody has begun the level check, for what decides who gets one.

    The desk sees results as they come in: nobody shall move the line knowing who stands on which side. Days can still be moved.
    """
    if queries.draws(found.id)["course"].drawn_at is not None:
        raise Refused(_("The places of this round have been given: it can no longer be changed."))
    if any(facts[name] != getattr(found, name) for name in TERMS) and queries.check_begun(found.id):
        raise Refused(_("Somebody has begun the level check: places, seats and the lowest result can no longer be changed, only days and names."))
    for name, value in facts.items():
        setattr(found, name, value)
    audit.record("rounds.change", found, by=by, detail={name: str(value) for name, value in facts.items()})


def draw_round(*, by: Any, found: AdmissionRound) -> None:
    """Give the places of the course, then the seats of the schooling; everybody is told. Twice is harmless. Raises Refused before the time."""
    if clock.now() <= clock.end_of_day(found.check_until):
        raise Refused(_("Places are given when the last day of the level check is over."))
    lots = {drawn.kind: drawn for drawn in db.session.scalars(select(Draw).where(Draw.round_id == found.id).with_for_update())}
    if lots["course"].drawn_at is not None:
        return
    checks.settle(found.id)
    ends = checks.running_until(found.id)
    if ends is not None:
        raise Refused(gettext("Somebody began the level check in time and has until %(at)s. Please give the places after that.",
                              at=i18n.moment(ends, by.zone)))
    waiting = db.session.scalars(select(Application).where(
        Application.round_id == found.id, Application.state.in_(("submitted", "approved", "checked"))).order_by(Application.id)).all()
    for application in waiting:
        if application.state == "submitted":
            decline(application, "undecided")
        elif application.state == "approved":
            decline(application, "unchecked")
    by_number = {application.number: application for application in waiting if application.state == "checked"}
    for outcome in _run(lots["course"], by_number, by, places=found.places, lottery=found.lottery_places, least=found.least):
        _give_place(by_number[outcome.number], outcome, found)
    seated = {number: application for number, application in by_number.items()
              if application.state == "admitted" and application.schooling and application.travel}
    for outcome in _run(lots["schooling"], seated, by, places=found.schooling_places, lottery=found.schooling_lottery, least=0):
        seated[outcome.number].seat = outcome.how in (selection.RESULT, selection.LOT)
        tell(seated[outcome.number], "learning.seat_given" if seated[outcome.number].seat else "learning.seat_not_given")
    audit.record("rounds.draw", found, by=by, detail={kind: {"seed": drawn.seed, "outcome": drawn.outcome} for kind, drawn in lots.items()})


def _run(drawn: Draw, applications: dict[str, Application], by: Any, **terms: int) -> list[selection.Outcome]:
    """Run a draw and keep everything by which it can be run again."""
    entries = [selection.Entry(number, applications[number].score) for number in sorted(applications)]
    outcome = selection.select(entries, seed=drawn.seed, **terms)
    drawn.terms, drawn.drawn_at, drawn.drawn_by = dict(terms), clock.now(), by.id
    drawn.entries = [[entry.number, entry.score] for entry in entries]
    drawn.outcome = [[one.number, one.how, one.place] for one in outcome]
    return outcome


def _give_place(application: Application, outcome: selection.Outcome, found: AdmissionRound) -> None:
    application.place = outcome.place
    if outcome.how == selection.OUT:
        decline(application, "below", "decline")
        return
    ADMISSION.take(application, STEPS[outcome.how], by=SYSTEM)
    if outcome.how == selection.WAITING:
        tell(application, "learning.application_waitlisted", place=outcome.place)
    else:
        application.chosen_by = outcome.how
        tell(application, "learning.application_admitted", starts_on=found.starts_on.isoformat())


def run_again(drawn: Draw) -> bool:
    """Run a draw again from what was kept of it; returns whether seed, commitment and outcome agree."""
    entries = [selection.Entry(number, score) for number, score in drawn.entries]
    again = [[one.number, one.how, one.place] for one in selection.select(entries, seed=drawn.seed, **drawn.terms)] if drawn.terms else []
    return selection.commitment(drawn.seed) == drawn.commitment and again == drawn.outcome


def enrol_admitted(*, by: Any, found: AdmissionRound) -> int:
    """Enrol everybody who has a place; returns how many. Who is learning in another level of the ladder keeps the place until she is not."""
    course = db.session.get_one(Course, found.course_id)
    admitted = db.session.scalars(select(Application).where(Application.round_id == found.id, Application.state == "admitted")
                                  .order_by(Application.id)).all()
    enrol_all(by=by, course=course, person_ids=[application.person_id for application in admitted], via="staff")
    enrolled = set(db.session.scalars(select(Enrolment.person_id).where(
        Enrolment.course_id == course.id, Enrolment.person_id.in_([application.person_id for application in admitted]))))
    now = [application for application in admitted if application.person_id in enrolled]
    for application in now:
        ADMISSION.take(application, "enrol", by=by)
    return len(now)
