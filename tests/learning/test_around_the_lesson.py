"""Around the lesson: own notes and bookmarks, questions and answers, wordings that should be accepted, plans, printed units, transcripts."""
import re

import pytest
from sqlalchemy import func, select

from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning.models import Bookmark, LessonNote, LessonPost, PostReport, StudyPlan, WordingRequest

JSON = {"Accept": "application/json"}
LESSON, QUIZ = "/learn/tiny/l-000001", "/learn/tiny/l-000003"


@pytest.fixture
def ben(people, tiny):
    """Ben, enrolled in the tiny course, too."""
    people.ben.post(f"/learn/{tiny}/enrol")
    return people.ben


def number(model, *where):
    return database.session.scalar(select(func.count()).select_from(model).where(*where))


def notices(person_id, kind):
    return database.session.scalars(select(Notice).where(Notice.person_id == person_id, Notice.kind == kind)).all()


# -- notes and bookmarks -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("place", [LESSON, QUIZ, "/learn/tiny/l-000004"])
def test_a_note_is_kept_at_each_kind_of_item_without_a_script(ann, place):
    answer = ann.post(f"{place}/note", data={"text": "敬語！ <b>remember</b>\r\n２行目", "screen": "2"})
    assert answer.location == f"{place}?screen=2#notes"
    assert "敬語！ &lt;b&gt;remember&lt;/b&gt;\n２行目</textarea>" in ann.get(place).text          # nothing folded, nothing run


def test_an_older_save_of_a_note_changes_nothing(app, people, ann):
    assert "JST" in ann.post(f"{LESSON}/note", data={"text": "newer", "seq": "5"}, headers=JSON).json["saved_at"]
    assert ann.post(f"{LESSON}/note", data={"text": "older", "seq": "4"}, headers=JSON).json["stale"] is True
    assert 'data-seq="5"' in ann.get(LESSON).text
    ann.post(f"{LESSON}/note", data={"text": "by hand"})
    with app.app_context():
        assert database.session.execute(select(LessonNote.text, LessonNote.seq)).all() == [("by hand", 6)]


def test_a_note_that_is_too_long_comes_back_as_typed(app, ann):
    ann.post(f"{QUIZ}/note", data={"text": "kept"})
    for place in (LESSON, QUIZ, "/learn/tiny/l-000004"):
        answer = ann.post(f"{place}/note?lang=en", data={"text": "x" * 20_001, "screen": "2"})
        assert answer.status_code == 422
        assert "20000 characters" in answer.text
        assert "x" * 20_001 in answer.text
    assert ann.post(f"{LESSON}/note", data={"text": "x" * 20_001}, headers=JSON).status_code == 422
    assert ann.post(f"{LESSON}/note", data={"text": "x" * 20_000}, headers=JSON).status_code == 200
    assert "kept" in ann.get(QUIZ).text


def test_a_bookmark_is_set_and_taken_away_however_often(app, ann):
    for _n in range(2):
        assert ann.post(f"{LESSON}/bookmark", data={"on": "1"}).location.endswith(f"{LESSON}#around")
    assert 'aria-pressed="true"' in ann.get(LESSON).text
    for _n in range(2):
        ann.post(f"{LESSON}/bookmark", data={"on": "0"})
    with app.app_context():
        assert number(Bookmark) == 0


def test_notes_and_bookmarks_are_listed_searched_and_taken_along(ann):
    assert "No notes yet" in ann.get("/learn/notes?lang=en").text
    ann.post("/learn/tiny/l-000003/note", data={"text": "ｶﾀｶﾅ and Honorifics"})
    ann.post("/learn/tiny/l-000002/bookmark", data={"on": "1"})
    ann.post(f"{LESSON}/note", data={"text": ""})                    # an empty note is none
    page = ann.get("/learn/notes").text
    assert page.index("20-second en") < page.index("20-second.quiz en")
    assert "10-first" not in page
    assert "Honorifics" in ann.get("/learn/notes?q=カタカナ+HONOR").text
    assert "Nothing found" in ann.get("/learn/notes?q=zzz").text
    file = ann.get("/learn/notes.md")
    assert file.mimetype == "text/markdown"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "## Tiny course\n" in file.text
    assert "### ★ 20-second en\n" in file.text
    assert "ｶﾀｶﾅ and Honorifics" in file.text


