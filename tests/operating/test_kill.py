"""The server is killed with -9 while answers are being saved: no acknowledged answer is lost, none is doubled."""
import json
import os
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest
import servers

pytestmark = pytest.mark.chaos
SECONDS, KILLS = 8, 4


def test_no_acknowledged_answer_is_lost(tmp_path):
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parent.parent / "learning"))
    import cast
    from acting import signed_in

    import courses
    from jetlms.app import create_app
    from jetlms.core.db import db, unit
    from jetlms.core.schema import create_all
    from jetlms.learning import publishing, service

    (tmp_path / "config.toml").write_text("demo = true\ntest_limits = false\nworker = 'separate'\n", "utf-8")
    app = create_app(tmp_path, WTF_CSRF_ENABLED=False)
    with app.app_context():
        create_all()
        with unit():
            people = cast.build()
            ann = people.ann.id
        with unit():
            publishing.publish(courses.write(tmp_path / "courses"), by=None)
        with unit():
            course = db.session.scalars(db.select(publishing.Course)).one()
            service.enrol(by=None, course=course, person_id=ann, via="staff")
        db.session.remove()
        db.engine.dispose()
    cookie = signed_in(app, "ann").get_cookie("jetlms").value
    acknowledged: dict[str, int] = {}
    stop = threading.Event()
    with servers.granian_server(tmp_path, workers=2) as server:
        token = csrf(server.url, cookie)

        def save(question):
            seq = 0
            while not stop.is_set():
                seq += 1
                fields = {"question": question, "number": "0", "seq": str(seq), "event": str(uuid.uuid4()), question: "b" if seq % 2 else "a"}
                if question == "q-000002":
                    fields[question] = f"answer {seq}"
                if post(server.url, cookie, token, fields):
                    acknowledged[question] = seq
        threads = [threading.Thread(target=save, args=(q,)) for q in ("q-000001", "q-000002")]
        for thread in threads:
            thread.start()
        killed = 0
        for _n in range(KILLS):
            time.sleep(SECONDS / KILLS)
            killed += kill_a_worker(server.process.pid)
        stop.set()
        for thread in threads:
            thread.join()
        assert killed >= KILLS - 1, "the server was really killed"
    assert min(acknowledged.values()) > 5, f"the load was real: {acknowledged}"
    raw = sqlite3.connect(tmp_path / "jetlms.db")
    stored = dict(raw.execute("SELECT question_id, seq FROM answer"))
    for question, seq in acknowledged.items():
        assert stored[question] >= seq, f"{question}: acknowledged {seq}, stored {stored[question]}"
    assert raw.execute("SELECT count(*) FROM attempt").fetchone()[0] == 1
    assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def csrf(url, cookie):
    """Read the form token from a lesson page, as the script does."""
    request = urllib.request.Request(f"{url}/learn/tiny/l-000001", headers={"Cookie": f"jetlms={cookie}"})
    with urllib.request.urlopen(request, timeout=10) as response:
        page, fresh = response.read().decode(), response.headers.get("Set-Cookie", "")
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    if fresh:
        cookie = fresh.split("jetlms=")[1].split(";")[0]
    return token, cookie


def post(url, _cookie, token, fields):
    """Return whether the server said that the answer is saved."""
    value, cookie = token
    request = urllib.request.Request(f"{url}/learn/tiny/l-000001/answer", data=urllib.parse.urlencode(fields).encode(), headers={
        "Cookie": f"jetlms={cookie}", "X-CSRFToken": value, "Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return "saved_at" in json.loads(response.read())
    except (OSError, urllib.error.HTTPError, json.JSONDecodeError):
        return False


def kill_a_worker(parent):
    """Kill one worker of the server with -9; its parent starts another."""
    children = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == parent]
    if not children:
        return 0
    os.kill(children[0], signal.SIGKILL)
    return 1


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError, ValueError):
        return 0
