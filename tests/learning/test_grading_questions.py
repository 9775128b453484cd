"""Every type of question: right, partly right, wrong and garbage; what the page may show before; what the folding forgives."""
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from jetlms.learning import grading
from jetlms.learning.coursefiles.folding import WAYS, fold
from jetlms.learning.coursefiles.model import Item
from jetlms.learning.coursefiles.questions import read_question
from jetlms.learning.coursefiles.texts import Text

OPTIONS = "- [ ] one\n  > not **one**\n- [x] two\n  > yes, two\n- [ ] three\n  > not three"
BODIES = {
    "choice": f"Which?\n{OPTIONS}",
    "multi": "Which?\n- [x] a\n  > yes a\n- [ ] b\n  > no b\n- [x] c\n  > yes c\n- [ ] d\n  > no d",
    "truefalse": "True?\n= true :: well seen\n! false :: look again",
    "text": "Say.\n= いらっしゃいます\n~ おられます :: often said\n! います :: plain",
    "number": "How many?\n= 45 ± 5\n! 90 :: twice", "cloze": "Open your [[=book|text book]], [[=please]].",
    "match": "Match.\n- one -> 1\n- two -> **2**\n- three -> 3\n- four -> 4", "order": "Order.\n1. first\n2. second\n3. third\n4. fourth",
    "essay": "Write.", "file": "Send.",
}
ATTRS = {"text": " fold=kana,width,case,space", "essay": " min=10 max=50", "file": " accept=pdf,png"}


def plainly(text, _lang):
    return text


EXPLANATION = "\n\n>> the explanation"
RIGHT = {"choice": "b", "multi": ["a", "c"], "truefalse": "true", "text": "イラッシャイマス。", "number": "４５人", "cloze": ["Book", "please!"]}


def source(kind, body="", attrs=None):
    """A question as a release keeps it, the same in both languages; as JSON, for that is how it is stored."""
    found = []
    head = f"id=q-0000{kind[:2]} type={kind}" + (ATTRS.get(kind, "") if attrs is None else attrs)
    texts = {}
    for lang in ("en", "ja"):
        question = read_question(Path("x.md"), ((body or BODIES[kind]) + EXPLANATION).split("\n"), 1, head, found)
        texts[lang] = Text(Path("x.md"), lang, "t", 1, ((question,),))
    assert found == []
    item = Item("l-000001", "lesson", "x", optional=False, replaces=(), texts=texts)
    return json.loads(json.dumps(grading.prepare(item, question.id, lambda text, _lang: f"<p>{text}</p>", plainly)))


def right_answer(kind, made):
    if kind == "match":
        return {option["key"]: option["pair"] for option in made["options"]}
    return [option["key"] for option in made["options"]] if kind == "order" else RIGHT[kind]


MARKED = [kind for kind in BODIES if kind not in {"essay", "file"}]


@pytest.mark.parametrize("kind", MARKED)
def test_the_right_answer_is_right(kind):
    made = source(kind)
    marked = grading.mark(made, right_answer(kind, made))
    assert (marked.score, marked.right) == (1, True)


@pytest.mark.parametrize(("kind", "payload", "score", "said"), [
    ("choice", "a", 0, "not **one**"), ("truefalse", "false", 0, "look again"), ("text", "います", 0, "plain"),
    ("text", "くる", 0, "→ いらっしゃいます"), ("text", "", 0, ""), ("text", " 。", 0, ""),
    ("number", "39", 0, "→ 45"), ("number", "90", 0, "twice"), ("number", "many", 0, "→ 45"),
    ("multi", ["a"], Fraction(3, 4), "yes c"), ("multi", ["a", "b", "c"], Fraction(3, 4), "no b"), ("multi", ["b", "d"], 0, "no b"),
    ("multi", [], 0, ""), ("multi", ["a", "b", "c", "d"], Fraction(1, 2), "no d"),
    ("cloze", ["text  book", ""], Fraction(1, 2), "→ please"), ("cloze", ["", ""], 0, "→ book"),
])
def test_a_wrong_answer_is_told_why(kind, payload, score, said):
    marked = grading.mark(source(kind), payload)
    assert (marked.score, marked.right) == (score, False)
    assert said in " ".join(line["html"] for line in marked.lines("ja"))


