"""Give a person a new calendar address."""
from typing import Any

from jetlms.core import audit, clock, crypto
from jetlms.core.db import db, upsert
from jetlms.learning.models import CalendarFeed


def new_feed(*, by: Any) -> str:
    """Make a new address, end the old one; returns the token, which is shown once."""
    token = crypto.new_token()
    row = {"digest": crypto.digest(token), "made_at": clock.now()}
    db.session.execute(upsert(CalendarFeed).values(person_id=by.id, **row).on_conflict_do_update(index_elements=["person_id"], set_=row))
    audit.record("calendar.new_feed", ("person", by.id), by=by)
    return token
