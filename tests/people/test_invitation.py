"""Invite somebody; she opens her account by the link in the mail."""
import re
import threading

import pytest
from doors import Browser, hidden, rows, work
from sqlalchemy import select, text, update

from jetlms.core.db import db, unit
from jetlms.core.errors import Refused
from jetlms.core.identity import User
from jetlms.people import service
from jetlms.people.models import Account, Device, Person, Ticket

NEW = "new.person@town.example"
CHOSEN = "three green umbrellas"
EN = {"Accept-Language": "en"}
FUMI = User(id=1, account_id=1, device_id=1, name="Fumi", roles=frozenset({"clair_desk"}))


def invite(house, email=NEW, locale="en", given="Moana", family="Ngata"):
    """Make a person and invite her."""
    import make

    with house.app_context(), unit():
        service.invite(by=FUMI, person=make.person(given, family), email=email, locale=locale)
    work(house)


def data(**more):
    return {"new_password": CHOSEN, "locale": "en", "zone": "Pacific/Auckland", **more}


def test_the_link_opens_the_account(posting_house, mail):
    invite(posting_house, email="  New.Person@Town.Example")
    message = mail.to(NEW)[-1]
    assert message["Subject"] == "Your invitation to jetlms"
    assert message["Content-Language"] == "en"
    body = mail.text(NEW)
    assert "Hello Moana Ngata." in body
    assert "Mon 7 December 2026 09:00 JST" in body
    moana = Browser(posting_house, **EN)
    page = moana.get(mail.link(NEW))
    assert page.status_code == 200
    assert "Welcome, Moana Ngata" in page.text
    assert NEW in page.text
    before = moana.cookie()
    answer = moana.post(mail.link(NEW), data())
    assert (answer.status_code, answer.location) == (303, "/home")
    assert moana.is_in()
    assert moana.cookie() != before
    [(locale, zone)] = rows(posting_house, Account.locale, Account.zone, where=Account.email == NEW)
    assert (locale, zone) == ("en", "Pacific/Auckland")
    assert Browser(posting_house).post("/sign-in", {"email": NEW, "password": CHOSEN}).location == "/home"


def test_the_mail_in_japanese(posting_house, mail):
    invite(posting_house, locale="ja", given="太郎", family="")
    message = mail.to(NEW)[-1]
    assert message["Subject"] == "jetlmsへのご招待"
    assert message["Content-Language"] == "ja"
    body = mail.text(NEW)
    assert "太郎 様" in body
    assert "令和8年12月7日(月) 09:00 JST" in body
    html = message.get_body(("html",)).get_content()
    assert 'lang="ja"' in html
    assert mail.link(NEW) in html


def test_looking_does_not_use_it_up(posting_house, mail):
    """Mail scanners open every link, some of them with HEAD."""
    invite(posting_house)
    link = mail.link(NEW)
    for _n in range(3):
        assert Browser(posting_house).get(link).status_code == 200
        assert Browser(posting_house).client.head(link).status_code == 200
    assert rows(posting_house, Ticket.used_at) == [(None,)]
    assert Browser(posting_house).post(link, data()).status_code == 303


def test_it_works_once(posting_house, mail):
    invite(posting_house)
    link = mail.link(NEW)
    Browser(posting_house).post(link, data())
    late = Browser(posting_house, **EN)
    assert late.get(link).status_code == 404
    assert "This link no longer works" in late.get(link).text
    assert late.post(link, data(new_password="another fine sentence")).status_code == 404
    assert not late.is_in()
    assert Browser(posting_house).post("/sign-in", {"email": NEW, "password": CHOSEN}).location == "/home"


def test_two_at_once_one_gets_it(posting_house, mail):
    invite(posting_house)
    link = mail.link(NEW)
    browsers = [Browser(posting_house) for _n in range(4)]
    for browser in browsers:
        browser.get(link)
    statuses, gate = [], threading.Barrier(4)

    def take(browser, n):
        gate.wait()
        statuses.append(browser.post(link, data(new_password=f"{CHOSEN} {n}")).status_code)
    threads = [threading.Thread(target=take, args=(browser, n)) for n, browser in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 404, 404, 404]
    assert sum(browser.is_in() for browser in browsers) == 1


def test_after_fourteen_days_it_is_too_old(posting_house, mail, clock_at):
    invite(posting_house)
    link = mail.link(NEW)
    clock_at.shift(14 * 86400 - 60)
    assert Browser(posting_house).get(link).status_code == 200
    clock_at.shift(120)
    assert Browser(posting_house).get(link).status_code == 404
    assert Browser(posting_house).post(link, data()).status_code == 404


def test_an_invented_link_is_the_same_page(house):
    for token in ("x", "A" * 43, "..%2f", "%00"):
        assert Browser(house).get(f"/invitation/{token}").status_code in {400, 404}


def test_a_link_is_for_its_purpose(posting_house, mail):
    invite(posting_house)
    token = mail.link(NEW).rsplit("/", 1)[1]
    assert Browser(posting_house).get(f"/password-reset/{token}").status_code == 404
    assert Browser(posting_house).get(f"/account/email/{token}").status_code == 404


