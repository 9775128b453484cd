"""Ids: well formed, used once, for ever the same thing."""
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jetlms.learning.coursefiles.model import KINDS, Course, Item
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import Problem

ID = re.compile(r"^[clmq]-[0-9abcdefghjkmnpqrstvwxyz]{6}$")
LETTER = {"course": "c", "module": "m", **dict.fromkeys(KINDS, "l"), "question": "q"}
NAME_JA = {"course": "講座", "module": "モジュール", "lesson": "レッスン", "quiz": "確認テスト", "task": "課題", "translation": "翻訳課題",
           "interpreting": "通訳課題", "question": "質問"}


@dataclass(frozen=True)
class Place:
    """Where an id stands. The two languages of one thing have the same `owner`."""

    key: str
    kind: str
    path: Path
    line: int
    owner: tuple[object, ...]


def ids(courses: list[Course], known: Mapping[str, str]) -> Iterator[Problem]:
    """Every id has its shape, stands for one thing in all courses, and never for another kind of thing than before."""
    first: dict[str, Place] = {}
    retired = {key for course in courses for key in course.retired}
    for place in (place for course in courses for place in places(course)):
        if place.key == "?":
            yield _problem(place, "open", "this id is still open: run ./jet courses mint",
                           "idが未設定です。./jet courses mint を実行してください")
        elif not ID.match(place.key) or place.key[0] != LETTER[place.kind]:
            yield _problem(place, "id", f"not an id for a {place.kind}: {place.key!r} (or write \"?\" and run ./jet courses mint)",
                           f"{NAME_JA[place.kind]}のidとして正しくありません：{place.key!r}（「?」と書いて ./jet courses mint も使えます）")
        elif place.key in first and first[place.key].owner != place.owner:
            there = first[place.key]
            yield _problem(place, "duplicate", f"{place.key} is used twice, first in {there.path}:{there.line}",
                           f"{place.key}が重複しています（最初は{there.path}の{there.line}行目）")
        elif place.key in retired:
            yield _problem(place, "reused", f"{place.key} was retired in moved.toml and is never used again",
                           f"{place.key}はmoved.tomlで廃止されたidです。再び使うことはできません")
        elif LETTER.get(known.get(place.key, place.kind)) != LETTER[place.kind]:
            yield _problem(place, "reused", f"{place.key} was published as a {known[place.key]}",
                           f"{place.key}は{NAME_JA.get(known[place.key], known[place.key])}として公開されたidです")
        first.setdefault(place.key, place)


def places(course: Course) -> Iterator[Place]:
    """Yield every place of an id: each file's own, and each question's in every language."""
    if course.lines:
        yield Place(course.id, "course", course.file, line_of(course.lines, "id"), (str(course.folder),))
    for module in course.modules:
        if module.lines:
            yield Place(module.id, "module", module.file, line_of(module.lines, "id"), (str(module.path),))
        for item in module.items:
            yield from _of_item(item)
    for bank in course.banks.values():
        yield from _of_questions(bank)


def _of_item(item: Item) -> Iterator[Place]:
    yield Place(item.id, item.kind, item.first.path, line_of(item.first.lines, "id"), (id(item),))
    yield from _of_questions(item)


def _of_questions(item: Item) -> Iterator[Place]:
    for text in item.texts.values():
        times: dict[str, int] = {}
        for question in text.questions():
            times[question.id] = times.get(question.id, 0) + 1
            yield Place(question.id, "question", text.path, question.line, (id(item), times[question.id]))


def replaced(courses: list[Course], known: Mapping[str, str]) -> Iterator[Problem]:
    """`replaces` names items that are gone; what moved.toml retires is an id and has a reason."""
    alive = {item.id for course in courses for item in course.items()}
    for course in courses:
        for text, key in ((item.first, key) for item in course.items() for key in item.replaces):
            line = line_of(text.lines, "replaces")
            if not ID.match(key) or key[0] != "l":
                yield Problem(text.path, line, "replaces", f"not an id of an item: {key!r}", f"教材のidではありません：{key!r}")
            elif key in alive:
                yield Problem(text.path, line, "replaces", f"{key} is still there, so nothing can replace it",
                              f"{key}はまだあるため、置き換えられません")
            elif known and key not in known and key not in course.retired:
                yield Problem(text.path, line, "replaces", f"{key} was never published", f"{key}は公開されたことがありません", "warning")
        for key, reason in course.retired.items():
            line = line_of(course.moved_lines, f"retired.{key}")
            if not ID.match(key):
                yield Problem(course.folder / "moved.toml", line, "id", f"not an id: {key!r}", f"idではありません：{key!r}")
            if not reason.strip():
                yield Problem(course.folder / "moved.toml", line, "reason", f"say what became of {key}",
                              f"{key}がどうなったか書いてください", "warning")


def gone(courses: list[Course], previous: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    """What was published is still there with its id and kind, or said to be retired or replaced. `previous`: manifests (impact.py)."""
    items = {item.id: item for course in courses for item in course.items()}
    retired = {key for course in courses for key in course.retired} | {key for item in items.values() for key in item.replaces}
    by_id = {course.id: course for course in courses}
    for manifest in previous:
        course = next((by_id[key] for key, kind in manifest["ids"].items() if kind == "course" and key in by_id), None)
        for key, was in manifest["items"].items() if course else ():
            if key in items and items[key].kind != was["kind"]:
                text = items[key].first
                yield Problem(text.path, line_of(text.lines, "id"), "reused", f"{key} was published as a {was['kind']}",
                              f"{key}は{NAME_JA[was['kind']]}として公開されたidです")
            elif course and key not in items and key not in retired:
                title = was["title"].get("en", "")
                yield Problem(course.folder / "moved.toml", 1, "gone",
                              f"{key} ({title}) was published and is gone: retire it here, or put its id back",
                              f"公開済みの{key}（{was['title'].get('ja', title)}）がありません。ここで廃止するか、idを戻してください")


def _problem(place: Place, code: str, en: str, ja: str) -> Problem:
    return Problem(place.path, place.line, code, en, ja)
