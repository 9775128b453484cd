"""Ben applies for the translation course; his organisation approves, he takes the level check, the desk gives the places and enrols him."""
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from telling import fresh

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "desk")])
COURSE = "translation-ja-en"
MOTIVE = "I translate letters between our prefecture and its sister state every week, and I would like to do it well. " * 3


@pytest.fixture
def round_id(site):
    """A round that is open today, and a supervisor for Ben; both gone afterwards, so that others enrol as ever."""
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
        course = db.session.scalars(select(Course).where(Course.slug == COURSE)).one()
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


def the_check_is_over(site, number):
    from jetlms.core import clock
    from jetlms.core.db import db, unit
    from jetlms.learning.models import AdmissionRound

    with site.app.app_context(), unit():
        yesterday = clock.today() - timedelta(days=1)
        db.session.execute(update(AdmissionRound).where(AdmissionRound.id == number).values(
            check_from=yesterday, check_until=yesterday, opens_at=clock.now() - timedelta(days=9), closes_at=clock.now() - timedelta(days=8)))


@BOTH
def test_ben_applies_and_gets_a_place(site, visit, clean, round_id, lang, size):
    ben, cho, fumi = (visit(name, lang=lang, size=size) for name in ("ben", "cho", "fumi"))
    ben.goto(f"/learn/{COURSE}")
    ben.locator(f"main a[href$='/{COURSE}/apply']").click()
    clean(ben)
    ben.locator("[name=motive]").fill("Too short.")
    ben.locator("[name=send]").click()
    ben.locator(".error-summary").wait_for()
    assert ben.locator("[name=motive]").input_value() == "Too short."
    clean(ben)
    ben.locator("[name=motive]").fill(MOTIVE)
    ben.locator("[name=years]").fill("5")
    for name in ("schooling", "microphone", "consent"):
        ben.locator(f"[name={name}]").check()
    ben.locator("[name=send]").click()
    ben.locator("#state").wait_for()
    clean(ben)
    cho.goto("/applications")
    clean(cho)
    cho.locator("td a.button").first.click()
    assert MOTIVE[:30] not in cho.locator("main").inner_text()
    cho.locator("[name=travel]").check()
    clean(cho)
    cho.locator("[name=approve]").click()
    cho.locator("table").wait_for()
    ben.reload()
    ben.locator("form[action$='/check'] button").click()
    clean(ben)
    while ben.locator("form.question").count():
        options = ben.locator("form.question input[type=radio]")
        if options.count():
            options.first.check()
            ben.locator("form.question button.button:not(.button-quiet)").click()
        else:
            ben.locator("[name=unknown]").click()
    ben.locator("#state").wait_for()
    the_check_is_over(site, round_id)
    fumi.goto(f"/rounds/{round_id}")
    clean(fumi)
    fumi.locator("details.card summary").click()
    fumi.locator("form[action$='/draw'] button").click()
    fumi.locator("form[action$='/enrol'] button").click()
    fumi.locator("form[action$='/enrol']").wait_for(state="detached")
    clean(fumi)
    ben.goto(f"/rounds/{round_id}/draws")
    assert ben.locator(".notice-ok").count() == 2              # both draws were run again, and agree
    clean(ben)
    ben.goto(f"/learn/{COURSE}")
    ben.locator(".course-state a.button").first.click()
    ben.locator("h1").wait_for()
    assert ben.problems + cho.problems + fumi.problems == []
