"""Questions as they are stored, shown and marked. Pure functions: no database, no clock.

A *source* is a question of a release as JSON, both languages inside, texts rendered (`prepare`). An *arrangement* is its frozen order
for one attempt (`arrange`). A *payload* is what a learner answered:

| type | payload | form fields (q = the question's id) |
|---|---|---|
| choice, truefalse | "b" | q |
| multi | ["a", "c"] | q (several) |
| text, number, essay | "…" | q |
| cloze | ["…", …], one a gap | q.0, q.1, … |
| match | {"a": "c", …} left → right | q.a, q.b, … |
| order | ["c", "a", …] in the learner's order | q.a, q.b, … = place |
| file | {"token", "name"} | put there by the upload |
"""
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jetlms.learning.source.folding import fold, ways_of
from jetlms.learning.source.model import Item, Question

LETTERS = "abcdefghijkl"
LONGEST = {"text": 400, "number": 40, "essay": 20_000, "cloze": 100}
GAP = re.compile(r"\[\[=(.+?)\]\]")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
Render = Callable[[str], str]


class BadPayload(ValueError):
    """The answer has not the shape of its question: a tampered or broken form."""


@dataclass(frozen=True)
class Mark:
    """How an answer was marked. `right` is None for what nobody marks by machine (essay, file)."""

    score: float
    right: bool | None
    payload: Any
    notes: list[dict[str, Any]] = field(default_factory=list)     # {"label": {ja,en}, "html": {ja,en}, "right": bool | None}

    def lines(self, lang: str) -> list[dict[str, Any]]:
        """Return the feedback in one language, the other where it is missing."""
        def pick(texts: Any) -> str:
            return (texts.get(lang) or next(iter(texts.values()), "")) if isinstance(texts, dict) else texts or ""
        return [{"label": pick(n.get("label")), "html": pick(n.get("html")), "right": n.get("right")} for n in self.notes]


# -- from files to a release ---------------------------------------------------------------------------------------------------

def prepare(item: Item, question_id: str, block: Render, inline: Render) -> dict[str, Any]:
    """Return the source of a question of an item: everything rendered, in every language it has."""
    texts = {lang: next(q for q in text.questions() if q.id == question_id) for lang, text in item.texts.items()
             if any(q.id == question_id for q in text.questions())}
    first = next(iter(texts.values()))

    def each(get: Callable[[Question], str], how: Render) -> dict[str, str]:
        return {lang: how(get(q)) if get(q) else "" for lang, q in texts.items()}
    source: dict[str, Any] = {
        "id": first.id, "type": first.type, "use": first.use, "shuffle": first.attrs.get("shuffle") != "no",
        "prompt": each(lambda q: GAP.sub("", q.prompt) if q.type == "cloze" else q.prompt, block) if first.type != "cloze" else {},
        "explanation": each(lambda q: q.explanation, block),
    }
    if first.type in {"choice", "multi", "match", "order"}:
        source["options"] = [{
            "key": LETTERS[n], "right": first.options[n].right, "html": each(lambda q, n=n: q.options[n].text, inline),
            "feedback": each(lambda q, n=n: q.options[n].feedback, inline),
            "partner": {lang: plain(q.options[n].partner) for lang, q in texts.items()},
        } for n in range(len(first.options))]
    if first.type == "truefalse":
        source["options"] = _truth(texts, inline)
    if first.type in {"text", "number"}:
        source["accepted"] = {lang: [{"kind": a.kind, "answer": a.answer, "note": inline(a.note) if a.note else ""} for a in q.accepted]
                              for lang, q in texts.items()}
        source["fold"] = list(ways_of(first.attrs))
    if first.type == "cloze":
        source["gaps"] = {lang: [list(gap) for gap in q.gaps] for lang, q in texts.items()}
        source["parts"] = {lang: _cloze(q.prompt, block) for lang, q in texts.items()}
        source["fold"] = list(ways_of(first.attrs))
    if first.type == "essay":
        source |= {"min": int(first.attrs.get("min", 1)), "max": min(int(first.attrs.get("max", 3000)), LONGEST["essay"])}
    if first.type == "file":
        source["accept"] = first.attrs.get("accept", "pdf,jpg,png").split(",")
    return source


def plain(text: str) -> str:
    """Return Markdown as plain text, for places where HTML cannot stand (an <option>)."""
    text = re.sub(r"\{([^{}|]+)\|[^{}|]+\}", r"\1", text)
    return re.sub(r"\[\[term:[^\]|]+\|?([^\]]*)\]\]", r"\1", re.sub(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))", "", text))


def _truth(texts: dict[str, Question], inline: Render) -> list[dict[str, Any]]:
    words = {"true": {"en": "True", "ja": "正しい"}, "false": {"en": "False", "ja": "正しくない"}}
    notes = {lang: {a.answer: a for a in q.accepted} for lang, q in texts.items()}
    some = next(iter(notes.values()))
    return [{
        "key": word, "right": word in some and some[word].kind == "=", "html": words[word], "partner": {},
        "feedback": {lang: inline(found[word].note) if word in found and found[word].note else "" for lang, found in notes.items()},
    } for word in ("true", "false")]


