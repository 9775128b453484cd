"""Pools of questions: what a quiz draws is there, and is used."""
from collections.abc import Iterator

from jetlms.learning.coursefiles.model import Course, Item
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import Problem

LEAST = 12                             # questions of a placement bank: three for each quarter of a level
UNMARKED = frozenset({"essay", "file"})


def draws(course: Course) -> Iterator[Problem]:
    """A quiz draws from a bank that is there, as many questions as it has at most; every bank is drawn from."""
    for item in course.items():
        if item.pool or item.draw:
            for word, en, ja in _one(course, item):
                yield Problem(item.first.path, line_of(item.first.lines, word), word, en, ja)
    used = {item.pool for item in course.items()} | set(course.asked_apart)
    yield from _asked_apart(course)
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


def _asked_apart(course: Course) -> Iterator[Problem]:
    """The banks asked by themselves are there, with enough questions, all of which the system can mark."""
    check = course.settings.get("admission", {})
    for key, name, least in (("level.placement", course.placement, LEAST), ("admission.bank", check.get("bank", ""), check.get("questions", LEAST))):
        if name in course.banks:
            yield from _markable(course.banks[name], least)
        elif name:
            yield Problem(course.file, line_of(course.lines, key), "pool", f"there is no bank {name!r} in banks/",
                          f"banks/に問題バンク「{name}」がありません")


def _markable(bank: Item, least: int) -> Iterator[Problem]:
    questions = bank.first.questions()
    if len(questions) < least:
        yield Problem(bank.first.path, 1, "draw", f"at least {least} questions are needed here", f"ここには{least}問以上が必要です")
    for question in questions:
        if question.type in UNMARKED:
            yield Problem(bank.first.path, question.line, "type", "this type cannot be used here: nobody marks it",
                          "採点されない形式のため、ここでは使えません")
