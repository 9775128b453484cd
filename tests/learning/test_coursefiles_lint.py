"""Each rule of the linter, broken once: it names the file and the line, in both languages."""
import shutil

import pytest

import courses
from jetlms.learning.coursefiles import impact
from jetlms.learning.coursefiles.lint import inside, lint
from jetlms.learning.coursefiles.parse import read_course

EN, JA = "01-module/20-second.en.md", "01-module/20-second.ja.md"


@pytest.fixture
def course(folder):
    """The tiny course without a warning."""
    for name in (EN, JA):
        replace(folder, name, "minutes = 3", "minutes = 1")
    assert judged(folder) == []
    return folder


def judged(folder, *others, **more):
    course, found = read_course(folder)
    found += lint([*(read_course(other)[0] for other in others), course], **more)
    assert all(p.en and p.ja and p.en != p.ja for p in found)
    return [(p.path.relative_to(folder).as_posix(), p.line, p.code, p.severity) for p in found if p.path.is_relative_to(folder)]


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def append(folder, text, *names):
    """Put text at the end of the second lesson; returns the line of its marked line (@), which loses its mark."""
    line = 0
    for name in names or (EN, JA):
        before = (folder / name).read_text("utf-8") + "\n"
        line = before.count("\n") + next((n for n, part in enumerate(text.split("\n"), 1) if part.startswith("@")), 1)
        (folder / name).write_text(before + "\n".join(part.removeprefix("@") for part in text.split("\n")) + "\n", "utf-8")
    return line


def put(folder, name, text=""):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# -- course.toml, module.toml, glossary ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "old", "new", "line", "code", "severity"), [
    ("course.toml", "format = 1", "format = 2", 1, "format", "error"),
    ("course.toml", 'langs = ["en", "ja"]', 'langs = ["en", "fr"]', 4, "langs", "error"),
    ("course.toml", 'base_lang = "en"', 'base_lang = "fr"', 3, "langs", "error"),
    ("course.toml", 'ja = "小さな講座"\n', "", 5, "title", "error"),
    ("course.toml", 'en = "For tests."', 'en = " "', 9, "title", "error"),
    ("course.toml", "pass_percent = 80", "pass_percent = 101", 15, "limits", "error"),
    ("course.toml", "attempts = 3", "attempts = 0", 16, "limits", "error"),
    ("course.toml", "wait_hours = 24", "wait_hours = -1", 17, "limits", "error"),
    ("course.toml", "due_days = 60", "due_days = 101", 13, "limits", "error"),
    ("course.toml", 'require = ["all:lessons", "all:quizzes", "all:tasks"]', "require = []", 19, "completion", "error"),
    ("course.toml", '"all:lessons"', '"most:lessons"', 19, "completion", "error"),
    ("course.toml", '"all:lessons"', '"count:lessons>=3"', 19, "completion", "error"),
    ("course.toml", '"all:lessons"', '"count:lessons>=0"', 19, "completion", "error"),
    ("01-module/module.toml", 'ja = "モジュール1"\n', "", 2, "title", "error"),
    ("01-module/module.toml", 'en = "You can."\n', "", 5, "title", "error"),
    ("01-module/module.toml", "[title]", 'use = ["l-00zzzz"]\n[title]', 2, "use", "error"),
    ("01-module/module.toml", "[title]", 'use = ["l-000002"]\n[title]', 2, "use", "error"),
    ("glossary.tsv", "word\t言葉", "Word\t言葉", 2, "term", "error"),
    ("glossary.tsv", "A note.\n", "A note.\nword\t言\tげん\tword\t二\ttwo\n", 3, "duplicate", "error"),
])
def test_settings(course, name, old, new, line, code, severity):
    replace(course, name, old, new)
    assert (name, line, code, severity) in judged(course)


def test_a_rule_of_completion_that_promises_nothing_is_said(course):
    for lang in ("en", "ja"):
        (course / "01-module" / f"90-task.task.{lang}.md").unlink()
    assert ("course.toml", 19, "completion", "warning") in judged(course)


def test_a_course_in_which_nothing_counts_would_be_complete_at_once(course):
    for path in (course / "01-module").glob("*.md"):
        replace(course, f"01-module/{path.name}", "minutes =", "optional = true\nminutes =")
    assert ("course.toml", 19, "completion", "error") in judged(course)


