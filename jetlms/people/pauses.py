"""Against guessing: after ten wrong tries at one door a pause, longer each time, never for good.

A door is a folded e-mail address, whether anybody has it or not (so that nobody learns which), or the second factor of an account.
A try is counted before it is looked at, so that many at once count too, in a short transaction of its own: the answer to a wrong
try is a 4xx, whose transaction is rolled back.
"""
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from jetlms.core import clock, crypto
from jetlms.core.db import db, upsert, write_apart
from jetlms.people.models import Pause

FREE, FREE_FACTOR = 10, 5
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)


def address(email: str) -> str:
    """Return the door of a folded e-mail address."""
    return f"sign-in:{email}"


def factor(account_id: int) -> str:
    """Return the door of an account's second factor."""
    return f"factor:{account_id}"


def knock(door: str, *, free: int = FREE) -> datetime | None:
    """Count a try; return None when it may be looked at, or until when the door is shut. Knocking at a shut door costs nothing."""
    key, at = crypto.digest(door), clock.now()
    with write_apart() as connection:
        connection.execute(upsert(Pause).values(digest=key, tries=0, last_at=at).on_conflict_do_nothing())
        row = connection.execute(select(Pause.tries, Pause.last_at, Pause.until).where(Pause.digest == key).with_for_update()).one()
        if row.until is not None and row.until > at:
            return row.until
        tries = 1 if at - row.last_at > FORGOTTEN else row.tries + 1
        until = at + min(FIRST * 2 ** min(tries - free, 10), LONGEST) if tries >= free else None
        connection.execute(update(Pause).where(Pause.digest == key).values(tries=tries, last_at=at, until=until))
    return None


def open_door(door: str) -> None:
    """Forget the wrong tries: the right password or code came, or the password was set anew. In the request's transaction."""
    db.session.execute(delete(Pause).where(Pause.digest == crypto.digest(door)))


def forget() -> None:
    """Delete what is older than a day."""
    db.session.execute(delete(Pause).where(Pause.last_at < clock.now() - FORGOTTEN))
