"""Requests: statements counted exactly; times as the ratio of two medians, page and floor taken in turns on the same machine."""
import gzip
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import click
from sqlalchemy import event, func, select

from jetlms.bench import scenes
from jetlms.bench.world import holding, signed_in

ROUNDS = 40
PIECE = bytes(range(256)) * 512         # 128 kB, as the booth sends them
SAVE, LIST = (5, 1.5), (10, 2)          # budgets of architecture §8: (statements, times the floor)
UNSAID = (10, None)                     # it says nothing of these pages; ten statements are what it allows a list
JSON = {"Accept": "application/json"}


def measure(app: Any) -> list[dict[str, Any]]:
    """Return the figures of every page and act that has a budget, printing each as it comes."""
    found = []
    for page in (*_pages(app), *_practice(app), *_tutors(app)):
        figures = _compare(app, **page)
        found.append(figures)
        click.echo(f"  {figures['name']:42} {figures['statements']:3} statements  {figures['ratio']:.2f} × floor")
    return found


def _pages(app: Any) -> Iterator[dict[str, Any]]:
    """Return what is measured: name, who, how to call it, budgets (statements, ratio)."""
    ids = _subjects(app)
    ann, cho, dai, fumi = (signed_in(app, f"{name}@demo.example") for name in ("ann", "cho", "dai", "fumi"))
    lesson = f"/learn/tefl-foundations/{ids['lesson']}"
    yield {"name": "lesson page", "call": lambda: ann.get(f"{lesson}?lang=en"), "floor": lambda: ann.get("/floor"), "budget": (6, 1.5)}
    yield {"name": "lesson page, Japanese", "call": lambda: ann.get(f"{lesson}?lang=ja"), "floor": lambda: ann.get("/floor"), "budget": (6, 1.5)}
    yield {"name": "home dashboard", "call": lambda: ann.get("/home"), "floor": lambda: ann.get("/floor"), "budget": (8, 2)}
    counter = iter(range(1, 10**6))
    yield {"name": "save one answer", "call": lambda: ann.post(f"{lesson}/answer", headers=JSON, data={
        "question": ids["question"], "number": "0", "seq": str(next(counter)), "event": str(uuid.uuid4()), ids["question"]: "a"}),
        "floor": lambda: ann.post("/floor-write"), "budget": SAVE}
    yield {"name": "save one progress event", "call": lambda: ann.post(f"{lesson}/seen", headers=JSON, data={
        "screen": "0", "event": str(uuid.uuid4())}), "floor": lambda: ann.post("/floor-write"), "budget": SAVE}
    yield {"name": f"employer's monitor of {ids['employer']}", "call": lambda: cho.get("/monitor"), "floor": lambda: cho.get("/floor"),
           "budget": LIST}
    yield {"name": f"prefecture's monitor of {ids['host']}", "call": lambda: dai.get("/monitor"), "floor": lambda: dai.get("/floor"),
           "budget": LIST}
    yield {"name": f"CLAIR's monitor of {ids['all']}", "call": lambda: fumi.get("/monitor"), "floor": lambda: fumi.get("/floor"),
           "budget": (10, 3)}


def _practice(app: Any) -> Iterator[dict[str, Any]]:
    """Return what one learner does in the workbench, the booth and the review."""
    with app.app_context():
        at = scenes.places()
    learner = scenes.learners(app, 1)[0]
    she, counter, segments, speech = holding(app, learner.token), iter(range(1, 10**6)), f"/learn/{scenes.PRACTICE}/{at.exercise}", at.speech
    write: dict[str, Any] = {"floor": lambda: she.post("/floor-write"), "budget": SAVE}
    yield {"name": "workbench page", "call": lambda: she.get(segments), "floor": lambda: she.get("/floor"), "budget": UNSAID}
    yield {"name": "save one segment", "call": lambda: she.post(f"{segments}/segments/{at.segments[0]}", headers=JSON, data={
        "text": f"a translation of number {next(counter)}", "seq": str(next(counter))}), **write}
    yield {"name": "a piece of a recording, 128 kB", "call": lambda: she.post(
        f"/learn/{scenes.PRACTICE}/{speech}/takes/{at.part}/{uuid.uuid4()}/0", headers=JSON, data=PIECE,
        content_type="application/octet-stream"), **write}
    yield {"name": "daily review", "call": lambda: she.get("/review"), "floor": lambda: she.get("/floor"), "budget": UNSAID}
    yield {"name": "a look at one card", "call": lambda: she.post(f"/review/{learner.cards[next(counter) % len(learner.cards)]}", headers=JSON, data={
        "rating": "3", "event": str(uuid.uuid4()), "took": "2000"}), **write}


def _tutors(app: Any) -> Iterator[dict[str, Any]]:
    """Return what tutors and the desk look at."""
    number, slug = scenes.queue(app), scenes.gradebook(app)
    jun, fumi = signed_in(app, "jun@demo.example"), signed_in(app, "fumi@demo.example")
    jun.post(f"/marking/{number}/take")
    counter = iter(range(1, 10**6))
    read: dict[str, Any] = {"floor": lambda: jun.get("/floor"), "budget": UNSAID}
    yield {"name": f"tutor's queue of {scenes.QUEUE}", "call": lambda: jun.get("/marking"), **read}
    yield {"name": "one test to mark", "call": lambda: jun.get(f"/marking/{number}"), **read}
    yield {"name": "save the draft of a mark", "call": lambda: jun.post(f"/marking/{number}", headers=JSON, data={
        "remark": f"number {next(counter)}", "seq": str(next(counter))}), "floor": lambda: jun.post("/floor-write"), "budget": SAVE}
    yield {"name": f"gradebook of {scenes.LEARNERS:,} × {scenes.MODULES * scenes.QUIZZES}", "call": lambda: fumi.get(f"/courses/{slug}/grades"),
           "floor": lambda: fumi.get("/floor"), "budget": (12, 5)}


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


def _compare(app: Any, name: str, call: Callable[[], Any], floor: Callable[[], Any], budget: tuple[int, float | None]) -> dict[str, Any]:
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
