"""What has ended long ago is deleted; what is alive stays."""
from datetime import timedelta

from doors import rows
from sqlalchemy import select

from jetlms.core import clock
from jetlms.core.db import db, unit
from jetlms.core.jobs import SCHEDULED
from jetlms.people import pauses
from jetlms.people.models import Account, Device, Pause, Ticket


def test_ninety_days_after_their_end(house):
    at = clock.now()
    with house.app_context():
        with unit():
            account = db.session.scalars(select(Account.id).order_by(Account.id)).first()
            for name, ends, ended in (("alive", 1, None), ("lately over", -89, None), ("long over", -91, None),
                                      ("lately ended", 1, -89), ("long ended", 1, -91)):
                db.session.add(Device(account_id=account, token_digest=name, label=name, expires_at=at + timedelta(days=ends),
                                      revoked_at=at + timedelta(days=ended) if ended else None))
            for name, ends in (("open", 1), ("lately closed", -89), ("long closed", -91)):
                db.session.add(Ticket(account_id=account, purpose="reset", digest=name, expires_at=at + timedelta(days=ends)))
            db.session.add_all([Pause(digest="new", tries=3, last_at=at), Pause(digest="old", tries=3, last_at=at - timedelta(hours=25))])
        with unit():
            SCHEDULED["people.forget"].work()
    assert {row.label for row in rows(house, Device.label)} == {"alive", "lately over", "lately ended"}
    assert {row.digest for row in rows(house, Ticket.digest)} == {"open", "lately closed"}
    assert [row.digest for row in rows(house, Pause.digest)] == ["new"]
    assert SCHEDULED["people.forget"].grain == timedelta(days=1)
    assert timedelta(hours=24) == pauses.FORGOTTEN
