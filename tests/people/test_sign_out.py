"""Sign out, and be put out: at once, and for every copy of the cookie."""
from doors import Browser, hidden, rows
from sqlalchemy import update

from jetlms.core.db import db, unit
from jetlms.people.models import Account, Appointment, Device


def test_sign_out_ends_every_copy_of_the_cookie(house):
    ann = Browser(house, **{"Accept-Language": "en"})
    ann.sign_in("ann")
    thief = ann.copy_with(ann.cookie())
    assert thief.is_in()
    answer = ann.post("/sign-out", page="/account")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "You are signed out." in ann.get("/").text
    assert not ann.is_in()
    assert not thief.is_in()
    assert thief.get("/account").location == "/sign-in?next=/account"
    assert [row.revoked_at is not None for row in rows(house, Device.revoked_at)] == [True]


def test_sign_out_twice_and_signed_out_already(house):
    ann = Browser(house)
    ann.sign_in("ann")
    token = hidden(ann.get("/account").text, "csrf_token")
    twin = ann.copy_with(ann.cookie())
    assert ann.post("/sign-out", {"csrf_token": token}).status_code == 303
    assert twin.post("/sign-out", {"csrf_token": token}).status_code == 303


def test_nobody_else_can_sign_her_out(house):
    ann = Browser(house)
    ann.sign_in("ann")
    assert ann.post("/sign-out", token=False).status_code == 400             # no token
    assert ann.get("/sign-out").status_code == 405                           # no link does it
    other = Browser(house)
    other.sign_in("ben")
    foreign = hidden(other.get("/account").text, "csrf_token")
    assert ann.post("/sign-out", {"csrf_token": foreign}).status_code == 400
    assert ann.is_in()


def test_private_pages_are_kept_by_nobody(house):
    ann = Browser(house)
    ann.sign_in("ann")
    page = ann.get("/account")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in page.headers["Vary"]


def test_disabling_ends_a_session_in_the_middle(house):
    ann = Browser(house)
    ann.sign_in("ann")
    assert ann.is_in()
    with house.app_context(), unit():
        db.session.execute(update(Account).where(Account.email == "ann@demo.example").values(disabled_at=Account.created_at))
    assert ann.get("/account").status_code == 303
    assert ann.post("/account", {"locale": "ja", "zone": "Asia/Tokyo"}, page="/sign-in").status_code == 401


def test_a_role_that_ends_today_is_gone_at_once(open_house):
    demo = open_house(DEMO=True)
    iko = Browser(demo)
    iko.sign_in("iko", "jetlms-demo")
    assert iko.get("/accounts").status_code == 200
    with demo.app_context(), unit():
        from jetlms.core import clock

        db.session.execute(update(Appointment).where(Appointment.role == "administrator").values(
            ends_on=clock.today().replace(month=4, day=1), starts_on=clock.today().replace(month=4, day=1)))
    assert iko.get("/accounts").status_code == 403
    assert iko.get("/account").status_code == 200
