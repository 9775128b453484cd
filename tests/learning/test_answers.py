"""Answers are rows from the first click; nothing is lost, nothing counts twice, nothing goes backwards."""
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning.models import Answer, Attempt, Award, Enrolment, LearningEvent, Progress

JSON = {"Accept": "application/json"}
RIGHT = {"q-000011": "a", "q-000012": ["a", "c"], "q-000013": "45", "q-000014": "true", "q-000015.0": "book"}


def answer(client, question, value, *, item="l-000001", number=0, seq=1, event=None, **more):
    fields = {"question": question, "number": str(number), "seq": str(seq), "event": event or str(uuid.uuid4()), question: value, **more}
    return client.post(f"/learn/tiny/{item}/answer", data=fields, headers=JSON)


def read(client, item, screens):
    for screen in range(screens):
        assert client.post(f"/learn/tiny/{item}/seen", data={"screen": str(screen)}, headers=JSON).status_code == 200


def enrolment(person_id):
    return database.session.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()


def do_lesson(client):
    read(client, "l-000001", 3)
    assert answer(client, "q-000001", "b").json["right"] is True
    assert answer(client, "q-000002", "いらっしゃいます").json["finished"] is True


def test_a_practice_answer_is_saved_and_explained_at_once(app, people, ann):
    reply = answer(ann, "q-000001", "a").json
    assert reply["right"] is False
    assert "because not" in reply["feedback"]
    assert "General explanation" in reply["feedback"]
    assert "JST" in reply["saved_at"]
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_kana_and_width_are_folded_and_a_near_answer_carries_its_note(ann):
    assert answer(ann, "q-000002", "イラッシャイマス。").json["right"] is True
    near = answer(ann, "q-000002", "おられます", seq=2).json
    assert near["right"] is True
    assert "accepted" in near["feedback"]
    wrong = answer(ann, "q-000002", "いますか", seq=3).json
    assert wrong["right"] is False
    assert "no respect" in wrong["feedback"]


def test_an_older_answer_that_arrives_late_changes_nothing(app, ann):
    answer(ann, "q-000001", "b", seq=5)
    late = answer(ann, "q-000001", "a", seq=4).json
    assert late["stale"] is True
    with app.app_context():
        row = database.session.scalars(select(Answer)).one()
        assert (row.payload, row.seq) == ("b", 5)


def test_the_same_event_sent_three_times_counts_once(app, people, ann):
    event = str(uuid.uuid4())
    for _n in range(3):
        assert ann.post("/learn/tiny/l-000002/seen", data={"screen": "0", "event": event}, headers=JSON).status_code == 200
    with app.app_context():
        seen = select(func.count()).select_from(LearningEvent).where(LearningEvent.verb == "viewed")
        assert database.session.scalar(seen) == 1
        assert enrolment(people.ann_id).done == 1


def test_a_lesson_is_done_when_read_to_its_end_and_answered_in_any_order(app, people, ann):
    answer(ann, "q-000001", "b")
    answer(ann, "q-000002", "いらっしゃいます")
    read(ann, "l-000001", 2)
    with app.app_context():
        assert enrolment(people.ann_id).done == 0
    ann.post("/learn/tiny/l-000001/seen", data={"screen": "2"})
    with app.app_context():
        assert enrolment(people.ann_id).done == 1


def test_without_a_script_the_same_forms_work(app, people, ann):
    assert ann.post("/learn/tiny/l-000001/seen", data={"screen": "0"}).headers["Location"].endswith("screen=2")
    place = ann.post("/learn/tiny/l-000001/answer", data={"question": "q-000001", "q-000001": "b", "screen": "2"})
    assert place.status_code == 302
    assert "#q-000001" in place.headers["Location"]
    page = ann.get("/learn/tiny/l-000001?screen=2&lang=en").text
    assert "because so" in page


def test_a_quiz_is_marked_against_its_frozen_set(app, people, ann):
    started = ann.post("/learn/tiny/l-000003/attempts")
    assert started.headers["Location"].endswith("/attempts/1")
    assert answer(ann, "q-000011", "a", item="l-000003", number=1).json["right"] is None, "nothing is given away before the end"
    ann.post("/learn/tiny/l-000003/attempts/1", data={"hand_in": "1"})
    with app.app_context():
        attempt = database.session.scalars(select(Attempt).where(Attempt.number == 1)).one()
        assert (attempt.percent, attempt.passed) == (20, False), "four unanswered of five count nothing"


def test_a_page_of_an_open_attempt_does_not_show_what_is_right(ann):
    ann.post("/learn/tiny/l-000003/attempts")
    page = ann.get("/learn/tiny/l-000003/attempts/1?lang=en").text
    assert "right" in page
    assert "data-right" not in page
    assert "yes" not in page.replace("lesson-ready", "")


