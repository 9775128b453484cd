"""Assignments: tasks that a tutor marks by the mechanism of tests — blind, by rubric, returned with comments, revised once, then done."""
import io
import re
from datetime import date

import pytest
from doors import work
from sqlalchemy import func, select, update

from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning import assignments, rubric, service
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.models import Course, Enrolment, Progress, Sitting, Submission

TASK = "/learn/tiny/l-000004"
PLAN = "First we greet.\n\nThen ten minutes of bingo: 語彙の復習。\nAt the end they write one line."
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CRITERIA = [criterion["id"] for criterion in rubric.criteria("task")]


def mark_tasks(folder):
    for file in folder.rglob("90-task.task.*.md"):
        file.write_text(file.read_text("utf-8").replace("minutes = 20\n", "minutes = 20\nmarked = true\n"), "utf-8")


@pytest.fixture
def folder(folder):
    """Let a tutor mark the task of the tiny course; it must be passed."""
    mark_tasks(folder)
    course = folder / "course.toml"
    course.write_text(re.sub(r"\[completion\]\nrequire = .*", '[marking]\npass_percent = 60\ndays = 14\n[completion]\nrequire = ["all:tasks"]',
                             course.read_text("utf-8")), "utf-8")
    return folder


def hand_in(client, text=PLAN, **more):
    return client.post(f"{TASK}/hand-in?lang=en", data={"q-000021": text, "hand_in": "1", **more})


def newest(app):
    with app.app_context():
        return database.session.scalars(select(Submission).order_by(Submission.id.desc())).first()


def give_back(app, client, level="4", **more):
    key = newest(app).number
    client.post(f"/marking/{key}/take")
    levels = {f"score-{name}": level for name in CRITERIA}
    reply = client.post(f"/marking/{key}?lang=en", data={**levels, "remark": "Good steps.", "finish": "1", **more})
    assert reply.status_code == 302
    return key


def done(app, people):
    with app.app_context():
        return database.session.scalar(select(Progress.done_at).where(Progress.person_id == people.ann_id, Progress.item_key == "l-000004"))


def completed(app, people):
    with app.app_context():
        return database.session.scalar(select(Enrolment.completed_at).where(Enrolment.person_id == people.ann_id)) is not None


def test_the_tutor_reads_paragraphs_under_a_number(app, ann, jun):
    assert "without seeing your name" in ann.get(f"{TASK}?lang=en").text
    assert hand_in(ann).status_code == 302
    queue = jun.get("/marking?lang=en").text
    assert newest(app).number in queue
    assert "assignment" in queue
    page = jun.get(f"/marking/{newest(app).number}?lang=en").text
    assert "O’Malley" not in queue + page
    for paragraph in assignments.paragraphs(PLAN):
        assert paragraph in page
    assert "Your plan?" in page
    assert 'id="q-000021.3"' in page


def test_it_is_done_when_it_comes_back_with_enough(app, people, ann, jun):
    hand_in(ann)
    assert done(app, people) is None
    page = ann.get(f"{TASK}?lang=en").text
    assert "A tutor returns it by" in page
    assert "A model." not in page                              # the model answer waits for the tutor
    page = ann.get("/learn/tiny?lang=en").text
    assert "Waiting to be marked" in page
    assert "those that a tutor marks with 60 points" in page
    give_back(app, jun)
    assert done(app, people) is not None
    assert completed(app, people)
    page = ann.get(f"{TASK}?lang=en").text
    assert "<strong>80</strong> / 100" in page
    assert "This is enough" in page
    assert "A model." in page
    assert "Good steps." in page
    assert "80 of 100 points" in ann.get("/learn/tiny?lang=en").text
    work(app)
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Notice).where(
            Notice.kind == "learning.marked", Notice.person_id == people.ann_id)) == 1


