"""Sign in with address and password."""
import threading

import pytest
from doors import PASSWORD, Browser, give_password, rows
from sqlalchemy import select, text, update

from jetlms.core import crypto
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db, unit, write_apart
from jetlms.people import passwords
from jetlms.people.models import Account, Device, Pause

WRONG = "The e-mail address or the password is not right."


def test_a_hash_costs_what_a_hash_should():
    """OWASP: argon2id with at least 19 MiB and two passes."""
    from argon2 import Type, extract_parameters

    found = extract_parameters(passwords.hashed("some words of hers"))
    assert found.type is Type.ID
    assert found.memory_cost >= 19456
    assert found.time_cost >= 2
    assert (found.salt_len, found.hash_len) == (16, 32)


class Counting:
    """The hasher, and how often and for what it was asked."""

    def __init__(self, hasher, during=lambda: None):
        self.hasher, self.during, self.verified = hasher, during, []

    def verify(self, stored, typed):
        self.verified.append(stored)
        self.during()
        return self.hasher.verify(stored, typed)

    def __getattr__(self, name):
        return getattr(self.hasher, name)


def test_it_works_and_leads_home(house):
    ann = Browser(house, **{"Accept-Language": "en"})
    answer = ann.sign_in("ann")
    assert (answer.status_code, answer.location) == (303, "/home")
    page = ann.get("/account")
    assert page.status_code == 200
    assert "ann@demo.example" in page.text
    assert "Chrome · Windows" in page.text
    assert [row.action for row in rows(house, AuditEntry.action)] == ["accounts.sign_in"]


def test_the_address_may_be_typed_as_phones_type_it(house):
    ann = Browser(house)
    answer = ann.post("/sign-in", {"email": " Ann@Demo.Example ", "password": PASSWORD})
    assert answer.location == "/home"


def test_wrong_password_and_unknown_address_are_answered_alike(house, monkeypatch):
    counting = Counting(passwords.HASHER)
    monkeypatch.setattr(passwords, "HASHER", counting)
    passwords.dummy()
    answers, costs = [], []
    for name in ("ann", "nobody"):
        browser = Browser(house, **{"Accept-Language": "en"})
        before = len(counting.verified)
        answer = browser.sign_in(name, "not this one")
        costs.append(len(counting.verified) - before)
        answers.append((answer.status_code, WRONG in answer.text, answer.text.count(f"{name}@demo.example")))
        assert browser.get("/account").status_code == 303
    assert answers == [(422, True, 1), (422, True, 1)]
    assert costs == [1, 1]                                    # one hash each: the stopwatch tells nothing
    assert counting.verified[0] != counting.verified[1] == passwords.dummy()


def test_an_account_whose_invitation_is_open_cannot_be_entered(house, db_of):
    with db_of(house):
        db.session.execute(update(Account).where(Account.email == "ann@demo.example").values(password_hash=""))
    assert Browser(house).sign_in("ann", "").status_code == 422
    assert Browser(house).sign_in("ann", "anything at all").status_code == 422


@pytest.mark.parametrize("data", [{}, {"email": "ann@demo.example"}, {"password": "x"}, {"email": "ann", "password": "x"},
                                  {"email": "ann@demo.example", "password": "x" * 201}, {"email": "a" * 300 + "@demo.example", "password": "x"}])
def test_bad_input_is_422_with_the_address_kept(house, data):
    answer = Browser(house).post("/sign-in", data)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    if data.get("email") == "ann@demo.example":
        assert 'value="ann@demo.example"' in answer.text
    assert "x" * 201 not in answer.text


def test_a_disabled_account_stays_out(house, db_of):
    with db_of(house):
        db.session.execute(update(Account).where(Account.email == "ann@demo.example").values(disabled_at=Account.created_at))
    ann = Browser(house, **{"Accept-Language": "en"})
    assert WRONG in ann.sign_in("ann", "not this one").text          # who does not know the password learns nothing
    answer = ann.sign_in("ann")
    assert answer.status_code == 422
    assert "has been closed" in answer.text
    assert not ann.is_in()


