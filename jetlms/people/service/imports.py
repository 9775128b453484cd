"""Importing people and organisations: look first, then all or nothing, then undo while nothing depends on it.

`check` reads the file and keeps its rows; `commit` plans anew against what is stored at that moment and writes everything in the
present transaction with a few statements for thousands of rows; `undo` puts back what was, row by row, or refuses.
"""
import hashlib
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from jetlms.core import audit, clock, jobs
from jetlms.core.db import Base, db
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.people.importing import columns, sheets
from jetlms.people.importing import organisations as organisation_rows
from jetlms.people.importing import participants as participant_rows
from jetlms.people.importing.plan import Plan
from jetlms.people.models import Account, Appointment, ImportBatch, Organisation, Participant, Person, Ticket
from jetlms.people.queries import importing as queries
from jetlms.people.service import finding

LARGE = 1000                           # more rows than this are committed by a job
SHOWN_PROBLEMS = 5000                  # as many are kept; the rest is counted
MODELS: dict[str, type[Base]] = {
    "person": Person, "participant": Participant, "appointment": Appointment, "account": Account, "organisation": Organisation}
DATES = frozenset({"born_on", "starts_on", "ends_on", "closed_on"})
OWN = ("account", "appointment", "participant", "person", "organisation")   # the order in which rows can be deleted


def check(*, by: Any, kind: str, data: bytes, filename: str) -> ImportBatch:
    """Read a file and say what importing it would do; nothing but the batch is written. Raises sheets.Unreadable."""
    sheet = columns.read(sheets.read(data), columns.KINDS[kind])
    sha256 = hashlib.sha256(data).hexdigest()
    earlier = queries.twins(kind, sha256)
    waiting = next((twin.id for twin in earlier if twin.state == "checked"), None)
    batch = db.session.get_one(ImportBatch, waiting) if waiting else ImportBatch(
        kind=kind, filename=filename, sha256=sha256, made_by=getattr(by, "id", 0))
    plan = _planned(kind, sheet.rows, sheet.headings)
    problems = sorted([*sheet.problems, *plan.problems], key=lambda p: p.line)
    plan.problems = problems
    batch.rows, batch.changes = len(sheet.rows), []
    batch.report = {
        "counts": plan.counts(len(sheet.rows)), "problems": [p.as_row() for p in problems[:SHOWN_PROBLEMS]], "found": len(problems),
        "notes": [p.as_row() for p in plan.notes[:SHOWN_PROBLEMS]], "columns": sheet.found, "unknown": sheet.unknown,
        "headings": sheet.headings, "same_as": next((twin.id for twin in earlier if twin.state == "committed"), None),
        "rows": [] if problems else [[line, _plain(row)] for line, row in sheet.rows]}
    db.session.add(batch)
    db.session.flush()
    audit.record("imports.check", batch, by=by, detail=batch.report["counts"])
    return batch


def start_commit(*, by: Any, batch: ImportBatch, invite: bool = False) -> None:
    """Commit now, or leave a large import to a job and say so in its state. Raises Refused."""
    _committable(batch)
    if batch.rows <= LARGE:
        commit(by=by.id, batch=batch, invite=invite)
        return
    batch.state = "queued"
    db.session.flush()
    jobs.publish("people.import", batch_id=batch.id, by=by.id, invite=invite)


def commit(*, by: int | None, batch: ImportBatch, invite: bool = False) -> None:
    """Write it all, or raise Refused and write nothing: what is stored may have changed since the file was checked."""
    _committable(batch)
    rows = [(line, _typed(row)) for line, row in batch.report["rows"]]
    plan = _planned(batch.kind, rows, batch.report["headings"])
    if plan.problems:
        raise Refused(_("What is stored has changed since this file was checked. Please upload it again."))
    changes, touched = _write(plan)
    batch.changes = changes
    batch.state, batch.committed_at = "committed", clock.now()
    batch.report = {**batch.report, "rows": [], "counts": plan.counts(len(rows)), "notes": [p.as_row() for p in plan.notes[:SHOWN_PROBLEMS]]}
    db.session.flush()
    finding.index("organisation" if batch.kind == "organisations" else "person", touched)
    audit.record("imports.commit", batch, by=by, detail=batch.report["counts"])
    if batch.kind == "participants" and touched:
        jobs.publish("participant.changed", imported=len(touched))
        if invite:
            jobs.publish("people.invite_imported", batch_id=batch.id, by=by)


