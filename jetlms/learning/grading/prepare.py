"""From files to a release: the source of a question, everything rendered, in every language it has."""
import random
import re
from collections.abc import Callable
from typing import Any

from jetlms.learning.coursefiles.folding import ways_of
from jetlms.learning.coursefiles.model import Item
from jetlms.learning.coursefiles.questions import GAP
from jetlms.learning.coursefiles.texts import Question

LETTERS = "abcdefghijkl"
LONGEST_ESSAY = 20_000                 # characters
ORDINARY_ESSAY = 3_000
GAP_SIZES = (10, 20, 30)               # characters an input is wide: few, so that the width does not tell the word
WIDE = "\u2e80"                        # from here on a character is as wide as two
TRUTH = {"true": {"en": "True", "ja": "正しい"}, "false": {"en": "False", "ja": "正しくない"}}
Render = Callable[[str, str], str]     # (Markdown, language) → safe HTML
Source = dict[str, Any]
Texts = dict[str, Question]            # the same question by language


def prepare(item: Item, question_id: str, block: Render, inline: Render) -> Source:
    """Return the source of a question of an item that the linter found without errors. Raises LookupError if it has no such question.

    {"id", "type", "use", "shuffle", "prompt": {lang: html}, "explanation": {lang: html}} and, by type: "options": [{"key", "right",
    "html": {lang}, "feedback": {lang}, "partner": {lang: plain text}, "pair": key of the right-hand side}], in the file's order;
    "accepted": {lang: [{"kind", "answer", "note"}]}; "gaps": {lang: [[answers]]} and "parts": {lang: [{"html"} | {"gap", "size"}]};
    "fold": [ways]; "min", "max"; "accept": [suffixes].
    """
    texts = {lang: q for lang, text in item.texts.items() for q in text.questions() if q.id == question_id}
    if not texts:
        raise LookupError(question_id)
    first = next(iter(texts.values()))
    source: Source = {
        "id": first.id, "type": first.type, "use": first.use, "shuffle": first.attrs.get("shuffle") != "no",
        "prompt": {} if first.type == "cloze" else _each(texts, lambda q: q.prompt, block),
        "explanation": _each(texts, lambda q: q.explanation, block),
    }
    return source | PARTS[first.type](texts, block, inline)


def plain(text: str) -> str:
    """Return Markdown as plain text, for places where HTML cannot stand (an <option>)."""
    text = re.sub(r"\{([^{}|]+)\|[^{}|]+\}", r"\1", text)
    text = re.sub(r"\[\[term:(?:[^\]|]+\|)?([^\]]*)\]\]", r"\1", text)
    text = re.sub(r"!?\[([^\[\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))", "", text)


def mixed_keys(question_id: str, count: int, salt: str = "") -> list[str]:
    """Return keys that do not tell the order of the file, yet stay the same from release to release."""
    return random.Random(f"{salt}{question_id}").sample(LETTERS[:count], count)  # noqa: S311 -- repeatable on purpose


def _each(texts: Texts, get: Callable[[Question], str], how: Render) -> dict[str, str]:
    return {lang: how(get(q), lang) if get(q) else "" for lang, q in texts.items()}


def _options(texts: Texts, _block: Render, inline: Render) -> Source:
    first = next(iter(texts.values()))
    count = len(first.options)
    keys = mixed_keys(first.id, count) if first.type in {"match", "order"} else list(LETTERS[:count])
    pairs = mixed_keys(first.id, count, "right:")
    return {"options": [_option(texts, n, keys[n], pairs[n], inline) for n in range(count)]}


def _option(texts: Texts, n: int, key: str, pair: str, inline: Render) -> Source:
    first = next(iter(texts.values()))
    return {
        "key": key, "right": first.options[n].right, "html": _each(texts, lambda q: q.options[n].text, inline),
        "feedback": _each(texts, lambda q: q.options[n].feedback, inline),
    } | ({"partner": {lang: plain(q.options[n].partner) for lang, q in texts.items()}, "pair": pair} if first.type == "match" else {})


def _truth(texts: Texts, _block: Render, inline: Render) -> Source:
    notes = {lang: {a.answer: a for a in q.accepted} for lang, q in texts.items()}
    some = next(iter(notes.values()))
    return {"options": [{
        "key": word, "right": word in some and some[word].kind == "=", "html": html,
        "feedback": {lang: inline(found[word].note, lang) if word in found and found[word].note else "" for lang, found in notes.items()},
    } for word, html in TRUTH.items()]}


def _typed(texts: Texts, _block: Render, inline: Render) -> Source:
    accepted = {lang: [{"kind": a.kind, "answer": a.answer, "note": inline(a.note, lang) if a.note else ""} for a in q.accepted]
                for lang, q in texts.items()}
    return {"accepted": accepted, "fold": list(ways_of(next(iter(texts.values())).attrs))}


def _cloze(texts: Texts, block: Render, _inline: Render) -> Source:
    return {"gaps": {lang: [list(gap) for gap in q.gaps] for lang, q in texts.items()},
            "parts": {lang: cut(q.prompt, lang, block) for lang, q in texts.items()}, "fold": list(ways_of(next(iter(texts.values())).attrs))}


def cut(prompt: str, lang: str, block: Render) -> list[dict[str, Any]]:
    """Return the rendered prompt cut at its gaps: {"html"} and {"gap", "size"} in turn."""
    sizes = [_size(found.split("|")) for found in GAP.findall(prompt)]
    counter = iter(range(len(sizes)))
    html = block(GAP.sub(lambda _m: f"\ue000{next(counter)}\ue001", prompt), lang)
    parts: list[dict[str, Any]] = []
    for piece in re.split("(\ue000\\d+\ue001)", html):
        if piece.startswith("\ue000"):
            gap = int(piece[1:-1])
            parts.append({"gap": gap, "size": sizes[gap]})
        elif piece:
            parts.append({"html": piece})
    return parts


def _size(answers: list[str]) -> int:
    width = max(sum(2 if c >= WIDE else 1 for c in answer) for answer in answers)
    return next((size for size in GAP_SIZES if width + 2 <= size), GAP_SIZES[-1])


def _essay(texts: Texts, _block: Render, _inline: Render) -> Source:
    attrs = next(iter(texts.values())).attrs
    return {"min": int(attrs.get("min", 1)), "max": min(int(attrs.get("max", ORDINARY_ESSAY)), LONGEST_ESSAY)}


def _file(texts: Texts, _block: Render, _inline: Render) -> Source:
    return {"accept": next(iter(texts.values())).attrs.get("accept", "pdf,jpg,png").split(",")}


PARTS: dict[str, Callable[[Texts, Render, Render], Source]] = {
    "choice": _options, "multi": _options, "match": _options, "order": _options, "truefalse": _truth, "text": _typed, "number": _typed,
    "cloze": _cloze, "essay": _essay, "file": _file,
}
