"""What a new state of a course changes for the people in it: compared as data, shown before publishing."""
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from jetlms.learning.coursefiles.model import Course, Item
from jetlms.learning.coursefiles.texts import Exercise, Media, Part, Question, Text

Manifest = dict[str, Any]
Difference = dict[str, Any]


def manifest(course: Course) -> Manifest:
    """Return what later states are compared with, as JSON.

    {"ids": {id: "course" | "module" | "lesson" (any item) | "question"},
     "modules": [{"id", "title": {en, ja}, "use": [item ids of other courses]}],
     "items": {id: {"kind": model.KINDS, "module", "required", "minutes", "title": {en, ja}, "replaces": [ids],
                    "prose": {lang: hash}, "questions": {id: hash of its answer key}}}}, items and modules in their order.
    """
    items = {item.id: _item(course, item, module.id) for module in course.modules for item in module.items}
    ids = {course.id: "course"} | {module.id: "module" for module in course.modules} | dict.fromkeys(items, "lesson")
    return {
        "ids": ids | {q: "question" for item in items.values() for q in item["questions"]},
        "modules": [{"id": module.id, "title": module.title, "use": list(module.use)} for module in course.modules], "items": items,
    }


def _item(course: Course, item: Item, module_id: str) -> dict[str, Any]:
    keys: dict[str, dict[str, Any]] = {}
    pool: dict[str, list[Any]] = {}
    for holder in course.holders(item):
        for lang, text in sorted(holder.texts.items()):
            for q in text.questions():
                keys.setdefault(q.id, {})[lang] = q.answer_key()
            if holder is not item:
                pool[lang] = [item.draw, _words(text)]
    return {
        "kind": item.kind, "module": module_id, "required": not item.optional, "replaces": list(item.replaces),
        "minutes": max(text.minutes for text in item.texts.values()), "title": {lang: text.title for lang, text in item.texts.items()},
        "prose": {lang: _hash(_words(text) + _segments(item.exercise, text) + pool.get(lang, [])) for lang, text in sorted(item.texts.items())},
        "questions": {key: _hash(answers) for key, answers in keys.items()},
    }


def _words(text: Text) -> list[list[Any]]:
    """Return what is read in a text, apart from where it stands in the file."""
    return [[_part(part) for part in screen] for screen in text.screens]


def _segments(exercise: Exercise | None, text: Text) -> list[Any]:
    """Return what is read in an exercise besides its brief."""
    if exercise is None:
        return []
    scripts = [exercise.source] if exercise.source else []
    return [*([script.lang, script.by_id()] for script in (*scripts, *exercise.references.values())),
            dict(text.notes), exercise.mode, exercise.test, *exercise.chunks]


def _part(part: Part) -> list[str]:
    if isinstance(part, Question):
        return [part.id, *part.prose()]
    return [part.kind, part.src, part.title] if isinstance(part, Media) else [part]


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


# -- comparing ---------------------------------------------------------------------------------------------------------------------

def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two manifests (`old` {}: there was none), each as {"change", "item", "title": {en, ja}, …}.

    | change | item | more |
    |---|---|---|
    | added, added_optional | new item, required or not | |
    | used, no_longer_used | item of another course | "module" |
    | removed | item that is gone | "replaced_by" (an id, or "") |
    | required, optional | item that did not count before, or no longer does | |
    | kind | item that was another kind of thing (the linter refuses it) | "was" |
    | moved | item or module that stands elsewhere | "module" (of items) |
    | retitled | item or module | "was": {en, ja} |
    | key | item of a question whose right answers changed | "question" |
    | questions | item with other questions | "added": [ids], "removed": [ids] |
    | prose | item whose words changed | "langs" |
    """
    return [*_modules(old, new), *_items(old, new), *_uses(old, new)]


def _items(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = old.get("items", {}), new["items"]
    elsewhere = _moved(before, after)
    for key, item in after.items():
        if key not in before:
            yield {"change": "added" if item["required"] else "added_optional", "item": key, "title": item["title"]}
        else:
            yield from ({"item": key, "title": item["title"]} | found for found in _changes(before[key], item, moved=key in elsewhere))
    heirs = {gone: key for key, item in after.items() for gone in item.get("replaces", ())}
    yield from ({"change": "removed", "item": key, "title": item["title"], "replaced_by": heirs.get(key, "")}
                for key, item in before.items() if key not in after)


def _changes(was: Mapping[str, Any], item: Mapping[str, Any], *, moved: bool) -> Iterator[Difference]:
    """Yield what changed within one item."""
    if was["kind"] != item["kind"]:
        yield {"change": "kind", "was": was["kind"]}
    if moved:
        yield {"change": "moved", "module": item["module"]}
    if was["title"] != item["title"]:
        yield {"change": "retitled", "was": was["title"]}
    if was["required"] != item["required"]:
        yield {"change": "required" if item["required"] else "optional"}
    yield from _question_changes(was["questions"], item["questions"])
    if was["prose"] != item["prose"]:
        read = was["prose"] if isinstance(was["prose"], dict) else {}
        yield {"change": "prose", "langs": [lang for lang, digest in item["prose"].items() if read.get(lang) != digest]}


def _question_changes(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    yield from ({"change": "key", "question": q} for q, digest in now.items() if was.get(q, digest) != digest)
    added, removed = [q for q in now if q not in was], [q for q in was if q not in now]
    if added or removed:
        yield {"change": "questions", "added": added, "removed": removed}


def _modules(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before = {module["id"]: module for module in old.get("modules", ())}
    after = {module["id"]: module for module in new["modules"]}
    elsewhere = _out_of_order(before, after)
    for key, module in after.items():
        if key in before and module["title"] != before[key]["title"]:
            yield {"change": "retitled", "item": key, "title": module["title"], "was": before[key]["title"]}
        if key in elsewhere:
            yield {"change": "moved", "item": key, "title": module["title"]}


def _uses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = ({key: module["id"] for module in side.get("modules", ()) for key in module["use"]} for side in (old, new))
    for change, here, there in (("used", after, before), ("no_longer_used", before, after)):
        yield from ({"change": change, "item": key, "title": {}, "module": module} for key, module in here.items() if key not in there)


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the items in another module than before, and those that changed places within theirs."""
    moved = {key for key, item in after.items() if key in before and before[key]["module"] != item["module"]}
    for module in {item["module"] for item in after.values()}:
        moved |= _out_of_order(*([key for key, item in side.items() if item["module"] == module] for side in (before, after)))
    return moved


def _out_of_order(before: Iterable[str], after: Iterable[str]) -> set[str]:
    """Return what is in both lists but not in the same order: as few as explain it."""
    old, new = list(before), list(after)
    old, new = [key for key in old if key in new], [key for key in new if key in old]
    kept = {new[n] for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks() for n in range(block.b, block.b + block.size)}
    return set(new) - kept
