"""An expired sign-in loses nothing: a form sent too late comes back after signing in."""
import json
import re

from doors import PASSWORD, Browser, code_of, hidden, rows, set_up_app
from flask import request
from itsdangerous import URLSafeTimedSerializer

from jetlms.core.guard import signed_in
from jetlms.people.models import Account

TEXT = "First we pair the pupils.\n  Then <b>they</b> ask & answer…\n\n\"Quotes\" stay."
EN = {"Accept-Language": "en"}


def with_form(house):
    """Add a page with a form to a house, as any feature has them; what arrives is kept in `house.arrived`."""
    house.arrived = []

    @signed_in
    def form(number):
        if request.method == "POST":
            house.arrived.append(request.form.to_dict(flat=False))
        return "thank you"
    house.add_url_rule("/a-form/<int:number>", "a_form", form, methods=["GET", "POST"])
    return house


def expired(house, clock_at, name="ann"):
    """Return a browser whose sign-in ran out while she wrote, and the token of the form she has open."""
    browser = Browser(house, **EN)
    browser.sign_in(name)
    token = hidden(browser.get("/account").text, "csrf_token")
    clock_at.shift(13 * 3600)
    return browser, token


def visible(page):
    """Return the fields of the first form of a page that goes to /a-form, as a browser would send them."""
    import html

    form = re.search(r'<form[^>]*action="/a-form[^>]*>(.*?)</form>', page, re.DOTALL).group(1)
    fields = [(n, html.unescape(v)) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)]
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return fields + [(n, html.unescape(v)) for n, v in texts]


def test_the_text_comes_back_and_is_sent(open_house, clock_at):
    house = with_form(open_house())
    ann, token = expired(house, clock_at)
    sent = {"csrf_token": token, "_key": "k" * 22, "title": "x", "days": ["mon", "fri"], "story": TEXT, "password": "never this", "code": "123456"}
    late = ann.post("/a-form/7?from=here", sent)
    assert late.status_code == 401
    assert house.arrived == []
    assert "Nothing you typed is lost" in late.text
    assert "they&lt;/b&gt; ask" in late.text
    assert "never this" not in late.text
    assert "123456" not in late.text
    door = ann.post("/sign-in/resume", {"csrf_token": hidden(late.text, "csrf_token"), "kept": hidden(late.text, "kept")})
    assert door.status_code == 200
    assert "What you had typed is kept" in door.text
    # a wrong password on the way loses nothing either
    again = ann.post("/sign-in", {"csrf_token": hidden(door.text, "csrf_token"), "kept": hidden(door.text, "kept"),
                                  "email": "ann@demo.example", "password": "not this one"})
    assert again.status_code == 422
    back = ann.post("/sign-in", {"csrf_token": hidden(again.text, "csrf_token"), "kept": hidden(again.text, "kept"),
                                 "email": "ann@demo.example", "password": PASSWORD})
    assert back.status_code == 200
    assert "Here is what you had typed" in back.text
    assert "Ann O’Malley" in back.text                                      # the page knows already who she is
    assert 'action="/a-form/7?from=here"' in back.text
    fields = visible(back.text)
    data = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    assert data["story"] == [TEXT]
    assert data["days"] == ["mon", "fri"]
    assert data["title"] == ["x"]
    assert not {"password", "code", "kept"} & data.keys()
    assert ann.post("/a-form/7?from=here", data).status_code == 200
    [arrived] = house.arrived
    assert arrived["story"] == [TEXT]
    assert arrived["days"] == ["mon", "fri"]
    assert ann.is_in()


def test_the_second_step_carries_it_too(open_house, clock_at):
    house = with_form(open_house())
    ben = Browser(house, **EN)
    ben.sign_in("ben")
    secret = set_up_app(ben)
    token = hidden(ben.get("/account").text, "csrf_token")
    clock_at.shift(13 * 3600)
    late = ben.post("/a-form/7", {"csrf_token": token, "story": TEXT})
    step = ben.post("/sign-in", {"csrf_token": hidden(late.text, "csrf_token"), "kept": hidden(late.text, "kept"),
                                 "email": "ben@demo.example", "password": PASSWORD})
    assert step.status_code == 200
    assert "Second step" in step.text
    back = ben.post("/sign-in/factor", {"csrf_token": hidden(step.text, "csrf_token"), "kept": hidden(step.text, "kept"),
                                        "code": code_of(secret)})
    assert dict(visible(back.text))["story"] == TEXT


