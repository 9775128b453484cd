"""What the workbench asks: her segments, the terms of the course, and what she wrote before for something like it."""
from typing import Any

from sqlalchemy import bindparam, select

from jetlms.core.db import rows
from jetlms.learning.models import MemoryUnit, SegmentAnswer, Term

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
TERMS = select(Term.key, Term.ja, Term.reading, Term.en, Term.note_ja, Term.note_en, Term.more).where(Term.course_id == bindparam("course"))


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


def terms_in(course_id: int, texts: list[str], source_lang: str, target_lang: str) -> list[dict[str, Any]]:
    """Return the terms of the course's glossary that stand in one of these texts, the longest first.

    {"key", "source", "target", "avoid": [words], "reading", "note": {ja, en}}
    """
    whole = "\n".join(texts).casefold()
    found = []
    for row in rows(TERMS, course=course_id):
        words = {"ja": row.ja, "en": row.en} | row.more
        source, target = words.get(source_lang, ""), words.get(target_lang, "")
        if source and target and source.casefold() in whole:
            avoid = [word.strip() for word in row.more.get(f"not_{target_lang}", "").split("|") if word.strip()]
            found.append({"key": row.key, "source": source, "target": target, "avoid": avoid, "reading": row.reading,
                          "note": {"ja": row.note_ja, "en": row.note_en}})
    return sorted(found, key=lambda term: -len(term["source"]))