def refuse(*, batch: ImportBatch, reason: str) -> None:
    """Note that a large import could not be committed: nothing was written, and the page says why."""
    batch.state = "refused"
    batch.report = {**batch.report, "rows": [], "refused": reason}
    db.session.flush()


def undo(*, by: Any, batch: ImportBatch) -> None:
    """Put back what was before. Raises Refused when a row has changed since, or something was made that depends on one."""
    if batch.state != "committed":
        raise Refused(_("Only an import that has been committed can be undone."))
    new = {entry["table"]: entry["ids"] for entry in batch.changes if "ids" in entry}
    changed = [entry for entry in batch.changes if "before" in entry]
    _untouched(new, changed)
    for table, entries in _by_table(changed).items():
        _update(table, [(e["id"], e["version"], _typed(e["before"])) for e in entries])
    touched = {e["id"] for e in changed if e["table"] in {"person", "organisation"}} | _persons_of(changed)
    for table in OWN:
        for part in queries.chunks(new.get(table, [])):
            if table == "account":
                db.session.execute(delete(Ticket).where(Ticket.account_id.in_(part)))
            db.session.execute(delete(MODELS[table].__table__).where(MODELS[table].__table__.c.id.in_(part)))  # type: ignore[arg-type]
    kind = "organisation" if batch.kind == "organisations" else "person"
    finding.forget(kind, new.get(kind, []))
    finding.index(kind, sorted(touched))
    batch.state = "undone"
    db.session.flush()
    db.session.expire_all()
    audit.record("imports.undo", ("import_batch", batch.id), by=by)


def imported_accounts(batch: ImportBatch) -> list[Account]:
    """Return the accounts an import made whose invitation has not been sent or taken."""
    ids = [number for entry in batch.changes if entry.get("table") == "account" for number in entry.get("ids", [])]
    return [account for part in queries.chunks(ids) for account in db.session.scalars(
        select(Account).where(Account.id.in_(part), Account.password_hash == "", Account.disabled_at.is_(None)))]


def _committable(batch: ImportBatch) -> None:
    if batch.state not in {"checked", "queued"}:
        raise Refused(_("This import has been committed already, or was given up."))
    if batch.report["counts"]["problem"] or batch.report["found"]:
        raise Refused(_("This file has problems. Nothing is imported until all of them are mended."))


def _planned(kind: str, rows: list[tuple[int, dict[str, Any]]], headings: dict[str, str]) -> Plan:
    bodies = organisation_rows.Bodies(queries.organisations())
    if kind == "organisations":
        return organisation_rows.plan(rows, headings, bodies)
    records = queries.participants(row["jet_number"] for _line, row in rows if "jet_number" in row)
    return participant_rows.plan(rows, headings, participant_rows.Known(
        records=records, appointments=queries.appointments(record.person_id for record in records.values()),
        owners=queries.owners(row["email"] for _line, row in rows if row.get("email")), bodies=bodies,
        groups=queries.arrival_groups(), today=clock.today()))


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def _write(plan: Plan) -> tuple[list[dict[str, Any]], list[int]]:
    """Write the plan; returns what undo needs, and the ids of the persons or organisations concerned."""
    new: dict[str, list[int]] = {}
    first = "organisation" if plan.new and "organisation" in plan.new[0] else "person"
    made = _insert(first, [item[first] for item in plan.new], new)
    follow = [*zip(made, plan.new, strict=True), *plan.added]
    for table in ("participant", "appointment", "account"):
        _insert(table, [{**rows[table], "person_id": person} for person, rows in follow if table in rows], new)
    changed = []
    for table, entries in _by_table([vars(change) for change in plan.changes]).items():
        _update(table, [(e["id"], e["version"], e["after"]) for e in entries])
        changed += [{"table": table, "id": e["id"], "version": e["version"] + 1, "before": _plain(e["before"])} for e in entries]
    touched = set(made) | {person for person, _rows in plan.added} | {c["id"] for c in changed if c["table"] == first} | _persons_of(changed)
    touched |= {c["id"] for c in changed if c["table"] == "organisation"}
    return [{"table": table, "ids": ids} for table, ids in new.items()] + changed, sorted(touched)


