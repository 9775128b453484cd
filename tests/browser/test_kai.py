"""Kai, abroad and before his arrival: the placement quiz sends him to the beginner's course, and he goes through the whole of its first unit."""
import pytest
from sqlalchemy import select
from telling import fresh, wait_until_sent

pytestmark = pytest.mark.browser
COURSE = "japanese-beginner"


@pytest.fixture
def unit(site):
    """The three levels are published; return the first unit of the beginner's course as its release has it: [(item, its questions)]."""
    from jetlms.core.db import db
    from jetlms.core.db import unit as transaction
    from jetlms.learning import publishing
    from jetlms.learning.models import Course, Placement, PlacementAnswer
    from jetlms.learning.releases import outline, text

    for name in (COURSE, "japanese-intermediate", "japanese-advanced"):
        with site.app.app_context(), transaction():
            publishing.publish(publishing.courses_folder() / name, by=None)
    fresh(site, "kai")
    with site.app.app_context():
        release = db.session.scalar(select(Course.release_id).where(Course.slug == COURSE))
        found = [(item, text(release, item["id"], "en")["questions"]) for item in outline(release)["modules"][0]["items"]]
        db.session.remove()
    yield found
    fresh(site, "kai")
    with site.app.app_context(), transaction():
        for table in (PlacementAnswer, Placement):
            db.session.execute(table.__table__.delete())


def choose(place, key, source):
    for option in source["options"]:
        if option["right"]:
            place.locator(f"input[name='{key}'][value='{option['key']}']").check()


def type_in(place, key, source):
    accepted = next(answers for answers in source["accepted"].values() if answers)
    place.locator(f"input[name='{key}']").fill(next(a["answer"] for a in accepted if a["kind"] == "=").partition("±")[0].strip())


def fill_gaps(place, key, source):
    for n, gap in enumerate(next(iter(source["gaps"].values()))):
        place.locator(f"input[name='{key}.{n}']").fill(gap[0])


def pair(place, key, source):
    for option in source["options"]:
        place.locator(f"select[name='{key}.{option['key']}']").select_option(option["pair"])


def put_in_order(place, key, source):
    for n, option in enumerate(source["options"], 1):
        place.locator(f"select[name='{key}.{option['key']}']").select_option(str(n))


def write(place, key, _source):
    place.locator(f"textarea[name='{key}']").fill("はじめまして。カイです。どうぞよろしくおねがいします。" * 4)


# How the right answer is given, as the release has it, to each type of question.
KNOW = {"choice": choose, "truefalse": choose, "multi": choose, "text": type_in, "number": type_in, "cloze": fill_gaps, "match": pair,
        "order": put_in_order, "essay": write}


def know(place, source):
    KNOW[source["type"]](place, source["id"], source)


def study(page, item, questions):
    """Read a lesson screen by screen, answering what it asks."""
    page.goto(f"/learn/{COURSE}/{item['id']}")
    for number in range(1, page.locator("[data-screen]").count() + 1):
        here = page.locator(f"[data-screen='{number}']")
        here.wait_for(state="visible")
        for form in here.locator("form[data-practice]").all():
            know(form, questions[form.get_attribute("data-question")])
            form.locator("button[type=submit]").click()
            wait_until_sent(page)
        here.locator("[data-seen] button").click()
    page.wait_for_url("**screen=end**")
    page.locator(".screen-end h2").first.wait_for()


@pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "desk")])
def test_kai_is_placed_and_goes_through_unit_one(site, unit, visit, clean, lang, size):
    kai = visit("kai", lang=lang, size=size, zone="America/Toronto")
    kai.goto("/learn/levels/japanese")
    kai.locator("form[action$='/placement'] button").click()
    for _question in range(20):
        kai.locator("[name=unknown]").click()
    kai.locator(".placement .big").wait_for()
    assert kai.locator(".course-card").first.locator(f"a[href*='{COURSE}'], form[action*='{COURSE}']").count()
    kai.locator(".course-card").first.locator("button").click()
    kai.locator(".course-state").wait_for()
    for item, questions in unit:
        if item["kind"] == "lesson":
            study(kai, item, questions)
    clean(kai)

    test, questions = next((item, questions) for item, questions in unit if item["kind"] == "quiz")
    assert len(questions) == 20
    kai.goto(f"/learn/{COURSE}/{test['id']}")
    kai.locator("form[action$='/attempts'] button").click()
    kai.wait_for_url("**/attempts/1**")
    clean(kai)
    for key, source in questions.items():
        know(kai.locator(f"#{key}"), source)
    kai.locator("button[name=hand_in]").focus()                # the last field is left: everything is on its way
    wait_until_sent(kai)
    kai.locator("button[name=hand_in]").click()
    kai.locator(".result-passed").wait_for()
    assert "100 %" in kai.locator(".result").inner_text()
    clean(kai)

    kai.goto("/review")
    kai.locator("form[action$='/review'] button").click()      # begin with the words of the unit
    kai.locator("[data-review-ready]").wait_for(state="attached")
    cards = kai.locator("[data-card]").count()
    assert cards == 10
    kai.keyboard.press("Enter")
    kai.keyboard.press("3")
    wait_until_sent(kai)
    elsewhere = visit("kai", lang=lang, size="desk", zone="America/Toronto")      # another device has everything
    elsewhere.goto("/home")
    assert f"{cards - 1}" in elsewhere.locator("a[href='/review']").last.inner_text()
    clean(elsewhere)
    elsewhere.goto(f"/learn/{COURSE}")
    module = elsewhere.locator(".module").first
    assert module.locator(".item.is-done").count() == module.locator(".item").count() == len(unit)
    clean(elsewhere)
    assert kai.problems + elsewhere.problems == []