def test_empty_modules_and_courses_are_said(course):
    put(course, "02-empty/module.toml", courses.MODULE.replace("m-000001", "m-000002"))
    assert ("02-empty/module.toml", 1, "empty", "warning") in judged(course)
    shutil.rmtree(course / "01-module")
    shutil.rmtree(course / "02-empty")
    assert ("course.toml", 1, "empty", "error") in judged(course)


# -- ids ---------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "old", "new", "line", "code"), [
    ("course.toml", "c-000001", "c-00000l", 2, "id"),
    ("course.toml", "c-000001", "l-00000x", 2, "id"),
    ("course.toml", "c-000001", "?", 2, "open"),
    ("01-module/module.toml", 'id = "m-000001"', "", 1, "id"),
    (EN, "l-000002", "L-000002", 2, "id"),
    (EN, "l-000002", "?", 2, "open"),
    ("01-module/10-first.en.md", "q-000001", "q-1", 21, "id"),
    ("01-module/10-first.ja.md", "q-000001", "?", 21, "open"),
    ("01-module/10-first.en.md", "q-000002", "q-000001", 36, "duplicate"),
    ("01-module/20-second.quiz.ja.md", "q-000011", "q-000001", 6, "duplicate"),
    (EN, "l-000002", "l-000001", 2, "duplicate"),
])
def test_ids(course, name, old, new, line, code):
    replace(course, name, old, new)
    assert (name, line, code, "error") in judged(course)


def test_ids_are_unique_across_courses(course):
    other = courses.write(course.parent, "other")
    assert {("course.toml", 2, "duplicate", "error"), (EN, 2, "duplicate", "error")} <= set(judged(course, other))


def test_a_retired_id_is_never_used_again(course):
    put(course, "moved.toml", '[retired]\n"l-000009" = "gone"\n"l-000002" = "merged"\n"x" = "what"\n"l-00000x" = ""\n')
    assert judged(course) == [(EN, 2, "reused", "error"), ("moved.toml", 4, "id", "error"), ("moved.toml", 5, "reason", "warning")]


def test_an_id_is_never_used_for_another_kind_of_thing(course):
    known = impact.manifest(read_course(course)[0])["ids"]
    assert judged(course, known=known) == []
    assert (EN, 2, "reused", "error") in judged(course, known=known | {"l-000002": "question"})


def test_what_was_published_stays_or_is_said_to_be_gone(course):
    previous = [impact.manifest(read_course(course)[0])]
    assert judged(course, previous=previous) == []
    for name in (EN, JA):
        replace(course, name, "l-000002", "l-00000y")
    assert ("moved.toml", 1, "gone", "error") in judged(course, previous=previous), "a changed id looks like a lost lesson"
    for name in (EN, JA):
        replace(course, name, "minutes", 'replaces = ["l-000002"]\nminutes')
    assert judged(course, previous=previous) == []
    for lang in ("en", "ja"):
        (course / "01-module" / f"20-second.quiz.{lang}.md").unlink()
    put(course, "moved.toml", '[retired]\n"l-000003" = "not needed"\n')
    assert [found for found in judged(course, previous=previous) if found[2] == "gone"] == []


def test_a_lesson_does_not_become_a_quiz(course):
    previous = [impact.manifest(read_course(course)[0])]
    for lang in ("en", "ja"):
        (course / "01-module" / f"10-first.{lang}.md").rename(course / "01-module" / f"10-first.quiz.{lang}.md")
    assert ("01-module/10-first.quiz.en.md", 2, "reused", "error") in judged(course, previous=previous)


@pytest.mark.parametrize(("key", "code", "severity"), [("x", "replaces", "error"), ("l-000001", "replaces", "error"),
                                                       ("l-00000z", "replaces", "warning")])
def test_replaces_names_what_is_gone(course, key, code, severity):
    for name in (EN, JA):
        replace(course, name, "minutes", f'replaces = ["{key}"]\nminutes')
    assert (EN, 4, code, severity) in judged(course, known={"l-000001": "lesson"})


# -- languages -----------------------------------------------------------------------------------------------------------------------

def test_a_missing_language_is_named(course):
    (course / JA).unlink()
    assert (EN, 1, "variant", "error") in judged(course)


def test_other_screens_are_named(course):
    append(course, "---\n\nMore.", JA)
    assert (JA, 1, "screens", "error") in judged(course)


FIRST, QUIZ = "01-module/10-first.ja.md", "01-module/20-second.quiz.ja.md"


