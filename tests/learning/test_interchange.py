"""Questions of other systems: read with line numbers, all or nothing; what is written as GIFT is read back the same."""
import pytest
from sqlalchemy import select

from jetlms.core.db import db as database
from jetlms.learning import interchange
from jetlms.learning.coursefiles.blocks import read_screens
from jetlms.learning.coursefiles.texts import Question
from jetlms.learning.interchange import block, gift
from jetlms.learning.models import DraftFile

QUIZ = "01-module/20-second.quiz"


def taken(text, form="gift"):
    found = interchange.read(text.encode(), form)
    assert found.problems == []
    return found


def parsed(text):
    """Read questions as a course file does."""
    from pathlib import Path

    problems = []
    parts = [part for screen in read_screens(Path("x"), text.split("\n"), 0, problems) for part in screen]
    assert problems == []
    assert all(isinstance(part, Question) for part in parts)
    return parts


def same(question):
    """Return what of a question must survive a journey."""
    return (question.type, question.prompt, [(o.text, o.right, o.feedback, o.partner) for o in question.options],
            [(a.kind, a.answer, a.note) for a in question.accepted], question.explanation)


@pytest.mark.parametrize(("text", "kind", "key"), [
    ("::Q:: 2+2? {=4 #yes ~5 #no}", "choice", [True, False]),
    ("Which? {~%50%a ~%50%b ~%-100%c}", "multi", [True, True, False]),
    ("True? {FALSE#no#yes}", "truefalse", [("=", "false", "yes"), ("!", "true", "no")]),
    ("Say {=Tokyo =%50%Edo#old =%0%Kyoto#no}", "text", [("=", "Tokyo", ""), ("~", "Edo", "old"), ("!", "Kyoto", "no")]),
    ("N {#45:5}", "number", [("=", "45 ± 5", "")]),
    ("N {#40..50}", "number", [("=", "45 ± 5", "")]),
    ("N {#=45:1 #right =%50%40 #near}", "number", [("=", "45 ± 1", "right"), ("~", "40", "near")]),
    ("Pairs {=a -> 1 =b -> 2 =c -> 3}", "match", ["1", "2", "3"]),
])
def test_gift_is_read_by_type(text, kind, key):
    question = taken(text).taken[0].question
    assert question.type == kind
    if question.accepted:
        assert [(a.kind, a.answer, a.note) for a in question.accepted] == key
    else:
        assert [o.partner or o.right for o in question.options] == key


def test_gift_knows_escapes_comments_and_words_after_the_answer():
    found = taken("// a comment\n$CATEGORY: x\n\nIs 1 \\= 1 \\{really\\}? {T}\n\nTwo {=four ~three} and more\n")
    assert [t.line for t in found.taken] == [4, 6]
    assert found.notes[0].line == 2
    assert "&#123;really&#125;" in found.taken[0].question.prompt
    assert found.taken[1].question.prompt.endswith("and more")


@pytest.mark.parametrize(("text", "line"), [
    ("Fine {T}\n\nBroken {=a ~b\n", 3), ("X {a ~b}", 1), ("X {=a ~}", 1), ("{=a ~b}", 1), ("N {#abc}", 1), ("a } b", 1), ("", 1), ("\n\nX {{T}}", 3),
])
def test_what_is_broken_in_gift_is_named_by_line(text, line):
    found = interchange.read(text.encode(), "gift")
    assert [problem.line for problem in found.problems] == [line]


@pytest.mark.parametrize(("text", "why"), [
    ("Essay {}", "essay"), ("Only words", "description"), ("P {=a->1 =b->2 =c->3 =d->4 =e->5 =f->6 =g->7}", "3 to 6"), ("P {=a->1 =b->2}", "3 to 6"),
    ("Q {~a ~b}", "no option is right"), ("Q {=a ~a}", "same|times"),
])
def test_what_our_format_cannot_carry_is_left_with_the_reason(text, why):
    import re

    found = interchange.read(text.encode(), "gift")
    assert found.taken == []
    assert found.problems == []
    assert re.search(why, found.left[0].en)


@pytest.mark.parametrize("prompt", ["::: tip x", "---", "- [x] no", "1. first", "= a", "~ b", "! c", ">> d", "[[=gap]]", "{a|b}", "# h", "<script>",
                                    "`x`", "[[term:x]]", "::audio assets/x.mp3", "- a -> b"])
