"""One request, one transaction: safe methods read, the others commit once, at the end. Nobody else calls commit.

SQLite runs in WAL with synchronous=FULL (NORMAL loses acknowledged commits when the power fails); unsafe methods and jobs
open with BEGIN IMMEDIATE, so two writers queue instead of failing half-way. PostgreSQL reads in READ ONLY transactions.
"""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    bindparam,
    event,
    literal_column,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from jetlms.core import clock

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000",
    "temp_store=MEMORY", "journal_size_limit=67108864", "cache_size=-8000", "cell_size_check=ON",
)
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}
_mode: ContextVar[bool | None] = ContextVar("writing", default=None)


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC in the database and in Python. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """Return the reader of a column: on SQLite one call a value, because lists read hundreds."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda text: None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return what the database stores. Raises ValueError for a naive instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Return the aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table."""

    # A registry, not class attributes: Flask-SQLAlchemy derives a class of its own from this one.
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={
        datetime: Instant(), int: BigInteger().with_variant(Integer(), "sqlite"),
    })


class Table:
    """id, created_at and version: what every table people edit has. A second editor's save raises StaleDataError."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version if hasattr(cls, "__table__") and "__table__" in cls.__dict__ else cls.version}


# Today, asked when a statement runs: conditions and statements that hold it are put together once.
TODAY = bindparam("today", callable_=lambda: clock.today(), type_=Date())  # noqa: PLW0108 -- tests freeze clock.now
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def per_database(build: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that puts a statement together do so once for each database and set of arguments."""
    kept: dict[tuple[Any, ...], Any] = {}

    @wraps(build)
    def statement(*args: Any) -> Any:
        key = (db.engine.dialect.name, *args)
        if key not in kept:
            kept[key] = build(*args)
        return kept[key]
    return statement


def rows(statement: Any, **values: Any) -> Any:
    """Run a hot statement that was put together once and return its Core rows: none of the ORM's work, no flush before it."""
    return db.session.connection().execute(statement, values)


def writing() -> bool | None:
    """Say whether the transaction that begins now is for writing; None when nobody said (a look from a shell or a test)."""
    mode = _mode.get()
    if mode is not None or not has_request_context():
        return mode
    return request.method not in SAFE


@contextmanager
def write_apart() -> Iterator[Connection]:
    """Yield a connection in a short write transaction of its own, commit at the end. Only `core` may do this inside a request."""
    token = _mode.set(True)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _mode.reset(token)


@contextmanager
def read_apart() -> Iterator[Connection]:
    """Yield a connection in a short read transaction of its own, before the request's own begins (password checks)."""
    token = _mode.set(False)
    try:
        with db.engine.connect() as connection:
            yield connection
    finally:
        _mode.reset(token)


@contextmanager
def looking() -> Iterator[None]:
    """What happens inside only reads, whatever the request's method: an error page must not wait for the lock that caused it."""
    token = _mode.set(False)
    try:
        yield
    finally:
        _mode.reset(token)


@contextmanager
def before_writing() -> Iterator[None]:
    """What happens inside takes long and only reads: it holds no lock, and what is written after it is a transaction of its own.

    What was written before is given up, so this stands first. What was read may have changed meanwhile: look again before writing.
    """
    db.session.rollback()
    with looking():
        yield
        db.session.rollback()


@contextmanager
def unit() -> Iterator[None]:
    """One unit of work outside a request (a job, a command): commits, or rolls back and raises."""
    token = _mode.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _mode.reset(token)
        db.session.remove()


class App(Flask):
    """Flask with one transaction a request: below 400 commits, everything else rolls back."""

    def dispatch_request(self, *args: Any) -> Any:
        """Answer a request and decide its transaction."""
        try:
            response = self.make_response(self.answer(*args))
            _end(succeeded=response.status_code < 400)  # noqa: PLR2004
        except BaseException:
            db.session.rollback()
            raise
        return response

    def answer(self, *args: Any) -> Any:
        """Run the view. `core.idempotency` wraps this for forms that carry a key."""
        from jetlms.core import idempotency

        return idempotency.once(lambda: super(App, self).dispatch_request(*args))


@event.listens_for(Engine, "connect")
def _prepare(raw: Any, _record: Any) -> None:
    if raw.__class__.__module__.startswith("sqlite3"):
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing() else "BEGIN")
    elif writing() is False:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _end(*, succeeded: bool) -> None:
    """Commit what succeeded in writing; roll everything else back, but for reads on PostgreSQL.

    They are READ ONLY there, so a commit changes nothing; on a rollback the driver would forget its prepared statements, and planning
    a monitor anew takes longer than running it.
    """
    if succeeded and not writing() and not is_sqlite():
        db.session.expunge_all()
        db.session.commit()
    elif succeeded and writing():
        db.session.commit()
    else:
        db.session.rollback()


def is_sqlite() -> bool:
    """Say whether the database is SQLite (search and backup have a dialect of their own)."""
    return bool(db.engine.dialect.name == "sqlite")


def upsert(table: Any) -> Any:
    """Return this database's INSERT that knows what to do on a conflict: both spell it alike, SQLAlchemy keeps it in its dialects."""
    from sqlalchemy.dialects import postgresql, sqlite

    return (sqlite if is_sqlite() else postgresql).insert(table)


def landed(statement: Any) -> bool:
    """Run an `upsert` and say whether it inserted or changed a row (drivers disagree about rowcount; a returned row is a fact)."""
    return db.session.execute(statement.returning(literal_column("1"))).first() is not None
