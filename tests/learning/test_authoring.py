"""Authoring: a draft is written in the browser, checked, published and taken back; nobody's text and nobody's learning is lost."""
import re

import pytest
from sqlalchemy import func, select

from jetlms.core.audit import AuditEntry
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import publishing, sources
from jetlms.learning.models import Attempt, Course, Draft, DraftFile, Release, ReleaseSource

JSON = {"Accept": "application/json"}
TOP = "/author/tiny"
LESSON, QUIZ = "01-module/10-first.en.md", "01-module/20-second.quiz.en.md"


@pytest.fixture
def fumi(people, tiny):
    """Fumi, who is an author, with a draft of the tiny course."""
    assert people.fumi.post(f"{TOP}/draft").status_code == 303
    return people.fumi


def text_of(path=LESSON):
    return database.session.scalar(select(DraftFile.text).where(DraftFile.path == path))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def opened(client, path=LESSON):
    """Open a file in a window; returns what its form sends besides the text."""
    page = client.get(f"{TOP}/files/{path}?lang=en").text
    return {"base": hidden(page, "base"), "window": hidden(page, "window")}


def save(client, text, window, path=LESSON, **more):
    return client.post(f"{TOP}/files/{path}", data={"text": text, **window, **more}, headers=JSON)


def edit(client, old, new, path=LESSON):
    """Change a file as a person without a script does."""
    with client.application.app_context():
        text = text_of(path)
    assert old in text
    reply = client.post(f"{TOP}/files/{path}", data={"text": text.replace(old, new), **opened(client, path)})
    assert reply.status_code == 303, reply.text


def publish(client):
    """Look at the numbers, then publish."""
    page = client.get(f"{TOP}/publish?lang=en")
    assert page.status_code == 200, page.location
    return client.post(f"{TOP}/publish", data={"state": hidden(page.text, "state")})


# -- who -----------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["ann", "cho", "dai", "jun", "gil"])
def test_only_authors_see_drafts_and_releases(people, fumi, name):
    client = getattr(people, name)
    for path in (TOP, f"{TOP}/files/{LESSON}", f"{TOP}/check", f"{TOP}/publish", f"{TOP}/releases", f"{TOP}/releases/1", f"{TOP}/import",
                 f"{TOP}/analysis", f"{TOP}/regrading", f"{TOP}/difference", f"{TOP}/new"):
        assert client.get(path).status_code == 404, path
    assert client.get("/author").status_code == 403
    for path in (f"{TOP}/draft", f"{TOP}/files/{LESSON}", f"{TOP}/publish", f"{TOP}/ids", f"{TOP}/releases/1/rollback", f"{TOP}/regrading"):
        assert client.post(path, data={"reason": "x"}).status_code == 404, path


def test_a_draft_begins_with_the_files_of_the_release(app, people, fumi):
    page = fumi.get(f"{TOP}?lang=en").text
    assert "10-first en" in page
    assert "The draft is what learners see." in page
    assert people.iko.post(f"{TOP}/draft").status_code == 303     # beginning twice is one draft
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Draft)) == 1
        assert "Third screen." in text_of()
        assert database.session.scalar(select(func.count()).select_from(ReleaseSource)) == 1


def test_reading_writes_nothing_and_without_a_draft_pages_say_so(app, people, tiny):
    assert "There is no draft" in people.fumi.get(f"{TOP}?lang=en").text
    assert people.fumi.get(f"{TOP}/files/{LESSON}").status_code == 404
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Draft)) == 0


# -- the editor ----------------------------------------------------------------------------------------------------------------

def test_saving_shows_both_languages_and_what_is_wrong(app, fumi):
    page = fumi.get(f"{TOP}/files/{LESSON}?lang=en").text
    assert "<ruby>任用団体" in page
    assert 'data-view="ja"' in page
    assert "Right: right one" in page
    window = opened(fumi)
    with app.app_context():
        text = text_of().replace("- [x] right one", "- [ ] right one")
    reply = save(fumi, text, window, count="1").json
    assert reply["seq"] == 2
    assert "exactly one option must be right" in reply["findings"] or "正解は一つ" in reply["findings"]
    assert set(reply["views"]) == {"en", "ja"}
    with app.app_context():
        assert text_of() == text