@pytest.mark.parametrize(("kind", "payload", "said"), [
    ("choice", "b", "yes, two"), ("truefalse", "true", "well seen"), ("text", "おられます", "often said"), ("multi", ["c", "a"], "yes a")])
def test_a_right_answer_is_told_why_too(kind, payload, said):
    marked = grading.mark(source(kind), payload)
    assert marked.right is True
    assert said in " ".join(line["html"] for line in marked.lines("en"))


def test_pairs_and_steps_count_by_share():
    match, order = source("match"), source("order")
    pairs, steps = right_answer("match", match), right_answer("order", order)
    first, second = list(pairs)[:2]
    swapped = grading.mark(match, pairs | {first: pairs[second], second: pairs[first]})
    assert (swapped.score, swapped.right, len(swapped.notes)) == (Fraction(1, 2), False, 2)
    assert grading.mark(match, {first: pairs[first]}).score == Fraction(1, 4)
    assert grading.mark(order, [steps[1], steps[0], *steps[2:]]).score == Fraction(1, 2)
    assert grading.mark(order, steps[:1]).score == Fraction(1, 4)
    assert grading.mark(order, ["", steps[1]]).score == Fraction(1, 4)
    assert [note["html"]["en"] for note in grading.mark(order, []).notes] == ["first", "second", "third", "fourth"]


def test_an_answer_of_either_language_counts():
    made = source("cloze")
    made["gaps"]["ja"] = [["教科書"], ["ください"]]
    assert grading.mark(made, ["教科書", "please"]).right is True
    text = source("text")
    text["accepted"]["en"] = [{"kind": "!", "answer": "おられます", "note": "no"}, {"kind": "=", "answer": "come", "note": ""}]
    assert grading.mark(text, "おられます").right is True, "right in one language is right"
    assert grading.mark(text, "いく").lines("en")[0]["html"] == "→ come"


def test_what_is_typed_or_written_by_an_author_is_not_html():
    made = source("text", "Say.\n= <b>\n")
    assert grading.mark(made, "x").lines("en")[0]["html"] == "→ &lt;b&gt;"


@pytest.mark.parametrize(("payload", "reason"), [("short", "short"), ("a good length of text", ""), ("x" * 51, "long")])
def test_nobody_marks_an_essay_by_machine(payload, reason):
    marked = grading.mark(source("essay"), payload)
    assert (marked.score, marked.right, marked.reason, marked.payload) == (0, None, reason, payload)


def test_nobody_marks_a_file_by_machine():
    marked = grading.mark(source("file"), {"token": "t", "name": "plan.pdf"})
    assert (marked.score, marked.right) == (0, None)


# -- garbage -----------------------------------------------------------------------------------------------------------------------

GARBAGE = [None, 7, 1.5, True, b"a", [None], [[]], [{}], {"a": None}, {"a": []}, {1: "a"}, {"a": {}}, {"a"}]


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("payload", GARBAGE, ids=repr)
def test_garbage_is_refused(kind, payload):
    with pytest.raises(grading.BadPayload) as refused:
        grading.mark(source(kind), payload)
    assert isinstance(refused.value, ValueError)
    assert str(refused.value) == f"{kind}.{refused.value.reason}"


@pytest.mark.parametrize(("kind", "payload", "reason"), [
    ("choice", "z", "key"), ("choice", "", "key"), ("choice", "A", "key"), ("truefalse", "maybe", "key"), ("multi", ["a", "z"], "key"),
    ("multi", ["a"] * 99, "count"), ("text", "x" * 401, "long"), ("text", "a\0b", "characters"), ("text", "\ud800", "characters"),
    ("number", "9" * 41, "long"), ("cloze", ["book"], "count"), ("cloze", ["a", "b", "c"], "count"), ("cloze", ["x" * 101, ""], "long"),
    ("match", {"z": "a"}, "key"), ("match", {"a": "z"}, "key"), ("match", dict.fromkeys("abcdefgh", "a"), "count"),
    ("order", ["a", "a"], "key"), ("order", ["z"], "key"), ("order", ["a", "b", "c", "d", ""], "count"),
    ("essay", "x" * 20_001, "long"), ("file", {"token": "t"}, "shape"), ("file", {"token": "t", "name": "x" * 301}, "long"),
])
def test_what_no_form_sends_is_refused(kind, payload, reason):
    with pytest.raises(grading.BadPayload) as refused:
        grading.mark(source(kind), payload)
    assert refused.value.reason == reason


