"""The languages of an item: all there, with the same screens, and the same questions with the same answers."""
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from jetlms.learning.coursefiles.model import Course
from jetlms.learning.coursefiles.texts import LANGUAGE, Problem, Question, Text

Difference = tuple[str, str, Callable[[Question], Any]]
# What must be the same, how it is called, and how it is found. The first that differs is said.
SAME: tuple[Difference, ...] = (
    ("type", "種類", lambda q: q.type),
    ("use", "use", lambda q: q.use),
    ("number of options", "選択肢の数", lambda q: len(q.options)),
    ("right options", "正解の選択肢", lambda q: [o.right for o in q.options]),
    ("right answer", "正解", lambda q: [a.answer for a in q.accepted if a.kind == "="] if q.type in {"truefalse", "number"} else []),
    ("number of answers", "答えの数", lambda q: len(q.accepted) if q.type == "number" else 0),
    ("number of gaps", "空欄の数", lambda q: len(q.gaps)),
    ("attributes", "属性", lambda q: {key: value for key, value in q.attrs.items() if key not in {"id", "type", "use", "lang"}}),
)


def variants(course: Course) -> Iterator[Problem]:
    """Every item is there in every language of the course, and says the same in each."""
    for item in course.items():
        for lang in course.langs:
            if lang not in item.texts and lang not in item.broken:
                yield Problem(item.first.path, 1, "variant", f"the {LANGUAGE[lang][0]} variant is missing", f"{LANGUAGE[lang][1]}版がありません")
        for text in item.texts.values():
            if text is not item.first:
                yield from _parity(item.first, text)


def _parity(base: Text, text: Text) -> Iterator[Problem]:
    name, name_ja = LANGUAGE[base.lang]
    if len(base.screens) != len(text.screens):
        yield Problem(text.path, 1, "screens", f"{len(text.screens)} screens, the {name} file has {len(base.screens)}",
                      f"画面が{len(text.screens)}枚ですが、{name_ja}版は{len(base.screens)}枚です")
    yield from _questions(base, text)
    media = [(m.kind, m.src) for m in base.media()]
    for part, there in zip_longest(text.media(), media):
        if part is None or (part.kind, part.src) != there:
            yield Problem(text.path, part.line if part else 1, "parity", f"other sounds or films than in the {name} file",
                          f"音声・動画が{name_ja}版と異なります", "warning")
            return


def _questions(base: Text, text: Text) -> Iterator[Problem]:
    theirs, name, name_ja = {q.id: q for q in base.questions()}, *LANGUAGE[base.lang]
    ours = {q.id: q for q in text.questions()}
    for q in ours.values():
        if q.id not in theirs:
            yield Problem(text.path, q.line, "parity", f"question {q.id} is not in the {name} file", f"質問{q.id}が{name_ja}版にありません")
        elif said := _difference(theirs[q.id], q):
            yield Problem(text.path, q.line, "parity", f"{q.id}: {said[0]} differs from the {name} file (line {theirs[q.id].line})",
                          f"{q.id}：{said[1]}が{name_ja}版（{theirs[q.id].line}行目）と異なります")
    for q in theirs.values():
        if q.id not in ours:
            yield Problem(base.path, q.line, "parity", f"question {q.id} is not in the {LANGUAGE[text.lang][0]} file",
                          f"質問{q.id}が{LANGUAGE[text.lang][1]}版にありません")
    if set(ours) == set(theirs) and len(base.screens) == len(text.screens):
        yield from _places(base, text)


def _difference(theirs: Question, ours: Question) -> tuple[str, str] | None:
    return next(((en, ja) for en, ja, get in SAME if get(theirs) != get(ours)), None)


def _places(base: Text, text: Text) -> Iterator[Problem]:
    """The same questions stand on the same screens, in the same order."""
    there = [[q.id for q in screen if isinstance(q, Question)] for screen in base.screens]
    for screen, keys in zip(text.screens, there, strict=True):
        for q, key in zip_longest((q for q in screen if isinstance(q, Question)), keys):
            if q is None or q.id != key:
                yield Problem(text.path, q.line if q else 1, "parity",
                              f"the questions stand in another order than in the {LANGUAGE[base.lang][0]} file",
                              f"質問の位置または順序が{LANGUAGE[base.lang][1]}版と異なります")
                return
