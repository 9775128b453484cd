"""By what tutors judge: criteria × levels for each kind of item, as data/rubric.toml has them. Pure functions."""
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HIGHEST = 5
NEAR = 5                               # points from the pass mark within which a second tutor marks too
APART = 10                             # points by which two tutors may differ before the desk decides


@cache
def _rubric() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "rubric.toml").read_text("utf-8"))


def criteria(kind: str) -> list[dict[str, Any]]:
    """Return the criteria of a kind of item: {"id", "name": {en, ja}, "about": {en, ja}}."""
    return [criterion for criterion in _rubric()["criterion"] if kind in criterion["for"]]


def levels(kind: str) -> list[tuple[int, dict[str, str]]]:
    """Return (level, what it means) from the highest."""
    return sorted(((int(level), words) for level, words in _rubric()["levels"]["task" if kind == "task" else "test"].items()), reverse=True)


def unscored(scores: dict[str, int], kind: str) -> list[dict[str, Any]]:
    """Return the criteria that have no level yet."""
    return [criterion for criterion in criteria(kind) if criterion["id"] not in scores]


def score(scores: dict[str, int], kind: str) -> int:
    """Return the score of 100: every criterion counts alike, one without a level nothing."""
    used = criteria(kind)
    return round(100 * sum(scores.get(criterion["id"], 0) for criterion in used) / (HIGHEST * len(used)))


def wants_second(first: int, pass_percent: int) -> bool:
    """Say whether a score is so near to the pass mark that a second tutor should mark too."""
    return abs(first - pass_percent) <= NEAR


def agreed(first: int, second: int) -> int | None:
    """Return the mean of two scores, None when they differ too much."""
    return round((first + second) / 2) if abs(first - second) <= APART else None


def capped(points: int, cap: int) -> int:
    """Return a score after the rule for late work: never above the cap."""
    return min(points, cap)
