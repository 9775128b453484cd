"""The servers that other tests stand on: they start, they are apart from each other, and nothing of them stays."""
import os
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

SPEC = Path(__file__).resolve().parents[1] / "servers.py"


@pytest.fixture(scope="module")
def servers():
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("servers_under_test", SPEC)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.postgres
def test_postgres(servers):
    import psycopg

    try:
        with servers.private_postgres() as dsn:
            template = servers.fresh_database(dsn)
            with psycopg.connect(template) as line:
                line.execute("CREATE TABLE person (name text)")
                line.execute("INSERT INTO person VALUES ('髙﨑 アン')")
            one, two = (servers.fresh_database(dsn, template=template) for _ in range(2))
            with psycopg.connect(one) as line:
                line.execute("DELETE FROM person")
            with psycopg.connect(two) as line:
                assert line.execute("SELECT name FROM person").fetchall() == [("髙﨑 アン",)]
            for _ in range(servers.COPIES_KEPT):
                servers.fresh_database(dsn, template=template)
            with psycopg.connect(dsn) as line:
                count = line.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'test\\_%'").fetchone()[0]
            assert count == 1 + servers.COPIES_KEPT
    except servers.Unavailable as why:
        pytest.skip(str(why))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn)


@pytest.mark.redis
def test_redis(servers):
    import redis

    try:
        with servers.private_redis() as url:
            line = redis.from_url(url)
            line.set("word", "研修")
            assert line.get("word").decode() == "研修"
    except servers.Unavailable as why:
        pytest.skip(str(why))
    with pytest.raises(redis.ConnectionError):
        line.ping()


def test_granian(servers, tmp_path):
    (tmp_path / "tiny.py").write_text(
        "import os\n"
        "def app(environ, start):\n"
        "    start('200 OK', [('Content-Type', 'text/plain')])\n"
        "    return [f\"{os.environ['JETLMS_INSTANCE']} {os.environ['JETLMS_BASE_URL']} {os.environ['WORD']}\".encode()]\n")
    with servers.granian_server(tmp_path, {"WORD": "hello"}, app="tiny:app", cwd=tmp_path) as served:
        with urllib.request.urlopen(f"{served.url}/any", timeout=5) as answer:
            assert answer.read().decode() == f"{tmp_path} {served.url} hello"
        group = served.process.pid
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)


def test_granian_that_cannot_start_says_why(servers, tmp_path):
    (tmp_path / "tiny.py").write_text("raise RuntimeError('no lamp')\n")
    with pytest.raises(RuntimeError, match="no lamp"), \
            servers.granian_server(tmp_path, options=["--no-respawn-failed-workers"], app="tiny:app", cwd=tmp_path):
        pass


@pytest.mark.browser
def test_browser(servers):
    """In a thread of its own: Playwright keeps an event loop in the thread whose browser other tests may have open."""
    def press() -> str:
        with servers.chromium() as browser:
            page = browser.new_page(locale="ja-JP")
            page.set_content("<button onclick=\"this.textContent = '済'\">受講</button>")
            page.get_by_role("button").click()
            return str(page.get_by_role("button").inner_text())
    with ThreadPoolExecutor(1) as pool:
        try:
            assert pool.submit(press).result() == "済"
        except servers.Unavailable as why:
            pytest.skip(str(why))
