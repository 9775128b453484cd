"""Read a course folder. Never raises for what authors write: whatever is wrong becomes a Problem with its file and line."""
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jetlms.learning.coursefiles.blocks import read_screens
from jetlms.learning.coursefiles.exercises import read_exercise, read_notes
from jetlms.learning.coursefiles.files import listing, read
from jetlms.learning.coursefiles.model import KINDS, Course, Item, Module, Term
from jetlms.learning.coursefiles.tables import (
    BOTH,
    NAMES,
    NUMBER,
    NUMBERS,
    TEXT,
    TEXTS,
    YES_NO,
    Shape,
    Table,
    line_of,
    read_table,
)
from jetlms.learning.coursefiles.texts import LANGS, Exercise, Problem, Text

NAME = re.compile(r"^(?:(\d{1,6})-)?([a-z0-9-]+?)(?:\.(quiz|task))?\.(en|ja)\.md$")
NUMBERED = re.compile(r"^(\d{1,6})")
TOP_FILES = frozenset({"course.toml", "glossary.tsv", "moved.toml", "readings.tsv"})
BANKS = "banks"                                                # the folder of pools of questions
BANK = re.compile(r"^([a-z0-9-]+)\.quiz\.(en|ja)\.md$")
TERM_COLUMNS = ["id", "ja", "reading", "en", "note_ja", "note_en"]
MORE_COLUMN = re.compile(r"^(?:not_)?[a-z]{2}$")               # another language, or what not to write in one
EXERCISE = re.compile(r"^(?:(\d{1,6})-)?([a-z0-9-]+?)\.(trans|interp)$")

COURSE: Shape = {
    "format": NUMBER, "id": TEXT, "base_lang": TEXT, "langs": TEXTS, "title": BOTH, "summary": BOTH,
    "audience": {"job_types": TEXTS, "private": YES_NO},
    "admission": {"bank": TEXT, "questions": NUMBER, "minutes": NUMBER},
    "level": {"ladder": TEXT, "rank": NUMBER, "placement": TEXT, "change_days": NUMBER},
    "schedule": {"window_days": NUMBER, "due_days": NUMBER}, "mastery": {"pass_percent": NUMBER, "attempts": NUMBER, "wait_hours": NUMBER},
    "marking": {"pass_percent": NUMBER, "days": NUMBER}, "completion": {"require": TEXTS}, "certificate": {"template": TEXT, "valid_months": NUMBER},
}
MODULE: Shape = {"id": TEXT, "title": BOTH, "goal": BOTH, "use": TEXTS}
FRONT: Shape = {"id": TEXT, "title": TEXT, "minutes": NUMBER, "optional": YES_NO, "replaces": TEXTS, "pool": TEXT, "draw": NUMBER,
                "marked": YES_NO}
BANK_FRONT: Shape = {"title": TEXT}
EXERCISE_FRONT: Shape = {**FRONT, "mode": TEXT, "test": YES_NO, "names": NAMES, "chunks": NUMBERS}
MOVED: Shape = {"retired": NAMES}


def read_course(folder: Path) -> tuple[Course, list[Problem]]:
    """Return the course in `folder` and what is wrong with its files (structure; `lint` judges the content)."""
    problems: list[Problem] = []
    entries = listing(folder, folder, problems)
    if not entries and problems:
        return Course(folder), problems
    table = _toml(folder / "course.toml", folder, COURSE, problems)
    course = Course(folder, table.data.get("id", ""), table.data, lines=table.lines)
    if folder / "moved.toml" in entries:
        moved = _toml(folder / "moved.toml", folder, MOVED, problems)
        course.retired, course.moved_lines = moved.data.get("retired", {}), moved.lines
    if folder / "glossary.tsv" in entries:
        course.terms = _terms(folder / "glossary.tsv", folder, problems)
    for path in sorted(entries, key=_place):
        if path.is_dir() and path.name == BANKS:
            course.banks = _banks(path, folder, problems)
        elif path.is_dir() and path.name != "assets":
            course.modules += _module(path, folder, problems)
        elif path.name not in TOP_FILES | {"assets"}:
            problems.append(_ignored(path))
    return course, problems


def _place(path: Path) -> tuple[int, str]:
    found = NUMBERED.match(path.name)
    return (int(found[1]) if found else 0, path.name)


