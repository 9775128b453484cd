"""Kai, still abroad, finds his level and begins."""
import pytest
from telling import fresh

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "desk")])


@pytest.fixture
def levels(site):
    from jetlms.core.db import db, unit
    from jetlms.learning import publishing
    from jetlms.learning.models import Placement, PlacementAnswer

    for name in ("japanese-beginner", "japanese-intermediate", "japanese-advanced"):
        with site.app.app_context(), unit():
            publishing.publish(publishing.courses_folder() / name, by=None)
    fresh(site, "kai")
    yield
    fresh(site, "kai")
    with site.app.app_context(), unit():
        for table in (PlacementAnswer, Placement):
            db.session.execute(table.__table__.delete())


@BOTH
def test_kai_is_placed_and_begins(site, visit, clean, levels, lang, size):
    kai = visit("kai", lang=lang, size=size)
    kai.goto("/learn/levels/japanese")
    clean(kai)
    kai.locator("form[action$='/placement'] button").click()
    clean(kai)
    for number in range(20):
        if number == 7:                                        # he goes on on the next day
            kai.goto("/learn/levels/japanese")
            kai.locator("a[href$='/placement']").click()
        options = kai.locator("form.question input[type=radio]")
        if options.count() and number % 2:
            options.first.check()
            kai.locator("form.question button.button:not(.button-quiet)").click()
        else:
            kai.locator("[name=unknown]").click()
    kai.locator(".placement .big").wait_for()
    assert any(word in kai.locator(".placement").inner_text() for word in ("JST", "日本時間"))      # his own zone, and Japan's
    clean(kai)
    card = kai.locator(".course-card").first
    card.locator("[name=hidden]").check()
    card.locator("button").click()
    kai.locator(".who-sees").first.wait_for()
    kai.goto("/learn/japanese-advanced")
    assert kai.locator("form[action$='/enrol']").count() == 0          # one level at a time
    kai.goto("/learn/levels/japanese")
    kai.locator("form[action$='/japanese-advanced/level'] button").click()
    kai.locator(".course-state").wait_for()
    clean(kai)
    kai.goto("/learn/record")
    assert kai.locator("tbody tr").count() == 2
    clean(kai)
    kai.goto("/learn/japanese-advanced")
    kai.locator(".course-state a.button").first.click()
    kai.locator("h1").wait_for()
    assert kai.problems == []
