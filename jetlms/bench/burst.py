"""The hour before a deadline: so many learners, each saving every two seconds, against the server as it is shipped. Nothing may be lost.

A save counts as late from the moment it was due, not from the moment it could be sent: a server that stalls cannot hide it. What the
server answered with success is looked up in the database afterwards.
"""
import asyncio
import importlib
import json
import os
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import click
from sqlalchemy import select

from jetlms.bench import scenes
from jetlms.config import ROOT

EVERY = 2.0                             # seconds between two saves of one learner
P99 = 500                               # ms, the budget
PATIENCE = 30                           # seconds until a save counts as not answered
ALONE = 50                              # saves of one learner with nobody else there: the floor
KINDS = ("answer", "answer", "segment", "answer", "look")


class Save(NamedTuple):
    """One save: what is sent, and what must be found afterwards under `key` (a newer one there is as good)."""

    path: str
    fields: dict[str, str]
    key: tuple[str, ...]
    seq: int
    value: str


class Outcome(NamedTuple):
    """What became of a save: HTTP status (0: no answer, `why`), milliseconds since it was due."""

    save: Save
    status: int
    ms: float
    why: str = ""


def save(learner: scenes.Learner, at: scenes.Places, number: int) -> Save:
    """Return the learner's save of this number (from 0)."""
    kind, who = KINDS[number % len(KINDS)], str(learner.person_id)
    event = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{who}/{number}"))
    if kind == "answer":
        value = "ab"[number % 2]
        fields = {"question": at.question, "number": "0", "seq": str(number + 1), "event": event, at.question: value}
        return Save(f"/learn/{scenes.MAIN}/{at.lesson}/answer", fields, (kind, who), number + 1, value)
    if kind == "segment":
        segment, value = at.segments[number % len(at.segments)], f"訳文 {number}"
        path = f"/learn/{scenes.PRACTICE}/{at.exercise}/segments/{segment}"
        return Save(path, {"text": value, "seq": str(number + 1)}, (kind, who, segment), number + 1, value)
    card = learner.cards[number % len(learner.cards)]
    return Save(f"/review/{card}", {"rating": "3", "event": event, "took": "2000"}, (kind, event), 1, event)


def lost(acknowledged: Iterable[Save], stored: dict[tuple[str, ...], tuple[int, str]]) -> list[Save]:
    """Return the saves that were answered with success and are not there: neither they nor anything newer. `stored`: key → (seq, value)."""
    def there(one: Save) -> bool:
        seq, value = stored.get(one.key, (0, ""))
        return seq > one.seq or (seq == one.seq and value == one.value)
    return [one for one in acknowledged if not there(one)]


def figures(outcomes: list[Outcome], alone: list[Outcome], stored: dict[tuple[str, ...], tuple[int, str]]) -> dict[str, Any]:
    """Return what a burst amounts to: counts, errors by kind, milliseconds."""
    taken = [one for one in outcomes if one.status == 200]  # noqa: PLR2004
    times = sorted(one.ms for one in outcomes) or [0.0]
    return {
        "sent": len(outcomes), "taken": len(taken), "lost": len(lost([one.save for one in taken], stored)),
        "errors": dict(Counter(one.why or str(one.status) for one in outcomes if one.status != 200)),  # noqa: PLR2004
        "ms": {"p50": _at(times, 0.5), "p95": _at(times, 0.95), "p99": _at(times, 0.99), "max": round(times[-1], 1)},
        "alone_ms": round(statistics.median(one.ms for one in alone), 1) if alone else 0.0}


def _at(times: list[float], share: float) -> float:
    """Return the time within which this share was answered."""
    return round(times[min(len(times) - 1, int(len(times) * share))], 1)


def good(found: dict[str, Any]) -> bool:
    """Say whether nothing was lost or refused, and the slowest hundredth is within the budget."""
    return not found["lost"] and not found["errors"] and found["ms"]["p99"] < P99


def line(found: dict[str, Any]) -> str:
    """Return a burst in one line."""
    ms, errors = found["ms"], "".join(f", {count} × {why}" for why, count in found["errors"].items())
    return (f"{found['learners']} learners for {found['seconds']} s: {found['sent']} saves, {found['taken']} taken, {found['lost']} lost{errors}; "
            f"p50 {ms['p50']} ms, p95 {ms['p95']} ms, p99 {ms['p99']} ms, max {ms['max']} ms; one learner alone {found['alone_ms']} ms")


