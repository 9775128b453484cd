"""What an edit changes for the people in a course, told before it is published."""
import json

import pytest

import courses
from jetlms.learning.coursefiles.impact import differences, manifest
from jetlms.learning.coursefiles.parse import read_course


def now(folder):
    return json.loads(json.dumps(manifest(read_course(folder)[0])))


def edit(folder, stem, old, new):
    for lang in ("en", "ja"):
        path = folder / "01-module" / f"{stem}.{lang}.md"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def told(before, folder):
    return [{key: value for key, value in found.items() if key != "title"} for found in differences(before, now(folder))]


def test_everything_is_new_at_first(folder):
    assert told({}, folder) == [{"change": "added", "item": f"l-00000{n}"} for n in range(1, 5)]


def test_nothing_has_changed(folder):
    assert told(now(folder), folder) == []


def test_where_words_stand_in_the_file_is_no_change(folder):
    before = now(folder)
    edit(folder, "10-first", "minutes = 2\n", "\n# a remark\nminutes = 2\n\n")
    for path in sorted((folder / "01-module").glob("10-first*")):
        path.rename(path.with_name(path.name.replace("10-first", "10-renamed")))
    assert told(before, folder) == []


@pytest.mark.parametrize(("stem", "old", "new", "expected"), [
    ("10-first", "Third screen.", "A third screen.", [{"change": "prose", "item": "l-000001", "langs": ["en", "ja"]}]),
    ("10-first", "because not", "because it is not", [{"change": "prose", "item": "l-000001", "langs": ["en", "ja"]}]),
    ("20-second.quiz", "= 45 ± 1", "= 45 ± 2", [{"change": "key", "item": "l-000003", "question": "q-000013"}]),
    ("20-second.quiz", "- [ ] b", "- [x] b", [{"change": "key", "item": "l-000003", "question": "q-000012"}]),
    ("10-first", " fold=kana,width,case,space", "", [{"change": "key", "item": "l-000001", "question": "q-000002"}]),
    ("20-second", "minutes = 3", "minutes = 3\noptional = true", [{"change": "optional", "item": "l-000002"}]),
])
def test_an_edit_of_an_item(folder, stem, old, new, expected):
    before = now(folder)
    edit(folder, stem, old, new)
    assert told(before, folder) == expected


def test_what_becomes_required_is_said(folder):
    edit(folder, "20-second", "minutes = 3", "minutes = 3\noptional = true")
    before = now(folder)
    edit(folder, "20-second", "optional = true\n", "")
    assert told(before, folder) == [{"change": "required", "item": "l-000002"}]


def test_an_answer_key_of_one_language_is_a_key_too(folder):
    before = now(folder)
    path = folder / "01-module" / "10-first.en.md"
    path.write_text(path.read_text("utf-8").replace("= いらっしゃいます", "= いらっしゃいます\n= irasshaimasu"), "utf-8")
    assert {"change": "key", "item": "l-000001", "question": "q-000002"} in told(before, folder)


@pytest.mark.parametrize(("kind", "body", "old", "new"), [
    ("match", "- a -> 1\n- b -> 2\n- c -> 3", "a -> 1\n- b -> 2", "a -> 2\n- b -> 1"), ("order", "1. a\n2. b", "1. a\n2. b", "1. b\n2. a"),
])
def test_swapped_pairs_and_steps_are_another_key(folder, kind, body, old, new):
    edit(folder, "20-second", "Only one screen.", f"::: question id=q-00000n type={kind}\nDo.\n\n{body}\n:::")
    before = now(folder)
    edit(folder, "20-second", old, new)
    assert {"change": "key", "item": "l-000002", "question": "q-00000n"} in told(before, folder)


def test_other_questions_are_said(folder):
    before = now(folder)
    edit(folder, "20-second.quiz", "q-000015", "q-00001x")
    assert {"change": "questions", "item": "l-000003", "added": ["q-00001x"], "removed": ["q-000015"]} in told(before, folder)


def test_titles_of_items_and_modules(folder):
    before = now(folder)
    edit(folder, "20-second", "20-second ", "New ")
    path = folder / "01-module" / "module.toml"
    path.write_text(path.read_text("utf-8").replace("Module one", "First module"), "utf-8")
    assert told(before, folder) == [
        {"change": "retitled", "item": "m-000001", "was": {"en": "Module one", "ja": "モジュール1"}},
        {"change": "retitled", "item": "l-000002", "was": {"en": "20-second en", "ja": "20-second ja"}}]


def test_removed_replaced_and_added_items(folder):
    before = now(folder)
    for lang in ("en", "ja"):
        (folder / "01-module" / f"90-task.task.{lang}.md").unlink()
    edit(folder, "20-second", 'id = "l-000002"', 'id = "l-00000n"\nreplaces = ["l-000002"]\noptional = true')
    assert told(before, folder) == [
        {"change": "added_optional", "item": "l-00000n"}, {"change": "removed", "item": "l-000002", "replaced_by": "l-00000n"},
        {"change": "removed", "item": "l-000004", "replaced_by": ""}]


def test_one_item_that_goes_to_the_end_is_the_one_that_moved(folder):
    before = now(folder)
    for path in (folder / "01-module").glob("10-first*"):
        path.rename(path.with_name(path.name.replace("10-first", "95-first")))
    assert told(before, folder) == [{"change": "moved", "item": "l-000001", "module": "m-000001"}]


def test_an_item_in_another_module_and_a_module_in_another_place(folder):
    other = folder / "02-other"
    other.mkdir()
    (other / "module.toml").write_text(courses.MODULE.replace("m-000001", "m-000002"), "utf-8")
    before = now(folder)
    for path in (folder / "01-module").glob("90-task*"):
        path.rename(other / path.name)
    assert told(before, folder) == [{"change": "moved", "item": "l-000004", "module": "m-000002"}]
    before = now(folder)
    other.rename(folder / "00-other")
    assert [found["change"] for found in told(before, folder)] == ["moved"]


def test_items_of_other_courses(folder):
    before = now(folder)
    path = folder / "01-module" / "module.toml"
    path.write_text('use = ["l-999901"]\n' + path.read_text("utf-8"), "utf-8")
    assert told(before, folder) == [{"change": "used", "item": "l-999901", "module": "m-000001"}]
    before = now(folder)
    path.write_text(path.read_text("utf-8").replace('use = ["l-999901"]\n', ""), "utf-8")
    assert told(before, folder) == [{"change": "no_longer_used", "item": "l-999901", "module": "m-000001"}]


def test_another_kind_of_item_is_said(folder):
    before = now(folder)
    for path in (folder / "01-module").glob("20-second.quiz*"):
        path.rename(path.with_name(path.name.replace("20-second.quiz", "25-second")))
    assert {"change": "kind", "item": "l-000003", "was": "quiz"} in told(before, folder)