def test_an_unfinished_question_does_not_break_the_preview(fumi):
    window = opened(fumi)
    for count, text in enumerate(["", "+++\n", '+++\nid = "l-000001"\ntitle = "T"\nminutes = 2\n+++\n::: question id=? type=\n:::\n',
                                  '+++\nid = "l-000001"\ntitle = "T"\nminutes = 2\n+++\n::: question id=? type=match\n- a -> b\n:::\n',
                                  '+++\nid = "l-000001"\ntitle = "T"\nminutes = 2\n+++\n::: question id=? type=number\n= x\n:::\n',
                                  '+++\nid = "l-000001"\ntitle = "T"\nminutes = 2\n+++\n::: question id=? type=choice\n\n- [x] \n:::\n'], 1):
        assert save(fumi, text, window, count=str(count)).status_code == 200


def test_somebody_else_s_text_is_never_overwritten_unseen(app, people, fumi):
    mine, theirs = opened(fumi), opened(people.iko)
    assert save(people.iko, "theirs", theirs, count="1").status_code == 200
    assert save(fumi, "mine", mine, count="1").status_code == 409
    page = fumi.post(f"{TOP}/files/{LESSON}?lang=en", data={"text": "mine", **mine})
    assert page.status_code == 409
    assert "Somebody else has changed this file" in page.text
    assert "<ins>mine</ins>" in page.text
    assert "<del>theirs</del>" in page.text
    assert "mine</textarea>" in page.text
    with app.app_context():
        assert text_of() == "theirs"
    again = {"base": hidden(page.text, "base"), "window": hidden(page.text, "window")}
    assert fumi.post(f"{TOP}/files/{LESSON}", data={"text": "both", **again}).status_code == 303
    assert save(people.iko, "theirs 2", theirs, count="2").status_code == 409         # now it is she who has not seen it
    with app.app_context():
        assert text_of() == "both"


def test_one_s_own_late_saves_change_nothing(app, fumi):
    window = opened(fumi)
    save(fumi, "newer", window, count="5")
    assert save(fumi, "older", window, count="4").status_code == 200
    assert save(fumi, "newer", window, count="5").json["seq"] == 2      # the same again
    with app.app_context():
        assert text_of() == "newer"


def test_a_text_that_is_too_long_stays_in_the_field(fumi):
    page = fumi.post(f"{TOP}/files/{LESSON}?lang=en", data={"text": "x" * 300_001, **opened(fumi)})
    assert page.status_code == 422
    assert "larger than" in page.text
    assert "xxx</textarea>" in page.text


def test_the_line_of_a_finding_is_shown_without_a_script(fumi):
    page = fumi.get(f"{TOP}/files/{LESSON}?line=21&lang=en").text
    assert "::: question id=q-000001" in page.split("</code>")[0]


def test_paths_lead_nowhere_else(fumi):
    for path in ("../../etc/passwd", "course.toml/x", "%2e%2e/x"):
        assert fumi.get(f"{TOP}/files/{path}").status_code == 404
        assert fumi.get(f"{TOP}/assets/{path}").status_code == 404


# -- items ---------------------------------------------------------------------------------------------------------------------

def new(client, **more):
    return client.post(f"{TOP}/new?lang=en", data={"kind": "lesson", "module": "01-module", "name": "40-more", "title_en": "More “x”",
                                                   "title_ja": "もっと", **more})