@pytest.mark.parametrize(("name", "old", "new", "line"), [
    (FIRST, "- [ ] wrong one\n  > because not\n", "", 21),
    (FIRST, "q-000002 type=text", "q-000002 type=number", 36),
    (FIRST, "q-000002", "q-00000x", 36),
    (FIRST, " fold=kana,width,case,space", "", 36),
    (FIRST, " use=pre", "", 8),
    (QUIZ, "- [ ] b", "- [x] b", 15),
    (QUIZ, "= 45 ± 1", "= 44 ± 1", 26),
    (QUIZ, "= true :: yes\n! false :: no", "= false :: yes\n! true :: no", 32),
    (QUIZ, "please.", "[[=please]].", 39),
])
def test_other_questions_are_named(course, name, old, new, line):
    replace(course, name, old, new)
    assert (name, line, "parity", "error") in judged(course)


def test_a_question_that_only_the_first_language_has_is_named_there(course):
    line = append(course, "@::: question id=q-00000n type=text\nWhat?\n\n= this\n:::", EN)
    assert (EN, line, "parity", "error") in judged(course)


def test_questions_stand_on_the_same_screens_in_the_same_order(course):
    one = "::: question id=q-00000n type=text\nWhat?\n\n= this\n:::\n"
    two = one.replace("q-00000n", "q-00000p")
    append(course, f"{one}\n{two}", EN)
    line = append(course, f"@{two}\n{one}", JA)
    assert (JA, line, "parity", "error") in judged(course)


def test_other_sounds_are_said(course):
    for name in ("a", "b"):
        put(course, f"assets/{name}.mp3", b"sound")
        for lang in ("en", "ja"):
            put(course, f"assets/{name}.{lang}.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n")
    append(course, '::audio assets/a.mp3 title="x"', EN)
    assert judged(course) == [(JA, 1, "parity", "warning")]
    line = append(course, '@::audio assets/b.mp3 title="x"', JA)
    assert judged(course) == [(JA, line, "parity", "warning")]


# -- questions ---------------------------------------------------------------------------------------------------------------------

OPTIONS = "- [x] a\n  > yes\n- [ ] b\n  > no"
LONG = "x" * 101


