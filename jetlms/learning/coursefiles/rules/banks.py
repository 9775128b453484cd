"""Pools of questions: what a quiz draws is there, and is used."""
from collections.abc import Iterator

from jetlms.learning.coursefiles.model import Course, Item, Problem
from jetlms.learning.coursefiles.tables import line_of


def draws(course: Course) -> Iterator[Problem]:
    """A quiz draws from a bank that is there, as many questions as it has at most; every bank is drawn from."""
    for item in course.items():
        if item.pool or item.draw:
            for word, en, ja in _one(course, item):
                yield Problem(item.first.path, line_of(item.first.lines, word), word, en, ja)
    used = {item.pool for item in course.items()}
    for name, bank in course.banks.items():
        if name not in used:
            yield Problem(bank.first.path, 1, "unused", "no quiz draws from this bank", "この問題バンクを使う確認テストがありません", "warning")


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
