"""Passkeys: make one, show it as the second step, sign in with it alone, prove again who you are."""
import json

import pytest
from authenticator import Passkey, unb64
from doors import PASSWORD, Browser, hidden, rows
from sqlalchemy import update

from jetlms.core.db import db, unit
from jetlms.core.notices import Notice
from jetlms.people import models
from jetlms.people.models import Account, Device

EN = {"Accept-Language": "en"}


def add(browser, passkey, label="My phone"):
    """Add a passkey on the page of the second step."""
    options = browser.get("/factors/passkey").json
    return browser.post("/factors/passkey", {"credential": passkey.create(options), "label": label}, page="/factors")


def show(browser, passkey, path="/sign-in/passkey", **more):
    """Show a passkey at a door."""
    options = browser.get("/sign-in/passkey").json
    return browser.post(path, {"credential": passkey.get(options), **more}, page="/sign-in" if path == "/sign-in/passkey" else path)


@pytest.fixture
def ann(house):
    browser = Browser(house, **EN)
    browser.sign_in("ann")
    return browser


@pytest.fixture
def anns(ann):
    """Ann's passkey, in use."""
    made = Passkey()
    assert add(ann, made).location == "/factors"
    return made


def test_the_browser_is_asked_rightly(ann):
    page = ann.get("/factors").text
    assert 'data-passkey="create"' in page
    assert "js/passkey.js" in page
    options = ann.get("/factors/passkey").json
    assert options["rp"] == {"name": "jetlms", "id": "localhost"}
    assert options["user"]["name"] == "ann@demo.example"
    assert options["user"]["displayName"] == "Ann O’Malley"
    assert len(unb64(options["challenge"])) >= 32
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    asked = Browser(ann.app).get("/sign-in/passkey").json
    assert asked["rpId"] == "localhost"
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []


def test_add_one_and_be_told(ann, anns, house):
    page = ann.get("/factors").text
    assert "My phone" in page
    assert "Next: recovery codes" in page
    [row] = rows(house, models.Passkey.credential_id, models.Passkey.sign_count)
    assert row.credential_id == anns.id
    assert row.sign_count == 1
    assert [r.kind for r in rows(house, Notice.kind)] == ["people.factor_added"]
    again = ann.get("/factors/passkey").json
    assert [unb64(key["id"]) for key in again["excludeCredentials"]] == [anns.id]


def test_sign_in_with_it_alone(ann, anns, house):
    other = Browser(house)
    before = other.cookie()
    answer = show(other, anns, next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert other.is_in()
    assert other.cookie() != before
    assert other.get("/factors").status_code == 200                       # it counts as both steps


def test_it_is_the_second_step_of_staff(house):
    fumi = Browser(house, **EN)
    fumi.sign_in("fumi")
    made = Passkey(verified=False)
    add(fumi, made)
    assert fumi.get("/monitor").status_code == 200
    other = Browser(house, **EN)
    assert other.sign_in("fumi", next="/monitor").location == "/sign-in/factor?next=/monitor"
    options = other.get("/sign-in/passkey").json
    assert [unb64(key["id"]) for key in options["allowCredentials"]] == [made.id]
    assert options["userVerification"] == "preferred"
    answer = show(other, made, "/sign-in/factor", next="/monitor")
    assert answer.location == "/monitor"
    assert other.get("/monitor").status_code == 200


def test_possession_alone_is_one_step_only(house):
    """Without PIN or finger a found key must not open an account by itself."""
    ann = Browser(house)
    ann.sign_in("ann")
    found = Passkey(verified=False)
    add(ann, found)
    assert show(Browser(house), found).status_code == 422


def test_an_answer_is_good_once(ann, anns, house):
    other = Browser(house)
    credential = anns.get(other.get("/sign-in/passkey").json)
    token = hidden(other.get("/sign-in").text, "csrf_token")
    thief = other.copy_with(other.cookie())
    assert other.post("/sign-in/passkey", {"credential": credential, "csrf_token": token}).status_code == 303
    assert thief.post("/sign-in/passkey", {"credential": credential, "csrf_token": token}).status_code == 422   # its counter has moved
    assert other.post("/sign-in/passkey", {"credential": credential}, page="/account").status_code == 422         # no challenge waits


def test_a_challenge_is_of_one_browser_one_purpose_and_five_minutes(ann, anns, house, clock_at):
    one, two = Browser(house), Browser(house)
    foreign = anns.get(one.get("/sign-in/passkey").json)
    two.get("/sign-in/passkey")
    assert two.post("/sign-in/passkey", {"credential": foreign}, page="/sign-in").status_code == 422
    made_for = ann.get("/factors/passkey").json
    assert ann.post("/sign-in/passkey", {"credential": anns.get(made_for)}, page="/account").status_code == 422
    late = anns.get(two.get("/sign-in/passkey").json)
    clock_at.shift(301)
    assert two.post("/sign-in/passkey", {"credential": late}, page="/sign-in").status_code == 422


@pytest.mark.parametrize("liar", [{"origin": "https://evil.example"}, {"rp": "evil.example"}, {"origin": "http://localhost:8000"}])
def test_another_site_gets_nowhere(ann, anns, house, liar):
    anns.__dict__.update(liar)
    assert show(Browser(house), anns).status_code == 422
    assert add(ann, Passkey(**liar)).status_code == 422
    assert len(rows(house, models.Passkey.id)) == 1


def test_a_copied_key_betrays_itself(ann, anns, house):
    show(Browser(house), anns)
    anns.count = 0
    assert show(Browser(house), anns).status_code == 422


def test_synced_passkeys_do_not_count_and_work(house):
    """Phones that share a passkey always send zero."""
    ann = Browser(house)
    ann.sign_in("ann")
    synced = Passkey(counting=False)
    add(ann, synced)
    assert show(Browser(house), synced).status_code == 303
    assert show(Browser(house), synced).status_code == 303


def test_a_strangers_key_opens_nothing(ann, anns, house):
    assert show(Browser(house), Passkey()).status_code == 422
    forged = Passkey()
    forged.id = anns.id
    forged.count = 50
    assert show(Browser(house), forged).status_code == 422


def test_anothers_key_is_no_second_step(ann, anns, house):
    ben = Browser(house)
    ben.sign_in("ben")
    add(ben, Passkey(), label="")
    other = Browser(house)
    other.sign_in("ben")
    assert show(other, anns, "/sign-in/factor").status_code == 422
    assert not other.is_in()


def test_the_same_key_is_not_taken_twice(ann, anns, house):
    ben = Browser(house)
    ben.sign_in("ben")
    assert add(ben, anns).status_code == 409
    assert len(rows(house, models.Passkey.id)) == 1


@pytest.mark.parametrize("rubbish", ["", "{}", "[", "null", "[]", '"x"', json.dumps({"rawId": 7}), json.dumps({"rawId": "%%%"}),
                                     json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}), "x" * 30000])