def test_a_new_lesson_has_its_ids_in_both_languages(app, fumi):
    assert new(fumi).location.endswith("/files/01-module/40-more.en.md")
    with app.app_context():
        english, japanese = text_of("01-module/40-more.en.md"), text_of("01-module/40-more.ja.md")
    ids = re.findall(r"[lq]-[0-9a-z]{6}", english)
    assert len(ids) == 2
    assert re.findall(r"[lq]-[0-9a-z]{6}", japanese) == ids
    assert new(fumi).status_code == 422
    assert "already" in new(fumi).text
    assert new(fumi, name="Ä").status_code == 422
    assert new(fumi, name="50-x", module="99-none").status_code == 422


def test_moving_keeps_the_ids_and_deleting_leaves_a_tombstone(app, fumi):
    place = f"{TOP}/items/01-module/20-second"
    assert fumi.post(place, data={"move": "1", "module": "01-module", "name": "70-renamed"}).status_code == 303
    assert fumi.post(place, data={"move": "1", "module": "01-module", "name": "70-renamed"}).status_code == 404
    with app.app_context():
        assert 'id = "l-000002"' in text_of("01-module/70-renamed.ja.md")
        assert text_of("01-module/20-second.quiz.en.md")                       # the quiz of the same name is an item of its own
    gone = f"{TOP}/items/01-module/70-renamed"
    assert fumi.post(gone, data={"delete": "1", "reason": ""}).status_code == 422
    assert fumi.post(gone, data={"delete": "1", "reason": 'said "no"'}).status_code == 303
    with app.app_context():
        assert text_of("01-module/70-renamed.en.md") is None
        assert text_of("moved.toml") == '[retired]\n"l-000002" = "said \\"no\\""\n'
    assert "gone" in fumi.get(f"{TOP}/publish?lang=en").text
    assert publish(fumi).status_code == 303


def test_open_ids_are_filled_in_from_the_check_page(app, fumi):
    for path in (LESSON, LESSON.replace(".en.", ".ja.")):
        edit(fumi, "Third screen.", "Third.\n\n::: question id=? type=number\n1?\n\n= 1\n:::", path)
    page = fumi.get(f"{TOP}/check?lang=en").text
    assert "still open" in page
    assert f"{LESSON}:" in page
    assert fumi.post(f"{TOP}/ids").status_code == 303
    with app.app_context():
        assert "id=?" not in text_of()
    assert "still open" not in fumi.get(f"{TOP}/check?lang=en").text


# -- publishing ----------------------------------------------------------------------------------------------------------------

def test_errors_keep_a_draft_from_being_published(app, fumi):
    edit(fumi, "- [x] right one", "- [ ] right one")
    page = fumi.get(f"{TOP}/check?lang=en").text
    assert "the draft from being published" in page
    assert re.search(rf'href="{TOP}/files/{LESSON}\?line=\d+"', page)
    assert "/tmp/" not in page
    assert fumi.get(f"{TOP}/publish").status_code == 302
    with app.app_context():
        from jetlms.learning import service

        state = service.state_of(database.session.scalars(select(Draft)).one())
    assert fumi.post(f"{TOP}/publish", data={"state": state}).status_code == 409
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(Release)) == 1


def test_the_confirmation_names_the_numbers_and_holds_for_what_was_seen(app, ann, fumi):
    edit(fumi, "Third screen.", "Changed screen.")
    page = fumi.get(f"{TOP}/publish?lang=en").text
    assert "1 change<" in page
    assert "1 learner is taking this course" in page
    edit(fumi, "Changed screen.", "Changed again.")
    assert fumi.post(f"{TOP}/publish", data={"state": hidden(page, "state")}).status_code == 409
    assert publish(fumi).status_code == 303
    assert "Changed again." in ann.get("/learn/tiny/l-000001?screen=3").text
    assert "there is nothing to publish" in fumi.get(f"{TOP}/check?lang=en").text
    page = fumi.get(f"{TOP}/releases/2?lang=en").text
    assert "<ins>Changed again.</ins>" in page
    assert "<del>Third screen.</del>" in page


