"""The workbench: what is typed is kept, models open when one has committed, one's own rating ends a practice; nothing is graded."""
import re

import pytest
from sqlalchemy import func, select

from courses import MODELS, SOURCE, add_letters
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import publishing, service
from jetlms.learning.models import Enrolment, LearningEvent, MemoryUnit, Progress, SegmentAnswer

JSON = {"Accept": "application/json"}
LETTER, TEST = "/learn/tiny/l-00000a", "/learn/tiny/l-00000b"
GOOD = "The water will be off on 1 September 2027."


@pytest.fixture
def folder(folder):
    return add_letters(folder)


def save(client, text, *, at=LETTER, segment="s1", **more):
    return client.post(f"{at}/segments/{segment}", data={"text": text, **more}, headers=JSON)


def commit(client, text, *, at=LETTER, segment="s1"):
    return client.post(f"{at}/segments/{segment}", data={"text": text, "commit": "1"})


def rate(client, segment, rating="3", *errors, at=LETTER):
    return client.post(f"{at}/segments/{segment}/rating", data={"rating": rating, "errors_found": list(errors)})


def segments():
    return {row.segment: row for row in database.session.scalars(select(SegmentAnswer))}


def test_the_page_shows_the_source_its_terms_and_no_model(ann):
    page = ann.get(LETTER).text
    assert '<mark class="has-term">断水</mark>' in page
    assert "water cut-off" in page
    assert "Ikoma City" in page                                # the prescribed name
    assert "Notice from" not in page
    assert "Say when first" not in page


def test_what_is_typed_is_saved_with_what_to_look_at_again(app, ann):
    reply = save(ann, "Notice from Ikoma", seq="1").json
    assert "JST" in reply["saved_at"]
    assert "Ikoma City" in reply["findings"]
    assert "Notice from Ikoma</textarea>" in ann.get(LETTER).text
    found = save(ann, "There is no water on 1 October 2027.", segment="s2", seq="1").json["findings"]
    assert "9月" in found
    assert "10月" in found
    assert "no water" in found
    assert save(ann, GOOD.replace("water will be off", "water cut-off is"), segment="s2", seq="2").json["findings"].strip() == ""


def test_an_older_save_that_arrives_late_changes_nothing(app, ann):
    save(ann, "newer", seq="5")
    assert save(ann, "older", seq="4").json["stale"] is True
    commit(ann, "newest")
    assert save(ann, "older", seq="5").json["stale"] is True
    with app.app_context():
        assert segments()["s1"].text == "newest"


def test_committing_opens_the_models_of_that_segment_with_what_differs(app, ann):
    assert commit(ann, GOOD, segment="s2").location.endswith(f"{LETTER}#s2")
    page = ann.get(LETTER).text
    assert re.search(r"<ins>\s*cut\s*</ins>", page)
    assert "Say when first (en)." in page
    assert "Notice from" not in page                           # s1 is not committed
    commit(ann, "Better.", segment="s2")
    with app.app_context():
        row = segments()["s2"]
        assert (row.first_text, row.text) == (GOOD, "Better.")
    assert f"{GOOD}</span>" in ann.get(LETTER).text
    assert "Say when first (ja)." in ann.get(f"{LETTER}?lang=ja").text


def test_an_empty_segment_is_not_committed_and_nothing_is_lost(app, ann):
    save(ann, "draft", seq="1")
    answer = commit(ann, "  ")
    assert answer.status_code == 422
    assert "Please translate this segment first." in answer.text
    long = commit(ann, "x" * 4001)
    assert long.status_code == 422
    assert save(ann, "x" * 4001, seq="9").status_code == 422
    assert "x" * 4001 in long.text                             # what was typed is given back
    with app.app_context():
        assert segments()["s1"].text == "draft"


