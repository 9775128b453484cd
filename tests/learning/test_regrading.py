"""Item analysis in numbers without names; a mended key raises results at once, and lowers none without its learner's yes."""
import json
import re

import pytest
from sqlalchemy import func, insert, select, update

from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning import analysis, publishing, service
from jetlms.learning.models import Answer, Attempt, Course, Enrolment, Progress, Regrade
from jetlms.people.models import Person

TOP = "/author/tiny"
ATTEMPT = "/learn/tiny/l-000003/attempts/1"
RIGHT = {"q-000011": "a", "q-000012": ["a", "c"], "q-000013": "45", "q-000014": "true", "q-000015.0": "book"}


def take(client, answers, number=1):
    """Hand in an attempt at the quiz."""
    client.post("/learn/tiny/enrol")
    assert client.post("/learn/tiny/l-000003/attempts").status_code == 302
    assert client.post(f"/learn/tiny/l-000003/attempts/{number}", data={**answers, "hand_in": "1"}).status_code in {302, 303}


def mend(app, folder, old, new):
    """Publish the quiz with another key."""
    for lang in ("en", "ja"):
        path = folder / "01-module" / f"20-second.quiz.{lang}.md"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)


def regrade(client, reason="The key was wrong."):
    page = client.get(f"{TOP}/regrading?lang=en").text
    release = re.search(r'name="release" value="(\d+)"', page)
    return client.post(f"{TOP}/regrading", data={"release": release[1] if release else "0", "reason": reason})


def attempt_of(name_id):
    return database.session.scalars(select(Attempt).where(Attempt.person_id == name_id, Attempt.number == 1)).one()


def test_a_higher_result_counts_at_once_and_is_told(app, people, ann, folder):
    take(ann, RIGHT | {"q-000013": "50", "q-000014": "false"})
    mend(app, folder, "= 45 ± 1", "= 50 ± 1")
    page = people.fumi.get(f"{TOP}/regrading?lang=en").text
    assert "60 %" in page
    assert "↑ 80 %" in page
    assert regrade(people.fumi).status_code == 303
    assert regrade(people.fumi).status_code in {409, 303}
    with app.app_context():
        row = attempt_of(people.ann_id)
        assert (row.percent, row.passed) == (80, True)
        progress = database.session.scalars(select(Progress).where(Progress.item_key == "l-000003")).one()
        assert progress.best == 80
        assert progress.done_at is not None
        assert database.session.scalar(select(Enrolment.done).where(Enrolment.person_id == people.ann_id)) == 1
        assert service.progress_that_disagrees() == []
        assert database.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "learning.regraded")) == 1
    page = ann.get(f"{ATTEMPT}?lang=en").text
    assert "from 60 % to 80 %" in page
    question = page[page.index('id="q-000013"'):page.index('id="q-000014"')]
    assert "Right." in question
    assert "The key was wrong." in ann.get("/inbox").text


def test_a_lower_result_waits_for_the_learner(app, people, ann, folder):
    take(ann, RIGHT)
    mend(app, folder, "= 45 ± 1", "= 50 ± 1")
    assert regrade(people.fumi).status_code == 303
    with app.app_context():
        assert attempt_of(people.ann_id).percent == 100
        number = database.session.scalar(select(Regrade.id))
    page = f"/learn/regrades/{number}"
    assert people.ben.get(page).status_code == 404
    assert people.fumi.post(page, data={"accept": "1"}).status_code == 404
    assert "Keep my result" in ann.get(f"{page}?lang=en").text
    assert ann.post(page, data={}).status_code == 404
    assert ann.post(page, data={"keep": "1"}).status_code == 303
    assert ann.post(page, data={"accept": "1"}).status_code == 303             # the first answer counts
    with app.app_context():
        assert attempt_of(people.ann_id).percent == 100
        assert database.session.scalar(select(Regrade.state)) == "kept"
    assert "No result would change" in people.fumi.get(f"{TOP}/regrading?lang=en").text


def test_who_accepts_has_the_lower_result_and_stays_done(app, people, ann, folder):
    take(ann, RIGHT)
    mend(app, folder, "= 45 ± 1", "= 50 ± 1")
    regrade(people.fumi)
    with app.app_context():
        number = database.session.scalar(select(Regrade.id))
    assert ann.post(f"/learn/regrades/{number}", data={"accept": "1"}).status_code == 303
    with app.app_context():
        assert attempt_of(people.ann_id).percent == 80
        progress = database.session.scalars(select(Progress).where(Progress.item_key == "l-000003")).one()
        assert (progress.best, progress.done_at is not None) == (100, True)
        assert service.progress_that_disagrees() == []
    assert "from 100 % to 80 %" in ann.get(f"{ATTEMPT}?lang=en").text


