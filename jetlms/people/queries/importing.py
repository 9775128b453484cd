"""What an import looks up, in few statements however many rows it has."""
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select

from jetlms.core import policy
from jetlms.core.db import Base, db, is_sqlite
from jetlms.people.models import (
    Account,
    Appointment,
    ArrivalGroup,
    ImportBatch,
    Organisation,
    Participant,
    Person,
)

CHUNK = 2000
PAGE = 30


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield lists that fit into one statement."""
    every = list(values)
    for start in range(0, len(every), CHUNK):
        yield every[start:start + CHUNK]


def batches(user: Any, *, after: int = 0) -> list[Any]:
    """Return the imports, newest first, without their rows."""
    b = ImportBatch
    query = select(b.id, b.kind, b.state, b.filename, b.rows, b.created_at, b.committed_at, Person.display_name).outerjoin(
        Person, Person.id == b.made_by).where(policy.scope(user, "imports.run"))
    return list(db.session.execute((query.where(b.id < after) if after else query).order_by(b.id.desc()).limit(PAGE + 1)))


def participants(numbers: Iterable[str]) -> dict[str, Any]:
    """Return JET number → record with the person's and the account's columns."""
    query = select(
        *(column.label(f"participant_{column.name}") for column in Participant.__table__.c),
        *(column.label(f"person_{column.name}") for column in Person.__table__.c),
        Account.id.label("account_id"), Account.email.label("account_email"), Account.password_hash.label("account_password_hash"),
        Account.version.label("account_version"),
    ).join(Person, Person.id == Participant.person_id).outerjoin(Account, Account.person_id == Person.id)
    return {row.participant_jet_number: row for part in chunks(numbers)
            for row in db.session.execute(query.where(Participant.jet_number.in_(part)))}


def appointments(person_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Return person → her appointments as a participant, in order."""
    found: dict[int, list[Any]] = {}
    columns = Appointment.__table__.c
    for part in chunks(person_ids):
        for row in db.session.execute(select(*columns).where(columns.person_id.in_(part), columns.role == "participant").order_by(columns.starts_on)):
            found.setdefault(row.person_id, []).append(row)
    return found


def owners(emails: Iterable[str]) -> dict[str, int]:
    """Return e-mail address → person who has it."""
    return {row.email: row.person_id for part in chunks(emails)
            for row in db.session.execute(select(Account.email, Account.person_id).where(Account.email.in_(part)))}


def organisations() -> list[Any]:
    """Return every organisation, as columns."""
    return list(db.session.execute(select(*Organisation.__table__.c)))


def arrival_groups() -> list[Any]:
    """Return every intake."""
    return list(db.session.execute(select(*ArrivalGroup.__table__.c).order_by(ArrivalGroup.arrives_on.desc())))


def twins(kind: str, sha256: str) -> list[Any]:
    """Return earlier imports of the same file: id, state, committed_at; newest first."""
    b = ImportBatch
    return list(db.session.execute(select(b.id, b.state, b.committed_at).where(b.kind == kind, b.sha256 == sha256).order_by(b.id.desc())))


def new_ids(table: str, count: int) -> list[int]:
    """Return ids for rows to come, so that thousands go in by one statement: SQLite's writer is alone, PostgreSQL's sequence gives them out."""
    if is_sqlite():
        top = db.session.scalar(select(func.max(Base.metadata.tables[table].c.id))) or 0
        return list(range(top + 1, top + count + 1))
    sequence = func.nextval(func.pg_get_serial_sequence(table, "id"))
    return list(db.session.scalars(select(sequence).select_from(func.generate_series(1, count))))


def dependants(table: str, ids: list[int], own: dict[str, set[int]]) -> set[str]:
    """Return the names of tables that hold rows about these rows, other than our own: found by the foreign keys of the schema."""
    found: set[str] = set()
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table.name != table or other.name in found:
                continue
            identity = next(iter(other.primary_key.columns))
            for part in chunks(ids):
                rows = set(db.session.scalars(select(identity).where(key.parent.in_(part))))
                if rows - own.get(other.name, set()):
                    found.add(other.name)
    return found
