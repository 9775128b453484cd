"""The stories this house was built for, in a real browser: both languages, a phone and a desk, axe on every page they pass."""
import re

import pytest
from acts import read_first_lesson
from sqlalchemy import select
from telling import fresh, wait_until_sent

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "phone"), ("en", "desk"), ("ja", "desk")])


def first_lesson(page):
    """Open the first lesson of the course that is on the screen."""
    page.locator(".items a").first.click()


@BOTH
def test_kai_takes_his_first_lesson_from_abroad(site, visit, clean, lang, size):
    fresh(site, "kai")
    page = visit("kai", lang=lang, size=size, zone="America/Toronto")
    page.goto("/home")
    clean(page)
    page.goto("/learn/tefl-foundations")
    page.locator("main form button[type=submit]").first.click()          # enrol
    page.locator(".course-state").wait_for()
    clean(page)
    first_lesson(page)
    clean(page)
    screens = page.locator("[data-screen]").count()
    for number in range(1, screens + 1):
        here = page.locator(f"[data-screen='{number}']")
        here.wait_for(state="visible")
        for question in here.locator("form[data-practice]").all():
            answer_somehow(question)
            question.locator("button[type=submit]").click()
            question.locator(".verdict").wait_for()
        clean(page)
        here.locator("[data-seen] button").click()
    page.wait_for_url("**screen=end**")
    page.locator(".screen-end h2").first.wait_for()
    assert page.locator(".screen-end h2").first.inner_text() == ("レッスン修了" if lang == "ja" else "Lesson done")
    clean(page)
    page.goto("/home")
    text = page.locator("main").inner_text()
    assert ("EST" in text or "EDT" in text), "his own zone stands first"
    assert ("日本時間" if lang == "ja" else "JST") in text


def answer_somehow(question):
    """Answer a question of whatever type as somebody who does not know."""
    for choice in question.locator("input[type=radio], input[type=checkbox]").all()[:1]:
        choice.check()
    for field in question.locator("input[type=text]").all():
        field.fill("5")
    for number, select_box in enumerate(question.locator("select").all(), 1):
        options = select_box.locator("option")
        select_box.select_option(index=min(number, options.count() - 1))


@BOTH
def test_ann_loses_her_connection_and_nothing_else(site, visit, clean, lang, size):
    fresh(site, "ann")
    page = visit("ann", lang=lang, size=size)
    page.goto("/learn/tiny")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".course-state").wait_for()
    read_the_lessons(page)
    page.goto("/learn/tiny/l-000003")
    clean(page)
    page.locator("form[action$='/attempts'] button").click()
    page.wait_for_url("**/attempts/1**")
    clean(page)
    page.locator("#q-000011 label", has_text="right").click()
    page.locator("[data-saved]", has_text=re.compile("Saved|保存済み")).wait_for()

    page.context.set_offline(True)
    page.locator("#q-000014 label", has_text=re.compile("^(True|正しい)$")).click()
    page.locator("#q-000013 input").fill("45")
    page.locator("#q-000015 input").fill("book")
    page.locator("#q-000015 input").blur()
    page.locator("[data-saved].is-urgent").wait_for()
    page.context.set_offline(False)
    page.reload()
    assert page.locator("#q-000013 input").input_value() == "45"
    assert page.locator("#q-000015 input").input_value() == "book"
    assert page.locator("#q-000014 input").first.is_checked()
    wait_until_sent(page)

    elsewhere = visit("ann", lang=lang, size=size)                       # a second browser finds every answer
    elsewhere.goto("/learn/tiny/l-000003/attempts/1")
    assert elsewhere.locator("#q-000011 input:checked").count() == 1
    assert elsewhere.locator("#q-000013 input").input_value() == "45"
    assert elsewhere.locator("#q-000015 input").input_value() == "book"
    elsewhere.locator("#q-000012 label", has_text=re.compile("^a$")).click()
    elsewhere.locator("#q-000012 label", has_text=re.compile("^c$")).click()
    elsewhere.locator("[data-saved]", has_text=re.compile("Saved|保存済み")).wait_for()
    elsewhere.locator("button[name=hand_in]").click()
    elsewhere.locator(".result-passed").wait_for()
    assert "100 %" in elsewhere.locator(".result").inner_text()
    clean(elsewhere)

    elsewhere.goto("/learn/tiny/l-000004")
    clean(elsewhere)
    elsewhere.locator("[data-question] textarea").fill("A plan with an aim." if lang == "en" else "めあてのある計画です。")
    elsewhere.locator("button[name=hand_in]").click()
    elsewhere.locator(".notice-ok").wait_for()
    elsewhere.goto("/certificates")
    clean(elsewhere)
    elsewhere.locator("main a", has_text=re.compile("Tiny|小さな")).first.click()
    clean(elsewhere)
    with elsewhere.expect_download() as download:
        elsewhere.locator("a", has_text="PDF").click()
    assert open(download.value.path(), "rb").read(5) == b"%PDF-"
    code = elsewhere.locator("dd.code").inner_text()

    stranger = visit(None, lang=lang, size=size)
    stranger.goto("/verify")
    clean(stranger)
    stranger.locator("input[name=code]").fill(code.lower())
    stranger.locator("main button").click()
    assert "O’Malley" in stranger.locator("main").inner_text()
    clean(stranger)


