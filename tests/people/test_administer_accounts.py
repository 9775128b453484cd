"""An administrator looks after accounts."""
import html
import re

import pytest
from doors import PASSWORD, Browser, code_of, hidden, rows, set_up_app, work

from jetlms.core.audit import AuditEntry
from jetlms.core.db import db, unit
from jetlms.people import service
from jetlms.people.models import Account, Device, Passkey, RecoveryCode


@pytest.fixture
def iko(posting_house):
    """Iko, the administrator, through both steps."""
    browser = Browser(posting_house)
    browser.sign_in("iko")
    set_up_app(browser)
    browser.get("/accounts?lang=en")
    return browser


def account_id(house, name="ann"):
    [(found,)] = rows(house, Account.id, where=Account.email == f"{name}@demo.example")
    return found


def test_find_somebody(iko, posting_house):
    page = iko.get("/accounts").text
    assert page.count("<tr>") == 12
    assert "山田 蝶" in page
    assert "never" in page
    for words, found in (("o’malley", "ann"), ("ANN@", "ann"), ("アン", "ann"), ("山田", "cho"), ("nguyễn", "kai"), ("kim", "dai")):
        page = iko.get("/accounts", query_string={"q": words}).text
        assert f"{found}@demo.example" in page, words
        assert page.count("<tr>") == 2, words
    for words in ("%", "_", "nobody at all", "'; DROP TABLE account; --"):
        assert "No such account" in iko.get("/accounts", query_string={"q": words}).text, words


def test_the_page_of_one(iko, posting_house):
    ann = Browser(posting_house)
    ann.sign_in("ann")
    page = iko.get(f"/accounts/{account_id(posting_house)}").text
    for words in ("Ann O’Malley", "ann@demo.example", "1 device", "not set up", "Ikoma City Board of Education", "JET participant (ALT)",
                  "Asia/Tokyo"):
        assert words in page, words
    assert "reset-factors" not in page                               # nothing to take off


def test_nobody_else(house, posting_house):
    for name in ("ann", "cho", "dai", "fumi", "gil", "hana"):
        browser = Browser(posting_house)
        browser.sign_in(name)
        if name in {"dai", "fumi", "gil"}:
            set_up_app(browser)
        number = account_id(posting_house, "ben")
        for path in ("/accounts", f"/accounts/{number}", f"/accounts/{number}/reset-factors"):
            assert browser.get(path).status_code in {403, 404}, (name, path)
        for act in ("disable", "enable", "invite", "reset-factors"):
            assert browser.post(f"/accounts/{number}/{act}", {"reason": "x"}, page="/account").status_code in {403, 404}, (name, act)
    assert Browser(posting_house).get("/accounts").location == "/sign-in?next=/accounts"
    assert rows(posting_house, Account.disabled_at, where=Account.email == "ben@demo.example") == [(None,)]


@pytest.mark.parametrize("number", ["0", "999999", "9" * 17, "9" * 30, "x", "-1"])
def test_what_is_not_there(iko, number):
    assert iko.get(f"/accounts/{number}").status_code == 404
    assert iko.post(f"/accounts/{number}/disable", {"reason": "x"}, page="/accounts").status_code in {400, 404, 405}


def test_close_and_open_again(iko, posting_house):
    ann = Browser(posting_house)
    ann.sign_in("ann")
    page = f"/accounts/{account_id(posting_house)}"
    answer = iko.post(f"{page}/disable", {"reason": "Left without notice"}, page=page)
    assert answer.location == page
    assert "closed" in iko.get(page).text
    assert not ann.is_in()
    assert Browser(posting_house).sign_in("ann").status_code == 422
    assert iko.post(f"{page}/disable", {"reason": "again"}, page=page).location == page                 # twice: nothing more
    assert iko.post(f"{page}/enable", {"reason": "A mistake"}, page=page).location == page
    assert not ann.is_in()                                                                              # the session stays ended
    assert Browser(posting_house).sign_in("ann").location == "/home"
    notes = [(row.action, row.note) for row in rows(posting_house, AuditEntry.id, AuditEntry.action, AuditEntry.note)]
    assert [n for n in notes if n[0] in {"accounts.disable", "accounts.enable"}] == [
        ("accounts.disable", "Left without notice"), ("accounts.enable", "A mistake")]


def test_a_reason_is_needed(iko, posting_house):
    page = f"/accounts/{account_id(posting_house)}"
    for reason in ("", "   ", "x" * 501):
        assert iko.post(f"{page}/disable", {"reason": reason}, page=page).status_code == 422
    assert rows(posting_house, Account.disabled_at, where=Account.email == "ann@demo.example") == [(None,)]


