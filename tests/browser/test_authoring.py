"""Fumi writes in the browser: what she types is kept, seen in both languages, checked, published and taken back; two windows never fight."""
import pytest
from sqlalchemy import select
from telling import wait_until_sent

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "phone"), ("en", "desk"), ("ja", "desk")])
TOP = "/author/tiny"
LESSON = f"{TOP}/files/01-module/10-first.en.md"


def text_of(site, path="01-module/10-first.en.md"):
    from jetlms.core.db import db
    from jetlms.learning.models import DraftFile

    with site.app.app_context():
        return db.session.scalar(select(DraftFile.text).where(DraftFile.path == path))


@pytest.fixture
def fumi(site, visit):
    """`fumi(lang, size)` opens Fumi's browser with a fresh draft of the tiny course as it was first published."""
    from jetlms.core.db import db, unit
    from jetlms.learning import publishing
    from jetlms.learning.models import Draft, DraftFile

    with site.app.app_context(), unit():
        for table in (DraftFile, Draft):
            db.session.execute(table.__table__.delete())
        publishing.rollback("tiny", 1, by=None)

    def opened(lang="en", size="desk", **more):
        page = visit("fumi", lang=lang, size=size, **more)
        page.goto(TOP)
        page.locator("main .empty form button").click()
        page.locator(".draft-unit").first.wait_for()
        return page
    yield opened
    with site.app.app_context(), unit():
        publishing.rollback("tiny", 1, by=None)


def write(page, old, new):
    """Change the text as by typing."""
    field = page.locator("textarea[name=text]")
    field.fill(field.input_value().replace(old, new))
    page.locator("[data-saved]:not(:empty)").wait_for()
    wait_until_sent(page)


@BOTH
def test_edit_check_publish_and_roll_back(site, visit, fumi, clean, lang, size):
    page = fumi(lang, size)
    clean(page)
    page.goto("/author")
    clean(page)
    page.goto(LESSON)
    page.locator("[data-author-ready]").wait_for(state="attached")
    clean(page)
    write(page, "- [x] right one", "- [ ] right one")
    page.locator("[data-findings] li").first.wait_for()
    clean(page)
    page.goto(f"{TOP}/check")
    finding = page.locator(".draft-findings a[href*='10-first.en.md?line=']").first
    clean(page)
    finding.click()
    page.locator("[data-author-ready]").wait_for(state="attached")
    marked = page.evaluate("(([from, to, text]) => text.slice(from, to))((f => [f.selectionStart, f.selectionEnd, f.value])"
                           "(document.querySelector('textarea[name=text]')))")
    assert "q-000001" in marked                                # the line the finding speaks of
    write(page, "- [ ] right one", "- [x] right one")
    write(page, "Third screen.", "A changed screen.")
    page.locator("[data-view=en] >> text=A changed screen.").wait_for()
    page.goto(f"{TOP}/check")
    page.locator("a[href$='/publish']").click()
    clean(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/releases")
    clean(page)
    page.locator("a[href*='/releases/']:not([href$=rollback])").first.click()
    page.locator("select[name=with]").select_option("1")
    page.locator(".filters button").click()
    assert page.locator("ins").first.inner_text() == "A changed screen."
    clean(page)
    ann = visit("ann")
    ann.goto("/learn/tiny/l-000001?screen=3")
    assert "A changed screen." in ann.locator("main").inner_text()
    page.goto(f"{TOP}/releases/1/rollback")
    clean(page)
    page.locator("textarea[name=reason]").fill("It was better before.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/releases")
    ann.reload()
    assert "Third screen." in ann.locator("main").inner_text()
    for path in ("new", "import", "analysis", "regrading", "items/01-module/20-second", "draft/discard", "difference"):
        page.goto(f"{TOP}/{path}")
        clean(page)


def test_the_toolbar_writes_what_is_hard_to_remember(site, fumi):
    page = fumi()
    page.goto(LESSON)
    field = page.locator("textarea[name=text]")
    field.evaluate("f => { const at = f.value.indexOf('Third'); f.focus(); f.setSelectionRange(at, at + 5); }")
    page.locator("[data-around='**|**']").click()
    assert "**Third** screen." in field.input_value()
    field.evaluate("f => { f.focus(); f.setSelectionRange(f.value.length, f.value.length); }")
    page.locator("[data-skeleton]").select_option("cloze")
    page.locator("select[data-term]").select_option("word")
    assert "::: question id=? type=cloze\n[[term:word]]" in field.input_value()
    field.press("Control+z")
    page.wait_for_timeout(1200)
    wait_until_sent(page)
    assert "type=cloze" in text_of(site)


def test_two_windows_never_fight(site, visit, fumi, clean):
    page = fumi()
    page.goto(LESSON)
    other = visit("iko")
    other.goto(LESSON)
    write(page, "Third screen.", "Fumi's screen.")
    other.locator("textarea[name=text]").fill("Iko's text")
    other.locator("[data-saved].is-urgent button").click()
    other.locator("ins >> text=Iko's text").wait_for()
    clean(other)
    assert other.locator("textarea[name=text]").input_value() == "Iko's text"
    assert "Fumi's screen." in text_of(site)
    other.locator("form[data-editor] button[type=submit]").first.click()
    other.wait_for_load_state()
    assert text_of(site) == "Iko's text"


def test_a_lost_connection_and_a_reload_lose_no_text(site, fumi):
    page = fumi()
    page.goto(LESSON)
    page.locator("[data-author-ready]").wait_for(state="attached")
    page.route(f"**{LESSON}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    field = page.locator("textarea[name=text]")
    field.fill(field.input_value() + "\nTyped without a connection.\n")
    page.locator("[data-saved].is-urgent").wait_for()
    page.unroute(f"**{LESSON}")
    page.reload()
    wait_until_sent(page)
    assert "Typed without a connection." in text_of(site)
    assert "Typed without a connection." in page.locator("textarea[name=text]").input_value()


def test_without_a_script_one_writes_and_saves(site, fumi):
    page = fumi(java_script_enabled=False)
    page.goto(LESSON)
    assert not page.locator("[data-toolbar]").is_visible()
    field = page.locator("textarea[name=text]")
    field.fill(field.input_value().replace("Third screen.", "Plain."))
    page.locator("form[data-editor] button[type=submit]").click()
    page.wait_for_load_state()
    assert "Plain." in page.locator("[data-view=en]").inner_text()
