"""An exercise that was translated in another program comes back: the same checks as when it is typed."""
from typing import Any

from jetlms.learning.interchange.xliff import Exercise
from jetlms.learning.interchange.xml import Malformed, Report, Skipped
from jetlms.learning.queries import workbench
from jetlms.learning.service.attempts import refuse_closed
from jetlms.learning.service.memory import LONGEST
from jetlms.learning.service.translating import exercise_of, refuse_handed_in, save_segment


def import_exercise(*, by: Any, context: Any, item: dict[str, Any], found: Exercise) -> Report:
    """Save the segments of a file; committing stays her own step. Raises Malformed, Refused.

    A segment is hers when its source is that of the exercise: a file of another exercise, or of an older text, changes nothing.
    """
    refuse_handed_in(context)
    refuse_closed(context)
    exercise = exercise_of(context, item["id"])
    if (found.source_lang, found.target_lang) != (exercise["source"], exercise["target"]):
        raise Malformed("direction", about=f"{found.source_lang or '–'} → {found.target_lang or '–'}")
    sources, mine = {s["id"]: s["text"] for s in exercise["segments"]}, workbench.segments(context.attempt_id)
    report, taken = Report(skipped=list(found.skipped)), set()
    for unit in found.units:
        there = mine.get(unit.id)
        why = ("unknown" if unit.id not in sources else "double" if unit.id in taken
               else "source_changed" if unit.source.split() != sources[unit.id].split()
               else "long" if len(unit.target) > LONGEST else "same" if there and there.text.strip() == unit.target else "")
        taken.add(unit.id)
        if why:
            report.skipped.append(Skipped(unit.id, why, f"{LONGEST:,}" if why == "long" else ""))
            continue
        save_segment(by=by, context=context, item=item, segment=unit.id, text=unit.target)
        report.created += there is None
        report.updated += there is not None
        report.flattened += unit.flattened
    return report
