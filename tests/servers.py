"""Real servers for tests: PostgreSQL, Redis, Granian, Chromium. Each is our own, on a socket or port nobody else has, and ends with us.

No pytest in here: fixtures, benchmarks and chaos scripts use the same context managers. What this machine has not got raises
`Unavailable` with the reason, for a fixture to skip with; what is there but does not work raises an ordinary error, for a test to fail.
"""
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
COPIES_KEPT = 8  # databases of earlier tests that stay for a look, or for a fixture of a wider scope
_copies: list[str] = []


class Unavailable(Exception):
    """This machine has not got it; the message says what is missing."""


class Server(NamedTuple):
    """A Granian that answers: its address, the process that leads its group, and what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    """Return a TCP port of the loopback interface that was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[str]:
    """Yield the address of a new PostgreSQL on a Unix socket; `durable` keeps fsync on, for measuring.

    JETLMS_TEST_POSTGRES, the address of a server where databases may be made, is used instead when set. Raises Unavailable.
    """
    if given := os.environ.get("JETLMS_TEST_POSTGRES"):
        yield given
        return
    programs = _postgres_programs()
    owner = _server_owner("postgres")
    # Short, because a socket's path has 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="jet-pg-", dir="/tmp" if durable else os.environ.get("JETLMS_TEST_FOLDER", "/tmp")))
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    common: dict[str, Any] = owner | {"cwd": folder, "stdin": subprocess.DEVNULL}
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "postgres", "--auth", "trust", "-E", "UTF8", "--locale", "C.UTF-8",
             "--no-sync", "--no-instructions"], capture_output=True, text=True, check=False, **common)
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr.strip()}")
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200", "timezone": "UTC"}
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([programs / "postgres", "-D", folder / "data", *options], stdout=log, stderr=log, **common)
        dsn = f"postgresql://postgres@/postgres?host={folder}"
        try:
            _wait(lambda: _postgres_answers(dsn), server, folder / "log", seconds=30)
            yield dsn
        finally:
            _stop(server, signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(dsn: str, template: str = "") -> str:
    """Make a database in the server at `dsn`, empty or a copy of `template` (an address or a name); return its address.

    Copies are dropped again when eight later ones exist and nobody is connected to them.
    """
    import psycopg
    from psycopg import sql

    name = f"test_{secrets.token_hex(6)}"
    source = urlsplit(template).path.lstrip("/") if "://" in template else template
    with psycopg.connect(dsn, autocommit=True) as server:
        if source:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
            _copies.append(name)
            while len(_copies) > COPIES_KEPT:
                with suppress(psycopg.errors.ObjectInUse):
                    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(_copies.pop(0))))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source or "template0")))
    return urlsplit(dsn)._replace(path=f"/{name}").geturl()


def _postgres_programs() -> Path:
    """Return the folder with initdb, the newest version's."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found := (str(folders[-1]) if folders else shutil.which("initdb")):
        return Path(found).resolve().parent
    raise Unavailable("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _postgres_answers(dsn: str) -> bool:
    try:
        import psycopg
    except ImportError as error:
        raise Unavailable(f"psycopg cannot be imported: {error}") from error
    with suppress(psycopg.OperationalError), psycopg.connect(dsn, connect_timeout=5):
        return True
    return False


def _server_owner(name: str) -> dict[str, Any]:
    """Return Popen's user and group for servers that refuse root; nothing when we are not root."""
    if os.geteuid():
        return {}
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise Unavailable(f"there is no user {name} to run the server as, and it refuses root") from error
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


# ── Redis ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def private_redis() -> Iterator[str]:
    """Yield the address of a new Redis that keeps nothing. Raises Unavailable."""
    program = shutil.which("redis-server")
    if not program:
        raise Unavailable("Redis is not installed (Debian: apt-get install redis-server)")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="jet-redis-") as folder, Path(folder, "log").open("wb") as log:
        server = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            _wait(lambda: _redis_answers(port), server, Path(folder, "log"), seconds=15)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _stop(server, signal.SIGTERM)


def _redis_answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False


# ── The application's server ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def granian_server(instance: Path, env: Mapping[str, str] | None = None, workers: int = 1, *, options: Sequence[str] = (),
                   app: str = "wsgi:app", cwd: Path = ROOT, name: str = "127.0.0.1") -> Iterator[Server]:
    """Serve the prepared installation in `instance`, wait until /healthz answers, and stop that server's processes only.

    `env` is added to ours, `options` to Granian's. What the server prints lies in `instance/granian-PORT.log`. `name` is how browsers
    call it: passkeys are for "localhost", never for an address in digits.
    """
    port = free_port()
    url = f"http://{name}:{port}"
    log = instance / f"granian-{port}.log"
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port), "--workers",
             str(workers), "--blocking-threads", "4", "--respawn-failed-workers", "--respawn-interval", "0.5",
             "--workers-kill-timeout", "5", *options, app]
    settings = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144"} | os.environ | {    # as ./jet run does
        "JETLMS_INSTANCE": str(instance), "JETLMS_BASE_URL": url} | dict(env or {})
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=cwd, env=settings, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(lambda: _healthy(url), process, log, seconds=60)
        yield Server(url, process, log)
    finally:
        _stop(process, signal.SIGTERM)
        with suppress(ProcessLookupError):  # a worker that outlived its parent
            os.killpg(process.pid, signal.SIGKILL)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"/healthz answered {error.code}") from error
    except OSError:
        return False


# ── The browser ──────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def chromium(**launch: Any) -> Iterator[Any]:
    """Yield a headless Playwright browser: JET_CHROMIUM, else Debian's, else Playwright's own. Raises Unavailable.

    `launch` goes to Playwright's launch; the browser asks nobody on the network anything by itself.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise Unavailable(f"Playwright cannot be imported: {error}") from error
    program = os.environ.get("JET_CHROMIUM") or shutil.which("chromium")
    flags = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-dev-shm-usage", "--no-sandbox"]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=[*flags, *launch.pop("args", [])], **launch)
        except Error as error:
            if program:
                raise
            raise Unavailable("there is no Chromium (Debian: apt-get install chromium)") from error
        try:
            yield browser
        finally:
            browser.close()


# ── Waiting and stopping ─────────────────────────────────────────────────────────────────────────────────────────────


def _wait(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, *, seconds: float) -> None:
    """Return as soon as it answers. Raises RuntimeError, with what the server printed last, when it ends or takes too long."""
    until = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            state = f"ended with {process.returncode}" if process.returncode is not None else f"did not answer in {seconds:.0f} s"
            raise RuntimeError(f"{Path(str(process.args[0])).name} {state}:\n{log.read_text('utf-8', 'replace')[-3000:]}")  # type: ignore[index]
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
    """Ask one process of ours to end, and end it when it does not."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
