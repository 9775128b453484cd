"""The placement quiz: which question comes next, and for which level the answers speak. Pure: the same answers, the same quiz.

Each level has its questions in the order of their difficulty, cut into quarters (`BANDS`); all levels together are one stair of bands.
Two right answers in a row go up, two wrong ones down: two bands at first, one after the first turn. The level recommended is the one
of whose questions she would answer 60 % (a Rasch estimate, the most likely ability on a grid): enough to follow, enough to learn.
"""
import math
import random
from collections.abc import Sequence

QUESTIONS = 20
BANDS = 4                              # of a level
AGAIN_DAYS = 30                        # until it may be taken again
IN_A_ROW = 2
FIRST = 2                              # the band it begins with: the middle of the lowest level
SLOPE = 0.9                            # how much harder a band is than the one below, in logits
SHARE = 0.6                            # of its questions she answers in the level that suits her
GRID = 0.25                            # of a band
SPREAD = 5                             # bands: how far from the beginning she may be before it takes evidence

Pools = Sequence[Sequence[str]]        # the ids of the questions of each level, easiest first
Given = Sequence[tuple[str, bool]]     # questions asked, in order, and whether the answer was right


def band(rights: Sequence[bool], count: int) -> int:
    """Return the band to ask from next, of `count`, after these answers."""
    here, stride, run, way = min(FIRST, count - 1), 2, 0, 0
    for right in rights:
        run = run + 1 if right and run >= 0 else run - 1 if not right and run <= 0 else 1 if right else -1
        if abs(run) == IN_A_ROW:
            stride = 1 if way and run * way < 0 else stride
            way, run = (1 if run > 0 else -1), 0
            here = max(0, min(count - 1, here + way * stride))
    return here


def following(pools: Pools, seed: int, given: Given) -> tuple[int, str] | None:
    """Return (level, question) to ask next; None when the quiz is over."""
    asked = {question for question, _right in given}
    left = {n: [q for q in questions if q not in asked] for n, questions in enumerate(_bands(pools))}
    there = [n for n, questions in left.items() if questions]
    if len(given) >= QUESTIONS or not there:
        return None
    wanted = band([right for _question, right in given], len(left))
    nearest = min(there, key=lambda n: (abs(n - wanted), n))
    dice = random.Random(f"{seed}:{len(given)}")  # noqa: S311 -- repeatable on purpose
    return nearest // BANDS, dice.choice(left[nearest])


def level(pools: Pools, given: Given) -> int:
    """Return the level for which the answers speak, counted from 0."""
    place = {question: n for n, questions in enumerate(_bands(pools)) for question in questions}
    count = len(pools) * BANDS
    grid = [n * GRID for n in range(int(-BANDS / GRID), int((count + BANDS) / GRID))]
    best = max(grid, key=lambda ability: (_likelihood(ability, [(place[q], right) for q, right in given]), -ability))
    suits = best - math.log(SHARE / (1 - SHARE)) / SLOPE
    return max(0, min(len(pools) - 1, math.floor((suits + 0.5) / BANDS)))


def by_level(pools: Pools, given: Given) -> list[tuple[int, int]]:
    """Return (asked, right) for each level."""
    there = {question: n for n, questions in enumerate(pools) for question in questions}
    return [(sum(1 for q, _right in given if there[q] == n), sum(1 for q, right in given if there[q] == n and right)) for n in range(len(pools))]


def _bands(pools: Pools) -> list[list[str]]:
    return [list(questions[len(questions) * n // BANDS:len(questions) * (n + 1) // BANDS]) for questions in pools for n in range(BANDS)]


def _likelihood(ability: float, answers: Sequence[tuple[int, bool]]) -> float:
    """Return the logarithm of how likely these answers are, and such an ability is to begin with."""
    total = -((ability - FIRST) / SPREAD) ** 2 / 2
    for hard, right in answers:
        far = SLOPE * (ability - hard)
        total -= math.log1p(math.exp(-far if right else far))
    return total