@pytest.mark.parametrize("form", ["gift", "aiken"])
def test_marks_of_our_own_format_stay_plain_text(prompt, form):
    from jetlms.core import markup

    texts = {"gift": f"Line\\n{gift._marked(prompt)} {{=one ~two}}", "aiken": f"Line\n{prompt}\nA. one\nB. two\nANSWER: A\n"}
    if form == "aiken" and prompt == "---":
        return
    question = taken(texts[form], form).taken[0].question
    again = parsed(block(question).replace("id=?", "id=q-000001").rstrip("\n"))
    assert len(again) == 1
    assert len(again[0].options) == 2
    import html

    assert prompt in html.unescape(markup.render(again[0].prompt)).replace("</p>", "")


def test_aiken_and_its_problems():
    found = taken("What?\nA. one\nB) two\nANSWER: B\n\nAnd?\nA. x\nB. y\nANSWER: A", "aiken")
    assert [[o.right for o in t.question.options] for t in found.taken] == [[False, True], [True, False]]
    for text, line in (("Q\nA. x\nC. y\nANSWER: A", 1), ("Q\nA. x\nB. y\nANSWER: Z", 4), ("Q\nA. x\nB. y", 1), ("ANSWER: A", 1),
                       ("Q\nA. x\nodd\nANSWER: A", 3)):
        assert interchange.read(text.encode(), "aiken").problems[0].line == line


MOODLE = '''<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>c</text></category></question>
<question type="multichoice">
 <questiontext format="html"><text><![CDATA[<p>Which <b>one</b>?</p><p>1 &lt; 2</p>]]></text></questiontext>
 <generalfeedback format="html"><text>Because</text></generalfeedback><single>true</single>
 <answer fraction="100" format="html"><text>a</text><feedback><text>yes</text></feedback></answer>
 <answer fraction="0" format="html"><text>b</text></answer>
</question>
<question type="multichoice"><questiontext><text>Both</text></questiontext><single>false</single>
 <answer fraction="50"><text>a</text></answer><answer fraction="50"><text>b</text></answer><answer fraction="-100"><text>c</text></answer></question>
<question type="truefalse"><questiontext><text>T?</text></questiontext>
 <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text><feedback><text>no</text></feedback></answer></question>
<question type="shortanswer"><questiontext><text>S</text></questiontext><usecase>1</usecase>
 <answer fraction="100"><text>Tokyo</text></answer></question>
<question type="numerical"><questiontext><text>N</text></questiontext>
 <answer fraction="100"><text>3</text><tolerance>0.5</tolerance></answer></question>
<question type="matching"><questiontext><text>M</text></questiontext>
 <subquestion><text>a</text><answer><text>1</text></answer></subquestion><subquestion><text>b</text><answer><text>2</text></answer></subquestion>
 <subquestion><text>c</text><answer><text>3</text></answer></subquestion></question>
<question type="cloze"><questiontext><text>Open {1:SHORTANSWER:=book~%100%textbook#x} now</text></questiontext></question>
<question type="ordering"><questiontext><text>O</text></questiontext><answer><text>one</text></answer><answer><text>two</text></answer></question>
</quiz>'''


def test_moodle_xml_is_read_by_type():
    found = taken(MOODLE, "moodlexml")
    assert [t.question.type for t in found.taken] == ["choice", "multi", "truefalse", "text", "number", "match", "cloze", "order"]
    assert found.left == []
    first, *_more = found.taken
    assert first.line == 4
    assert first.question.prompt == "Which **one**?\n\n1 &#60; 2"
    assert first.question.explanation == "Because"
    assert "[[=book|textbook]]" in block(found.taken[6].question)
    assert found.taken[3].question.attrs["fold"] == "width,space"


@pytest.mark.parametrize(("text", "line"), [
    ("<quiz>\n<a></quiz>", 2), ("<other/>", 1), ("", 1), ('<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', 1),
    ('<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', 1), ("<quiz>" + "<a>" * 100 + "</a>" * 100 + "</quiz>", 1), ("<quiz/>", 1),
    ('<quiz>\n<question type="cloze"><questiontext><text>x {1:SHORTANSWER:=a</text></questiontext></question></quiz>', 2),
    ('<quiz>\n\n<question type="truefalse"><questiontext><text>x</text></questiontext></question></quiz>', 3),
])
def test_what_is_broken_in_moodle_xml_is_named_by_line(text, line):
    assert interchange.read(text.encode(), "moodlexml").problems[0].line == line


