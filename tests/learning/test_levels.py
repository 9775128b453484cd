"""Levels of one language: a placement quiz that advises, one level at a time, changed once; the organisation sees what it may; a record for life."""
import random
import re
from datetime import timedelta

import cast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from courses import LEVELS, write_ladder
from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import placement, publishing
from jetlms.learning.models import Enrolment, Placement, PlacementAnswer, Withdrawal

POOLS = [[f"{level}-{n}" for n in range(24)] for level in range(3)]
HARD = {question: level * 24 + n for level, questions in enumerate(POOLS) for n, question in enumerate(questions)}
LADDER = "/learn/levels/tongue"


# -- the quiz itself: pure ---------------------------------------------------------------------------------------------------------

def taken(seed, knows):
    """Return a whole quiz of somebody who answers right where `knows(question)`."""
    given_ = []
    while (asked := placement.following(POOLS, seed, given_)) is not None:
        given_.append((asked[1], knows(asked[1])))
    return given_


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**31), st.lists(st.booleans(), min_size=20, max_size=20))
def test_a_quiz_asks_twenty_different_questions_and_the_same_again_for_the_same_answers(seed, rights):
    answers = iter(rights)
    once = taken(seed, lambda _question: next(answers))
    assert len({question for question, _right in once}) == placement.QUESTIONS
    answers = iter(rights)
    assert taken(seed, lambda _question: next(answers)) == once
    assert 0 <= placement.level(POOLS, once) < len(POOLS)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**31), st.lists(st.booleans(), min_size=20, max_size=20), st.integers(0, 19))
def test_a_right_answer_more_never_recommends_a_lower_level(seed, rights, place):
    answers = iter(rights)
    once = taken(seed, lambda _question: next(answers))
    better = [(question, right or n == place) for n, (question, right) in enumerate(once)]
    assert placement.level(POOLS, better) >= placement.level(POOLS, once)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**31), st.integers(0, 71))
def test_who_knows_everything_up_to_a_point_is_placed_there_or_beside_it(seed, point):
    found = placement.level(POOLS, taken(seed, lambda question: HARD[question] <= point))
    assert abs(found - point // 24) <= 1
    if point % 24 in range(6, 18):
        assert found == point // 24


@pytest.mark.parametrize(("rights", "band"), [("", 2), ("r", 2), ("rr", 4), ("rrrr", 6), ("rrww", 3), ("wwww", 0), ("rwrw", 2), ("rrwwrr", 4)])
def test_two_in_a_row_move_the_stair(rights, band):
    assert placement.band([letter == "r" for letter in rights], 12) == band


def test_few_questions_end_the_quiz_early():
    few = [["a", "b"], ["c"]]
    answered = [("a", True), ("b", True), ("c", False)]
    assert placement.following(few, 1, answered) is None
    assert placement.level(few, answered) in (0, 1)


# -- with people -------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def ladder(app, tmp_path):
    folders = write_ladder(tmp_path / "ladder")
    with app.app_context(), unit():
        for folder in folders:
            publishing.publish(folder, by=None)
    return folders


def asked(client):
    page = client.get(f"{LADDER}/placement").text
    found = re.search(r'name="(q-(\d)[0-9]{4}z)"', page)
    return (found[1], int(found[2])) if found else (None, None)


def take(client, knows, chance=None):
    """Take the whole quiz, answering right up to level `knows`."""
    assert client.post(f"{LADDER}/placement").status_code == 302
    for number in range(1, placement.QUESTIONS + 1):
        question, level = asked(client)
        right = level <= knows
        answer = {question: "ab"[(level == 2) == right]} if right or chance is None or chance.random() < 0.5 else {"unknown": "1"}
        assert client.post(f"{LADDER}/placement/answer", data={"number": number, **answer}).status_code == 302


@pytest.mark.parametrize(("knows", "slug"), [(0, "low"), (2, "middle"), (3, "high")])
def test_kai_who_is_still_abroad_takes_the_quiz_and_is_advised(people, ladder, knows, slug):
    take(people.kai, knows, random.Random(knows))
    page = people.kai.get(LADDER, headers={"Accept-Language": "en"}).text
    assert f"We recommend: Tongue {slug}" in page
    assert "take it again from" in page
    assert "JST" in page
    refused = people.kai.post(f"{LADDER}/placement")
    assert refused.status_code == 409
    assert "You can take it again" in refused.text


def test_the_key_is_on_no_page_and_an_answer_needs_something(people, ladder):
    kai = people.kai
    kai.post(f"{LADDER}/placement")
    page = kai.get(f"{LADDER}/placement").text
    assert "data-right" not in page
    assert "one" not in re.findall(r"<span>(.*?)</span>", page)
    empty = kai.post(f"{LADDER}/placement/answer", data={"number": 1})
    assert empty.status_code == 422
    assert "Please give an answer" in empty.text
    question, _level = asked(kai)
    assert kai.post(f"{LADDER}/placement/answer", data={"number": 1, question: "zz"}).status_code == 422
    assert asked(kai) == (question, _level)


def test_an_answer_twice_counts_once_and_the_quiz_goes_on_elsewhere(app, people, ladder):
    kai = people.kai
    kai.post(f"{LADDER}/placement")
    kai.post(f"{LADDER}/placement")
    question, _level = asked(kai)
    for answer in ("a", "b", "b"):
        assert kai.post(f"{LADDER}/placement/answer", data={"number": 1, question: answer}).status_code == 302
    assert kai.post(f"{LADDER}/placement/answer", data={"number": 7, "unknown": "1"}).status_code == 302
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Placement)) == 1
        assert database.session.scalars(select(PlacementAnswer.payload)).all() == ["a"]
    assert "Question 2 of 20" in kai.get(f"{LADDER}/placement").text
    assert "You have answered 1 of 20" in kai.get(LADDER).text


