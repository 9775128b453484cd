"""Bring the database to the code's schema: one linear history in migrations/, the same on SQLite and PostgreSQL."""
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from jetlms.config import ROOT
from jetlms.core.db import db, is_sqlite, write_apart

LOCK = 734_301  # PostgreSQL advisory lock: two machines never migrate at once


def configuration() -> Config:
    """Return Alembic's configuration; it runs on the connection it is given."""
    made = Config()
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.set_main_option("path_separator", "os")
    return made


def is_new() -> bool:
    """Say whether nothing has been installed in this database yet."""
    return not inspect(db.engine).has_table("person")


def upgrade(to: str = "head") -> None:
    """Migrate up, in one transaction."""
    _run(lambda config: command.upgrade(config, to))


def downgrade(to: str) -> None:
    """Migrate down, in one transaction."""
    _run(lambda config: command.downgrade(config, to))


def _run(work) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    config = configuration()
    with write_apart() as connection:
        if not is_sqlite():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        work(config)


def head() -> str:
    """Return the newest revision in the code."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def present() -> str:
    """Return the revision of the database, or "" when it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def differences() -> list[object]:
    """Return where the migrated schema and the models differ (nothing, or a test fails)."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": included})
        return list(compare_metadata(context, db.metadata))


def included(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001
    """Leave out what SQLite's full-text search makes for itself, and the expression index PostgreSQL searches by."""
    return not (kind in {"table", "index"} and (name or "").startswith(("search_fts", "ix_search_document_grams")))


def path() -> Path:
    """Return the folder of the migrations."""
    return ROOT / "migrations"
