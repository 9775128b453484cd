"""A folder becomes a release; what is wrong is named by file and line; progress survives every edit."""
import pytest
from sqlalchemy import select

from jetlms.core.db import unit
from jetlms.learning import publishing, service
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.models import Course, Enrolment, LessonText, Release, Term


def problems(folder):
    course, found = read_course(folder)
    return [(p.path.name, p.line, p.code) for p in found + lint([course]) if p.severity == "error"]


def edit(folder, name, old, new):
    path = folder / "01-module" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_tiny_course_is_clean(folder):
    assert problems(folder) == []


@pytest.mark.parametrize(("name", "old", "new", "place", "code"), [
    ("10-first.en.md", "q-000001", "q-000002", "::: question id=q-000002", "duplicate"),
    ("10-first.en.md", "- [x] right one", "- [ ] right one", "id=q-000001", "right"),
    ("10-first.en.md", "[[term:word]]", "[link](l-zzzzzz)", "Hello", "link"),
    ("10-first.en.md", "[[term:word]]", "[[term:nothing]]", "Hello", "term"),
    ("10-first.en.md", "[[term:word]]", "![](assets/x.png)", "Hello", "alt"),
    ("10-first.ja.md", "q-000002 type=text", "q-000002 type=number", "id=q-000002", "parity"),
    ("20-second.quiz.en.md", "= 45 ± 1", "45", "id=q-000013", "right"),
    ("20-second.quiz.en.md", "[[=book|textbook]]", "book", "id=q-000015", "right"),
    ("20-second.quiz.en.md", "= true :: yes", "! true :: yes", "id=q-000014", "right"),
    ("90-task.task.en.md", "type=essay", "type=poem", "id=q-000021", "type"),
    ("10-first.en.md", "minutes = 2\n+++", "minutes = \n+++", "minutes =", "front"),
])
def test_lint_names_file_and_line(folder, name, old, new, place, code):
    edit(folder, name, old, new)
    lines = (folder / "01-module" / name).read_text("utf-8").splitlines()
    line = max(n for n, text in enumerate(lines, 1) if place in text)
    assert (name, line, code) in problems(folder)


def test_a_missing_variant_is_named(folder):
    (folder / "01-module" / "10-first.ja.md").unlink()
    assert ("10-first.en.md", 1, "variant") in problems(folder)


def test_publish_refuses_and_the_running_release_stays(app, tiny, folder):
    edit(folder, "10-first.en.md", "- [x] right one", "- [ ] right one")
    with app.app_context():
        with pytest.raises(publishing.Refusal), unit():
            publishing.publish(folder, by=None)
        assert len(list(publishing.db.session.scalars(select(Release)))) == 1


def test_publishing_the_same_again_makes_no_release(app, tiny, folder):
    with app.app_context(), unit():
        assert publishing.publish(folder, by=None).number == 1


def test_both_languages_are_stored_with_ruby_and_terms(app, tiny):
    with app.app_context():
        text = publishing.db.session.scalars(select(LessonText).where(LessonText.item_key == "l-000001", LessonText.lang == "ja")).one()
        html = text.screens[0][0]["html"]
        assert "<ruby>任用団体<rp>（</rp><rt>にんようだんたい</rt>" in html
        assert 'data-term="word"' in html
        assert set(text.questions) == {"q-0000pr", "q-000001", "q-000002"}


def test_an_edit_takes_no_progress_away(app, people, ann, folder):
    ann.post("/learn/tiny/l-000002/seen", data={"screen": "0"})
    with app.app_context(), unit():
        before = publishing.db.session.scalars(select(Enrolment).where(Enrolment.person_id == people.ann_id)).one()
        assert (before.done, before.required) == (1, 4)
    # Renamed, moved to another module, retitled, and a new lesson beside it: the id is what counts.
    old = folder / "01-module" / "20-second.en.md"
    (folder / "02-other").mkdir()
    (folder / "02-other" / "module.toml").write_text('id = "m-000002"\n[title]\nen = "Two"\nja = "二"\n[goal]\nen = "x"\nja = "x"\n', "utf-8")
    for lang in ("en", "ja"):
        moved = folder / "01-module" / f"20-second.{lang}.md"
        (folder / "02-other" / f"70-renamed.{lang}.md").write_text(moved.read_text("utf-8").replace("20-second", "New title"), "utf-8")
        moved.unlink()
        (folder / "02-other" / f"80-more.{lang}.md").write_text(
            f'+++\nid = "l-000009"\ntitle = "More {lang}"\nminutes = 2\n+++\nMore.\n', "utf-8")
    assert not old.exists()
    with app.app_context():
        with unit():
            changes = {c["change"] for c in publishing.preview(folder).differences}
            publishing.publish(folder, by=None)
            service.refold_course(publishing.db.session.scalars(select(Course)).one())
        with unit():
            after = publishing.db.session.scalars(select(Enrolment).where(Enrolment.person_id == people.ann_id)).one()
            assert (after.done, after.required) == (1, 5)
            course = publishing.db.session.scalars(select(Course)).one()
            assert service.refold_course(course, most=1) == after.id             # a part at a time: the last one of it
            assert service.refold_course(course, after=after.id, most=1) == 0    # nobody is left
    assert {"moved", "retitled", "added"} <= changes


