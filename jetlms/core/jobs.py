"""Work outside requests. `@every` declares what the clock starts, `@on` what news starts; both are rows that workers claim.

APScheduler only ticks, in memory, in any number of processes. A due run is claimed by its primary key `(job, slot)`; a task by a
lease. So each run happens once though many may try, and a worker killed half-way is followed by another when its lease ends.
"""
import itertools
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Index, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, db, is_sqlite, landed, unit, upsert

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
TRIES = 8
KEPT = timedelta(days=30)
PIECE = 10                              # of many things, done in one transaction
STAND_BACK = 1.0                        # seconds at the most between two pieces of work, beside people who save
_beside_people: ContextVar[bool] = ContextVar("beside_people", default=False)


class JobRun(Base):
    """One due run of a scheduled job; `slot` is the time it was due, rounded down to the job's grain."""

    __tablename__ = "job_run"
    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")


class Task(Base):
    """A piece of work or news, written with the change that causes it. States: due, running, done, dead."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_due", "state", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    handler: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default="due")
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Scheduled:
    """A job of the clock: `grain` is both its period and the rounding of its slot."""

    name: str
    grain: timedelta
    work: Callable[[], None]
    offset: timedelta                   # from midnight JST, for daily jobs


SCHEDULED: dict[str, Scheduled] = {}
HANDLERS: dict[str, dict[str, Callable[..., None]]] = {}


def every(name: str, *, minutes: int = 0, hours: int = 0, days: int = 0, at: timedelta = timedelta(0)) -> Callable[..., Any]:
    """Declare a scheduled job; daily jobs run at `at` after midnight in Japan. The job runs in a transaction of its own."""
    def declare(work: Callable[[], None]) -> Callable[[], None]:
        SCHEDULED[name] = Scheduled(name, timedelta(minutes=minutes, hours=hours, days=days), work, at)
        return work
    return declare


def on(kind: str) -> Callable[..., Any]:
    """Declare who cares about a kind of news. The handler gets the payload as keywords, in a transaction of its own."""
    def declare(work: Callable[..., None]) -> Callable[..., None]:
        HANDLERS.setdefault(kind, {})[f"{work.__module__}.{work.__name__}"] = work
        return work
    return declare


def publish(kind: str, *, due_at: datetime | None = None, **payload: Any) -> None:
    """Write news into the present transaction: one task for each who cares."""
    rows = [{"kind": kind, "handler": handler, "payload": payload, "due_at": due_at or clock.now(), "state": "due",
             "attempts": 0, "lease_token": "", "error": ""} for handler in HANDLERS.get(kind, {})]
    if rows:
        db.session.execute(insert(Task), rows)


def slot_of(job: Scheduled, at: datetime) -> datetime:
    """Return the newest due time of `job` at or before `at`: from the schedule, never from a jittering clock."""
    midnight = clock.start_of_day(at.astimezone(clock.JST).date()) + job.offset
    return midnight + ((at - midnight) // job.grain) * job.grain


def tick() -> None:
    """Run what is due and not claimed by anybody else: one pass over jobs and tasks."""
    for job in SCHEDULED.values():
        slot = slot_of(job, clock.now())
        if _claim_run(job.name, slot):
            _run(job, slot)
    one_by_one(run_one_task)


def one_by_one(work: Callable[[], bool]) -> None:
    """Do pieces of work until `work` says that there is none.

    Beside people who save (`start_ticking`), stand back after each twice as long as it took: they come first, and one file has one writer.
    """
    started = time.monotonic()
    while work():
        if _beside_people.get():
            time.sleep(min(2 * (time.monotonic() - started), STAND_BACK))
        started = time.monotonic()


def in_pieces(things: Iterable[Any], work: Callable[[Any], object], size: int = PIECE) -> None:
    """Do the same for many, a few in each transaction: whoever saves meanwhile waits for a few only. For jobs and handlers, first of all.

    The job's own transaction stays empty. A piece that fails leaves what was done before it: doing a thing twice must be harmless.
    """
    db.session.rollback()
    left = iter(things)

    def piece() -> bool:
        some = list(itertools.islice(left, size))
        with unit():
            for thing in some:
                work(thing)
        return len(some) == size
    one_by_one(piece)


def run_one_task() -> bool:
    """Claim and run one due task; False when none is due."""
    token = secrets.token_hex(8)
    with unit():
        found = _claim_task(token)
    if found is None:
        return False
    task_id, kind, handler, payload, attempts = found
    try:
        with unit():
            HANDLERS[kind][handler](**payload)
            _finish(task_id, token, state="done", done_at=clock.now(), error="")
    except Exception as error:  # one bad row never stops the loop
        log.exception("task %s %s failed", task_id, handler)
        dead = attempts >= TRIES
        wait = timedelta(minutes=min(4 ** attempts, 360))
        with unit():
            _finish(task_id, token, state="dead" if dead else "due", due_at=clock.now() + wait,
                    error=f"{type(error).__name__}: {error}"[:500])
    return True


def _finish(task_id: int, token: str, **values: Any) -> None:
    db.session.execute(update(Task).where(Task.id == task_id, Task.lease_token == token).values(**values))


def _claim_task(token: str) -> tuple[int, str, str, dict[str, Any], int] | None:
    at = clock.now()
    free = or_(Task.state == "due", (Task.state == "running") & (Task.lease_until < at))
    pick = select(Task.id).where(free, Task.due_at <= at).order_by(Task.due_at, Task.id).limit(1)
    if not is_sqlite():
        pick = pick.with_for_update(skip_locked=True)
    claimed = update(Task).where(Task.id == pick.scalar_subquery()).values(
        state="running", lease_until=at + LEASE, lease_token=token, attempts=Task.attempts + 1,
    ).returning(Task.id, Task.kind, Task.handler, Task.payload, Task.attempts)
    row = db.session.execute(claimed, execution_options={"synchronize_session": False}).first()
    return tuple(row) if row and row.handler in HANDLERS.get(row.kind, {}) else None


def _claim_run(name: str, slot: datetime) -> bool:
    at, worker = clock.now(), f"{os.uname().nodename}:{os.getpid()}"
    with unit():
        if landed(upsert(JobRun).values(job=name, slot=slot, lease_until=at + LEASE, worker=worker, error="").on_conflict_do_nothing()):
            return True
        again: Any = db.session.execute(update(JobRun).where(     # its process died: the lease is over and it never finished
            JobRun.job == name, JobRun.slot == slot, JobRun.finished_at.is_(None), JobRun.lease_until < at,
        ).values(lease_until=at + LEASE, worker=worker))
        return bool(again.rowcount == 1)


def _run(job: Scheduled, slot: datetime) -> None:
    error = ""
    try:
        with unit():
            job.work()
    except Exception as problem:
        log.exception("job %s failed", job.name)
        error = f"{type(problem).__name__}: {problem}"[:500]
    with unit():
        db.session.execute(update(JobRun).where(JobRun.job == job.name, JobRun.slot == slot)
                           .values(finished_at=clock.now(), error=error))


def start_ticking(app: Flask, seconds: int = 5) -> Any:
    """Tick in a thread of this process; returns the scheduler."""
    from apscheduler.schedulers.background import BackgroundScheduler

    def ticking() -> None:
        _beside_people.set(True)
        with app.app_context():
            try:
                tick()
            except Exception:
                log.exception("the tick failed")

    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(ticking, "interval", seconds=seconds, id="tick")
    scheduler.start()
    return scheduler


@every("core.forget", days=1, at=timedelta(hours=3))
def forget() -> None:
    """Delete finished tasks and runs after thirty days, form keys after one."""
    from jetlms.core import idempotency

    before = clock.now() - KEPT
    db.session.execute(delete(Task).where(Task.state == "done", Task.done_at < before))
    db.session.execute(delete(JobRun).where(JobRun.finished_at < before))
    idempotency.forget(clock.now() - timedelta(days=1))


@every("core.seal", hours=1)
def seal() -> None:
    """Seal the audit."""
    from jetlms.core import audit

    audit.seal()
