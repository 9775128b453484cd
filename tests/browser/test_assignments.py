"""A tutor goes through a queue of twenty assignments by keys; Ann reads what came back and revises."""
import pytest
from sqlalchemy import delete, func, select
from telling import fresh, wait_until_sent

pytestmark = pytest.mark.browser
TASK = "/learn/plans/l-00000p"
PLAN = "We greet each other and count to ten.\nThen we play bingo with the words of the unit."


@pytest.fixture(scope="module")
def plans(site, tmp_path_factory):
    """Publish the course of one assignment, which Jun marks; returns its id."""
    from acting import person_id

    import courses
    from jetlms.core.db import db, unit
    from jetlms.learning import publishing
    from jetlms.learning.models import Course, CourseTutor
    from jetlms.people.models import Account

    with site.app.app_context():
        with unit():
            publishing.publish(courses.write_plans(tmp_path_factory.mktemp("plans")), by=None)
        with unit():
            course = db.session.scalar(select(Course.id).where(Course.slug == "plans"))
            jun = person_id(site.app, "jun")
            # Other stories' tests would stand in the same queue.
            db.session.execute(delete(CourseTutor).where(CourseTutor.person_id == jun))
            db.session.add(CourseTutor(course_id=course, person_id=jun, added_by=jun))
    yield course
    from jetlms.learning.models import Attempt, Mark, MarkComment, Submission

    with site.app.app_context(), unit():
        tests = select(Submission.id).where(Submission.course_id == course)
        db.session.execute(delete(MarkComment).where(MarkComment.mark_id.in_(select(Mark.id).where(Mark.submission_id.in_(tests)))))
        db.session.execute(delete(Mark).where(Mark.submission_id.in_(tests)))
        db.session.execute(delete(Submission).where(Submission.course_id == course))
        db.session.execute(delete(Attempt).where(Attempt.course_id == course, Attempt.item_key == "l-00000p", Attempt.person_id.not_in(
            select(Account.person_id))))
        db.session.execute(delete(CourseTutor).where(CourseTutor.course_id == course))


def others(site, course, count):
    """Let so many other people hand theirs in."""
    from datetime import timedelta

    from jetlms.core import clock
    from jetlms.core.db import db, unit
    from jetlms.demo import make
    from jetlms.learning.models import Attempt, Course, Submission
    from jetlms.learning.service.marking import new_number

    with site.app.app_context(), unit():
        release = db.session.get(Course, course).release_id
        for n in range(count):
            person = make.person("Lee", f"Number{n}")
            attempt = Attempt(person_id=person.id, course_id=course, item_key="l-00000p", release_id=release, number=0, kind="task", seed=1,
                              questions=[], submitted_at=clock.now())
            db.session.add(attempt)
            db.session.flush()
            db.session.add(Submission(
                number=new_number(), attempt_id=attempt.id, person_id=person.id, course_id=course, release_id=release, module_key="m-00000p",
                item_key="l-00000p", kind="task", content={"q-0000p1": f"Plan {n}.\nSecond step of {n}."},
                due_on=clock.today() + timedelta(days=n % 5)))


def returned(site, course):
    from jetlms.core.db import db
    from jetlms.learning.models import Submission

    with site.app.app_context():
        found = db.session.scalar(select(func.count()).select_from(Submission).where(Submission.course_id == course, Submission.state == "returned"))
        db.session.remove()
        return found


def judge(page, level):
    """Take what is open, choose every level by a digit, write a remark and return it: keys only."""
    page.locator("[data-marking-ready]").wait_for(state="attached")
    page.keyboard.press("Control+Enter")                       # take it
    page.locator("#rubric").wait_for()
    page.locator("[data-marking-ready]").wait_for(state="attached")
    page.locator("#rubric input[type=radio]").first.focus()
    for _criterion in range(5):
        page.keyboard.press(level)
    assert page.evaluate("document.activeElement.name") == "remark"
    page.keyboard.type("Clear steps.")


def finish(page):
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before and "done=" in url)


def test_a_queue_of_twenty_by_keys_and_ann_revises(site, plans, visit, clean):
    fresh(site, "ann")
    ann, jun = visit("ann", lang="en", size="phone"), visit("jun", lang="ja")
    ann.goto("/learn/plans")
    ann.locator("main form button[type=submit]").first.click()
    ann.goto(TASK)
    clean(ann)
    ann.locator("textarea").first.fill(PLAN)
    ann.locator("[name=hand_in]").click()
    ann.locator(".outcome").wait_for()
    clean(ann)
    others(site, plans, 19)
    jun.goto("/marking")
    clean(jun)
    assert "20" in jun.locator(".switch, nav").first.inner_text() or "20" in jun.locator("main").inner_text()
    jun.locator("td a.button").first.focus()
    jun.keyboard.press("Enter")
    for n in range(20):
        judge(jun, "2")
        if n == 7:                                             # a reload in the middle loses nothing
            wait_until_sent(jun)
            jun.reload()
            assert jun.locator("[name=remark]").input_value() == "Clear steps."
            assert jun.locator("#rubric input:checked").count() == 5
            clean(jun)
            jun.locator("[data-marking-ready]").wait_for(state="attached")
        finish(jun)
        assert returned(site, plans) == n + 1
    assert jun.url.split("?")[0].endswith("/marking")          # nothing is left
    clean(jun)
    ann.reload()
    assert "40" in ann.locator(".outcome-score").inner_text()
    clean(ann)
    ann.locator("form[action$='/revise'] button").click()
    ann.locator("textarea").first.fill(PLAN + "\nAt the end everybody says one sentence.")
    ann.locator("[name=hand_in]").click()
    jun.goto("/marking")
    jun.locator("td a.button").first.focus()
    jun.keyboard.press("Enter")
    judge(jun, "4")
    finish(jun)
    ann.goto(TASK)
    assert "80" in ann.locator(".outcome-score").first.inner_text()
    clean(ann)
    ann.goto("/home")
    assert ann.locator("a[href*='/certificates/']").count() > 0
