"""The burst of the bench: what counts as lost, what as late, and that a server which forgets or breaks off is found out."""
import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from jetlms.bench import bench, burst, scenes

AT = scenes.Places("l-000001", "q-000001", "l-000002", ["s1", "s2"], "l-000003", "s1")
LEARNER = scenes.Learner(7, "token", [11, 12])


def saves(count):
    return [burst.save(LEARNER, AT, n) for n in range(count)]


def everything(of):
    """Return what a database has that took these saves in order."""
    return {one.key: (one.seq, one.value) for one in of}


def test_the_same_learner_sends_the_same_saves_of_every_kind():
    assert saves(20) == saves(20)
    assert {one.key[0] for one in saves(5)} == set(burst.KINDS)
    assert saves(1) != [burst.save(LEARNER._replace(person_id=8), AT, 0)]


def test_nothing_is_lost_where_everything_or_something_newer_is_there():
    sent = saves(20)
    assert burst.lost(sent, everything(sent)) == []
    assert burst.lost(sent[:10], everything(sent)) == []


@pytest.mark.parametrize("number", range(15, 20))
def test_the_newest_of_every_kind_is_missed(number):
    sent = saves(20)
    there = everything([*sent[:number], *sent[number + 1:]])
    hidden = sent[number].key in everything(sent[number + 1:])             # something newer took its place
    assert burst.lost(sent, there) == ([] if hidden else [sent[number]])


def test_another_text_under_the_same_number_is_lost():
    sent = saves(5)
    there = everything(sent) | {sent[2].key: (sent[2].seq, "something else")}
    assert burst.lost(sent, there) == [sent[2]]


def outcomes(milliseconds, status=200):
    return [burst.Outcome(one, status, ms) for one, ms in zip(saves(len(milliseconds)), milliseconds, strict=True)]


def test_one_slow_save_in_a_hundred_is_too_many():
    quick = [10.0] * 99
    there = everything(saves(100))
    assert burst.good(burst.figures(outcomes([*quick, 499.0]), [], there))
    assert not burst.good(burst.figures(outcomes([*quick, 501.0]), [], there))


@pytest.mark.parametrize("status", [0, 409, 500])
def test_a_refused_save_is_an_error_and_not_lost(status):
    found = burst.figures(outcomes([10.0] * 4) + outcomes([10.0], status), [], everything(saves(4)))
    assert (found["sent"], found["taken"], found["lost"], found["errors"]) == (5, 4, 0, {str(status): 1})
    assert not burst.good(found)


def test_a_server_that_breaks_off_refuses_and_stalls_is_found_out():
    """Each connection: the first save is taken, the second refused, in the third the server hangs up; the fourth comes 0.2 s late."""
    async def answer(reader, writer):
        asked = counts.setdefault("asked", 0)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                assert "Cookie: her" in head
                await reader.readexactly(int(head.lower().split("content-length:")[1].split()[0]))
                asked = counts["asked"] = counts["asked"] + 1
                if asked == 3:
                    writer.close()
                    return
                if asked == 4:
                    await asyncio.sleep(0.2)
                status = "503 Busy" if asked == 2 else "200 OK"
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        except EOFError:
            writer.close()

    async def play():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await burst._play(f"http://127.0.0.1:{port}", ["Cookie: her\r\n"], [saves(4)], every=0.01)
    counts = {}
    with ThreadPoolExecutor(1) as apart:           # Playwright keeps an event loop in the thread whose browser other tests may have open
        found = apart.submit(asyncio.run, play()).result()
    assert [one.status for one in found] == [200, 503, 0, 200]
    assert found[2].why == "IncompleteReadError"
    assert found[3].ms >= 200


@pytest.mark.parametrize("words", [["--burst", "--write"], ["--learners", "0"], ["--seconds", "x"], ["--engine", "oracle"]])
def test_wrong_words_are_told(words):
    done = CliRunner().invoke(bench, words)
    assert done.exit_code == 2
    assert "Error" in done.output


def test_the_gradebook_of_the_bench_has_a_hundred_columns(app, people):
    from sqlalchemy import select

    from jetlms.core.db import db
    from jetlms.learning.models import Course
    from jetlms.learning.queries import gradebook

    slug = scenes.gradebook(app, learners=3)
    with app.app_context():
        assert len(gradebook.columns(db.session.scalars(select(Course).where(Course.slug == slug)).one())) == scenes.MODULES * scenes.QUIZZES
    page = people.fumi.get(f"/courses/{slug}/grades?lang=en").text
    assert page.count("<tr>") == 4
    assert page.count('<td><a href="grades/') == 3 * scenes.MODULES * scenes.QUIZZES
