"""Ben takes an exercise to another program and brings a memory home; both languages, a phone and a desk, axe on every page."""
import pytest
from telling import fresh

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "phone"), ("en", "desk"), ("ja", "desk")])
TMX = ('<?xml version="1.0"?>\n<tmx version="1.4"><header srclang="ja"/><body>'
       '<tu><tuv xml:lang="ja"><seg>{0}</seg></tuv><tuv xml:lang="en"><seg>{1}</seg></tuv></tu>'
       '<tu><tuv xml:lang="ja"><seg>訳なし</seg></tuv></tu></body></tmx>')


def exercise(site):
    """Return the key of the course's first translation."""
    from sqlalchemy import select

    from jetlms.core.db import db
    from jetlms.learning.models import Course, Item

    with site.app.app_context():
        return db.session.scalars(select(Item.key).join(Course, Course.id == Item.course_id).where(
            Course.slug == "translation-ja-en", Item.kind == "translation", Item.retired_at.is_(None)).order_by(Item.key)).first()


def bring(page, name, data):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/xml", "buffer": data})
    page.locator("form[enctype] button[type=submit]").click()


@BOTH
def test_ben_exchanges_his_work(site, visit, clean, lang, size):
    fresh(site, "ben")
    page = visit("ben", lang=lang, size=size)
    page.goto("/learn/translation-ja-en")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".course-state").wait_for()
    page.goto(f"/learn/translation-ja-en/{exercise(site)}")
    page.locator("a[href$='/xliff']").click()
    clean(page)
    with page.expect_download() as waiting:
        page.locator("a[href$='.xlf']").click()
    text = waiting.value.path().read_text("utf-8")
    bring(page, "back.xlf", text.replace("</source>", "</source><target>Done elsewhere 1.</target>", 1).encode())
    page.locator(".notice ul").wait_for()
    clean(page)
    page.goto("/memory")
    clean(page)
    bring(page, "broken.tmx", b"<tmx>")
    page.locator(".error-summary").wait_for()
    clean(page)
    bring(page, "old.tmx", TMX.format("雨が降る。" * 30, "It is raining. " * 20).encode())
    page.locator(".units li").wait_for()
    clean(page)
    page.locator("a[href*='imports/delete']").click()
    clean(page)
    page.locator("main form button").click()
    page.locator(".empty").wait_for()
    page.goto("/memory/errors")
    clean(page)