def test_not_oneself(iko, posting_house):
    page = f"/accounts/{account_id(posting_house, 'iko')}"
    assert "Close the account" not in iko.get(page).text
    assert iko.post(f"{page}/disable", {"reason": "x"}, page="/accounts").status_code == 409
    assert iko.post(f"{page}/reset-factors", {"reason": "x"}, page="/accounts").status_code == 409
    assert iko.is_in()


def test_invite_again(iko, posting_house, mail):
    import make

    with posting_house.app_context(), unit():
        person = make.person("Moana", "Ngata")
        made = service.invite(by=None, person=person, email="moana@town.example").id
    work(posting_house)
    first = mail.link("moana@town.example")
    page = iko.get(f"/accounts/{made}").text
    assert "invited, not opened yet" in page
    assert "Send the invitation again" in page
    assert "the invitation holds until" in page
    assert iko.post(f"/accounts/{made}/invite", page=f"/accounts/{made}").location == f"/accounts/{made}"
    work(posting_house)
    assert mail.link("moana@town.example") != first
    assert iko.get(first).status_code == 404
    assert iko.post(f"/accounts/{account_id(posting_house)}/invite", page="/accounts").status_code == 409      # taken long ago


def test_take_off_a_lost_second_step(iko, posting_house, mail, clock_at):
    ann = Browser(posting_house)
    ann.sign_in("ann")
    set_up_app(ann)
    number = account_id(posting_house)
    path = f"/accounts/{number}/reset-factors"
    clock_at.shift(16 * 60)
    assert iko.get(path).location == f"/confirm?next={path}"                                            # prove it is you
    iko.post("/confirm", {"password": PASSWORD})
    assert "call back on a number you know" in iko.get(path).text
    assert iko.post(path, {"reason": ""}).status_code == 422
    assert iko.post(path, {"reason": "Called back on the office number"}).location == f"/accounts/{number}"
    assert rows(posting_house, Account.totp_secret, where=Account.id == number) == [("",)]
    assert rows(posting_house, Passkey.id) == []
    assert rows(posting_house, RecoveryCode.id) == []
    assert not ann.is_in()
    assert Browser(posting_house).sign_in("ann").location == "/home"
    assert ("accounts.reset_factors", "Called back on the office number") in [
        (row.action, row.note) for row in rows(posting_house, AuditEntry.action, AuditEntry.note)]
    work(posting_house)
    last = mail.to("ann@demo.example")[-1]
    assert last["Subject"] == "Your second step was reset"
    assert "Called back on the office number" in mail.text("ann@demo.example")


def test_one_more_click_does_it_once(iko, posting_house):
    page = f"/accounts/{account_id(posting_house)}"
    shown = iko.get(page).text
    form = re.search(rf'action="{page}/disable".*?</form>', shown, re.DOTALL).group(0)
    data = {"csrf_token": hidden(form, "csrf_token"), "_key": hidden(form, "_key"), "reason": "x"}
    answers = {(a.status_code, a.location) for a in (iko.post(f"{page}/disable", data) for _n in range(10))}
    assert answers == {(303, page)}
    assert len([1 for row in rows(posting_house, AuditEntry.action) if row.action == "accounts.disable"]) == 1


def test_pages_of_fifty_and_the_same_cost(people, queries):
    import make

    app = people.iko.application
    people.iko.get("/accounts")
    with queries() as few:
        people.iko.get("/accounts?q=ann")
    with app.app_context(), unit():
        for n in range(120):
            make.account(make.person("Many", f"Person {n:03}"), f"many{n:03}@town.example")
    with queries() as many:
        page = people.iko.get("/accounts?q=many").text
    assert len(few) == len(many) <= 6
    assert page.count("<tr>") == 51
    seen, path = set(), "/accounts?q=many"
    for _page in range(3):
        page = people.iko.get(path).text
        seen |= set(re.findall(r"many\d{3}@town.example(?=<)", page))
        after = re.search(r'<nav class="pager".*?href="(/accounts\?[^"]*)"', page, re.DOTALL)
        path = html.unescape(after.group(1)) if after else ""
    assert path == ""
    assert len(seen) == 120


def test_the_steps_of_others_are_untouched(iko, posting_house, clock_at):
    ann, ben = Browser(posting_house), Browser(posting_house)
    ann.sign_in("ann")
    ben.sign_in("ben")
    set_up_app(ann)
    secret = set_up_app(ben)
    iko.post(f"/accounts/{account_id(posting_house)}/reset-factors", {"reason": "lost"})
    assert ben.is_in()
    clock_at.shift(60)
    again = Browser(posting_house)
    again.sign_in("ben")
    assert again.post("/sign-in/factor", {"code": code_of(secret)}).status_code == 303
    with posting_house.app_context():
        assert db.session.query(Device).filter(Device.revoked_at.is_(None)).count() >= 3
        db.session.remove()
