"""How long somebody may be appointed: plain arithmetic of dates, without a database.

Source: the Programme's rules (jet.md 1.3–1.4). A term is a year. Two reappointments make three years; outstanding participants may have
two more, five years in all. Who arrives in April is reappointed first for four months, to fall in line with the summer, and so
may stay four months longer.
"""
import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

APRIL = 4
YEAR, SHORT, ORDINARY, LONGEST = 12, 4, 36, 60          # months
ORDINARY_TERMS, MOST_TERMS = ORDINARY // YEAR, LONGEST // YEAR


@dataclass(frozen=True)
class Span:
    """The frame of somebody's appointments: her first day, and whether she came in April."""

    first_on: date
    april: bool

    def end_after(self, months: int) -> date:
        """Return the last day of the first `months` months, an April arrival's extra four beside them."""
        return last_day(self.first_on, months + (SHORT if self.april and months > YEAR else 0))


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier when negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(starts_on: date, months: int) -> date:
    """Return the last day of a stay that begins on `starts_on` and lasts `months`."""
    return add_months(starts_on, months) - timedelta(days=1)


def span(rows: Iterable[Any], arrives_on: date | None = None) -> Span | None:
    """Return the frame of appointments (starts_on, term_no), or None without any. `arrives_on` is the day of her intake.

    Records may begin in the middle: who was imported in her third term began two years before its first day.
    """
    first = min(rows, key=lambda row: row.starts_on, default=None)
    if first is None:
        return None
    term = max(first.term_no, 1)
    april = arrives_on.month == APRIL if arrives_on is not None else term == 1 and first.starts_on.month == APRIL
    before = (term - 1) * YEAR if not april or term <= 2 else (term - 2) * YEAR + SHORT  # noqa: PLR2004 -- its second term is the short one
    return Span(add_months(first.starts_on, -before), april)


def proposed_end(frame: Span, present_end: date, term_no: int) -> date:
    """Return the last day of the term that follows `present_end`: a year, or four months for the first of April arrivals."""
    starts = present_end + timedelta(days=1)
    return last_day(starts, SHORT if frame.april and term_no == 1 else YEAR)


def latest_end(frame: Span, *, outstanding: bool, special: date | None = None) -> date:
    """Return the last day to which somebody may be appointed. A dated special rule stretches the limit, never shortens it."""
    usual = frame.end_after(LONGEST if outstanding else ORDINARY)
    return max(usual, special) if special else usual
