"""What the clock and news start in people."""
from datetime import timedelta

from jetlms.core import jobs
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.people import service
from jetlms.people.models import ImportBatch
from jetlms.people.service import imports, lifecycle


@jobs.on("people.reset_asked")
def send_reset(email: str) -> None:
    """Somebody asked for a new password: send the link if the address is anybody's."""
    service.send_reset(email=email)


@jobs.every("people.forget", days=1, at=timedelta(hours=3, minutes=20))
def forget() -> None:
    """Delete what has ended long ago."""
    service.forget_expired()


@jobs.every("people.change_states", days=1, at=timedelta(minutes=10))
def change_states() -> None:
    """Just after midnight in Japan: first days, new terms, changes of organisation, ends of terms."""
    lifecycle.carry_out()


@jobs.on("people.import")
def commit_import(batch_id: int, by: int, invite: bool = False) -> None:  # noqa: FBT001, FBT002 -- a payload
    """Commit a large import. Refused is an answer, not a failure: the page says why. A second run finds it done."""
    batch = db.session.get_one(ImportBatch, batch_id)
    if batch.state != "queued":
        return
    try:
        with db.session.begin_nested():
            imports.commit(by=by, batch=batch, invite=invite)
    except Refused as refused:
        imports.refuse(batch=batch, reason=str(refused.message))


@jobs.on("people.invite_imported")
def invite_imported(batch_id: int, by: int) -> None:
    """Send their links to the people an import brought."""
    for account in imports.imported_accounts(db.session.get_one(ImportBatch, batch_id)):
        service.invite_again(by=by, account=account)