def test_the_last_rating_ends_a_practice(app, people, ann):
    assert rate(ann, "s1").status_code == 409                  # before it is committed
    for key in ("s1", "s2"):
        commit(ann, GOOD, segment=key)
    assert rate(ann, "s1", "2", "register", "omission").status_code == 302
    with app.app_context():
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == "l-00000a")) is None
        assert segments()["s1"].errors == ["register", "omission"]
    assert rate(ann, "s2").status_code == 302
    assert rate(ann, "s2", "1").status_code == 302             # again: harmless
    with app.app_context():
        row = database.session.scalars(select(Enrolment).where(Enrolment.person_id == people.ann_id)).one()
        assert row.done == 1
        events = database.session.scalars(select(LearningEvent.verb).where(LearningEvent.item_key == "l-00000a")).all()
        assert sorted(events) == ["answered", "answered", "handed_in"]


def test_a_test_opens_its_models_when_it_is_handed_in_and_is_closed_then(app, ann):
    commit(ann, "Notice", at=TEST)
    assert "Notice from" not in ann.get(TEST).text
    assert ann.post(f"{TEST}/segments").status_code == 409     # s2 is missing
    assert rate(ann, "s1", at=TEST).status_code == 409         # a test is not rated
    commit(ann, GOOD, at=TEST, segment="s2")
    assert ann.post(f"{TEST}/segments").status_code == 302
    assert ann.post(f"{TEST}/segments").status_code == 302     # twice
    assert commit(ann, "Changed", at=TEST).status_code == 409
    assert save(ann, "Changed", at=TEST, seq="99").status_code == 409
    page = ann.get(TEST).text
    assert "from Ikoma City</ins>" in page
    assert "Say when first (en)." in page
    assert "data-translate" not in page
    with app.app_context():
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == "l-00000b"))


def test_a_practice_is_not_handed_in(ann):
    commit(ann, "a")
    commit(ann, "b", segment="s2")
    assert ann.post(f"{LETTER}/segments").status_code == 409


def test_what_was_written_before_is_suggested_to_its_writer_only(app, people, ann):
    commit(ann, "Notice from the City", at=LETTER)
    assert "Notice from the City" in ann.get(TEST).text
    people.ben.post("/learn/tiny/enrol")
    assert "Notice from the City" not in people.ben.get(TEST).text
    commit(ann, "Notice from Ikoma City", at=LETTER)
    with app.app_context():
        assert database.session.execute(select(MemoryUnit.target, MemoryUnit.origin)).all() == [("Notice from Ikoma City", "l-00000a/s1")]


def test_others_see_and_change_nothing(app, people, ann):
    commit(ann, "my secret words")
    for who in (people.cho, people.dai, people.fumi, people.ben):
        assert "my secret words" not in who.get(LETTER).text
        assert save(who, "x").status_code == 404               # not enrolled
    assert "my secret words" not in people.cho.get(f"/monitor/people/{people.ann_id}").text
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(SegmentAnswer)) == 1


@pytest.mark.parametrize(("path", "data", "code"), [
    ("/segments/s9", {"text": "x"}, 404), ("/segments/s1/rating", {"rating": "7"}, 422), ("/segments/s1/rating", {}, 422),
    ("/segments/s9/rating", {"rating": "1"}, 404), ("/segments/s1/rating", {"rating": "1", "errors_found": "spelling"}, 422),
])
def test_what_does_not_exist_is_not_taken(ann, path, data, code):
    assert ann.post(LETTER + path, data=data).status_code == code
    assert ann.post("/learn/tiny/l-000001" + path, data=data).status_code == 404                 # a lesson has no segments


def test_only_a_task_is_handed_in_as_one(app, ann):
    save(ann, "draft", seq="1")
    for item in ("l-00000a", "l-000001", "l-000003"):
        assert ann.post(f"/learn/tiny/{item}/hand-in", data={"hand_in": "1"}).status_code == 404
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Progress).where(Progress.done_at.is_not(None))) == 0


def test_the_stored_progress_is_what_the_events_say(app, people, ann):
    for key in ("s1", "s2"):
        commit(ann, GOOD, segment=key)
        rate(ann, key)
    with app.app_context(), unit():
        assert service.progress_that_disagrees() == []
        service.rebuild(people.ann_id)
    with app.app_context():
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == "l-00000a"))


