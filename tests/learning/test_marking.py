"""Tests from hand to hand: handed in, marked blind and by rubric, twice near the pass mark, returned with comments, revised once."""
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from tones import spoken

from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning import rubric
from jetlms.learning.models import Course, Enrolment, Mark, MarkComment, Progress, Sitting, Submission
from jetlms.learning.service import sittings

JSON = {"Accept": "application/json"}
FRONT = '+++\nid = "{id}"\ntitle = "{title}"\nminutes = 12\n{more}test = true\n+++\nA test.\n'
SOURCE = "s1\t生駒市からのお知らせ\ns2\t断水します。\n"
MODEL = "s1\tNotice from Ikoma City\ns2\tThe water will be cut off.\n"
WRITTEN, SPOKEN = "/learn/tiny/l-00000a", "/learn/tiny/l-00000b"
ALL = {f"score-{name}": "4" for name in ("accuracy", "completeness", "terminology", "register", "mechanics", "delivery")}


@pytest.fixture
def folder(folder):
    """Put a written and a spoken test into the tiny course; a tutor marks them, and the module's tests must be passed."""
    for name, key, more in (("30-written.trans", "l-00000a", ""), ("40-spoken.interp", "l-00000b", 'mode = "sight"\n')):
        place = folder / "01-module" / name
        place.mkdir()
        for lang in ("en", "ja"):
            (place / f"exercise.{lang}.md").write_text(FRONT.format(id=key, title=f"{name} {lang}", more=more), "utf-8")
            (place / f"notes.{lang}.md").write_text("## s2\n\nSay when.\n", "utf-8")
        (place / "source.ja.txt").write_text(SOURCE, "utf-8")
        (place / "ref-a.en.txt").write_text(MODEL, "utf-8")
    course = folder / "course.toml"
    course.write_text(re.sub(r"\[completion\]\nrequire = .*", '[marking]\npass_percent = 60\ndays = 14\n[completion]\nrequire = ["all:modules"]',
                             course.read_text("utf-8")), "utf-8")
    return folder


@pytest.fixture
def gil(app, people, jun):
    """Gil, a second tutor."""
    from jetlms.demo import make
    from jetlms.people.models import Person

    with app.app_context(), unit():
        make.appointment(database.session.get(Person, people.gil_id), "tutor", make.organisation("clair-jet"))
    people.fumi.post("/courses/tiny/tests/tutors", data={"tutor": [people.jun_id, people.gil_id]})
    return people.gil


def write(client, text="Notice from Ikoma"):
    for segment in ("s1", "s2"):
        client.post(f"{WRITTEN}/segments/{segment}", data={"text": f"{text} {segment}", "commit": "1"})
    return client.post(f"{WRITTEN}/segments")


def speak(client):
    import io

    client.post(f"{SPOKEN}/takes/s1", data={"recording": (io.BytesIO(spoken()), "take.wav")})
    return client.post(f"{SPOKEN}/takes")


def handed_in():
    return list(database.session.scalars(select(Submission).order_by(Submission.id)))


def number(app, index=-1):
    with app.app_context():
        return handed_in()[index].number


def judge(client, key, level="4", button="finish", **more):
    return client.post(f"/marking/{key}", data={**dict.fromkeys(ALL, level), "remark": "Well done.", button: "1", **more})


def marked(app, client, level="4", *, index=-1):
    key = number(app, index)
    client.post(f"/marking/{key}/take")
    assert judge(client, key, level).status_code == 302
    return key


def state(app, index=-1):
    with app.app_context():
        return handed_in()[index].state


def test_what_is_handed_in_waits_in_the_queue_under_a_number(app, ann, jun):
    assert write(ann).status_code == 302
    page = jun.get("/marking").text
    assert number(app) in page
    assert "O’Malley" not in page
    inside = jun.get(f"/marking/{number(app)}").text
    assert "Notice from Ikoma s1" in inside
    assert "O’Malley" not in inside
    assert "Comment on this" not in inside                     # first she takes it


def test_the_learner_waits_for_the_models_until_it_is_returned(app, ann, jun):
    write(ann)
    page = ann.get(WRITTEN).text
    assert "A tutor returns it by" in page
    assert "Notice from <" not in page
    assert "Say when." not in page
    marked(app, jun)
    page = ann.get(WRITTEN).text
    assert "<strong>80</strong> / 100" in page
    assert "Say when." in page
    assert "Well done." in page


