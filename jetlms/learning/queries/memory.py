"""What the page of a translation memory asks: its directions, its imports, a window of units."""
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from jetlms.core.db import rows
from jetlms.learning.models import MemoryUnit

PAGE = 50
COLUMNS = (MemoryUnit.id, MemoryUnit.source, MemoryUnit.target, MemoryUnit.origin, MemoryUnit.changed_at)
HERS = MemoryUnit.person_id == bindparam("person")
IN_DIRECTION = (HERS, MemoryUnit.source_lang == bindparam("source"), MemoryUnit.target_lang == bindparam("target"))
ALL = select(*COLUMNS).where(*IN_DIRECTION).order_by(MemoryUnit.id.desc())
# Zero as the end: ids begin at one, and the first page begins after the largest there can be.
WINDOW = ALL.where(MemoryUnit.id < bindparam("before")).limit(PAGE + 1)
FOUND = WINDOW.where(or_(MemoryUnit.source.icontains(bindparam("words"), autoescape=False, escape="/"),
                         MemoryUnit.target.icontains(bindparam("words"), autoescape=False, escape="/")))
DIRECTIONS = (
    select(MemoryUnit.source_lang, MemoryUnit.target_lang, func.count().label("units")).where(HERS)
    .group_by(MemoryUnit.source_lang, MemoryUnit.target_lang).order_by(func.count().desc(), MemoryUnit.source_lang, MemoryUnit.target_lang))
# What she committed has an origin with a stroke (l-…/s1); the name of a file has none (core.files.shown_name).
IMPORTS = (
    select(MemoryUnit.origin, func.count().label("units"), func.max(MemoryUnit.changed_at).label("at"))
    .where(HERS, MemoryUnit.origin.not_like("%/%")).group_by(MemoryUnit.origin).order_by(func.max(MemoryUnit.changed_at).desc()))
NEWEST = 2**62


def directions(person_id: int) -> list[Any]:
    """Return (source_lang, target_lang, units) of her memory, the fullest first."""
    return list(rows(DIRECTIONS, person=person_id))


def imports(person_id: int) -> list[Any]:
    """Return the files that units of her memory came from, the newest first: origin, units, at."""
    return list(rows(IMPORTS, person=person_id))


def window(person_id: int, source_lang: str, target_lang: str, *, words: str = "", before: int = 0) -> list[Any]:
    """Return a page of units and one more, the newest first; with `words`, those in which they stand."""
    values = {"person": person_id, "source": source_lang, "target": target_lang, "before": before or NEWEST}
    if not words:
        return list(rows(WINDOW, **values))
    for sign in "/%_":
        words = words.replace(sign, f"/{sign}")
    return list(rows(FOUND, **values, words=words))


def everything(person_id: int, source_lang: str, target_lang: str) -> list[Any]:
    """Return all units in a direction, the newest first."""
    return list(rows(ALL, person=person_id, source=source_lang, target=target_lang))
