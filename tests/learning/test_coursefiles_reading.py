"""A course folder is read as it stands; whatever is wrong with it is named by file and line, and nothing that is written there breaks the reader."""
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import courses
from jetlms.learning.coursefiles import __main__ as command
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.coursefiles.texts import Media, Prose, Question

ROOT = Path(__file__).parents[2]
LESSON = '+++\nid = "l-000002"\ntitle = "Second"\nminutes = 3\n+++\n'


def problems(folder):
    return [(p.path.relative_to(folder).as_posix(), p.line, p.code) for p in read_course(folder)[1]]


def second(folder, body, lang="en"):
    """Write the second lesson; its body begins on line 6."""
    (folder / "01-module" / f"20-second.{lang}.md").write_text(LESSON + body, "utf-8")
    return read_course(folder)


def screens(folder, body):
    course, found = second(folder, body)
    return course.items()[1].texts["en"].screens, [(p.line, p.code) for p in found]


def test_the_tiny_course_reads_without_a_problem(folder):
    course, found = read_course(folder)
    assert found == []
    assert [item.kind for item in course.items()] == ["lesson", "lesson", "quiz", "task"]
    assert course.items()[0].texts["ja"].title == "10-first ja"


# -- screens -----------------------------------------------------------------------------------------------------------------------

def test_three_hyphens_end_a_screen_but_not_inside_code_or_a_box(folder):
    found, wrong = screens(folder, "One.\n\n---\n\n```\n---\n```\n\n::: tip Title\na\n\n---\n\nb\n:::\n")
    assert [len(screen) for screen in found] == [1, 1]
    assert found[1][0].startswith("```\n---")
    assert found[1][0].endswith("b\n:::")
    assert wrong == []


def test_every_piece_knows_its_line(folder):
    found, _wrong = screens(folder, '\n\nOne.\n\n::audio assets/a.mp3 title="A"\n\nTwo.\n\n::: question id=q-00000a type=text\nWhat?\n\n= x\n:::\n')
    one, sound, two, question = found[0]
    assert (one, one.line, sound.line, two, two.line) == ("One.", 8, 10, "Two.", 12)
    assert (question.line, question.prompt.line, question.accepted[0].line) == (14, 15, 17)
    assert isinstance(one, Prose)
    assert isinstance(sound, Media)
    assert isinstance(question, Question)


@pytest.mark.parametrize(("body", "line", "code"), [
    ("One.\n---\n\nTwo.\n", 7, "break"),
    ("One.\n\n---\n\n---\n\nTwo.\n", 8, "empty"),
    ("One.\n\n---\n", 8, "empty"),
    ("One.\n\n::: tip Title\ntext\n", 8, "unclosed"),
    ("One.\n\n::: question id=q-00000a type=text\n::: tip\nx\n:::\n", 8, "unclosed"),
    ("One.\n\n:::\n", 8, "stray"),
    ("One.\n\n::: exmaple Title\ntext\n:::\n", 8, "block"),
    ("One.\n\n```\ncode\n", 8, "unclosed"),
    ("One.\n\n::video\n", 8, "media"),
    ("One.\n\n::audio assets/a.mp3 title=\"A\n", 8, "attributes"),
    ("One.\n\n::audio assets/a.mp3 titel=A\n", 8, "attributes"),
    ("::: question id=q-00000a type=text lang=ja lang=en\nx\n= y\n:::\n", 6, "attributes"),
    ("::: question id=q-00000a type=poem\nx\n:::\n", 6, "type"),
    ("::: question id=q-00000a type=choice\nx\n\n-[x] y\n:::\n", 9, "stray"),
    ("::: question id=q-00000a type=choice\nx\n\n- [] y\n:::\n", 9, "stray"),
    ("::: question id=q-00000a type=choice\nx\n- [x] y\n> not indented\n:::\n", 9, "stray"),
    ("::: question id=q-00000a type=choice\nx\n- [x] y\n\n>> because\n- [ ] z\n:::\n", 11, "stray"),
    ("::: question id=q-00000a type=text\nx\n= y\nand more\n:::\n", 9, "stray"),
    ("::: question id=q-00000a type=text\nx\n=y\n:::\n", 8, "stray"),
    ("::: question id=q-00000a type=match\nx\n- a → b\n:::\n", 8, "stray"),
    ("::: question id=q-00000a type=order\nx\n1) a\n:::\n", 8, "stray"),
])
def test_what_is_wrong_inside_a_text_is_named_by_line(folder, body, line, code):
    _found, wrong = screens(folder, body)
    assert (line, code) in wrong


def test_a_question_keeps_the_paragraphs_of_its_parts(folder):
    found, wrong = screens(folder, """::: question id=q-00000a type=multi
First paragraph.

> Dear ALT, please come.

- [ ] one
  in two lines
  > why not
  > at all

- [X] two
  > right

>> Because.

And a second paragraph.
:::
""")
    question = found[0][0]
    assert wrong == []
    assert question.prompt == "First paragraph.\n\n> Dear ALT, please come."
    assert [(o.text, o.right, o.feedback) for o in question.options] == [("one\nin two lines", False, "why not\nat all"), ("two", True, "right")]
    assert question.explanation == "Because.\n\nAnd a second paragraph."


