"""The machinery, each part by what it promises."""
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from jetlms.core import audit, clock, exports, files, i18n, jobs, markup, notices, search
from jetlms.core.db import db as database
from jetlms.core.db import unit

# -- clock and words -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("day", "year"), [(date(2021, 3, 31), 2020), (date(2021, 4, 1), 2021)])
def test_the_fiscal_year_turns_on_the_first_of_april(day, year):
    assert clock.fiscal_year(day) == year


@pytest.mark.parametrize(("day", "era"), [(date(2019, 4, 30), ("平成", 31)), (date(2019, 5, 1), ("令和", 1)), (date(1989, 1, 7), ("昭和", 64))])
def test_eras_change_on_their_day(day, era):
    assert clock.era(day) == era


def test_dates_carry_their_weekday_in_both_languages():
    assert i18n.day(date(2026, 11, 23), "ja") == "令和8年11月23日(月)"
    assert i18n.day(date(2026, 11, 23), "en") == "Mon 23 November 2026"
    assert i18n.day(date(2019, 5, 1), "ja").startswith("令和元年")


def test_an_instant_is_shown_in_her_zone_and_in_japan():
    at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)        # the hour that New York has twice
    assert i18n.moment(at, "America/New_York", "en") == "Sun 1 November 2026 01:30 EDT (14:30 JST)"
    assert i18n.moment(at, "Asia/Tokyo", "en") == "Sun 1 November 2026 14:30 JST"
    assert "日本時間" in i18n.moment(at, "Europe/Berlin", "ja")


# -- markup --------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("evil", [
    "<script>x</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "<svg onload=x>", "<a href='data:text/html,x'>y</a>",
    "<div style='x'>", "<iframe src=x>", "{<b onclick=x>|y}", "![x](javascript:x)", "<math><mi xlink:href='javascript:x'>",
])
def test_nothing_active_survives(evil):
    html = markup.render(evil).lower()
    assert not any(word in html for word in ("<script", "javascript:", "onerror", "onload", "onclick", "<svg", "<iframe", "style=", "data:text"))


def test_furigana_works_in_tables_and_not_in_code():
    html = markup.render("| a |\n|---|\n| {任用|にんよう} |\n\n`{任用|にんよう}`")
    assert html.count("<ruby>") == 1
    assert "{任用|にんよう}" in html


@given(st.text(max_size=200))
def test_markup_never_fails(text):
    markup.render(text)


def test_japanese_emphasis_beside_brackets():
    assert "<strong>強調（括弧）</strong>です" in markup.render("**強調（括弧）**です")


# -- exports -------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_no_cell_is_a_formula(cell):
    assert exports.safe(cell) == "'" + cell
    assert "".join(exports.csv_stream(["a"], [[cell]])).startswith("\ufeffa\r\n")


def test_a_long_export_is_streamed():
    stream = exports.csv_stream(["n"], ([n] for n in range(100_000)))
    pieces = [len(piece) for piece in stream]
    assert len(pieces) > 100
    assert max(pieces) < 10_000


# -- search --------------------------------------------------------------------------------------------------------------------

def test_two_characters_are_found_in_either_kana(app, people, db):
    from jetlms.learning.models import Course

    with unit():
        course = Course(key="c-0000zz", slug="s", title={"ja": "x"}, release_id=1)
        database.session.add(course)
        database.session.flush()
        search.index_many("lesson", [
            {"subject_id": course.id, "lang": "ja", "title": "任用団体の研修", "body": "アシスタントと学ぶ", "url": "/a"},
            {"subject_id": course.id, "lang": "en", "title": "Team teaching", "body": "with a homeroom teacher", "url": "/b"}])
    client = people.ann
    for words in ("研修", "任用", "任用団体", "あしすたんと", "ｱｼｽﾀﾝﾄ", "研"):
        assert "任用団体の研修" in client.get(f"/search?q={words}&lang=ja").text, words
    for words in ("team", "teach", "TEAM teaching", "homeroom tea"):
        assert "Team teaching" in client.get(f"/search?q={words}&lang=en").text, words
    for words in ("'", '"', "*", "NEAR(", "a AND OR", "\\", "研修 !", "任'用"):
        assert client.get("/search", query_string={"q": words}).status_code == 200
    assert "Team teaching" not in client.get("/search?q=研修&lang=en").text


# -- idempotency ---------------------------------------------------------------------------------------------------------------

