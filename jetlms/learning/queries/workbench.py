"""What the workbench asks: her segments, and what she wrote before for something like it."""
from typing import Any

from sqlalchemy import bindparam, select

from jetlms.core.db import rows
from jetlms.learning.models import MemoryUnit, SegmentAnswer

ALIKE = 70                # percent: what is less alike does not help
SUGGESTIONS = 3           # for a segment
LARGEST = 5000            # units of a memory that are looked through, the newest
SEGMENTS = select(SegmentAnswer.segment, SegmentAnswer.text, SegmentAnswer.first_text, SegmentAnswer.seq, SegmentAnswer.saved_at,
                  SegmentAnswer.committed_at, SegmentAnswer.rating, SegmentAnswer.errors).where(SegmentAnswer.attempt_id == bindparam("attempt"))
MEMORY = (
    select(MemoryUnit.source, MemoryUnit.target, MemoryUnit.origin)
    .where(MemoryUnit.person_id == bindparam("person"), MemoryUnit.source_lang == bindparam("source"),
           MemoryUnit.target_lang == bindparam("target"))
    .order_by(MemoryUnit.id.desc()).limit(LARGEST))


def segments(attempt_id: int | None) -> dict[str, Any]:
    """Return her segments by id."""
    return {row.segment: row for row in rows(SEGMENTS, attempt=attempt_id)} if attempt_id else {}


def memory(person_id: int, source_lang: str, target_lang: str) -> list[Any]:
    """Return the newest units of her memory in this direction."""
    return list(rows(MEMORY, person=person_id, source=source_lang, target=target_lang))


def alike(text: str, units: list[Any], *, but: str) -> list[dict[str, Any]]:
    """Return the units most like a text, best first: source, target, percent. What came from the segment `but` itself is left out."""
    from rapidfuzz import fuzz, process

    found = process.extract(text, [unit.source for unit in units], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=SUGGESTIONS + 1)
    matches = [{"source": units[n].source, "target": units[n].target, "percent": int(percent), "origin": units[n].origin}
               for _source, percent, n in found]
    return [match for match in matches if match["origin"] != but][:SUGGESTIONS]