def test_what_is_not_utf8_is_named_by_byte_and_line():
    found = interchange.read("One {T}\n\nCaf\u00e9 {T}".encode("cp1252"), "gift")
    assert found.taken == []
    assert found.problems[0].line == 3
    assert "byte 13 (0xE9)" in found.problems[0].en
    assert "windows-1252" in found.problems[0].en


def test_what_is_written_as_gift_is_read_back_the_same():
    from courses import QUIZ as COURSE_QUIZ

    more = ("::: question id=q-000031 type=text\nSay ~ it = {now} # : \\ `x`\n\n= Tokyo: =1 #2\n~ Edo :: old {x}\n"
            "! Kyoto :: no\n\n>> Why **so**.\n:::\n\n"
            "::: question id=q-000032 type=match\nPairs\n\n- a -> 1\n- b -> 2\n- c -> 3\n:::\n")
    first = parsed((COURSE_QUIZ.split("+++\n", 2)[2] + "\n" + more).rstrip("\n"))
    written = gift.write(first)
    assert "// q-000015: cloze has no form in GIFT" in written
    again = [t.question for t in taken(written).taken]
    assert [same(q) for q in again] == [same(q) for q in first if q.type != "cloze"]


# -- into a draft ----------------------------------------------------------------------------------------------------------------

@pytest.fixture
def fumi(people, tiny):
    people.fumi.post("/author/tiny/draft")
    return people.fumi


def bring(client, text, **more):
    return client.post("/author/tiny/import?lang=en", data={"stem": QUIZ, "text": text, **more})


def quiz(lang="en"):
    return database.session.scalar(select(DraftFile.text).where(DraftFile.path == f"{QUIZ}.{lang}.md"))


def test_questions_go_into_both_languages_with_the_same_ids(app, fumi):
    import re

    assert bring(fumi, "New one? {=yes ~no}\n\nAnother {T}").location.endswith(f"/files/{QUIZ}.en.md")
    with app.app_context():
        ids = [re.findall(r"id=(q-\w{6}) type", quiz(lang)) for lang in ("en", "ja")]
        assert "New one?" in quiz()
    assert ids[0] == ids[1]
    assert len(ids[0]) == 7
    page = fumi.get("/author/tiny/check?lang=en").text
    assert "the draft from being published" not in page
    assert "other questions" in page


@pytest.mark.parametrize("text", ["Fine {T}\n\nBroken {=a", "Fine {T}\n\nEssay {}", "", "   "])
def test_either_all_questions_are_taken_or_none(app, fumi, text):
    with app.app_context():
        before = quiz()
    reply = bring(fumi, text)
    assert reply.status_code == 422
    with app.app_context():
        assert quiz() == before
    if text.strip():
        assert "Nothing has been imported" in reply.text
        assert "Line 3" in reply.text
        assert "Fine {T}" in reply.text                                   # what was pasted is still there


def test_the_others_are_taken_when_the_author_says_so(app, fumi):
    assert bring(fumi, "Fine? {T}\n\nEssay {}", without="y").status_code == 303
    page = fumi.get("/author/tiny?lang=en").text
    assert "Taken as: 1 truefalse" in page
    assert "Line 3 an essay" in page
    assert bring(fumi, "Fine? {T}\n\nBroken {=a", without="y").status_code == 422     # what cannot be read stops everything
    with app.app_context():
        assert quiz().count("Fine?") == 1


def test_a_file_in_windows_1252_changes_nothing(app, fumi):
    import io

    with app.app_context():
        before = quiz()
    sent = {"stem": QUIZ, "kind": "gift", "file": (io.BytesIO("Caf\u00e9 {T}".encode("cp1252")), "x.gift")}
    reply = fumi.post("/author/tiny/import?lang=en", data=sent, content_type="multipart/form-data")
    assert reply.status_code == 422
    assert "byte 4 (0xE9) is not UTF-8" in reply.text
    with app.app_context():
        assert quiz() == before


def test_the_questions_of_a_quiz_leave_as_gift(people, fumi):
    reply = fumi.get(f"/author/tiny/gift/{QUIZ}/en")
    assert "::q-000011::[markdown]One?" in reply.text
    assert fumi.get(f"/author/tiny/gift/{QUIZ}/fr").status_code == 404
    assert people.jun.get(f"/author/tiny/gift/{QUIZ}/en").status_code == 404
