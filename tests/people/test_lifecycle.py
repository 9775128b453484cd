"""The life cycle: steps by the desk, dated appointments, what the clock does, and who reaches whom when."""
from datetime import date, timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from jetlms.core import clock, policy
from jetlms.core.audit import AuditEntry
from jetlms.core.db import unit
from jetlms.core.errors import Refused
from jetlms.core.identity import User
from jetlms.core.workflow import Step
from jetlms.people import jobs as people_jobs
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
from jetlms.people.service import lifecycle
from jetlms.people.workflow import LIFE, SERVING

ROLES = policy.ROLES


def user(person_id, *roles, **reach):
    return User(id=person_id, account_id=person_id, device_id=1, name="x", roles=frozenset(roles),
                reach={role: tuple(ids) for role, ids in reach.items()})


@pytest.fixture
def desk(people, db):
    return user(people.fumi_id, "clair_desk", clair_desk=[1])


def of(db, person_id):
    return db.session.scalars(select(Participant).where(Participant.person_id == person_id)).one()


def terms_of(db, person_id):
    return [(a.starts_on, a.ends_on, a.term_no, a.end_reason, a.organisation_id) for a in db.session.scalars(
        select(Appointment).where(Appointment.person_id == person_id, Appointment.role == "participant").order_by(Appointment.starts_on))]


def organisation(db, slug):
    return db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def sees(cho, name, people):
    return people.cho.get(f"/people/{getattr(people, name + '_id')}").status_code


# ── Reappointment ─────────────────────────────────────────────────────────────────────────────────────────────────────

def test_reappointment_begins_on_its_day_and_only_once(db, people, desk, clock_at):
    with unit():
        ann = of(db, people.ann_id)
        end = terms_of(db, people.ann_id)[-1][1]
        lifecycle.reappoint(by=desk, participant=ann, ends_on=terms.last_day(end + timedelta(days=1), 12))
        assert ann.state == "reappointing"
    with unit():
        assert lifecycle.carry_out() == 0
    clock_at.move_to(f"{end + timedelta(days=1)}T00:00:00+00:00")
    with unit():
        people_jobs.change_states()
    with unit():
        assert lifecycle.carry_out() == 0
    with unit():
        ann = of(db, people.ann_id)
        assert (ann.state, ann.term_no) == ("appointed", 2)
        assert [t[2] for t in terms_of(db, people.ann_id)] == [1, 2]
        actions = list(db.session.scalars(select(AuditEntry.action).where(
            AuditEntry.subject_type == "participant", AuditEntry.subject_id == ann.id)))
        assert actions == ["participant.reappoint", "participant.roll_over"]


@pytest.mark.parametrize("months", [0, 13])
def test_a_term_is_a_year_at_most_and_not_nothing(db, people, desk, months):
    with unit():
        ann = of(db, people.ann_id)
        end = terms_of(db, people.ann_id)[-1][1]
        with pytest.raises(Refused):
            lifecycle.reappoint(by=desk, participant=ann, ends_on=terms.last_day(end + timedelta(days=1), months))


def serving(db, number, first, term_no, *, group=None, **more):
    who = make.person("Test", number)
    record = make.participant(who, number, "ALT", term_no=term_no, arrival_group_id=group, **more)
    start = terms.add_months(first, 12 * (term_no - 1))
    make.appointment(who, "participant", organisation(db, "ikoma-boe"), job_type="ALT", starts_on=start,
                     ends_on=terms.last_day(start, 12), term_no=term_no)
    return record


def test_years_four_and_five_need_the_word_of_the_organisation(db, desk, people):
    with unit():
        third = serving(db, "20240000099", date(2024, 7, 28), 3)
        end = terms_of(db, third.person_id)[-1][1]
        with pytest.raises(Refused):
            lifecycle.reappoint(by=desk, participant=third, ends_on=terms.last_day(end + timedelta(days=1), 12))
        third.outstanding = True
        lifecycle.reappoint(by=desk, participant=third, ends_on=terms.last_day(end + timedelta(days=1), 12))


def test_nobody_stays_a_sixth_year_unless_a_dated_rule_says_so(db, desk, people):
    with unit():
        fifth = serving(db, "20220000099", date(2022, 7, 28), 5, outstanding=True)
        end = terms_of(db, fifth.person_id)[-1][1]
        with pytest.raises(Refused):
            lifecycle.reappoint(by=desk, participant=fifth, ends_on=end + timedelta(days=45))
        fifth.max_ends_on = date(2027, 9, 30)
        with pytest.raises(Refused):
            lifecycle.reappoint(by=desk, participant=fifth, ends_on=date(2027, 10, 1))
        lifecycle.reappoint(by=desk, participant=fifth, ends_on=date(2027, 9, 30))


