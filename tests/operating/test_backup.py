"""A backup taken while answers are being saved restores and verifies complete; a damaged one is refused before anything is touched."""
import shutil
import sqlite3
import tarfile
import threading
from pathlib import Path

import pytest

from jetlms import operating


@pytest.fixture
def installed(app):
    """The application's own instance folder, on SQLite (PostgreSQL's programs are tried in test_backup_of_postgresql)."""
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite's own backup")
    return app, Path(app.config["INSTANCE"])


def writer(path, acknowledged, stop):
    """Save rows one by one, noting each only after its commit."""
    raw = sqlite3.connect(path, timeout=10, isolation_level=None)
    raw.execute("PRAGMA synchronous=FULL")
    number = 0
    while not stop.is_set():
        raw.execute("INSERT INTO idempotency_key (key, holder, path, location, made_at) VALUES (?, '', '/x', '', '2026-01-01')", (f"k{number}",))
        acknowledged.append(number)
        number += 1
    raw.close()


def test_a_backup_under_load_holds_everything_acknowledged_before_it(installed, tmp_path):
    app, instance = installed
    acknowledged, stop = [], threading.Event()
    thread = threading.Thread(target=writer, args=(instance / "jetlms.db", acknowledged, stop))
    thread.start()
    try:
        while len(acknowledged) < 50:
            pass
        before = len(acknowledged)
        manifest = operating.make(tmp_path / "b.tar.gz", app, say=lambda _t: None)
    finally:
        stop.set()
        thread.join()
    side = tmp_path / "side"
    side.mkdir()
    assert operating.unpack(tmp_path / "b.tar.gz", side) == manifest
    operating.prove(side, manifest)
    assert manifest["counts"]["idempotency_key"] >= before


def test_restoring_brings_back_what_was_and_keeps_what_is(installed, tmp_path):
    from jetlms.core import files
    from jetlms.core.db import db, unit
    from jetlms.people.models import Person

    app, instance = installed
    with app.app_context(), unit():
        kept = files.store(b"%PDF-1.4 hello", "plan.pdf", by=type("Someone", (), {"id": 1})()).sha256
    operating.make(tmp_path / "b.tar.gz", app, say=lambda _t: None)
    with app.app_context():
        with unit():
            db.session.add(Person(family_name="Later", display_name="Later", sort_name="later"))
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(instance / "files")
    old = operating.restore_to(tmp_path / "b.tar.gz", instance, app, say=lambda _t: None)
    with app.app_context():
        names = set(db.session.scalars(db.select(Person.display_name)))
        assert "Later" not in names
        assert "Ann O’Malley" in names
        assert files.get(kept) == b"%PDF-1.4 hello"
        db.session.remove()
        db.engine.dispose()
    assert (old / "jetlms.db").exists()


@pytest.mark.parametrize("harm", ["cut", "flipped", "swapped", "foreign", "empty"])
def test_a_damaged_archive_is_refused_and_nothing_is_touched(installed, tmp_path, harm):
    app, instance = installed
    archive = tmp_path / "b.tar.gz"
    operating.make(archive, app, say=lambda _t: None)
    data = archive.read_bytes()
    if harm == "cut":
        archive.write_bytes(data[: len(data) // 2])
    elif harm == "flipped":
        archive.write_bytes(data[:-200] + bytes(b ^ 0xFF for b in data[-200:-100]) + data[-100:])
    elif harm == "empty":
        archive.write_bytes(b"")
    else:
        with tarfile.open(archive, "w:gz") as tar:
            extra = tmp_path / "extra"
            extra.write_text("{}" if harm == "foreign" else '{"format": 1, "members": {}}', "utf-8")
            tar.add(extra, "manifest.json")
            if harm == "swapped":
                tar.add(extra, "../outside")
    before = (instance / "jetlms.db").read_bytes()
    with pytest.raises(operating.Damaged):
        operating.restore_to(archive, instance, app, say=lambda _t: None)
    assert (instance / "jetlms.db").read_bytes() == before
    assert not (tmp_path.parent / "outside").exists()


def test_keys_are_never_in_a_backup(installed, tmp_path):
    app, instance = installed
    operating.make(tmp_path / "b.tar.gz", app, say=lambda _t: None)
    secret = (instance / "keys" / "secret.key").read_bytes()
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        names = tar.getnames()
        content = b"".join(tar.extractfile(name).read() for name in names)
    assert not [name for name in names if "key" in name.split("/")]
    assert secret not in content


def test_backup_of_postgresql(app, tmp_path):
    """pg_dump and pg_restore carry the same promise."""
    from jetlms.core.db import db, unit
    from jetlms.people.models import Person

    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("PostgreSQL only")
    operating.make(tmp_path / "b.tar.gz", app, say=lambda _t: None)
    with app.app_context():
        with unit():
            db.session.add(Person(family_name="Later", display_name="Later", sort_name="later"))
        db.session.remove()
        db.engine.dispose()
    operating.restore_to(tmp_path / "b.tar.gz", Path(app.config["INSTANCE"]), app, say=lambda _t: None)
    with app.app_context():
        names = set(db.session.scalars(db.select(Person.display_name)))
        assert "Later" not in names
        assert "Ann O’Malley" in names
        db.session.remove()
        db.engine.dispose()