def _cloze(prompt: str, block: Render) -> list[dict[str, Any]]:
    """Return the rendered prompt cut at its gaps: {"html"} and {"gap", "size"} in turn."""
    sizes = [max(len(a) * (2 if ord(a[0]) > 0x2E80 else 1) for a in found.split("|")) + 2 for found in GAP.findall(prompt)]
    counter = iter(range(len(sizes)))
    html = block(GAP.sub(lambda _m: f"\ue000{next(counter)}\ue001", prompt))
    parts: list[dict[str, Any]] = []
    for piece in re.split("(\ue000\\d+\ue001)", html):
        if piece.startswith("\ue000"):
            gap = int(piece[1:-1])
            parts.append({"gap": gap, "size": min(sizes[gap], 30)})
        elif piece:
            parts.append({"html": piece})
    return parts


# -- one attempt ---------------------------------------------------------------------------------------------------------------

def arrange(source: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return the frozen order of a question for one attempt: {"id", "order", "partners"}."""
    keys = [option["key"] for option in source.get("options", [])]
    partners = list(keys)
    dice = random.Random(f"{seed}:{source['id']}")  # noqa: S311 -- repeatable on purpose
    if source["type"] in {"choice", "multi", "order"} and source["shuffle"]:
        dice.shuffle(keys)
    if source["type"] == "order" and len(keys) > 1 and keys == sorted(keys):
        keys.reverse()                                   # never show the solution
    if source["type"] == "match":
        dice.shuffle(partners)
    return {"id": source["id"], "order": keys, "partners": partners if source["type"] == "match" else []}


def public(source: dict[str, Any], arranged: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return what a page may show before the answer: nothing that gives it away."""
    def pick(texts: dict[str, Any]) -> Any:
        return texts.get(lang) or next(iter(texts.values()), "")
    by_key = {option["key"]: option for option in source.get("options", [])}
    shown: dict[str, Any] = {"id": source["id"], "type": source["type"], "use": source["use"], "prompt": pick(source["prompt"])}
    options = [{"key": key, "html": pick(by_key[key]["html"])} for key in arranged["order"]]
    if source["type"] == "match":
        shown["lefts"] = options
        shown["rights"] = [{"key": key, "text": pick(by_key[key]["partner"])} for key in arranged["partners"]]
    elif options:
        shown["options"] = options
    if source["type"] == "cloze":
        shown["parts"] = pick(source["parts"])
    return shown | {key: source[key] for key in ("min", "max", "accept") if key in source}


def payload_from_form(source: dict[str, Any], form: Any, name: str) -> Any:
    """Return the payload in a form's fields (None when the question is not in it). `form` is a MultiDict."""
    kind = source["type"]
    if kind == "multi":
        return form.getlist(name) if name in form or f"{name}.sent" in form else None
    if kind == "cloze":
        gaps = len(next(iter(source["gaps"].values())))
        return [form.get(f"{name}.{n}", "") for n in range(gaps)] if f"{name}.0" in form else None
    keys = [option["key"] for option in source.get("options", [])]
    if kind == "match":
        found = {key: form[f"{name}.{key}"] for key in keys if form.get(f"{name}.{key}")}
        return found or None
    if kind == "order":
        places = {key: form.get(f"{name}.{key}", "") for key in keys}
        return [key for key, place in sorted(places.items(), key=lambda p: (len(p[1]), p[1])) if place] or None
    return form.get(name)


# -- marking -------------------------------------------------------------------------------------------------------------------

def mark(source: dict[str, Any], payload: Any) -> Mark:
    """Mark an answer. Raises BadPayload when it has not the shape of its question."""
    return MARKERS[source["type"]](source, payload)


def empty(payload: Any) -> bool:
    """Say whether there is nothing in an answer."""
    return payload in (None, "", [], {}) or (isinstance(payload, list) and not any(payload))


def _text(payload: Any, kind: str) -> str:
    if not isinstance(payload, str) or len(payload) > LONGEST[kind] or "\x00" in payload:
        raise BadPayload(kind)
    return payload


def _keys(source: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {option["key"]: option for option in source["options"]}


def _choice(source: dict[str, Any], payload: Any) -> Mark:
    options = _keys(source)
    if not isinstance(payload, str) or payload not in options:
        raise BadPayload("choice")
    chosen = options[payload]
    return Mark(float(chosen["right"]), chosen["right"], payload, [{"html": chosen["feedback"], "right": chosen["right"]}])


def _multi(source: dict[str, Any], payload: Any) -> Mark:
    """The score is the share of right decisions; right is only the exact set."""
    options = _keys(source)
    if not isinstance(payload, list) or not all(isinstance(key, str) and key in options for key in payload):
        raise BadPayload("multi")
    chosen = sorted(set(payload))
    good = [option["right"] == (key in chosen) for key, option in options.items()]
    notes = [{"label": option["html"], "html": option["feedback"], "right": option["right"] == (key in chosen)}
             for key, option in options.items() if key in chosen or option["right"]]
    return Mark(sum(good) / len(good) if chosen else 0.0, all(good), chosen, notes)


def _typed(source: dict[str, Any], payload: Any) -> Mark:
    typed = _text(payload, "text")
    ways = tuple(source["fold"])
    folded = fold(typed, ways)
    if not folded:
        return Mark(0.0, right=False, payload=typed)
    found = {lang: next((a for a in answers if fold(a["answer"], ways) == folded), None) for lang, answers in source["accepted"].items()}
    known = next((a for a in found.values() if a), None)
    right = known is not None and known["kind"] != "!"
    note = {lang: a["note"] for lang, a in found.items() if a and a["note"]}
    notes = [{"html": note, "right": None if known and known["kind"] == "~" else right}] if note else []
    if not right:
        model = {lang: next((a["answer"] for a in answers if a["kind"] == "="), "") for lang, answers in source["accepted"].items()}
        notes.append({"html": {lang: f"→ {_escape(text)}" for lang, text in model.items()}, "right": None})
    return Mark(float(right), right, typed, notes)


def number(text: str) -> float | None:
    """Return a typed number: full width, thousands separators and a unit behind it are understood; None when it is none."""
    tidy = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace("−", "-").replace(" ", "")
    found = re.match(r"^[+-]?\d{1,15}(\.\d{1,9})?", tidy)
    rest = tidy[found.end():] if found else ""
    return float(found[0]) if found and NUMBER.match(found[0]) and len(rest) <= 8 and not any(c.isdigit() for c in rest) else None  # noqa: PLR2004


def _number(source: dict[str, Any], payload: Any) -> Mark:
    typed = _text(payload, "number")
    value, answers = number(typed), next(iter(source["accepted"].values()))
    known = next((n for n, a in enumerate(answers) if value is not None and _near(value, a["answer"])), None)
    right = known is not None and answers[known]["kind"] != "!"
    note = {lang: all_[known]["note"] for lang, all_ in source["accepted"].items() if all_[known]["note"]} if known is not None else {}
    notes = [{"html": note, "right": right}] if note else []
    if not right:
        wanted = next(a["answer"] for a in answers if a["kind"] == "=")
        notes.append({"html": f"→ {_escape(wanted.split(' ±')[0])}", "right": None})
    return Mark(float(right), right, typed, notes)


def _near(value: float, wanted: str) -> bool:
    middle, _, width = wanted.partition(" ± ")
    return abs(value - float(middle)) <= float(width or 0) + 1e-9


def _cloze_mark(source: dict[str, Any], payload: Any) -> Mark:
    every = list(source["gaps"].values())
    if not isinstance(payload, list) or len(payload) != len(every[0]):
        raise BadPayload("cloze")
    ways, notes, good = tuple(source["fold"]), [], []
    for n, typed in enumerate(payload):
        fits = any(fold(_text(typed, "cloze"), ways) == fold(answer, ways) for gaps in every for answer in gaps[n]) and bool(typed.strip())
        good.append(fits)
        if not fits:
            notes.append({"label": f"{n + 1}", "html": f"→ {_escape(every[0][n][0])}", "right": False})
    return Mark(sum(good) / len(good), all(good), payload, notes)


def _match(source: dict[str, Any], payload: Any) -> Mark:
    options = _keys(source)
    if not isinstance(payload, dict) or not set(payload) <= set(options) or not set(payload.values()) <= set(options):
        raise BadPayload("match")
    good = {key: payload.get(key) == key for key in options}
    notes = [{"label": option["html"], "html": {lang: f"→ {_escape(text)}" for lang, text in option["partner"].items()}, "right": False}
             for key, option in options.items() if not good[key]]
    return Mark(sum(good.values()) / len(good), all(good.values()), payload, notes)


def _order(source: dict[str, Any], payload: Any) -> Mark:
    """The score is the share of lines in their right place."""
    options = list(_keys(source))
    if not isinstance(payload, list) or len(payload) != len(set(payload)) or not set(payload) <= set(options):
        raise BadPayload("order")
    good = [n < len(payload) and payload[n] == key for n, key in enumerate(options)]
    by_key = _keys(source)
    notes = [] if all(good) else [{"label": f"{n + 1}.", "html": by_key[key]["html"], "right": good[n]} for n, key in enumerate(options)]
    return Mark(sum(good) / len(good), all(good), payload, notes)


def _essay(_source: dict[str, Any], payload: Any) -> Mark:
    return Mark(0.0, None, _text(payload, "essay"))


def _file(_source: dict[str, Any], payload: Any) -> Mark:
    if not isinstance(payload, dict) or set(payload) != {"token", "name"} or not all(isinstance(v, str) for v in payload.values()):
        raise BadPayload("file")
    return Mark(0.0, None, payload)


def _escape(text: str) -> str:
    from html import escape

    return escape(text)


MARKERS: dict[str, Callable[[dict[str, Any], Any], Mark]] = {
    "choice": _choice, "truefalse": _choice, "multi": _multi, "text": _typed, "number": _number, "cloze": _cloze_mark, "match": _match,
    "order": _order, "essay": _essay, "file": _file,
}