@pytest.mark.parametrize(("kind", "body", "code", "severity"), [
    ("type=choice", f"@::: QUESTION\n\n{OPTIONS}", "prompt", "error"),
    ("type=choice", "@::: QUESTION\nWhat?\n- [ ] a\n  > no\n- [ ] b\n  > no", "right", "error"),
    ("type=choice", "@::: QUESTION\nWhat?\n- [x] a\n  > yes\n- [x] b\n  > yes", "right", "error"),
    ("type=choice", "@::: QUESTION\nWhat?\n- [x] a\n  > yes", "options", "error"),
    ("type=choice", "@::: QUESTION\nWhat?\n" + "\n".join(f"- [{'x' if n == 0 else ' '}] {n}\n  > f" for n in range(13)), "options", "error"),
    ("type=choice", "::: QUESTION\nWhat?\n- [x] a\n  > yes\n@- [ ] b", "feedback", "warning"),
    ("type=choice", "::: QUESTION\nWhat?\n- [x] a\n  > yes\n@- [ ] A.\n  > no", "distinct", "error"),
    ("type=multi", "@::: QUESTION\nWhat?\n- [ ] a\n  > no\n- [ ] b\n  > no", "right", "error"),
    ("type=truefalse", "@::: QUESTION\nTrue?\n= true :: yes", "right", "error"),
    ("type=truefalse", "@::: QUESTION\nTrue?\n= true :: yes\n= false :: no", "right", "error"),
    ("type=truefalse", "@::: QUESTION\nTrue?\n= true :: yes\n! maybe :: no", "right", "error"),
    ("type=truefalse", "::: QUESTION\nTrue?\n= true :: yes\n@! false", "feedback", "warning"),
    ("type=text", "@::: QUESTION\nSay.\n! a :: no", "right", "error"),
    ("type=text", "::: QUESTION\nSay.\n= a\n@= Ａ。", "distinct", "warning"),
    ("type=text", "::: QUESTION\nSay.\n= a\n@! A :: no", "distinct", "error"),
    ("type=text", "::: QUESTION\nSay.\n= a\n@~ b", "feedback", "warning"),
    ("type=text", "::: QUESTION\nSay.\n= a\n@= ?", "right", "error"),
    ("type=text fold=kana,width", "::: QUESTION\nSay.\n= はい\n@= ハイ", "distinct", "warning"),
    ("type=number", "@::: QUESTION\nHow many?\n! 3 :: no", "right", "error"),
    ("type=number", "::: QUESTION\nHow many?\n@= three", "number", "error"),
    ("type=number", "::: QUESTION\nHow many?\n= 45\n@! 45 :: no", "distinct", "error"),
    ("type=cloze", "@::: QUESTION\nOpen your book.", "right", "error"),
    ("type=cloze", "::: QUESTION\n@Open [[=your]] [[=]].", "gap", "error"),
    ("type=cloze", "::: QUESTION\n@Open your [[=book|]].", "gap", "error"),
    ("type=cloze", "::: QUESTION\n@Open your [[={本|ほん}]].", "gap", "error"),
    ("type=cloze", "::: QUESTION\n@Open your [[=book|Book]].", "distinct", "warning"),
    ("type=cloze", f"::: QUESTION\n@Open your [[={LONG}]].", "gap", "error"),
    ("type=text", "::: QUESTION\n@Open your [[=book]].\n= book", "gap", "error"),
    ("type=match", "@::: QUESTION\nMatch.\n- a -> b\n- c -> d", "options", "error"),
    ("type=match", "::: QUESTION\nMatch.\n- a -> 1\n- b -> 2\n@- c -> 1", "right", "error"),
    ("type=match", "::: QUESTION\nMatch.\n- a -> 1\n- b -> 2\n@- a -> 3", "distinct", "error"),
    ("type=order", "@::: QUESTION\nOrder.\n1. a", "options", "error"),
    ("type=order", "::: QUESTION\nOrder.\n1. a\n@2. a", "distinct", "error"),
    ("type=file accept=pdf", "@::: QUESTION\nSend it.", "kind", "error"),
    ("type=essay min=100 max=50", "@::: QUESTION\nWrite.", "attributes", "error"),
    ("type=essay max=many", "@::: QUESTION\nWrite.", "attributes", "error"),
    ("type=essay accept=pdf", "@::: QUESTION\nWrite.", "attributes", "error"),
    ("type=text fold=romaji", "@::: QUESTION\nSay.\n= a", "attributes", "error"),
    ("type=text lang=fr", "@::: QUESTION\nSay.\n= a", "attributes", "error"),
    ("type=choice shuffle=never", f"@::: QUESTION\nWhat?\n{OPTIONS}", "attributes", "error"),
    ("type=choice use=after", f"@::: QUESTION\nWhat?\n{OPTIONS}", "attributes", "error"),
    ("type=choice use=pre", f"---\n\n@::: QUESTION\nWhat?\n{OPTIONS}", "use", "error"),
])
def test_questions(course, kind, body, code, severity):
    line = append(course, body.replace("QUESTION", f"question id=q-00000n {kind}") + "\n:::")
    assert {(EN, line, code, severity), (JA, line, code, severity)} <= set(judged(course))


