"""What was done, by whom, and who looked: append-only rows, sealed hourly by a chain of hashes over older rows.

Changes are written in the transaction that makes them. Reads of restricted records are written in a short transaction of their
own *before* the record is sent: if that fails, nothing is shown. It is the only thing a GET may write.
"""
import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask import g, has_request_context
from sqlalchemy import DDL, JSON, Index, bindparam, event, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, db, rows, write_apart

READ_ONCE_IN = timedelta(minutes=10)   # one row a reader, record and ten minutes
SEAL_AFTER = timedelta(minutes=5)      # ids may commit out of order; older rows have settled


class AuditEntry(Base):
    """One act. `subject_type` is a table name; `organisation_id` the body whose scope it concerns, if any."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entry_reader", "actor_id", "action", "at", "subject_type", "subject_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    actor_id: Mapped[int | None]                                  # a person; None: the system
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    from_state: Mapped[str] = mapped_column(default="")
    to_state: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(default="")


class AuditSeal(Base):
    """A hash over all rows up to `upto_id`, chained to the seal before."""

    __tablename__ = "audit_seal"
    id: Mapped[int] = mapped_column(primary_key=True)
    upto_id: Mapped[int] = mapped_column(unique=True)
    rows: Mapped[int]
    sha256: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


# The database itself refuses to change or delete a row.
SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit_entry_no_{verb} BEFORE {verb.upper()} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
    for verb in ("update", "delete")
)
POSTGRES_TRIGGERS = (
    "CREATE OR REPLACE FUNCTION audit_entry_append_only() RETURNS trigger AS $$ BEGIN "
    "RAISE EXCEPTION 'audit_entry is append-only'; END $$ LANGUAGE plpgsql",
    "CREATE OR REPLACE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
)
for _statement in SQLITE_TRIGGERS:
    event.listen(AuditEntry.__table__, "after_create", DDL(_statement).execute_if(dialect="sqlite"))
for _statement in POSTGRES_TRIGGERS:
    event.listen(AuditEntry.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="postgresql"))


def request_id() -> str:
    """Return the id of this request, as error pages and logs show it."""
    return getattr(g, "request_id", "") if has_request_context() else ""


def record(  # noqa: PLR0913 -- an entry has that many facts
    action: str, subject: Any, *, by: Any, note: str = "", from_state: str = "", to_state: str = "",
    organisation_id: int | None = None, detail: dict[str, Any] | None = None,
) -> None:
    """Write one act into the present transaction. `subject` is a row, or (type, id)."""
    kind, number = subject if isinstance(subject, tuple) else (type(subject).__tablename__, subject.id)
    db.session.execute(insert(AuditEntry).values(
        at=clock.now(), actor_id=getattr(by, "id", by), action=action, subject_type=kind, subject_id=number, note=note,
        from_state=from_state, to_state=to_state, organisation_id=organisation_id, detail=detail or {},
        request_id=request_id(),
    ))


def record_all(action: str, kind: str, details: dict[int, dict[str, Any]], *, by: Any) -> None:
    """Write the same act on many subjects of one kind (a table's name), id → detail; one statement."""
    at, same = clock.now(), {"note": "", "from_state": "", "to_state": "", "organisation_id": None, "request_id": request_id()}
    db.session.execute(insert(AuditEntry), [
        {"at": at, "actor_id": getattr(by, "id", by), "action": action, "subject_type": kind, "subject_id": number, "detail": detail, **same}
        for number, detail in details.items()])


SEEN = select(AuditEntry.subject_type, AuditEntry.subject_id).where(
    AuditEntry.action == bindparam("action"), AuditEntry.actor_id == bindparam("actor"), AuditEntry.at > bindparam("since"))


def record_read(action: str, subjects: list[tuple[str, int]], *, by: Any, organisation_id: int | None = None) -> None:
    """Write that `by` is about to see these records, unless written in the last ten minutes. Own short transaction."""
    since = clock.now() - READ_ONCE_IN
    seen = {tuple(row) for row in rows(SEEN, action=action, actor=by.id, since=since)} if subjects else set()
    entries = [
        {"at": clock.now(), "actor_id": by.id, "action": action, "subject_type": kind, "subject_id": number, "note": "",
         "from_state": "", "to_state": "", "organisation_id": organisation_id, "detail": {}, "request_id": request_id()}
        for kind, number in subjects if (kind, number) not in seen
    ]
    if entries:
        with write_apart() as connection:
            connection.execute(insert(AuditEntry), entries)


def seal() -> int:
    """Seal the settled rows; return how many. Run hourly."""
    last = db.session.execute(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).scalar()
    first, chain = (last.upto_id + 1, last.sha256) if last else (1, "")
    upto = db.session.scalar(
        select(func.max(AuditEntry.id)).where(AuditEntry.at < clock.now() - SEAL_AFTER, AuditEntry.id >= first))
    if upto is None:
        return 0
    digest, rows = _digest(first, upto, chain)
    db.session.add(AuditSeal(upto_id=upto, rows=rows, sha256=digest))
    return rows


def broken_seal() -> int | None:
    """Return the id of the first seal that does not agree with its rows, or None when all do."""
    first, chain = 1, ""
    for sealed in db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        digest, rows = _digest(first, sealed.upto_id, chain)
        if (digest, rows) != (sealed.sha256, sealed.rows):
            return sealed.id
        first, chain = sealed.upto_id + 1, sealed.sha256
    return None


def _digest(first: int, upto: int, chain: str) -> tuple[str, int]:
    columns = AuditEntry.__table__.c
    total, rows = hashlib.sha256(chain.encode()), 0
    query = select(*columns).where(columns.id.between(first, upto)).order_by(columns.id)
    for row in db.session.execute(query.execution_options(yield_per=1000)):
        total.update(repr(tuple(row)).encode())
        rows += 1
    return total.hexdigest(), rows
