"""What a release says of itself besides its texts: modules and items, what counts, windows, for whom (Release.outline). Pure."""
from typing import Any

from jetlms.learning.coursefiles.model import Course as Source
from jetlms.learning.coursefiles.model import Item
from jetlms.learning.coursefiles.texts import LANGS


def outline_of(source: Source, foreign: dict[str, tuple[Item, Source]], before: set[str] | None) -> dict[str, Any]:
    """Return Release.outline."""
    modules: list[dict[str, Any]] = []
    for module in source.modules:
        own, used = [(item, source) for item in module.items], [foreign[key] for key in module.use]
        items = [*(pair for pair in own if pair[0].kind != "task"), *used, *(pair for pair in own if pair[0].kind == "task")]
        modules.append({"id": module.id, "title": module.title, "goal": module.goal,
                        "items": [_line(item, home, new=before is not None and item.id not in before, marked=source.is_marked(item))
                                  for item, home in items]})
    settings = source.settings
    minutes = sum(item["minutes"] for module in modules for item in module["items"] if item["required"])
    return {
        "modules": modules, "minutes": minutes, "mastery": {"pass_percent": 80, "attempts": 3, "wait_hours": 24} | settings.get("mastery", {}),
        "completion": settings["completion"]["require"], "schedule": {"window_days": 365} | settings.get("schedule", {}),
        "audience": settings.get("audience", {}), "certificate": settings.get("certificate"),
        "marking": {"pass_percent": 60, "days": 14} | settings["marking"] if "marking" in settings else None,
        "level": {"change_days": 30} | settings["level"] | {"placement": bank_key(source.placement)} if "level" in settings else None,
        "admission": {"questions": 20, "minutes": 30} | settings["admission"] | {"bank": bank_key(settings["admission"].get("bank", ""))}
        if "admission" in settings else None,
        "langs": settings.get("langs", list(LANGS)),
        "base_lang": settings.get("base_lang", "en"),
        "replaced": {old: item.id for module in source.modules for item in module.items for old in item.replaces},
    }


def bank_key(name: str) -> str:
    """Return the key under which a release keeps the questions of a bank that is asked by itself; "" for no bank."""
    return f"bank:{name}" if name else ""


def _line(item: Item, home: Source, *, new: bool, marked: bool) -> dict[str, Any]:
    texts = item.texts
    some = next(iter(texts.values()))
    counted = [q for q in some.questions() if q.use != "pre"]
    return {
        "id": item.id, "kind": item.kind, "title": {lang: text.title for lang, text in texts.items()},
        "minutes": max(text.minutes for text in texts.values()), "required": not item.optional, "screens": len(some.screens),
        "questions": len(counted) + item.draw, "required_questions": len([q for q in counted if q.type != "file"]) + item.draw,
        "draw": item.draw, "new": new, "marked": marked,
        "segments": len(item.exercise.source.segments) if item.exercise and item.exercise.source else 0,
        "file": str(item.first.path.relative_to(home.folder.parent)).partition(f".{item.first.lang}.")[0],
    }