def test_ten_clicks_have_one_effect_and_one_answer(app, people):
    from acting import signed_in

    clients = [signed_in(app, "ann") for _n in range(5)]
    with app.app_context(), unit():
        start = database.session.scalar(select(func.count()).select_from(audit.AuditEntry))

    def click(number):
        return clients[number % 5].post("/calendar", data={"_key": "the-same-key-of-one-form"}).status_code
    with ThreadPoolExecutor(5) as pool:
        codes = list(pool.map(click, range(10)))
    assert set(codes) <= {200, 303}
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(audit.AuditEntry)) == start + 1


def test_somebody_elses_key_is_a_tampered_form(people):
    people.ann.post("/inbox/read", data={"_key": "k1"})
    assert people.ben.post("/inbox/read", data={"_key": "k1"}).status_code == 400
    assert people.ann.post("/calendar", data={"_key": "k1"}).status_code == 400
    assert people.ann.post("/inbox/read", data={"_key": "x" * 100}).status_code == 400


# -- audit ---------------------------------------------------------------------------------------------------------------------

def test_seals_find_one_changed_row(app, db, clock_at):
    from sqlalchemy import text

    for n in range(3):
        with unit():
            audit.record("test.act", ("person", n), by=None)
    clock_at.shift(timedelta(minutes=10))
    with unit():
        assert audit.seal() >= 3
    with unit():
        assert audit.broken_seal() is None
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            database.session.execute(text("DROP TRIGGER audit_entry_no_update"))
        else:
            database.session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        database.session.execute(text("UPDATE audit_entry SET note = 'x' WHERE action = 'test.act' AND subject_id = 1"))
        assert audit.broken_seal() == 1


# -- jobs ----------------------------------------------------------------------------------------------------------------------

def test_a_due_run_happens_once_however_many_tick(app):
    ran = []
    jobs.SCHEDULED["test.once"] = jobs.Scheduled("test.once", timedelta(hours=1), lambda: ran.append(1), timedelta(0))
    kept = {name: job for name, job in jobs.SCHEDULED.items() if name != "test.once"}
    for name in kept:
        del jobs.SCHEDULED[name]
    try:
        def tick(_n):
            with app.app_context():
                jobs.tick()
                database.session.remove()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(tick, range(8)))
    finally:
        jobs.SCHEDULED.pop("test.once")
        jobs.SCHEDULED.update(kept)
    assert ran == [1]


def test_a_failing_task_is_tried_again_and_one_bad_row_does_not_stop_the_others(app, clock_at):
    seen = []

    def work(n):
        seen.append(n)
        if n == 1 and seen.count(1) < 3:
            raise ValueError("not yet")
    jobs.HANDLERS["test.news"] = {"test.work": work}
    try:
        with app.app_context(), unit():
            jobs.publish("test.news", n=1)
            jobs.publish("test.news", n=2)
        for _n in range(3):
            with app.app_context():
                while jobs.run_one_task():
                    pass
            clock_at.shift(timedelta(hours=2))
    finally:
        del jobs.HANDLERS["test.news"]
    assert seen.count(1) == 3
    assert seen.count(2) == 1
    with app.app_context():
        states = set(database.session.scalars(select(jobs.Task.state).where(jobs.Task.kind == "test.news")))
    assert states == {"done"}


# -- notices and mail ----------------------------------------------------------------------------------------------------------

class Sink:
    """An SMTP server that refuses when told to."""

    def __init__(self):
        self.mails, self.answers = [], []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd calls it so
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope)
        return answer


@pytest.fixture
def sink(app):
    from aiosmtpd.controller import Controller

    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    controller.port = free_port()
    controller.start()
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=controller.port, SMTP_TLS=False)
    yield handler
    controller.stop()


def free_port():
    import servers

    return servers.free_port()


def deliver(app):
    with app.app_context():
        while notices.deliver_one():
            pass


def remind(app, person_id, dedup="d1"):
    with app.app_context(), unit():
        return notices.send("learning.awarded", person_id, dedup=dedup, params={"course": {"ja": "講座", "en": "Course"}, "url_code": "X"})


def test_a_notice_is_written_once_and_mailed_in_the_readers_language(app, people, sink):
    assert remind(app, people.cho_id) is True
    assert remind(app, people.cho_id) is False
    remind(app, people.ann_id, "d2")
    deliver(app)
    texts = [m.content.decode() for m in sink.mails]
    assert len(texts) == 2
    from email import message_from_string, policy

    cho = message_from_string(next(t for t in texts if "cho@" in t), policy=policy.default)
    assert cho["Subject"] == "修了証ができました：講座"
    assert cho["Message-ID"].startswith("<notice-")
    assert "http://127.0.0.1" in cho.get_body(("plain",)).get_content()
    assert "修了証ができました" in people.cho.get("/inbox").text


