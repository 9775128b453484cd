"""The life cycle of a JET participant, from acceptance abroad to the alumni (jet.md 1.5)."""
from typing import Any

from sqlalchemy import func, select

from jetlms.core import clock
from jetlms.core.db import db
from jetlms.core.i18n import Text, _
from jetlms.core.workflow import State, Step, Workflow
from jetlms.people import terms
from jetlms.people.models import Appointment, ArrivalGroup, Participant

MOVE = "participants.move"
BEFORE = ("accepted", "placed", "pre_departure", "deferred")
SERVING = ("arrived", "appointed", "reappointing", "transferring", "completing")
OVER = ("withdrawn", "completed", "terminated", "alumni")


def appointments_of(participant: Participant) -> list[Any]:
    """Return her appointments as a participant, in order: id, organisation_id, job_type, workplace, starts_on, ends_on, term_no."""
    a = Appointment
    return list(db.session.execute(
        select(a.id, a.organisation_id, a.job_type, a.workplace, a.starts_on, a.ends_on, a.term_no)
        .where(a.person_id == participant.person_id, a.role == "participant").order_by(a.starts_on, a.id)))


def frame_of(participant: Participant) -> terms.Span | None:
    """Return the frame within which she may be appointed."""
    arrives = db.session.scalar(select(ArrivalGroup.arrives_on).where(ArrivalGroup.id == participant.arrival_group_id)) \
        if participant.arrival_group_id else None
    return terms.span(appointments_of(participant), arrives)


def latest_end_of(participant: Participant) -> Any:
    """Return the last day to which she may be appointed, or None when she has no appointment."""
    frame = frame_of(participant)
    return frame and terms.latest_end(frame, outstanding=participant.outstanding, special=participant.max_ends_on)


def present_end(participant: Participant) -> Any:
    """Return the last day of the last of her appointments, or None."""
    return db.session.scalar(select(func.max(Appointment.ends_on)).where(
        Appointment.person_id == participant.person_id, Appointment.role == "participant"))


def has_place(participant: Participant) -> Text | None:
    """An organisation must be named."""
    return None if present_end(participant) else _("No organisation has been chosen yet.")


def begun(participant: Participant) -> Text | None:
    """The first day must have come."""
    first = db.session.scalar(select(func.min(Appointment.starts_on)).where(
        Appointment.person_id == participant.person_id, Appointment.role == "participant"))
    return None if first and first <= clock.today() else _("The first day of the appointment has not come yet.")


def may_stay(participant: Participant) -> Text | None:
    """There must be time left: five years at most, years four and five for outstanding participants, unless a special rule says more."""
    end, latest = present_end(participant), latest_end_of(participant)
    if end is None or latest is None:
        return _("There is no appointment to continue.")
    if end < latest:
        return None
    if participant.outstanding:
        return _("The longest time has been reached: five years, or five years and four months for April arrivals.")
    return _("The third year ends here. A fourth and fifth need the organisation’s word that the participant is outstanding.")


def term_over(participant: Participant) -> Text | None:
    """The last day must have come."""
    end = present_end(participant)
    return None if end and end <= clock.today() else _("The last day of the term has not come yet.")


STATES = (
    State("accepted", _("Accepted"), _("You have been accepted"), "new"),
    State("placed", _("Placed"), _("Your organisation is known"), "wait"),
    State("pre_departure", _("Preparing to leave"), _("You are preparing to leave"), "wait"),
    State("deferred", _("Deferred"), _("Your arrival has been put off"), "late"),
    State("withdrawn", _("Withdrawn"), _("You have withdrawn"), "stop"),
    State("arrived", _("Arrived"), _("You have arrived in Japan"), "ok"),
    State("appointed", _("Appointed"), _("You are appointed"), "ok"),
    State("reappointing", _("Reappointment agreed"), _("Your reappointment has been agreed"), "ok"),
    State("transferring", _("Changing organisation"), _("You are changing to another organisation"), "wait"),
    State("completing", _("Term ending"), _("Your last term is coming to its end"), "wait"),
    State("completed", _("Term completed"), _("You have completed your term"), "done"),
    State("terminated", _("Ended early"), _("Your appointment ended early"), "stop"),
    State("alumni", _("Alumni"), _("You belong to the alumni"), "done"),
)
LIFE = Workflow("participant", STATES, (
    Step("place", "accepted", "placed", MOVE, _("Tell the placement"), guards=(has_place,)),
    Step("prepare", "placed", "pre_departure", MOVE, _("Visa papers complete")),
    Step("defer", "pre_departure", "deferred", MOVE, _("Put off the arrival"), reason=True),
    Step("reschedule", "deferred", "pre_departure", MOVE, _("Set a new arrival")),
    Step("withdraw", "accepted placed pre_departure deferred", "withdrawn", MOVE, _("Record a withdrawal"), reason=True),
    Step("confirm_arrival", "pre_departure", "arrived", MOVE, _("Confirm the arrival")),
    Step("begin", "arrived", "appointed", "", _("The first day has come"), guards=(begun,)),
    Step("reappoint", "appointed", "reappointing", MOVE, _("Record a reappointment"), guards=(may_stay,)),
    Step("roll_over", "reappointing", "appointed", "", _("The new term begins")),
    Step("transfer", "appointed", "transferring", MOVE, _("Record a change of organisation"), reason=True),
    Step("start_anew", "transferring", "appointed", "", _("The new organisation begins")),
    Step("finish", "appointed", "completing", MOVE, _("Will not be reappointed")),
    Step("complete", "completing", "completed", MOVE, _("Complete the term"), guards=(term_over,)),
    Step("end_early", "arrived appointed reappointing transferring completing", "terminated", MOVE, _("Record an early end"), reason=True),
    Step("join_alumni", "completed", "alumni", MOVE, _("Welcome to the alumni")),
))
# The road most people take, as the status bar shows it.
ROAD = ("accepted", "placed", "pre_departure", "arrived", "appointed", "completing", "completed", "alumni")
