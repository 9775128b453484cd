"""TOML as authors write it: read, put into shape, and asked for the line on which a word stands."""
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jetlms.learning.coursefiles.texts import LANGS, Problem

HEADER = re.compile(r"^\s*\[([^\[\]]+)\]")
KEY = re.compile(r"""^\s*([A-Za-z0-9_."'-]+|"[^"]*"|'[^']*')\s*=""")


@dataclass(frozen=True)
class Kind:
    """A kind of value, and what it is called in both languages."""

    fits: Callable[[Any], bool]
    en: str
    ja: str


TEXT = Kind(lambda v: isinstance(v, str), "text in quotation marks", "引用符で囲んだ文字列")
NUMBER = Kind(lambda v: type(v) is int, "a whole number", "整数")
YES_NO = Kind(lambda v: isinstance(v, bool), "true or false", "true または false")
TEXTS = Kind(lambda v: isinstance(v, list) and all(isinstance(w, str) for w in v), "a list of texts", "文字列のリスト")
NUMBERS = Kind(lambda v: isinstance(v, list) and all(type(n) is int for n in v), "a list of whole numbers", "整数のリスト")
NAMES = Kind(lambda v: isinstance(v, dict) and all(isinstance(w, str) for w in v.values()), "a table of texts", "文字列の表")
Shape = Mapping[str, "Kind | Shape"]
BOTH: Shape = dict.fromkeys(LANGS, TEXT)


@dataclass(frozen=True)
class Table:
    """What a TOML text says, less what has not its shape. `lines` maps dotted keys to lines of the file."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read_table(text: str, shape: Shape, path: Path, problems: list[Problem], *, first_line: int = 1, code: str = "toml") -> Table | None:
    """Return a TOML text whose first line is `first_line` of `path`; None (and a problem) when it is not TOML."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        last = len(text.rstrip().split("\n"))
        line = min(int(found[1]), last) if found else last     # "at end of document": its last line is the place to look
        problems.append(Problem(path, first_line - 1 + line, code, f"this is not TOML: {error}", f"TOMLとして読めません：{error}"))
        return None
    lines = lines_of(text, first_line)
    return Table(_fitting(data, shape, "", lines, path, problems), lines)


def lines_of(text: str, first_line: int = 1) -> dict[str, int]:
    """Return the line of every key, dotted: {"": 1, "title": 5, "title.en": 6}. Never empty: it was read."""
    lines: dict[str, int] = {"": first_line}
    table = ""
    for number, line in enumerate(text.split("\n"), first_line):
        if found := HEADER.match(line):
            table = _bare(found[1]) + "."
            lines.setdefault(table[:-1], number)
        elif found := KEY.match(line):
            lines.setdefault(table + _bare(found[1]), number)
    return lines


def line_of(lines: Mapping[str, int], key: str) -> int:
    """Return the line of a dotted key, of the table it should stand in, or 1."""
    while key and key not in lines:
        key = key.rpartition(".")[0]
    return lines.get(key, 1)


def _bare(key: str) -> str:
    return re.sub(r"[\"'\s]", "", key)


def _fitting(data: dict[str, Any], shape: Shape, above: str, lines: dict[str, int], path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return the entries that have the kind the shape asks for; complain about the others."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        wanted, line = shape.get(key), line_of(lines, above + key)
        if wanted is None:
            problems.append(_unknown(above + key, difflib.get_close_matches(key, shape, 1), path, line))
        elif isinstance(wanted, Kind):
            if wanted.fits(value):
                kept[key] = value
            else:
                problems.append(Problem(path, line, "kind", f"{above}{key} must be {wanted.en}", f"{above}{key}は{wanted.ja}で書いてください"))
        elif isinstance(value, dict):
            kept[key] = _fitting(value, wanted, f"{above}{key}.", lines, path, problems)
        else:
            problems.append(Problem(path, line, "kind", f"{above}{key} must be a table: [{above}{key}]",
                                    f"{above}{key}は表［{above}{key}］として書いてください"))
    return kept


def _unknown(key: str, near: list[str], path: Path, line: int) -> Problem:
    hint, hinweis = (f"; did you mean {near[0]}?", f"（{near[0]}の誤りではありませんか）") if near else ("", "")
    return Problem(path, line, "unknown", f"nothing reads {key}{hint}", f"{key}という項目はありません{hinweis}", "warning")
