"""One attempt: the frozen order of a question, and what its page may show before the answer."""
import random
from collections.abc import Mapping
from typing import Any

SHUFFLED = frozenset({"choice", "multi", "order"})


def drawn(questions: Mapping[str, Mapping[str, Any]], seed: int, draw: int) -> list[Mapping[str, Any]]:
    """Return the questions of one attempt: the quiz's own in their order, then `draw` of its pool as the attempt's seed draws them."""
    own = [question for question in questions.values() if not question.get("pooled")]
    pool = [question for question in questions.values() if question.get("pooled")]
    return own + random.Random(f"{seed}:pool").sample(pool, min(draw, len(pool)))  # noqa: S311 -- repeatable on purpose


def arrange(source: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return the frozen order of a question for one attempt: {"id", "order": [keys], "partners": [keys of right-hand sides]}."""
    options = source.get("options", [])
    right_order = [option["key"] for option in options]
    keys, partners = list(right_order), [pair_of(option) for option in options] if source["type"] == "match" else []
    dice = random.Random(f"{seed}:{source['id']}")  # noqa: S311 -- repeatable on purpose
    if source["type"] in SHUFFLED and source["shuffle"]:
        dice.shuffle(keys)
    if source["type"] == "order" and len(keys) > 1 and keys == right_order:
        keys.reverse()                                   # never show the solution
    dice.shuffle(partners)
    return {"id": source["id"], "order": keys, "partners": partners}


def pair_of(option: Mapping[str, Any]) -> str:
    """Return the key of the right-hand side that belongs to an option of a match question."""
    return str(option.get("pair", option["key"]))


def public(source: Mapping[str, Any], arranged: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return what a page may show before the answer, in one language: nothing that gives the answer away.

    {"id", "type", "use", "prompt"} and, by type: "options": [{"key", "html"}]; "lefts": [{"key", "html"}] and "rights": [{"key",
    "text"}]; "parts"; "min", "max"; "accept".
    """
    by_key = {option["key"]: option for option in source.get("options", [])}
    shown: dict[str, Any] = {"id": source["id"], "type": source["type"], "use": source["use"], "prompt": pick(source["prompt"], lang)}
    options = [{"key": key, "html": pick(by_key[key]["html"], lang)} for key in arranged["order"]]
    if source["type"] == "match":
        partners = {pair_of(option): option["partner"] for option in by_key.values()}
        shown |= {"lefts": options, "rights": [{"key": key, "text": pick(partners[key], lang)} for key in arranged["partners"]]}
    elif options:
        shown["options"] = options
    if source["type"] == "cloze":
        shown["parts"] = pick(source["parts"], lang)
    return shown | {key: source[key] for key in ("min", "max", "accept") if key in source}


def pick(texts: Mapping[str, Any], lang: str) -> Any:
    """Return a text in a language, in the other where it is missing, "" where there is none."""
    return texts.get(lang) or next((text for text in texts.values() if text), "")