def test_golden_april_arrival(db, desk, people):
    """jet.md 19: April 2018: term 1 to April 2019, term 2 about four months to early August 2019, later terms a year; last August 2023."""
    frame = terms.span([_Term(date(2018, 4, 9), 1)], date(2018, 4, 8))
    ends = [terms.last_day(date(2018, 4, 9), 12)]
    for number in range(1, 6):
        ends.append(terms.proposed_end(frame, ends[-1], number))
    assert ends == [date(2019, 4, 8), date(2019, 8, 8), date(2020, 8, 8), date(2021, 8, 8), date(2022, 8, 8), date(2023, 8, 8)]
    assert terms.latest_end(frame, outstanding=True) == date(2023, 8, 8)
    assert terms.latest_end(frame, outstanding=False) == date(2021, 8, 8)


def test_the_short_first_reappointment_of_april_arrivals_is_no_year(db, desk, people):
    with unit():
        group = db.session.scalars(select(ArrivalGroup).where(ArrivalGroup.code.endswith("-04"))).one()
        april = serving(db, "20260000098", group.arrives_on + timedelta(days=1), 1, group=group.id)
        end = terms_of(db, april.person_id)[-1][1]
        with pytest.raises(Refused):
            lifecycle.reappoint(by=desk, participant=april, ends_on=terms.last_day(end + timedelta(days=1), 12))
        lifecycle.reappoint(by=desk, participant=april, ends_on=terms.last_day(end + timedelta(days=1), 4))


class _Term:
    def __init__(self, starts_on, term_no):
        self.starts_on, self.term_no = starts_on, term_no


DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_months_lie_end_to_end(day, months):
    assert terms.last_day(day, months) + timedelta(days=1) == terms.add_months(day, months)
    assert 28 * months <= (terms.add_months(day, months) - day).days <= 31 * months


@given(DAYS, st.booleans(), st.integers(1, 6))
def test_a_record_that_begins_in_a_later_term_has_the_same_frame(first, april, term):
    first = first.replace(day=min(first.day, 28), month=4 if april else 7)
    arrives = first - timedelta(days=1) if first.day > 1 else first
    frame = terms.Span(first, april)
    start, end = first, terms.last_day(first, 12)
    for number in range(1, term):
        start, end = end + timedelta(days=1), terms.proposed_end(frame, end, number)
    assert terms.span([_Term(start, term)], arrives) == frame
    assert end <= terms.latest_end(frame, outstanding=True) or term == 6


# ── Change of organisation ────────────────────────────────────────────────────────────────────────────────────────────

def test_transfer_ends_the_old_reach_on_the_day(db, people, desk, clock_at):
    with unit():
        ann, beppu = of(db, people.ann_id), organisation(db, "beppu-boe")
        day = clock.today() + timedelta(days=10)
        lifecycle.transfer(by=desk, participant=ann, organisation=beppu, on_date=day, reason="school closes")
        assert ann.state == "transferring"
    assert sees("cho", "ann", people) == 200
    assert people.eri.get(f"/people/{people.ann_id}").status_code == 200
    clock_at.move_to(f"{day}T00:00:00+09:00")
    fresh = people.cho.get(f"/people/{people.ann_id}")
    assert fresh.status_code in {302, 303, 401, 404}
    with unit():
        lifecycle.carry_out()
        ann = of(db, people.ann_id)
        rows = terms_of(db, people.ann_id)
        assert ann.state == "appointed"
        assert ann.term_no == 1
        assert rows[0][1] == day - timedelta(days=1)
        assert rows[0][3] == "transfer"
        assert rows[1][0] == day
        assert [r[2] for r in rows] == [1, 1]
        supervisor = user(people.cho_id, "supervisor", supervisor=[organisation(db, "ikoma-boe").id])
        assert not policy.can(supervisor, "people.view", db.session.get(Person, people.ann_id))


def test_transfer_today_is_done_at_once(db, people, desk):
    with unit():
        ann = of(db, people.ann_id)
        lifecycle.transfer(by=desk, participant=ann, organisation=organisation(db, "beppu-boe"), on_date=clock.today(), reason="x")
        assert ann.state == "appointed"
        assert len(terms_of(db, people.ann_id)) == 2


@pytest.mark.parametrize(("slug", "days"), [("ikoma-boe", 5), ("nara", 5), ("beppu-boe", -400), ("beppu-boe", 400)])
def test_transfer_to_nowhere(db, people, desk, slug, days):
    with unit(), pytest.raises(Refused):
        lifecycle.transfer(by=desk, participant=of(db, people.ann_id), organisation=organisation(db, slug),
                           on_date=clock.today() + timedelta(days=days), reason="x")


# ── Before and after ──────────────────────────────────────────────────────────────────────────────────────────────────

def test_deferral_keeps_the_number_and_moves_the_appointment(db, people, desk):
    with unit():
        kai = of(db, people.kai_id)
        later = ArrivalGroup(code="2027-04", fiscal_year=2027, name_ja="2027年4月", name_en="April 2027", arrives_on=date(2027, 4, 11))
        db.session.add(later)
        db.session.flush()
        lifecycle.defer(by=desk, participant=kai, reason="visa late")
        assert kai.state == "deferred"
        lifecycle.reschedule(by=desk, participant=kai, group=later)
        assert (kai.state, kai.jet_number, kai.arrival_group_id) == ("pre_departure", "20260000003", later.id)
        assert terms_of(db, people.kai_id)[0][:2] == (date(2027, 4, 12), date(2028, 4, 11))