def test_notes_are_nobody_elses(app, people, ann, ben):
    ann.post(f"{LESSON}/note", data={"text": "my secret words"})
    ann.post(f"{LESSON}/bookmark", data={"on": "1"})
    for who in (ben, people.cho, people.dai, people.fumi, people.iko):
        assert "my secret words" not in who.get(LESSON).text
        assert "my secret words" not in who.get("/learn/notes").text
        assert "my secret words" not in who.get("/learn/notes.md").text
        assert 'aria-pressed="true"' not in who.get(LESSON).text
    assert ann.post("/learn/tiny/l-999999/note", data={"text": "x"}).status_code == 404
    assert people.stranger.get("/learn/notes").status_code in {303, 401}


# -- questions and answers ---------------------------------------------------------------------------------------------------------

def ask(client, title="When いらっしゃいます？", text="**When** is it used?\n\n<script>x</script>", place=LESSON):
    return client.post(f"{place}/questions", data={"title": title, "text": text})


def reply(client, question, text="To a guest."):
    return client.post(question, data={"text": text})


def post_of(answer):
    """Return the id of what was just written."""
    return int(re.search(r"#p(\d+)$", answer.location)[1])


def test_ann_asks_ben_answers_and_she_marks_it(app, people, ann, ben):
    question = ask(ann).location
    page = ben.get(question).text
    assert "<strong>When</strong> is it used?" in page
    assert "<script>x" not in page
    answer = reply(ben, question)
    with app.app_context():
        told = notices(people.ann_id, "learning.answered")
        assert [n.params["title"] for n in told] == ["When いらっしゃいます?"]
    assert "To a guest." in ann.get(question).text
    assert ben.post(f"/learn/posts/{post_of(answer)}/accept", data={"on": "1"}).status_code == 404      # only who asked
    for _n in range(2):
        ann.post(f"/learn/posts/{post_of(answer)}/accept", data={"on": "1"})
    assert "This answer solved the question" in ben.get(question).text
    assert "solved" in ben.get("/learn/tiny/questions").text
    ann.post(f"/learn/posts/{post_of(answer)}/accept", data={"on": "0"})
    assert "This answer solved the question" not in ben.get(question).text
    assert "Questions and answers (1)" in re.sub(r"\s+", " ", ben.get(LESSON).text)


def test_staff_answers_carry_a_badge_and_staff_may_mark(people, ann, ben):
    question = ask(ann).location
    mine = post_of(reply(ben, question, '<span class="tag tag-info">Course team</span> ![x](https://evil.example/x.png)'))
    page = ben.get(question).text
    assert "Course team</span>" not in page                    # nobody looks like staff by writing so
    assert "evil.example" not in page
    reply(people.fumi, question, "Officially so.")
    assert "Course team</span>" in ben.get(question).text
    assert people.fumi.post(f"/learn/posts/{mine}/accept", data={"on": "1"}).status_code == 303


def test_who_sees_what_says_so(ann):
    assert "What you ask and answer at lessons, with your name." in ann.get("/who-sees?lang=en", follow_redirects=True).text


def test_open_questions_come_first_and_pages_go_on(app, people, ann, ben, monkeypatch):
    from jetlms.learning.queries import posts

    monkeypatch.setattr(posts, "PAGE", 2)
    first = ask(ann, "One").location
    for title in ("Two", "Three"):
        ask(ann, title)
    ann.post(f"/learn/posts/{post_of(reply(ben, first))}/accept", data={"on": "1"})
    page = ben.get("/learn/tiny/questions").text
    assert page.index("Three") < page.index("Two")
    assert ">One<" not in page
    following = re.search(r'href="(\?after=[^"]+)"', page)[1]
    assert ">One<" in ben.get(f"/learn/tiny/questions{following}").text
    assert ben.get("/learn/tiny/questions?after=x~y").status_code == 200


def test_questions_are_for_those_in_the_course(app, people, ann, tiny):
    question = ask(ann).location
    people.cho.post(f"/learn/{tiny}/enrol")                    # her supervisor takes the course herself
    for who in (people.cho, people.dai, people.eri, people.gil):
        for path in (question, f"{LESSON}/questions", "/learn/tiny/questions"):
            assert who.get(path).status_code in {403, 404}
        assert "/questions" not in who.get(LESSON).text
    for path in (question, f"{LESSON}/questions"):
        assert people.kai.get(path).status_code == 404         # not enrolled
        assert ask(people.kai).status_code == 404
    assert reply(people.kai, question).status_code == 404
    assert people.cho.get("/courses/questions").status_code == 403
    assert people.kai.get("/courses/questions").status_code == 403


