"""Give and withdraw a consent about one's own learning."""
from typing import Any

from sqlalchemy import update

from jetlms.core import audit, clock
from jetlms.core.db import db, landed, upsert
from jetlms.core.errors import NotFound
from jetlms.learning.policy import NAMES_TO_HOST, SCORES_TO_EMPLOYER
from jetlms.people.models import Consent

PURPOSES = (NAMES_TO_HOST, SCORES_TO_EMPLOYER)


def set_consent(*, by: Any, purpose: str, given: bool) -> None:
    """Give or withdraw; saying the same twice is harmless. Raises NotFound for a purpose that is not about learning."""
    if purpose not in PURPOSES:
        raise NotFound
    if given:
        changed = landed(upsert(Consent).values(person_id=by.id, purpose=purpose, given_at=clock.now()).on_conflict_do_nothing())
    else:
        ended: Any = db.session.execute(update(Consent).where(
            Consent.person_id == by.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)).values(withdrawn_at=clock.now()))
        changed = ended.rowcount == 1
    if changed:
        audit.record("consents.give" if given else "consents.withdraw", ("person", by.id), by=by, detail={"purpose": purpose})