def test_arrival_then_the_first_day(db, people, desk, clock_at):
    with unit():
        kai = of(db, people.kai_id)
        with pytest.raises(Refused):
            lifecycle.confirm_arrival(by=desk, participant=kai, on_date=clock.today() + timedelta(days=1))
        start = terms_of(db, people.kai_id)[0][0]
    clock_at.move_to(f"{start - timedelta(days=1)}T05:00:00+09:00")
    with unit():
        lifecycle.confirm_arrival(by=desk, participant=of(db, people.kai_id), on_date=clock.today())
        assert of(db, people.kai_id).state == "arrived"
    clock_at.move_to(f"{start}T05:00:00+09:00")
    with unit():
        lifecycle.carry_out()
        assert (of(db, people.kai_id).state, of(db, people.kai_id).term_no) == ("appointed", 1)


def test_withdrawal_takes_the_appointment_back(db, people, desk):
    with unit():
        lifecycle.withdraw(by=desk, participant=of(db, people.kai_id), reason="another post")
        assert terms_of(db, people.kai_id) == []
        assert of(db, people.kai_id).state == "withdrawn"


def test_the_end_of_a_term_completes_it_and_she_stays_as_alumna(db, people, desk, clock_at):
    with unit():
        end = terms_of(db, people.ann_id)[-1][1]
        lifecycle.take(by=desk, participant=of(db, people.ann_id), step="finish")
        with pytest.raises(Refused):
            lifecycle.take(by=desk, participant=of(db, people.ann_id), step="complete")
    clock_at.move_to(f"{end + timedelta(days=1)}T01:00:00+09:00")
    with unit():
        assert lifecycle.carry_out() >= 1
        ann = of(db, people.ann_id)
        assert ann.state == "completed"
        assert terms_of(db, people.ann_id)[-1][3] == "completed"
        assert sessions.roles_of(set(), ann.state) == {"alumna"}


def test_an_early_end_on_a_day_to_come(db, people, desk, clock_at):
    with unit():
        ann = of(db, people.ann_id)
        end = terms_of(db, people.ann_id)[-1][1]
        lifecycle.reappoint(by=desk, participant=ann, ends_on=terms.last_day(end + timedelta(days=1), 12))
        day = clock.today() + timedelta(days=20)
        lifecycle.end_early(by=desk, participant=ann, kind="resignation", on_date=day, reason="family")
        assert ann.state == "reappointing"
        rows = terms_of(db, people.ann_id)
        assert len(rows) == 1
        assert rows[0][1] == day
    clock_at.move_to(f"{day + timedelta(days=1)}T01:00:00+09:00")
    with unit():
        lifecycle.carry_out()
        assert of(db, people.ann_id).state == "terminated"
        assert db.session.scalar(select(Transition.id).where(Transition.done_at.is_(None), Transition.cancelled_at.is_(None))) is None


def test_a_death_is_remembered_and_nothing_is_ever_sent(db, people, desk):
    with unit():
        lifecycle.end_early(by=desk, participant=of(db, people.ben_id), kind="death", on_date=clock.today(), reason="told by the city")
        ben = db.session.get(Person, people.ben_id)
        assert ben.deceased_on == clock.today()
        assert sessions.addresses([ben.id])[ben.id].email == ""
        assert db.session.scalars(select(Account).where(Account.person_id == ben.id)).one().disabled_at
        assert terms_of(db, ben.id)[-1][3] == "death"


def test_a_death_is_never_planned(db, people, desk):
    with unit(), pytest.raises(Refused):
        lifecycle.end_early(by=desk, participant=of(db, people.ben_id), kind="death", on_date=clock.today() + timedelta(days=1), reason="x")


# ── Every step, every role, every state ───────────────────────────────────────────────────────────────────────────────

@pytest.mark.parametrize("step", LIFE.steps.values(), ids=lambda s: s.name)
def test_steps_open_only_to_the_desk_and_only_in_their_states(db, people, step: Step):
    with unit():
        ann, ids = of(db, people.ann_id), {"supervisor": [organisation(db, "ikoma-boe").id]}
        for state in LIFE.states:
            ann.state = state
            db.session.flush()
            for role in ROLES:
                open_ = {s.name for s in LIFE.open(ann, user(99999, role, **ids))}
                may = role == "clair_desk" and step.needs and state in step.source.split() and not any(g(ann) for g in step.guards)
                assert (step.name in open_) == bool(may), (role, state)


def test_nobody_moves_her_own_record(db, people):
    with unit():
        assert LIFE.open(of(db, people.ann_id), user(people.ann_id, "clair_desk")) == []


def test_states_agree_with_roles(db):
    for state in LIFE.states:
        roles = sessions.roles_of(set(), state)
        assert roles == ({"alumna"} if state in {"completed", "alumni", "terminated"} else set() if state == "withdrawn" else {"participant"})
    assert set(SERVING) < set(LIFE.states)
    assert "stateDiagram" in LIFE.diagram()