def complete(client):
    for item in ("l-000031", "l-000041"):
        assert client.post(f"/learn/low/{item}/seen", data={"screen": "0"}).status_code == 302


def test_nobody_answers_in_anothers_quiz(people, ladder):
    people.kai.post(f"{LADDER}/placement")
    assert people.ann.post(f"{LADDER}/placement/answer", data={"number": 1, "unknown": "1"}).status_code == 404
    assert people.ann.get(f"{LADDER}/placement").status_code == 302
    assert people.ann.get("/learn/levels/nothing").status_code == 404
    assert people.ann.post("/learn/levels/nothing/placement").status_code == 404


def test_one_level_at_a_time_changed_once(app, people, ladder):
    kai = people.kai
    assert kai.post("/learn/low/enrol").status_code == 302
    kai.post("/learn/low/l-000031/seen", data={"screen": "0"})
    assert "You are learning in another level" in kai.get("/learn/middle").text
    assert kai.post("/learn/middle/enrol").status_code == 409
    assert "You can change your level once" in kai.get(LADDER).text
    assert kai.post("/learn/middle/level").status_code == 302
    assert kai.post("/learn/middle/level").status_code == 302          # a second click
    again = kai.post("/learn/high/level")
    assert again.status_code == 409
    assert "You have changed your level once already" in again.text
    page = kai.get(LADDER).text
    assert "You have changed your level once already" in page
    assert "/learn/high/level" not in page                             # no button that would be refused
    page = kai.get("/learn/record").text
    assert "Changed level" in page
    assert "Tongue low" in page
    with app.app_context():
        left = database.session.scalars(select(Withdrawal)).one()
        assert (left.reason, left.done, left.withdrawn_by) == ("level_changed", 1, left.person_id)


def test_the_time_for_changing_ends_and_a_closed_window_frees(app, people, ladder):
    kai = people.kai
    kai.post("/learn/low/enrol")
    _move(app, opens_on=clock.today() - timedelta(days=31))
    late = kai.post("/learn/high/level")
    assert late.status_code == 409
    assert "You could change your level until" in late.text
    _move(app, closes_on=clock.today() - timedelta(days=1))
    assert kai.post("/learn/high/enrol").status_code == 302
    busy = kai.post("/learn/low/reopen")
    assert busy.status_code == 409
    assert "another level" in busy.text
    assert "Window closed" in kai.get("/learn/record").text