def test_an_open_test_keeps_its_questions_through_publishing_and_rollback(app, people, ann, fumi):
    attempt = "/learn/tiny/l-000003/attempts/1"
    assert ann.post("/learn/tiny/l-000003/attempts").status_code == 302
    ann.post("/learn/tiny/l-000003/answer", data={"question": "q-000013", "q-000013": "45", "number": "1"})
    for lang in ("en", "ja"):
        edit(fumi, "= 45 ± 1", "= 99", QUIZ.replace(".en.", f".{lang}."))
        edit(fumi, "::: question id=q-000015 type=cloze\nOpen your [[=book|textbook]], please.\n:::\n", "", QUIZ.replace(".en.", f".{lang}."))
    page = fumi.get(f"{TOP}/check?lang=en").text
    assert "another answer key" in page
    assert "it keeps its questions" in page
    before = re.findall(r'data-question="(q-\w+)"', ann.get(attempt).text)
    assert publish(fumi).status_code == 303
    assert re.findall(r'data-question="(q-\w+)"', ann.get(attempt).text) == before
    for _twice in range(2):
        reply = fumi.post(f"{TOP}/releases/1/rollback", data={"reason": "The old key was right."})
        assert reply.status_code == 303
    page = ann.get(attempt).text
    assert re.findall(r'data-question="(q-\w+)"', page) == before
    assert 'value="45"' in page
    assert ann.post(attempt, data={"hand_in": "1"}).status_code in {302, 303}
    with app.app_context():
        row = database.session.scalars(select(Attempt).where(Attempt.number == 1)).one()
        assert row.percent == 20                                       # by the key it was started with
        assert database.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "courses.rollback")) == 1
        course = database.session.scalars(select(Course)).one()
        assert database.session.get(Release, course.release_id).number == 1
        assert "= 99" in text_of(QUIZ)                                 # the draft stays as it was
    assert "The old key was right." in fumi.get(f"{TOP}/releases").text


def test_a_rollback_needs_a_reason_and_a_release(fumi):
    edit(fumi, "Third screen.", "Changed screen.")
    publish(fumi)
    assert fumi.post(f"{TOP}/releases/1/rollback", data={"reason": " "}).status_code == 422
    assert fumi.post(f"{TOP}/releases/9/rollback", data={"reason": "x"}).status_code == 404


def test_discarding_throws_only_the_draft_away(app, ann, fumi):
    edit(fumi, "Third screen.", "Changed screen.")
    assert "cannot be brought back" in fumi.get(f"{TOP}/draft/discard?lang=en").text
    for _twice in range(2):
        assert fumi.post(f"{TOP}/draft/discard").status_code == 303
    assert "Third screen." in ann.get("/learn/tiny/l-000001?screen=3").text
    assert fumi.post(f"{TOP}/draft").status_code == 303
    with app.app_context():
        assert "Third screen." in text_of()


def test_the_id_of_the_course_stays(fumi):
    edit(fumi, "c-000001", "c-000009", "course.toml")
    page = fumi.get(f"{TOP}/publish")
    assert page.status_code in {200, 302}
    if page.status_code == 200:
        assert fumi.post(f"{TOP}/publish", data={"state": hidden(page.text, "state")}).status_code == 409


def test_a_draft_laid_out_again_is_the_folder_it_came_from(app, tiny, folder):
    with app.app_context():
        course = database.session.scalars(select(Course)).one()
        with sources.laid_out(course, sources.of(course.release_id, "tiny")) as again:
            source, others, problems = publishing.check(again)
            assert [p for p in problems if p.severity == "error"] == []
            assert publishing.content_hash(source, others) == publishing.content_hash(*publishing.check(folder)[:2])