GOOD = {
    "choice": f"What?\n{OPTIONS}", "multi": "What?\n- [x] a\n  > yes\n- [x] b\n  > yes", "truefalse": "True?\n! true :: no\n= false :: yes",
    "text": "Say.\n= a\n~ b :: nearly\n! c :: no", "number": "How many?\n= 1,200 ± 0.5\n! 1 :: no", "cloze": "Open your [[=book|text book]].",
    "match": "Match.\n- a -> 1\n- b -> 2\n- c -> 3", "order": "Order.\n1. a\n2. b", "essay": "Write.",
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_question_of_each_type_is_not_complained_about(course, kind):
    append(course, f"::: question id=q-00000n type={kind}\n{GOOD[kind]}\n\n>> Why.\n:::")
    assert judged(course) == []


@pytest.mark.parametrize(("item", "kind"), [("20-second.quiz", "type=essay"), ("20-second.quiz", "type=file"), ("90-task.task", "type=order"),
                                            ("20-second.quiz", "type=number use=pre")])
def test_what_may_stand_where(course, item, kind):
    body = {"type=order": GOOD["order"], "type=number use=pre": GOOD["number"]}.get(kind, "Write.")
    name = f"01-module/{item}.en.md"
    line = append(course, f"@::: question id=q-00000n {kind}\n{body}\n:::", name, name.replace(".en.", ".ja."))
    assert any(found[:2] == (name, line) and found[2] in {"kind", "use"} for found in judged(course))


# -- prose -------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "code", "severity"), [
    ("one\n@[gone](l-zzzzzz)", "link", "error"),
    ("@[module](m-000001)", "link", "error"),
    ("@[plain](http://example.org)", "link", "error"),
    ("@[script](javascript:alert(1))", "link", "error"),
    ("@[empty]()", "link", "error"),
    ("@[[term:nothing]]", "term", "error"),
    ("@[[word]]", "term", "error"),
    ("@![](assets/a.svg)", "alt", "error"),
    ("@![A cat](assets/cat.svg)", "asset", "error"),
    ("@![A cat](../cat.svg)", "asset", "error"),
    ("@![A cat](https://example.org/cat.png)", "asset", "error"),
    ("@<img src=assets/a.svg>", "alt", "error"),
    ("@<b>bold</b>", "html", "warning"),
    ("@# Title", "heading", "error"),
    ("@{漢字|}", "ruby", "error"),
    ("@{漢字|漢字}", "ruby", "warning"),
    ("::: tip Sound\n@::audio assets/a.mp3\n:::", "media", "error"),
    ("::: question id=q-00000n type=choice\nWhat?\n\n- [x] a\n@  > see [this](l-zzzzzz)\n- [ ] b\n  > no\n:::", "link", "error"),
    ("::: question id=q-00000n type=text\nWhat?\n\n= a\n@~ b :: see [[term:nothing]]\n:::", "term", "error"),
    ("::: question id=q-00000n type=match\nMatch.\n- a -> 1\n@- b -> ![](assets/a.svg)\n- c -> 3\n:::", "alt", "error"),
    ("::: question id=q-00000n type=text\nWhat?\n\n= a\n\n>> one\n@>> [two](l-zzzzzz)\n:::", "link", "error"),
])
def test_prose(course, text, code, severity):
    line = append(course, text)
    assert {(EN, line, code, severity), (JA, line, code, severity)} <= set(judged(course))


def test_good_prose_is_not_complained_about(course):
    put(course, "assets/a.svg", "<svg/>")
    append(course, "[first](l-000001) and [out](https://example.org) and [[term:word|the word]], {漢字|かんじ}, <https://example.org>\n\n"
                   "![A cat](assets/a.svg \"Cat\")\n\n`[[x]] <b> [a](b)`\n\n```\n# no heading [a](b)\n```\n\n## Heading\n\na < b > c")
    assert judged(course) == []


def test_texts_need_a_title_minutes_and_something_to_read(course):
    put(course, EN, '+++\nid = "l-000002"\ntitle = " "\nminutes = 0\n+++\n')
    assert {(EN, 3, "title", "error"), (EN, 4, "minutes", "error"), (EN, 1, "empty", "error")} <= set(judged(course))


@pytest.mark.parametrize("kind", ["quiz", "task"])
def test_a_quiz_and_a_task_ask_something(course, kind):
    for lang in ("en", "ja"):
        put(course, f"01-module/30-x.{kind}.{lang}.md", f'+++\nid = "l-00000n"\ntitle = "x {lang}"\nminutes = 1\n+++\nText.\n')
    assert (f"01-module/30-x.{kind}.en.md", 1, "empty", "error") in judged(course)


@pytest.mark.parametrize(("words", "said", "warned"), [(900, 3, False), (900, 2, True), (900, 12, False), (900, 13, True)])
def test_minutes_are_questioned_when_off_by_more_than_twice(course, words, said, warned):
    put(course, EN, f'+++\nid = "l-000002"\ntitle = "x"\nminutes = {said}\n+++\n' + "word " * words)
    assert ((EN, 4, "minutes", "warning") in judged(course)) is warned


def test_japanese_is_counted_in_characters_without_readings(course):
    put(course, JA, '+++\nid = "l-000002"\ntitle = "x"\nminutes = 2\n+++\n' + "{漢字|かんじ}です。" * 200)       # 1,000 characters: 2 minutes
    assert judged(course) == []
    replace(course, JA, "minutes = 2", "minutes = 5")
    assert (JA, 4, "minutes", "warning") in judged(course)


def test_too_many_screens_are_refused(course):
    for name in (EN, JA):
        put(course, name, '+++\nid = "l-000002"\ntitle = "x"\nminutes = 1\n+++\n' + "\n\n---\n\n".join("word" for _n in range(61)))
    assert (EN, 1, "screens", "error") in judged(course)


