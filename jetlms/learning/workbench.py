"""The page of a translation as data: segments with their terms, suggestions and checks; models and differences once committed."""
import difflib
import re
from typing import Any

from markupsafe import Markup, escape

from jetlms.learning.checking import Finding, check

JAPANESE = {"ja", "zh"}                # compared by character; others by word
WORD = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]|\s+")


def page(exercise: dict[str, Any], mine: dict[str, Any], terms: list[dict[str, Any]], suggest: Any, *, returned: bool) -> list[dict[str, Any]]:
    """Return the segments to show. `mine`: rows by segment; `suggest(segment)`: similar ones; `returned`: a test that came back."""
    shown = []
    for segment in exercise["segments"]:
        row = mine.get(segment["id"])
        text = row.text if row else ""
        here = [term for term in terms if term["source"].casefold() in segment["text"].casefold()]
        open_ = row is not None and row.committed_at is not None and (returned or not exercise["test"])
        shown.append({
            "id": segment["id"], "refused": "", "source": underlined(segment["text"], here), "terms": here, "row": row,
            "text": text, "findings": findings(exercise, segment, text, here), "suggestions": [] if row else suggest(segment),
            "models": [{"name": name.upper(), "difference": difference(text, model, exercise["target"])}
                       for name, model in segment["models"].items()] if open_ else [],
            "note": segment["note"] if open_ else "",
        })
    return shown


def findings(exercise: dict[str, Any], segment: dict[str, Any], text: str, terms: list[dict[str, Any]]) -> list[Finding]:
    """Return what to look at again in the translation of a segment."""
    return check(segment["text"], text, exercise["source"], exercise["target"], names=exercise["names"], terms=terms)


def underlined(text: str, terms: list[dict[str, Any]]) -> Markup:
    """Return a source with its terms marked; where one lies in another, the longer wins."""
    taken: list[tuple[int, int]] = []
    low = text.casefold()
    for term in terms:
        place = low.find(term["source"].casefold())
        end = place + len(term["source"])
        if place >= 0 and all(end <= a or place >= b for a, b in taken):
            taken.append((place, end))
    parts, last = [], 0
    for begin, end in sorted(taken):
        parts += [escape(text[last:begin]), Markup('<mark class="has-term">'), escape(text[begin:end]), Markup("</mark>")]
        last = end
    return Markup("").join([*parts, escape(text[last:])])


def difference(mine: str, model: str, lang: str) -> Markup:
    """Return a model in which what differs from mine is marked, by word, or by character where words have no spaces."""
    split = list if lang in JAPANESE else WORD.findall
    mine_parts, model_parts = split(mine), split(model)
    marked = []
    for kind, _a, _b, begin, end in difflib.SequenceMatcher(None, mine_parts, model_parts, autojunk=False).get_opcodes():
        piece = escape("".join(model_parts[begin:end]))
        if piece and kind != "delete":
            marked.append(piece if kind == "equal" else Markup("<ins>{}</ins>").format(piece))
    return Markup("").join(marked)