def test_the_demo_password_opens_nothing_outside_the_demo(open_house):
    house = open_house()
    give_password(house, "ann", password=passwords.DEMO_PASSWORD)
    assert Browser(house).sign_in("ann", passwords.DEMO_PASSWORD).status_code == 422
    page = Browser(house).get("/sign-in").text
    assert "demo-accounts" not in page
    assert passwords.DEMO_PASSWORD not in page


def test_the_demo_lists_its_people_and_one_click_signs_in(open_house):
    demo = open_house(DEMO=True)
    browser = Browser(demo, **{"Accept-Language": "en"})
    page = browser.get("/sign-in").text
    for name in ["Ann", "Ben", "Cho", "Dai", "Eri", "Fumi", "Gil", "Hana", "Iko", "Kai"]:
        assert f"<strong>{name}</strong>" in page
    assert "ALT in Ikoma, Nara" in page
    assert "CLAIR desk" in page
    assert browser.sign_in("fumi", passwords.DEMO_PASSWORD, next="/monitor").location == "/monitor"
    assert browser.get("/monitor").status_code == 200                # a role with other people's data, and no second step: a demo


def test_an_older_hash_is_made_anew(house, db_of):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with db_of(house):
        db.session.execute(update(Account).where(Account.email == "ann@demo.example").values(password_hash=old))
    assert Browser(house).sign_in("ann").location == "/home"
    [(stored,)] = rows(house, Account.password_hash, where=Account.email == "ann@demo.example")
    assert stored != old
    assert not passwords.is_stale(stored)
    assert Browser(house).sign_in("ann").location == "/home"


# ── Where it leads ────────────────────────────────────────────────────────────────────────────────────────────────────

EVIL = ["//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example/", "%2f%2fevil.example",
        "javascript:alert(1)",
        "\t//evil.example", "/\t/evil.example", "http:/evil.example", "/@evil.example", "/ja//evil.example", "http://localhost.evil.example/home",
        "http://localhost@evil.example/home", "http://localhost//evil.example", "///evil.example", " /home", "/home\r\nSet-Cookie: a=b",
        "//localhost/home", "/sign-in", "/sign-out", "/nowhere", "x" * 3000, "/" + "x" * 3000]


@pytest.mark.parametrize("wanted", EVIL)
def test_open_redirects_lead_home(house, wanted):
    answer = Browser(house).sign_in("ann", next=wanted)
    assert (answer.status_code, answer.location) == (303, "/home")


@pytest.mark.parametrize("wanted", ["/account", "/learn?x=1", "/account#devices", "/account/password", "http://localhost/account"])
def test_deep_links_survive(house, wanted):
    answer = Browser(house).sign_in("ann", next=wanted)
    assert answer.location == wanted.removeprefix("http://localhost")


def test_a_page_asked_for_signed_out_comes_back(house):
    ann = Browser(house)
    answer = ann.get("/account?lang=en")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account?lang%3Den")
    page = ann.get(answer.location)
    assert 'name="next" value="/account?lang=en"' in page.text
    assert ann.sign_in("ann", next="/account?lang=en").location == "/account?lang=en"
    assert ann.get("/sign-in?next=/account").location == "/account"          # already in: straight on
    assert ann.get("/sign-in?next=//evil.example").location == "/home"


# ── The session ───────────────────────────────────────────────────────────────────────────────────────────────────────

def test_a_cookie_from_before_is_worth_nothing_afterwards(house):
    ann = Browser(house)
    ann.get("/sign-in")
    before = ann.cookie()
    ann.sign_in("ann")
    assert ann.cookie() != before
    assert not ann.copy_with(before).is_in()                                 # no fixation
    first = ann.cookie()
    again = Browser(house)
    again.client.set_cookie("jetlms", first)
    with again.client.session_transaction() as session:
        token = session.get("csrf_token", "")
    assert token == ""                                                       # what the stranger's session knew is gone as well
    ann.post("/sign-in", {"email": "ben@demo.example", "password": PASSWORD}, page="/account")
    assert not ann.copy_with(first).is_in()                                  # signing in anew ends what was open here
    assert "ben@demo.example" in ann.get("/account").text
    ended = rows(house, Device.id, Device.revoked_at)
    assert [row.revoked_at is None for row in ended] == [False, True]


