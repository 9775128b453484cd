"""What happens to a participant: placement, arrival, reappointment, change of organisation, deferral, the end.

Appointments are dated rows, and past ones are never rewritten: whoever was her organisation until yesterday reaches nothing today,
because reach is a question of dates. What takes effect on a day to come is a `Transition`, carried out by `carry_out` on its day.
"""
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock, jobs
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.people import sessions, terms
from jetlms.people.models import (
    Account,
    Appointment,
    ArrivalGroup,
    Organisation,
    Participant,
    Person,
    Transition,
)
from jetlms.people.workflow import LIFE, appointments_of, frame_of, may_stay

ENDS = ("resignation", "dismissal", "medical", "death", "visa")
ONE = timedelta(days=1)
LONG_AGO = timedelta(days=365)         # an early end is reported late, but not years late


def take(*, by: Any, participant: Participant, step: str, reason: str = "") -> None:
    """Take a step that changes nothing but the state: place, prepare, finish, complete, join_alumni. Raises Refused."""
    LIFE.take(participant, step, by=by, reason=reason)
    if step == "complete":
        _close(participant, "completed")
    _tell(participant)


def confirm_arrival(*, by: Any, participant: Participant, on_date: date) -> None:
    """Note that she is here. Employment begins on the first day of her appointment, now if that has come. Raises Refused."""
    if on_date > clock.today():
        raise Refused(_("An arrival can be confirmed on its day at the earliest."))
    LIFE.take(participant, "confirm_arrival", by=by, reason=on_date.isoformat())
    begin_if_due(participant)
    _tell(participant)


def begin_if_due(participant: Participant) -> None:
    """Let the appointment of somebody who has arrived begin once its first day has come."""
    last = _last(participant)
    if participant.state == "arrived" and last and last.starts_on <= clock.today():
        LIFE.take(participant, "begin", by=None)
        _set_term(participant, max(last.term_no, 1))


def reappoint(*, by: Any, participant: Participant, ends_on: date, workplace: str = "") -> Appointment:
    """Agree on a further term at the same organisation, from the day after the present one to `ends_on`. Raises Refused."""
    last = _last(participant)
    if last is not None and may_stay(participant) is None:
        _check_term(participant, last, ends_on)
    LIFE.take(participant, "reappoint", by=by, reason=ends_on.isoformat())
    made = _appoint(participant, last.organisation_id, last.job_type, workplace or last.workplace, last.ends_on + ONE, ends_on,
                    last.term_no + 1)
    _plan(participant, "reappointment", made.starts_on, by, appointment_id=made.id)
    return made


def _check_term(participant: Participant, last: Any, ends_on: date) -> None:
    frame = frame_of(participant)
    assert frame is not None                                            # noqa: S101 -- she has an appointment
    special = participant.max_ends_on
    by_rule = special is not None and ends_on <= special
    latest = terms.latest_end(frame, outstanding=participant.outstanding, special=special)
    if ends_on <= last.ends_on:
        raise Refused(_("A new term ends after the present one."))
    if ends_on > latest:
        raise Refused(_("This is beyond the longest time, which ends on %(day)s.", day=latest.isoformat()))
    longest = terms.proposed_end(frame, last.ends_on, last.term_no)
    if ends_on > longest and not by_rule:
        raise Refused(_("This term may last until %(day)s at most.", day=longest.isoformat()))


def transfer(*, by: Any, participant: Participant, organisation: Organisation, on_date: date, reason: str, workplace: str = "") -> Appointment:
    """Move her to another contracting organisation: the old appointment ends the day before, the new one begins on the day, same term.

    Raises Refused when the day lies outside the present appointment or the organisation is the same or closed.
    """
    last = _last(participant)
    _check_transfer(last, organisation, on_date)
    LIFE.take(participant, "transfer", by=by, reason=reason)
    _set(last.id, ends_on=on_date - ONE, end_reason="transfer")
    made = _appoint(participant, organisation.id, last.job_type, workplace, on_date, last.ends_on, last.term_no)
    planned = _plan(participant, "transfer", on_date, by, appointment_id=made.id)
    if on_date <= clock.today():
        _carry(planned)
    return made