@pytest.mark.parametrize(("title", "text"), [("", "x"), ("x", " "), ("x" * 151, "x"), ("x", "y" * 8001)])
def test_what_is_not_a_question_comes_back_as_typed(app, ann, title, text):
    answer = ask(ann, title, text)
    assert answer.status_code == 422
    assert title in answer.text
    assert text.strip() in answer.text
    with app.app_context():
        assert number(LessonPost) == 0


def test_one_changes_ones_own_for_half_an_hour(app, ann, ben, clock_at):
    question = ask(ann).location
    path = question.replace("questions", "posts") + "/edit"
    assert "is it used?" in ann.get(path).text
    assert ben.get(path).status_code == 404
    assert ann.post(path, data={"title": "Changed", "text": "Better."}).status_code == 303
    assert ann.post(path, data={"title": "", "text": "Better."}).status_code == 422
    page = ben.get(question).text
    assert "Changed" in page
    assert "changed" in page
    clock_at.shift(31 * 60)
    assert ann.get(path).status_code == 409
    assert ann.post(path, data={"title": "Late", "text": "Late."}).status_code == 409
    assert "Late" not in ben.get(question).text


def test_what_is_withdrawn_keeps_its_place_without_its_words(app, ann, ben):
    question = ask(ann).location
    answer = post_of(reply(ben, question, "Silly answer"))
    ann.post(f"/learn/posts/{answer}/accept", data={"on": "1"})
    assert ann.post(f"/learn/posts/{answer}/withdraw").status_code == 404
    assert ben.post(f"/learn/posts/{answer}/withdraw").status_code == 303
    assert ben.post(f"/learn/posts/{answer}/withdraw").status_code == 409
    page = ann.get(question).text
    assert "Silly answer" not in page
    assert "Withdrawn by its writer." in page
    assert ">not solved yet<" in ann.get("/learn/tiny/questions").text   # what is gone solves nothing
    asked = int(question.rsplit("/", 1)[1])
    ann.post(f"/learn/posts/{asked}/withdraw")
    assert "No questions yet" in ben.get("/learn/tiny/questions").text
    assert reply(ben, question, "Still?").status_code == 409
    assert "いらっしゃいます" not in ben.get(question).text


def test_what_is_reported_is_hidden_with_a_reason_or_stands(app, people, ann, ben):
    question = ask(ann).location
    answer = post_of(reply(ben, question, "Rude words"))
    assert ann.post(f"/learn/posts/{answer}/report", data={"reason": ""}).status_code == 422
    for _n in range(2):
        assert ann.post(f"/learn/posts/{answer}/report", data={"reason": "This hurts."}).status_code == 303
    assert ben.post(f"/learn/posts/{answer}/report", data={"reason": "x"}).status_code == 409          # his own
    assert ann.post(f"/learn/posts/{answer}/hide", data={"reason": "x"}).status_code in {403, 404}
    queue = people.fumi.get("/courses/questions/reported").text
    assert "This hurts." in queue
    assert "Rude words" in queue
    assert people.fumi.post(f"/learn/posts/{answer}/hide", data={"reason": ""}).status_code == 422
    assert people.fumi.post(f"/learn/posts/{answer}/hide", data={"reason": "Not kind."}).status_code == 303
    assert "Rude words" not in ann.get(question).text
    with app.app_context():
        assert notices(people.ben_id, "learning.post_hidden")[0].params["reason"] == "Not kind."
        assert number(PostReport, PostReport.settled_at.is_(None)) == 0
    people.fumi.post(f"/learn/posts/{answer}/show")
    assert "Rude words" in ann.get(question).text
    with app.app_context(), unit():
        database.session.query(PostReport).update({"settled_at": None})
    people.fumi.post(f"/learn/posts/{answer}/leave")
    assert "Rude words" not in people.fumi.get("/courses/questions/reported").text
    assert "Rude words" in ann.get(question).text


def test_authors_see_what_waits(people, ann, ben):
    question = ask(ann, "Still open").location
    assert "Still open" in people.fumi.get("/courses/questions").text
    ann.post(f"/learn/posts/{post_of(reply(ben, question))}/accept", data={"on": "1"})
    assert "Still open" not in people.fumi.get("/courses/questions").text


