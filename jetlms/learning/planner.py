"""The plan of study: what is left, laid out over the days she has chosen. Pure: no database, no clock.

Nothing is made to fit: a plan that ends after the day by which she wants to be done says so, and `enough` says what would reach it.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MOST = 240                             # minutes on one day; more is no plan
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class Session:
    """One day of learning: item → minutes of it. An item that is too long for a day goes on in the next session."""

    day: date
    parts: tuple[tuple[str, int], ...]

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(minutes for _key, minutes in self.parts)


def sessions(left: Iterable[tuple[str, int]], weekdays: frozenset[int], minutes: int, today: date) -> list[Session]:
    """Return the days of learning from today on, until nothing is left. `left`: (item, minutes) in their order; Monday is 0.

    Raises ValueError when no day of the week is chosen, or no minute.
    """
    if not weekdays <= EVERY_DAY or not weekdays or minutes < 1:
        raise ValueError("a plan needs days and minutes")
    found: list[Session] = []
    parts: list[tuple[str, int]] = []
    day, room = _first(today, weekdays), minutes
    for key, length in left:
        rest = length
        while rest > 0:
            if room == 0:
                found.append(Session(day, tuple(parts)))
                day, room, parts = _first(day + timedelta(days=1), weekdays), minutes, []
            part = min(rest, room)
            parts.append((key, part))
            rest, room = rest - part, room - part
    return [*found, Session(day, tuple(parts))] if parts else found


def _first(day: date, weekdays: frozenset[int]) -> date:
    while day.weekday() not in weekdays:
        day += timedelta(days=1)
    return day


def enough(total: int, weekdays: frozenset[int], today: date, until: date) -> int | None:
    """Return the fewest minutes on each of these days that bring `total` minutes to an end by `until`; None when no day's length does."""
    days = sum(1 for n in range((until - today).days + 1) if (today + timedelta(days=n)).weekday() in weekdays)
    needed = -(-total // days) if days else MOST + 1
    return needed if needed <= MOST else None


def this_week(plan: list[Session], today: date) -> list[Session]:
    """Return the sessions up to Sunday."""
    sunday = today + timedelta(days=6 - today.weekday())
    return [session for session in plan if session.day <= sunday]


def bits(weekdays: Iterable[int]) -> int:
    """Return days of the week as the database keeps them: Monday is bit 0."""
    return sum(1 << day for day in set(weekdays))


def days(kept: int) -> frozenset[int]:
    """Return the days of the week of a bit set."""
    return frozenset(day for day in EVERY_DAY if kept >> day & 1)
