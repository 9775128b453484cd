"""The daily review: the log is the truth, ten minutes are a day's measure, nothing is lost and nobody else sees it."""
import re
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from doors import work
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import review, service
from jetlms.learning.models import ReviewCard, ReviewLog

JSON = {"Accept": "application/json"}
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
LOOKS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60 * 24 * 60)), max_size=12)


def logs(looks):
    return [SimpleNamespace(id=f"{n:04}", rating=rating, undoes="", at=BEGUN + timedelta(minutes=minutes)) for n,
            (rating, minutes) in enumerate(looks)]


@settings(deadline=None)
@given(LOOKS, st.randoms(use_true_random=False))
def test_the_fold_knows_no_order_and_no_doubles(looks, chance):
    there = logs(looks)
    shuffled = [*there, *there[:3]]
    chance.shuffle(shuffled)
    assert review.fold(shuffled) == review.fold(there)


@settings(deadline=None)
@given(LOOKS)
def test_what_is_taken_back_has_not_been(looks):
    there = logs(looks)
    if not there:
        assert review.fold(there) == {}
        return
    undo = SimpleNamespace(id="undo", rating=0, undoes=there[-1].id, at=BEGUN + timedelta(days=90))
    assert review.fold([*there, undo]) == review.fold(there[:-1])


def test_knowing_sends_a_card_further_away_each_time():
    due = []
    at = BEGUN
    for n in range(4):
        at = review.fold(logs([(3, 0)] * 0 + [(3, int((d - BEGUN) / timedelta(minutes=1))) for d in [BEGUN, *due]][:n + 1]))["due_at"]
        due.append(at)
    gaps = [b - a for a, b in zip([BEGUN, *due], due, strict=False)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > timedelta(days=20)


@pytest.mark.parametrize(("due", "done", "more", "shown"), [
    (10, 0, False, 10), (500, 0, False, 40), (500, 30, False, 10), (500, 40, False, 0), (500, 40, True, 40), (500, 80, True, 0)])
def test_catching_up_never_takes_more_than_twice_the_cap(due, done, more, shown):
    assert review.share(due, done, 40, more=more) == shown


def test_ten_minutes_are_measured_by_ones_own_speed():
    assert review.daily_cap([]) == review.USUAL
    assert review.daily_cap([10_000] * 50) == 60
    assert review.daily_cap([1_000] * 50) == review.BOUNDS[1]
    assert review.daily_cap([60_000] * 50) == review.BOUNDS[0]
    assert review.daily_cap([10_000] * 50 + [900_000] * 20) == 60        # she was away


def open_lesson(client):
    assert client.post("/learn/tiny/l-000001/seen", data={"screen": "0"}, headers=JSON).status_code == 200


def cards(app):
    with app.app_context():
        return {card.key: card.id for card in database.session.scalars(select(ReviewCard))}


def look(client, card_id, rating="3", event=None, **more):
    return client.post(f"/review/{card_id}", data={"rating": rating, "event": event or str(uuid.uuid4()), **more}, headers=JSON)


@pytest.fixture
def begun(app, ann):
    """Ann has begun the course and today's cards; returns them."""
    ann.post("/learn/tiny/glossary/word/review")
    ann.post("/review")
    return cards(app)


def test_a_word_of_the_glossary_comes_with_one_press(app, ann, begun):
    assert "term:c-000001:word:read" in begun
    assert ann.post("/learn/tiny/glossary/nothing/review").status_code == 404
    page = ann.get("/review").text
    assert "言葉" in page or "Say it aloud" in page


def test_a_look_is_noted_once_however_often_it_arrives(app, ann, begun):
    card, event = next(iter(begun.values())), str(uuid.uuid4())
    for _twice in range(2):
        assert look(ann, card, event=event, took="4000").status_code == 200
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(ReviewLog)) == 1
        row = database.session.get(ReviewCard, card)
        assert row.reps == 1
        assert row.due_at > clock.now() + timedelta(hours=20)


def test_a_look_taken_back_brings_the_card_back(app, ann, begun):
    card = next(iter(begun.values()))
    look(ann, card)
    assert ann.post("/review/undo").status_code == 302
    with app.app_context():
        assert database.session.get(ReviewCard, card).reps == 0
        assert database.session.scalar(select(func.count()).select_from(ReviewLog)) == 2
    assert ann.post("/review/undo").status_code == 409


def test_folding_anew_changes_nothing(app, ann, people, begun):
    for card in begun.values():
        look(ann, card, "1")
        look(ann, card, "3")
    with app.app_context():
        before = [(c.due_at, c.reps, c.lapses, c.memory) for c in database.session.scalars(select(ReviewCard).order_by(ReviewCard.id))]
        with unit():
            database.session.execute(update(ReviewCard).values(reps=99))
        with unit():
            service.refold_cards(people.ann_id)
        database.session.expire_all()
        assert [(c.due_at, c.reps, c.lapses, c.memory) for c in database.session.scalars(select(ReviewCard).order_by(ReviewCard.id))] == before


@pytest.mark.parametrize("rating", ["", "0", "5", "x"])
def test_there_is_no_such_rating(ann, begun, rating):
    assert look(ann, next(iter(begun.values())), rating).status_code == 409


