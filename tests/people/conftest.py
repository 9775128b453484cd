"""The house as it runs for real: no demo, tokens against forgery, limits when asked for, mail by SMTP."""
import shutil

import pytest


@pytest.fixture
def quick_hashes(monkeypatch):
    """Passwords hashed with the least of everything: hundreds of sign-ins in seconds. test_sign_in.py looks at the real cost."""
    from argon2 import PasswordHasher

    from jetlms.people import passwords

    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords.dummy.cache_clear()
    yield
    passwords.dummy.cache_clear()


@pytest.fixture
def open_house(database_template, tmp_path, clock_at, quick_hashes):
    """Return a function that makes the application with the cast; settings override. Everybody's password is doors.PASSWORD."""
    from doors import give_password

    from jetlms.app import create_app
    from jetlms.core.db import db

    made = []

    def build(**settings):
        if database_template["dsn"]:
            import servers

            url = servers.fresh_database(database_template["dsn"], template=database_template["url"])
        else:
            shutil.copy(database_template["folder"] / "template.db", tmp_path / "jetlms.db")
            url = f"sqlite:///{tmp_path / 'jetlms.db'}"
        values = {"DEMO": False, "TEST_LIMITS": False, "BASE_URL": "http://localhost", "TESTING": True, "SMTP_TLS": False}
        app = create_app(tmp_path, **{**values, "DATABASE_URL": url, **settings})
        if not settings.get("DEMO"):
            give_password(app)
        made.append(app)
        return app
    yield build
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def house(open_house):
    """The application as it runs for real."""
    return open_house()


@pytest.fixture
def mail():
    """A mail server that keeps what it gets: (mailbox, port)."""
    from doors import mail_server

    with mail_server() as (box, port):
        box.port = port
        yield box


@pytest.fixture
def posting_house(open_house, mail):
    """The application as it runs for real, with its mail going to `mail`."""
    return open_house(SMTP_HOST="127.0.0.1", SMTP_PORT=mail.port)
