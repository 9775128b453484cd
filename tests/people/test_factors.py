"""The second step: authenticator app, recovery codes; who must have one, and what happens to who has not."""
import re

import pytest
from doors import PASSWORD, Browser, code_of, hidden, make_codes, rows, set_up_app
from sqlalchemy import select

from jetlms.core import crypto
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db
from jetlms.core.notices import Notice
from jetlms.people.models import Account, Device, RecoveryCode

EN = {"Accept-Language": "en"}


@pytest.fixture
def fumi(house):
    """Fumi of the CLAIR desk, signed in for the first time."""
    browser = Browser(house, **EN)
    browser.sign_in("fumi")
    browser.get("/factors?lang=en")
    return browser


def test_staff_without_a_second_step_are_led_to_set_one_up(house, fumi):
    for path in ("/home", "/monitor", "/account", "/learn", "/inbox"):
        assert fumi.get(path).location == "/factors", path
    page = fumi.get("/factors")
    assert page.status_code == 200
    assert "Your role needs a second step" in page.text
    before = fumi.cookie()
    set_up_app(fumi)
    assert fumi.get("/monitor").status_code == 200
    assert fumi.cookie() != before
    assert fumi.copy_with(before).get("/factors").status_code == 303
    assert fumi.post("/sign-out", page="/account").status_code == 303


def test_staff_can_sign_out_without_setting_one_up(fumi):
    assert fumi.post("/sign-out", page="/factors").location == "/"


def test_participants_need_none(house):
    ann = Browser(house)
    ann.sign_in("ann")
    assert ann.get("/learn").status_code == 200


def test_setting_it_up_late_asks_for_the_password_and_does_not_go_in_circles(fumi, clock_at):
    clock_at.shift(20 * 60)
    assert fumi.get("/factors/app").location == "/confirm?next=/factors/app"
    answer = fumi.post("/confirm", {"password": PASSWORD, "next": "/factors/app"}, page="/confirm")
    assert answer.location == "/factors/app"
    set_up_app(fumi)


def test_looking_at_the_set_up_page_writes_nothing(house, fumi):
    fumi.get("/factors/app")
    assert all(not row.totp_secret for row in rows(house, Account.totp_secret))


def test_a_wrong_first_code_changes_nothing_and_keeps_the_picture(house, fumi):
    page = fumi.get("/factors/app")
    sealed = hidden(page.text, "sealed")
    answer = fumi.post("/factors/app", {"csrf_token": hidden(page.text, "csrf_token"), "sealed": sealed, "code": "000000"})
    secret = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', page.text).group(1)
    assert answer.status_code == 422
    assert secret in answer.text
    assert "does not belong to the picture" in answer.text
    assert all(not row.totp_secret for row in rows(house, Account.totp_secret))


def test_the_sealed_secret_is_hers_and_fresh(house, fumi, clock_at):
    page = fumi.get("/factors/app")
    data = {"sealed": hidden(page.text, "sealed"), "code": "123456"}
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    for foreign in (data["sealed"], "rubbish", ""):
        answer = ann.post("/factors/app", {**data, "sealed": foreign}, page="/account")
        assert (answer.status_code, answer.location) == (303, "/factors/app")
    clock_at.shift(31 * 60)
    fumi.post("/confirm", {"password": PASSWORD})
    clock_at.shift(1)
    assert fumi.post("/factors/app", data, page="/factors").status_code in {303, 401}
    assert all(not row.totp_secret for row in rows(house, Account.totp_secret))


def test_the_secret_is_encrypted_at_rest(house, fumi):
    secret = set_up_app(fumi)
    [(stored,)] = rows(house, Account.totp_secret, where=Account.email == "fumi@demo.example")
    assert secret not in stored
    with house.app_context():
        assert crypto.decrypt(stored) == secret


def test_sign_in_asks_for_it_and_goes_where_she_was_going(house, fumi, clock_at):
    secret = set_up_app(fumi)
    clock_at.shift(60)
    other = Browser(house, **EN)
    answer = other.sign_in("fumi", next="/monitor")
    assert (answer.status_code, answer.location) == (303, "/sign-in/factor?next=/monitor")
    assert other.get("/monitor").status_code == 303
    assert other.get("/factors").location.startswith("/sign-in")
    page = other.get(answer.location)
    assert "Six digits from your authenticator app" in page.text
    done = other.post("/sign-in/factor", {"csrf_token": hidden(page.text, "csrf_token"), "next": hidden(page.text, "next"), "code": code_of(secret)})
    assert (done.status_code, done.location) == (303, "/monitor")
    assert other.get("/monitor").status_code == 200


def test_a_participant_who_set_one_up_is_asked_too(house, clock_at):
    ann = Browser(house)
    ann.sign_in("ann")
    set_up_app(ann)
    other = Browser(house)
    assert other.sign_in("ann").location == "/sign-in/factor"
    assert not other.is_in()


