"""Measure the budgets of architecture §8 on the `jet` world: each page against the floor page of the same run, on each database.

The floor is the smallest honest page of this stack: a signed-in reader, one SELECT, a small template. Machines are noisy, so rounds of
floor and page alternate and the medians' ratio is what counts; statements are counted exactly.
"""
import contextlib
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import event, func, select

ROUNDS = 30
ROOT = Path(__file__).resolve().parent.parent


@click.command()
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="also write the figures here")
@click.option("--scale", type=click.Choice(["small", "jet"]), default="jet")
@click.option("--engine", type=click.Choice(["both", "sqlite", "postgresql"]), default="both")
@click.option("--write", is_flag=True, help="write docs/performance.md")
def bench(json_file: Path | None, scale: str, engine: str, write: bool) -> None:  # noqa: FBT001
    """Measure pages, answers, imports and exports against the floor page of the same run."""
    found: dict[str, Any] = {"scale": scale, "engines": {}, "process": process_figures()}
    for name in (("sqlite", "postgresql") if engine == "both" else (engine,)):
        with contextlib.ExitStack() as stack:
            url = _database(name, stack)
            if url is None:
                click.echo(f"{name}: not installed here, left out")
                continue
            click.echo(f"{name}: building the {scale} world")
            found["engines"][name] = _measure(url, scale)
    text = report(found)
    click.echo(text)
    if json_file:
        json_file.write_text(json.dumps(found, indent=1), "utf-8")
    if write:
        (ROOT / "docs" / "performance.md").write_text(text, "utf-8")


def _database(name: str, stack: contextlib.ExitStack) -> str | None:
    """Return the address of an empty database with its durable settings, or None when the server is not installed."""
    if name == "sqlite":
        return ""
    sys.path.insert(0, str(ROOT / "tests"))
    import servers

    try:
        return str(servers.fresh_database(stack.enter_context(servers.private_postgres(durable=True))))
    except servers.Unavailable:
        return None


