"""A person's own translation memory: take units in from a file, delete one, delete what a file brought."""
from typing import Any

from sqlalchemy import delete, select

from jetlms.core import clock
from jetlms.core.db import db, upsert
from jetlms.learning.interchange.tmx import Memory, Unit
from jetlms.learning.interchange.xml import Report, Skipped
from jetlms.learning.models import MemoryUnit
from jetlms.learning.service.translating import digest

LONGEST = 4000                         # characters of a text, as in the workbench
AT_ONCE = 400                          # units in one statement: ten values each, and SQLite takes 32,766


def import_memory(*, by: Any, memory: Memory, filename: str) -> Report:
    """Take the units of a file into her memory; a source she has already gets the file's translation."""
    report = Report(skipped=list(memory.skipped))
    chosen: dict[tuple[str, str, str], Unit] = {}
    for unit in memory.units:
        key = (unit.source_lang, unit.target_lang, digest(unit.source))
        if max(len(unit.source), len(unit.target)) > LONGEST:
            report.skipped.append(Skipped(unit.place, "long", f"{LONGEST:,}"))
        elif key in chosen:
            report.skipped.append(Skipped(unit.place, "double"))
        else:
            chosen[key] = unit
    keys = list(chosen)
    for begin in range(0, len(keys), AT_ONCE):
        _take_in(by, {key: chosen[key] for key in keys[begin:begin + AT_ONCE]}, filename, report)
    return report


def _take_in(by: Any, units: dict[tuple[str, str, str], Unit], filename: str, report: Report) -> None:
    """Write some units and count what became of them."""
    there = {(row.source_lang, row.target_lang, row.digest): row.target for row in db.session.execute(
        select(MemoryUnit.source_lang, MemoryUnit.target_lang, MemoryUnit.digest, MemoryUnit.target)
        .where(MemoryUnit.person_id == by.id, MemoryUnit.digest.in_([key[2] for key in units])))}
    at, values = clock.now(), []
    for key, unit in units.items():
        if there.get(key) == unit.target:
            report.skipped.append(Skipped(unit.place, "same"))
            continue
        report.created += key not in there
        report.updated += key in there
        report.flattened += unit.flattened
        values.append({"person_id": by.id, "source_lang": key[0], "target_lang": key[1], "digest": key[2], "source": unit.source,
                       "target": unit.target, "origin": filename, "changed_at": at})
    if values:
        insert = upsert(MemoryUnit).values(values)
        db.session.execute(insert.on_conflict_do_update(
            index_elements=["person_id", "source_lang", "target_lang", "digest"],
            set_={name: insert.excluded[name] for name in ("source", "target", "origin", "changed_at")}))


def forget_unit(unit: MemoryUnit) -> None:
    """Delete one unit for good."""
    db.session.delete(unit)


def forget_import(*, by: Any, origin: str) -> None:
    """Delete what a file brought into her memory; twice is harmless. What she committed has a stroke in its origin and stays."""
    db.session.execute(delete(MemoryUnit).where(MemoryUnit.person_id == by.id, MemoryUnit.origin == origin, MemoryUnit.origin.not_like("%/%")))
