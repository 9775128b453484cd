"""The gradebook: results of everybody in few statements; set by hand with a name and a reason, never taking "done" away."""
import io

import pytest
from sqlalchemy import func, insert, select

from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning.models import Course, CourseTutor, Enrolment, GradeOverride, Progress
from jetlms.people.models import Person

QUIZ = "l-000003"


def best(app, people, percent):
    with app.app_context(), unit():
        database.session.add(Progress(person_id=people.ann_id, item_key=QUIZ, best=percent, attempts=1))


def book(client):
    return client.get("/courses/tiny/grades?lang=en")


def override(client, person_id, new="85", reason="The key was wrong."):
    return client.post(f"/courses/tiny/grades/{person_id}/{QUIZ}?lang=en", data={"new": new, "reason": reason})


def test_the_desk_sees_names_and_best_results(app, people, ann):
    best(app, people, 60)
    page = book(people.fumi).text
    assert "Ann O’Malley" in page
    assert ">60<" in page


def test_a_tutor_sees_only_courses_she_marks(app, people, ann):
    assert book(people.jun).status_code == 404
    with app.app_context(), unit():
        course = database.session.scalar(select(Course.id))
        database.session.add(CourseTutor(course_id=course, person_id=people.jun_id, added_by=people.fumi_id))
    assert "Ann O’Malley" in book(people.jun).text
    for name in ("ann", "ben", "cho", "dai", "gil", "iko"):
        assert book(getattr(people, name)).status_code == 404


def test_a_result_set_by_hand_has_its_history_and_the_learner_is_told(app, people, ann):
    best(app, people, 60)
    for _twice in range(2):
        assert override(people.fumi, people.ann_id).status_code == 303
    assert ">85*<" in book(people.fumi).text
    page = people.fumi.get(f"/courses/tiny/grades/{people.ann_id}/{QUIZ}?lang=en").text
    assert "60 → 85" in page
    assert "The key was wrong." in page
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(GradeOverride)) == 1
        assert database.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "learning.override")) == 1
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == QUIZ)) is not None   # 85 passes


def test_a_lower_result_does_not_take_done_away(app, people, ann):
    override(people.fumi, people.ann_id, "90")
    override(people.fumi, people.ann_id, "10", "Handed in by somebody else.")
    with app.app_context():
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == QUIZ)) is not None


@pytest.mark.parametrize(("new", "reason", "said"), [
    ("101", "x", "From 0 to 100 points."), ("", "x", "Please fill this in."), ("50", " ", "Please write a reason")])
def test_a_bad_override_is_refused_at_its_place(app, people, ann, new, reason, said):
    page = override(people.fumi, people.ann_id, new, reason)
    assert page.status_code == 422
    assert said in page.text


def test_nobody_is_found_who_is_not_enrolled(people, ann):
    assert override(people.fumi, people.ben_id).status_code == 404
    assert people.fumi.get(f"/courses/tiny/grades/{people.ann_id}/l-999999").status_code == 404


def test_a_thousand_learners_take_no_more_statements_than_one(app, people, ann, queries):
    from python_calamine import CalamineWorkbook

    with queries() as few:
        book(people.fumi)
    with app.app_context(), unit():
        course = database.session.scalar(select(Course.id))
        first = (database.session.scalar(select(func.max(Person.id))) or 0) + 1
        ids = range(first, first + 1000)
        database.session.execute(insert(Person), [{"id": n, "given_name": "A", "family_name": f"B{n}", "display_name": f"Learner {n}",
                                                   "sort_name": f"learner {n}"} for n in ids])
        database.session.execute(insert(Enrolment), [{"person_id": n, "course_id": course, "via": "staff", "opens_on": clock.today(),
                                                      "closes_on": clock.today()} for n in ids])
        database.session.execute(insert(Progress), [{"person_id": n, "item_key": QUIZ, "best": n % 101, "attempts": 1} for n in ids])
    with queries() as many:
        page = book(people.fumi).text
    assert len(many) <= len(few) <= 12
    assert page.count("<tr>") == 101
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(people.fumi.get("/courses/tiny/grades.xlsx").data)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 1002
