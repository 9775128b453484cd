"""One's own account: language, time zone, address, password, devices."""
import pytest
from doors import PASSWORD, Browser, hidden, rows, set_up_app, work
from sqlalchemy import insert

from jetlms.core import clock
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db, unit
from jetlms.core.notices import Notice
from jetlms.people.models import Account, Device

EN = {"Accept-Language": "en"}
ANN, NEXT = "ann@demo.example", "quite another sentence"


@pytest.fixture
def ann(posting_house):
    browser = Browser(posting_house, **EN)
    browser.sign_in("ann")
    return browser


def of_ann(house, *columns):
    return rows(house, *columns, where=Account.email == ANN)


# ── How she reads ─────────────────────────────────────────────────────────────────────────────────────────────────────

def test_the_page_says_what_is_kept(ann):
    page = ann.get("/account").text
    for words in ("Ann O’Malley", "アン・オマリー", "JET participant", "Ikoma City Board of Education", ANN, "this device", "/who-sees"):
        assert words in page, words
    assert page.count("<option") > 400
    assert '<optgroup label="Asia">' in page


def test_language_zone_and_furigana(ann, posting_house):
    answer = ann.post("/account", {"locale": "ja", "zone": "Pacific/Auckland"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert of_ann(posting_house, Account.locale, Account.zone, Account.furigana) == [("ja", "Pacific/Auckland", False)]
    page = ann.get("/account").text
    assert "保存しました。" in page
    assert "アカウント" in page
    assert "NZDT" in page
    assert "日本時間" in page


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"zone": ""}, {"locale": "fr"}, {"locale": ""}])
def test_nonsense_is_422_and_changes_nothing(ann, posting_house, wrong):
    before = of_ann(posting_house, Account.locale, Account.zone)
    assert ann.post("/account", {"locale": "ja", "zone": "Asia/Tokyo", **wrong}).status_code == 422
    assert of_ann(posting_house, Account.locale, Account.zone) == before


def test_no_more_fields_than_the_form_has(ann, posting_house):
    ann.post("/account", {"locale": "en", "zone": "Asia/Tokyo", "email": "x@y.example", "role": "administrator", "person_id": "1", "id": "1",
                          "password_hash": "x", "disabled_at": "", "totp_secret": "x", "display_name": "Boss"})
    assert of_ann(posting_house, Account.email, Account.totp_secret) == [(ANN, "")]


def test_strangers_are_asked_to_sign_in(house):
    for path in ("/account", "/account/password", "/account/email", "/factors", "/confirm"):
        assert Browser(house).get(path).location == f"/sign-in?next={path}"
    for path in ("/account", "/account/password", "/account/email", "/account/devices/1/end", "/account/devices/end", "/factors/codes", "/confirm"):
        assert Browser(house).post(path, page="/sign-in").status_code == 401


def test_without_its_token_no_form_changes_anything(ann, posting_house):
    before = (of_ann(posting_house, Account.__table__), rows(posting_house, Device.revoked_at))
    forms = {"/account": {"locale": "ja", "zone": "UTC"}, "/account/password": {"password": PASSWORD, "new_password": NEXT},
             "/account/email": {"email": "x@y.example"}, "/account/devices/end": {}, "/account/devices/1/end": {}, "/factors/codes": {},
             "/factors/app": {"code": "1"}, "/factors/app/remove": {}, "/factors/passkey": {"credential": "{}"}, "/confirm": {"password": PASSWORD},
             "/sign-out": {}, "/sign-in/factor": {"code": "123456"}, "/sign-in/passkey": {"credential": "{}"}, "/sign-in/resume": {"kept": "x"}}
    other = Browser(posting_house)
    other.sign_in("ben")
    foreign = hidden(other.get("/account").text, "csrf_token")
    for path, data in forms.items():
        assert ann.post(path, data, token=False).status_code == 400, path
        assert ann.post(path, {**data, "csrf_token": foreign}).status_code == 400, path
        assert ann.post(path, token=False, json=data, headers={"Content-Type": "text/plain"}).status_code == 400, path
    after = of_ann(posting_house, Account.__table__)
    assert after == before[0]
    assert rows(posting_house, Device.revoked_at)[0] == before[1][0]


