"""Spaced review: what a card remembers is a fold of its log; how much a day takes. Pure functions over fsrs (FSRS-6).

A card's key is one of  term:<course>:<term>:read  (word → meaning),  term:<course>:<term>:write  (meaning → word, typed),
item:<item>:<question>  (a question answered wrongly),  own:<item>:<segment>  (a translation she found wanting).
"""
from collections.abc import Iterable
from datetime import UTC, datetime
from statistics import median
from typing import Any

MINUTES = 10                           # a day's review
USUAL = 40                             # cards a day, until her own speed is known
BOUNDS = (15, 80)
NEW_A_DAY = 10
KNOWN = 4.0                            # days of stability from which a word is asked the other way round too
RETENTION = 0.9                        # the share she should still know when a card comes back


def fold(logs: Iterable[Any]) -> dict[str, Any]:
    """Return what a log amounts to: {"due_at", "reps", "lapses", "memory"}; {} for an empty one.

    `logs` are objects with id, rating, undoes, at; order of arrival and doubles do not matter.
    """
    from fsrs import Card, Rating, Scheduler

    seen = {log.id: log for log in logs}
    undone = {log.undoes for log in seen.values() if log.rating == 0}
    looks = sorted((log.at.astimezone(UTC), log.id, log.rating) for log in seen.values() if log.rating and log.id not in undone)
    if not looks:
        return {}
    # No learning steps and no chance: a card comes back in days, and the same log is always the same state.
    scheduler = Scheduler(desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, lapses = Card(card_id=1, due=looks[0][0]), 0
    for at, _key, rating in looks:
        lapses += rating == 1
        card, _review = scheduler.review_card(card, Rating(rating), review_datetime=at)
    memory = {"stability": card.stability, "difficulty": card.difficulty, "last_at": looks[-1][0].isoformat()}
    return {"due_at": card.due, "reps": len(looks), "lapses": lapses, "memory": memory}


def daily_cap(took_ms: list[int]) -> int:
    """Return how many cards fit into ten minutes at her own speed."""
    usable = [ms for ms in took_ms if 0 < ms < 120_000]  # noqa: PLR2004 -- longer than two minutes: she was away
    if len(usable) < 10:  # noqa: PLR2004 -- too few to know
        return USUAL
    return max(BOUNDS[0], min(BOUNDS[1], round(MINUTES * 60_000 / median(usable))))


def share(due: int, done: int, cap: int, *, more: bool) -> int:
    """Return how many of the due cards to show now: up to the cap of the day, and when she asks for more, up to twice of it."""
    return max(0, min(due, (2 * cap if more else cap) - done))


def when(client: datetime | None, now: datetime) -> datetime:
    """Return when a card was seen: the client's time, unless its clock says what cannot be."""
    return client if client is not None and (now - client).days < 30 and client <= now else now  # noqa: PLR2004 -- a month offline
