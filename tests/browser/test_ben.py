"""Ben in one piece: he applies, is admitted, learns a whole unit, is marked, revises, and shows a stranger his certificate.

His organisation sees how far he is, and nothing of what he wrote, said or was told.
"""
import pytest
from acts import apply, approve, end_checks, give_places, open_round, read_first_lesson, record, take_check
from telling import wait_until_sent

pytestmark = pytest.mark.browser
UNIT = "/learn/whole"
QUIZ, PRACTICE, WRITTEN, DRILL, SPOKEN = (f"{UNIT}/l-0000w{last}" for last in "3abcd")
WROTE, TOLD = "The water will be cut off on 1 September 2027", "Say which day first, please."


@pytest.fixture
def round_id(site, tmp_path_factory):
    """The course is published, Jun marks it, a round is open."""
    from acting import person_id

    import courses
    from jetlms.core.db import db, unit
    from jetlms.learning import publishing
    from jetlms.learning.models import CourseTutor

    with site.app.app_context():
        with unit():
            course = publishing.publish(courses.write_whole(tmp_path_factory.mktemp("whole")), by=None).course_id
        with unit():
            jun = person_id(site.app, "jun")
            db.session.execute(CourseTutor.__table__.delete().where(CourseTutor.person_id == jun))   # other stories' queues are theirs
            db.session.add(CourseTutor(course_id=course, person_id=jun, added_by=jun))
    with open_round(site, "whole") as number:
        yield number
    with site.app.app_context(), unit():
        db.session.execute(CourseTutor.__table__.delete().where(CourseTutor.course_id == course))


def test_ben_from_application_to_award(site, visit, clean, round_id):
    ben, cho, jun, fumi = (visit(name, lang=lang, size=size) for name, lang, size in (
        ("ben", "en", "phone"), ("cho", "ja", "desk"), ("jun", "ja", "desk"), ("fumi", "ja", "desk")))
    ben.context.grant_permissions(["microphone"])
    apply(ben, clean, "whole")
    approve(cho, clean)
    take_check(ben, clean)
    end_checks(site, round_id)
    give_places(fumi, clean, round_id)

    read_first_lesson(ben, f"{UNIT}/l-0000w1")
    pass_the_quiz(ben)
    translate(ben, PRACTICE, rate=True)
    clean(ben)
    interpret(ben, DRILL, rate=True)
    clean(ben)
    translate(ben, WRITTEN)
    hand_in(ben, "/segments")
    interpret(ben, SPOKEN)
    hand_in(ben, "/takes")
    clean(ben)

    jun.goto("/marking")
    assert jun.locator("tbody tr").count() == 2
    assert "Ben" not in jun.locator("main").inner_text()
    judge(jun, WROTE, "2", TOLD)
    judge(jun, None, "3")
    assert certificates(ben) == 0                              # 40 and 60: on average not enough

    ben.goto(WRITTEN)
    assert TOLD in ben.locator("main").inner_text()
    clean(ben)
    sound = heard(ben)
    watched(cho, site, sound)
    ben.goto(WRITTEN)
    ben.locator("form[action$='/revise'] button").click()
    translate(ben, WRITTEN, text=f"{WROTE}, from 9 to 12.")
    hand_in(ben, "/segments")
    judge(jun, WROTE, "5")
    assert certificates(ben) == 1
    clean(ben)
    ben.locator("main a", has_text="Whole").first.click()
    clean(ben)
    with ben.expect_download() as download:
        ben.locator("a", has_text="PDF").click()
    assert open(download.value.path(), "rb").read(5) == b"%PDF-"
    code = ben.locator("dd.code").inner_text()
    stranger = visit(None, lang="ja", size="phone")
    stranger.goto(f"/verify/{code}")
    assert "Whole" in stranger.locator("main").inner_text() or "ひととおりの講座" in stranger.locator("main").inner_text()
    clean(stranger)
    watched(cho, site, sound, completed=True)
    assert ben.problems + cho.problems + jun.problems + fumi.problems == []