def _check_transfer(last: Any, organisation: Organisation, on_date: date) -> None:
    if organisation.kind != "contracting" or (organisation.closed_on and organisation.closed_on <= on_date):
        raise Refused(_("Only a contracting organisation that is open can appoint participants."))
    if last is None or not last.starts_on < on_date <= last.ends_on:
        raise Refused(_("The day of the change must lie within the present appointment, after its first day."))
    if last.organisation_id == organisation.id:
        raise Refused(_("She is at this organisation already."))


def defer(*, by: Any, participant: Participant, reason: str, group: ArrivalGroup | None = None) -> None:
    """Put off an arrival. With the new intake she goes on preparing for it; without one she waits, and `reschedule` comes later."""
    last = _last(participant)
    LIFE.take(participant, "defer", by=by, reason=reason)
    _plan(participant, "deferral", clock.today(), by, done=True, group=participant.arrival_group_id,
          starts_on=last and last.starts_on.isoformat())
    if group is not None:
        reschedule(by=by, participant=participant, group=group)


def reschedule(*, by: Any, participant: Participant, group: ArrivalGroup) -> None:
    """Let a deferred participant come with another intake; her appointment begins the day after it arrives. The number stays."""
    if group.arrives_on < clock.today():
        raise Refused(_("This intake has arrived already."))
    LIFE.take(participant, "reschedule", by=by, reason=group.code)
    participant.arrival_group_id = group.id
    last = _last(participant)
    if last is not None:
        starts = group.arrives_on + ONE
        _set(last.id, starts_on=starts, ends_on=terms.last_day(starts, terms.YEAR))
    db.session.flush()
    _tell(participant)


def withdraw(*, by: Any, participant: Participant, reason: str) -> None:
    """Note that somebody will not come. Her appointment is taken back: it never came to be."""
    LIFE.take(participant, "withdraw", by=by, reason=reason)
    _take_back(participant, date.min, by)
    _tell(participant)


def end_early(*, by: Any, participant: Participant, kind: str, on_date: date, reason: str) -> None:
    """End her appointment before its time; `on_date` is its last day, today or earlier at the latest in the present term.

    A day to come is a plan, carried out on its day. A death is entered in memory of her: the account closes, no mail is ever sent.
    """
    last = _at(participant, on_date)
    if kind not in ENDS or last is None or on_date < clock.today() - LONG_AGO:
        raise Refused(_("The last day must lie within an appointment."))
    if kind == "death" and on_date > clock.today():
        raise Refused(_("This day has not come yet."))
    if on_date <= clock.today():
        LIFE.take(participant, "end_early", by=by, reason=reason)
    else:
        _check_open(participant, by)
    _take_back(participant, on_date, by)
    _set(last.id, ends_on=on_date, end_reason=kind)
    planned = _plan(participant, "early_end", on_date + ONE, by, done=on_date <= clock.today(), why=kind, note=reason)
    if planned.done_at is None:
        audit.record("participant.end_planned", participant, by=by, note=reason, detail={"kind": kind, "on": on_date.isoformat()})
    if kind == "death":
        _remember(participant, on_date)


def _check_open(participant: Participant, by: Any) -> None:
    if "end_early" not in {step.name for step in LIFE.open(participant, by)}:
        raise Refused(_("This step is no longer open: somebody may have been faster. Please look at the present state."))


def _remember(participant: Participant, on_date: date) -> None:
    """Enter a death: the date on the person, every appointment at its end, the account closed. Her record stays."""
    person = db.session.get_one(Person, participant.person_id)
    person.deceased_on = on_date
    account = db.session.scalar(select(Account).where(Account.person_id == person.id))
    if account is not None and account.disabled_at is None:
        account.disabled_at = clock.now()
        sessions.close_devices(account.id)
    for other in db.session.scalars(select(Appointment).where(
            Appointment.person_id == person.id, Appointment.role != "participant", Appointment.starts_on <= on_date,
            (Appointment.ends_on.is_(None)) | (Appointment.ends_on > on_date))):
        other.ends_on, other.end_reason = on_date, "death"
    db.session.flush()


# ── What the clock does ───────────────────────────────────────────────────────────────────────────────────────────────

