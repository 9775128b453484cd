"""Which translations are exchanged, and what is said about a file that came: why it, or one of its units, was not taken."""
from collections import Counter
from typing import Any

from jetlms.core.i18n import _, gettext
from jetlms.learning.interchange.xml import Malformed, Report

# From which language into which we translate.
DIRECTIONS = frozenset((source, target) for other in ("en", "zh", "ko") for source, target in (("ja", other), (other, "ja")))
WRONG = {
    "empty": _("This file is empty."), "large": _("This file is too large. The largest size is 10 MB."),
    "deep": _("Elements are nested too deeply in this file."), "many": _("This file has more than %(about)s units. Please divide it."),
    "declaration": _("This file declares entities or elements of its own. Please export it again without them."),
    "entity": _("This file uses an entity that is not defined. Please export it again."),
    "not_xml": _("This file is damaged: it is not well-formed XML."),
    "encoding": _("This file is in %(about)s. Please save it as UTF-8 or UTF-16 and try again."),
    "not_utf8": _("This file is not in UTF-8. Please save it as UTF-8 or UTF-16 and try again."),
    "not_tmx": _("This is not a TMX file."), "not_xliff": _("This is not an XLIFF file."),
    "version": _("This is XLIFF %(about)s. Please export it as XLIFF 2.0 or 2.1."),
    "languages": _("No unit of this file has a source language of ours. Its languages are: %(about)s."),
    "direction": _("This file translates %(about)s; the exercise has other languages."),
}
SKIPPED = {
    "source_lang": _("another source language (%(about)s)"), "no_source": _("no source text"), "no_target": _("no translation"),
    "long": _("longer than %(about)s characters"), "same": _("already there, the same"), "double": _("the same source stands in the file twice"),
    "unknown": _("no such segment in this exercise"), "source_changed": _("the source is not that of the exercise"),
    "reordered": _("its parts were put into another order"),
}
SHOWN = 20                              # places that are named for a reason; the others are counted


def wrong(problem: Malformed) -> str:
    """Return why nothing of a file was taken, in the reader's language."""
    reason = str(WRONG[problem.code]) % {"about": problem.about}
    return gettext("Line %(n)s: %(reason)s", n=problem.line, reason=reason) if problem.line else reason


def reasons(report: Report) -> list[dict[str, Any]]:
    """Return why units were left out, the most frequent reason first: reason, count, some places."""
    counts = Counter((skipped.code, skipped.about) for skipped in report.skipped)
    return [{"reason": str(SKIPPED[code]) % {"about": about}, "count": count,
             "places": [s.place for s in report.skipped if (s.code, s.about) == (code, about)][:SHOWN]}
            for (code, about), count in counts.most_common()]
