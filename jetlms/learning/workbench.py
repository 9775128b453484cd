"""The page of a translation as data: segments with suggestions and checks; models and what differs from them once they are open."""
import difflib
import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from jetlms.learning.checking import Finding, check
from jetlms.learning.coursefiles.wording import UNSPACED

WORD = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]|\s+")
Suggest = Callable[[dict[str, Any]], list[dict[str, Any]]]


def page(exercise: dict[str, Any], mine: dict[str, Any], suggest: Suggest, *, opened: bool) -> list[dict[str, Any]]:
    """Return the segments to show. `mine`: her rows by segment; `suggest(segment)`: what she wrote before for one like it."""
    return [_segment(exercise, segment, mine.get(segment["id"]), suggest, opened=opened) for segment in exercise["segments"]]


def _segment(exercise: dict[str, Any], segment: dict[str, Any], row: Any, suggest: Suggest, *, opened: bool) -> dict[str, Any]:
    text = row.text if row else ""
    # Her own commits first: models open after them, those of a test when it has been returned (or handed in, where no tutor marks).
    open_ = row is not None and row.committed_at is not None and (opened or not exercise["test"])
    return {
        "id": segment["id"], "source": segment["html"], "terms": segment["terms"], "row": row, "text": text,
        "findings": findings(exercise, segment, text), "suggestions": [] if row else suggest(segment),
        "models": [{"name": name.upper(), "difference": difference(text, model, exercise["target"])}
                   for name, model in segment["models"].items()] if open_ else [],
        "note": segment["note"] if open_ else "", "refused": "", "refused_rating": "",
    }


def marked_page(exercise: dict[str, Any], submission: Any) -> list[dict[str, Any]]:
    """Return a test as its marker reads it: source, what was handed in, models with what differs, notes; takes of a speech."""
    if not submission.spoken:
        return [{"id": s["id"], "source": [s["html"]], "text": submission.content.get(s["id"], ""), "note": s["note"], "take": None,
                 "models": [{"name": name.upper(), "text": difference(submission.content.get(s["id"], ""), model, exercise["target"])}
                            for name, model in s["models"].items()]} for s in exercise["segments"]]
    segments = {s["id"]: s for s in exercise["segments"]}
    return [{"id": part["id"], "source": [segments[key]["html"] for key in part["segments"]], "text": "", "take": submission.content.get(part["id"]),
             "note": "".join(segments[key]["note"] for key in part["segments"]),
             "models": [{"name": name.upper(), "text": " ".join(segments[key]["models"][name] for key in part["segments"])}
                        for name in segments[part["id"]]["models"]]} for part in exercise["parts"]]


def findings(exercise: dict[str, Any], segment: dict[str, Any], text: str) -> list[Finding]:
    """Return what to look at again in the translation of a segment."""
    return check(segment["text"], text, exercise["source"], exercise["target"], names=exercise["names"], terms=segment["terms"])


def difference(mine: str, model: str, lang: str) -> Markup:
    """Return a model in which what differs from mine is marked, by word, or by character where words have no spaces."""
    split = list if lang in UNSPACED else WORD.findall
    mine_parts, model_parts = split(mine), split(model)
    marked = []
    for kind, _a, _b, begin, end in difflib.SequenceMatcher(None, mine_parts, model_parts, autojunk=False).get_opcodes():
        piece = escape("".join(model_parts[begin:end]))
        if piece:
            marked.append(piece if kind == "equal" else Markup("<ins>{}</ins>").format(piece))
    return Markup("").join(marked)
