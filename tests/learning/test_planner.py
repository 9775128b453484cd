"""The plan of study as a pure function: nothing is lost, no day is too long, and what is said to be enough is."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jetlms.learning import planner

LEFT = st.lists(st.integers(1, 90), max_size=40).map(lambda lengths: [(f"l-{n}", length) for n, length in enumerate(lengths)])
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
TODAY = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(LEFT, DAYS, st.integers(5, 240), TODAY)
def test_everything_is_planned_once_in_order_on_chosen_days(left, weekdays, minutes, today):
    plan = planner.sessions(left, weekdays, minutes, today)
    total: dict[str, int] = {}
    for session in plan:
        for key, part in session.parts:
            assert part > 0
            total[key] = total.get(key, 0) + part
    assert total == dict(left)
    assert list(total) == [key for key, _length in left]
    assert all(s.day.weekday() in weekdays and s.day >= today for s in plan)
    assert [s.day for s in plan] == sorted({s.day for s in plan})
    assert all(s.minutes == minutes for s in plan[:-1])            # no chosen day is left out before the end
    assert all(0 < s.minutes <= minutes for s in plan)
    between = [plan[0].day + timedelta(days=n) for n in range((plan[-1].day - plan[0].day).days + 1)] if plan else []
    assert [day for day in between if day.weekday() in weekdays] == [s.day for s in plan]


@given(LEFT, DAYS, TODAY, st.integers(-3, 60))
def test_what_is_enough_reaches_the_day_and_a_minute_less_does_not(left, weekdays, today, ahead):
    until, total = today + timedelta(days=ahead), sum(length for _key, length in left)
    needed = planner.enough(total, weekdays, today, until)
    if needed is None:
        most = planner.sessions(left, weekdays, planner.MOST, today)
        assert not most or most[-1].day > until
    elif needed:
        assert planner.sessions(left, weekdays, needed, today)[-1].day <= until
        if needed > 1:
            assert planner.sessions(left, weekdays, needed - 1, today)[-1].day > until


@given(DAYS)
def test_days_are_kept_as_bits(weekdays):
    assert planner.days(planner.bits(weekdays)) == weekdays
    assert 1 <= planner.bits(weekdays) <= 127


@given(LEFT, DAYS, st.integers(5, 240), TODAY)
def test_this_week_ends_on_sunday(left, weekdays, minutes, today):
    plan = planner.sessions(left, weekdays, minutes, today)
    week = planner.this_week(plan, today)
    assert plan[:len(week)] == week
    assert all((s.day - today).days <= 6 - today.weekday() for s in week)
    assert all((s.day - today).days > 6 - today.weekday() for s in plan[len(week):])


@pytest.mark.parametrize(("weekdays", "minutes"), [(frozenset(), 20), (frozenset({7}), 20), (frozenset({1}), 0)])
def test_a_plan_needs_days_and_minutes(weekdays, minutes):
    with pytest.raises(ValueError, match="days and minutes"):
        planner.sessions([("l-1", 5)], weekdays, minutes, date(2026, 11, 23))
