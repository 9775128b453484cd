"""What a new state of a course changes for the people in it: compared as data, shown before publishing."""
import hashlib
import json
from typing import Any

from jetlms.learning.source.model import Course


def manifest(course: Course) -> dict[str, Any]:
    """Return what later states are compared with: ids, kinds, whether they count, titles, prose and answer keys as hashes."""
    items: dict[str, Any] = {}
    for module in course.modules:
        for item in module.items:
            questions = {q.id: _hash(q.answer_key()) for text in item.texts.values() for q in text.questions()}
            items[item.id] = {
                "kind": item.kind, "module": module.id, "required": not item.optional, "title": {lang: t.title for lang, t in item.texts.items()},
                "prose": _hash([repr(t.screens) for t in item.texts.values()]), "questions": questions}
    ids = {course.id: "course"} | {m.id: "module" for m in course.modules} | dict.fromkeys(items, "lesson")
    return {"ids": ids | {q: "question" for item in items.values() for q in item["questions"]}, "items": items}


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Return changes as {"change", "item", "title", …}: added, removed, moved, retitled, required, optional, key, prose."""
    before, after, found = old.get("items", {}), new["items"], []
    for key, item in after.items():
        was = before.get(key)
        if was is None:
            found.append({"change": "added" if item["required"] else "added_optional", "item": key, "title": item["title"]})
            continue
        for change, differs in (
            ("moved", was["module"] != item["module"]), ("retitled", was["title"] != item["title"]),
            ("required" if item["required"] else "optional", was["required"] != item["required"]), ("prose", was["prose"] != item["prose"]),
        ):
            if differs:
                found.append({"change": change, "item": key, "title": item["title"]})
        found += [{"change": "key", "item": key, "question": q, "title": item["title"]}
                  for q, digest in item["questions"].items() if was["questions"].get(q, digest) != digest]
    found += [{"change": "removed", "item": key, "title": item["title"]} for key, item in before.items() if key not in after]
    return found


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, default=str).encode()).hexdigest()[:16]
