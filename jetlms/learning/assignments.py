"""An assignment as its marker reads it: what was asked, what was handed in by paragraphs, files without names. Pure functions."""
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def places(submission: Any) -> set[str]:
    """Return where a comment can stand: segments, parts of a speech, paragraphs of an answer ("q-….2"), files."""
    if submission.kind != "task":
        return set(submission.content)
    return {line["id"] for key, payload in submission.content.items() for line in _lines(key, payload)}


def page(questions: dict[str, Any], submission: Any, lang: str) -> list[dict[str, Any]]:
    """Return the lines of an assignment: {"id", "source": [HTML], "text", "file", "take", "models", "note"}, and "absent" for no answer.

    What was asked stands at the first line of an answer, the model answer at the last. `questions` are those of the release it was made in.
    """
    found: list[dict[str, Any]] = []
    for key, question in questions.items():
        mine = [{"source": [], "note": "", "take": None, "models": []} | line for line in _lines(key, submission.content.get(key, ""))]
        mine = mine or [{"id": key, "text": "", "file": "", "source": [], "note": "", "take": None, "models": [], "absent": True}]
        mine[0]["source"], mine[-1]["note"] = [_said(question["prompt"], lang)], _said(question["explanation"], lang)
        found += mine
    return found


def ending(name: str) -> str:
    """Return the ending of a file's name, without the name: it could say whose it is."""
    return PurePath(name).suffix.lower().lstrip(".")


def at(comments: Iterable[Any], key: str) -> list[Any]:
    """Return the comments at an answer, in the order of its paragraphs."""
    mine = [comment for comment in comments if comment.place.partition(".")[0] == key]
    return sorted(mine, key=lambda comment: (int(comment.place.partition(".")[2] or 0), comment.id))


def _lines(key: str, payload: Any) -> list[dict[str, Any]]:
    if isinstance(payload, dict):
        return [{"id": key, "text": "", "file": ending(payload["name"])}]
    return [{"id": f"{key}.{n}", "text": text, "file": ""} for n, text in enumerate(paragraphs(payload), 1)]


def _said(words: dict[str, str], lang: str) -> str:
    return words.get(lang) or next(iter(words.values()), "")
