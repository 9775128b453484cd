"""Somebody guesses passwords: pauses by account (known or not), limits by address, and never a lock-out for good."""
import threading

from doors import PASSWORD, Browser, rows, work
from sqlalchemy import select

from jetlms.core import crypto
from jetlms.people import pauses
from jetlms.people.models import Device, Pause


def guess(house, name, times, **headers):
    """Return the statuses of wrong tries, each from a fresh browser."""
    return [Browser(house, **headers).sign_in(name, f"guess number {n}").status_code for n in range(times)]


def test_after_ten_wrong_tries_a_pause_for_known_and_unknown_alike(house, clock_at):
    for name in ("ann", "nobody"):
        assert guess(house, name, 10) == [422] * 10
        answer = Browser(house, **{"Accept-Language": "en"}).sign_in(name, "one more")
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 30
        assert "Please wait a moment" in answer.text
        assert f'value="{name}@demo.example"' in answer.text
    refused = Browser(house).sign_in("ann")                              # even the right password waits
    assert refused.status_code == 429
    assert PASSWORD not in refused.text
    assert rows(house, Device.id) == []
    clock_at.shift(31)
    assert Browser(house).sign_in("ann").location == "/home"


def test_pauses_grow_and_end(house, clock_at):
    guess(house, "ann", 10)
    lengths = []
    for _n in range(8):
        answer = Browser(house).sign_in("ann", "still guessing")
        assert answer.status_code == 429
        lengths.append(int(answer.headers["Retry-After"]))
        clock_at.shift(lengths[-1] + 1)
        assert Browser(house).sign_in("ann", "still guessing").status_code == 422
    assert [round(n, -1) for n in lengths[:5]] == [30, 60, 120, 240, 480]
    assert lengths[-1] <= pauses.LONGEST.total_seconds()
    clock_at.shift(16 * 60)
    assert Browser(house).sign_in("ann").location == "/home"             # no lasting lock-out


def test_knocking_at_a_shut_door_does_not_lengthen_the_pause(house, clock_at):
    guess(house, "ann", 10)
    assert guess(house, "ann", 20) == [429] * 20
    clock_at.shift(31)
    assert Browser(house).sign_in("ann").location == "/home"


def test_a_day_later_all_is_forgotten(house, clock_at):
    guess(house, "ann", 9)
    clock_at.shift(25 * 3600)
    assert guess(house, "ann", 9) == [422] * 9
    assert Browser(house).sign_in("ann").location == "/home"


def test_other_people_are_not_held_up(house):
    guess(house, "ann", 12)
    assert Browser(house).sign_in("ben").location == "/home"


def test_the_owner_comes_in_by_a_new_password(posting_house, mail):
    guess(posting_house, "ann", 11)
    owner = Browser(posting_house)
    assert owner.sign_in("ann").status_code == 429
    owner.post("/password-reset", {"email": "ann@demo.example"})
    work(posting_house)
    link = mail.link("ann@demo.example")
    assert owner.post(link, {"new_password": "quite another sentence"}).location == "/home"
    assert Browser(posting_house).sign_in("ann", "quite another sentence").location == "/home"


def test_many_at_once_count_as_many(house):
    """Forty wrong tries thrown at once: no more than the free ones are looked at."""
    browsers = [Browser(house) for _n in range(40)]
    for browser in browsers:
        browser.get("/sign-in")
    statuses, gate = [], threading.Barrier(8)

    def throw(mine):
        gate.wait()
        statuses.extend(browser.sign_in("ann", "all at once").status_code for browser in mine)
    threads = [threading.Thread(target=throw, args=(browsers[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [422] * 10 + [429] * 30


def test_the_table_names_nobody(house):
    guess(house, "nobody", 2)
    found = rows(house, Pause.digest, Pause.tries)
    assert found == [(crypto.digest("sign-in:nobody@demo.example"), 2)]


# ── By address of the network ─────────────────────────────────────────────────────────────────────────────────────────

def addressed(house, n, **headers):
    """Try as somebody new each time, so that only the network's address repeats."""
    return Browser(house, **headers).sign_in(f"nobody{n}", "guess")


def test_one_address_may_try_thirty_times_a_minute(open_house, clock_at):
    house = open_house(TEST_LIMITS=True)
    statuses = [addressed(house, n, **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(32)]
    assert statuses == [422] * 30 + [429] * 2                            # claiming other addresses helps nobody
    answer = addressed(house, 99)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert Browser(house).get("/sign-in").status_code == 200             # looking is free
    assert Browser(house).sign_in("ann").status_code == 429
    assert rows(house, Pause.digest, where=Pause.digest == crypto.digest("sign-in:nobody99@demo.example")) == []


def test_behind_a_proxy_its_word_counts(open_house):
    house = open_house(TEST_LIMITS=True, PROXIES=1)
    statuses = {addressed(house, n, **{"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(33)}
    assert statuses == {422}
    for n in range(30):
        addressed(house, n, **{"X-Forwarded-For": f"10.9.8.{n}, 198.51.100.7"})         # the last word is the proxy's
    assert addressed(house, 40, **{"X-Forwarded-For": "10.1.1.1, 198.51.100.7"}).status_code == 429


def test_counts_stand_although_the_answers_are_errors(house):
    guess(house, "ann", 3)
    with house.app_context():
        from jetlms.core.db import db

        assert db.session.scalar(select(Pause.tries)) == 3
        db.session.remove()