def read_the_lessons(page):
    """Read both lessons of the tiny course to their ends."""
    read_first_lesson(page, "/learn/tiny/l-000001")
    page.goto("/learn/tiny/l-000002")
    page.locator("[data-seen] button").click()
    page.wait_for_url("**screen=end**")


@BOTH
def test_cho_sees_reminds_and_downloads(site, visit, clean, lang, size):
    ann = fresh(site, "ann")
    enrol(site, ann)
    page = visit("cho", lang=lang, size=size)
    page.goto("/home")
    clean(page)
    page.goto("/monitor?course=tiny")
    clean(page)
    row = page.locator("tr", has_text="O’Malley")
    assert ("未開始" if lang == "ja" else "Not started") in row.inner_text()
    row.locator("button").click()
    page.locator(".notice-ok").wait_for()
    clean(page)
    page.goto("/monitor?course=tiny")
    assert page.locator("tr", has_text="O’Malley").locator("button").count() == 0, "one a week"
    page.locator("tr", has_text="O’Malley").locator("a").first.click()
    clean(page)
    page.goto("/monitor?course=tiny")
    with page.expect_download() as sheet:
        page.locator(".report a", has_text="Excel").click()
    assert open(sheet.value.path(), "rb").read(2) == b"PK"
    learner = visit("ann", lang=lang, size=size)
    learner.goto("/inbox")
    assert "山田 蝶" in learner.locator("main").inner_text(), "she sees who sent it"
    clean(learner)
    learner.goto("/who-sees")
    assert "山田 蝶" in learner.locator("main").inner_text(), "and who looked"
    clean(learner)


def enrol(site, person):
    from jetlms.core.db import db, unit
    from jetlms.learning import service
    from jetlms.learning.models import Course

    with site.app.app_context(), unit():
        service.enrol(by=None, course=db.session.scalars(select(Course).where(Course.slug == "tiny")).one(), person_id=person, via="staff")


def test_eri_of_another_prefecture_gets_404_for_ann(site, visit):
    ann = fresh(site, "ann")
    enrol(site, ann)
    page = visit("eri")
    assert page.goto(f"/monitor/people/{ann}").status == 404
    assert page.goto(f"/people/{ann}").status == 404


@BOTH
def test_the_front_door_is_clean(visit, clean, lang, size):
    page = visit(None, lang=lang, size=size)
    for path in ("/", "/sign-in", "/help", "/verify/0000-0000-0000", "/nothing-here"):
        page.goto(path)
        page.problems.clear()
        clean(page)


@BOTH
@pytest.mark.parametrize(("who", "path"), [
    ("ann", "/learn"), ("ann", "/calendar"), ("ann", "/search?q=授業"), ("ann", "/learn/tefl-foundations/glossary"), ("ann", "/account"),
    ("fumi", "/monitor"), ("fumi", "/home"), ("dai", "/monitor"), ("iko", "/admin"), ("iko", "/admin/audit"), ("iko", "/accounts"),
])
def test_every_other_page_is_clean(visit, clean, who, path, lang, size):
    page = visit(who, lang=lang, size=size)
    assert page.goto(path).status == 200
    clean(page)


def test_keys_alone_carry_through_a_lesson(site, visit):
    fresh(site, "ben")
    page = visit("ben", size="desk")
    page.goto("/learn/tiny")
    page.locator("main form button[type=submit]").first.focus()
    page.keyboard.press("Enter")
    page.locator(".course-state").wait_for()
    page.goto("/learn/tiny/l-000001")
    page.locator("html[data-lesson-ready]").wait_for(state="attached")
    page.locator("#q-0000pr input[type=radio]").first.press("Space")
    page.locator("#q-0000pr input[type=radio]").first.press("Tab")
    page.locator("#q-0000pr button:focus").press("Enter")
    page.locator("#q-0000pr .verdict").wait_for()
    page.locator("[data-screen='1'] [data-seen] button").focus()
    page.keyboard.press("Enter")
    page.locator("[data-screen='2']").wait_for(state="visible")