def measure(app: Any, learners: int, seconds: int) -> dict[str, Any]:
    """Serve this world as `./jet run` does, let the burst happen, look up what is there; returns its figures."""
    sys.path.insert(0, str(ROOT / "tests"))
    servers = importlib.import_module("servers")

    with app.app_context():
        at = scenes.places()
    people = scenes.learners(app, learners)
    heads = [_head(app, learner) for learner in people]
    first = [save(people[0], at, n) for n in range(ALONE)]
    scripts = [[save(learner, at, ALONE + n) for n in range(max(1, round(seconds / EVERY)))] for learner in people]
    address = {"JETLMS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "JETLMS_WORKER": "embedded", "JETLMS_TEST_LIMITS": "false"}
    with servers.granian_server(Path(os.environ["JETLMS_INSTANCE"]), address, 2) as server:
        alone = asyncio.run(_play(server.url, [heads[0]], [first], every=0.02))
        asyncio.run(_play(server.url, heads, [script[:1] for script in scripts], every=EVERY))       # everybody has opened the page
        outcomes = asyncio.run(_play(server.url, heads, scripts, every=EVERY))
    return {"learners": learners, "seconds": seconds} | figures(outcomes, alone, _stored(app))


def _head(app: Any, learner: scenes.Learner) -> str:
    """Return what identifies a signed-in browser: its cookie and its token against forged requests, as header lines."""
    from flask import session
    from flask_wtf.csrf import generate_csrf

    with app.test_request_context():
        session["device"] = learner.token
        token = generate_csrf()
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    return f"Cookie: {app.config['SESSION_COOKIE_NAME']}={cookie}\r\nX-CSRFToken: {token}\r\n"


async def _play(url: str, heads: list[str], scripts: list[list[Save]], *, every: float) -> list[Outcome]:
    """Let each learner send her saves one after the other, each when it is due; they begin spread over one interval."""
    start, gap = time.perf_counter() + 0.5, every / len(scripts)
    found = await asyncio.gather(*(
        _learner(url, head, script, start + n * gap, every) for n, (head, script) in enumerate(zip(heads, scripts, strict=True))))
    return [one for mine in found for one in mine]


async def _learner(url: str, head: str, script: list[Save], start: float, every: float) -> list[Outcome]:
    host, line, found = urlsplit(url), None, []
    for number, one in enumerate(script):
        due = start + number * every
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        status, why = 0, ""
        try:
            if line is None:
                line = await asyncio.open_connection(host.hostname, host.port)
            status = await asyncio.wait_for(_send(*line, host.netloc, head, one), PATIENCE)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            why, line = type(error).__name__, None
        found.append(Outcome(one, status, (time.perf_counter() - due) * 1000, why))
    if line is not None:
        line[1].close()
    return found


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, head: str, one: Save) -> int:
    """Send a save on an open connection; returns the status. Raises EOFError, ValueError for what is no answer."""
    body = urlencode(one.fields).encode()
    writer.write(f"POST {one.path} HTTP/1.1\r\nHost: {host}\r\n{head}Accept: application/json\r\n"
                 f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((int(row.partition(":")[2]) for row in answer.split("\r\n") if row.startswith("content-length:")), None)
    if length is None:
        raise ValueError(answer)
    await reader.readexactly(length)
    return int(answer.split(" ", 2)[1])


def _stored(app: Any) -> dict[tuple[str, ...], tuple[int, str]]:
    """Return what the database has, as `lost` asks for it."""
    from jetlms.core.db import db
    from jetlms.learning.models import Answer, Attempt, ReviewLog, SegmentAnswer

    with app.app_context():
        at = scenes.places()
        answers = db.session.execute(
            select(Attempt.person_id, Answer.seq, Answer.payload).join(Attempt, Attempt.id == Answer.attempt_id)
            .where(Answer.question_id == at.question, Attempt.number == 0)).all()
        segments = db.session.execute(
            select(Attempt.person_id, SegmentAnswer.segment, SegmentAnswer.seq, SegmentAnswer.text)
            .join(Attempt, Attempt.id == SegmentAnswer.attempt_id).where(Attempt.item_key == at.exercise)).all()
        looks = db.session.scalars(select(ReviewLog.id)).all()
        db.session.remove()
    found: dict[tuple[str, ...], tuple[int, str]] = {("answer", str(row.person_id)): (row.seq, _chosen(row.payload)) for row in answers}
    found.update({("segment", str(row.person_id), row.segment): (row.seq, row.text) for row in segments})
    return found | {("look", key): (1, key) for key in looks}


def _chosen(payload: Any) -> str:
    """Return the one option of an answer to a choice."""
    return payload if isinstance(payload, str) else "".join(payload) if isinstance(payload, list) else json.dumps(payload)


def refuse(found: dict[str, Any]) -> None:
    """Raise ClickException when a burst is not good: the command ends with 1."""
    if not good(found):
        raise click.ClickException(f"the burst is not good enough: nothing may be lost or refused, p99 under {P99} ms")