WEAK = ["short", "123456789", "Password2026!", "P@ssw0rd123", "qwertyuiop", "aaaaaaaaaaaa", "jetprogramme", "1234567890", "sakurasakura",
        "moana loves tea", "I am ngata-san", "new.person@town", "jetlms-demo", "ＰＡＳＳＷＯＲＤ１２３", "x" * 201, ""]


@pytest.mark.parametrize("weak", WEAK)
def test_passwords_that_are_tried_first_are_refused(posting_house, mail, weak):
    invite(posting_house)
    browser = Browser(posting_house, **EN)
    answer = browser.post(mail.link(NEW), data(new_password=weak))
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert 'value="Pacific/Auckland" selected' in answer.text or 'selected value="Pacific/Auckland"' in answer.text      # the rest stays
    assert not weak or f'value="{weak}"' not in answer.text
    assert not browser.is_in()
    assert rows(posting_house, Ticket.used_at) == [(None,)]


@pytest.mark.parametrize("good", ["three green umbrellas", "Tr0ub4dor&3 zebra", "たこ焼きと八つの春の風", "k7#mQ2v!xR9p"])
def test_others_are_taken(posting_house, mail, good):
    invite(posting_house)
    assert Browser(posting_house).post(mail.link(NEW), data(new_password=good)).status_code == 303


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"locale": "fr"}, {"zone": ""}])
def test_bad_choices_are_422(posting_house, mail, wrong):
    invite(posting_house)
    assert Browser(posting_house).post(mail.link(NEW), data(**wrong)).status_code == 422


def test_no_more_fields_than_the_form_has(posting_house, mail):
    invite(posting_house)
    extra = {"role": "administrator", "email": "iko@demo.example", "person_id": 1, "disabled_at": "x", "account_id": 1}
    Browser(posting_house).post(mail.link(NEW), data(**extra))
    assert rows(posting_house, Account.disabled_at, where=Account.email == NEW) == [(None,)]


def test_sent_again_the_earlier_link_ends(posting_house, mail):
    invite(posting_house)
    first = mail.link(NEW)
    with posting_house.app_context(), unit():
        service.invite_again(by=FUMI, account=db.session.scalars(select(Account).where(Account.email == NEW)).one())
    work(posting_house)
    second = mail.link(NEW)
    assert first != second
    assert Browser(posting_house).get(first).status_code == 404
    assert Browser(posting_house).post(second, data()).status_code == 303
    with posting_house.app_context(), unit(), pytest.raises(Refused):
        service.invite_again(by=FUMI, account=db.session.scalars(select(Account).where(Account.email == NEW)).one())


def test_one_account_a_person_and_an_address(posting_house):
    import make

    invite(posting_house)
    with posting_house.app_context():
        with unit(), pytest.raises(Refused):
            service.invite(by=FUMI, person=make.person("Other", "Person"), email=NEW)
        with unit(), pytest.raises(Refused):
            service.invite(by=FUMI, person=db.session.scalars(select(Person).where(Person.given_name == "Moana")).one(), email="b@c.example")


def test_a_disabled_or_dead_persons_link_is_dead(posting_house, mail):
    invite(posting_house)
    with posting_house.app_context(), unit():
        db.session.execute(update(Account).where(Account.email == NEW).values(disabled_at=Account.created_at))
    assert Browser(posting_house).get(mail.link(NEW)).status_code == 404


def test_staff_go_on_to_their_second_step(posting_house, mail):
    import make

    with posting_house.app_context(), unit():
        person = make.person("Rin", "Desk")
        make.appointment(person, "clair_desk", make.organisation("clair-jet"))
        service.invite(by=FUMI, person=person, email=NEW)
    work(posting_house)
    rin = Browser(posting_house, **EN)
    assert rin.post(mail.link(NEW), data()).location == "/home"
    assert rin.get("/home").location == "/factors"


def test_the_token_is_nowhere_in_the_database(posting_house, mail, tmp_path):
    invite(posting_house)
    token = mail.link(NEW).rsplit("/", 1)[1]
    with posting_house.app_context():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            assert token.encode() not in (tmp_path / "jetlms.db").read_bytes()
        else:
            with db.engine.connect() as connection:
                for table in ("notice", "delivery", "ticket", "task", "audit_entry", "idempotency_key"):
                    for row in connection.execute(text(f"SELECT * FROM {table}")):
                        assert token not in str(row), table


def test_the_token_does_not_travel_on(posting_house, mail):
    invite(posting_house)
    page = Browser(posting_house).get(mail.link(NEW))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not re.search(r'(?:src|href)="https?://', page.text)


def test_without_its_hidden_token_nothing_happens(posting_house, mail):
    invite(posting_house)
    answer = Browser(posting_house).post(mail.link(NEW), data(), token=False)
    assert answer.status_code == 400
    assert rows(posting_house, Ticket.used_at) == [(None,)]
    assert rows(posting_house, Device.id) == []
    assert hidden(Browser(posting_house).get(mail.link(NEW)).text, "csrf_token")