def test_enter_that_confirms_a_conversion_does_not_answer(site, visit):
    fresh(site, "ben")
    page = visit("ben", lang="ja")
    page.goto("/learn/tiny")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".course-state").wait_for()
    page.goto("/learn/tiny/l-000001?screen=3")
    field = page.locator("#q-000002 input[type=text]")
    field.fill("いらっしゃいます")
    field.evaluate("""input => input.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))""")
    assert page.locator("#q-000002 .verdict").count() == 0
    field.press("Enter")
    page.locator("#q-000002 .verdict-right").wait_for()


def test_an_expired_sign_in_keeps_the_answers(site, visit):
    fresh(site, "ben")
    page = visit("ben")
    page.goto("/learn/tiny")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".course-state").wait_for()
    page.goto("/learn/tiny/l-000003")
    page.locator("form[action$='/attempts'] button").click()
    page.wait_for_url("**/attempts/**")
    page.context.clear_cookies()
    page.locator("#q-000013 input").fill("45")
    page.locator("#q-000013 input").blur()
    page.locator("[data-saved] a").wait_for()
    page.locator("[data-saved] a").click()
    page.locator("input[name=email]:visible").fill("ben@demo.example")
    page.locator("input[name=password]:visible").fill("jetlms-demo")
    page.locator("input[name=password]:visible").press("Enter")
    page.wait_for_url("**/attempts/**")
    assert page.locator("#q-000013 input").input_value() == "45"
    wait_until_sent(page)
    page.reload()
    assert page.locator("#q-000013 input").input_value() == "45"


def test_without_a_script_a_lesson_and_a_quiz_can_be_done(site, visit):
    fresh(site, "ben")
    page = visit("ben", java_script_enabled=False)
    page.goto("/learn/tiny")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".course-state").wait_for()
    page.goto("/learn/tiny/l-000001")
    page.locator("[data-screen='1'] [data-seen] button").click()
    page.locator("#q-000001 label", has_text="right one").click()
    page.locator("#q-000001 button[type=submit]").click()
    page.locator("#q-000001 .verdict-right").wait_for()
    page.goto("/learn/tiny/l-000003")
    page.locator("form[action$='/attempts'] button").click()
    page.locator("#q-000011 label", has_text="right").click()
    page.locator("button[name=hand_in]").click()
    assert "20 %" in page.locator(".result").inner_text()


@BOTH
def test_ben_translates_a_speech_and_loses_nothing(site, visit, clean, lang, size):
    fresh(site, "ben")
    page = visit("ben", lang=lang, size=size)
    page.goto("/learn/translation-ja-en")
    page.locator("main form button[type=submit]").first.click()          # enrol
    page.locator(".items a").nth(2).click()
    page.locator("[data-workbench-ready]").wait_for(state="attached")
    clean(page)
    field = page.locator("#s1 textarea")
    field.fill("Good evening, everyone. I am the city mayor")
    page.locator("#s1 .findings li").first.wait_for()                    # saved while typing, with what to look at again
    clean(page)
    page.context.set_offline(True)
    field.fill("Good evening, everyone. I am Takase Masaki, Mayor of Mizuhara.")
    page.locator("[data-saved].is-urgent").wait_for()
    page.context.set_offline(False)
    page.reload()
    assert page.locator("#s1 textarea").input_value().endswith("Mayor of Mizuhara.")
    wait_until_sent(page)
    here = page.url
    page.context.set_offline(True)
    page.locator("#s2 textarea").fill("Committed without a connection.")
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        page.locator("#s2 textarea").press("Control+Enter")
    page.context.set_offline(False)
    page.goto(here)
    assert page.locator("#s2 textarea").input_value() == "Committed without a connection."
    page.locator("[data-workbench-ready]").wait_for(state="attached")
    page.locator("#s1 textarea").focus()
    page.locator("#s1 textarea").dispatch_event("keydown", {"key": "Enter", "ctrlKey": True, "isComposing": True})
    assert page.locator("#s1 .model").count() == 0                       # the input method's Enter commits nothing
    page.keyboard.press("Control+Enter")
    page.locator("#s1 .model").first.wait_for()
    page.locator("[data-workbench-ready]").wait_for(state="attached")
    clean(page)
    page.locator("#s1 .rating label").first.click()
    page.locator("#s1 .rating button").click()
    page.locator("#s1 .rating input[name=rating]:checked").wait_for()
    assert page.locator("#s2 .model").count() == 0


def test_ben_translates_without_a_script(site, visit):
    fresh(site, "ben")
    page = visit("ben", java_script_enabled=False)
    page.goto("/learn/translation-ja-en")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".items a").nth(2).click()
    page.locator("#s1 textarea").fill("Good evening.")
    page.locator("#s1 button[name=save]").click()
    assert page.locator("#s1 textarea").input_value() == "Good evening."
    assert page.locator("#s1 .model").count() == 0
    page.locator("#s1 button[name=commit]").click()
    page.locator("#s1 .model").first.wait_for()
