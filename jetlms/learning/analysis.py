"""What the answers say about a question: how hard it is, and whether it tells those who know from those who do not. Pure.

Counted are first attempts: one person, one voice. Fewer than five people say nothing at all, fewer than twenty give no figure.
"""
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

SMALLEST = 5               # people: below, not even their number is shown
ENOUGH = 20                # answers: below, figures would be chance
HARD, EASY = 0.2, 0.95


@dataclass(frozen=True)
class Sheet:
    """One first attempt: the score of each question that was asked (0 without an answer), who was right, what was chosen."""

    scores: Mapping[str, float]
    right: frozenset[str]
    chosen: Mapping[str, Any]


@dataclass(frozen=True)
class Figures:
    """What is known of one question. None where too few answered; `wrong`: (key of the wrong option chosen most, how often)."""

    answers: int | None
    facility: float | None
    discrimination: float | None
    wrong: tuple[str, int] | None
    flags: tuple[str, ...]


def figures(question: Mapping[str, Any], sheets: Iterable[Sheet]) -> Figures:
    """Return the figures of a question. Flags: few, hard, easy, negative."""
    key = question["id"]
    asked = [sheet for sheet in sheets if key in sheet.scores]
    if len(asked) < SMALLEST:
        return Figures(None, None, None, None, ("few",))
    if len(asked) < ENOUGH:
        return Figures(len(asked), None, None, None, ("few",))
    rights = [float(key in sheet.right) for sheet in asked]
    facility = sum(rights) / len(rights)
    discrimination = point_biserial(rights, [sum(sheet.scores.values()) - sheet.scores[key] for sheet in asked])
    flags = [name for name, holds in (("hard", facility < HARD), ("easy", facility > EASY), ("negative", (discrimination or 0) < 0)) if holds]
    return Figures(len(asked), facility, discrimination, most_chosen(question, asked), tuple(flags))


def point_biserial(rights: list[float], rest: list[float]) -> float | None:
    """Return the correlation of being right with the points for all the other questions; None where one of the two never differs."""
    count = len(rights)
    mean_x, mean_y = sum(rights) / count, sum(rest) / count
    spread_x = sqrt(sum((x - mean_x) ** 2 for x in rights))
    spread_y = sqrt(sum((y - mean_y) ** 2 for y in rest))
    if spread_x < 1e-9 or spread_y < 1e-9:  # noqa: PLR2004 -- what is left of rounding
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(rights, rest, strict=True)) / (spread_x * spread_y)


def most_chosen(question: Mapping[str, Any], asked: list[Sheet]) -> tuple[str, int] | None:
    """Return the wrong option that most chose, and how many; None when fewer than five did."""
    wrong = {option["key"] for option in question.get("options", ()) if not option["right"]} if question["type"] not in {"match", "order"} else set()
    count: Counter[str] = Counter()
    for sheet in asked:
        answer = sheet.chosen.get(question["id"])
        count.update(wrong & set(answer if isinstance(answer, list) else [answer] if isinstance(answer, str) else []))
    top = count.most_common(1)
    return top[0] if top and top[0][1] >= SMALLEST else None
