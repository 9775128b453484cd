"""Progress is a fold of events: one pure function, the same whatever the order, however often an event arrives.

The server decides at the time whether an item is finished and writes that as an event of its own, judged by the release the
learner had before her. So no later edit of a course can take progress away, and the fold needs no course to be computed.
"""
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from jetlms.core import clock
from jetlms.learning.coursefiles.model import COUNTED

DONE_VERBS = frozenset({"finished", "passed", "handed_in"})
IDLE_DAYS = 14                # without activity she is behind, because she has probably stopped
PACE_SLACK = 0.15             # share of the course by which she may lag behind an even pace before it is said


@dataclass
class ItemProgress:
    """What is known of one person and one item."""

    first_at: datetime
    last_at: datetime
    screens: set[int] = field(default_factory=set)
    questions: set[str] = field(default_factory=set)
    best: int | None = None
    attempts: int = 0
    done_at: datetime | None = None


def fold(events: Iterable[Any]) -> dict[str, ItemProgress]:
    """Fold events (objects with id, item_key, verb, at, payload) into progress by item key. Doubles count once."""
    items: dict[str, ItemProgress] = {}
    seen: set[str] = set()
    for event in events:
        if event.id in seen or not event.item_key:
            continue
        seen.add(event.id)
        item = items.setdefault(event.item_key, ItemProgress(event.at, event.at))
        _apply(item, event)
    return items


def _apply(item: ItemProgress, event: Any) -> None:
    item.first_at, item.last_at = min(item.first_at, event.at), max(item.last_at, event.at)
    if event.verb == "viewed":
        item.screens.add(int(event.payload["screen"]))
    elif event.verb == "answered":
        item.questions.add(event.payload["question"])
    elif event.verb == "submitted":
        item.attempts += 1
        item.best = max(item.best or 0, event.payload["percent"])
    elif event.verb == "regraded":
        item.best = max(item.best or 0, event.payload["percent"])
    if event.verb in DONE_VERBS:
        item.done_at = min(item.done_at, event.at) if item.done_at else event.at


def bits(screens: Iterable[int]) -> int:
    """Return a set of screen numbers as a bit set, as the database keeps it."""
    total = 0
    for screen in screens:
        total |= 1 << screen
    return total


def window(outline: dict[str, Any], opens_on: date) -> date:
    """Return the last day on which somebody who may begin on `opens_on` can answer."""
    return opens_on + timedelta(days=outline["schedule"]["window_days"])


def unmet(outline: dict[str, Any], done: set[str], *, required_only: bool = True) -> list[dict[str, Any]]:
    """Return the items of an outline that still count and are not done, in order."""
    return [item for item in items_of(outline) if item["id"] not in done and (item["required"] or not required_only)]


def open_to_her(left: list[dict[str, Any]], waiting: set[str]) -> list[dict[str, Any]]:
    """Return what she can go on with: not what lies with a tutor, unless nothing else is left."""
    return [item for item in left if item["id"] not in waiting] or left


def items_of(outline: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all items of an outline in reading order."""
    return [item for module in outline["modules"] for item in module["items"]]


def keys_of(outline: dict[str, Any]) -> list[str]:
    """Return what can be done in an outline: its items, and its modules (whose tests a tutor passed)."""
    return [*(item["id"] for item in items_of(outline)), *(module["id"] for module in outline["modules"])]


def tests(module: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a module that are tests a tutor marks. An assignment is marked too, but passed by itself."""
    return [item for item in module["items"] if item.get("marked") and item["kind"] != "task"]


def satisfied(outline: dict[str, Any], done: set[str]) -> bool:
    """Say whether the completion rule of an outline is met by these done items."""
    return all(part["met"] for part in checklist(outline, done))


def checklist(outline: dict[str, Any], done: set[str]) -> list[dict[str, Any]]:
    """Return what counts: for each line of the rule its kind, how many there are, how many are done, and whether it is met."""
    found = []
    for rule in outline["completion"]:
        what, _, least = rule.partition(">=")
        kind = what.split(":")[1]
        keys = [i["id"] for i in items_of(outline) if i["required"] and i["kind"] == COUNTED[kind]]
        if kind == "modules":
            keys = [module["id"] for module in outline["modules"] if tests(module)]
        have, need = len([key for key in keys if key in done]), int(least) if least else len(keys)
        judged = any(item.get("marked") for item in items_of(outline) if item["id"] in keys)
        found.append({"rule": rule, "kind": kind, "judged": judged, "done": min(have, need), "of": need, "met": have >= need})
    return found


def behind(*, opens_on: date, due_on: date | None, started_at: datetime | None, last_at: datetime | None, done: int,
           required: int) -> tuple[date | None, str]:
    """Return the day from which she is behind if nothing more happens, and why: "idle", "pace" or "due". None: not started."""
    if started_at is None:
        return None, ""
    last = (last_at or started_at).astimezone(clock.JST).date()
    days = [(last + timedelta(days=IDLE_DAYS), "idle")]
    if due_on:
        share = min(1.0, done / required + PACE_SLACK) if required else 1.0
        on_pace_until = opens_on + timedelta(days=int(share * (due_on - opens_on).days))
        days.append((due_on + timedelta(days=1), "due") if share >= 1 else (on_pace_until + timedelta(days=1), "pace"))
    return min(days)