def test_a_form_without_text_leads_back_to_its_page(open_house, clock_at):
    house = with_form(open_house())
    ann, token = expired(house, clock_at)
    late = ann.post("/a-form/7", {"csrf_token": token}, headers={"Referer": "http://localhost/a-form/7"})
    assert late.status_code == 401
    assert 'name="kept"' not in late.text
    assert 'href="/sign-in?next=/a-form/7"' in late.text


def test_a_strangers_page_cannot_put_words_into_her_form(open_house, clock_at):
    house = with_form(open_house())
    for headers in ({}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}):
        late = Browser(house, **EN).post("/a-form/7", {"story": "words of a stranger"}, token=False, headers=headers)
        assert late.status_code == 400
        assert 'name="kept"' not in late.text
    ann = Browser(house, **EN)
    forged = URLSafeTimedSerializer("another secret", salt="people.resume").dumps(["/a-form/7", [["story", "forged"]], "", False])
    answer = ann.post("/sign-in", {"email": "ann@demo.example", "password": PASSWORD, "kept": forged})
    assert (answer.status_code, answer.location) == (303, "/home")
    assert "forged" not in answer.text


def test_who_signed_out_in_another_window_goes_on_as_well(open_house):
    """Her token is gone with the session; the browser itself says that the form came from a page of ours."""
    house = with_form(open_house())
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    token = hidden(ann.get("/account").text, "csrf_token")
    ann.post("/sign-out", {"csrf_token": token})
    late = ann.post("/a-form/7", {"csrf_token": token, "story": TEXT}, headers={"Sec-Fetch-Site": "same-origin"})
    assert late.status_code == 400
    assert house.arrived == []
    door = ann.post("/sign-in/resume", {"csrf_token": hidden(late.text, "csrf_token"), "kept": hidden(late.text, "kept")})
    back = ann.post("/sign-in", {"csrf_token": hidden(door.text, "csrf_token"), "kept": hidden(door.text, "kept"),
                                 "email": "ann@demo.example", "password": PASSWORD})
    assert dict(visible(back.text))["story"] == TEXT


def test_who_signed_in_again_in_another_window_just_sends(open_house):
    house = with_form(open_house())
    ann = Browser(house, **EN)
    ann.sign_in("ann")
    old = hidden(ann.get("/account").text, "csrf_token")
    ann.post("/sign-in", {"email": "ann@demo.example", "password": PASSWORD}, page="/account")
    late = ann.post("/a-form/7", {"csrf_token": old, "story": TEXT}, headers={"Sec-Fetch-Site": "same-origin"})
    assert late.status_code == 400
    back = ann.post("/sign-in/resume", {"csrf_token": hidden(late.text, "csrf_token"), "kept": hidden(late.text, "kept")})
    assert dict(visible(back.text))["story"] == TEXT


def test_another_persons_text_is_not_handed_over(open_house, clock_at):
    """A shared computer: Ann's form is open, Ben signs in."""
    house = with_form(open_house())
    browser, token = expired(house, clock_at)
    late = browser.post("/a-form/7", {"csrf_token": token, "story": TEXT})
    answer = browser.post("/sign-in", {"csrf_token": hidden(late.text, "csrf_token"), "kept": hidden(late.text, "kept"),
                                       "email": "ben@demo.example", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/home")
    assert "could not be taken along" in browser.get("/account").text


def test_after_twelve_hours_it_is_too_old(open_house, clock_at):
    house = with_form(open_house())
    ann, token = expired(house, clock_at)
    late = ann.post("/a-form/7", {"csrf_token": token, "story": TEXT})
    kept = hidden(late.text, "kept")
    clock_at.shift(13 * 3600)
    answer = ann.post("/sign-in", {"kept": kept, "email": "ann@demo.example", "password": PASSWORD}, page="/sign-in")
    assert answer.status_code == 303
    assert ann.post("/sign-in/resume", {"kept": kept}, page="/account").status_code == 400


def test_a_script_gets_an_answer_it_understands(open_house, clock_at):
    house = with_form(open_house())
    ann, token = expired(house, clock_at)
    answer = ann.post("/a-form/7", {"answer": "b"}, token=False, headers={"Accept": "application/json", "X-CSRFToken": token})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.data)["status"] == 401
    assert "sign in again" in json.loads(answer.data)["title"]
    asked = ann.get("/a-form/7", headers={"Accept": "application/json"})
    assert asked.status_code == 401
    assert asked.mimetype == "application/problem+json"


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(open_house, clock_at):
    house = with_form(open_house())
    ann, _token = expired(house, clock_at)
    answer = ann.get("/a-form/7", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/account"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account"


def test_the_language_switch_of_the_kept_page_is_no_dead_end(house):
    assert Browser(house).get("/sign-in/resume?lang=ja").location == "/sign-in"
    assert rows(house, Account.id)