def test_rollback_shows_the_earlier_release(app, tiny, folder):
    edit(folder, "10-first.en.md", "Third screen.", "Changed screen.")
    with app.app_context():
        with unit():
            assert publishing.publish(folder, by=None).number == 2
        with unit():
            publishing.rollback("tiny", 1, by=None)
        course = publishing.db.session.scalars(select(Course)).one()
        assert publishing.db.session.get(Release, course.release_id).number == 1
        with pytest.raises(LookupError), unit():
            publishing.rollback("tiny", 99, by=None)


def test_an_id_is_never_used_for_something_else(app, tiny, folder):
    for lang in ("en", "ja"):
        edit(folder, f"10-first.{lang}.md", "q-000002", "q-00000x")
    (folder / "moved.toml").write_text('[retired]\n"q-00000x" = "gone"\n', "utf-8")
    assert any(code == "reused" for _n, _l, code in problems(folder))


# ── A course made of another's items ──────────────────────────────────────────────────────────────────────────────────

@pytest.fixture
def short(folder):
    """A second course beside the tiny one, which uses its first lesson and has a task of its own."""
    course = folder.parent / "short"
    module = course / "01-only"
    module.mkdir(parents=True)
    head = (folder / "course.toml").read_text("utf-8").replace("c-000001", "c-000002").replace('"all:quizzes", ', "")
    (course / "course.toml").write_text(head, "utf-8")
    (course / "glossary.tsv").write_text("id\tja\treading\ten\tnote_ja\tnote_en\n", "utf-8")
    (module / "module.toml").write_text(
        'id = "m-000009"\nuse = ["l-000001"]\n[title]\nen = "Only"\nja = "だけ"\n[goal]\nen = "g"\nja = "g"\n', "utf-8")
    asks = "\n::: question id=q-000091 type=essay min=1 max=99\nP?\n\n>> M\n:::\n"
    for lang in ("en", "ja"):
        for stem, key, question in (("05-own", "l-000091", ""), ("90-own.task", "l-000092", asks)):
            (module / f"{stem}.{lang}.md").write_text(f'+++\nid = "{key}"\ntitle = "T"\nminutes = 2\n+++\nText.\n{question}', "utf-8")
    with unit():
        publishing.publish(course, by=None)
    return course


def running(slug):
    from jetlms.core.db import db

    return db.session.scalar(select(Release).join(Course, Course.release_id == Release.id).where(Course.slug == slug)
                             .execution_options(populate_existing=True))


def test_the_task_comes_last_and_used_words_are_explained(app, db, tiny, short):
    assert [item["id"] for item in running("short").outline["modules"][0]["items"]] == ["l-000091", "l-000001", "l-000092"]
    terms = db.session.scalars(select(Term.key).join(Course, Course.id == Term.course_id).where(Course.slug == "short")).all()
    assert terms == ["word"]


def test_a_change_of_a_used_lesson_reaches_both_courses_and_nothing_else_is_new(app, db, tiny, folder, short):
    edit(folder, "10-first.en.md", "Hello", "Good day")
    with unit():
        publishing.publish(folder, by=None)
    release = running("short")
    assert release.number == 2
    screens = db.session.scalar(select(LessonText.screens).where(
        LessonText.release_id == release.id, LessonText.item_key == "l-000001", LessonText.lang == "en"))
    assert "Good day" in screens[0][0]["html"]
    assert not any(item["new"] for module in release.outline["modules"] for item in module["items"])


def test_a_term_with_words_of_its_own_stands_in_a_table(app, db, tiny, folder):
    edit(folder, "10-first.en.md", "[[term:word]]", "\n\n| a | b |\n|---|---|\n| [[term:word|these words]] | {漢字|かんじ} |\n\n")
    with unit():
        publishing.publish(folder, by=None)
    screens = db.session.scalar(select(LessonText.screens).where(
        LessonText.release_id == running("tiny").id, LessonText.item_key == "l-000001", LessonText.lang == "en"))
    html = " ".join(part.get("html", "") for screen in screens for part in screen)
    assert ">these words</a></td>" in html
    assert "<ruby>漢字" in html


def test_an_old_address_leads_to_the_lesson_it_was_merged_into(app, db, tiny, ann, folder):
    for lang in ("en", "ja"):
        edit(folder, f"20-second.{lang}.md", 'id = "l-000002"', 'id = "l-000077"\nreplaces = ["l-000002"]')
    with unit():
        publishing.publish(folder, by=None)
    answer = ann.get("/learn/tiny/l-000002")
    assert (answer.status_code, answer.location) == (302, "/learn/tiny/l-000077")
