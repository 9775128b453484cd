"""What the house promises as a whole: every route guarded, layers kept, both languages complete, settings of the database asserted."""
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "jetlms").rglob("templates/**/*.html"))


def rows(app):
    from jetlms.cli import route_rows

    return [f"{','.join(r['methods']):8} {r['rule']:60} {r['needs']}" for r in route_rows(app)]


def golden(name, lines):
    """Compare with tests/architecture/NAME; JET_UPDATE=1 writes it, for a change that is meant."""
    import os

    path = Path(__file__).parent / name
    text_now = "\n".join(line.rstrip() for line in lines) + "\n"
    if os.environ.get("JET_UPDATE") or not path.exists():
        path.write_text(text_now, "utf-8")
    assert path.read_text("utf-8") == text_now


def test_the_list_of_routes_is_what_we_mean(app):
    golden("routes.txt", rows(app))


def test_the_permission_matrix_is_what_we_mean(app):
    from jetlms.cli import permissions_page

    assert (ROOT / "docs" / "permissions.md").read_text("utf-8") == permissions_page(app), "run ./jet permissions --write"


def test_a_silent_route_stops_the_application(app):
    from jetlms.core import guard

    app.view_functions["silent"] = lambda: "x"
    app.url_map._remap = True
    from werkzeug.routing import Rule

    app.url_map.add(Rule("/silent", endpoint="silent"))
    with pytest.raises(RuntimeError, match="silent"):
        guard.assert_guarded(app)


def test_layers_are_kept():
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_japanese_is_complete():
    from jetlms import translating

    assert translating.problems() == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "jetlms")))
def test_templates_hold_no_inline_script_or_style(path):
    source = path.read_text("utf-8")
    assert not re.search(r'\sstyle="', source)
    assert not re.search(r"<style\b", source)
    assert not re.search(r'\son[a-z]+="', source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


def test_every_template_parses(app):
    for name in app.jinja_env.list_templates():
        if name.endswith((".html", ".txt")):
            app.jinja_env.get_template(name)


def test_every_connection_is_durable(app):
    from jetlms.core.db import db, read_apart, write_apart

    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite's settings")
    with app.app_context():
        for opened in (read_apart, write_apart):
            with opened() as connection:
                assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
                assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
                assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
                assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 5000
        db.session.remove()


def test_get_never_writes(app, people):
    """On PostgreSQL reading is READ ONLY; on SQLite a GET must leave the database's change counter alone (but for the audit)."""
    from jetlms.core.db import db

    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        with app.app_context():
            before = db.session.execute(text("PRAGMA data_version")).scalar()
        people.ann.get("/home")
        people.ann.get("/learn")
        with app.app_context():
            assert db.session.execute(text("PRAGMA data_version")).scalar() == before
        return
    with app.app_context(), app.test_request_context("/"):
        with pytest.raises(Exception, match="read-only"):
            db.session.execute(text("INSERT INTO job_run (job, slot, worker, error) VALUES ('x', now(), '', '')"))
        db.session.rollback()


def test_security_headers_are_on_every_answer(people):
    for client, path in ((people.stranger, "/"), (people.ann, "/home"), (people.stranger, "/nothing")):
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-store"


def test_another_host_name_is_refused(people):
    assert people.stranger.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/monitor/people/99999999999999999999999", "/monitor/people/0", "/learn/none", "/learn/tefl/x", "/certificates/x",
                                  "/inbox/99999999999999999999"])
def test_unknown_things_are_404_however_large(people, path):
    assert people.cho.get(path).status_code in {404, 405}


def test_a_wrong_method_is_405(people):
    assert people.ann.post("/home").status_code == 405
    assert people.ann.delete("/learn").status_code == 405


def test_nul_is_refused(people):
    assert people.ann.get("/search?q=a%00b").status_code == 400
    for path in ("/learn/a%00b", "/courses/a%00b", "/learn/files/%00", "/reset/%00"):
        assert people.ann.get(path).status_code == 404
