"""Fill in the ids that authors leave open: `id = "?"` and `id=?`. What is one thing in two languages gets one id.

Questions of the two files are paired by their order. While the files do not have equally many, theirs stay open (the linter says so):
an id is written once, so a guess could never be taken back.
"""
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jetlms.learning.coursefiles.blocks import fence_end
from jetlms.learning.coursefiles.files import straight

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
FRONT = re.compile(r"""^(\s*id\s*=\s*)(["'])([^"']*)\2""")
QUESTION = re.compile(r"^(:::\s*question\b[^\n]*?\sid=)([\"']?)([^\s\"']*)\2")
ANY_ID = re.compile(r"\b[clmq]-[0-9a-hjkmnp-tv-z]{6}\b")
TEXT_FILE = re.compile(r"^(.+)\.(en|ja)\.md$")
OPEN = "?"


@dataclass
class Slot:
    """A place in a file where an id stands, or is open."""

    line: int
    match: re.Match[str]

    @property
    def id(self) -> str:
        """What stands there: an id, or ?."""
        return self.match[3]


@dataclass
class File:
    """A file and its places for ids: its own first (None if it has none), then those of its questions."""

    path: Path
    lines: list[str]
    own: Slot | None
    questions: list[Slot]
    minted: int = 0

    def fill(self, slot: Slot, key: str) -> None:
        """Write an id into an open place."""
        m = slot.match
        line = self.lines[slot.line]
        self.lines[slot.line] = f"{line[:m.start()]}{m[1]}{m[2]}{key}{m[2]}{line[m.end():]}"
        self.minted += 1

    def save(self) -> None:
        """Put the new file in the place of the old one, with its line ends."""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        beside.write_bytes("\n".join(self.lines).encode())
        beside.chmod(self.path.stat().st_mode)
        beside.replace(self.path)


def mint(folder: Path) -> int:
    """Fill every open id of a course folder in place; returns how many places were filled. Files that are not UTF-8 are left alone."""
    fresh = minter(folder)
    files = []
    for path in (folder / "course.toml", *sorted(folder.glob("*/module.toml"))):
        if file := _open(path, folder):
            files.append(file)
            _settle([file.own], [file], fresh, "c" if path.parent == folder else "m")
    for group in _groups(folder):
        files += group
        _settle([file.own for file in group], group, fresh, "l")
        if len({len(file.questions) for file in group}) == 1:
            for slots in zip(*(file.questions for file in group), strict=True):
                _settle(list(slots), group, fresh, "q")
    for file in files:
        if file.minted:
            file.save()
    return sum(file.minted for file in files)


def minter(folder: Path) -> Callable[[str], str]:
    """Return what makes new ids of a letter's kind: random, and none that stands in this course folder or one beside it."""
    courses = {path.parent for path in folder.resolve().parent.glob("*/course.toml")} | {folder}
    taken = {key for course in courses for suffix in ("md", "toml") for path in course.rglob(f"*.{suffix}")
             for key in ANY_ID.findall(path.read_text("utf-8", errors="replace"))}

    def fresh(letter: str) -> str:
        key = f"{letter}-" + "".join(secrets.choice(ALPHABET) for _n in range(6))
        if key in taken:
            return fresh(letter)
        taken.add(key)
        return key
    return fresh


def _settle(slots: list[Slot | None], files: list[File], fresh: Callable[[str], str], letter: str) -> None:
    """Give the places of one thing one id: the one it has in some language, else a new one."""
    there = [(slot, file) for slot, file in zip(slots, files, strict=True) if slot is not None]
    ids = {slot.id for slot, _file in there} - {OPEN}
    if len(ids) > 1 or all(slot.id != OPEN for slot, _file in there):
        return
    key = next(iter(ids), "") or fresh(letter)
    for slot, file in there:
        if slot.id == OPEN:
            file.fill(slot, key)


def _groups(folder: Path) -> list[list[File]]:
    """Return the files of each item: one for each language."""
    groups: dict[tuple[Path, str], list[File]] = {}
    for path in sorted([*folder.glob("*/*.md"), *folder.glob("*/*.*/exercise.*.md")]):
        found = TEXT_FILE.match(path.name)
        if found and (file := _open(path, folder)):
            groups.setdefault((path.parent, found[1]), []).append(file)
    return list(groups.values())


def _open(path: Path, root: Path) -> File | None:
    try:
        text = path.read_bytes().decode() if straight(path, root) else ""
    except (OSError, UnicodeDecodeError):
        return None
    lines = text.split("\n")
    end = len(lines) if path.suffix == ".toml" else _front_end(lines)
    own = next((Slot(n, found) for n, line in enumerate(lines[:end]) if (found := FRONT.match(line))), None)
    return File(path, lines, own, _questions(lines, end) if path.suffix == ".md" else [])


def _front_end(lines: list[str]) -> int:
    """Return the line that ends the part between +++."""
    if lines[0].removeprefix("\ufeff").rstrip() != "+++":
        return 0
    return next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "+++"), 0)


def _questions(lines: list[str], start: int) -> list[Slot]:
    slots, number = [], start
    while number < len(lines):
        if found := QUESTION.match(lines[number]):
            slots.append(Slot(number, found))
        number = (fence_end(lines, number) or number) + 1
    return slots
