"""Who gets a place: by result, then by lot among the others who qualify. Pure, and simple enough to be done again by hand.

The lot of an application is the SHA-256 of "seed:number"; lots are drawn in their order. Nobody can choose a seed that favours
somebody, because its own SHA-256 was published before the applications arrived.
"""
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

RESULT, LOT, WAITING, OUT = "result", "lot", "waiting", "out"


@dataclass(frozen=True)
class Entry:
    """An application by its number, and the result of its level check in percent (None: not taken)."""

    number: str
    score: int | None


@dataclass(frozen=True)
class Outcome:
    """What became of it: chosen by result or by lot, waiting, or out; and the place in that list, from 1."""

    number: str
    how: str
    place: int


def lot(seed: str, number: str) -> str:
    """Return the lot of an application: smaller is drawn earlier."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def commitment(seed: str) -> str:
    """Return what is published of a seed before it is used."""
    return hashlib.sha256(seed.encode()).hexdigest()


def select(entries: Sequence[Entry], *, places: int, lottery: int, least: int, seed: str) -> list[Outcome]:
    """Return the outcome of every application, whatever their order.

    Who has at least `least` percent qualifies. The best `places` of them are chosen by result (the same result: by lot), then `lottery`
    of the others by lot; the rest waits in the order of results.
    """
    def order(entry: Entry) -> tuple[int, str]:
        return (-(entry.score or 0), lot(seed, entry.number))
    ranked = sorted((entry for entry in entries if entry.score is not None and entry.score >= least), key=order)
    best, others = ranked[:places], ranked[places:]
    drawn = sorted(others, key=lambda entry: lot(seed, entry.number))[:lottery]
    waiting = [entry for entry in others if entry not in drawn]
    out = sorted((entry for entry in entries if entry not in ranked), key=order)
    return [Outcome(entry.number, how, place) for how, them in ((RESULT, best), (LOT, drawn), (WAITING, waiting), (OUT, out))
            for place, entry in enumerate(them, 1)]