def test_handing_in_twice_is_harmless_and_answers_close(app, ann):
    ann.post("/learn/tiny/l-000003/attempts")
    ann.post("/learn/tiny/l-000003/attempts/1", data={**RIGHT, "hand_in": "1"})
    assert ann.post("/learn/tiny/l-000003/attempts/1", data={**RIGHT, "q-000011": "b", "hand_in": "1"}).status_code == 302
    assert answer(ann, "q-000011", "b", item="l-000003", number=1, seq=9).status_code == 409
    with app.app_context():
        attempt = database.session.scalars(select(Attempt).where(Attempt.number == 1)).one()
        assert (attempt.percent, attempt.passed) == (100, True)
        done = select(func.count()).select_from(LearningEvent).where(LearningEvent.verb == "submitted")
        assert database.session.scalar(done) == 1


def test_after_three_attempts_there_is_a_day_of_rest_and_the_best_counts(app, people, ann, clock_at):
    for number in (1, 2, 3):
        ann.post("/learn/tiny/l-000003/attempts")
        ann.post(f"/learn/tiny/l-000003/attempts/{number}", data={"q-000011": "a" if number == 2 else "b", "hand_in": "1"})
    assert ann.post("/learn/tiny/l-000003/attempts").status_code == 409
    with app.app_context():
        assert database.session.get(Progress, (people.ann_id, "l-000003")).best == 20
    clock_at.shift(timedelta(hours=24, seconds=5))
    people.ann.post("/inbox/read")
    again = people_again(app).post("/learn/tiny/l-000003/attempts")
    assert again.headers["Location"].endswith("/attempts/4")


def people_again(app):
    """Ann, signed in again after her session has gone idle."""
    from acting import signed_in

    return signed_in(app, "ann")


def test_the_whole_course_gives_one_certificate_that_a_stranger_verifies(app, people, ann):
    do_lesson(ann)
    read(ann, "l-000002", 1)
    ann.post("/learn/tiny/l-000003/attempts")
    ann.post("/learn/tiny/l-000003/attempts/1", data={**RIGHT, "hand_in": "1"})
    assert ann.post("/learn/tiny/l-000004/hand-in", data={"q-000021": "My plan is good.", "hand_in": "1"}).status_code == 302
    with app.app_context():
        row = enrolment(people.ann_id)
        assert (row.done, row.required) == (4, 4)
        assert row.completed_at is not None
        award = database.session.scalars(select(Award)).one()
        code, minutes = award.code, award.minutes
    assert minutes == 2 + 3 + 3 + 20
    page = people.stranger.get(f"/verify/{code}?lang=en")
    assert "This certificate is genuine" in page.text
    assert "Ann O’Malley" in page.text
    assert people.stranger.get(f"/verify/{code.lower().replace('-', ' ')}").status_code == 200
    assert people.stranger.get("/verify/0000-0000-0000").status_code == 404
    pdf = ann.get(f"/certificates/{code}.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert people.ben.get(f"/certificates/{code}").status_code == 404
    assert people.ben.get(f"/certificates/{code}.pdf").status_code == 404


@pytest.mark.parametrize(("text", "says"), [
    ("", "Please write your text first."), ("Hm.", "5 to 500 characters"), ("x" * 501, "5 to 500 characters")])
def test_a_text_of_another_length_is_said_at_its_place_and_kept(ann, db, text, says):
    answer = ann.post("/learn/tiny/l-000004/hand-in?lang=en", data={"q-000021": text, "hand_in": "1"})
    assert answer.status_code == 422
    assert says in answer.text
    assert f">{text}</textarea>" in answer.text
    assert db.session.scalar(select(Attempt.submitted_at).where(Attempt.item_key == "l-000004")) is None


def test_a_task_needs_an_answer_before_it_is_handed_in(ann):
    assert ann.post("/learn/tiny/l-000004/hand-in", data={"hand_in": "1"}).status_code == 409


def test_tampered_answers_get_a_4xx_and_change_nothing(app, ann):
    for data in ({"question": "q-000001", "q-000001": "z"}, {"question": "q-zzzzzz", "x": "1"}, {"question": "q-000002", "q-000002": "x" * 500},
                 {"question": "q-000001"}):
        assert 400 <= ann.post("/learn/tiny/l-000001/answer", data=data, headers=JSON).status_code < 500
    assert ann.post("/learn/tiny/l-000001/seen", data={"screen": "99"}).status_code == 400
    assert ann.post("/learn/tiny/l-000001/seen", data={"screen": "9" * 30}).status_code == 400
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Answer)) == 0