def test_a_comment_reaches_its_place_and_the_same_again_is_the_same(app, ann, jun):
    write(ann)
    key = number(app)
    jun.post(f"/marking/{key}/take")
    for _twice in range(2):
        reply = jun.post(f"/marking/{key}/comments", data={"place": "s2", "text": "Say which day.", "error": "omission"})
        assert reply.location.endswith("#s2")
    assert jun.post(f"/marking/{key}/comments", data={"place": "s9", "text": "Where?"}).status_code == 404
    bad = jun.post(f"/marking/{key}/comments", data={"place": "s1", "text": ""})
    assert bad.status_code == 422
    assert "Please write the comment." in bad.text
    with app.app_context():
        comment = database.session.scalars(select(MarkComment)).one()
    jun.post(f"/marking/{key}/comments", data={"place": "s1", "text": "To be taken away"})
    jun.post(f"/marking/{key}/comments/{comment.id + 1}/remove", data={"place": "s1"})
    assert "Say which day." not in ann.get(WRITTEN).text       # a draft is nobody's but the tutor's
    judge(jun, key)
    page = ann.get(WRITTEN).text
    assert "Say which day." in page[page.index('id="s2"'):]
    assert "omission" in page
    assert "To be taken away" not in page


def test_drafts_are_saved_and_an_older_save_changes_nothing(app, ann, jun):
    write(ann)
    key = number(app)
    jun.post(f"/marking/{key}/take")
    draft = {"score-accuracy": "5", "remark": "Newer", "seq": "4"}
    assert jun.post(f"/marking/{key}", data=draft, headers=JSON).json["stale"] is False
    assert jun.post(f"/marking/{key}", data={**draft, "remark": "Older", "seq": "3"}, headers=JSON).json["stale"] is True
    page = jun.get(f"/marking/{key}").text
    assert "Newer</textarea>" in page
    assert re.search(r'name="score-accuracy" value="5" checked', page)


def test_every_criterion_needs_a_level_and_what_was_chosen_stays(app, ann, jun):
    write(ann)
    key = number(app)
    jun.post(f"/marking/{key}/take")
    page = jun.post(f"/marking/{key}", data={"score-accuracy": "3", "score-register": "9", "remark": "Half", "finish": "1"})
    assert page.status_code == 409
    assert "Please choose a level for every criterion: Completeness" in page.text
    assert re.search(r'name="score-accuracy" value="3" checked', page.text)
    assert state(app) == "marking"


def test_one_of_two_tutors_gets_it(app, ann, jun, gil):
    write(ann)
    key = number(app)
    jun.post(f"/marking/{key}/take")
    assert gil.post(f"/marking/{key}/take").status_code == 409
    assert judge(gil, key).status_code == 409
    jun.post(f"/marking/{key}/put_back")
    assert gil.post(f"/marking/{key}/take").status_code == 302
    with app.app_context():
        assert [mark.marker_id for mark in database.session.scalars(select(Mark))] == [handed_in()[0].marker_id]


@pytest.mark.parametrize(("second", "ends", "score"), [("3", "returned", 60), ("5", "moderation", None)])
def test_near_the_pass_mark_a_second_tutor_marks_without_seeing_the_first(app, people, ann, jun, gil, second, ends, score):
    write(ann)
    key = marked(app, jun, "3")
    assert state(app) == "second_waiting"
    assert key not in jun.get("/marking").text                 # not hers a second time
    assert jun.post(f"/marking/{key}/take").status_code == 409
    gil.post(f"/marking/{key}/take")
    assert "Well done." not in gil.get(f"/marking/{key}").text
    judge(gil, key, second)
    assert state(app) == ends
    with app.app_context():
        assert handed_in()[0].score == score


def test_where_two_tutors_differ_the_desk_decides(app, people, ann, jun, gil):
    write(ann)
    key = number(app)
    jun.post(f"/marking/{key}/take")
    judge(jun, key, "2", button="second")
    marked(app, gil, "5")
    assert state(app) == "moderation"
    assert key in people.fumi.get("/marking/oversight?lang=en").text
    page = people.fumi.get(f"/marking/{key}").text
    assert "40 / 100" in page
    assert "100 / 100" in page
    assert people.fumi.post(f"/marking/{key}/take").status_code == 409
    assert people.fumi.post(f"/marking/{key}/comments", data={"place": "s1", "text": "I read both."}).status_code == 302
    assert judge(people.fumi, key, "4").status_code == 302
    with app.app_context():
        assert (handed_in()[0].state, handed_in()[0].score) == ("returned", 80)