JUNK = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from("abcd"),
                    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=5), max_leaves=8)


@given(st.sampled_from(sorted(BODIES)), JUNK)
def test_a_mark_is_between_nothing_and_everything_or_the_payload_is_refused(kind, payload):
    made = source(kind)
    try:
        marked = grading.mark(made, payload)
    except grading.BadPayload:
        return
    assert 0 <= marked.score <= 1
    assert marked.right is (None if kind in {"essay", "file"} else marked.score == 1)
    assert grading.mark(made, marked.payload).payload == marked.payload, "what is stored can be marked again"
    json.dumps(marked.payload)


# -- one attempt -------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", BODIES)
def test_the_page_is_not_told_the_answer(kind):
    made = source(kind)
    for seed in range(20):
        shown = grading.public(made, grading.arrange(made, seed), "en")
        for secret in ("yes", "not", "well seen", "look again", "often", "plain", "twice", "book", "please\"", "いらっしゃいます", "45",
                       "explanation", "\"right\"", "\"pair\"", "accepted", "\"answer\"", "feedback"):
            assert secret not in json.dumps(shown, ensure_ascii=False)


def test_the_keys_of_pairs_and_steps_do_not_tell_the_answer():
    told_match, told_order = 0, 0
    for n in range(40):
        for kind in ("match", "order"):
            body = BODIES[kind].splitlines()
            made = source(kind, "\n".join(body)) | {"id": f"q-{n:06}"}
            options = read_again(kind, made["id"])
            if kind == "order":
                told_order += [o["key"] for o in options] == sorted(o["key"] for o in options)
            else:
                told_match += all(o["key"] == o["pair"] for o in options)
    assert (told_match, told_order) < (8, 8)


def read_again(kind, question_id):
    question = read_question(Path("x.md"), BODIES[kind].split("\n"), 1, f"id={question_id} type={kind}", [])
    item = Item("l-000001", "lesson", "x", optional=False, replaces=(), texts={"en": Text(Path("x.md"), "en", "t", 1, ((question,),))})
    return grading.prepare(item, question_id, plainly, plainly)["options"]


def test_keys_stay_the_same_from_release_to_release():
    assert [o["key"] for o in read_again("order", "q-000001")] == [o["key"] for o in read_again("order", "q-000001")]
    assert [o["key"] for o in source("choice")["options"]] == ["a", "b", "c"]


def test_the_order_is_frozen_by_the_seed_and_differs_between_seeds():
    made = source("multi")
    assert grading.arrange(made, 7) == json.loads(json.dumps(grading.arrange(made, 7)))
    orders = {tuple(grading.arrange(made, seed)["order"]) for seed in range(50)}
    assert len(orders) > 10
    assert all(sorted(order) == ["a", "b", "c", "d"] for order in orders)


def test_what_is_not_to_be_shuffled_is_not():
    made = source("multi", attrs=" shuffle=no")
    assert {tuple(grading.arrange(made, seed)["order"]) for seed in range(20)} == {("a", "b", "c", "d")}


def test_steps_are_never_shown_in_the_right_order():
    made = source("order", "Order.\n1. a\n2. b")
    solution = [option["key"] for option in made["options"]]
    assert all(grading.arrange(made, seed)["order"] != solution for seed in range(50))


def test_sides_of_pairs_are_shown_apart_and_as_plain_text():
    made = source("match")
    shown = grading.public(made, grading.arrange(made, 1), "ja")
    assert {right["text"] for right in shown["rights"]} == {"1", "2", "3", "4"}
    assert [left["html"] for left in shown["lefts"]] == ["one", "two", "three", "four"]


def test_a_cloze_is_cut_at_its_gaps():
    shown = grading.public(source("cloze"), {"id": "q", "order": [], "partners": []}, "en")
    assert shown["prompt"] == ""
    assert shown["parts"] == [{"html": "<p>Open your "}, {"gap": 0, "size": 20}, {"html": ", "}, {"gap": 1, "size": 10}, {"html": ".</p>"}]


def test_a_question_that_is_not_there_is_a_lookup_error():
    item = Item("l-000001", "lesson", "x", optional=False, replaces=(), texts={"en": Text(Path("x.md"), "en", "t", 1, ())})
    with pytest.raises(LookupError):
        grading.prepare(item, "q-000001", plainly, plainly)


