"""Around the lesson in a real browser: a note that survives a lost connection, a question that is solved, an answer sent to the authors, a plan,
a printed unit, and a search result that starts the player at its second."""
import re
import struct

import pytest
import telling

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "phone"), ("en", "desk"), ("ja", "desk")])
LESSON = "/learn/tiny/l-000001"
SAVED = re.compile("Saved|保存済み")


@pytest.fixture
def fresh(site):
    """Take away what earlier stories left around the lessons, and Ann's and Ben's learning."""
    from jetlms.core.db import db, unit
    from jetlms.learning import models

    with site.app.app_context(), unit():
        db.session.execute(models.LessonPost.__table__.update().values(accepted_id=None))
        for table in (models.PostReport, models.WordingRequest, models.StudyPlan, models.Bookmark, models.LessonNote):
            db.session.execute(table.__table__.delete())
        db.session.execute(models.LessonPost.__table__.delete().where(models.LessonPost.question_id.is_not(None)))
        db.session.execute(models.LessonPost.__table__.delete())
    for name in ("ann", "ben"):
        telling.fresh(site, name)


def wait_until_sent(page):
    for _n in range(100):
        if page.evaluate("Object.values(localStorage).every(kept => JSON.parse(kept).every(entry => entry.done))"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the note still waits")


def enrol(page):
    page.goto("/learn/tiny")
    page.locator("form[action$='/enrol'] button[type=submit]").click()
    page.locator(".course-state").wait_for()


@BOTH
def test_ann_keeps_a_note_asks_and_plans(site, visit, clean, fresh, lang, size):
    page = visit("ann", lang=lang, size=size)
    page.goto("/learn/tiny")
    page.locator(".goal-box summary").click()
    clean(page)
    for day in page.locator("[name=weekdays]").all():
        day.check()
    page.locator("[name=minutes]").fill("5")
    page.locator("form[action$='/enrol'] button[type=submit]").click()
    page.wait_for_url("**/plan")
    assert page.locator("section .rows li").count() >= 1
    clean(page)
    page.goto("/calendar")
    clean(page)

    page.goto(LESSON)
    page.locator(".note-box summary").click()
    page.locator("[data-note] textarea").fill("敬語を復習する")
    page.locator("[data-saved]", has_text=SAVED).wait_for()
    page.context.set_offline(True)
    page.locator("[data-note] textarea").fill("敬語を復習する\nagain on Friday")
    page.locator("[data-saved].is-urgent").wait_for()
    page.context.set_offline(False)
    page.reload()
    assert page.locator("[data-note] textarea").input_value().endswith("again on Friday")
    wait_until_sent(page)
    page.reload()
    assert page.locator("[data-note] textarea").input_value().endswith("again on Friday")
    page.locator("[aria-pressed=false]").click()
    page.locator("[aria-pressed=true]").wait_for()
    clean(page)
    page.goto("/learn/notes")
    assert "again on Friday" in page.locator("main").inner_text()
    clean(page)

    page.goto(f"{LESSON}/questions")
    clean(page)
    page.locator("[name=title]").fill("いらっしゃいますとは")
    page.locator("[name=text]").fill("- when?\n- to whom?")
    page.locator("#ask button").click()
    page.wait_for_url("**/learn/questions/*")
    question = page.url
    staff = visit("fumi", lang=lang, size=size)
    staff.goto("/courses/questions")
    clean(staff)
    staff.goto(question)
    staff.locator("[name=text]").fill("To a guest.")
    staff.locator("#answer button").click()
    staff.locator(".tag-info").wait_for()
    page.reload()
    page.locator(".post form[action$='/accept'] button").click()
    page.locator(".is-accepted").wait_for()
    clean(page)
    page.goto("/learn/tiny/modules/m-000001/print")
    page.locator("[data-print]").wait_for()
    clean(page)


@pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "desk")])
def test_ben_thinks_that_his_answer_is_right(site, visit, clean, fresh, lang, size):
    page = visit("ben", lang=lang, size=size)
    enrol(page)
    page.goto(f"{LESSON}?screen=3")
    page.locator("#q-000002 input[type=text]").fill("おります")
    page.locator("#q-000002 button[type=submit]").click()
    page.locator(".claim a").click()
    clean(page)
    page.locator("[name=remark]").fill("My school says so.")
    page.locator("form[action$='/wording'] button").click()
    page.locator("main .notice-info").wait_for()
    author = visit("fumi", lang=lang, size=size)
    author.goto("/courses/wordings")
    clean(author)
    author.locator("[name=refused]").click()
    author.locator("[role=alert]").wait_for()
    clean(author)
    author.locator("[name=taken]").click()
    author.locator(".empty").wait_for()
    page.goto("/inbox")
    assert "おります" in page.locator("main").inner_text()


@pytest.fixture
def heard(site, tmp_path):
    """Publish the tiny course with a sound of seventy seconds in its second lesson; afterwards as it was."""
    import courses
    from jetlms.core.db import unit
    from jetlms.learning import publishing

    folder = courses.write(tmp_path / "heard")
    (folder / "assets").mkdir()
    silence = b"\x80" * 8000 * 70
    (folder / "assets" / "one.wav").write_bytes(
        b"RIFF" + struct.pack("<I", 36 + len(silence)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data"
        + struct.pack("<I", len(silence)) + silence)
    for lang in ("en", "ja"):
        (folder / "assets" / f"one.{lang}.vtt").write_text("WEBVTT\n\n00:01:07.000 --> 00:01:09.000\nThe evacuation centre.\n", "utf-8")
        path = folder / "01-module" / f"20-second.{lang}.md"
        path.write_text(path.read_text("utf-8") + '\n---\n\n::audio assets/one.wav title="Notice"\n', "utf-8")
    with site.app.app_context(), unit():
        publishing.publish(folder, by=None)
    yield
    with site.app.app_context(), unit():
        publishing.publish(courses.write(tmp_path / "before"), by=None)


def test_a_search_result_starts_the_player_at_its_second(site, visit, clean, fresh, heard):
    page = visit("ann", size="phone")
    page.goto("/search?q=evacuation+centre")
    page.locator("main a", has_text="1:07").click()
    page.wait_for_url("**/l-000002?screen=2#t=67")
    figure = page.locator("[data-media='1']")
    figure.wait_for(state="visible")
    for _n in range(50):
        if page.evaluate("document.querySelector('[data-media] video').currentTime") >= 67:
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("the player did not go to its second")
    clean(page)
    if not figure.locator("details[open]").count():
        figure.locator("summary").click()
    figure.locator("[data-seek]").click()
    assert page.locator("[data-screen='2']").is_visible()
