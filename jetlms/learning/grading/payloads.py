"""What a learner answered: read from a form, and refused when it has not the shape of its question."""
from collections.abc import Callable, Mapping
from typing import Any

from jetlms.learning.grading.arrange import pair_of
from jetlms.learning.grading.prepare import LONGEST_ESSAY

LONGEST = {"text": 400, "number": 40, "essay": LONGEST_ESSAY, "cloze": 100, "file": 300}
Source = Mapping[str, Any]


class BadPayload(ValueError):
    """The answer has not the shape of its question: a tampered or broken form.

    `reason`: "shape" (another type of value), "key" (an option that does not exist, or twice the same), "count" (too many, too few),
    "long", "characters" (such as NUL). str() is "type.reason".
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}.{reason}")
        self.kind, self.reason = kind, reason


def payload_from_form(source: Source, form: Any, name: str) -> Any:
    """Return the payload in a form's fields, None when the question is not in it. `form` is a MultiDict. Raises BadPayload."""
    return READERS.get(source["type"], _one)(source, form, name)


def empty(payload: Any) -> bool:
    """Say whether there is nothing in an answer."""
    if isinstance(payload, str):
        return not payload.strip()
    if isinstance(payload, list | dict):
        return all(empty(part) for part in (payload.values() if isinstance(payload, dict) else payload))
    return payload is None


def checked(source: Source, payload: Any) -> Any:
    """Return an answer tidied, in the shape of its question (grading's table). Raises BadPayload."""
    return CHECKS[source["type"]](source, payload)


# -- from a form -------------------------------------------------------------------------------------------------------------------

def _one(_source: Source, form: Any, name: str) -> Any:
    return form.get(name)


def _none(_source: Source, _form: Any, _name: str) -> None:
    """A file is put there by its upload: text in its field is a tampered form."""


def _several(_source: Source, form: Any, name: str) -> Any:
    return form.getlist(name) if name in form or f"{name}.sent" in form else None


def _gaps(source: Source, form: Any, name: str) -> Any:
    names = [f"{name}.{n}" for n in range(gap_count(source))]
    return [form.get(field, "") for field in names] if any(field in form for field in names) else None


def _pairs(source: Source, form: Any, name: str) -> Any:
    names = {option["key"]: f"{name}.{option['key']}" for option in source["options"]}
    found = {key: form.get(field) for key, field in names.items() if field in form}
    return {key: value for key, value in found.items() if value} if found else None


def _places(source: Source, form: Any, name: str) -> Any:
    """Return the line in each place. Lines that share a place are in none: else giving all the same place would keep the file's order."""
    keys = [option["key"] for option in source["options"]]
    found = {key: form[f"{name}.{key}"] for key in keys if f"{name}.{key}" in form}
    if not found:
        return None
    claims: dict[str, list[str]] = {str(n): [] for n in range(1, len(keys) + 1)}
    for key, place in found.items():
        if place and place not in claims:
            raise BadPayload("order", "key")
        if place:
            claims[place].append(key)
    return [claimed[0] if len(claimed) == 1 else "" for claimed in claims.values()]


READERS: dict[str, Callable[[Source, Any, str], Any]] = {"file": _none, "multi": _several, "cloze": _gaps, "match": _pairs, "order": _places}


# -- the shape ---------------------------------------------------------------------------------------------------------------------

def gap_count(source: Source) -> int:
    """Return how many gaps a cloze question has."""
    return len(next(iter(source["gaps"].values())))


def _text(payload: Any, kind: str) -> str:
    """Return a typed text with plain line ends. Raises BadPayload for what no keyboard gives and no database takes."""
    if not isinstance(payload, str):
        raise BadPayload(kind, "shape")
    text = payload.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST[kind]:
        raise BadPayload(kind, "long")
    if any((c < " " and c not in "\t\n") or "\ud800" <= c <= "\udfff" for c in text):
        raise BadPayload(kind, "characters")
    return text


def _typed(source: Source, payload: Any) -> str:
    return _text(payload, source["type"])


def _key(payload: Any, keys: Any, kind: str) -> str:
    if not isinstance(payload, str):
        raise BadPayload(kind, "shape")
    if payload not in keys:
        raise BadPayload(kind, "key")
    return payload


def _choice(source: Source, payload: Any) -> str:
    return _key(payload, {option["key"] for option in source["options"]}, source["type"])


def _multi(source: Source, payload: Any) -> list[str]:
    keys = [option["key"] for option in source["options"]]
    chosen = {_key(key, keys, "multi") for key in _list(payload, "multi", len(keys))}
    return [key for key in keys if key in chosen]


def _cloze(source: Source, payload: Any) -> list[str]:
    count = gap_count(source)
    typed = [_text(part, "cloze") for part in _list(payload, "cloze", count)]
    if len(typed) != count:
        raise BadPayload("cloze", "count")
    return typed


def _match(source: Source, payload: Any) -> dict[str, str]:
    lefts, rights = [option["key"] for option in source["options"]], [pair_of(option) for option in source["options"]]
    if not isinstance(payload, dict):
        raise BadPayload("match", "shape")
    if len(payload) > len(lefts):
        raise BadPayload("match", "count")
    return {_key(left, lefts, "match"): _key(right, rights, "match") for left, right in payload.items() if right != ""}


def _order(source: Source, payload: Any) -> list[str]:
    keys = [option["key"] for option in source["options"]]
    placed = [_key(key, [*keys, ""], "order") for key in _list(payload, "order", len(keys))]
    there = [key for key in placed if key]
    if len(set(there)) != len(there):
        raise BadPayload("order", "key")
    return placed


def _list(payload: Any, kind: str, most: int) -> list[Any]:
    if not isinstance(payload, list):
        raise BadPayload(kind, "shape")
    if len(payload) > most:
        raise BadPayload(kind, "count")
    return payload


def _file(_source: Source, payload: Any) -> dict[str, str]:
    if not isinstance(payload, dict) or set(payload) != {"token", "name"}:
        raise BadPayload("file", "shape")
    return {key: _text(payload[key], "file") for key in ("token", "name")}


CHECKS: dict[str, Callable[[Source, Any], Any]] = {
    "choice": _choice, "truefalse": _choice, "multi": _multi, "text": _typed, "number": _typed, "cloze": _cloze, "match": _match,
    "order": _order, "essay": _typed, "file": _file,
}
