"""What of a release is found by searching: lessons, terms, and what is said in sounds and films, to the second."""
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from jetlms.core import search
from jetlms.core.db import db
from jetlms.learning.coursefiles.texts import LANGS
from jetlms.learning.models import Course, LessonText, Release, Term

KINDS = ("lesson", "term", "transcript")
LONGEST = 6000                         # characters of a lesson


def index_release(course: Course, release: Release) -> None:
    """Make a release findable; the subject that policy judges is the course."""
    for kind in KINDS:
        search.forget(kind, [course.id])
    texts = db.session.execute(select(LessonText.item_key, LessonText.lang, LessonText.title, LessonText.screens)
                               .where(LessonText.release_id == release.id)).all()
    search.index_many("lesson", [{
        "subject_id": course.id, "lang": row.lang, "title": row.title, "url": f"/learn/{course.slug}/{row.item_key}",
        "body": " ".join(re.sub(r"<rt>.*?</rt>|<[^>]+>", " ", part.get("html", "")) for screen in row.screens for part in screen)[:LONGEST],
    } for row in texts])
    search.index_many("transcript", [line for row in texts for line in _cues(course, row)])
    search.index_many("term", [{
        "subject_id": course.id, "lang": lang, "title": " · ".join((t.ja, t.en, *t.more.values())),
        "body": f"{t.reading} {t.note_ja if lang == 'ja' else t.note_en}", "url": f"/learn/{course.slug}/glossary#{t.key}"}
        for t in db.session.scalars(select(Term).where(Term.course_id == course.id))
        for lang in LANGS])


def _cues(course: Course, row: Any) -> Iterator[dict[str, Any]]:
    """Yield one document for each cue of a lesson's sounds and films. Its address opens the screen and starts the player there."""
    found = [(number, part["media"]) for number, screen in enumerate(row.screens, 1) for part in screen if "media" in part]
    for place, (screen, media) in enumerate(found, 1):
        for cue in media["transcript"]:
            which = f"&m={place}" if place > 1 else ""
            yield {"subject_id": course.id, "lang": row.lang, "title": f"{row.title} · {cue['at']} {cue['text']}", "body": media["title"],
                   "url": f"/learn/{course.slug}/{row.item_key}?screen={screen}#t={seconds(cue['at'])}{which}"}


def seconds(at: str) -> int:
    """Return the second of a time as transcripts write it: 1:07 → 67."""
    total = 0
    for part in at.split(":"):
        total = total * 60 + int(part)
    return total