# -- mine should be accepted -------------------------------------------------------------------------------------------------------

def wrong(client, text="おります", question="q-000002", **more):
    """Answer wrongly; returns the address that the feedback offers."""
    client.post(f"{LESSON}/answer", data={"question": question, question: text, "number": "0", **more})
    return f"{LESSON}/wording?question={question}&number=0"


def test_a_wrong_typed_answer_may_be_sent_to_the_authors_once(app, people, ann, ben):
    place = wrong(ann)
    assert "/wording?question=q-000002" in ann.get(f"{LESSON}?screen=3").text
    feedback = ann.post(f"{LESSON}/answer", data={"question": "q-000002", "q-000002": "おります", "number": "0"}, headers=JSON).json["feedback"]
    assert "/wording?question=q-000002" in feedback
    assert "おります" in ann.get(place).text
    for _n in range(2):
        assert ann.post(place, data={"remark": "My school says so.", "question": "q-000002", "number": "0"}).status_code == 303
    wrong(ann, "オリマス。")                                     # the same answer in another coat
    assert "Sent" in ann.get(place).text
    ann.post(place, data={"question": "q-000002", "number": "0"})
    ben.post(wrong(ben), data={"question": "q-000002", "number": "0"})
    with app.app_context():
        assert number(WordingRequest) == 2
    page = people.fumi.get("/courses/wordings?lang=en").text
    assert "2 people" in page
    assert "My school says so." in page
    assert "いらっしゃいます" in page
    assert "おられます" in page
    assert page.count("いらっしゃいます | おられます") == 1          # the same in both languages, said once
    assert people.ann_id
    assert "Ann" not in page.split("<main")[1]


def decide(client, app, **data):
    with app.app_context():
        first = database.session.scalar(select(func.min(WordingRequest.id)))
    return client.post(f"/courses/wordings/{first}", data=data)


def test_authors_decide_once_for_everybody(app, people, ann, ben):
    for who in (ann, ben):
        who.post(wrong(who), data={"question": "q-000002", "number": "0"})
    missing = decide(people.fumi, app, refused="1", reason=" ")
    assert missing.status_code == 422
    assert 'role="alert"' in missing.text
    assert decide(people.fumi, app, refused="1", reason="Too humble here.").status_code == 303
    assert decide(people.fumi, app, taken="1").status_code == 409
    with app.app_context():
        for person in (people.ann_id, people.ben_id):
            assert notices(person, "learning.wording_refused")[0].params["reason"] == "Too humble here."
    assert "Too humble here." in ann.get(wrong(ann)).text
    people.kai.post("/learn/tiny/enrol")
    people.kai.post(wrong(people.kai), data={"question": "q-000002", "number": "0"})
    assert "Too humble here." in people.fumi.get("/courses/wordings").text       # what was decided before is said
    with app.app_context():
        last = database.session.scalar(select(func.max(WordingRequest.id)))
    assert people.iko.post(f"/courses/wordings/{last}", data={"taken": "1"}).status_code == 303
    with app.app_context():
        assert notices(people.kai_id, "learning.wording_taken")


def test_a_number_and_a_gap_of_a_test_may_be_sent_when_it_is_handed_in(app, people, ann):
    ann.post(f"{QUIZ}/attempts")
    answers = {"q-000013": "５０", "q-000015.0": "textbooks"}
    ann.post(f"{QUIZ}/attempts/1", data=answers)
    assert ann.get(f"{QUIZ}/wording?question=q-000013&number=1").status_code == 404
    ann.post(f"{QUIZ}/attempts/1", data={**answers, "hand_in": "1"})
    assert "wording?question=q-000013&amp;number=1" in ann.get(f"{QUIZ}/attempts/1").text
    for key in ("q-000013", "q-000015"):
        assert ann.post(f"{QUIZ}/wording", data={"question": key, "number": "1", "remark": "x" * 501}).status_code == 422
        assert ann.post(f"{QUIZ}/wording", data={"question": key, "number": "1"}).status_code == 303
    page = people.fumi.get("/courses/wordings").text
    assert "textbooks" in page
    assert "textbook | " not in page
    assert "45 ± 1" in page
    assert "tiny/01-module/20-second.quiz" in page