def _ignored(path: Path) -> Problem:
    return Problem(path, 1, "ignored", "nothing reads this file", "このファイルは使われません", "warning")


def _toml(path: Path, root: Path, shape: Shape, problems: list[Problem]) -> Table:
    text = read(path, root, problems)
    return (read_table(text, shape, path, problems) if text is not None else None) or Table()


# -- modules and their items -------------------------------------------------------------------------------------------------------

def _module(path: Path, root: Path, problems: list[Problem]) -> list[Module]:
    """Return the module in a folder, in a list; none (and a problem) when it is no module."""
    entries = listing(path, root, problems)
    if path / "module.toml" not in entries:
        problems.append(Problem(path / "module.toml", 1, "missing", "this file is missing: every folder except assets is a module",
                                "このファイルがありません。assets以外のフォルダーはすべてモジュールです"))
    table = _toml(path / "module.toml", root, MODULE, problems) if path / "module.toml" in entries else Table()
    data = table.data
    module = Module(data.get("id", ""), path, data.get("title", {}), data.get("goal", {}), use=tuple(data.get("use", ())), lines=table.lines)
    drafts: dict[tuple[int, str, int], _Draft] = {}
    for file in entries:
        if file.is_dir() and (found := EXERCISE.match(file.name)):
            _exercise(file, root, found, drafts, problems)
        elif file.name != "module.toml":
            _collect(file, root, drafts, problems)
    module.items = [item for key in sorted(drafts) if (item := drafts[key].item(problems))]
    return [module]


@dataclass
class _Draft:
    """An item while its languages are being read."""

    kind: str
    stem: str
    fronts: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    exercise: Exercise | None = None

    def item(self, problems: list[Problem]) -> Item | None:
        """Return the item, None when none of its files could be read."""
        if not self.texts:
            return None
        lang = next(iter(self.texts))
        front = self.fronts[lang]
        for other in self.texts:
            self._same(lang, other, problems)
        return Item(front.get("id", ""), self.kind, self.stem, front.get("optional", False), tuple(front.get("replaces", ())), self.texts,
                    frozenset(self.broken), self.exercise, front.get("pool", ""), front.get("draw", 0), front.get("marked", False))

    def _same(self, lang: str, other: str, problems: list[Problem]) -> None:
        for word, empty in (("id", ""), ("optional", False), ("replaces", []), ("mode", ""), ("test", False), ("names", {}), ("chunks", []),
                            ("pool", ""), ("draw", 0), ("marked", False)):
            here, there = self.fronts[other].get(word, empty), self.fronts[lang].get(word, empty)
            if here != there:
                text = self.texts[other]
                problems.append(Problem(text.path, line_of(text.lines, word), "id" if word == "id" else "front",
                                        f"{word} is {here!r} here and {there!r} in the other language",
                                        f"{word}がもう一方の言語と異なります（ここは{here!r}、もう一方は{there!r}）"))


def _banks(folder: Path, root: Path, problems: list[Problem]) -> dict[str, Item]:
    """Return the pools of questions by name."""
    drafts: dict[str, _Draft] = {}
    for file in listing(folder, root, problems):
        found = BANK.match(file.name)
        if found is None:
            problems.append(Problem(file, 1, "name", "expected name.quiz.en.md or name.quiz.ja.md, in lower case",
                                    "ファイル名は小文字で「name.quiz.en.md」または「name.quiz.ja.md」としてください"))
            continue
        draft = drafts.setdefault(found[1], _Draft("quiz", found[1]))
        text = _text(file, root, found[2], problems, BANK_FRONT)
        if text is None:
            draft.broken.add(found[2])
        else:
            draft.fronts[found[2]], draft.texts[found[2]] = text
    return {name: item for name, draft in drafts.items() if (item := draft.item(problems))}


def _collect(file: Path, root: Path, drafts: dict[tuple[int, str, int], _Draft], problems: list[Problem]) -> None:
    """Read one file of a module into the draft of its item."""
    match = NAME.match(file.name)
    if match is None:
        if file.suffix == ".md":
            problems.append(Problem(file, 1, "name", "expected NN-name[.quiz|.task].en.md or .ja.md, in lower case",
                                    "ファイル名は小文字で「NN-name[.quiz|.task].en.md」または「.ja.md」としてください"))
        else:
            problems.append(_ignored(file))
        return
    kind, lang = match[3] or "lesson", match[4]
    draft = drafts.setdefault((int(match[1] or 0), match[2], KINDS.index(kind)), _Draft(kind, match[2]))
    found = _text(file, root, lang, problems)
    if found is None:
        draft.broken.add(lang)
    else:
        draft.fronts[lang], draft.texts[lang] = found