def test_the_kinds_of_answers_are_told_apart(folder):
    found, wrong = screens(folder, """::: question id=q-00000a type=match
Pairs.
- a -> b
- c -> d
:::

::: question id=q-00000b type=order
Steps.
1. a
2. b
:::

::: question id=q-00000c type=cloze
Open your [[=book|text book]], [[=please]].
:::

::: question id=q-00000d type=text
Say.
= yes
~ yea :: casual
! no :: wrong
:::
""")
    match, order, cloze, text = found[0]
    assert wrong == []
    assert [(o.text, o.partner) for o in match.options] == [("a", "b"), ("c", "d")]
    assert [o.text for o in order.options] == ["a", "b"]
    assert cloze.gaps == (("book", "text book"), ("please",))
    assert [(a.kind, a.answer, a.note) for a in text.accepted] == [("=", "yes", ""), ("~", "yea", "casual"), ("!", "no", "wrong")]


# -- files -------------------------------------------------------------------------------------------------------------------------

def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(("name", "text", "line", "code"), [
    ("course.toml", 'format = 1\nid = "c-000001\n', 2, "toml"),
    ("course.toml", "format = 1\nx = [\n", 2, "toml"),
    ("course.toml", "x = " + "[" * 5000, 1, "toml"),
    ("course.toml", "x = " + "9" * 5000, 1, "toml"),
    ("course.toml", 'format = 1\ntitle = "Tiny"\n', 2, "kind"),
    ("course.toml", 'format = "1"\n', 1, "kind"),
    ("course.toml", "format = 1\n[schedule]\nwindow_days = true\n", 3, "kind"),
    ("course.toml", "format = 1\n[completion]\nrequire = [1]\n", 3, "kind"),
    ("course.toml", "format = 1\n[completionn]\nrequire = []\n", 2, "unknown"),
    ("01-module/module.toml", 'id = "m-000001"\n[title\n', 2, "toml"),
    ("01-module/module.toml", 'id = "m-000001"\nuse = "l-000009"\n', 2, "kind"),
    ("moved.toml", '[retired]\n"l-000009" = 3\n', 1, "kind"),
    ("glossary.tsv", "id\tja\n", 1, "header"),
    ("glossary.tsv", courses.GLOSSARY + "more\tい\n", 3, "columns"),
    ("01-module/20-second.en.md", "no front\n", 1, "front"),
    ("01-module/20-second.en.md", '+++\nid = "l-000002"\n', 1, "front"),
    ("01-module/20-second.en.md", '+++\nid = "l-000002"\nminutes =\n+++\nText.\n', 3, "front"),
    ("01-module/20-second.en.md", '+++\nid = "l-000002"\nminutes = "3"\n+++\nText.\n', 3, "kind"),
    ("01-module/20-second.en.md", '+++\nid = "l-000002"\noptoinal = true\n+++\nText.\n', 3, "unknown"),
    ("01-module/20-second.en.md", LESSON.encode() + b"One.\nTw\xff\n", 7, "utf8"),
    ("01-module/20-second.en.md", LESSON + "One.\nT\x00wo\n", 7, "control"),
    ("01-module/20-second.en.md", LESSON + "x" * 400_000, 1, "size"),
    ("01-module/20-second.ja.md", LESSON.replace("l-000002", "l-00000x") + "二。\n", 2, "id"),
    ("01-module/20-second.ja.md", LESSON.replace("minutes = 3", "minutes = 3\noptional = true") + "二。\n", 5, "front"),
    ("01-module/Notes.md", "text", 1, "name"),
    ("01-module/30-new.fr.md", "text", 1, "name"),
    ("01-module/draft.txt", "text", 1, "ignored"),
    ("draft.txt", "text", 1, "ignored"),
    ("02-other/10-x.en.md", LESSON + "x\n", 1, "missing"),
])
def test_what_is_wrong_with_a_file_is_named_by_line(folder, name, text, line, code):
    put(folder, name, text)
    named = "02-other/module.toml" if name.startswith("02-other") else name
    assert (named, line, code) in problems(folder)


def test_a_missing_course_toml_and_a_missing_folder_are_problems(folder, tmp_path):
    (folder / "course.toml").unlink()
    assert ("course.toml", 1, "missing") in problems(folder)
    assert problems(tmp_path / "nowhere") == [(".", 1, "missing")]