def pass_the_quiz(page):
    page.goto(QUIZ)
    page.locator("form[action$='/attempts'] button").click()
    page.wait_for_url("**/attempts/1**")
    page.locator("#q-00w011 label", has_text="right").click()
    for letter in ("a", "c"):
        page.locator("#q-00w012 label").filter(has_text=letter).first.click()
    page.locator("#q-00w013 input").fill("45")
    page.locator("#q-00w014 label", has_text="True").click()
    page.locator("#q-00w015 input").fill("book")
    page.locator("#q-00w015 input").blur()
    wait_until_sent(page)
    page.locator("button[name=hand_in]").click()
    page.locator(".result-passed").wait_for()


def translate(page, address, *, text=f"{WROTE}.", rate=False):
    """Type both segments, commit each with Ctrl+Enter; a practice is rated too."""
    page.goto(address)
    for part in ("#s1", "#s2"):
        page.locator("[data-workbench-ready]").wait_for(state="attached")
        field = page.locator(f"{part} textarea")
        field.fill("Notice from Ikoma City" if part == "#s1" else text)
        field.focus()
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    for part in ("#s1", "#s2") if rate else ():
        page.locator(f"{part} .rating label").first.click()
        with page.expect_navigation():
            page.locator(f"{part} .rating button").click()


def interpret(page, address, *, rate=False):
    page.goto(address)
    page.locator("[data-booth-ready]").wait_for(state="attached")
    for part in page.locator("[data-part]").evaluate_all("parts => parts.map(part => part.id)"):
        record(page, f"#{part}")
        with page.expect_navigation():
            page.locator(f"#{part} [data-send]").click()
        page.locator(f"#{part} .take audio").wait_for()
        if rate:
            page.locator(f"#{part} .rating label").first.click()
            with page.expect_navigation():
                page.locator(f"#{part} .rating button").click()


def hand_in(page, place):
    with page.expect_navigation():
        page.locator(f"form[action$='{place}'] button").click()
    page.locator(".outcome").first.wait_for()


def judge(page, text, level, comment=""):
    """Mark the test in which `text` stands (None: the other one), every criterion at one level."""
    page.goto("/marking")
    for row in page.locator("td a.button").evaluate_all("links => links.map(link => link.href)"):
        page.goto(row)
        if (text is None) != (text is not None and text in page.locator("main").inner_text()):
            break
    page.locator("[data-take] button").click()
    page.locator("[data-marking-ready]").wait_for(state="attached")
    if comment:
        page.locator("#s2 .comment-form summary").click()
        page.locator("#s2 .comment-form textarea").fill(comment)
        page.locator("#s2 .comment-form button[type=submit]").click()
        page.locator("#s2 .tutor-comment").wait_for()
        page.locator("[data-marking-ready]").wait_for(state="attached")
    for group in page.locator("#rubric fieldset").all():
        group.locator(f"label:has(input[value='{level}'])").click()
    page.locator("[name=finish]").click()
    page.wait_for_url("**done=*")


def certificates(page):
    page.goto("/certificates")
    return page.locator("main a", has_text="Whole").count()


def heard(page):
    """Return the address of his own recording."""
    page.goto(SPOKEN)
    return page.locator(".take audio").first.get_attribute("src")


def watched(page, site, sound, *, completed=False):
    """The organisation sees his progress in its monitor, and on no page his words, his tutor's, or the sound."""
    from acting import person_id

    ben = person_id(site.app, "ben")
    seen = ""
    page.goto("/monitor")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    for address in ("/monitor", "/home", "/inbox", "/applications", "/search?q=water", *(link for link in links if f"/{ben}" in link)):
        page.goto(address)
        seen += page.content()
    assert "Ben" in seen
    if completed:
        assert "修了" in seen
    for secret in (WROTE, TOLD, "Notice from Ikoma City", sound, "/learn/takes/"):
        assert secret not in seen, secret
    assert page.request.get(sound).status == 404
    for address in ("/marking", f"/courses/whole/grades/{ben}/l-0000wb", "/courses/whole/grades"):
        assert page.request.get(address).status in {403, 404}, address