def test_a_course_whose_items_another_uses_is_published_with_it(app, people, tiny, folder):
    course = folder.parent / "short"
    module = course / "01-only"
    module.mkdir(parents=True)
    (course / "course.toml").write_text((folder / "course.toml").read_text("utf-8").replace("c-000001", "c-000002")
                                        .replace('"all:quizzes", "all:tasks"', "").replace(', ]', "]"), "utf-8")
    (module / "module.toml").write_text(
        'id = "m-000009"\nuse = ["l-000001"]\n[title]\nen = "Only"\nja = "だけ"\n[goal]\nen = "g"\nja = "g"\n', "utf-8")
    with app.app_context(), unit():
        publishing.publish(course, by=None)
    people.fumi.post(f"{TOP}/draft")
    edit(people.fumi, "Third screen.", "Changed screen.")
    assert publish(people.fumi).status_code == 303
    assert "Changed screen." in people.ann.get("/learn/short/l-000001?screen=3").text


# -- question banks ------------------------------------------------------------------------------------------------------------

def bank(client, text=None):
    """Let the quiz draw two of four questions from a bank."""
    assert new(client, kind="bank", name="10-keigo").status_code == 303
    blocks = "".join(f"::: question id=q-0000b{n} type=number\nHow many ({n})?\n\n= {n}\n:::\n\n" for n in range(1, 5))
    for lang in ("en", "ja"):
        path = f"banks/10-keigo.quiz.{lang}.md"
        client.post(f"{TOP}/files/{path}", data={"text": f'+++\ntitle = "Keigo"\n+++\n{blocks}', **opened(client, path)})
        edit(client, "minutes = 3", text or 'minutes = 3\npool = "10-keigo"\ndraw = 2', QUIZ.replace(".en.", f".{lang}."))


def test_each_attempt_draws_from_the_bank_and_keeps_what_it_drew(app, people, ann, fumi):
    bank(fumi)
    assert "the draft from being published" not in fumi.get(f"{TOP}/check?lang=en").text
    assert publish(fumi).status_code == 303
    for client in (ann, people.ben, people.kai, people.hana):
        client.post("/learn/tiny/enrol")
        client.post("/learn/tiny/l-000003/attempts")
    with app.app_context():
        drawn = [[q["id"] for q in row.questions] for row in database.session.scalars(select(Attempt).where(Attempt.number == 1))]
    assert all(len(asked) == len(set(asked)) == 7 for asked in drawn)
    assert all(asked[:5] == ["q-000011", "q-000012", "q-000013", "q-000014", "q-000015"] for asked in drawn)
    assert len(drawn) == 4
    page = ann.get("/learn/tiny/l-000003/attempts/1").text
    assert page.count('class="question"') == 7
    assert "7 questions" in ann.get("/learn/tiny/l-000003?lang=en").text
    answers = {"q-000011": "a", "q-000012": ["a", "c"], "q-000013": "45", "q-000014": "true", "q-000015.0": "book",
               **{f"q-0000b{n}": str(n) for n in range(1, 5)}}
    ann.post("/learn/tiny/l-000003/attempts/1", data={**answers, "hand_in": "1"})
    with app.app_context():
        assert database.session.scalar(select(Attempt.percent).where(Attempt.person_id == people.ann_id)) == 100


@pytest.mark.parametrize(("front", "said"), [
    ('minutes = 3\npool = "none"\ndraw = 2', "there is no bank"), ('minutes = 3\npool = "10-keigo"\ndraw = 9', "the bank has 4 questions"),
    ("minutes = 3\ndraw = 2", "say from which bank"), ("minutes = 3", "no quiz draws from this bank")])
def test_what_is_wrong_about_a_bank_is_said(fumi, front, said):
    bank(fumi, front)
    assert said in fumi.get(f"{TOP}/check?lang=en").text.replace("&#34;", '"')


def test_a_question_of_a_bank_is_judged_where_it_stands(fumi):
    bank(fumi)
    edit(fumi, "= 3\n", "= three\n", "banks/10-keigo.quiz.en.md")
    page = fumi.get(f"{TOP}/check?lang=en").text
    assert "banks/10-keigo.quiz.en.md:" in page
    assert "not a number" in page
    assert "not a number" in fumi.get(f"{TOP}/files/banks/10-keigo.quiz.en.md?lang=en").text