def test_who_is_not_enrolled_cannot_answer(people, tiny):
    assert people.ben.post(f"/learn/{tiny}/l-000001/seen", data={"screen": "0"}).status_code in {404, 409}
    assert people.stranger.post(f"/learn/{tiny}/l-000001/seen", data={"screen": "0"}).status_code == 401


def test_when_the_window_has_closed_she_can_read_but_not_answer_and_reopen_once(app, people, ann, clock_at):
    clock_at.shift(timedelta(days=101))
    late = people_again(app)
    assert late.get("/learn/tiny/l-000001").status_code == 200
    assert answer(late, "q-000001", "b").status_code == 409
    assert late.post("/learn/tiny/reopen").status_code == 302
    assert answer(late, "q-000001", "b").status_code == 200
    clock_at.shift(timedelta(days=70))
    assert people_again(app).post("/learn/tiny/reopen").status_code == 409


def test_forty_savers_at_once_lose_nothing(app, people, ann):
    from acting import signed_in

    clients = [signed_in(app, "ann") for _n in range(4)]

    def save(number):
        return answer(clients[number % 4], "q-000001", "ab"[number % 2], seq=number + 1).status_code
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(save, range(40))) <= {200}
    with app.app_context():
        assert database.session.scalars(select(Answer).where(Answer.question_id == "q-000001")).one().seq == 40


def test_progress_equals_the_fold_of_its_events_and_can_be_rebuilt(app, people, ann):
    from jetlms.learning import service

    do_lesson(ann)
    with app.app_context(), unit():
        assert service.progress_that_disagrees() == []
        before = {(p.item_key, p.screens_seen, p.done_at is None) for p in database.session.scalars(select(Progress))}
        service.rebuild(people.ann_id)
        database.session.expire_all()
        after = {(p.item_key, p.screens_seen, p.done_at is None) for p in database.session.scalars(select(Progress))}
        assert before == after


def test_saving_an_answer_costs_at_most_five_statements(ann, queries):
    answer(ann, "q-000001", "a")
    with queries() as seen:
        answer(ann, "q-000001", "b", seq=2)
    assert len(seen) <= 5, seen


def test_a_lesson_page_costs_at_most_six_statements(ann, queries):
    ann.get("/learn/tiny/l-000001")
    with queries() as seen:
        assert ann.get("/learn/tiny/l-000001").status_code == 200
    assert len(seen) <= 6, seen


def test_a_file_of_another_kind_is_refused_at_its_place_and_the_text_is_kept(app, people, ann):
    import io

    wrong = ann.post("/learn/tiny/l-000004/hand-in?lang=en", data={
        "q-000021": "My long plan.", "q-000022": (io.BytesIO(b"<svg onload=x>"), "plan.pdf"), "hand_in": "1"})
    assert wrong.status_code == 422
    assert "This kind of file cannot be taken" in wrong.text
    assert "My long plan." in wrong.text
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Answer)) == 0


def test_a_file_is_handed_in_and_only_its_owner_gets_it(app, people, ann):
    import io

    sent = ann.post("/learn/tiny/l-000004/hand-in", data={
        "q-000021": "My plan.", "q-000022": (io.BytesIO(b"%PDF-1.4 plan"), "計画.pdf"), "hand_in": "1"})
    assert sent.status_code == 302
    with app.app_context():
        token = database.session.scalars(select(Answer.payload).where(Answer.question_id == "q-000022")).one()["token"]
    own = ann.get(f"/learn/files/{token}")
    assert own.data == b"%PDF-1.4 plan"
    assert own.headers["Content-Disposition"].startswith("attachment")
    assert people.ben.get(f"/learn/files/{token}").status_code == 404
    assert people.cho.get(f"/learn/files/{token}").status_code == 404
    assert people.stranger.get(f"/learn/files/{token}").status_code in {302, 303, 401}


def test_text_where_a_file_belongs_is_not_taken(app, ann):
    answer = ann.post("/learn/tiny/l-000004/hand-in", data={"q-000021": "   ", "q-000022": "not a file", "hand_in": "1"})
    assert answer.status_code == 422
    assert ann.post("/learn/tiny/l-000004/hand-in", data={"q-000021": "My plan.", "q-000022": "not a file", "hand_in": "1"}).status_code == 302
    with app.app_context():
        assert [row.question_id for row in database.session.scalars(select(Answer))] == ["q-000021"]


def test_the_way_back_holds_a_screen_and_nothing_else(ann):
    for screen, place in (("2", "screen=2"), ("end", "screen=end"), ("x" * 70000, "screen=1"), ("", "screen=1"), ("-3", "screen=1")):
        answer = ann.post("/learn/tiny/l-000001/answer", data={"question": "q-000001", "number": "0", "q-000001": "a", "screen": screen})
        assert place in answer.location