def test_not_enough_is_revised_once_and_the_better_result_counts(app, people, ann, jun):
    hand_in(ann)
    key = newest(app).number
    jun.post(f"/marking/{key}/take")
    assert jun.post(f"/marking/{key}/comments", data={"place": "q-000021.2", "text": "How will you group them?"}).location.endswith("#q-000021.2")
    assert jun.post(f"/marking/{key}/comments", data={"place": "q-000021.9", "text": "Where?"}).status_code == 404
    give_back(app, jun, "2")
    assert done(app, people) is None
    page = ann.get(f"{TASK}?lang=en").text
    assert "It takes 60 points." in page
    assert "How will you group them?" in page
    assert "Paragraph 2:" in page
    for _twice in range(2):
        assert ann.post(f"/learn/submissions/{key}/revise").status_code == 302
    assert PLAN.split("\n", maxsplit=1)[0] in ann.get(TASK).text                        # her text is there to go on with
    assert hand_in(ann, PLAN + "\nIn groups of four.").status_code == 302
    assert newest(app).round == 2
    give_back(app, jun, "4")
    assert done(app, people) is not None
    assert ann.post(f"/learn/submissions/{newest(app).number}/revise").status_code == 409
    book = people.fumi.get("/courses/tiny/grades?lang=en").text
    assert ">80<" in book


def test_where_nothing_was_handed_in_there_is_nothing_to_comment_on(app, ann, jun):
    hand_in(ann)
    key = newest(app).number
    jun.post(f"/marking/{key}/take")
    page = jun.get(f"/marking/{key}?lang=en").text
    assert "Nothing was handed in here." in page
    assert page.count("data-comment>") == len(assignments.paragraphs(PLAN))
    assert jun.post(f"/marking/{key}/comments", data={"place": "q-000022", "text": "Where?"}).status_code == 404
    give_back(app, jun)
    assert ann.get(f"{TASK}?lang=en").text.count("Model answer") == 1          # only where there is one


def test_handing_in_twice_is_one(app, ann, jun):
    for _twice in range(2):
        assert hand_in(ann).status_code == 302
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_text_too_short_is_said_at_its_place_and_nothing_is_handed_in(app, ann, jun):
    reply = hand_in(ann, "abc")
    assert reply.status_code == 422
    assert "abc" in reply.text
    assert newest(app) is None


def test_a_file_reaches_the_tutor_without_its_name_and_nobody_else(app, people, ann, jun):
    hand_in(ann, **{"q-000022": (io.BytesIO(PDF), "Ann O'Malley plan.pdf")})
    key = newest(app).number
    place = f"/marking/{key}/files/q-000022"
    page = jun.get(f"/marking/{key}?lang=en").text
    assert place in page
    assert "Malley" not in page
    sent = jun.get(place)
    assert sent.data == PDF
    assert sent.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{key}.pdf"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("ann", "ben", "cho", "dai", "eri", "fumi", "gil", "iko"):
        assert getattr(people, name).get(place).status_code == 404, name
    assert jun.get(f"/marking/{key}/files/q-000021").status_code == 404
    assert jun.get(f"/marking/{key}/files/q-000099").status_code == 404


def test_the_organisation_reads_nothing_of_it(app, people, ann, jun):
    hand_in(ann)
    give_back(app, jun)
    key = newest(app).number
    for path in (f"/marking/{key}", f"/marking/{key}/files/q-000022", f"/learn/submissions/{key}/revise"):
        assert people.cho.get(path).status_code in {404, 405}
    assert "bingo" not in people.cho.get("/monitor").text


def test_late_is_capped_then_refused(app, ann, jun, clock_at):
    def until(closes):
        with app.app_context(), unit():
            database.session.merge(Sitting(course_id=database.session.scalar(select(Course.id)), module_key="m-000001", opens_on=date(2026, 11, 1),
                                           closes_on=closes, late_days=7, late_cap=80))
    until(date(2026, 11, 10))
    reply = hand_in(ann)
    assert reply.status_code == 409
    assert newest(app) is None
    until(date(2026, 11, 20))
    assert hand_in(ann).status_code == 302
    assert newest(app).late
    give_back(app, jun, "5")
    assert newest(app).score == 80


def test_a_draft_of_the_judgement_survives_and_every_criterion_is_asked(app, ann, jun):
    hand_in(ann)
    key = newest(app).number
    jun.post(f"/marking/{key}/take")
    jun.post(f"/marking/{key}", data={"score-aim": "5", "remark": "so far", "seq": "1"}, headers={"Accept": "application/json"})
    page = jun.get(f"/marking/{key}?lang=en").text
    assert "so far" in page
    reply = jun.post(f"/marking/{key}?lang=en", data={"score-aim": "5", "remark": "so far", "finish": "1"})
    assert reply.status_code == 409
    assert "Steps" in reply.text
    assert newest(app).state == "marking"


def test_nobody_marks_her_own(app, people, ann, jun):
    with app.app_context(), unit():
        course = database.session.scalar(select(Course))
        service.enrol(by=None, course=course, person_id=people.jun_id, via="staff")
    hand_in(people.jun)
    assert people.jun.get(f"/marking/{newest(app).number}").status_code == 404