def test_tests_of_the_module_passed_complete_the_course(app, ann, jun):
    write(ann)
    marked(app, jun, "2")
    with app.app_context():
        assert database.session.scalar(select(Enrolment.completed_at)) is None
    speak(ann)
    marked(app, jun, "5")                                      # 40 and 100: on average 70
    with app.app_context():
        assert database.session.scalar(select(Enrolment.completed_at)) is not None
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == "m-000001")) is not None
        assert database.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "learning.marked")) == 2


def test_a_revision_starts_from_what_was_written_and_the_better_result_counts(app, ann, jun):
    write(ann)
    key = marked(app, jun, "2")
    for _twice in range(2):
        assert ann.post(f"/learn/submissions/{key}/revise").status_code == 302
    page = ann.get(WRITTEN).text
    assert "Notice from Ikoma s1</textarea>" in page
    write(ann, "Better notice")
    with app.app_context():
        first, second = handed_in()
        assert (first.content["s1"], second.content["s1"], second.round) == ("Notice from Ikoma s1", "Better notice s1", 2)
    marked(app, jun, "5")
    again = number(app)
    assert "<strong>100</strong> / 100" in ann.get(WRITTEN).text
    assert ann.post(f"/learn/submissions/{again}/revise").status_code == 409    # once


def test_after_its_days_a_revision_is_refused(app, ann, jun):
    write(ann)
    key = marked(app, jun)
    with app.app_context(), unit():
        database.session.execute(update(Submission).values(revise_until=clock.today() - timedelta(days=1)))
    assert ann.post(f"/learn/submissions/{key}/revise").status_code == 409


def test_a_tutor_hears_the_take_and_comments_at_a_second(app, ann, jun, people):
    speak(ann)
    key = number(app)
    address = re.search(r"/learn/takes/[\w-]+", jun.get(f"/marking/{key}").text)[0]
    assert jun.get(address).data[:4] == b"RIFF"
    for name in ("ben", "cho", "dai", "fumi", "iko"):
        assert getattr(people, name).get(address).status_code == 404
    jun.post(f"/marking/{key}/take")
    jun.post(f"/marking/{key}/comments", data={"place": "s1", "text": "A number is wrong.", "error": "accuracy", "second": "1.5"})
    judge(jun, key)
    assert 'data-jump="1.5"' in ann.get(SPOKEN).text


def test_who_may_not_sees_nothing(app, ann, jun, people):
    write(ann)
    key = number(app)
    for name in ("ann", "ben", "cho", "dai", "gil", "iko"):
        assert getattr(people, name).get(f"/marking/{key}").status_code in {403, 404}
        assert getattr(people, name).get("/marking").status_code == 403
        assert getattr(people, name).get("/marking/oversight").status_code == 403
    assert people.fumi.get(f"/marking/{key}").status_code == 404        # the desk sees figures until it must decide
    assert people.ben.post(f"/learn/submissions/{key}/revise").status_code == 404
    assert people.jun.get("/courses/tiny/tests").status_code == 404


def test_nobody_marks_her_own_test(app, people, ann, jun):
    from jetlms.demo import make
    from jetlms.people.models import Person

    with app.app_context(), unit():
        make.appointment(database.session.get(Person, people.ann_id), "tutor", make.organisation("clair-jet"))
    people.fumi.post("/courses/tiny/tests/tutors", data={"tutor": [people.ann_id, people.jun_id]})
    write(ann)
    assert number(app) not in ann.get("/marking").text
    assert ann.get(f"/marking/{number(app)}").status_code == 404


def test_snippets_are_ones_own_and_kept_once(ann, jun, gil):
    for _twice in range(2):
        jun.post("/marking/snippets", data={"text": "Check the era."})
    page = jun.get("/marking").text
    assert page.count("Check the era.</") + page.count("Check the era. <form") == 2     # the line and its button's name
    assert "Check the era." not in gil.get("/marking").text
    assert jun.post("/marking/snippets", data={"text": " "}).status_code == 422