def test_nobody_else_has_her_cards(people, ann, begun):
    card = next(iter(begun.values()))
    for name in ("ben", "cho", "dai", "fumi", "iko"):
        assert look(getattr(people, name), card).status_code in {403, 404}
        assert getattr(people, name).post(f"/review/{card}/suspend").status_code in {403, 404}


def test_a_card_put_aside_is_not_asked_and_comes_back(ann, begun):
    card = begun["term:c-000001:word:read"]
    ann.post(f"/review/{card}/suspend")
    assert f'id="card-{card}"' not in ann.get("/review").text
    assert "put aside" in ann.get("/review/words").text
    ann.post(f"/review/{card}/back")
    assert f'id="card-{card}"' in ann.get("/review").text


def test_my_words_are_found_by_word_and_meaning(ann, begun):
    assert "word" in ann.get("/review/words?asked=word").text
    assert "No cards" in ann.get("/review/words?asked=zebra").text


def test_a_question_answered_wrongly_becomes_a_card(app, ann):
    ann.post("/learn/tiny/l-000003/attempts")
    ann.post("/learn/tiny/l-000003/attempts/1", data={"q-000011": "b"})
    ann.post("/review")
    assert not [key for key in cards(app) if key.startswith("item:l-000003")]     # not before it is handed in
    ann.post("/learn/tiny/l-000003/attempts/1", data={"q-000011": "b", "hand_in": "1"})
    with app.app_context():
        from jetlms.learning.models import Answer
        wrong = list(database.session.scalars(select(Answer.question_id).where(Answer.right.is_(False))))
    ann.post("/review")
    made = [key for key in cards(app) if key.startswith("item:l-000003")]
    assert bool(made) == bool(wrong)
    if made:
        assert "Show the answer" in ann.get("/review").text


def test_no_more_than_ten_new_cards_a_day(app, ann, folder):
    from jetlms.learning import publishing

    rows = "".join(f"t{n}\t語{n}\tご{n}\tword {n}\tn\tn\n" for n in range(30))
    (folder / "glossary.tsv").write_text("id\tja\treading\ten\tnote_ja\tnote_en\nword\t言葉\tことば\tword\tn\tn\n" + rows, "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    open_lesson(ann)
    for _twice in range(2):
        ann.post("/review")
    assert len(cards(app)) == review.NEW_A_DAY


def test_the_page_asks_few_statements_whatever_is_due(app, people, ann, begun, queries):
    with queries() as few:
        ann.get("/review")
    with app.app_context(), unit():
        course = database.session.scalar(select(ReviewCard.course_id))
        database.session.add_all(ReviewCard(person_id=people.ann_id, key=f"term:c-000001:gone{n}:read", course_id=course) for n in range(200))
    with queries() as many:
        ann.get("/review")
    assert len(many) <= len(few) + 1
    assert re.search(r"\d+ cards wait|due", ann.get("/review").text)


def test_her_own_translations_cost_one_statement_however_many(app, people, ann, begun, queries):
    from jetlms.learning.models import Attempt

    def own(first, last):
        with app.app_context(), unit():
            course = database.session.scalar(select(ReviewCard.course_id))
            database.session.add_all(ReviewCard(person_id=people.ann_id, key=f"own:l-000001:s{n}", course_id=course) for n in range(first, last))
            if not first:
                database.session.add(Attempt(person_id=people.ann_id, course_id=course, item_key="l-000001", release_id=1, number=0,
                                             kind="translation", seed=1, questions=[]))
    own(0, 1)
    ann.get("/review")
    with queries() as few:
        ann.get("/review")
    own(1, 30)
    with queries() as many:
        ann.get("/review")
    assert len(many) == len(few) <= 10


def test_a_card_of_what_the_course_has_no_more_waits_for_nobody(app, ann, begun, folder):
    from jetlms.learning import publishing

    def publish(more):
        (folder / "glossary.tsv").write_text("id\tja\treading\ten\tnote_ja\tnote_en\nword\t言葉\tことば\tword\tn\tn\n" + more, "utf-8")
        with app.app_context(), unit():
            publishing.publish(folder, by=None)
        work(app)
    for there, cards_due in (("other\t他\tほか\tother\tn\tn\n", 2), ("", 1), ("other\t他\tほか\tother\tn\tn\n", 2)):
        publish(there)
        if "other" in there:
            ann.post("/learn/tiny/glossary/other/review")
        assert re.search(rf"Daily review: {cards_due} cards?<", ann.get("/home").text)
        assert ann.get("/review").text.count("data-card ") == cards_due


def test_the_log_can_be_taken_away_and_holds_only_her_own(people, ann, begun):
    card = next(iter(begun.values()))
    look(ann, card, text="=1+1", took="4000")
    sent = ann.get("/review/log.csv?lang=en")
    lines = sent.text.splitlines()
    assert sent.mimetype == "text/csv"
    assert len(lines) == 2
    assert lines[1].endswith("'=1+1,4000")                     # no spreadsheet runs what was typed
    assert len(people.ben.get("/review/log.csv").text.splitlines()) == 1