def test_no_code_works_twice(house, fumi, clock_at):
    secret = set_up_app(fumi)
    used_in_set_up = code_of(secret)
    first = Browser(house)
    first.sign_in("fumi")
    assert first.post("/sign-in/factor", {"code": used_in_set_up}).status_code == 422
    clock_at.shift(30)
    code = code_of(secret)
    assert first.post("/sign-in/factor", {"code": code}).status_code == 303
    second = Browser(house, **EN)
    second.sign_in("fumi")
    answer = second.post("/sign-in/factor", {"code": code})
    assert answer.status_code == 422
    assert "used before" in answer.text
    assert second.post("/sign-in/factor", {"code": code_of(secret, -1)}).status_code == 422         # an older one neither
    assert second.post("/sign-in/factor", {"code": code_of(secret, +1)}).status_code == 303         # a fast clock is forgiven


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abc", "１２３４５６", "²²²²²²", "٣٣٣٣٣٣", "x" * 41, "0" * 40])
def test_nonsense_is_no_code(house, fumi, code):
    set_up_app(fumi)
    other = Browser(house)
    other.sign_in("fumi")
    assert other.post("/sign-in/factor", {"code": code}).status_code == 422


def test_guessing_codes_meets_a_pause(house, fumi, clock_at):
    secret = set_up_app(fumi)
    thief = Browser(house, **EN)
    thief.sign_in("fumi")
    statuses = [thief.post("/sign-in/factor", {"code": f"{n:06}"}).status_code for n in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    answer = thief.post("/sign-in/factor", {"code": code_of(secret)})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 30
    clock_at.shift(31)
    assert thief.post("/sign-in/factor", {"code": code_of(secret)}).status_code == 303


def test_the_first_step_alone_opens_nothing_and_does_not_last(house, fumi, clock_at):
    secret = set_up_app(fumi)
    other = Browser(house)
    other.sign_in("fumi")
    clock_at.shift(11 * 60)
    assert other.get("/sign-in/factor").location == "/sign-in"
    assert other.post("/sign-in/factor", {"code": code_of(secret)}).location == "/sign-in"
    assert Browser(house).get("/sign-in/factor?next=/account").location == "/sign-in?next=/account"


def test_a_new_password_makes_a_waiting_second_step_worthless(house, fumi, clock_at):
    from doors import give_password

    secret = set_up_app(fumi)
    clock_at.shift(60)
    thief = Browser(house)
    thief.sign_in("fumi")
    give_password(house, "fumi", password="a different sentence")
    assert thief.post("/sign-in/factor", {"code": code_of(secret)}).location == "/sign-in"


# ── Recovery codes ────────────────────────────────────────────────────────────────────────────────────────────────────

def test_recovery_codes_are_shown_once_and_work_once(house, fumi):
    set_up_app(fumi)
    assert "Next: recovery codes" in fumi.get("/factors").text
    codes = make_codes(fumi)
    assert len(set(codes)) == 10
    assert codes[0] not in fumi.get("/factors").text
    assert "10 codes are left" in fumi.get("/factors").text
    stored = [row.digest for row in rows(house, RecoveryCode.digest)]
    assert not any(code.replace("-", "") in digest for code in codes for digest in stored)
    other = Browser(house)
    other.sign_in("fumi")
    assert other.post("/sign-in/factor", {"code": codes[0].replace("-", " ").upper()}).status_code == 303    # as people type
    again = Browser(house)
    again.sign_in("fumi")
    assert again.post("/sign-in/factor", {"code": codes[0]}).status_code == 422
    assert again.post("/sign-in/factor", {"code": codes[1]}).status_code == 303
    assert "8 codes are left" in again.get("/factors?lang=en").text


def test_new_codes_replace_the_old_ones_also_by_a_second_click(house, fumi):
    set_up_app(fumi)
    first, second = make_codes(fumi), make_codes(fumi)
    other = Browser(house)
    other.sign_in("fumi")
    assert other.post("/sign-in/factor", {"code": first[0]}).status_code == 422
    assert other.post("/sign-in/factor", {"code": second[0]}).status_code == 303
    assert len(rows(house, RecoveryCode.id)) == 10


def test_codes_are_for_who_has_a_second_step(fumi):
    assert fumi.post("/factors/codes", page="/factors").status_code == 409


def test_anothers_code_is_no_code(house, fumi):
    set_up_app(fumi)
    codes = make_codes(fumi)
    ann = Browser(house)
    ann.sign_in("ann")
    set_up_app(ann)
    other = Browser(house)
    other.sign_in("ann")
    assert other.post("/sign-in/factor", {"code": codes[0]}).status_code == 422


# ── Looking after it ──────────────────────────────────────────────────────────────────────────────────────────────────

def test_staff_keep_at_least_one(house, fumi):
    set_up_app(fumi)
    answer = fumi.post("/factors/app/remove", page="/factors")
    assert answer.status_code == 409
    assert "Your role needs a second step" in answer.text
    assert rows(house, Account.totp_secret, where=Account.email == "fumi@demo.example")[0].totp_secret


def test_others_may_remove_it_and_are_told(house):
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    set_up_app(ann)
    make_codes(ann)
    assert ann.post("/factors/app/remove", page="/factors").location == "/factors"
    assert rows(house, RecoveryCode.id) == []
    assert sorted(row.kind for row in rows(house, Notice.kind)) == ["people.factor_added", "people.factor_added", "people.factor_removed"]
    assert sorted(row.action for row in rows(house, AuditEntry.action)) == [
        "accounts.factor_added", "accounts.factor_added", "accounts.factor_removed", "accounts.sign_in"]
    assert Browser(house).sign_in("ann").location == "/home"


def test_managing_asks_for_the_password_again(house, clock_at):
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    set_up_app(ann)
    clock_at.shift(16 * 60)
    late = ann.post("/factors/app/remove", page="/factors")
    assert late.status_code == 401
    assert "Is it you?" in late.text
    assert 'href="/confirm"' in late.text                              # a button holds no text: prove it, then press again
    assert ann.get("/factors/app").location == "/confirm?next=/factors/app"
    assert rows(house, Account.totp_secret, where=Account.email == "ann@demo.example")[0].totp_secret


def test_a_session_without_the_factor_cannot_touch_it(house):
    """A session opened before the factor was set up elsewhere: it must give it before it may manage it."""
    early = Browser(house, **EN)
    early.sign_in("ann")
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    secret = set_up_app(ann)
    for path in ("/factors", "/factors/app"):
        assert early.get(path).location == "/sign-in/factor?next=/factors", path
    for path in ("/factors/app/remove", "/factors/codes", "/factors/passkey"):
        assert early.post(path, page="/account").location == "/sign-in/factor?next=/factors", path
    assert rows(house, Account.totp_secret, where=Account.email == "ann@demo.example")[0].totp_secret
    answer = early.post("/sign-in/factor", {"code": code_of(secret, +1), "next": "/factors"}, page="/sign-in/factor")
    assert answer.location == "/factors"
    assert early.get("/factors").status_code == 200


def test_someone_who_becomes_staff_steps_up(house):
    """Ann has a factor but was let in without it (before); from her first day as staff the session asks."""
    import make

    ann = Browser(house)
    ann.sign_in("ann")
    with house.app_context():
        from jetlms.core.db import unit
        from jetlms.people.models import Person

        with unit():
            person = db.session.scalars(select(Person).join(Account, Account.person_id == Person.id)
                                        .where(Account.email == "ann@demo.example")).one()
            make.appointment(person, "clair_desk", make.organisation("clair-jet"))
    assert ann.get("/learn").location == "/factors"
    set_up_app(ann)
    assert ann.get("/learn").status_code == 200


def test_the_demo_asks_nobody(open_house):
    demo = open_house(DEMO=True)
    fumi = Browser(demo, **EN)
    fumi.sign_in("fumi", "jetlms-demo")
    set_up_app(fumi)
    assert "nobody is asked" in fumi.get("/factors?lang=en").text
    assert Browser(demo).sign_in("fumi", "jetlms-demo").location == "/home"


def test_staff_sessions_end_sooner(house, fumi, clock_at):
    set_up_app(fumi)
    [(expires, made)] = rows(house, Device.expires_at, Device.created_at, where=Device.revoked_at.is_(None))[-1:]
    assert (expires - made).days == 1
    clock_at.shift(31 * 60)
    assert not fumi.is_in()


def test_the_audit_says_who_came_in_and_by_what_not_who_was_half_way(house, clock_at):
    ann = Browser(house)
    ann.sign_in("ann")
    secret = set_up_app(ann)
    codes = make_codes(ann)
    clock_at.shift(60)
    other = Browser(house)
    other.sign_in("ann")
    first = [row.detail["how"] for row in rows(house, AuditEntry.id, AuditEntry.detail, where=AuditEntry.action == "accounts.sign_in")]
    assert first == ["password"]                                            # the first step alone is nobody in
    other.post("/sign-in/factor", {"code": code_of(secret)})
    third = Browser(house)
    third.sign_in("ann")
    third.post("/sign-in/factor", {"code": codes[0]})
    entries = rows(house, AuditEntry.id, AuditEntry.action, AuditEntry.actor_id, AuditEntry.detail)
    assert [row.detail["how"] for row in entries if row.action == "accounts.sign_in"] == ["password", "factor", "factor"]
    assert len({row.actor_id for row in entries}) == 1
    assert [row.action for row in entries].count("accounts.use_recovery_code") == 1
