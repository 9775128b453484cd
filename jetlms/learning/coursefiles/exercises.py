"""The folder of an exercise: its source, its models, the teacher's notes. One segment a line: `s1`, a tab, the text."""
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jetlms.learning.coursefiles.files import read
from jetlms.learning.coursefiles.texts import Exercise, Problem, Prose, Script, Segment

SOURCE = re.compile(r"^source\.([a-z]{2})\.txt$")
MODEL = re.compile(r"^ref-([a-z])\.([a-z]{2})\.txt$")
SOUNDS = ("sound.mp3", "sound.vtt")
NOTE = re.compile(r"^##\s+(\S+)\s*$")


def read_exercise(folder: Path, root: Path, entries: Mapping[str, Path], front: Mapping[str, Any], problems: list[Problem]) -> Exercise:
    """Return the exercise in a folder. `entries` are its files but for exercise.* and notes.*, `front` what stands between the +++."""
    sources: list[Script] = []
    models: dict[str, Script] = {}
    for name, path in entries.items():
        if found := SOURCE.match(name):
            sources.append(_script(path, root, found[1], problems))
        elif found := MODEL.match(name):
            models[found[1]] = _script(path, root, found[2], problems)
        elif name not in SOUNDS or folder.suffix != ".interp":
            problems.append(Problem(path, 1, "ignored", "nothing reads this file", "このファイルは使われません", "warning"))
    if len(sources) != 1:
        problems.append(Problem(folder / "source.ja.txt", 1, "source", "an exercise has one source: source.ja.txt, source.en.txt …",
                                "原文ファイル（source.ja.txt、source.en.txt など）を1つ置いてください"))
    mode = front.get("mode", "consecutive") if folder.suffix == ".interp" else ""
    return Exercise(folder, sources[0] if sources else None, models, mode, front.get("test", False), front.get("names", {}),
                    tuple(front.get("chunks", ())))


def _script(path: Path, root: Path, lang: str, problems: list[Problem]) -> Script:
    """Return a text in segments; empty lines and lines that begin with # are for authors."""
    segments = []
    for number, line in enumerate((read(path, root, problems) or "").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, tab, text = line.partition("\t")
        if tab and key.strip() and text.strip():
            segments.append(Segment(key.strip(), text.strip(), number))
        else:
            problems.append(Problem(path, number, "segment", "expected an id, a tab and a text: s1<TAB>…",
                                    "「s1」、タブ、本文の順に書いてください"))
    return Script(path, lang, tuple(segments))


def read_notes(path: Path, root: Path, problems: list[Problem]) -> dict[str, Prose]:
    """Return the teacher's notes by segment: Markdown under `## s1`."""
    notes: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    key = ""
    for number, line in enumerate((read(path, root, problems) or "").split("\n"), 1):
        if found := NOTE.match(line):
            key = found[1]
            places.setdefault(key, number + 1)
            notes.setdefault(key, [])
        elif key:
            notes[key].append(line)
        elif line.strip():
            problems.append(Problem(path, number, "note", "a note stands under the id of its segment: ## s1",
                                    "注は「## s1」のように、その文のidの見出しの下に書いてください"))
    return {key: _prose(lines, places[key]) for key, lines in notes.items()}


def _prose(lines: list[str], line: int) -> Prose:
    """Return Markdown whose first of `lines` is `line` of the file, without the empty ones around it."""
    while lines and not lines[0].strip():
        lines, line = lines[1:], line + 1
    return Prose("\n".join(lines).rstrip(), line)
