"""Pools of questions: what a quiz draws is there, and is used."""
from collections.abc import Iterator

from jetlms.learning.coursefiles.model import Course, Item, Problem
from jetlms.learning.coursefiles.tables import line_of

LEAST = 12                             # questions of a placement bank: three for each quarter of a level
UNMARKED = frozenset({"essay", "file"})


def draws(course: Course) -> Iterator[Problem]:
    """A quiz draws from a bank that is there, as many questions as it has at most; every bank is drawn from."""
    for item in course.items():
        if item.pool or item.draw:
            for word, en, ja in _one(course, item):
                yield Problem(item.first.path, line_of(item.first.lines, word), word, en, ja)
    used = {item.pool for item in course.items()} | {course.placement}
    yield from _placement(course)
    for name, bank in course.banks.items():
        if name not in used:
            yield Problem(bank.first.path, 1, "unused", "no quiz draws from this bank", "この問題バンクを使うテストがありません", "warning")


def _one(course: Course, item: Item) -> Iterator[tuple[str, str, str]]:
    bank = course.banks.get(item.pool)
    if item.kind != "quiz":
        yield "pool", "only a quiz draws from a bank", "問題バンクを使えるのは確認テストだけです"
    elif not item.pool:
        yield "draw", 'say from which bank: pool = "name"', "「pool = \"name\"」で問題バンクを指定してください"
    elif bank is None:
        yield "pool", f"there is no bank {item.pool!r} in banks/", f"banks/に問題バンク「{item.pool}」がありません"
    elif not 1 <= item.draw <= (most := len(bank.first.questions())):
        yield "draw", f"draw = {item.draw}: the bank has {most} questions", f"draw = {item.draw}：問題バンクの問題は{most}問です"


def _placement(course: Course) -> Iterator[Problem]:
    """The bank of the placement quiz is there, with enough questions, all of which the system can mark."""
    if not course.placement:
        return
    line, bank = line_of(course.lines, "level.placement"), course.banks.get(course.placement)
    if bank is None:
        yield Problem(course.file, line, "pool", f"there is no bank {course.placement!r} in banks/",
                      f"banks/に問題バンク「{course.placement}」がありません")
        return
    questions = bank.first.questions()
    if len(questions) < LEAST:
        yield Problem(bank.first.path, 1, "draw", f"a placement quiz needs at least {LEAST} questions of each level",
                      f"レベル診断には各レベル{LEAST}問以上が必要です")
    for question in questions:
        if question.type in UNMARKED:
            yield Problem(bank.first.path, question.line, "type", "this type cannot be used in a placement quiz: nobody marks it",
                          "採点されない形式のため、レベル診断には使えません")
