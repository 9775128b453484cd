"""Releases are immutable, so what was read of them once may be kept in the process: outlines, rendered texts, frozen questions."""
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from jetlms.core.db import db
from jetlms.learning.models import LessonText, Release


def _database() -> str:
    """Return which database's releases are meant: its name, which costs nothing to ask (an address is put together anew each time)."""
    return db.engine.url.database or ""


def outline(release_id: int) -> dict[str, Any]:
    """Return the outline of a release (Release.outline). Raises LookupError. Do not change it: it is shared."""
    return _outline(_database(), release_id)


@lru_cache(maxsize=64)
def _outline(_database: str, release_id: int) -> dict[str, Any]:
    found = db.session.scalar(select(Release.outline).where(Release.id == release_id))
    if found is None:
        raise LookupError(release_id)
    for module in found["modules"]:
        for item in module["items"]:
            item["module"] = module["id"]
    return found


def item_of(release_id: int, item_key: str) -> dict[str, Any] | None:
    """Return one item of an outline (what was merged into another is that other), or None."""
    items = _items(_database(), release_id)
    return items.get(item_key) or items.get(outline(release_id)["replaced"].get(item_key, ""))


@lru_cache(maxsize=64)
def _items(_database: str, release_id: int) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for module in outline(release_id)["modules"] for item in module["items"]}


def text(release_id: int, item_key: str, lang: str) -> dict[str, Any] | None:
    """Return title, screens, questions and language of an item's text: in `lang`, or in the other language. Shared: do not change."""
    return _text(_database(), release_id, item_key, lang)


@lru_cache(maxsize=256)
def _text(_database: str, release_id: int, item_key: str, lang: str) -> dict[str, Any] | None:
    columns = (LessonText.lang, LessonText.title, LessonText.minutes, LessonText.screens, LessonText.questions, LessonText.exercise)
    rows = db.session.execute(select(*columns).where(
        LessonText.release_id == release_id, LessonText.item_key == item_key)).all()
    row = next((r for r in rows if r.lang == lang), rows[0] if rows else None)
    return None if row is None else dict(row._mapping)  # noqa: SLF001 -- the public name of it