def test_windows_are_days_of_ones_own_zone():
    row = Sitting(opens_on=date(2026, 10, 1), closes_on=date(2026, 10, 10), late_days=7, late_cap=80)
    tokyo, toronto = sittings.window(row, "Asia/Tokyo"), sittings.window(row, "America/Toronto")
    assert tokyo.opens_at == datetime(2026, 10, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert toronto.opens_at - tokyo.opens_at == timedelta(hours=13)
    assert tokyo.closes_at == datetime(2026, 10, 11, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert sittings.window(row, "Europe/Berlin").late_until == datetime(2026, 10, 18, tzinfo=ZoneInfo("Europe/Berlin"))


def window(people, opens, closes, **more):
    return people.fumi.post("/courses/tiny/tests/windows?lang=en", data={
        "m-000001-opens_on": opens and opens.isoformat(), "m-000001-closes_on": closes and closes.isoformat(), **more})


def test_before_the_window_the_test_is_shut(people, ann, jun):
    assert window(people, clock.today() + timedelta(days=3), clock.today() + timedelta(days=9)).status_code == 302
    page = ann.get(WRITTEN).text
    assert "This test is open from" in page
    assert "生駒市" not in page
    assert ann.post(f"{WRITTEN}/segments/s1", data={"text": "Early"}).status_code == 409


def test_late_work_is_taken_and_capped_then_refused_with_its_time(app, people, ann, jun):
    window(people, clock.today() - timedelta(days=9), clock.today() - timedelta(days=1))
    write(ann)
    with app.app_context():
        assert (handed_in()[0].late, handed_in()[0].cap) == (True, 80)
    marked(app, jun, "5")
    with app.app_context():
        assert handed_in()[0].score == 80
    window(people, clock.today() - timedelta(days=30), clock.today() - timedelta(days=20))
    refused = ann.post(f"{SPOKEN}/takes")
    assert refused.status_code == 409
    assert "This test closed on" in refused.text


@pytest.mark.parametrize(("opens", "closes", "more", "said"), [
    (0, None, {}, "Please fill in both days"), (3, 1, {}, "The last day is before the first."),
    (0, 3, {"m-000001-late_cap": "200"}, "From 0 to 100 points."),
])
def test_a_window_that_makes_no_sense_is_refused_at_its_place(app, people, ann, jun, opens, closes, more, said):
    day = lambda n: None if n is None else clock.today() + timedelta(days=n)  # noqa: E731
    page = window(people, day(opens), day(closes), **more)
    assert page.status_code == 422
    assert said in page.text
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_emptying_a_window_takes_it_away(app, people, ann, jun):
    window(people, clock.today(), clock.today())
    window(people, None, None)
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_the_desk_sees_what_is_overdue_and_how_long_it_takes(app, people, ann, jun):
    write(ann)
    with app.app_context(), unit():
        database.session.execute(update(Submission).values(due_on=clock.today() - timedelta(days=2)))
    page = people.fumi.get("/marking/oversight?lang=en").text
    assert number(app) in page
    assert "overdue" in page
    assert "1 test is overdue." in jun.get("/marking").text
    marked(app, jun)
    assert "on average" in people.fumi.get("/marking/oversight?lang=en").text


def test_an_employer_sees_progress_and_no_word_of_it(app, people, ann, jun):
    write(ann)
    marked(app, jun)
    page = people.cho.get(f"/monitor/people/{people.ann_id}").text
    assert "Notice from Ikoma" not in page
    assert "80" not in re.sub(r"<[^>]+>", "", page).replace("2080", "")


def test_the_queue_asks_few_statements_whatever_its_length(app, people, ann, jun, queries):
    write(ann)
    with queries() as few:
        jun.get("/marking")
    with app.app_context(), unit():
        one, course = handed_in()[0], database.session.scalar(select(Course.id))
        database.session.add_all(Submission(
            number=f"N{n:05}", attempt_id=one.attempt_id, round=n + 2, person_id=one.person_id, course_id=course, release_id=one.release_id,
            module_key=one.module_key, item_key=one.item_key, kind="translation", content={},
            due_on=clock.today() + timedelta(days=n)) for n in range(60))
    with queries() as many:
        page = jun.get("/marking").text
    assert len(many) <= len(few) <= 8
    second = jun.get(re.search(r'href="(/marking\?[^"]*after=[^"]+)"', page)[1].replace("&amp;", "&")).text
    assert "N00058" in second
    assert jun.get("/marking?after=2026-13-45~9").status_code == 200    # a key nobody made: the beginning


LEVELS = st.fixed_dictionaries({name: st.integers(0, 5) for name in ("accuracy", "completeness", "terminology", "register", "mechanics")})


@given(LEVELS, LEVELS, st.integers(0, 100))
def test_scores_stay_in_their_bounds(first, second, cap):
    a, b = rubric.score(first, "translation"), rubric.score(second, "translation")
    assert 0 <= rubric.capped(a, cap) <= min(a, cap)
    mean = rubric.agreed(a, b)
    assert (mean is None) == (abs(a - b) > rubric.APART)
    assert mean is None or min(a, b) <= mean <= max(a, b)
    assert not rubric.unscored(first, "translation")
    assert [c["id"] for c in rubric.unscored(first, "interpreting")] == ["delivery"]
