"""Choose a new password by a link in a mail."""
from doors import PASSWORD, Browser, code_of, rows, set_up_app, work
from sqlalchemy import func, select, update

from jetlms.core.db import db, read_apart, unit
from jetlms.core.jobs import Task
from jetlms.core.notices import Delivery, Notice
from jetlms.people.models import Account, Ticket

ANN, NEXT = "ann@demo.example", "quite another sentence"
EN = {"Accept-Language": "en"}


def ask(house, email=ANN, **headers):
    return Browser(house, **EN).post("/password-reset", {"email": email}, headers=headers or None)


def test_it_works_and_ends_every_session(posting_house, mail):
    elsewhere = Browser(posting_house)
    elsewhere.sign_in("ann")
    assert ask(posting_house, email=" ANN@demo.example").location == "/password-reset/sent"
    work(posting_house)
    message = mail.to(ANN)[-1]
    assert message["Subject"] == "Choose a new password"
    assert "Mon 23 November 2026 10:00 JST" in mail.text(ANN)
    ann = Browser(posting_house, **EN)
    assert ann.get(mail.link(ANN)).status_code == 200
    answer = ann.post(mail.link(ANN), {"new_password": NEXT})
    assert (answer.status_code, answer.location) == (303, "/home")
    assert ann.is_in()
    assert not elsewhere.is_in()
    assert Browser(posting_house).sign_in("ann").status_code == 422
    assert Browser(posting_house).sign_in("ann", NEXT).location == "/home"
    work(posting_house)
    assert mail.to(ANN)[-1]["Subject"] == "Your password has been changed"
    assert NEXT not in mail.text(ANN)


def test_known_and_unknown_addresses_look_and_weigh_the_same(posting_house, mail):
    """Same page, same statements; only the worker, later, knows."""
    answers = []
    for email in (ANN, "nobody@demo.example"):
        browser = Browser(posting_house, **EN)
        browser.get("/password-reset")
        statements = _statements(posting_house, lambda browser=browser, email=email: answers.append(
            browser.post("/password-reset", {"email": email})))
        answers[-1].statements = statements
    known, unknown = answers
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known.statements == unknown.statements
    page = Browser(posting_house, **EN).get(known.location)
    assert "If this address belongs to an account" in page.text
    work(posting_house)
    assert mail.to("nobody@demo.example") == []
    assert len(mail.to(ANN)) == 1
    assert rows(posting_house, Task.state) == [("done",), ("done",)]


def _statements(house, act):
    from sqlalchemy import event

    seen = []
    with house.app_context():
        engine = db.engine

    def note(_c, _cursor, statement, *_rest):
        seen.append(statement)
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def test_looking_does_not_use_it_up_and_it_works_once(posting_house, mail):
    ask(posting_house)
    work(posting_house)
    link = mail.link(ANN)
    for _n in range(3):
        assert Browser(posting_house).get(link).status_code == 200
    assert Browser(posting_house).post(link, {"new_password": "Password2026!"}).status_code == 422        # a bad one uses up nothing
    assert Browser(posting_house).post(link, {"new_password": NEXT}).status_code == 303
    assert Browser(posting_house).get(link).status_code == 404
    assert Browser(posting_house).post(link, {"new_password": "a third sentence"}).status_code == 404


def test_after_an_hour_it_is_too_old(posting_house, mail, clock_at):
    ask(posting_house)
    work(posting_house)
    clock_at.shift(3601)
    assert Browser(posting_house).get(mail.link(ANN)).status_code == 404


