"""An application on a database of its own for each test: a copy of a template made once a process, on SQLite and on PostgreSQL.

PostgreSQL is a private one (tests/servers.py); `-m "not postgres"` leaves it out while working.
"""
import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

sys.path.insert(0, str(Path(__file__).parent))

os.environ.setdefault("TZ", "UTC")
# Databases are durable here as everywhere, and wait for the disk at each commit: tests keep theirs in memory where there is room.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    os.environ.setdefault("JETLMS_TEST_FOLDER", str(MEMORY))
# Monday of an ordinary school week; Japan is nine hours ahead: 09:00 JST.
TODAY = "2026-11-23T00:00:00+00:00"


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """Make the schema, the reference bodies and the cast once; tests copy it. Every test that asks for it runs on both databases."""
    import servers

    folder = tmp_path_factory.mktemp(f"template-{request.param}")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'template.db'}"
        _fill(folder, url)
        with sqlite3.connect(folder / "template.db") as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield {"folder": folder, "dsn": "", "url": url}
        return
    with contextlib.ExitStack() as stack:
        try:
            dsn = stack.enter_context(servers.private_postgres())
        except servers.Unavailable as why:
            pytest.skip(str(why))
        url = servers.fresh_database(dsn)
        _fill(folder, url)
        yield {"folder": folder, "dsn": dsn, "url": url}


def _fill(folder: Path, url: str) -> None:
    import cast

    from jetlms.app import create_app
    from jetlms.core.db import db, unit
    from jetlms.core.schema import create_all

    with time_machine.travel(datetime.fromisoformat(TODAY)):
        app = create_app(folder, DATABASE_URL=url, DEMO=True, TEST_LIMITS=False)
        with app.app_context():
            create_all()
            with unit():
                cast.build()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def clock_at() -> Iterator[time_machine.Traveller]:
    """The test's clock; `clock_at.shift(days=1)` moves it."""
    with time_machine.travel(datetime.fromisoformat(TODAY), tick=True) as traveller:
        yield traveller


@pytest.fixture
def app(database_template: dict, tmp_path: Path, clock_at: time_machine.Traveller) -> Iterator:
    """The application with the cast, on a database of its own."""
    from jetlms.app import create_app
    from jetlms.core.db import db

    if database_template["dsn"]:
        import servers

        url = servers.fresh_database(database_template["dsn"], template=database_template["url"])
    else:
        shutil.copy(database_template["folder"] / "template.db", tmp_path / "jetlms.db")
        url = f"sqlite:///{tmp_path / 'jetlms.db'}"
    made = create_app(tmp_path, DATABASE_URL=url, DEMO=True, TEST_LIMITS=False, TESTING=True, WTF_CSRF_ENABLED=False)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def db(app) -> Iterator:
    """The session inside an application context, for arranging and looking."""
    from jetlms.core.db import db as database

    with app.app_context():
        yield database
        database.session.remove()


@pytest.fixture
def people(app):
    """People who can act: `people.ann` is a signed-in test client; `people.ann_id` her person id."""
    from acting import People

    return People(app)


@pytest.fixture
def queries(app) -> Iterator:
    """Count statements: `with queries() as seen: …; len(seen)`."""
    from contextlib import contextmanager

    from sqlalchemy import event

    from jetlms.core.db import db

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn, _cursor, statement, *_rest) -> None:
            if not statement.startswith(("BEGIN", "SET TRANSACTION")):
                seen.append(statement)
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return counting


@pytest.fixture(autouse=True)
def everybody_for_herself() -> Iterator[None]:
    """Within the application context of `db`, requests share Flask's `g`: forget who asked before, as a server does."""
    from flask import g, request_started

    from jetlms.learning.queries import monitor

    def forget(*_sender: object, **_more: object) -> None:
        g.pop("_login_user", None)
    monitor.by_prefecture.cache_clear()
    monitor.under_host_body.cache_clear()
    with request_started.connected_to(forget):
        yield
