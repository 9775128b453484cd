"""Which kinds of errors somebody found in her own work, month by month. Pure; nobody is compared with anybody."""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

MONTHS = 12                             # that are shown
ENOUGH = 5                              # marks on either side, before a direction is spoken of
CLEAR = 0.05                            # by which a share must have moved


@dataclass(frozen=True)
class Kind:
    """One kind of error: how often, its share of all marks, its share in each month (None in one without marks), where it goes."""

    name: str
    count: int
    share: float
    by_month: list[float | None]
    trend: str                          # "falling", "rising", "steady", or "" as long as there is too little to say


@dataclass(frozen=True)
class Profile:
    """What she marked: the months with something rated, how much was rated in all, how much without an error, the kinds."""

    months: list[date]
    rated: int
    faultless: int
    marks: int
    kinds: list[Kind]


def first_month(today: date) -> date:
    """Return the first of the months that are shown."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def profile(rows: Iterable[Any], names: Iterable[str], zone: str) -> Profile:
    """Return the profile of rated work; months are those of a zone, kinds come most frequent first."""
    months: dict[date, Counter[str]] = {}
    rated = faultless = 0
    for row in rows:
        rated += 1
        faultless += not row.errors
        months.setdefault(_month(row.at, zone), Counter()).update(set(row.errors))
    order = sorted(months)
    total: Counter[str] = sum(months.values(), Counter())
    kinds = [Kind(name, total[name], total[name] / total.total() if total else 0.0,
                  [months[m][name] / months[m].total() if months[m] else None for m in order], _trend([months[m] for m in order], name))
             for name in sorted(names, key=lambda name: -total[name])]
    return Profile(order, rated, faultless, total.total(), kinds)


def _month(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date().replace(day=1)


def _trend(months: list[Counter[str]], name: str) -> str:
    """Return where a share goes: the newest month with enough marks (with those after it) against all before."""
    after: Counter[str] = Counter()
    for place in range(len(months) - 1, 0, -1):
        after += months[place]
        if after.total() >= ENOUGH:
            before = sum(months[:place], Counter[str]())
            if before.total() < ENOUGH:
                return ""
            moved = after[name] / after.total() - before[name] / before.total()
            return "steady" if abs(moved) < CLEAR else "rising" if moved > 0 else "falling"
    return ""