# ── The password ──────────────────────────────────────────────────────────────────────────────────────────────────────

def test_a_new_password_closes_every_device_but_goes_on_here(ann, posting_house, mail):
    elsewhere = Browser(posting_house)
    elsewhere.sign_in("ann")
    before = ann.cookie()
    answer = ann.post("/account/password", {"password": PASSWORD, "new_password": NEXT})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert ann.is_in()
    assert ann.cookie() != before
    assert not elsewhere.is_in()
    assert not ann.copy_with(before).is_in()
    assert Browser(posting_house).sign_in("ann").status_code == 422
    assert Browser(posting_house).sign_in("ann", NEXT).location == "/home"
    work(posting_house)
    assert mail.to(ANN)[-1]["Subject"] == "Your password has been changed"


@pytest.mark.parametrize("data", [{"password": "not this one", "new_password": NEXT}, {"password": PASSWORD, "new_password": "short"},
                                  {"password": "", "new_password": NEXT}, {"password": PASSWORD, "new_password": ""},
                                  {"password": PASSWORD, "new_password": "my name is O’Malley"},
                                  {"password": PASSWORD, "new_password": "jetlms-demo"}])
def test_wrong_or_weak_changes_nothing(ann, posting_house, data):
    answer = ann.post("/account/password", data)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert Browser(posting_house).sign_in("ann").location == "/home"
    assert ann.is_in()


