"""The time: instants are aware UTC, dates are Japan's. Everything asks here, so that tests and the demo can set it.

A fiscal year (年度) runs from 1 April to 31 March and is named after the year in which it begins.
"""
import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")
# "JETLMS_CLOCK=2026-10-01T09:00:00+09:00" makes a process believe it started at that instant; its clock runs on from there.
_OFFSET = (
    datetime.fromisoformat(os.environ["JETLMS_CLOCK"]) - datetime.now(UTC)
    if os.environ.get("JETLMS_CLOCK") else timedelta(0)
)
# Eras by their first day; 明治 and 大正 are of no use to people born after 1940.
ERAS = ((date(2019, 5, 1), "令和", "R"), (date(1989, 1, 8), "平成", "H"), (date(1926, 12, 25), "昭和", "S"))


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC) + _OFFSET


def today() -> date:
    """Return today's date in Japan, by which appointments, deadlines and access are judged."""
    return now().astimezone(JST).date()


def fiscal_year(day: date) -> int:
    """Return the Japanese fiscal year of `day`: 2021-03-31 → 2020."""
    return day.year if day.month >= 4 else day.year - 1  # noqa: PLR2004 -- April


def era(day: date) -> tuple[str, int]:
    """Return the era and the year in it: 2026-11-23 → ("令和", 8). Raises ValueError before 昭和."""
    for first, name, _letter in ERAS:
        if day >= first:
            return name, day.year - first.year + 1
    raise ValueError(day)


def end_of_day(day: date) -> datetime:
    """Return the last instant of `day` in Japan (23:59:59 JST), as UTC: deadlines include their day."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=JST).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Return 00:00 JST of `day` as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=JST).astimezone(UTC)
