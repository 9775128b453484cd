"""Ben interprets: hears a part, speaks into the browser's microphone, listens to himself, sends; nothing he said is lost."""
import pytest
from acts import record
from telling import fresh
from tones import spoken

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "phone"), ("en", "desk"), ("ja", "desk")])
SPEECH = "The MC opens the ceremony"


def booth(site, visit, *, lang="en", size="desk", microphone=True, **more):
    """Return Ben's page of the first speech; Chromium's own device beeps into the microphone."""
    from sqlalchemy import select

    from jetlms.core.db import db
    from jetlms.learning.models import LessonText

    fresh(site, "ben")
    page = visit("ben", lang=lang, size=size, **more)
    if microphone:
        page.context.grant_permissions(["microphone"])
    page.goto("/learn/translation-ja-en")
    page.locator("main form button[type=submit]").first.click()
    with site.app.app_context():
        key = db.session.scalars(select(LessonText.item_key).where(LessonText.title == SPEECH)).first()
    page.goto(f"/learn/translation-ja-en/{key}")
    return page


@BOTH
def test_ben_interprets_a_part(site, visit, clean, lang, size):
    page = booth(site, visit, lang=lang, size=size)
    page.locator("[data-booth-ready]").wait_for(state="attached")
    assert page.locator("#s1 .model").count() == 0
    clean(page)
    record(page)
    clean(page)
    page.locator("#s1 [data-send]").click()
    page.locator("#s1 .model").first.wait_for()                # the server has it; the page shows script and model
    clean(page)
    heard = page.locator("#s1 .take audio").get_attribute("src")
    assert page.request.get(heard).body()[:4] == b"RIFF"
    page.locator("#s1 .rating label").first.click()
    page.locator("#s1 .rating button").click()
    page.locator("#s1 .rating input[name=rating]:checked").wait_for()
    assert page.problems == []


def test_a_recording_outlives_a_lost_connection_and_a_reload(site, visit):
    page = booth(site, visit)
    record(page, seconds=10)                                   # two pieces
    sent = []
    page.route("**/takes/s1/*/1", lambda route: route.abort())  # the connection goes after the first piece
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("#s1 [data-send]").click()
    page.locator("#s1 [data-told].field-error").wait_for()
    page.unroute("**/takes/s1/*/1")
    first = [url for url in sent if url.endswith("/0")]
    page.reload()
    page.locator("#s1 .model").first.wait_for()
    assert [url for url in sent if url.endswith("/0")] == first  # what had arrived was not sent again
    assert any(url.endswith("/1") for url in sent)


def test_a_microphone_refused_is_said_and_a_file_is_taken(site, visit, clean):
    page = booth(site, visit, size="phone", microphone=False)
    page.locator("#s1 [data-record]").click()
    page.locator("[data-mic-wrong]").wait_for()
    assert "microphone" in page.locator("[data-mic-wrong]").inner_text()
    clean(page)
    page.locator("#s1 [data-file] summary").click()
    page.locator("#s1 input[type=file]").set_input_files({"name": "take.webm", "mimeType": "audio/webm", "buffer": b"\x1aE\xdf\xa3 webm"})
    page.locator("#s1 [data-file] button").click()
    page.locator("#s1-refused").wait_for()
    clean(page)


def test_two_seconds_are_too_short_and_nothing_is_sent(site, visit):
    page = booth(site, visit)
    page.locator("#s1 [data-record]").click()
    page.wait_for_timeout(1500)
    page.locator("#s1 [data-stop]").click()
    page.locator("#s1 [data-told].field-error").wait_for()
    assert not page.locator("#s1 [data-preview]").is_visible()
    record(page)                                               # and again, at once


def test_without_a_script_one_hears_and_sends_a_file(site, visit):
    page = booth(site, visit, java_script_enabled=False)
    assert page.locator("#s1 [data-speech]").is_visible()
    page.locator("#s1 [data-file] summary").click()
    page.locator("#s1 input[type=file]").set_input_files({"name": "take.wav", "mimeType": "audio/wav", "buffer": spoken()})
    page.locator("#s1 [data-file] button").click()
    page.locator("#s1 .model").first.wait_for()
