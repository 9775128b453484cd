"""What the booth asks: her takes of one speech."""
from typing import Any

from sqlalchemy import bindparam, select

from jetlms.core.db import rows
from jetlms.learning.models import Take

TAKES = select(Take.part, Take.token, Take.key, Take.seconds, Take.recorded_at, Take.deletes_on, Take.rating, Take.errors).where(
    Take.attempt_id == bindparam("attempt"))


def takes(attempt_id: int | None) -> dict[str, Any]:
    """Return her takes by part."""
    return {row.part: row for row in rows(TAKES, attempt=attempt_id)} if attempt_id else {}
