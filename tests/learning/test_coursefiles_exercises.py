"""Exercises as folders: what is wrong with a source, a model, a note or a sound is named by file and line."""
import pytest

from jetlms.learning.coursefiles import impact
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.mint import mint
from jetlms.learning.coursefiles.parse import read_course

FRONT = '+++\nid = "{id}"\ntitle = "{title}"\nminutes = 12\n{more}+++\nA letter from the city to a school.\n'
NAMES = '[names]\n"生駒市" = "Ikoma City"\n'
SOURCE = "# for authors\ns1\t生駒市からのお知らせ\n\ns2\t9月1日に断水します。\n"
MODEL_A = "s1\tNotice from Ikoma City\ns2\tThe water will be cut off on 1 September.\n"
MODEL_B = "s1\tIkoma City: notice\ns2\tNo water on 1 September.\n"
QUESTION = "\n::: question id=q-0000zz type=truefalse\nSo?\n\n= true :: a\n! false :: b\n:::\n"
NOTES = "## s2\n\nSay **when** first.\n"


@pytest.fixture
def exercises(folder):
    """Put a translation and an interpreting drill into the tiny course."""
    module = folder / "01-module"
    written = {"exercise": (NAMES, "30-letter.trans", "l-00000a"), "drill": ('mode = "consecutive"\n', "40-speech.interp", "l-00000b")}
    for more, name, key in written.values():
        place = module / name
        place.mkdir()
        for lang in ("en", "ja"):
            (place / f"exercise.{lang}.md").write_text(FRONT.format(id=key, title=f"{name} {lang}", more=more), "utf-8")
            (place / f"notes.{lang}.md").write_text(NOTES, "utf-8")
        (place / "source.ja.txt").write_text(SOURCE, "utf-8")
        (place / "ref-a.en.txt").write_text(MODEL_A, "utf-8")
        (place / "ref-b.en.txt").write_text(MODEL_B, "utf-8")
    return module


def found(folder):
    course, problems = read_course(folder)
    return [(p.path.name, p.line, p.code, p.severity) for p in problems + lint([course]) if p.code != "minutes"]


def test_an_exercise_is_an_item_with_segments_models_and_notes(folder, exercises):
    course, problems = read_course(folder)
    assert problems == []
    letter, drill = (item for item in course.items() if item.exercise)
    assert (letter.kind, drill.kind) == ("translation", "interpreting")
    assert letter.exercise.source.by_id() == {"s1": "生駒市からのお知らせ", "s2": "9月1日に断水します。"}
    assert (letter.exercise.target, sorted(letter.exercise.references), drill.exercise.mode) == ("en", ["a", "b"], "consecutive")
    assert letter.texts["ja"].notes == {"s2": "Say **when** first."}
    assert found(folder) == [("sound.mp3", 1, "asset", "warning")]