def test_rubbish_is_422(ann, anns, house, rubbish):
    other = Browser(house)
    other.get("/sign-in/passkey")
    assert other.post("/sign-in/passkey", {"credential": rubbish}, page="/sign-in").status_code == 422
    ann.get("/factors/passkey")
    assert ann.post("/factors/passkey", {"credential": rubbish}, page="/factors").status_code == 422


def test_a_disabled_account_stays_out(ann, anns, house):
    with house.app_context(), unit():
        db.session.execute(update(Account).where(Account.email == "ann@demo.example").values(disabled_at=Account.created_at))
    assert show(Browser(house), anns).status_code == 422


def test_it_confirms(ann, anns, house, clock_at):
    clock_at.shift(16 * 60)
    assert ann.get("/account/email").location == "/confirm?next=/account/email"
    options = ann.get("/sign-in/passkey").json
    answer = ann.post("/confirm", {"credential": anns.get(options), "next": "/account/email"}, page="/confirm")
    assert answer.location == "/account/email"
    assert ann.get("/account/email").status_code == 200


def test_remove_it(ann, anns, house):
    [(key,)] = rows(house, models.Passkey.id)
    ben = Browser(house)
    ben.sign_in("ben")
    assert ben.post(f"/factors/passkey/{key}/remove", page="/account").status_code == 404
    assert ann.post(f"/factors/passkey/{key}/remove", page="/factors").location == "/factors"
    assert ann.post(f"/factors/passkey/{key}/remove", page="/factors").status_code == 404
    assert show(Browser(house), anns).status_code == 422
    assert Browser(house).sign_in("ann").location == "/home"


def test_staff_keep_their_last(house):
    fumi = Browser(house)
    fumi.sign_in("fumi")
    first, second = Passkey(), Passkey()
    add(fumi, first)
    [(key,)] = rows(house, models.Passkey.id)
    assert fumi.post(f"/factors/passkey/{key}/remove", page="/factors").status_code == 409
    add(fumi, second)
    assert fumi.post(f"/factors/passkey/{key}/remove", page="/factors").status_code == 303


def test_under_a_number_there_are_none(open_house):
    """Browsers refuse passkeys for an address in digits: the page says why, and asks nothing."""
    house = open_house(BASE_URL="http://127.0.0.1:8000")
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    assert "Passkeys need a site with a name" in ann.get("/factors").text
    assert "data-passkey" not in ann.get("/factors").text
    assert "data-passkey" not in Browser(house).get("/sign-in").text
    assert ann.get("/factors/passkey").status_code == 404
    assert Browser(house).get("/sign-in/passkey").status_code == 404


def test_two_devices_two_sessions(ann, anns, house):
    show(Browser(house), anns)
    assert len(rows(house, Device.id, where=Device.revoked_at.is_(None))) == 2
    assert PASSWORD