def carry_out(today: date | None = None) -> int:
    """Take all steps whose day has come: plans, first days, ends of terms. Returns how many. Repeating is harmless."""
    today, count = today or clock.today(), 0
    for planned in db.session.scalars(select(Transition).where(
            Transition.done_at.is_(None), Transition.cancelled_at.is_(None), Transition.effective_on <= today).order_by(
            Transition.effective_on, Transition.id)).all():
        _carry(planned)
        count += 1
    for participant in db.session.scalars(select(Participant).where(Participant.state == "arrived")).all():
        begin_if_due(participant)
        if participant.state == "appointed":
            _tell(participant)
            count += 1
    return count + _complete_ended(today)


def _complete_ended(today: date) -> int:
    """Complete the terms that ended before today with no further one."""
    goes_on = select(Appointment.person_id).where(
        Appointment.role == "participant", (Appointment.ends_on.is_(None)) | (Appointment.ends_on >= today))
    ended = db.session.scalars(select(Participant).where(
        Participant.state.in_(("appointed", "completing")), Participant.person_id.not_in(goes_on),
        Participant.person_id.in_(select(Appointment.person_id).where(Appointment.role == "participant")))).all()
    for participant in ended:
        if participant.state == "appointed":
            LIFE.take(participant, "finish", by=None)
        take(by=None, participant=participant, step="complete")
    return len(ended)


def _carry(planned: Transition) -> None:
    """Carry out one plan. What has been overtaken by another step is marked cancelled."""
    participant = db.session.get_one(Participant, planned.participant_id)
    step = {"reappointment": "roll_over", "transfer": "start_anew", "early_end": "end_early"}[planned.kind]
    if participant.state not in LIFE.steps[step].source.split():
        planned.cancelled_at = clock.now()
        return
    LIFE.take(participant, step, by=None, reason=planned.detail.get("note", ""))
    planned.done_at = clock.now()
    last = _last(participant)
    if step != "end_early" and last is not None:
        _set_term(participant, max(last.term_no, 1))
    _tell(participant)


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

def _last(participant: Participant) -> Any:
    rows = appointments_of(participant)
    return rows[-1] if rows else None


def _at(participant: Participant, day: date) -> Any:
    return next((row for row in appointments_of(participant) if row.starts_on <= day <= row.ends_on), None)


def _appoint(participant: Participant, organisation_id: int, job_type: str, workplace: str, starts_on: date, ends_on: date,
             term_no: int) -> Appointment:
    made = Appointment(person_id=participant.person_id, organisation_id=organisation_id, role="participant", job_type=job_type,
                       workplace=workplace, starts_on=starts_on, ends_on=ends_on, term_no=term_no)
    db.session.add(made)
    db.session.flush()
    return made


def _set(appointment_id: int, **values: Any) -> None:
    made = db.session.get_one(Appointment, appointment_id)
    for name, value in values.items():
        setattr(made, name, value)
    db.session.flush()


def _set_term(participant: Participant, term_no: int) -> None:
    participant.term_no = term_no
    db.session.flush()


def _close(participant: Participant, reason: str) -> None:
    """Write why the last appointment ended, where nothing says so yet."""
    last = _last(participant)
    if last is not None:
        db.session.execute(update(Appointment).where(Appointment.id == last.id, Appointment.end_reason == "").values(end_reason=reason))


def _take_back(participant: Participant, after: date, by: Any) -> None:
    """Remove appointments that would begin after `after`, and cancel open plans: they never came to be. The audit keeps what they were."""
    for row in appointments_of(participant):
        if row.starts_on > after:
            audit.record("participant.taken_back", participant, by=by, organisation_id=row.organisation_id, detail={
                "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(), "term_no": row.term_no})
            db.session.delete(db.session.get_one(Appointment, row.id))
    db.session.execute(update(Transition).where(
        Transition.participant_id == participant.id, Transition.done_at.is_(None), Transition.cancelled_at.is_(None),
    ).values(cancelled_at=clock.now()))
    db.session.flush()


def _plan(participant: Participant, kind: str, on_date: date, by: Any, *, done: bool = False, **detail: Any) -> Transition:
    made = Transition(participant_id=participant.id, kind=kind, effective_on=on_date, detail={"note": "", **detail},
                      made_by=getattr(by, "id", None), done_at=clock.now() if done else None)
    db.session.add(made)
    db.session.flush()
    _tell(participant)
    return made


def _tell(participant: Participant) -> None:
    jobs.publish("participant.changed", person_id=participant.person_id)
