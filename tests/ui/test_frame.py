"""The frame of every page: where we are, what this role needs, a quick way out, help; and the pages for when it goes wrong."""
import re

import pytest

CODES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def entries(number: int) -> list[dict]:
    return [{"label": f"Entry {n}", "url": f"/{n}", "current": n == 1} for n in range(number)]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_page_has_the_way_to_its_content_and_to_help(ui, lang):
    for name in ("base.html", "plain.html"):
        page = ui.page(name, lang)
        assert f'<html lang="{lang}">' in page
        assert page.index('href="#main"') < page.index("<header")
        assert 'href="tel:110"' in page
        assert 'href="tel:119"' in page
        assert ("English" if lang == "ja" else "日本語") in page


@pytest.mark.parametrize(("number", "shown", "folded"), [(0, 0, 0), (3, 3, 0), (5, 5, 0), (6, 4, 2), (12, 4, 8)])
def test_the_navigation_has_five_places_at_most(ui, ann, number, shown, folded):
    page = ui.page("base.html", user=ann, nav=lambda: entries(number), unread=lambda: 0)
    nav = re.search(r'<nav class="main-nav".*?</nav>', page, re.DOTALL).group(0)
    first, _, rest = nav.partition("<details")
    assert (first.count("<a "), rest.count("<a ")) == (shown, folded)
    if number:
        assert nav.count('aria-current="page"') == 1


def test_signing_out_is_a_post_with_the_token(ui, ann):
    page = ui.page("base.html", user=ann)
    form = re.search(r'<form id="sign-out".*?</form>', page, re.DOTALL).group(0)
    assert 'method="post"' in form
    assert 'value="token"' in form
    assert page.count('form="sign-out"') == 1, "on a phone from the menu"


def test_unread_and_place_are_said(ui, ann):
    page = ui.page("base.html", user=ann, unread=120, place="<Ikoma>")
    assert "120 unread" in page
    assert ">99+<" in page
    assert "&lt;Ikoma&gt;" in page
    assert "badge" not in ui.page("base.html", user=ann)


def test_a_stranger_sees_the_way_in_and_nothing_private(ui):
    page = ui.page("base.html")
    assert 'href="/people/sign_in"' in page
    assert "main-nav" not in page
    assert "sign-out" not in page


def test_a_message_is_said_once_in_its_kind(ui):
    page = ui.page("base.html", flashed=(("Saved.",), ("Too late.", "late")))
    assert re.search(r'notice-ok" role="status">.*?Saved\.', page)
    assert re.search(r'notice-late" role="status">.*?Too late\.', page)


def test_an_aside_stands_only_where_there_is_one(ui):
    child = '{% extends "base.html" %}{% block main %}<p>Main</p>{% endblock %}'
    assert "<aside>" not in ui(child)
    assert "<aside>Beside" in ui(child + "{% block aside %}Beside{% endblock %}")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("code", CODES)
def test_an_error_says_what_happened_to_the_work_and_what_to_do(ui, code, lang):
    page = ui.page("error.html", lang, code=code, message="", kept=[])
    assert ("Your work" if lang == "en" else "入力内容") in page
    assert ("What to do" if lang == "en" else "次にすること") in page
    assert f"{code}" in page
    assert "abc123" in page


def test_each_error_has_words_of_its_own(ui):
    heads = {re.search(r"<h1>(.*?)</h1>", ui.page("error.html", code=code, message="", kept=[])).group(1) for code in CODES}
    assert len(heads) == len(CODES)


def test_an_unforeseen_code_has_words_too(ui):
    assert "our side" in ui.page("error.html", code=507, message="", kept=[])
    assert "could not be read" in ui.page("error.html", code=418, message="", kept=[])


def test_what_was_typed_is_given_back_as_text(ui):
    page = ui.page("error.html", code=503, message="", kept=[("note", "<script>alert(1)</script>")])
    assert "&lt;script&gt;" in page
    assert "Your text is below" in page


def test_who_was_signed_out_is_led_back_in(ui):
    page = ui.page("error.html", code=401, message="", kept=[("note", "typed")])
    assert 'href="/people/sign_in"' in page
    assert "is kept" in page


def test_a_mail_is_plain_and_says_where_it_leads(ui, ann):
    words = {"title": "A course is ready", "body": "TEFL <1>", "url": "https://jet.example/learn", "action": "Open the course"}
    for name in ("mail.html", "mail.txt"):
        page = ui.page(name, to=ann, words=words, base_url="https://jet.example")
        for part in ("A course is ready", "https://jet.example/learn", "Open the course", "Ann O’Malley"):
            assert part in page
        assert "<table" not in page
    assert "TEFL &lt;1&gt;" in ui.page("mail.html", to=ann, words=words, base_url="")
    assert "TEFL <1>" in ui.page("mail.txt", to=ann, words={**words, "url": ""}, base_url="")
