"""What the pages that compose features ask."""
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select

from jetlms.core import clock
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db, rows
from jetlms.core.jobs import JobRun, Task
from jetlms.core.notices import Delivery, Notice
from jetlms.people.models import Person

LATE = timedelta(minutes=30)
# Every page asks this, so it is put together once.
UNREAD = select(func.count()).select_from(
    select(Notice.id).where(Notice.person_id == bindparam("reader"), Notice.read_at.is_(None)).limit(100).subquery())


def unread(user: Any) -> int:
    """Return how many notices wait for a person (at most 100 are counted)."""
    return int(rows(UNREAD, reader=user.id).scalar() or 0)


def health(instance: str) -> dict[str, Any]:
    """Return what an operator watches (`instance`: the installation's folder): each line with its value and whether it is well."""
    at = clock.now()
    oldest_mail = db.session.scalar(select(func.min(Delivery.created_at)).where(Delivery.state.in_(("pending", "sending"))))
    last_tick = db.session.scalar(select(func.max(JobRun.finished_at)))
    dead = db.session.scalar(select(func.count()).select_from(Task).where(Task.state == "dead")) or 0
    disk = shutil.disk_usage(Path(instance))
    return {
        "database": {"well": True, "value": db.engine.dialect.name},
        "disk": {"well": disk.free / disk.total > 0.05, "value": f"{disk.free * 100 // disk.total} %"},  # noqa: PLR2004
        "mail": {"well": oldest_mail is None or at - oldest_mail < LATE, "value": oldest_mail},
        "jobs": {"well": last_tick is None or at - last_tick < timedelta(hours=3), "value": last_tick},
        "dead_tasks": {"well": dead == 0, "value": str(dead)},
    }


def recent_runs(limit: int = 30) -> list[Any]:
    """Return the newest runs of scheduled jobs."""
    return list(db.session.execute(select(JobRun.job, JobRun.slot, JobRun.finished_at, JobRun.worker, JobRun.error)
                                   .order_by(JobRun.slot.desc()).limit(limit)))


def troubled_tasks(limit: int = 50) -> list[Any]:
    """Return tasks that failed or wait."""
    return list(db.session.execute(select(Task.id, Task.kind, Task.handler, Task.state, Task.attempts, Task.due_at, Task.error)
                                   .where(Task.state != "done").order_by(Task.id.desc()).limit(limit)))


def troubled_mail(limit: int = 50) -> list[Any]:
    """Return deliveries that were not sent."""
    return list(db.session.execute(select(Delivery.id, Delivery.state, Delivery.attempts, Delivery.next_at, Delivery.error)
                                   .where(Delivery.state != "sent").order_by(Delivery.id.desc()).limit(limit)))


def audit_rows(*, before: int | None, limit: int = 100) -> list[Any]:
    """Return the newest audit entries."""
    entry = AuditEntry
    query = select(entry.id, entry.at, entry.action, entry.subject_type, entry.subject_id, entry.note, entry.to_state, Person.display_name)
    query = query.outerjoin(Person, Person.id == entry.actor_id)
    if before:
        query = query.where(entry.id < before)
    return list(db.session.execute(query.order_by(entry.id.desc()).limit(limit)))
