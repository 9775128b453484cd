"""Migrations up, down and up again equal the models, on both databases."""
from pathlib import Path

import pytest
import servers

from jetlms import migrate


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request, tmp_path):
    """An application on an empty database."""
    from jetlms.app import create_app
    from jetlms.core.db import db

    if request.param == "sqlite":
        app = create_app(tmp_path, DEMO=True)
        yield app
    else:
        try:
            context = servers.private_postgres()
            dsn = context.__enter__()
        except servers.Unavailable as why:
            pytest.skip(str(why))
        app = create_app(tmp_path, DEMO=True, DATABASE_URL=servers.fresh_database(dsn))
        yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if request.param != "sqlite":
        context.__exit__(None, None, None)


def test_up_down_up_equals_the_models(empty):
    with empty.app_context():
        assert migrate.is_new()
        migrate.upgrade()
        assert migrate.differences() == []
        assert migrate.present() == migrate.head()
        migrate.downgrade("base")
        assert migrate.is_new()
        migrate.upgrade()
        assert migrate.differences() == []


def test_the_history_is_one_line():
    revisions = list((Path(migrate.path()) / "versions").glob("*.py"))
    assert revisions
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(migrate.configuration())
    assert len(script.get_heads()) == 1


def test_search_and_the_append_only_audit_work_on_a_migrated_database(empty):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from jetlms.core import audit, search
    from jetlms.core.db import db, unit

    with empty.app_context():
        migrate.upgrade()
        with unit():
            search.index_many("lesson", [{"subject_id": 1, "lang": "ja", "title": "任用団体の研修", "body": "", "url": "/x"}])
            audit.record("test.act", ("person", 1), by=None)
        with pytest.raises(DBAPIError), unit():
            db.session.execute(text("UPDATE audit_entry SET note = 'changed'"))
        with pytest.raises(DBAPIError), unit():
            db.session.execute(text("DELETE FROM audit_entry"))