def test_regrading_needs_a_reason_and_the_numbers_that_were_seen(app, people, ann, folder):
    take(ann, RIGHT)
    mend(app, folder, "= 45 ± 1", "= 50 ± 1")
    assert regrade(people.fumi, " ").status_code == 422
    assert people.fumi.post(f"{TOP}/regrading", data={"release": "1", "reason": "x"}).status_code == 409
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Regrade)) == 0


def test_another_wording_changes_no_result(app, people, ann, folder):
    take(ann, RIGHT)
    mend(app, folder, "How many?", "How many then?")
    assert "No result would change" in people.fumi.get(f"{TOP}/regrading?lang=en").text


def source(*options, kind="choice"):
    return {"id": "q-1", "type": kind, "options": [
        {"key": "abc"[n], "right": right, "html": {"en": text}, "feedback": {}} for n, (text, right) in enumerate(options)]}


@pytest.mark.parametrize(("new", "right"), [
    (source(("x", False), ("y", True)), True),                     # the key was mended
    (source(("y", True), ("x", False)), True),                     # and the options change places: she chose y
    (source(("x", False), ("why", True)), True),                   # reworded
    (source(("z", False), ("x", True)), None),                     # replaced: nobody can say
])
def test_an_answer_follows_its_option(new, right):
    mark = service.remarked(source(("x", True), ("y", False)), new, "b")
    assert (mark.right if mark else None) is right


# -- item analysis -----------------------------------------------------------------------------------------------------------------

def sheet(right, rest):
    return analysis.Sheet({"q-1": float(right), "q-2": rest}, frozenset({"q-1"} if right else ()), {"q-1": "a" if right else "b"})


def test_figures_need_enough_answers():
    question = source(("x", True), ("y", False))
    assert analysis.figures(question, [sheet(True, 1)] * 4).answers is None
    few = analysis.figures(question, [sheet(True, 1)] * 19)
    assert (few.answers, few.facility, few.flags) == (19, None, ("few",))
    good = analysis.figures(question, [sheet(True, 1)] * 10 + [sheet(False, 0)] * 10)
    assert good.facility == 0.5
    assert good.discrimination == pytest.approx(1)
    assert good.wrong == ("b", 10)
    assert good.flags == ()
    assert analysis.figures(question, [sheet(True, 0)] * 10 + [sheet(False, 1)] * 10).flags == ("negative",)
    assert analysis.figures(question, [sheet(False, 1)] * 19 + [sheet(True, 1)]).flags == ("hard",)
    assert analysis.figures(question, [sheet(True, 1)] * 20).flags == ("easy",)


def test_the_page_has_numbers_and_no_names(app, people, tiny, queries):
    with app.app_context(), unit():
        course = database.session.scalars(select(Course)).one()
        for n in range(24):
            person = Person(display_name=f"Learner {n}", family_name=f"Family{n}", given_name="x", sort_name=f"l{n}")
            database.session.add(person)
            database.session.flush()
            made = database.session.scalar(insert(Attempt).values(
                person_id=person.id, course_id=course.id, item_key="l-000003", release_id=course.release_id, number=1, kind="quiz", seed=1,
                questions=[{"id": "q-000011"}, {"id": "q-000014"}], started_at=clock.now(), submitted_at=clock.now(), percent=50,
            ).returning(Attempt.id))
            for key, right in (("q-000011", n < 12), ("q-000014", n < 6)):
                database.session.add(Answer(attempt_id=made, question_id=key, seq=1, payload="a" if right else "b", score=float(right), right=right))
    with queries() as seen:
        page = people.fumi.get(f"{TOP}/analysis?lang=en").text
    assert "Learner 1" not in page
    assert ">50 %<" in page
    assert ">25 %<" in page
    assert "wrong" in page
    assert "too few answers" in page                                       # the questions nobody was asked
    assert len(seen) <= 14, json.dumps(seen, indent=1)
    with app.app_context(), unit():
        database.session.execute(update(Attempt).where(Attempt.person_id > 0).values(submitted_at=None))
    assert ">24<" not in people.fumi.get(f"{TOP}/analysis?lang=en").text
