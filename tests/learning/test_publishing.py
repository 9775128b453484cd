"""A folder becomes a release; what is wrong is named by file and line; progress survives every edit."""
import pytest
from sqlalchemy import select

from jetlms.core.db import unit
from jetlms.learning import publishing, service
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.models import Course, Enrolment, LessonText, Release


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