def test_guessing_the_present_password_meets_the_pause(ann, posting_house):
    statuses = [ann.post("/account/password", {"password": f"guess {n}", "new_password": NEXT}).status_code for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert Browser(posting_house).sign_in("ann").status_code == 429


def test_the_second_step_stays_given_here(ann, posting_house):
    set_up_app(ann)
    ann.post("/account/password", {"password": PASSWORD, "new_password": NEXT})
    assert ann.get("/factors").status_code == 200


# ── The address ───────────────────────────────────────────────────────────────────────────────────────────────────────

def test_a_new_address_is_proved_first(ann, posting_house, mail):
    answer = ann.post("/account/email", {"email": "Ann.New@Town.example"})
    assert answer.location == "/account"
    page = ann.get("/account").text
    assert "We have sent a link to ann.new@town.example" in page
    assert "waits for you to open the link" in page
    assert of_ann(posting_house, Account.email) == [(ANN,)]
    work(posting_house)
    link = mail.link("ann.new@town.example")
    assert mail.to(ANN) == []
    scanner = Browser(posting_house, **EN)
    for _n in range(2):
        assert "From now on you sign in with ann.new@town.example" in scanner.get(link).text
    assert of_ann(posting_house, Account.email) == [(ANN,)]
    assert ann.post(link).location == "/account"
    assert Browser(posting_house).post("/sign-in", {"email": "ann.new@town.example", "password": PASSWORD}).location == "/home"
    assert Browser(posting_house).sign_in("ann").status_code == 422
    assert ann.get(link).status_code == 404
    work(posting_house)
    assert mail.to(ANN)[-1]["Subject"] == "Your e-mail address has been changed"
    assert "accounts.change_email" in [row.action for row in rows(posting_house, AuditEntry.action)]


def test_a_taken_address_looks_the_same_and_its_owner_is_told(ann, posting_house, mail):
    free, taken = (ann.post("/account/email", {"email": email}) for email in ("free@town.example", "ben@demo.example"))
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert "We have sent a link to ben@demo.example" in ann.get("/account").text
    work(posting_house)
    assert mail.to("ben@demo.example")[-1]["Subject"] == "This address already belongs to an account"
    assert ANN not in mail.text("ben@demo.example")
    assert "/account/email/" not in mail.text("ben@demo.example")


def test_taken_meanwhile_is_refused(ann, posting_house, mail):
    ann.post("/account/email", {"email": "wanted@town.example"})
    ben = Browser(posting_house)
    ben.sign_in("ben")
    ben.post("/account/email", {"email": "wanted@town.example"})
    work(posting_house)
    import re

    links = [re.search(r"http://localhost(/\S+)", m.get_body(("plain",)).get_content()).group(1) for m in mail.to("wanted@town.example")]
    assert ann.post(links[0]).location == "/account"
    assert ben.post(links[1]).status_code == 404
    assert rows(posting_house, Account.email, where=Account.email == "ben@demo.example")


def test_only_the_newest_address_link_counts_and_only_for_a_day(ann, posting_house, mail, clock_at):
    ann.post("/account/email", {"email": "one@town.example"})
    ann.post("/account/email", {"email": "two@town.example"})
    work(posting_house)
    assert ann.get(mail.link("one@town.example")).status_code == 404
    assert ann.get(mail.link("two@town.example")).status_code == 200
    clock_at.shift(24 * 3600 + 1)
    assert Browser(posting_house).get(mail.link("two@town.example")).status_code == 404


def test_the_address_asks_for_the_password_when_it_was_given_long_ago(ann, clock_at):
    clock_at.shift(16 * 60)
    assert ann.get("/account/email").location == "/confirm?next=/account/email"


@pytest.mark.parametrize("email", ["", "ann", "a@b", "a b@c.example", "x@例え.jp", "ann@demo.example\r\nBcc: all@demo.example",
                                   "x" * 250 + "@c.example"])
def test_what_is_no_address_is_422(ann, posting_house, email):
    assert ann.post("/account/email", {"email": email}).status_code == 422
    assert rows(posting_house, Notice.id) == []


# ── Devices ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def test_one_device_is_ended(ann, posting_house):
    phone = Browser(posting_house, **{"User-Agent": "Mozilla/5.0 (iPhone) Safari/605"})
    phone.sign_in("ann")
    page = ann.get("/account").text
    assert "Safari · iPhone" in page
    assert "Chrome · Windows" in page
    [(phones,)] = rows(posting_house, Device.id, where=Device.label == "Safari · iPhone")
    assert ann.post(f"/account/devices/{phones}/end", page="/account").location == "/account#devices"
    assert not phone.is_in()
    assert ann.is_in()
    assert ann.post(f"/account/devices/{phones}/end", page="/account").status_code == 404       # twice


def test_this_device_is_ended(ann, posting_house):
    [(here,)] = rows(posting_house, Device.id)
    assert ann.post(f"/account/devices/{here}/end", page="/account").location == "/sign-in"
    assert not ann.is_in()


def test_nobody_ends_another_persons_device(ann, posting_house):
    ben = Browser(posting_house)
    ben.sign_in("ben")
    [(bens,)] = rows(posting_house, Device.id)[1:]
    assert ann.post(f"/account/devices/{bens}/end", page="/account").status_code == 404
    assert ann.post(f"/account/devices/{10**17}/end", page="/account").status_code == 404
    assert ben.is_in()


def test_all_others_are_ended(ann, posting_house):
    others = [Browser(posting_house) for _n in range(3)]
    for other in others:
        other.sign_in("ann")
    ben = Browser(posting_house)
    ben.sign_in("ben")
    ann.post("/account/devices/end", page="/account")
    assert [other.is_in() for other in others] == [False] * 3
    assert ann.is_in()
    assert ben.is_in()


def test_the_page_costs_the_same_with_thirty_devices(people, queries):
    people.ann.get("/account")
    with queries() as one:
        assert people.ann.get("/account").status_code == 200
    app = people.ann.application
    with app.app_context(), unit():
        [(account,)] = rows(app, Account.id, where=Account.email == ANN)
        at = clock.now()
        db.session.execute(insert(Device), [
            {"account_id": account, "token_digest": f"d{n}", "label": "x", "created_at": at, "last_seen_at": at, "expires_at": at.replace(year=2027)}
            for n in range(30)])
    with queries() as many:
        assert people.ann.get("/account").text.count("list-row") > 30
    assert len(one) == len(many) <= 8