def test_links_out_of_the_folder_are_never_followed(folder, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text(LESSON.replace("l-000002", "l-00000z") + "secret\n", "utf-8")
    (folder / "01-module" / "30-link.en.md").symlink_to(secret)
    (tmp_path / "elsewhere").mkdir()
    (folder / "02-link").symlink_to(tmp_path / "elsewhere")
    (folder / "01-module" / "loop.en.md").symlink_to(folder / "01-module" / "loop.en.md")
    found = problems(folder)
    assert {("01-module/30-link.en.md", 1, "symlink"), ("02-link", 1, "symlink"), ("01-module/loop.en.md", 1, "symlink")} <= set(found)
    assert "l-00000z" not in {item.id for item in read_course(folder)[0].items()}


def test_windows_files_read_like_others(folder):
    path = folder / "01-module" / "20-second.en.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert problems(folder) == []


def test_an_unreadable_language_does_not_make_the_other_look_wrong(folder):
    put(folder, "01-module/20-second.en.md", b"\xff")
    course, found = read_course(folder)
    assert [p.code for p in found + lint([course]) if p.severity == "error"] == ["utf8"]


def test_an_item_of_which_nothing_can_be_read_is_left_out_and_said(folder):
    for lang in ("en", "ja"):
        put(folder, f"01-module/20-second.{lang}.md", b"\xff")
    (folder / "01-module" / "30-folder.en.md").mkdir()
    course, found = read_course(folder)
    assert [p.code for p in found] == ["utf8", "utf8", "unreadable"]
    assert "l-000002" not in {item.id for item in course.items()}


def test_modules_and_items_stand_in_the_order_of_their_numbers(folder):
    for name, key in (("10-x", "m-000010"), ("2-x", "m-000020")):
        put(folder, f"{name}/module.toml", courses.MODULE.replace("m-000001", key))
    put(folder, "2-x/100-a.en.md", LESSON.replace("l-000002", "l-000100") + "a\n")
    put(folder, "2-x/20-a.en.md", LESSON.replace("l-000002", "l-000020") + "a\n")
    course, _found = read_course(folder)
    assert [module.id for module in course.modules] == ["m-000001", "m-000020", "m-000010"]
    assert [item.id for item in course.modules[1].items] == ["l-000020", "l-000100"]


# -- nothing breaks the reader -----------------------------------------------------------------------------------------------------

TOKENS = ["\n", "+++\n", "---\n", ":::", "::: question id=q-00000a type=choice\n", "::: tip\n", "```\n", "- [x] ", "- [ ] ", "  > ", ">> ", "= ",
          "! ", "~ ", "[[=", "[[term:", "]]", "|", "{", "}", "![", "](", "assets/", "\x00", "é", "“", "１", " -> ", "1. ", "::audio ", "title=\"",
          "id = ", "\ud7ff", "= 45 ± ", "type=cloze", "..", "<img src=x>", "\t", "\r"]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILES = ["course.toml", "glossary.tsv", "01-module/module.toml", "01-module/10-first.en.md", "01-module/20-second.quiz.ja.md", "moved.toml"]


@QUIET
@given(name=st.sampled_from(FILES), edits=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(TOKENS), st.integers(0, 9)), max_size=12))
def test_no_edit_of_a_file_makes_the_linter_raise(folder, name, edits):
    courses.write(folder.parent)
    path = folder / name
    text = path.read_text("utf-8") if path.exists() else '[retired]\n"l-000009" = "gone"\n'
    for where, token, cut in edits:
        place = int(where * len(text))
        text = text[:place] + token + text[place + cut:]
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    course, found = read_course(folder)
    assert all(p.line >= 1 and p.en and p.ja for p in found + lint([course], {"q-000001": "question"}))


@QUIET
@given(name=st.sampled_from(FILES), data=st.binary(max_size=300))
def test_no_bytes_make_the_linter_raise(folder, name, data):
    courses.write(folder.parent)
    (folder / name).write_bytes(data)
    course, found = read_course(folder)
    assert isinstance(found + lint([course]), list)


def test_a_hostile_text_is_linted_in_a_moment(folder):
    for body in ("[" * 60_000, "![" * 60_000, "{" * 60_000, "`" * 30_001 + "\n" + "<a " * 30_000, "[[term:" * 20_000, "**" * 60_000):
        course, _found = second(folder, body + "\n")
        assert lint([course])


# -- the command -------------------------------------------------------------------------------------------------------------------

def test_the_command_runs_on_a_bare_python_and_tells_by_its_status(folder):
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from jetlms.learning.coursefiles.__main__ import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-I", "-S", "-c", program, str(folder)]
    clean = subprocess.run(words, capture_output=True, text=True, check=False)
    assert clean.returncode == 0
    assert "1 courses, 4 items, 0 errors, " in clean.stdout
    assert clean.stderr == ""
    (folder / "01-module" / "10-first.ja.md").unlink()
    wrong = subprocess.run(words, capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert f"{folder}/01-module/10-first.en.md:1: error: the Japanese variant is missing\n" in wrong.stdout


def test_the_command_speaks_japanese(folder, capsys):
    (folder / "01-module" / "10-first.ja.md").unlink()
    assert command.main([str(folder), "--lang", "ja"]) == 1
    said = capsys.readouterr().out
    assert "error: 日本語版がありません" in said
    assert "講座1、教材4、エラー1、警告" in said


def test_the_command_knows_the_courses_beside_but_judges_only_what_it_was_given(folder, capsys):
    other = courses.write(folder.parent, "other")
    (other / "01-module" / "20-second.en.md").write_text("broken", "utf-8")
    assert command.main([str(folder)]) == 1
    said = capsys.readouterr().out
    assert "c-000001 is used twice" in said
    assert not any(line.startswith(str(other)) for line in said.splitlines())
