"""What the page of one's own errors asks."""
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, union_all

from jetlms.core.db import Instant, rows
from jetlms.learning.models import Attempt, SegmentAnswer, Take

SINCE = bindparam("since", type_=Instant())
RATED: Any = union_all(
    select(SegmentAnswer.errors, SegmentAnswer.committed_at.label("at")).join(Attempt, Attempt.id == SegmentAnswer.attempt_id)
    .where(Attempt.person_id == bindparam("person"), SegmentAnswer.rating.is_not(None), SegmentAnswer.committed_at >= SINCE),
    select(Take.errors, Take.recorded_at).join(Attempt, Attempt.id == Take.attempt_id)
    .where(Attempt.person_id == bindparam("person"), Take.rating.is_not(None), Take.recorded_at >= SINCE))


def rated(person_id: int, since: datetime) -> list[Any]:
    """Return what she rated of her own since then, segments and takes: errors (which kinds she found) and at."""
    return list(rows(RATED, person=person_id, since=since))