def test_only_wrong_typed_answers_of_ones_own_are_sent(app, people, ann, ben):
    wrong(ann)
    wrong(ann, "a", question="q-000001")
    for path in ("question=q-000001", "question=q-000099", "question=q-0000pr", ""):
        assert ann.get(f"{LESSON}/wording?{path}").status_code == 404
    assert ben.get(f"{LESSON}/wording?question=q-000002").status_code == 404
    assert ben.post(f"{LESSON}/wording", data={"question": "q-000002"}).status_code == 404
    wrong(ann, "いらっしゃいます")
    assert ann.post(f"{LESSON}/wording", data={"question": "q-000002"}).status_code == 404
    for who in (ann, people.cho, people.dai, people.gil):
        assert who.get("/courses/wordings").status_code == 403
        assert decide(who, app, taken="1").status_code in {403, 404}


# -- the plan ----------------------------------------------------------------------------------------------------------------------

def goal(client, *days, minutes="20", starts_at="", path="/learn/tiny/plan"):
    return client.post(path, data={"weekdays": list(days), "minutes": minutes, "starts_at": starts_at})


def test_a_goal_becomes_sessions_on_her_page_in_her_calendar_and_its_feed(app, ann):
    assert "28 min of required lessons are left" in ann.get("/learn/tiny/plan").text
    for _n in range(2):
        assert goal(ann, "0", "2", minutes="10", starts_at="7:30").status_code == 303
    page = ann.get("/learn/tiny/plan").text                    # today is Monday: 10 min, Wednesday: 10, Monday: 8
    assert "you are done on Mon 30 November 2026, in time for" in page
    assert "07:30" in page
    assert page.index("Mon 23 November 2026") < page.index("Wed 25 November 2026")
    assert "Wed 25 November 2026" in ann.get("/calendar").text
    token = re.search(r"/calendar/([^/<]+)\.ics", ann.post("/calendar").text)[1]
    feed = ann.get(f"/calendar/{token}.ics").text
    assert feed.count("SUMMARY:Learn: Tiny course (") == 3
    assert "DTSTART:20261124T223000Z" in feed                  # Wednesday 07:30 in Japan
    goal(ann, "6", minutes="60")
    feed = ann.get(f"/calendar/{token}.ics").text
    assert "DTSTART;VALUE=DATE:20261129" in feed
    for _n in range(2):
        assert ann.post("/learn/tiny/plan/drop").status_code == 303
    assert "SUMMARY:Learn" not in ann.get(f"/calendar/{token}.ics").text
    with app.app_context():
        assert number(StudyPlan) == 0


def test_a_goal_that_does_not_reach_the_day_says_so_and_what_would(app, people, ann):
    from datetime import date

    from jetlms.learning.models import Enrolment

    goal(ann, "0", minutes="5")
    with app.app_context(), unit():
        database.session.query(Enrolment).update({"due_on": date(2026, 12, 1)})
    page = ann.get("/learn/tiny/plan").text
    assert "That is after Tue 1 December 2026." in page
    assert "14 minutes on each of your days" in page           # two Mondays
    assert "Learning every day, 4 minutes would do." in page


@pytest.mark.parametrize(("days", "minutes", "at"), [((), "20", ""), (("7",), "20", ""), (("x",), "20", ""), (("1",), "4", ""), (("1",), "241", ""),
                                                     (("1",), "ten", ""), (("1",), "", ""), (("1",), "20", "25:00")])
def test_what_is_no_goal_comes_back_as_typed(app, people, ann, tiny, days, minutes, at):
    answer = goal(ann, *days, minutes=minutes, starts_at=at)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{minutes}"' in answer.text
    if days:
        assert goal(people.ben, *days, minutes=minutes, starts_at=at, path=f"/learn/{tiny}/enrol").status_code == 422
        assert "Enrol and start" in people.ben.get("/learn/tiny").text          # nothing was done
    with app.app_context():
        assert number(StudyPlan) == 0


def test_a_goal_is_chosen_while_enrolling(app, people, tiny):
    assert goal(people.ben, "1", path=f"/learn/{tiny}/enrol").location.endswith("/learn/tiny/plan")
    assert "Tue 24 November 2026" in people.ben.get("/learn/tiny/plan").text


