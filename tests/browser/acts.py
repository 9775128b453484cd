"""What people do in more than one story: apply for a course and get a place; speak into the microphone."""
import contextlib
from datetime import timedelta

from sqlalchemy import delete, select, update
from telling import fresh

MOTIVE = "I translate letters between our prefecture and its sister state every week, and I would like to do it well. " * 3


@contextlib.contextmanager
def open_round(site, slug):
    """Open a round of admission today, and give Ben's office a supervisor (Cho); both are gone afterwards, so that others enrol as ever."""
    from acting import person_id

    from jetlms.core import clock
    from jetlms.core.db import db, unit
    from jetlms.learning import service
    from jetlms.learning.models import AdmissionRound, Application, Course, Draw
    from jetlms.people.models import Appointment

    fresh(site, "ben")
    with site.app.app_context(), unit():
        ben, cho, fumi = (person_id(site.app, name) for name in ("ben", "cho", "fumi"))
        office = db.session.scalar(select(Appointment.organisation_id).where(Appointment.person_id == ben))
        post = Appointment(person_id=cho, organisation_id=office, role="supervisor", starts_on=clock.today())
        db.session.add(post)
        today = clock.today()
        course = db.session.scalars(select(Course).where(Course.slug == slug)).one()
        made = service.make_round(by=type("By", (), {"id": fumi, "name": "Fumi"})(), course=course, facts={
            "name": {"en": "This round", "ja": "今回の募集"}, "opens_at": clock.now() - timedelta(hours=1),
            "closes_at": clock.now() + timedelta(hours=1), "approve_by": today, "check_from": today, "check_until": today,
            "starts_on": today + timedelta(days=30), "places": 3, "lottery_places": 1, "least": 0, "schooling_places": 1, "schooling_lottery": 0})
        db.session.flush()
        number, post_id = made.id, post.id
    yield number
    with site.app.app_context(), unit():
        for table, column in ((Draw, Draw.round_id), (Application, Application.round_id), (AdmissionRound, AdmissionRound.id)):
            db.session.execute(delete(table).where(column == number))
        db.session.execute(delete(Appointment).where(Appointment.id == post_id))
    fresh(site, "ben")


def apply(page, clean, slug):
    """Apply, once too short and then well."""
    page.goto(f"/learn/{slug}")
    page.locator(f"main a[href$='/{slug}/apply']").click()
    clean(page)
    page.locator("[name=motive]").fill("Too short.")
    page.locator("[name=send]").click()
    page.locator(".error-summary").wait_for()
    assert page.locator("[name=motive]").input_value() == "Too short."
    clean(page)
    page.locator("[name=motive]").fill(MOTIVE)
    page.locator("[name=years]").fill("5")
    for name in ("schooling", "microphone", "consent"):
        if page.locator(f"[name={name}]").count():
            page.locator(f"[name={name}]").check()
    page.locator("[name=send]").click()
    page.locator("#state").wait_for()
    clean(page)


def approve(page, clean):
    """Approve the one application, without having read its motive."""
    page.goto("/applications")
    clean(page)
    page.locator("td a.button").first.click()
    assert MOTIVE[:30] not in page.locator("main").inner_text()
    page.locator("[name=travel]").check()
    clean(page)
    page.locator("[name=approve]").click()
    page.locator("table").wait_for()


def take_check(page, clean):
    """Take the level check to its end, choosing what stands first."""
    page.reload()
    page.locator("form[action$='/check'] button").click()
    clean(page)
    while page.locator("form.question").count():
        options = page.locator("form.question input[type=radio]")
        if options.count():
            options.first.check()
            page.locator("form.question button.button:not(.button-quiet)").click()
        else:
            page.locator("[name=unknown]").click()
    page.locator("#state").wait_for()


def end_checks(site, number):
    """Let the days of the level check be over."""
    from jetlms.core import clock
    from jetlms.core.db import db, unit
    from jetlms.learning.models import AdmissionRound

    with site.app.app_context(), unit():
        yesterday = clock.today() - timedelta(days=1)
        db.session.execute(update(AdmissionRound).where(AdmissionRound.id == number).values(
            check_from=yesterday, check_until=yesterday, opens_at=clock.now() - timedelta(days=9), closes_at=clock.now() - timedelta(days=8)))


def give_places(page, clean, number):
    """Draw, and enrol who has a place."""
    page.goto(f"/rounds/{number}")
    clean(page)
    page.locator("details.card summary").click()
    page.locator("form[action$='/draw'] button").click()
    page.locator("form[action$='/enrol'] button").click()
    page.locator("form[action$='/enrol']").wait_for(state="detached")
    clean(page)


def record(page, part="#s1", seconds=3.6):
    """Speak a part into the browser's microphone."""
    page.locator(f"{part} [data-record]").click()
    page.locator(f"{part} [data-stop]").wait_for()
    page.wait_for_timeout(seconds * 1000)
    page.locator(f"{part} [data-stop]").click()
    page.locator(f"{part} [data-preview]").wait_for()


def read_first_lesson(page, address):
    """Read the first lesson of the tiny course (or of one made from it) to its end, answering what it asks."""
    page.goto(address)
    for number in (1, 2, 3):
        here = page.locator(f"[data-screen='{number}']")
        here.wait_for(state="visible")
        if number == 2:
            here.locator("label", has_text="right one").click()
        if number == 3:
            here.locator("input[type=text]").fill("いらっしゃいます")
        if number > 1:
            here.locator("[data-practice] button[type=submit]").click()
            here.locator(".verdict-right").wait_for()
        here.locator("[data-seen] button").click()
    page.wait_for_url("**screen=end**")