def test_4xx_is_tried_again_with_the_same_id_and_5xx_never(app, people, sink, clock_at):
    sink.answers = ["451 later", "250 OK", "550 no such box"]
    remind(app, people.ann_id)
    deliver(app)
    assert sink.mails == []
    clock_at.shift(timedelta(minutes=2))
    deliver(app)
    assert len(sink.mails) == 1
    remind(app, people.ann_id, "d3")
    deliver(app)
    clock_at.shift(timedelta(hours=12))
    deliver(app)
    with app.app_context():
        assert sorted(database.session.scalars(select(notices.Delivery.state))) == ["dead", "sent"]


def test_a_dead_smtp_server_keeps_the_outbox(app, people, clock_at):
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=1, SMTP_TLS=False)
    remind(app, people.ann_id)
    deliver(app)
    with app.app_context():
        assert database.session.scalars(select(notices.Delivery.state)).one() == "pending"


def test_several_senders_send_one_mail(app, people, sink):
    remind(app, people.ann_id)
    threads = [threading.Thread(target=deliver, args=(app,)) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sink.mails) == 1


# -- files ---------------------------------------------------------------------------------------------------------------------

class Someone:
    id = 1


@pytest.mark.parametrize(("data", "name"), [
    (b"<svg onload=x>", "a.svg"), (b"<html>", "a.pdf"), (b"", "a.pdf"), (b"MZ...", "a.png"), (b"%PDF-1.4", "a.exe"), (b"%PDF-", "noextension"),
])
def test_what_a_file_pretends_to_be_is_not_believed(app, data, name):
    with app.app_context(), app.test_request_context(), pytest.raises(files.Unacceptable), unit():
        files.store(data, name, by=Someone)


def test_a_picture_loses_its_metadata_and_a_flood_of_pixels_is_refused(app):
    import io

    from PIL import Image

    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    with app.app_context():
        with unit():
            kept = files.store(out.getvalue(), "../../etc/写真.jpg", by=Someone)
            assert kept.filename == "写真.jpg"
            assert b"secret place" not in files.get(kept.sha256)
        flood = io.BytesIO()
        Image.new("1", (20_000, 20_000)).save(flood, "PNG")
        with app.test_request_context(), pytest.raises(files.Unacceptable), unit():
            files.store(flood.getvalue(), "a.png", by=Someone)


@given(st.text(max_size=300))
def test_shown_names_are_harmless(name):
    shown = files.shown_name(name)
    assert shown
    assert "/" not in shown
    assert "\\" not in shown
    assert len(shown) <= 120


# -- busy database -------------------------------------------------------------------------------------------------------------

def test_a_locked_database_is_503_and_says_when_to_come_back(app, people):
    import sqlite3

    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite's lock")
    client = people.ann
    with app.app_context():
        database.engine.dispose()
    raw = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"), isolation_level=None, timeout=0.1)
    raw.execute("BEGIN IMMEDIATE")
    try:
        assert client.get("/home").status_code == 200, "reading goes on"
        answer = client.post("/calendar", data={"note": "my long text"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "my long text" in answer.text
    finally:
        raw.execute("ROLLBACK")
    assert client.post("/calendar").status_code == 200


def test_background_work_stands_back_beside_people_only(monkeypatch):
    """After each piece twice as long as it took, never longer than a second; commands and the worker apart do not wait."""
    paused = []
    monkeypatch.setattr(jobs.time, "sleep", paused.append)

    def some(count):
        left = list(range(count))
        return lambda: bool(left) and left.pop() is not None
    jobs.one_by_one(some(3))
    assert paused == []
    token = jobs._beside_people.set(True)
    try:
        jobs.one_by_one(some(3))
    finally:
        jobs._beside_people.reset(token)
    assert len(paused) == 3
    assert all(0 <= pause <= jobs.STAND_BACK for pause in paused)


def test_many_things_are_done_a_few_in_each_transaction(app):
    """What was done before a piece failed is kept; the failing piece is not there at all."""
    def keep(number):
        if number == 7:
            raise ZeroDivisionError
        jobs.publish("machinery.piece", number=number)

    @jobs.on("machinery.piece")
    def nothing(number):
        del number
    try:
        with app.app_context():
            with pytest.raises(ZeroDivisionError), unit():
                jobs.in_pieces(range(10), keep, size=3)
            found = database.session.scalars(select(jobs.Task.payload).where(jobs.Task.kind == "machinery.piece")).all()
            assert sorted(one["number"] for one in found) == [0, 1, 2, 3, 4, 5]
            database.session.remove()
    finally:
        del jobs.HANDLERS["machinery.piece"]