@pytest.mark.parametrize(("name", "text", "problem"), [
    ("source.ja.txt", "s1\t生駒市\ns1\t二度\n", ("source.ja.txt", 2, "duplicate", "error")),
    ("source.ja.txt", "s1 生駒市\n", ("source.ja.txt", 1, "segment", "error")),
    ("source.ja.txt", "first\t生駒市\n", ("source.ja.txt", 1, "segment", "error")),
    ("source.ja.txt", "# nothing\n", ("source.ja.txt", 1, "empty", "error")),
    ("source.ja.txt", "s1\t" + "長" * 601 + "\ns2\t生駒市\n", ("source.ja.txt", 1, "length", "error")),
    ("source.en.txt", "s1\tTwo sources\n", ("source.ja.txt", 1, "source", "error")),
    ("ref-b.en.txt", "s1\tIkoma City\n", ("ref-b.en.txt", 1, "parity", "error")),
    ("ref-b.zh.txt", MODEL_B, ("ref-b.zh.txt", 1, "langs", "error")),
    ("ref-b.en.txt", MODEL_B.replace("Ikoma City", "Ikoma"), ("ref-b.en.txt", 1, "name", "warning")),
    ("ref-b.en.txt", MODEL_B.replace("No water", "No wordy water"), ("ref-b.en.txt", 2, "term", "warning")),
    ("notes.en.md", "## s7\n\nNobody.\n", ("notes.en.md", 3, "note", "error")),
    ("notes.en.md", "Loose words\n", ("notes.en.md", 1, "note", "error")),
    ("notes.en.md", "## s1\n\n[dead](l-zzzzzz)\n", ("notes.en.md", 3, "link", "error")),
    ("exercise.en.md", FRONT.format(id="l-00000a", title="T", more='mode = "sight"\n' + NAMES), ("exercise.en.md", 5, "mode", "error")),
    ("exercise.en.md", FRONT.format(id="l-00000a", title="T", more='[names]\n"奈良" = "Nara"\n'), ("exercise.en.md", 6, "name", "error")),
    ("exercise.en.md", FRONT.format(id="l-00000a", title="T", more=NAMES) + QUESTION, ("exercise.en.md", 10, "kind", "error")),
    ("stray.docx", "x", ("stray.docx", 1, "ignored", "warning")),
])
def test_what_is_wrong_is_named_at_its_place(folder, exercises, name, text, problem):
    glossary = (folder / "glossary.tsv").read_text("utf-8").replace("note_en\n", "note_en\tnot_en\n")
    (folder / "glossary.tsv").write_text(glossary + "water\t断水\tだんすい\twater cut-off\tn\tn\twordy\n", "utf-8")
    (exercises / "30-letter.trans" / name).write_text(text, "utf-8")
    assert problem in found(folder)


def test_one_model_alone_is_said_unless_it_is_a_test(folder, exercises):
    place = exercises / "30-letter.trans"
    (place / "ref-b.en.txt").unlink()
    assert ("ref-b.en.txt", 1, "models", "warning") in found(folder)
    for lang in ("en", "ja"):
        (place / f"exercise.{lang}.md").write_text(FRONT.format(id="l-00000a", title="T", more="test = true\n" + NAMES), "utf-8")
    assert ("ref-b.en.txt", 1, "models", "warning") not in found(folder)


def test_the_languages_agree_about_what_an_exercise_is(folder, exercises):
    (exercises / "40-speech.interp" / "exercise.ja.md").write_text(
        FRONT.format(id="l-00000b", title="T", more='mode = "shadowing"\n'), "utf-8")
    assert ("exercise.ja.md", 5, "front", "error") in found(folder)


def test_cues_are_as_many_as_segments(folder, exercises):
    place = exercises / "40-speech.interp"
    (place / "sound.mp3").write_bytes(b"ID3")
    (place / "sound.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\n生駒市からのお知らせ\n", "utf-8")
    assert ("sound.vtt", 1, "cues", "error") in found(folder)


def test_a_new_model_or_note_is_a_change_that_the_preview_shows(folder, exercises):
    before = impact.manifest(read_course(folder)[0])
    (exercises / "30-letter.trans" / "ref-b.en.txt").write_text(MODEL_B.replace("No water", "Water off"), "utf-8")
    changes = impact.differences(before, impact.manifest(read_course(folder)[0]))
    assert [(c["change"], c["item"]) for c in changes] == [("prose", "l-00000a")]


def test_open_ids_of_exercises_are_minted_as_one(folder, exercises):
    for lang in ("en", "ja"):
        path = exercises / "30-letter.trans" / f"exercise.{lang}.md"
        path.write_text(path.read_text("utf-8").replace("l-00000a", "?"), "utf-8")
    assert mint(folder) == 2
    assert not [p for p in found(folder) if p[3] == "error"]


def test_a_glossary_may_know_other_languages_and_words_to_avoid(folder):
    (folder / "glossary.tsv").write_text(
        "id\tja\treading\ten\tnote_ja\tnote_en\tzh\tnot_en\nword\t言葉\tことば\tword\tn\tn\t词\tterm|expression\n", "utf-8")
    course, problems = read_course(folder)
    assert problems == []
    assert course.terms[0].more == {"zh": "词", "not_en": "term|expression"}
    (folder / "glossary.tsv").write_text("id\tja\treading\ten\tnote_ja\tnote_en\tChinese\n", "utf-8")
    assert ("glossary.tsv", 1, "header", "error") in found(folder)