def test_a_completed_level_opens_the_next(app, people, ladder):
    kai = people.kai
    kai.post("/learn/low/enrol")
    complete(kai)
    assert kai.post("/learn/middle/enrol").status_code == 302
    assert kai.post("/learn/low/level").status_code == 409
    page = kai.get("/learn/record").text
    assert "Completed" in page
    assert "See the certificate" in page


def test_staff_cannot_put_somebody_into_a_second_level(app, people, ladder):
    people.ann.post("/learn/low/enrol")
    wrong = people.fumi.post("/courses/middle/enrolments/new?lang=en", data={"people": cast.email("ann")})
    assert wrong.status_code == 422
    assert "learning in another level" in wrong.text
    assert people.fumi.post("/courses/low/enrolments/new", data={"people": cast.email("ann")}).status_code == 303


def test_the_organisation_sees_what_the_enrolment_says(app, people, ladder):
    ann, cho = people.ann, people.cho
    assert ann.post("/learn/low/enrol", data={"hidden": "1"}).status_code == 302
    assert ann.get("/learn/who-sees").status_code in (200, 404)
    assert "オマリー" not in cho.get("/monitor").text
    assert "Your organisation does not see" in ann.get("/learn/low").text
    assert ann.post("/learn/low/sight", data={"sees": "yes"}).status_code == 302
    assert "オマリー" in cho.get("/monitor").text
    assert ann.post("/learn/low/sight", data={"sees": "no"}).status_code == 302
    assert "オマリー" not in cho.get("/monitor").text


def test_a_hidden_certificate_is_not_her_organisations(app, people, ladder):
    ann, cho = people.ann, people.cho
    ann.post("/learn/low/enrol", data={"hidden": "1"})
    complete(ann)
    code = re.search(r"/certificates/([0-9A-Z-]+)", ann.get("/learn/record").text)[1]
    assert ann.get(f"/certificates/{code}").status_code == 200
    assert cho.get(f"/certificates/{code}").status_code == 404
    ann.post("/learn/low/sight", data={"sees": "yes"})
    assert cho.get(f"/certificates/{code}").status_code == 200


def test_duty_cannot_be_hidden(people, ladder, tiny):
    people.ann.post("/learn/tiny/enrol", data={"hidden": "1"})         # the tiny course is not private
    assert people.ann.post("/learn/tiny/sight", data={"sees": "no"}).status_code == 409
    assert people.fumi.post("/courses/low/enrolments/new", data={"people": cast.email("ben")}).status_code == 303
    assert people.ben.post("/learn/low/sight", data={"sees": "no"}).status_code == 409


@pytest.mark.parametrize(("change", "said"), [
    (('ladder = "tongue"', 'ladder = "My Tongue"'), "names its ladder"), (("rank = 1", ""), "says its rank"),
    (('placement = "placement"', 'placement = "other"'), "there is no bank"), (("rank = 1", "rank = 99"), "level.rank must be from 1 to 20")])
def test_a_level_that_is_no_level_is_not_published(tmp_path, change, said):
    from jetlms.learning.coursefiles.lint import lint
    from jetlms.learning.coursefiles.parse import read_course

    folder = write_ladder(tmp_path)[0]
    file = folder / "course.toml"
    file.write_text(file.read_text("utf-8").replace(*change), "utf-8")
    course, problems = read_course(folder)
    assert said in " ".join(problem.en for problem in [*problems, *lint([course])])


def test_the_ladder_of_the_tests_has_no_problems(tmp_path):
    from jetlms.learning.coursefiles.lint import lint
    from jetlms.learning.coursefiles.parse import read_course

    for folder in write_ladder(tmp_path):
        course, problems = read_course(folder)
        assert [*problems, *lint([course])] == []
    assert len(LEVELS) == 3


def _move(app, **values):
    with app.app_context(), unit():
        database.session.execute(update(Enrolment).values(**values))
