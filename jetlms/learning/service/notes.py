"""Keep a note and a bookmark at an item. Both are the reader's own: no event, no progress, nobody told."""
from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal_column

from jetlms.core import clock
from jetlms.core.db import db, per_database, rows, upsert
from jetlms.learning.models import Bookmark, LessonNote


def save_note(*, by: Any, course_id: int, item_key: str, text: str, seq: int | None = None) -> tuple[datetime, bool]:
    """Keep her note at an item; returns (when, whether it was newer than what is there).

    A script counts its saves in `seq`; a plain form (None) is what she sends now, so it always counts.
    """
    at = clock.now()
    kept = rows(_note(seq is not None), person_id=by.id, item_key=item_key, course_id=course_id, text=text, seq=seq or 1, saved_at=at)
    return at, kept.first() is not None


@per_database
def _note(counted: bool) -> Any:  # noqa: FBT001
    """Return the statement that writes a note; where the client has counted, only over an older one."""
    table = LessonNote.__table__
    insert = upsert(table)
    changes = {name: insert.excluded[name] for name in ("course_id", "text", "saved_at")}
    return insert.on_conflict_do_update(
        index_elements=["person_id", "item_key"], where=table.c.seq < insert.excluded.seq if counted else None,
        set_=changes | {"seq": insert.excluded.seq if counted else table.c.seq + 1}).returning(literal_column("1"))


def set_bookmark(*, by: Any, course_id: int, item_key: str, on: bool) -> None:
    """Set a bookmark, or take it away; saying the same twice is harmless."""
    if on:
        db.session.execute(upsert(Bookmark).values(person_id=by.id, item_key=item_key, course_id=course_id, made_at=clock.now())
                           .on_conflict_do_nothing())
    else:
        db.session.execute(delete(Bookmark).where(Bookmark.person_id == by.id, Bookmark.item_key == item_key))
