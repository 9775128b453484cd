"""Read a course folder. Never raises for what authors write: whatever is wrong becomes a Problem with its file and line."""
import csv
import re
import tomllib
from pathlib import Path
from typing import Any

from jetlms.learning.source.blocks import read_text
from jetlms.learning.source.model import KINDS, LANGS, Course, Item, Module, Problem, Term, Text

NAME = re.compile(r"^(?:(\d+)-)?([a-z0-9-]+?)(?:\.(quiz|task))?\.(en|ja)\.md$")
LARGEST = 300_000


def read_course(folder: Path) -> tuple[Course, list[Problem]]:
    """Return the course in `folder` and what is wrong with its files (structure; `lint` judges the content)."""
    problems: list[Problem] = []
    settings = read_toml(folder / "course.toml", problems)
    course = Course(folder, str(settings.get("id", "")), settings)
    course.terms = _terms(folder / "glossary.tsv", problems)
    if (folder / "moved.toml").exists():
        course.retired = {str(k): str(v) for k, v in read_toml(folder / "moved.toml", problems).get("retired", {}).items()}
    for path in sorted(p for p in folder.iterdir() if p.is_dir() and (p / "module.toml").exists()):
        course.modules.append(_module(path, problems))
    return course, problems


def read_toml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return a TOML file's content, {} with a problem when it cannot be read."""
    text = _read(path, problems)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        problems.append(Problem(path, int(found[1]) if found else 1, "toml", f"TOML: {error}", f"TOMLとして読めません：{error}"))
        return {}


def _read(path: Path, problems: list[Problem]) -> str:
    if path.is_symlink():
        problems.append(Problem(path, 1, "symlink", "links are not followed", "リンクは使えません"))
        return ""
    try:
        if path.stat().st_size > LARGEST:
            problems.append(Problem(path, 1, "size", "the file is too large", "ファイルが大きすぎます"))
            return ""
        return path.read_text("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        problems.append(Problem(path, 1, "missing", "this file is missing", "このファイルがありません"))
    except UnicodeDecodeError:
        problems.append(Problem(path, 1, "utf8", "the file is not UTF-8", "文字コードがUTF-8ではありません"))
    return ""


def _module(path: Path, problems: list[Problem]) -> Module:
    data = read_toml(path / "module.toml", problems)
    module = Module(str(data.get("id", "")), path, dict(data.get("title", {})), dict(data.get("goal", {})), use=tuple(data.get("use", ())))
    found: dict[tuple[int, str, int], Item] = {}
    for file in sorted(path.glob("*.md")):
        match = NAME.match(file.name)
        if match is None:
            problems.append(Problem(file, 1, "name", "expected NN-name[.quiz|.task].en.md or .ja.md",
                                    "ファイル名は「NN-name[.quiz|.task].en.md」または「.ja.md」としてください"))
            continue
        kind = match[3] or "lesson"
        front, text = _item_text(file, match[4], problems)
        key = (int(match[1] or 0), match[2], KINDS.index(kind))
        item = found.setdefault(key, Item(str(front.get("id", "")), kind, match[2], bool(front.get("optional")), tuple(front.get("replaces", ()))))
        if str(front.get("id", "")) != item.id:
            problems.append(Problem(file, 2, "id", f"the id differs from the other language's: {item.id}",
                                    f"もう一方の言語のid（{item.id}）と異なります"))
        item.texts[match[4]] = text
    module.items = [found[key] for key in sorted(found)]
    return module


def _item_text(path: Path, lang: str, problems: list[Problem]) -> tuple[dict[str, Any], Text]:
    source = _read(path, problems)
    lines = source.split("\n")
    front: dict[str, Any] = {}
    start = 0
    if lines and lines[0].strip() == "+++":
        try:
            start = lines.index("+++", 1)      # should the TOML end in mid-air, its last line is the place to look
            front = tomllib.loads("\n".join(lines[1:start]))
            start += 1
        except ValueError as error:
            found = re.search(r"line (\d+)", str(error))
            problems.append(Problem(path, int(found[1]) + 1 if found else max(start, 1), "front", f"the part between +++ cannot be read: {error}", f"「+++」の間が読めません：{error}"))
    else:
        problems.append(Problem(path, 1, "front", "the file must begin with +++", "ファイルは「+++」で始めてください"))
    screens = read_text(path, lines, start, problems)
    minutes = front.get("minutes", 0)
    return front, Text(path, lang, str(front.get("title", "")), minutes if isinstance(minutes, int) else 0, screens)


def _terms(path: Path, problems: list[Problem]) -> list[Term]:
    if not path.exists():
        return []
    rows = list(csv.reader(_read(path, problems).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != ["id", "ja", "reading", "en", "note_ja", "note_en"]:
        problems.append(Problem(path, 1, "header", "expected the header id, ja, reading, en, note_ja, note_en",
                                "見出し行は id, ja, reading, en, note_ja, note_en としてください"))
        return []
    terms = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != 6 or not all(row):  # noqa: PLR2004 -- the six columns
            problems.append(Problem(path, number, "columns", "six filled columns are expected", "6列すべてを入力してください"))
            continue
        terms.append(Term(*row))
    return terms


assert set(LANGS) == {"en", "ja"}  # noqa: S101 -- NAME knows these two
