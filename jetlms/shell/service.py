"""What an operator can do from the console."""
from typing import Any

from sqlalchemy import update

from jetlms.core import audit, clock
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.jobs import Task


def retry_task(*, by: Any, task_id: int) -> None:
    """Let a dead task run again. Raises NotFound when it is not dead."""
    changed: Any = db.session.execute(update(Task).where(Task.id == task_id, Task.state == "dead")
                                      .values(state="due", attempts=0, due_at=clock.now()))
    if changed.rowcount != 1:
        raise NotFound
    audit.record("tasks.retry", ("task", task_id), by=by)