def _measure(url: str, scale: str) -> dict[str, Any]:
    from jetlms.app import create_app
    from jetlms.core.db import db
    from jetlms.migrate import upgrade

    with tempfile.TemporaryDirectory() as folder:
        os.environ["JETLMS_INSTANCE"] = folder
        (Path(folder) / "config.toml").write_text("demo = true\ntest_limits = false\nworker = 'separate'\n", "utf-8")
        app = create_app(Path(folder), WTF_CSRF_ENABLED=False, **({"DATABASE_URL": url} if url else {}))
        _floor_pages(app)
        started = time.perf_counter()
        with app.app_context():
            upgrade()
            from jetlms.demo.world import load

            load(scale, say=lambda *_a: None)
            from sqlalchemy import text

            with db.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        figures: dict[str, Any] = {"world_seconds": round(time.perf_counter() - started, 1), "pages": []}
        for page in _pages(app):
            figures["pages"].append(_compare(app, **page))
            click.echo(f"  {figures['pages'][-1]['name']:42} {figures['pages'][-1]['statements']:3} statements  "
                       f"{figures['pages'][-1]['ratio']:.2f} × floor")
        figures |= _bulk(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    return figures


def _floor_pages(app: Any) -> None:
    """Add the floor: the smallest honest page, and the smallest honest write. They exist in the benchmark only."""
    from flask import render_template_string
    from flask_login import current_user

    from jetlms.core import idempotency
    from jetlms.core.db import db, upsert
    from jetlms.core.guard import signed_in
    from jetlms.people.models import Person

    @signed_in
    def floor() -> str:
        name = db.session.scalar(select(Person.display_name).where(Person.id == current_user.id))
        return render_template_string('{% extends "plain.html" %}{% block main %}<h1>{{ name }}</h1>{% endblock %}', name=name)

    @signed_in
    def floor_write() -> dict[str, bool]:
        assert current_user.is_authenticated  # noqa: S101 -- the reader is loaded, as on every page
        db.session.execute(upsert(idempotency.IdempotencyKey).values(key=str(uuid.uuid4()), holder="", path="", location=""))
        return {"saved": True}
    app.add_url_rule("/floor", "floor", floor)
    app.add_url_rule("/floor-write", "floor_write", floor_write, methods=["POST"])


def _pages(app: Any) -> Iterator[dict[str, Any]]:
    """Return what is measured: name, who, how to call it, budgets (statements, ratio)."""
    ids = _subjects(app)
    ann, cho, dai, fumi = (signed_in(app, f"{name}@demo.example") for name in ("ann", "cho", "dai", "fumi"))
    lesson = f"/learn/tefl-foundations/{ids['lesson']}"
    yield {"name": "lesson page", "call": lambda: ann.get(f"{lesson}?lang=en"), "floor": lambda: ann.get("/floor"), "budget": (6, 1.5)}
    yield {"name": "lesson page, Japanese", "call": lambda: ann.get(f"{lesson}?lang=ja"), "floor": lambda: ann.get("/floor"), "budget": (6, 1.5)}
    yield {"name": "home dashboard", "call": lambda: ann.get("/home"), "floor": lambda: ann.get("/floor"), "budget": (8, 2)}
    counter = iter(range(1, 10**6))
    yield {"name": "save one answer", "call": lambda: ann.post(f"{lesson}/answer", headers={"Accept": "application/json"}, data={
        "question": ids["question"], "number": "0", "seq": str(next(counter)), "event": str(uuid.uuid4()), ids["question"]: "a"}),
        "floor": lambda: ann.post("/floor-write"), "budget": (5, 1.5)}
    yield {"name": "save one progress event", "call": lambda: ann.post(f"{lesson}/seen", headers={"Accept": "application/json"}, data={
        "screen": "0", "event": str(uuid.uuid4())}), "floor": lambda: ann.post("/floor-write"), "budget": (5, 1.5)}
    yield {"name": f"employer's monitor of {ids['employer']}", "call": lambda: cho.get("/monitor"), "floor": lambda: cho.get("/floor"),
           "budget": (10, 2)}
    yield {"name": f"prefecture's monitor of {ids['host']}", "call": lambda: dai.get("/monitor"), "floor": lambda: dai.get("/floor"),
           "budget": (10, 2)}
    yield {"name": f"CLAIR's monitor of {ids['all']}", "call": lambda: fumi.get("/monitor"), "floor": lambda: fumi.get("/floor"),
           "budget": (10, 3)}


def _subjects(app: Any) -> dict[str, Any]:
    from jetlms.core.db import db
    from jetlms.learning import progress
    from jetlms.learning.models import Course, Enrolment
    from jetlms.learning.releases import outline, text
    from jetlms.people.models import Appointment, Organisation

    with app.app_context():
        course = db.session.scalars(select(Course).where(Course.slug == "tefl-foundations")).one()
        release = course.release_id or 0
        found: dict[str, Any] = {}
        for item in progress.items_of(outline(release)):
            questions = (text(release, item["id"], "en") or {"questions": {}})["questions"]
            choice = next((key for key, q in questions.items() if q["type"] == "choice" and q["use"] != "pre"), None)
            if item["kind"] == "lesson" and choice and item["questions"] > 1:
                found = {"lesson": item["id"], "question": choice}
        nara = db.session.scalar(select(Organisation.id).where(Organisation.slug == "nara"))
        ikoma = db.session.scalar(select(Organisation.id).where(Organisation.slug == "ikoma-boe"))
        count = select(func.count()).select_from(Enrolment).join(Appointment, Appointment.person_id == Enrolment.person_id).join(
            Organisation, Organisation.id == Appointment.organisation_id).where(Enrolment.course_id == course.id)
        found["employer"] = db.session.scalar(count.where(Organisation.id == ikoma))
        found["host"] = db.session.scalar(count.where(Organisation.host_id == nara))
        found["all"] = db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.course_id == course.id))
        db.session.remove()
    return found


def signed_in(app: Any, email: str) -> Any:
    """Return a test client with a device of this account."""
    from jetlms.core import clock, crypto
    from jetlms.core.db import db, unit
    from jetlms.people.models import Account, Device

    token = crypto.new_token()
    with app.app_context(), unit():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        at = clock.now()
        db.session.add(Device(account_id=account.id, token_digest=crypto.digest(token), label="bench", created_at=at, last_seen_at=at,
                              expires_at=at.replace(year=at.year + 1), confirmed_at=at, factor_at=at))
    client = app.test_client()
    with client.session_transaction() as session:
        session["device"] = token
    return client


