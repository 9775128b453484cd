"""Prove once more who you are, before what matters."""
import pytest
from doors import PASSWORD, Browser, code_of, hidden, rows, set_up_app

from jetlms.people.models import Device, Pause

EN = {"Accept-Language": "en"}


@pytest.fixture
def ann(house, clock_at):
    """Ann, who gave her password a while ago."""
    browser = Browser(house, **EN)
    browser.sign_in("ann")
    clock_at.shift(16 * 60)
    return browser


def test_the_password_opens_for_fifteen_minutes(ann, clock_at):
    assert ann.get("/account/email").location == "/confirm?next=/account/email"
    page = ann.get("/confirm?next=/account/email")
    assert page.status_code == 200
    assert "Is it you?" in page.text
    answer = ann.post("/confirm", {"csrf_token": hidden(page.text, "csrf_token"), "next": hidden(page.text, "next"), "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/account/email")
    assert ann.get("/account/email").status_code == 200
    clock_at.shift(16 * 60)
    assert ann.get("/account/email").status_code == 302


def test_a_code_does_as_well_and_once(house, clock_at):
    ben = Browser(house, **EN)
    ben.sign_in("ben")
    secret = set_up_app(ben)
    clock_at.shift(16 * 60)
    code = code_of(secret)
    assert ben.post("/confirm", {"code": code, "next": "/account/email"}).location == "/account/email"
    assert ben.post("/confirm", {"code": code}).status_code == 422


@pytest.mark.parametrize("data", [{"password": "not this one"}, {"password": ""}, {"code": "123456"}, {"code": ""},
                                  {"credential": "{}"}, {"credential": "["}, {}])
def test_what_is_wrong_confirms_nothing(ann, house, data):
    answer = ann.post("/confirm", {**data, "next": "/account/email"})
    assert answer.status_code == 422
    assert 'name="next" value="/account/email"' in answer.text
    assert ann.get("/account/email").status_code == 302


def test_guessing_meets_the_pause(ann, house):
    statuses = [ann.post("/confirm", {"password": f"guess {n}"}).status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]
    answer = ann.post("/confirm", {"password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]


def test_the_right_password_forgets_the_wrong_ones(ann, house):
    for n in range(5):
        ann.post("/confirm", {"password": f"guess {n}"})
    ann.post("/confirm", {"password": PASSWORD})
    assert rows(house, Pause.digest) == []


def test_another_persons_password_does_not_do(ann, house):
    from doors import give_password

    give_password(house, "ben", password="bens own sentence")
    assert ann.post("/confirm", {"password": "bens own sentence", "email": "ben@demo.example"}).status_code == 422


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "/confirm"])
def test_it_leads_nowhere_else(ann, wanted):
    assert ann.post("/confirm", {"password": PASSWORD, "next": wanted}).location == "/home"


def test_a_form_sent_too_late_comes_back_after_it(ann, house, clock_at):
    """A14 of the house: what was typed is not lost for the sake of the question."""
    token = hidden(ann.get("/account").text, "csrf_token")
    late = ann.post("/account/email", {"csrf_token": token, "email": "a.rather.long.address.of.hers@town.example"})
    assert late.status_code == 401
    assert "Is it you?" in late.text
    asked = ann.post("/sign-in/resume", {"csrf_token": hidden(late.text, "csrf_token"), "kept": hidden(late.text, "kept"), "confirm": "yes"})
    assert asked.status_code == 200
    assert "You get it back in the next step" in asked.text
    back = ann.post("/confirm", {"csrf_token": hidden(asked.text, "csrf_token"), "kept": hidden(asked.text, "kept"), "password": PASSWORD})
    assert back.status_code == 200
    assert "a.rather.long.address.of.hers@town.example" in back.text
    assert 'action="/account/email"' in back.text
    assert ann.post("/account/email", {"csrf_token": hidden(back.text, "csrf_token"),
                                       "email": "a.rather.long.address.of.hers@town.example"}).status_code == 303


def test_it_is_this_device_that_is_confirmed(ann, house):
    other = Browser(house)
    other.sign_in("ann")
    ann.post("/confirm", {"password": PASSWORD})
    first, second = rows(house, Device.id, Device.confirmed_at)
    assert first.confirmed_at >= second.confirmed_at