def _exercise(folder: Path, root: Path, found: re.Match[str], drafts: dict[tuple[int, str, int], _Draft], problems: list[Problem]) -> None:
    """Read the folder of a translation or interpreting exercise into the draft of its item."""
    kind = "translation" if found[3] == "trans" else "interpreting"
    draft = drafts.setdefault((int(found[1] or 0), found[2], KINDS.index(kind)), _Draft(kind, found[2]))
    entries = {path.name: path for path in listing(folder, root, problems)}
    for lang in LANGS:
        file, notes = entries.pop(f"exercise.{lang}.md", None), entries.pop(f"notes.{lang}.md", None)
        text = _text(file, root, lang, problems, EXERCISE_FRONT) if file else None
        if text is not None:
            said = read_notes(notes, root, problems) if notes else {}
            draft.fronts[lang], draft.texts[lang] = text[0], replace(text[1], notes=said)
        elif file:
            draft.broken.add(lang)
    if not draft.texts:
        problems.append(Problem(folder / "exercise.en.md", 1, "missing", "an exercise has a file exercise.en.md or exercise.ja.md",
                                "課題フォルダーには exercise.en.md または exercise.ja.md が必要です"))
        return
    draft.exercise = read_exercise(folder, root, entries, next(iter(draft.fronts.values())), problems)


def _text(path: Path, root: Path, lang: str, problems: list[Problem], shape: Shape = FRONT) -> tuple[dict[str, Any], Text] | None:
    """Return what stands between the +++ of a file, and its text; None when it cannot be told apart."""
    source = read(path, root, problems)
    return None if source is None else parse_text(path, source, lang, problems, shape)


def parse_text(path: Path, source: str, lang: str, problems: list[Problem], shape: Shape = FRONT) -> tuple[dict[str, Any], Text] | None:
    """Return what stands between the +++ of a text, and the text; None when it cannot be told apart. The file need not exist."""
    lines = source.split("\n")
    if lines[0].rstrip() != "+++":
        problems.append(Problem(path, 1, "front", "the file must begin with a line +++", "ファイルは「+++」の行で始めてください"))
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "+++"), None)
    if end is None:
        problems.append(Problem(path, 1, "front", "the second line +++ is missing", "2つ目の「+++」の行がありません"))
        return None
    table = read_table("\n".join(lines[1:end]), shape, path, problems, first_line=2, code="front")
    screens = read_screens(path, lines, end + 1, problems)
    if table is None:
        return None
    data = table.data
    return data, Text(path, lang, data.get("title", ""), data.get("minutes", 0), screens, table.lines)


# -- the glossary ------------------------------------------------------------------------------------------------------------------

def _terms(path: Path, root: Path, problems: list[Problem]) -> list[Term]:
    return parse_terms(path, read(path, root, problems) or "", problems)


def parse_terms(path: Path, source: str, problems: list[Problem]) -> list[Term]:
    """Return the entries of a glossary."""
    lines = source.rstrip("\n").split("\n")
    head = lines[0].rstrip().split("\t")
    most = len(TERM_COLUMNS)
    if head[:most] != TERM_COLUMNS or not all(MORE_COLUMN.match(name) for name in head[most:]):
        problems.append(Problem(path, 1, "header", "expected the header id, ja, reading, en, note_ja, note_en, with tabs between "
                                "(then, if you like, other languages: zh, ko …, and words to avoid: not_en, not_ja …)",
                                "見出し行はタブ区切りで id, ja, reading, en, note_ja, note_en としてください"
                                "（続けて zh, ko などの言語と not_en, not_ja などの使わない語も置けます）"))
        return []
    terms = []
    for number, line in enumerate(lines[1:], 2):
        row = [cell.strip() for cell in line.split("\t")]
        if most <= len(row) <= len(head) and all(row[:most]):
            more = {name: cell for name, cell in zip(head[most:], row[most:], strict=False) if cell}
            terms.append(Term(*row[:most], more=more, line=number))
        else:
            problems.append(Problem(path, number, "columns", "six filled columns are expected, with tabs between",
                                    "タブ区切りの6列すべてを入力してください"))
    return terms