# -- sound, film, pictures -----------------------------------------------------------------------------------------------------------

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n\n00:00:02.000 --> 00:00:04.500\nBye.\n"


def test_sound_with_captions_in_both_languages_is_fine(course):
    put(course, "assets/a.mp3", b"sound")
    for lang in ("en", "ja"):
        put(course, f"assets/a.{lang}.vtt", VTT)
    append(course, '::audio assets/a.mp3 title="Hello" synthetic=yes')
    assert judged(course) == []


@pytest.mark.parametrize(("line", "code"), [
    ('::audio assets/none.mp3 title="x"', "asset"), ('::audio assets/a.mp3 title="x"', "captions"), ("::audio assets/a.mp3", "title"),
    ('::video assets/a.mp3 title="x"', "asset"), ('::audio ../a.mp3 title="x"', "asset"),
])
def test_sound_and_film(course, line, code):
    put(course, "assets/a.mp3", b"sound")
    put(course, "assets/a.en.vtt", VTT)
    place = append(course, f"@{line}")
    assert (EN, place, code, "error") in judged(course)


@pytest.mark.parametrize(("name", "text", "line", "code", "severity"), [
    ("a.en.vtt", "1\n00:01.000 --> 00:02.000\nx\n", 1, "captions", "error"),
    ("a.en.vtt", "WEBVTT\n", 1, "captions", "error"),
    ("a.en.vtt", "WEBVTT\n\n00:03.000 --> 00:02.000\nx\n", 3, "captions", "error"),
    ("a.en.vtt", "WEBVTT\n\n00:01,000 --> 00:02,000\nx\n", 3, "captions", "error"),
    ("a.en.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\n", 4, "utf8", "error"),
    ("a.svg", "<svg>\n<script>alert(1)</script></svg>", 2, "script", "error"),
    ("a.svg", "<svg onload='x()'/>", 1, "script", "error"),
    ("a.svg", "<svg><image href='https://example.org/x.png'/></svg>", 1, "script", "error"),
    ("a.png", b"x" * 2_000_001, 1, "size", "error"),
    ("a.exe", b"x", 1, "asset", "warning"),
])
def test_assets(course, name, text, line, code, severity):
    put(course, f"assets/{name}", text)
    assert (f"assets/{name}", line, code, severity) in judged(course)


def test_nothing_outside_of_the_folder_is_an_asset(course, tmp_path):
    secret = put(tmp_path, "secret.svg", "<svg/>")
    (course / "assets").mkdir()
    (course / "assets" / "link.svg").symlink_to(secret)
    line = append(course, "@![A cat](assets/link.svg)")
    assert {("assets/link.svg", 1, "symlink", "error"), (EN, line, "asset", "error")} <= set(judged(course))
    for name in ("../tiny/course.toml", "/etc/passwd", "assets/" + "x" * 300, "a\0b", "", "assets"):
        assert not inside(course, name)
    assert inside(course, "course.toml")


# -- more than one course ------------------------------------------------------------------------------------------------------------

def shared(folder):
    """Write another course, with ids of its own, whose first lesson links to its second."""
    other = courses.write(folder.parent, "other")
    for path in (path for path in other.rglob("*") if path.is_file()):
        path.write_text(path.read_text("utf-8").replace("-0000", "-9999"), "utf-8")
    for lang in ("en", "ja"):
        replace(other, f"01-module/10-first.{lang}.md", "Third screen.", "[more](l-999902)")
    return other


def test_a_module_uses_items_of_another_course(course):
    other = shared(course)
    replace(course, "01-module/module.toml", "[title]", 'use = ["l-999901", "l-999902"]\n[title]')
    replace(course, "course.toml", '"all:lessons"', '"count:lessons>=4"')
    append(course, "[theirs](l-999902)")
    assert judged(course, other) == []


def test_a_use_is_known_there_once_and_its_links_do_not_die(course):
    other = shared(course)
    replace(course, "01-module/module.toml", "[title]", 'use = ["l-999901", "l-999901"]\n[title]')
    assert judged(course, other) == [("01-module/module.toml", 2, "link", "warning")] * 2 + [("01-module/module.toml", 2, "use", "error")]
    assert ("01-module/module.toml", 2, "use", "error") in judged(course)