# -- forms -------------------------------------------------------------------------------------------------------------------------

def test_plain_forms_give_payloads_that_can_be_marked_right():
    match, order = source("match"), source("order")
    forms = {
        "choice": [("q", "b")], "truefalse": [("q", "true")], "multi": [("q.sent", "1"), ("q", "c"), ("q", "a")], "text": [("q", "いらっしゃいます")],
        "number": [("q", "45")], "cloze": [("q.0", "book"), ("q.1", "please")],
        "match": [(f"q.{o['key']}", o["pair"]) for o in match["options"]],
        "order": [(f"q.{o['key']}", f"{n}") for n, o in enumerate(order["options"], 1)],
    }
    for kind, fields in forms.items():
        made = source(kind)
        assert grading.mark(made, grading.payload_from_form(made, MultiDict(fields), "q")).right is True, kind


@pytest.mark.parametrize("kind", BODIES)
def test_a_form_without_the_question_has_no_payload(kind):
    made = source(kind)
    assert grading.payload_from_form(made, MultiDict([("other", "a"), ("other.a", "1")]), "q") is None
    assert grading.empty(None)


def test_a_form_that_was_left_empty_gives_an_empty_payload():
    for kind, names in (("multi", ["q.sent"]), ("text", ["q"]), ("cloze", ["q.0", "q.1"]), ("match", ["q.a", "q.b"]), ("order", ["q.a", "q.b"])):
        fields = [(name, "1" if name.endswith("sent") else "") for name in names]
        assert grading.empty(grading.payload_from_form(source(kind), MultiDict(fields), "q")), kind
    assert not grading.empty(["", "b"])
    assert not grading.empty({"a": "b"})


def test_giving_every_line_the_same_place_earns_nothing():
    made = source("order")
    payload = grading.payload_from_form(made, MultiDict([(f"q.{o['key']}", "1") for o in made["options"]]), "q")
    assert payload == ["", "", "", ""]
    assert grading.mark(made, payload).score == 0


def test_a_line_without_a_place_leaves_the_others_where_they_are():
    made = source("order")
    steps = [option["key"] for option in made["options"]]
    fields = [(f"q.{steps[0]}", ""), (f"q.{steps[1]}", "2"), (f"q.{steps[2]}", "3"), (f"q.{steps[3]}", "3")]
    payload = grading.payload_from_form(made, MultiDict(fields), "q")
    assert payload == ["", steps[1], "", ""]
    assert grading.mark(made, payload).score == Fraction(1, 4)


@pytest.mark.parametrize("place", ["0", "5", "x", "１", "-1", "1.0"])
def test_a_place_that_is_none_is_refused(place):
    made = source("order")
    with pytest.raises(grading.BadPayload):
        grading.payload_from_form(made, MultiDict([("q.a", place)]), "q")


# -- the score of a set (A3, row 2) --------------------------------------------------------------------------------------------------

def test_four_answers_of_fifty_are_eight_percent():
    made = source("choice")
    questions = [{"id": f"q-{n:06}"} for n in range(50)]
    marks = {question["id"]: grading.mark(made, "b") for question in questions[:4]}
    assert grading.score(questions, marks) == Fraction(8, 100)


def test_marks_of_questions_outside_of_the_set_do_not_count():
    marked = grading.mark(source("choice"), "b")
    assert grading.score([{"id": "q-000001"}, {"id": "q-000002"}], {"q-000001": marked, "q-000009": marked}) == Fraction(1, 2)
    assert grading.score([], {"q-000009": marked}) == 0


# -- typed answers (A3, row 19) ----------------------------------------------------------------------------------------------------

@given(st.text(max_size=30).filter(str.isprintable))
def test_an_accepted_answer_is_accepted_however_it_is_typed(text):
    made = source("text")
    made["accepted"] = {"ja": [{"kind": "=", "answer": text, "note": ""}]}
    made["fold"] = list(WAYS)
    if fold(text, WAYS):
        assert grading.mark(made, f"  {text}。 ").right is True


def test_both_ends_of_a_range_are_right():
    made = source("number", "How much?\n= 0.3 ± 0.1")
    assert [grading.mark(made, typed).right for typed in ("0.2", "0.4", "0.19", "0.41", "0.3000")] == [True, True, False, False, True]