def _insert(table: str, rows: list[dict[str, Any]], new: dict[str, list[int]]) -> list[int]:
    if not rows:
        return []
    if table == "account":
        rows = [{"password_hash": "", "locale": "en", "zone": "Asia/Tokyo", "furigana": True, "totp_secret": "", "totp_step": 0, **row} for row in rows]  # noqa: E501
    at, ids = clock.now(), queries.new_ids(table, len(rows))
    db.session.connection().execute(insert(MODELS[table].__table__), [                   # type: ignore[arg-type]
        {"id": number, "created_at": at, "version": 1, **row} for number, row in zip(ids, rows, strict=True)])
    new.setdefault(table, []).extend(ids)
    return ids


def _update(table: str, entries: list[tuple[int, int, dict[str, Any]]]) -> None:
    """Change rows of one table: those that change the same columns in one statement. Raises Refused when one was faster."""
    columns_ = MODELS[table].__table__.c
    groups: dict[tuple[str, ...], list[tuple[int, int, dict[str, Any]]]] = {}
    for entry in entries:
        groups.setdefault(tuple(sorted(entry[2])), []).append(entry)
    for names, group in groups.items():
        statement = update(MODELS[table].__table__).where(  # type: ignore[arg-type]
            columns_.id == bindparam("row_id"), columns_.version == bindparam("row_version")).values(
            {**{name: bindparam(f"new_{name}") for name in names}, "version": columns_.version + 1})
        done: Any = db.session.connection().execute(statement, [
            {"row_id": i, "row_version": v, **{f"new_{n}": after[n] for n in names}} for i, v, after in group])
        if done.rowcount not in {len(group), -1}:
            raise Refused(_("Somebody was faster. Please look at the present state."))


def _by_table(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        found.setdefault(entry["table"], []).append(entry)
    return found


def _persons_of(changed: list[dict[str, Any]]) -> set[int]:
    """Return the persons whose participant, appointment or account rows are among the changed ones."""
    found = {e["id"] for e in changed if e["table"] == "person"}
    for table in ("participant", "appointment", "account"):
        column = MODELS[table].__table__.c
        for part in queries.chunks(e["id"] for e in changed if e["table"] == table):
            found |= set(db.session.scalars(select(column.person_id).where(column.id.in_(part))))
    return found


# ── Undoing ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def _untouched(new: dict[str, list[int]], changed: list[dict[str, Any]]) -> None:
    """Raise Refused when a row is no longer as the import left it, or another row depends on a new one."""
    wanted = [(table, dict.fromkeys(ids, 1)) for table, ids in new.items()]
    wanted += [(table, {e["id"]: e["version"] for e in entries}) for table, entries in _by_table(changed).items()]
    for table, versions in wanted:
        column = MODELS[table].__table__.c
        now: dict[int, int] = {}
        for part in queries.chunks(versions):
            now |= {row.id: row.version for row in db.session.execute(select(column.id, column.version).where(column.id.in_(part)))}
        if now != versions:
            raise Refused(_("Some of these rows have been changed since. The import can no longer be undone; please correct them one by one."))
    for part in queries.chunks(new.get("account", [])):
        if db.session.scalar(select(Account.id).where(Account.id.in_(part), Account.password_hash != "").limit(1)):
            raise Refused(_("Somebody has opened her account since. The import can no longer be undone."))
    own = {table: set(ids) for table, ids in new.items()} | {
        "ticket": {t for part in queries.chunks(new.get("account", [])) for t in db.session.scalars(select(Ticket.id).where(Ticket.account_id.in_(part)))}}  # noqa: E501
    found = set().union(*(queries.dependants(table, ids, own) for table, ids in new.items()), set())
    if found:
        raise Refused(_("Other records depend on these rows by now (%(tables)s). The import can no longer be undone.", tables=", ".join(sorted(found))))  # noqa: E501


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in DATES and value else value for name, value in row.items()}
