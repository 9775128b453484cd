"""The application that is measured: the demo world in a database of its own, and the floor pages, which exist here only."""
import contextlib
import importlib
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from jetlms.config import ROOT


def database(name: str, stack: contextlib.ExitStack) -> str | None:
    """Return the address of an empty database with its durable settings, or None when the server is not installed."""
    if name == "sqlite":
        return ""
    sys.path.insert(0, str(ROOT / "tests"))
    servers = importlib.import_module("servers")
    try:
        return str(servers.fresh_database(stack.enter_context(servers.private_postgres(durable=True))))
    except servers.Unavailable:
        return None


@contextlib.contextmanager
def built(url: str, scale: str) -> Iterator[tuple[Any, float]]:
    """Yield the application on the world of this scale, and the seconds it took to build."""
    from jetlms.app import create_app
    from jetlms.core.db import db
    from jetlms.demo.world import load
    from jetlms.migrate import upgrade

    with tempfile.TemporaryDirectory() as folder:
        os.environ["JETLMS_INSTANCE"] = folder
        (Path(folder) / "config.toml").write_text("demo = true\ntest_limits = false\nworker = 'separate'\n", "utf-8")
        app = create_app(Path(folder), WTF_CSRF_ENABLED=False, **({"DATABASE_URL": url} if url else {}))
        _floor_pages(app)
        started = time.perf_counter()
        with app.app_context():
            upgrade()
            load(scale, say=lambda *_a: None)
            with db.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        yield app, round(time.perf_counter() - started, 1)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _floor_pages(app: Any) -> None:
    """Add the floor: the smallest honest page, and the smallest honest write. They exist in the benchmark only."""
    from flask import render_template
    from flask_login import current_user

    from jetlms.core import idempotency
    from jetlms.core.db import db, upsert
    from jetlms.core.guard import signed_in
    from jetlms.people.models import Person

    # Compiled once, as every template of ours is: a page that compiled itself anew would make all others look quick.
    page = app.jinja_env.from_string('{% extends "plain.html" %}{% block main %}<h1>{{ name }}</h1>{% endblock %}')

    @signed_in
    def floor() -> str:
        name = db.session.scalar(select(Person.display_name).where(Person.id == current_user.id))
        return render_template(page, name=name)

    @signed_in
    def floor_write() -> dict[str, bool]:
        assert current_user.is_authenticated  # noqa: S101 -- the reader is loaded, as on every page
        db.session.execute(upsert(idempotency.IdempotencyKey).values(key=str(uuid.uuid4()), holder="", path="", location=""))
        return {"saved": True}
    app.add_url_rule("/floor", "floor", floor)
    app.add_url_rule("/floor-write", "floor_write", floor_write, methods=["POST"])


def signed_in(app: Any, email: str) -> Any:
    """Return a test client with a device of this account."""
    from jetlms.core.db import db, unit
    from jetlms.people.models import Account

    with app.app_context(), unit():
        token = device(db.session.scalars(select(Account.id).where(Account.email == email)).one())
    return holding(app, token)


def device(account_id: int) -> str:
    """Sign an account in on a new device; returns the device's token."""
    from jetlms.core import clock, crypto
    from jetlms.core.db import db
    from jetlms.people.models import Device

    token, at = crypto.new_token(), clock.now()
    db.session.add(Device(account_id=account_id, token_digest=crypto.digest(token), label="bench", created_at=at, last_seen_at=at,
                          expires_at=at.replace(year=at.year + 1), confirmed_at=at, factor_at=at))
    return token


def holding(app: Any, token: str) -> Any:
    """Return a test client that holds the token of a device."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["device"] = token
    return client
