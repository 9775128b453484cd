"""The program as a whole: how long it takes to start, what two workers hold in memory, what a first visit costs on the wire."""
import http.client
import importlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jetlms.config import ROOT

# As wsgi.py starts: the collector sleeps until everything is there.
START = "import gc, time; gc.disable(); t = time.perf_counter(); from jetlms.app import create_app; create_app(); print(time.perf_counter() - t)"
FRAMEWORKS = ("import gc, time; gc.disable(); t = time.perf_counter(); import flask, flask_sqlalchemy, flask_login, flask_wtf; "
              "print(time.perf_counter() - t)")
SIGNED_OUT = ("/", "/sign-in", "/sign-in?lang=ja", "/healthz", "/readyz", "/help")
SIGNED_IN = ("/home", "/learn", "/learn/tefl-foundations", "/inbox", "/account", "/search?q=lesson", "/who-sees")
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTED = re.compile(r'from\s*"(\./[^"]+)"|import\s*"(\./[^"]+)"')


def figures() -> dict[str, Any]:
    """Return seconds of a cold start, megabytes (PSS) of the server with two workers, bytes of a first visit."""
    return {"cold_start_seconds": cold_start(START), "frameworks_seconds": cold_start(FRAMEWORKS)} | _served()


def cold_start(code: str) -> float:
    """Return the least of five starts, each in a process of its own."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for _n in range(5):
            done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"JETLMS_INSTANCE": folder},  # noqa: S603
                                  capture_output=True, text=True, check=True)
            times.append(float(done.stdout))
    return round(min(times), 2)


def _served() -> dict[str, Any]:
    """Serve a small demo as `./jet run` does, visit it from both workers, and look at the processes."""
    sys.path.insert(0, str(ROOT / "tests"))
    servers = importlib.import_module("servers")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "jetlms", "prepare"], cwd=ROOT, env=os.environ | {"JETLMS_INSTANCE": folder}, check=True,
                       capture_output=True)
        with servers.granian_server(Path(folder), {"JETLMS_WORKER": "embedded", "JETLMS_TEST_LIMITS": "false"}, 2) as server:
            host = server.url.removeprefix("http://")
            visit = _first_visit(host)
            cookie = _sign_in(host)
            for _n in range(12):                         # a new connection each: both workers get their share
                for path in SIGNED_OUT:
                    _get(host, path)
                for path in SIGNED_IN:
                    _get(host, path, cookie)
            return {"memory_mb": round(sum(map(_pss, _family(server.process.pid))) / 1e6), "first_visit": visit}


def _get(host: str, path: str, cookie: str = "") -> tuple[int, str, bytes]:
    """Return (bytes of head and body as they travel, Set-Cookie, body) of a GET on a connection of its own."""
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"} | ({"Cookie": cookie} if cookie else {}))
    response = connection.getresponse()
    body = response.read()
    head = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    connection.close()
    return head + len(body), response.getheader("Set-Cookie") or "", body


def _first_visit(host: str) -> int:
    """Return the bytes of the sign-in page with all it loads."""
    total, _cookie, body = _get(host, "/sign-in")
    wanted, seen = set(LINKED.findall(body.decode())), set[str]()
    while wanted - seen:
        path = (wanted - seen).pop()
        seen.add(path)
        size, _cookie, _body = _get(host, path)
        total += size
        if path.endswith(".js"):
            source = (ROOT / "jetlms" / "ui" / "static" / path.split("/", 3)[3]).read_text("utf-8")
            wanted |= {path.rsplit("/", 1)[0] + "/" + (a or b).removeprefix("./") for a, b in IMPORTED.findall(source)}
    return total


def _sign_in(host: str) -> str:
    """Return the cookie of Ann, signed in through the form."""
    from urllib.parse import urlencode

    _size, cookie, body = _get(host, "/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body.decode())
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("POST", "/sign-in", urlencode({
        "csrf_token": token[1] if token else "", "email": "ann@demo.example", "password": "jetlms-demo"}),
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie.split(";")[0]})
    response = connection.getresponse()
    response.read()
    given = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
    connection.close()
    if response.status >= 400:  # noqa: PLR2004
        raise RuntimeError(f"sign-in answered {response.status}")
    return "; ".join(given)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _pss(pid: int) -> int:
    """Return the proportional share of memory of a process, in bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