def test_a_plan_is_hers_alone(people, ann, tiny):
    goal(ann, "0", "2")
    assert people.ben.get("/learn/tiny/plan").status_code == 404                # not enrolled
    assert goal(people.ben, "0").status_code == 404
    assert "My plan" not in people.cho.get(f"/monitor/people/{people.ann_id}").text
    people.ben.post(f"/learn/{tiny}/enrol")
    assert "Change my goal" not in people.ben.get("/learn/tiny/plan").text


# -- printed units -----------------------------------------------------------------------------------------------------------------

def test_a_unit_is_printed_with_its_questions_and_without_answers(ann):
    wrong(ann)
    page = ann.get("/learn/tiny/modules/m-000001/print").text
    assert "<rt>にんようだんたい</rt>" in page
    assert "Which?" in page
    assert "Your plan?" in page
    assert "A quiz of 5 questions" in page
    for secret in ("いらっしゃいます", "because", "General explanation", "A model.", "おります", "checked", "<input"):
        assert secret not in page.split("<main")[1].split("</main")[0]
    assert "/learn/tiny/modules/m-000001/print" in ann.get("/learn/tiny").text
    assert ann.get("/learn/tiny/modules/m-999999/print").status_code == 404


# -- what is said ------------------------------------------------------------------------------------------------------------------

VTT = """WEBVTT

NOTE nobody hears this

intro
00:00:01.000 --> 00:00:03.000
<v Ann>Good morning, everybody.

00:01:07.000 --> 00:01:09.000
The evacuation centre &amp; the school.
"""


@pytest.fixture
def heard(app, folder, tiny):
    """Put two sounds into the second lesson; the second has captions in Japanese, too."""
    from jetlms.learning import publishing

    assets = folder / "assets"
    assets.mkdir(exist_ok=True)
    for name in ("one", "two"):
        (assets / f"{name}.mp3").write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 50)
        for lang in ("en", "ja"):
            (assets / f"{name}.{lang}.vtt").write_text(VTT if lang == "en" else VTT.replace("Good morning, everybody", "避難所はこちらです"), "utf-8")
    sounds = '\n::audio assets/one.mp3 title="Greeting"\n\n---\n\n::audio assets/two.mp3 title="Again"\n'
    for lang in ("en", "ja"):
        path = folder / "01-module" / f"20-second.{lang}.md"
        path.write_text(path.read_text("utf-8") + sounds, "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)


def test_what_is_said_is_found_and_leads_to_the_second(people, ann, heard):
    page = ann.get("/search?q=evacuation+centre&lang=en").text
    assert "/learn/tiny/l-000002?screen=1#t=67" in page
    assert "/learn/tiny/l-000002?screen=2#t=67&amp;m=2" in page
    assert "Said in a sound or film" in page
    assert "/learn/tiny/l-000002?screen=1#t=1" in ann.get("/search?q=避難所&lang=ja").text
    assert "nobody hears" not in ann.get("/search?q=nobody&lang=en").text.split("<main")[1].replace('value="nobody"', "")
    lesson = ann.get("/learn/tiny/l-000002?screen=1&lang=en").text
    assert 'id="t=67"' in lesson
    assert 'id="m2-t=67"' in lesson
    assert "Good morning, everybody." in lesson
    assert "&lt;v" not in lesson
    assert "js/seek" in lesson


def test_a_printed_unit_has_the_words_instead_of_the_sound(ann, heard):
    page = ann.get("/learn/tiny/modules/m-000001/print").text
    assert "The evacuation centre &amp; the school." in page
    assert "<video" not in page


def test_pages_ask_little(ann, ben, people, queries):
    question = ask(ann).location
    reply(ben, question)
    goal(ann, "0", "2")
    ann.post(wrong(ann), data={"question": "q-000002", "number": "0"})
    for client, path, most in ((ann, LESSON, 6), (ann, question, 5), (ann, "/learn/tiny/questions", 5), (ann, "/learn/notes", 4),
                               (ann, "/learn/tiny/plan", 6), (ann, "/calendar", 7), (people.fumi, "/courses/wordings", 5),
                               (people.fumi, "/courses/questions", 4), (ann, "/learn/tiny/modules/m-000001/print", 4)):
        client.get(path)
        with queries() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= most, (path, seen)
    with queries() as seen:
        ann.post(f"{LESSON}/note", data={"text": "x", "seq": "3"}, headers=JSON)
    assert len(seen) <= 4, seen