def test_a_page_and_a_save_ask_little(ann, queries):
    commit(ann, GOOD, segment="s2")
    with queries() as page:
        ann.get(LETTER)
    with queries() as saved:
        save(ann, "Notice", segment="s2", seq="9")
    assert (len(page), len(saved)) <= (8, 4)


def test_a_term_stands_as_a_word_of_its_own(app, ann, folder):
    place = folder / "01-module" / "30-letter.trans"
    (place / "source.ja.txt").rename(place / "source.en.txt")
    (place / "source.en.txt").write_text("s1\tIt moves toward the wards of Ikoma City.\ns2\tA ward.\n", "utf-8")
    for letter in MODELS:
        (place / f"ref-{letter}.en.txt").rename(place / f"ref-{letter}.ja.txt")
        (place / f"ref-{letter}.ja.txt").write_text("s1\t生駒市の区のほうへ動きます。\ns2\t区です。\n", "utf-8")
    for lang in ("en", "ja"):
        path = place / f"exercise.{lang}.md"
        path.write_text(path.read_text("utf-8").replace('"生駒市" = "Ikoma City"', '"Ikoma City" = "生駒市"'), "utf-8")
    (folder / "glossary.tsv").write_text(
        "id\tja\treading\ten\tnote_ja\tnote_en\nword\t言葉\tことば\tword\tn\tn\nku\t区\tく\tward\tn\tn\n", "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    page = ann.get(LETTER).text
    assert 'It moves toward the <mark class="has-term">wards</mark> of' in page
    assert '<mark class="has-term">ward</mark>.' in page


def test_an_edit_does_not_change_what_she_works_with(app, ann, folder):
    commit(ann, GOOD, segment="s2")
    place = folder / "01-module" / "30-letter.trans"
    (place / "source.ja.txt").write_text(SOURCE + "s3\t新しい文です。\n", "utf-8")
    for letter, text in MODELS.items():
        (place / f"ref-{letter}.en.txt").write_text(text + "s3\tA new sentence.\n", "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    assert "新しい文です" not in ann.get(LETTER).text
    assert GOOD in ann.get(LETTER).text


def test_after_the_window_it_is_for_reading(app, people, ann, clock_at):
    commit(ann, GOOD, segment="s2")
    with app.app_context(), unit():
        row = database.session.scalars(select(Enrolment).where(Enrolment.person_id == people.ann_id)).one()
        row.closes_on = row.opens_on.replace(year=2020)
    assert commit(ann, "late").status_code == 409
    assert rate(ann, "s2").status_code == 409
    assert GOOD in ann.get(LETTER).text


@pytest.mark.parametrize(("rule", "words"), [
    ("all:translations", "commit and rate every segment"), ("count:translations>=2", "Translations done, at least"),
    ("count:lessons>=1", "Lessons finished, at least"), ("count:quizzes>=1", "Quizzes passed, at least"),
    ("count:tasks>=1", "Practical tasks handed in, at least"),
])
def test_what_counts_is_said_as_the_rule_means_it(app, ann, folder, rule, words):
    course = folder / "course.toml"
    course.write_text(re.sub(r"require = .*", f'require = ["{rule}"]', course.read_text("utf-8")), "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    assert words in ann.get("/learn/tiny").text


def test_a_word_inside_a_longer_term_is_no_term_of_its_own(app, folder, people):
    (folder / "glossary.tsv").write_text(
        "id\tja\treading\ten\tnote_ja\tnote_en\nword\t言葉\tことば\tword\tn\tn\nwater\t断水\tだんすい\twater cut-off\tn\tn\n"
        "letter\t生駒市\tいこまし\tIkoma City\tn\tn\ncity\t市\tし\tmunicipality\tn\tn\n", "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    page = people.ann.get(LETTER).text
    assert "Ikoma City</strong>" in page
    assert "municipality" not in page