def test_links_point_to_the_sites_own_address(posting_house, mail):
    """A13: whatever the asker says the host is."""
    for headers in ({"Host": "evil.example"}, {"Host": "localhost:80@evil.example"}):
        assert Browser(posting_house).post("/password-reset", {"email": ANN}, headers=headers).status_code == 400
    for headers in ({"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
                    {"Host": "localhost:4321"}):
        ask(posting_house, **headers)
    work(posting_house)
    assert mail.to(ANN)
    assert all("evil.example" not in m.as_string() and ":4321" not in m.as_string() for m in mail.messages)     # bare digits turn up in ids
    assert all("http://localhost/password-reset/" in m.get_body(("plain",)).get_content() for m in mail.to(ANN))


def test_a_link_does_not_wait_behind_a_full_outbox(posting_house, mail):
    """Thousands of reminders may be on their way; who has forgotten her password sits there and waits."""
    from jetlms.core import notices

    with posting_house.app_context():
        with unit():
            ann = db.session.scalar(select(Account.person_id).where(Account.email == ANN))
            for n in range(40):
                notices.send("learning.overdue", ann, dedup=f"full:{n}", params={"count": n, "due_on": "2026-11-01"})
        ask(posting_house)
        notices.send_due()
    subjects = [message["Subject"] for message in mail.to(ANN)]
    assert len(subjects) == 41
    assert subjects.index("Choose a new password") <= 2 * notices.NEWS_EVERY


def test_her_inbox_is_not_flooded_and_no_link_lies_in_it(posting_house, mail):
    for _n in range(6):
        ask(posting_house)
    work(posting_house)
    assert len(mail.to(ANN)) == 3                                           # the links that live at once
    assert {row.person_id for row in rows(posting_house, Notice.person_id)} == {0}
    ann = Browser(posting_house, **EN)
    ann.sign_in("ann")
    assert "/password-reset/" not in ann.get("/inbox").text
    assert all(row.rendered == {} for row in rows(posting_house, Delivery.id, Delivery.rendered))


def test_every_link_on_its_way_dies_with_the_change(posting_house, mail):
    for _n in range(2):
        ask(posting_house)
    work(posting_house)
    import re

    links = [re.search(r"http://localhost(/\S+)", m.get_body(("plain",)).get_content()).group(1) for m in mail.to(ANN)]
    assert Browser(posting_house).post(links[1], {"new_password": NEXT}).status_code == 303
    assert Browser(posting_house).get(links[0]).status_code == 404


def test_a_changed_address_makes_links_to_the_old_one_worthless(posting_house, mail):
    ask(posting_house)
    work(posting_house)
    reset = mail.link(ANN)
    ann = Browser(posting_house, **EN)
    ann.sign_in("ann")
    ann.post("/account/email", {"email": "ann.new@town.example"})
    work(posting_house)
    ann.post(mail.link("ann.new@town.example"))
    assert Browser(posting_house).get(reset).status_code == 404


def test_a_reset_does_not_get_around_the_second_step(posting_house, mail, clock_at):
    ann = Browser(posting_house, **EN)
    ann.sign_in("ann")
    secret = set_up_app(ann)
    work(posting_house)                                        # what she is told of it is on its way before
    ask(posting_house)
    work(posting_house)
    thief = Browser(posting_house, **EN)
    answer = thief.post(mail.link(ANN), {"new_password": NEXT})
    assert answer.location == "/sign-in/factor"
    assert not thief.is_in()
    clock_at.shift(60)
    assert thief.post("/sign-in/factor", {"code": code_of(secret)}).location == "/home"


def test_a_disabled_account_gets_no_link(posting_house, mail):
    with posting_house.app_context(), unit():
        db.session.execute(update(Account).where(Account.email == ANN).values(disabled_at=Account.created_at))
    ask(posting_house)
    work(posting_house)
    assert mail.messages == []
    assert rows(posting_house, Ticket.id) == []


def test_in_japanese(posting_house, mail):
    ask(posting_house, email="cho@demo.example")
    work(posting_house)
    assert mail.to("cho@demo.example")[-1]["Subject"] == "新しいパスワードを決める"
    assert "山田 蝶 様" in mail.text("cho@demo.example")


def test_bad_input_and_no_token(house):
    for email in ("", "ann", "a@b", "x" * 300 + "@demo.example"):
        assert Browser(house).post("/password-reset", {"email": email}).status_code == 422
    assert Browser(house).post("/password-reset", {"email": ANN}, token=False).status_code == 400
    with house.app_context(), read_apart() as connection:
        assert connection.scalar(select(func.count()).select_from(Task)) == 0
    assert Browser(house).sign_in("ann", PASSWORD).location == "/home"


def test_clicking_twice_asks_once(house):
    browser = Browser(house)
    from doors import hidden

    page = browser.get("/password-reset").text
    data = {"email": ANN, "csrf_token": hidden(page, "csrf_token"), "_key": hidden(page, "_key")}
    answers = [browser.post("/password-reset", data) for _n in range(10)]
    assert {(a.status_code, a.location) for a in answers} == {(303, "/password-reset/sent")}
    with house.app_context(), read_apart() as connection:
        assert connection.scalar(select(func.count()).select_from(Task)) == 1