def _compare(app: Any, name: str, call: Callable[[], Any], floor: Callable[[], Any], budget: tuple[int, float]) -> dict[str, Any]:
    """Alternate floor and page; return statements, milliseconds, the ratio of the medians and the compressed size."""
    for _n in range(3):
        floor()
        response = call()
    if response.status_code != 200:  # noqa: PLR2004
        raise click.ClickException(f"{name} answered {response.status_code}")
    statements = _count(app, call)
    pages, floors = [], []
    for _n in range(ROUNDS):
        floors.append(_time(floor))
        pages.append(_time(call))
    page, base = statistics.median(pages), statistics.median(floors)
    return {"name": name, "statements": statements, "ms": round(page * 1000, 2), "floor_ms": round(base * 1000, 2),
            "ratio": round(page / base, 2), "gz": len(gzip.compress(response.data, 6)), "most_statements": budget[0], "most_ratio": budget[1]}


def _time(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _count(app: Any, call: Callable[[], Any]) -> int:
    from jetlms.core.db import db

    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SET TRANSACTION")):
            seen.append(statement)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _bulk(app: Any) -> dict[str, Any]:
    """Measure the export of 100,000 rows (memory) and the import of 6,000 participants (seconds)."""
    from jetlms.core import exports

    tracemalloc.start()
    started = time.perf_counter()
    size = sum(len(piece) for piece in exports.csv_stream(["a", "b", "c"], ((n, f"name {n}", "状況") for n in range(100_000))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    figures = {"export_seconds": round(time.perf_counter() - started, 2), "export_mb": round(size / 1e6, 1), "export_peak_mb": round(peak / 1e6, 1)}
    return figures | _import(app)


def _import(app: Any) -> dict[str, Any]:
    """Import 6,000 participants: dry run and commit."""
    try:
        from jetlms.people.service.imports import bench_import
    except ImportError:
        return {}
    with app.app_context():
        return {"import_seconds": round(bench_import(6000), 1)}


def process_figures() -> dict[str, Any]:
    """Measure the cold start of the application in a process of its own."""
    code = ("import time; t = time.perf_counter(); from jetlms.app import create_app; create_app(); "
            "print(time.perf_counter() - t)")
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _n in range(3):
            done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"JETLMS_INSTANCE": folder}, capture_output=True,  # noqa: S603
                                  text=True, check=True)
            times.append(float(done.stdout))
    return {"cold_start_seconds": round(min(times), 2)}


def report(found: dict[str, Any]) -> str:
    """Return docs/performance.md."""
    lines = ["# Performance, as measured", "",
             f"Written by `./jet bench --write` on the `{found['scale']}` world. The floor is the smallest honest page of this stack in the same run:",
             "signed-in reader, one SELECT, small template; for saves, the smallest honest write. Machines differ: read the ratios.", "",
             f"Cold start of the application: {found['process']['cold_start_seconds']} s (budget 1.5 s).", ""]
    for engine, figures in found["engines"].items():
        lines += [f"## {engine}", "", "| page or act | statements | budget | × floor | budget | ms | floor ms | HTML gzipped |", "|---|---|---|---|---|---|---|---|"]
        lines += [f"| {p['name']} | {p['statements']} | {p['most_statements']} | {p['ratio']} | {p['most_ratio']} | {p['ms']} | {p['floor_ms']} | "
                  f"{p['gz'] / 1000:.1f} kB |" for p in figures["pages"]]
        lines += ["", f"Building this world took {figures['world_seconds']} s. Exporting 100,000 rows as CSV: {figures['export_seconds']} s, "
                  f"{figures['export_mb']} MB, {figures['export_peak_mb']} MB of memory at the most."]
        if "import_seconds" in figures:
            lines.append(f"Importing 6,000 participants, dry run and commit in one transaction: {figures['import_seconds']} s (budget 15 s).")
        lines.append("")
    return "\n".join(lines)
