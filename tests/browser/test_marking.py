"""A test goes from Ben to his tutor and back, twice; Jun goes through a queue by keys; Ben's words come back in the daily review."""
import pytest
from sqlalchemy import select
from telling import fresh, wait_until_sent

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "phone"), ("en", "desk"), ("ja", "desk")])
TEST = "Written test: a thank-you letter for a donation"


def the_test(site):
    """Let Jun mark the course; returns the address of its first written test."""
    from acting import person_id

    from jetlms.core.db import db, unit
    from jetlms.learning.models import Course, CourseTutor, LessonText

    with site.app.app_context(), unit():
        course = db.session.scalar(select(Course.id).where(Course.slug == "translation-ja-en"))
        jun = person_id(site.app, "jun")
        if db.session.get(CourseTutor, (course, jun)) is None:
            db.session.add(CourseTutor(course_id=course, person_id=jun, added_by=jun))
        key = db.session.scalars(select(LessonText.item_key).where(LessonText.title == TEST)).first()
    return f"/learn/translation-ja-en/{key}"


def hand_in(page, address, text):
    page.goto(address)
    for n in range(page.locator("[data-segment]").count()):
        page.locator("[data-workbench-ready]").wait_for(state="attached")
        page.locator(f"#s{n + 1} textarea").fill(f"{text} {n + 1}.")
        with page.expect_navigation():
            page.locator(f"#s{n + 1} [name=commit]").click()
    with page.expect_navigation():
        page.locator("form[action$='/segments'] button").click()


@BOTH
def test_a_test_goes_to_the_tutor_and_back_and_is_revised(site, visit, clean, lang, size):
    address = the_test(site)
    fresh(site, "ben")
    ben, jun = visit("ben", lang=lang, size=size), visit("jun", lang=lang, size=size)
    ben.goto("/learn/translation-ja-en")
    ben.locator("main form button[type=submit]").first.click()
    hand_in(ben, address, "We thank you")
    clean(ben)
    assert ben.locator(".model").count() == 0                  # models come back with the marks
    jun.goto("/marking")
    clean(jun)
    jun.locator("td a.button").first.click()
    jun.locator("form[action$='/take'] button").click()
    jun.locator("[data-marking-ready]").wait_for(state="attached")
    jun.locator("#s1 .comment-form summary").click()
    jun.locator("#s1 .comment-form textarea").fill("Too weak for 書状.")
    jun.keyboard.press("Alt+r")                                # the kind of error, by a letter
    assert jun.locator("#s1 [name=error][value=register]").is_checked()
    jun.locator("#s1 .comment-form button[type=submit]").click()
    jun.locator("#s1 .tutor-comment").wait_for()
    clean(jun)
    for criterion in ("accuracy", "completeness", "terminology", "register", "mechanics"):
        jun.locator(f"label:has([name=score-{criterion}][value='4'])").click()
    jun.locator("textarea[name=remark]").fill("Clear and polite.")
    wait_until_sent(jun)
    here = jun.url
    jun.goto(here)                                             # the draft was saved while it was made
    assert jun.locator("textarea[name=remark]").input_value() == "Clear and polite."
    jun.locator("[name=finish]").click()
    jun.wait_for_url("**/marking**done=*")
    clean(jun)
    ben.goto(address)
    assert "80" in ben.locator(".outcome-score").inner_text()
    assert ben.locator("#s1 .tutor-comment").is_visible()
    assert ben.locator("#s1 .model").count() > 0
    clean(ben)
    ben.locator("form[action$='/revise'] button").click()
    hand_in(ben, address, "We thank you very much")
    assert ben.locator(".outcome").count() == 2
    clean(ben)


def test_words_come_back_in_the_daily_review(site, visit, clean):
    fresh(site, "ben")
    page = visit("ben", size="phone")
    page.goto("/learn/translation-ja-en")
    page.locator("main form button[type=submit]").first.click()
    page.goto("/review")
    clean(page)
    page.goto("/learn/translation-ja-en/glossary")
    page.locator(".to-review button").first.click()
    page.goto("/review")
    page.locator("[data-review-ready]").wait_for(state="attached")
    clean(page)
    page.keyboard.press("Enter")                               # the answer
    page.locator("[data-rate]").first.wait_for()
    clean(page)
    page.context.set_offline(True)
    page.locator("[name=rating][value='3']").first.click()
    page.locator("[data-finished]").wait_for()
    page.context.set_offline(False)
    page.goto("/review/words")
    page.goto("/review")
    wait_until_sent(page)
    page.goto("/review/words")
    assert "1" in page.locator("tbody tr").first.inner_text()
    clean(page)