def test_the_database_holds_no_token(house):
    ann = Browser(house)
    ann.sign_in("ann")
    with ann.client.session_transaction() as session:
        token = session["device"]
    assert [row.token_digest for row in rows(house, Device.token_digest)] == [crypto.digest(token)]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(open_house):
    house = open_house(BASE_URL="https://localhost")
    answer = house.test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-jetlms=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_no_token_no_sign_in(house):
    ann = Browser(house)
    answer = ann.post("/sign-in", {"email": "ann@demo.example", "password": PASSWORD}, token=False)
    assert answer.status_code == 400
    assert not ann.is_in()
    assert rows(house, Device.id) == []
    other = Browser(house)
    stolen = other.post("/sign-in", {"email": "ann@demo.example", "password": PASSWORD, "csrf_token": _token_of(ann)}, token=False)
    assert stolen.status_code == 400


def _token_of(browser):
    from doors import hidden

    return hidden(browser.get("/sign-in").text, "csrf_token")


def test_clicking_twice_signs_in_twice_and_both_answers_are_good(house):
    ann = Browser(house)
    token = _token_of(ann)
    cookie = ann.cookie()
    twin = ann.copy_with(cookie)
    data = {"email": "ann@demo.example", "password": PASSWORD, "csrf_token": token}
    assert ann.post("/sign-in", data).location == twin.post("/sign-in", data).location == "/home"
    assert ann.is_in()
    assert twin.is_in()


def test_a_foreign_host_name_is_400(house):
    for headers in ({"Host": "evil.example"}, {"Host": "localhost.evil.example"}, {"Host": "localhost:80@evil.example"}):
        assert house.test_client().get("/sign-in", headers=headers).status_code == 400
    answer = house.test_client().get("/account", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 303
    assert "evil" not in answer.location


def test_hashing_holds_no_lock(house, monkeypatch):
    """While a password is checked, somebody else can write. On SQLite there is but one lock."""
    ann, wrote = Browser(house), []
    ann.sign_in("ann")

    def write_meanwhile():
        def other():
            with house.app_context(), write_apart() as connection:
                connection.execute(text("UPDATE account SET zone = zone"))
                wrote.append(True)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(3)
    monkeypatch.setattr(passwords, "HASHER", Counting(passwords.HASHER, during=write_meanwhile))
    Browser(house).sign_in("ben")                                            # at the door
    ann.post("/confirm", {"password": PASSWORD})                             # by somebody whose session was looked up before
    assert wrote == [True, True]


def test_a_right_password_forgets_the_wrong_ones(house):
    ann = Browser(house)
    for _n in range(9):
        assert ann.sign_in("ann", "not this one").status_code == 422
    assert ann.sign_in("ann").location == "/home"
    assert rows(house, Pause.tries) == []


def test_last_seen_is_kept_and_never_in_the_way(house, clock_at):
    ann = Browser(house)
    ann.sign_in("ann")
    [(first,)] = rows(house, Device.last_seen_at)
    clock_at.shift(60)
    ann.get("/account")
    assert rows(house, Device.last_seen_at) == [(first,)]
    clock_at.shift(600)
    assert ann.post("/inbox/999999", page="/account").status_code == 404     # an error page of a POST, which reads again
    [(later,)] = rows(house, Device.last_seen_at)
    assert later > first


def test_idle_ends_a_session(house, clock_at):
    ann = Browser(house)
    ann.sign_in("ann")
    clock_at.shift(11 * 3600)
    assert ann.is_in()
    clock_at.shift(13 * 3600)
    assert not ann.is_in()


def test_sign_in_reads_in_the_readers_language(house):
    assert "サインイン" in Browser(house, **{"Accept-Language": "ja"}).get("/sign-in").text
    assert "Forgotten your password?" in Browser(house, **{"Accept-Language": "en"}).get("/sign-in").text


@pytest.fixture
def db_of():
    """A unit of work in an application: `with db_of(house): …`."""
    from contextlib import contextmanager

    @contextmanager
    def opened(app):
        with app.app_context(), unit():
            yield
    return opened


def test_select_is_by_address_only(house):
    assert Browser(house).post("/sign-in", {"email": "%@demo.example", "password": PASSWORD}).status_code == 422
    with house.app_context():
        assert db.session.scalar(select(Account.id).where(Account.email == "%@demo.example")) is None
        db.session.remove()