def test_tutors_are_told_once_a_day_what_waits_too_long(app, people, ann, jun):
    def told():
        with app.app_context():
            with unit():
                service.tell_tutors()
            return database.session.scalars(select(Notice).where(Notice.kind == "learning.overdue")).all()
    hand_in(ann)
    assert told() == []                                        # a quiet day
    with app.app_context(), unit():
        database.session.execute(update(Submission).values(due_on=date(2026, 11, 1)))
    for _twice in range(2):
        found = told()
        assert [(one.person_id, one.params["count"]) for one in found] == [(people.jun_id, 1)]
    assert "Waiting longer than promised: 1 to mark" in jun.get("/inbox?lang=en").text
    give_back(app, jun)
    with app.app_context(), unit():
        database.session.execute(update(Submission).values(due_on=clock.today()))
    assert len(told()) == 1


@pytest.mark.parametrize(("file", "words", "said"), [
    ("01-module/10-first.en.md", "minutes = 2", "only a task"), ("course.toml", "[marking]", "no table [marking]")])
def test_marked_is_for_tasks_of_courses_with_tutors(folder, file, words, said):
    place = folder / file
    text = place.read_text("utf-8")
    place.write_text(text.replace("[marking]\npass_percent = 60\ndays = 14\n", "") if words == "[marking]"
                     else text.replace(words, f"{words}\nmarked = true"), "utf-8")
    assert any(said in problem.en for problem in lint([read_course(folder)[0]]))


def test_an_unmarked_task_is_done_when_handed_in(app, people, folder, ann):
    from jetlms.learning import publishing

    for file in folder.rglob("90-task.task.*.md"):
        file.write_text(file.read_text("utf-8").replace("marked = true\n", ""), "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    hand_in(ann)
    assert done(app, people) is not None
    assert "The model answer is below" in ann.get(f"{TASK}?lang=en").text


def test_who_waits_for_a_tutor_is_neither_behind_nor_reminded(app, people, ann, jun, clock_at):
    """Fourteen days are the tutor's: the organisation does not read "behind", and nobody writes that the course is waiting for her."""
    from jetlms.learning import jobs

    def reminded():
        with app.app_context():
            with unit():
                jobs.remind()
            return database.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "learning.idle"))

    def behind_from():
        with app.app_context():
            return database.session.scalar(select(Enrolment.behind_from).where(Enrolment.person_id == people.ann_id))
    ann.post("/learn/tiny/l-000001/seen", data={"screen": "0"})
    week = behind_from()
    hand_in(ann)
    assert week < newest(app).due_on < behind_from()
    clock_at.shift(10 * 86400)
    assert reminded() == 0
    clock_at.shift(10 * 86400)
    assert reminded() == 1


def test_she_goes_on_with_what_she_can_do_not_with_what_lies_with_a_tutor(app, ann, jun):
    hand_in(ann)
    for path in ("/home?lang=en", "/learn/tiny?lang=en"):
        button = re.search(r'<a class="(?:continue|button)" href="(/learn/tiny/l-[^"]+)"', ann.get(path).text)
        assert button
        assert button[1] != TASK, path


def test_where_only_a_tutor_can_go_on_she_is_told_so_and_sent_to_another_course(app, people, ann, jun, tmp_path):
    import courses
    from jetlms.learning import publishing

    with app.app_context(), unit():
        publishing.publish(courses.write_plans(tmp_path / "more"), by=None)
    people.ann.post("/learn/plans/enrol")
    ann.post("/learn/plans/l-00000p/hand-in", data={"q-0000p1": PLAN, "hand_in": "1"})
    assert re.search(r'class="continue" href="(/learn/tiny/[^"]+)"', ann.get("/home?lang=en").text)
    page = ann.get("/learn/plans?lang=en").text
    assert re.search(r'<a class="button" href="/learn/plans/l-00000p">Waiting to be marked<', page)
    with app.app_context(), unit():
        database.session.execute(Enrolment.__table__.delete().where(Enrolment.course_id == database.session.scalar(
            select(Course.id).where(Course.slug == "tiny"))))
    home = ann.get("/home?lang=en").text
    assert re.search(r'class="continue" href="/learn/plans/l-00000p">\s*<span class="continue-word">Waiting to be marked<', home)
