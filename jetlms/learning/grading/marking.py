"""Marking: right or wrong, how much of it, and why. An answer that is no answer at all (payloads.BadPayload) is never marked."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from jetlms.learning.coursefiles.folding import fold
from jetlms.learning.coursefiles.numbers import number, wanted
from jetlms.learning.grading.arrange import pair_of, pick
from jetlms.learning.grading.payloads import checked

Source = Mapping[str, Any]
Note = dict[str, Any]                  # {"label": {lang: html} or text, "html": {lang: html}, "right": bool | None}
BEST = {"=": 0, "~": 1, "!": 2}
NONE, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Mark:
    """How an answer was marked. `score` 0 to 1; `right` None for what nobody marks by machine (essay, file).

    `payload` is the answer, tidied. `reason` is "short" or "long" for an essay that has not the length asked for, else "".
    """

    score: Fraction
    right: bool | None
    payload: Any
    notes: list[Note] = field(default_factory=list)
    reason: str = ""

    def lines(self, lang: str) -> list[Note]:
        """Return the feedback in one language, the other where it is missing: [{"label", "html", "right"}]."""
        return [{"label": _said(n.get("label"), lang), "html": _said(n.get("html"), lang), "right": n.get("right")} for n in self.notes]


def mark(source: Source, payload: Any) -> Mark:
    """Mark an answer to a prepared question. Raises BadPayload when it has not the shape of its question."""
    return MARKERS[source["type"]](source, checked(source, payload))


def score(questions: Iterable[Mapping[str, Any]], marks: Mapping[str, Mark]) -> Fraction:
    """Return the share of points in a frozen set of questions (arrangements or sources), 0 to 1. What has no mark counts nothing."""
    ids = [question["id"] for question in questions]
    return sum((marks[key].score for key in ids if key in marks), NONE) / len(ids) if ids else NONE


def _said(texts: Any, lang: str) -> str:
    return str(pick(texts, lang)) if isinstance(texts, Mapping) else texts or ""


def _share(good: Iterable[bool]) -> Fraction:
    decisions = list(good)
    return Fraction(sum(decisions), len(decisions))


def _arrow(texts: Mapping[str, str]) -> dict[str, str]:
    """Return plain answers as they are shown behind a wrong one."""
    return {lang: f"→ {escape(text)}" for lang, text in texts.items() if text}


# -- choosing ----------------------------------------------------------------------------------------------------------------------

def _choice(source: Source, payload: str) -> Mark:
    chosen = next(option for option in source["options"] if option["key"] == payload)
    return Mark(Fraction(chosen["right"]), chosen["right"], payload, [{"html": chosen["feedback"], "right": chosen["right"]}])


def _multi(source: Source, payload: list[str]) -> Mark:
    """The score is the share of right decisions; right is only the exact set. No tick at all is no answer."""
    good = {option["key"]: option["right"] == (option["key"] in payload) for option in source["options"]}
    notes = [{"label": option["html"], "html": option["feedback"], "right": good[option["key"]]}
             for option in source["options"] if option["key"] in payload or option["right"]]
    return Mark(_share(good.values()) if payload else NONE, all(good.values()), payload, notes)


# -- typing ------------------------------------------------------------------------------------------------------------------------

def _typed(source: Source, payload: str) -> Mark:
    """An answer of either language counts. One that is right somewhere is right."""
    ways, folded = source["fold"], fold(payload, source["fold"])
    if not folded:
        return Mark(NONE, right=False, payload=payload)
    found = {lang: next((a for a in answers if fold(a["answer"], ways) == folded), None) for lang, answers in source["accepted"].items()}
    return _judged(source, payload, found)


def _number(source: Source, payload: str) -> Mark:
    value = number(payload)
    found = {lang: next((a for a in answers if value is not None and _holds(a["answer"], value)), None)
             for lang, answers in source["accepted"].items()}
    return _judged(source, payload, found)


def _holds(answer: str, value: Decimal) -> bool:
    found = wanted(answer)
    return found is not None and found.holds(value)


def _judged(source: Source, payload: str, found: Mapping[str, Mapping[str, str] | None]) -> Mark:
    """Return the mark of a typed answer, given what each language knows of it. A wrong one is told the first right answer."""
    best = min((a["kind"] for a in found.values() if a), key=BEST.__getitem__, default="")
    right = best in {"=", "~"}
    note = {lang: a["note"] for lang, a in found.items() if a and a["kind"] == best and a["note"]}
    notes: list[Note] = [{"html": note, "right": None if best == "~" else right}] if note else []
    if not right:
        notes.append({"html": _arrow(_models(source)), "right": None})
    return Mark(Fraction(right), right, payload, notes)


def _models(source: Source) -> dict[str, str]:
    return {lang: next((a["answer"].partition("±")[0].strip() for a in answers if a["kind"] == "="), "")
            for lang, answers in source["accepted"].items()}


def _cloze(source: Source, payload: list[str]) -> Mark:
    """Each gap takes an answer of either language. The score is the share of right gaps."""
    ways = source["fold"]
    good = [bool(fold(typed, ways)) and any(fold(typed, ways) == fold(answer, ways) for gaps in source["gaps"].values() for answer in gaps[n])
            for n, typed in enumerate(payload)]
    notes = [{"label": f"{n + 1}", "html": _arrow({lang: gaps[n][0] for lang, gaps in source["gaps"].items()}), "right": False}
             for n, fits in enumerate(good) if not fits]
    return Mark(_share(good), all(good), payload, notes)


# -- placing -----------------------------------------------------------------------------------------------------------------------

def _match(source: Source, payload: dict[str, str]) -> Mark:
    good = {option["key"]: payload.get(option["key"]) == pair_of(option) for option in source["options"]}
    notes = [{"label": option["html"], "html": _arrow(option["partner"]), "right": False}
             for option in source["options"] if not good[option["key"]]]
    return Mark(_share(good.values()), all(good.values()), payload, notes)


def _order(source: Source, payload: list[str]) -> Mark:
    """The score is the share of lines in their right place. When some are not, the right order is told."""
    options = source["options"]
    good = [placed == option["key"] for option, placed in zip(options, payload + [""] * (len(options) - len(payload)), strict=True)]
    notes = [{"label": f"{n}.", "html": option["html"], "right": fits} for n, (option, fits) in enumerate(zip(options, good, strict=True), 1)]
    return Mark(_share(good), all(good), payload, [] if all(good) else notes)


# -- not marked by machine ---------------------------------------------------------------------------------------------------------

def _essay(source: Source, payload: str) -> Mark:
    length = len(payload.strip())
    return Mark(NONE, None, payload, reason="short" if length < source["min"] else "long" if length > source["max"] else "")


def _file(_source: Source, payload: dict[str, str]) -> Mark:
    return Mark(NONE, None, payload)


MARKERS: dict[str, Callable[[Source, Any], Mark]] = {
    "choice": _choice, "truefalse": _choice, "multi": _multi, "text": _typed, "number": _number, "cloze": _cloze, "match": _match,
    "order": _order, "essay": _essay, "file": _file,
}
