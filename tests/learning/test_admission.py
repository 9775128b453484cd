"""Admission: an application by way of the organisation, a level check, places by result and by lot that anybody can draw again."""
import hashlib
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from acting import person_id
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from courses import add_admission
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning import publishing, selection, service
from jetlms.learning.models import AdmissionRound, Application, Draw, Enrolment
from jetlms.learning.selection import Entry

MOTIVE = "I translate letters between our city and its sister city every week, and I want to do it well. " * 3
FACTS = {"jlpt": "", "years": "4", "motive": MOTIVE, "microphone": "y", "consent": "y"}
BASE = datetime(2027, 4, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo"))          # a Thursday
ROUND = {"name_ja": "令和9年度春期", "name_en": "Spring 2027", "opens_on": "2027-04-01", "closes_on": "2027-04-20", "approve_by": "2027-04-25",
         "check_from": "2027-04-21", "check_until": "2027-05-05", "starts_on": "2027-05-20", "places": "1", "lottery_places": "0", "least": "50",
         "schooling_places": "1", "schooling_lottery": "0"}

ENTRIES = st.lists(st.tuples(st.integers(0, 10**6), st.none() | st.integers(0, 100)), max_size=40, unique_by=lambda pair: pair[0]).map(
    lambda pairs: [Entry(f"A-{number:07}", score) for number, score in pairs])


# -- the selection: pure -----------------------------------------------------------------------------------------------------------

@settings(deadline=None)
@given(ENTRIES, st.integers(0, 20), st.integers(0, 20), st.integers(0, 100), st.text(max_size=10), st.randoms(use_true_random=False))
def test_a_selection_is_fair_and_the_same_again(entries, places, lottery, least, seed, chance):
    first = selection.select(entries, places=places, lottery=lottery, least=least, seed=seed)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert selection.select(shuffled, places=places, lottery=lottery, least=least, seed=seed) == first
    assert sorted(one.number for one in first) == sorted(entry.number for entry in entries)
    score = {entry.number: entry.score for entry in entries}
    by = {how: [one.number for one in first if one.how == how] for how in ("result", "lot", "waiting", "out")}
    assert len(by["result"]) <= places
    assert len(by["lot"]) <= lottery
    assert all(score[number] is not None and score[number] >= least for how in ("result", "lot", "waiting") for number in by[how])
    assert all(score[number] is None or score[number] < least for number in by["out"])
    for number in by["result"]:
        assert all(score[number] >= score[other] for other in by["lot"] + by["waiting"])
    if by["waiting"]:
        assert len(by["result"]) == places
        assert len(by["lot"]) == lottery


def test_a_lot_can_be_worked_out_by_hand():
    assert selection.lot("5eed", "A-1") == hashlib.sha256(b"5eed:A-1").hexdigest()
    assert selection.commitment("5eed") == hashlib.sha256(b"5eed").hexdigest()
    drawn = selection.select([Entry("A-1", 50), Entry("A-2", 50), Entry("A-3", 50)], places=0, lottery=3, least=0, seed="5eed")
    assert [one.number for one in drawn] == sorted(("A-1", "A-2", "A-3"), key=lambda n: hashlib.sha256(f"5eed:{n}".encode()).hexdigest())


# -- with people -------------------------------------------------------------------------------------------------------------------

@pytest.fixture
def at(people, clock_at):
    """Say what time it is: at(days=3, minutes=1) after the first of April, noon in Japan. Everybody signs in anew."""
    def go(**after):
        clock_at.move_to(BASE + timedelta(**after))
        people._clients.clear()
    return go


@pytest.fixture
def round_id(app, folder, people, at):
    """A round of the tiny course, made by the desk, open."""
    add_admission(folder)
    at()
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    answer = people.fumi.post("/courses/tiny/rounds/new", data=ROUND)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        return database.session.scalar(select(AdmissionRound.id))


def number_of(app, name):
    with app.app_context():
        return database.session.scalar(select(Application.number).where(Application.person_id == person_id(app, name)))


def mine(app, name):
    with app.app_context():
        return database.session.scalars(select(Application).where(Application.person_id == person_id(app, name))).one()


def send(client, **facts):
    return client.post("/learn/tiny/apply", data=FACTS | {"send": "1"} | facts)


def approved(app, people, *names, **facts):
    for name in names:
        assert send(getattr(people, name), **facts).status_code == 302
        answer = people.cho.post(f"/applications/{number_of(app, name)}/decide", data={"approver": "Cho", "travel": "y", "approve": "1"})
        assert answer.status_code == 303, answer.text


def take_check(app, client, name, right=10):
    number = number_of(app, name)
    assert client.post(f"/applications/{number}/check").status_code == 302
    for n in range(1, 11):
        question = re.search(r'name="(q-7[0-9]{4}z)"', client.get(f"/applications/{number}/check").text)[1]
        assert client.post(f"/applications/{number}/check/answer", data={"number": n, question: "a" if n <= right else "b"}).status_code == 302


def told(app, name):
    with app.app_context():
        return set(database.session.scalars(select(Notice.kind).where(Notice.person_id == person_id(app, name))))


def test_from_application_to_enrolment(app, people, round_id, at):
    assert "enters" not in people.ann.get("/learn/tiny").text
    assert people.ann.post("/learn/tiny/enrol").status_code == 409            # by application only
    assert people.ann.post("/learn/tiny/apply", data={"motive": "not yet", "save": "1"}).status_code == 302
    assert mine(app, "ann").state == "draft"
    assert number_of(app, "ann") not in people.cho.get("/applications").text
    approved(app, people, "ann", "kai", schooling="y")
    assert {"learning.application_sent", "learning.application_approved"} <= told(app, "ann")
    assert "learning.application_waits" in told(app, "cho")
    at(days=21)
    take_check(app, people.ann, "ann", right=9)
    take_check(app, people.kai, "kai", right=6)
    assert (mine(app, "ann").score, mine(app, "kai").score) == (90, 60)
    early = people.fumi.post(f"/rounds/{round_id}/draw")
    assert early.status_code == 409
    commitment = re.search(r"<code class=\"wrap\">([0-9a-f]{64})</code>", people.ann.get(f"/rounds/{round_id}/draws").text)[1]
    at(days=35)
    assert people.fumi.post(f"/rounds/{round_id}/draw").status_code == 302
    assert people.fumi.post(f"/rounds/{round_id}/draw").status_code == 302          # a second click
    assert (mine(app, "ann").state, mine(app, "kai").state, mine(app, "ann").seat) == ("admitted", "waitlisted", True)
    assert (mine(app, "ann").chosen_by, mine(app, "kai").chosen_by) == ("result", "")
    page = people.kai.get(f"/rounds/{round_id}/draws").text
    with app.app_context():
        seed = database.session.scalar(select(Draw.seed).where(Draw.kind == "course"))
    assert seed in page
    assert hashlib.sha256(seed.encode()).hexdigest() == commitment
    assert "the same seed, the same order, the same outcome" in page
    assert "Malley" not in page
    assert people.ann.post(f"/applications/{number_of(app, 'ann')}/withdraw").status_code == 302
    assert (mine(app, "kai").state, mine(app, "kai").chosen_by) == ("admitted", "waiting")             # moved up
    assert people.fumi.post(f"/rounds/{round_id}/enrol").status_code == 302
    assert mine(app, "kai").state == "active"
    with app.app_context():
        assert database.session.scalars(select(Enrolment.person_id)).all() == [person_id(app, "kai")]
    book = people.fumi.get(f"/rounds/{round_id}.xlsx")
    assert book.data[:2] == b"PK"


def test_the_seed_is_nowhere_before_the_draw(app, people, round_id):
    with app.app_context():
        seeds = database.session.scalars(select(Draw.seed)).all()
    shown, desk = f"/rounds/{round_id}/draws", f"/rounds/{round_id}"
    for client, address in ((people.ann, shown), (people.fumi, desk), (people.fumi, shown)):
        page = client.get(address)
        assert page.status_code == 200
        assert not [seed for seed in seeds if seed in page.text]


@pytest.mark.parametrize(("change", "said"), [
    ({"motive": "too short"}, "200 to 800 characters are asked for; this text has 9."),
    ({"motive": "x" * 801}, "this text has 801"),
    ({"jlpt": "N2"}, "Please add the result notice or certificate of N2."),
    ({"years": ""}, "Please give a number."), ({"years": "99"}, "Please write 0 to 60."),
    ({"microphone": ""}, "please try your microphone"), ({"consent": ""}, "Without this nobody may read"), ({"jlpt": "N9"}, "Not a valid choice")])
def test_what_is_missing_is_said_at_its_place(app, people, round_id, change, said):
    sent = {name: value for name, value in (FACTS | change).items() if value or name in ("jlpt", "years")}
    answer = people.ann.post("/learn/tiny/apply", data=sent | {"send": "1"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert said in answer.text
    assert sent["motive"].strip()[:50] in answer.text
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_level_takes_its_evidence_and_only_clair_opens_it(app, people, round_id):
    wrong = people.ann.post("/learn/tiny/apply", data=FACTS | {"jlpt": "N2", "send": "1", "evidence": (io.BytesIO(b"MZ..."), "virus.exe")})
    assert wrong.status_code == 422
    good = people.ann.post("/learn/tiny/apply", data=FACTS | {"jlpt": "N2", "send": "1", "evidence": (io.BytesIO(b"%PDF-1.7 x"), "n2.pdf")})
    assert good.status_code == 302
    number = number_of(app, "ann")
    assert people.fumi.get(f"/applications/{number}/evidence").data == b"%PDF-1.7 x"
    for client in (people.cho, people.kai, people.dai):
        assert client.get(f"/applications/{number}/evidence").status_code in (403, 404)
    decide = people.cho.get(f"/applications/{number}/decide").text
    assert "N2" in decide
    assert MOTIVE[:40] not in decide
    assert MOTIVE[:40] in people.fumi.get(f"/applications/{number}/full").text


def test_one_a_person_and_late_by_a_minute(app, people, round_id, at):
    assert send(people.ann).status_code == 302
    twice = send(people.ann)
    assert twice.status_code == 409
    assert "has been sent and can no longer be changed" in twice.text
    at(days=19, hours=11, minutes=59, seconds=30)                     # 20 April 23:59:30
    assert people.kai.post("/learn/tiny/apply", data=FACTS | {"save": "1"}).status_code == 302
    at(days=19, hours=12, minutes=1)
    late = send(people.kai)
    assert late.status_code == 409
    assert "Applications closed on" in late.text
    assert "JST" in late.text
    assert MOTIVE.strip()[:40] in late.text
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Application)) == 2


def test_an_application_is_not_sent_to_nobody(app, people, round_id):
    """Ben's office has no supervisor here: it would wait for nobody and be declined in the end."""
    alone = send(people.ben)
    assert alone.status_code == 409
    assert "Nobody of your organisation can decide here yet" in alone.text
    assert MOTIVE.strip()[:40] in alone.text
    assert people.ben.post("/learn/tiny/apply", data=FACTS | {"save": "1"}).status_code == 302
    assert mine(app, "ben").state == "draft"


def test_the_organisation_refuses_with_a_reason_and_only_once(app, people, round_id):
    send(people.ann)
    number = number_of(app, "ann")
    for client in (people.kai, people.dai, people.eri):
        assert client.get(f"/applications/{number}/decide").status_code in (403, 404)
        assert client.post(f"/applications/{number}/decide", data={"approver": "x", "approve": "1"}).status_code in (403, 404)
    without = people.cho.post(f"/applications/{number}/decide", data={"approver": "Cho", "refuse": "1"})
    assert without.status_code == 422
    assert people.cho.post(f"/applications/{number}/decide", data={"approver": "Cho", "refuse": "1", "reason": "Festival week"}).status_code == 303
    assert "Festival week" in people.ann.get("/learn/tiny/apply").text
    assert people.cho.post(f"/applications/{number}/decide", data={"approver": "Cho", "approve": "1"}).status_code == 409
    assert mine(app, "ann").state == "refused"


def test_who_wishes_the_schooling_needs_the_cost_of_the_journey(app, people, round_id):
    send(people.ann, schooling="y")
    number = number_of(app, "ann")
    answer = people.cho.post(f"/applications/{number}/decide?lang=en", data={"approver": "Cho Sato, head of section", "approve": "1"})
    assert answer.status_code == 422
    assert 'href="#travel"' in answer.text
    assert "Cho Sato, head of section" in answer.text
    assert mine(app, "ann").state == "submitted"


def test_organisations_are_reminded_and_then_it_is_declined(app, people, round_id, at):
    send(people.ann)
    number = number_of(app, "ann")
    for day in (16, 17, 18, 21, 23):                                  # 17, 18, 19, 22, 24 April: seven, three, one day before the 25th
        at(days=day)
        for _again in range(2):
            with app.app_context(), unit():
                service.watch_applications()
    with app.app_context():
        count = select(func.count()).select_from(Notice)
        assert database.session.scalar(count.where(Notice.kind == "learning.application_reminder")) == 3
        assert database.session.scalar(count.where(Notice.kind == "learning.application_undecided")) == 3
    at(days=25)
    late = people.cho.post(f"/applications/{number}/decide", data={"approver": "Cho", "approve": "1"})
    assert late.status_code == 409
    with app.app_context(), unit():
        service.watch_applications()
    assert mine(app, "ann").state == "declined"
    assert "did not decide in time" in people.ann.get("/learn/tiny/apply?lang=en").text
    japanese = people.ann.get("/learn/tiny/apply?lang=ja").text
    assert "任用団体の判断がありませんでした" in japanese
    assert "did not decide" not in japanese                           # why is said in the reader's language, not in both


def test_the_level_check_is_timed_by_the_server(app, people, round_id, at):
    approved(app, people, "ann")
    number = number_of(app, "ann")
    soon = people.ann.post(f"/applications/{number}/check")
    assert soon.status_code == 409
    assert "opens on" in soon.text
    at(days=21)
    assert people.kai.post(f"/applications/{number}/check").status_code == 404
    people.ann.post(f"/applications/{number}/check")
    page = people.ann.get(f"/applications/{number}/check").text
    question = re.search(r'name="(q-7[0-9]{4}z)"', page)[1]
    assert people.ann.post(f"/applications/{number}/check/answer", data={"number": "1"}).status_code == 422
    people.ann.post(f"/applications/{number}/check/answer", data={"number": "1", question: "a"})
    people.ann.post(f"/applications/{number}/check/answer", data={"number": "1", question: "b"})     # a second click changes nothing
    at(days=21, minutes=19)
    people.ann.post(f"/applications/{number}/check")                  # begun again: it goes on
    assert len(mine(app, "ann").answers) == 1
    at(days=21, minutes=22)
    assert people.ann.get(f"/applications/{number}/check").status_code == 302
    people.ann.post(f"/applications/{number}/check/answer", data={"number": "2", "unknown": "1"})
    assert (mine(app, "ann").state, mine(app, "ann").score) == ("checked", 10)
    assert people.ann.post(f"/applications/{number}/check").status_code == 409


def test_the_clock_ends_what_nobody_ended(app, people, round_id, at):
    approved(app, people, "ann", "kai")
    at(days=21)
    people.ann.post(f"/applications/{number_of(app, 'ann')}/check")
    at(days=22)
    with app.app_context(), unit():
        service.settle_checks()
        service.settle_checks()
    assert (mine(app, "ann").state, mine(app, "ann").score) == ("checked", 0)
    at(days=40)
    people.fumi.post(f"/rounds/{round_id}/draw")
    assert mine(app, "ann").state == "declined"
    assert "below what this round asks for" in people.ann.get("/learn/tiny/apply").text
    assert "did not take the level check" in people.kai.get("/learn/tiny/apply").text


@pytest.mark.parametrize(("begun", "pressed"), [({"minutes": 710}, {"hours": 12, "seconds": 30}), ({"minutes": 700}, {"hours": 12, "seconds": 10})])
def test_no_place_is_given_while_somebody_takes_the_level_check(app, people, round_id, at, begun, pressed):
    approved(app, people, "ann")
    number = number_of(app, "ann")
    at(days=34, **begun)                                              # 5 May 23:50, and 23:40: an answer may be on its way at 24:00
    people.ann.post(f"/applications/{number}/check")
    at(days=34, **pressed)
    early = people.fumi.post(f"/rounds/{round_id}/draw")
    assert early.status_code == 409
    assert mine(app, "ann").state == "approved"
    at(days=34, hours=13)
    assert people.fumi.post(f"/rounds/{round_id}/draw").status_code == 302
    assert mine(app, "ann").score == 0                                # taken, and below the line; never "not taken"
    assert "below what this round asks for" in people.ann.get("/learn/tiny/apply").text


def test_the_next_round_does_not_hide_an_application_under_way(app, people, round_id, at):
    approved(app, people, "ann")
    at(days=21)
    year = {name: value.replace("2027-0", "2028-0") for name, value in ROUND.items()} | {"name_en": "Spring 2028"}
    assert people.fumi.post("/courses/tiny/rounds/new", data=year).status_code == 303
    number = number_of(app, "ann")
    page = people.ann.get("/learn/tiny/apply").text
    assert f"/applications/{number}/check" in page
    assert "Spring 2028" in page
    with app.app_context():
        following = database.session.scalar(select(func.max(AdmissionRound.id)))
    other = people.ann.get(f"/learn/tiny/apply?round={following}").text
    assert number not in other
    assert "Applications open on" in other
    assert people.ann.get("/learn/tiny/apply?round=999").status_code == 404
    late = people.kai.post("/learn/tiny/apply", data=FACTS | {"send": "1", "round": str(round_id)})      # typed before, sent after
    assert late.status_code == 409
    assert "Applications closed on" in late.text


def test_what_decides_is_fixed_once_the_level_check_has_begun(app, people, round_id, at):
    approved(app, people, "ann")
    at(days=21)
    people.ann.post(f"/applications/{number_of(app, 'ann')}/check")
    for change in ({"least": "70"}, {"places": "2"}, {"lottery_places": "1"}, {"schooling_places": "2"}):
        assert people.fumi.post(f"/rounds/{round_id}/change", data=ROUND | change).status_code == 409
    assert people.fumi.post(f"/rounds/{round_id}/change", data=ROUND | {"check_until": "2027-05-08"}).status_code == 303


@pytest.mark.parametrize("places", ["1", "2"])                        # Kai moves up to the place, or has one already
def test_a_seat_that_becomes_free_goes_to_the_next(app, people, round_id, at, places):
    approved(app, people, "ann", "kai", schooling="y")
    people.fumi.post(f"/rounds/{round_id}/change", data=ROUND | {"places": places})
    at(days=21)
    take_check(app, people.ann, "ann", right=9)
    take_check(app, people.kai, "kai", right=6)
    at(days=35)
    people.fumi.post(f"/rounds/{round_id}/draw")
    assert mine(app, "ann").seat is True
    assert not mine(app, "kai").seat
    for _twice in range(2):
        people.ann.post(f"/applications/{number_of(app, 'ann')}/withdraw")
    assert mine(app, "ann").seat is None
    assert (mine(app, "kai").state, mine(app, "kai").seat) == ("admitted", True)
    assert "learning.seat_given" in told(app, "kai")


def test_the_number_on_the_waiting_list_is_of_those_who_still_wait(app, people, round_id, at):
    approved(app, people, "ann", "kai")
    people.fumi.post(f"/rounds/{round_id}/change", data=ROUND | {"places": "0"})
    at(days=21)
    take_check(app, people.ann, "ann", right=9)
    take_check(app, people.kai, "kai", right=6)
    at(days=35)
    people.fumi.post(f"/rounds/{round_id}/draw")
    assert "You are number 2 on the waiting list" in people.kai.get("/learn/tiny/apply?lang=en").text
    people.ann.post(f"/applications/{number_of(app, 'ann')}/withdraw")
    assert "You are number 1 on the waiting list" in people.kai.get("/learn/tiny/apply?lang=en").text


@pytest.mark.parametrize(("change", "said"), [
    ({"closes_on": "2027-03-01"}, "This is before"), ({"approve_by": "2027-04-02"}, "This is before"),
    ({"check_until": "2027-04-22"}, "This is before"), ({"places": "-1"}, "Number must be between"), ({"name_en": " "}, "Please fill this in")])
def test_a_round_that_cannot_be(people, round_id, change, said):
    answer = people.fumi.post("/courses/tiny/rounds/new?lang=en", data=ROUND | change)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_drawn_round_stays_as_it_is(people, round_id, at):
    assert people.fumi.post(f"/rounds/{round_id}/change", data=ROUND | {"places": "5"}).status_code == 303
    at(days=40)
    people.fumi.post(f"/rounds/{round_id}/draw")
    assert people.fumi.post(f"/rounds/{round_id}/change", data=ROUND).status_code == 409


def test_who_may_what(people, round_id):
    for client in (people.kai, people.cho, people.dai, people.gil):
        assert client.get(f"/rounds/{round_id}").status_code in (403, 404)
        assert client.get("/courses/tiny/rounds").status_code in (403, 404)
        assert client.post(f"/rounds/{round_id}/draw").status_code in (403, 404)
    assert people.kai.get("/applications").status_code == 403
    assert people.cho.get("/applications").status_code == 200
    assert people.hana.post("/learn/tiny/apply", data=FACTS | {"send": "1"}).status_code in (403, 409)      # an alumna has no organisation


def test_a_course_without_a_level_check_has_no_rounds(people, tiny):
    assert people.fumi.post("/courses/tiny/rounds/new", data=ROUND).status_code == 409
    assert "has no level check" in people.fumi.get("/courses/tiny/rounds?lang=en").text
