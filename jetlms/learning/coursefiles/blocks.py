"""The inside of a text: screens, questions, sound and film. Boxes (::: example …) stay Markdown until they are rendered."""
import re
from pathlib import Path

from jetlms.learning.coursefiles.attributes import attributes
from jetlms.learning.coursefiles.questions import read_question
from jetlms.learning.coursefiles.texts import Media, Part, Problem, Prose, Question

OPEN = re.compile(r"^:::\s*(question|example|tip|care|say)(?![\w-])(.*)$")
COLONS = re.compile(r"^:::")
MEDIA = re.compile(r"^::(audio|video)\s+([^\s=\"']+)(?=\s|$)(.*)$")
HALF = re.compile(r"^::[A-Za-z]")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
MEDIA_WORDS = frozenset({"title", "synthetic"})
Screens = tuple[tuple[Part, ...], ...]


def read_screens(path: Path, lines: list[str], start: int, problems: list[Problem]) -> Screens:
    """Return the screens of a text, from line index `start` on: Markdown pieces, questions, media, in order. Empty screens are left out."""
    return _Reader(path, lines, problems).read(start)


def fence_end(lines: list[str], start: int) -> int | None:
    """Return the index of the line that closes the code fence opened on line `start`; None when it is none, or never closed."""
    found = FENCE.match(lines[start])
    if found is None:
        return None
    return next((n for n in range(start + 1, len(lines)) if _closes(lines[n], found[1])), None)


def _closes(line: str, mark: str) -> bool:
    text = line.strip()
    return len(text) >= len(mark) and not text.strip(mark[0])


class _Reader:
    """Goes through the lines once. Each kind of line has a method that takes it and returns where to go on, or None if it is another kind."""

    def __init__(self, path: Path, lines: list[str], problems: list[Problem]) -> None:
        self.path, self.lines, self.problems = path, lines, problems
        self.screens: list[tuple[Part, ...]] = []
        self.parts: list[Part] = []
        self.prose: list[str] = []
        self.opened = 0                    # line of the screen's beginning

    def read(self, start: int) -> Screens:
        number, self.opened = start, start
        while number < len(self.lines):
            number = self._fence(number) or self._break(number) or self._block(number) or self._media(number) or self._line(number)
        self._close_screen(len(self.lines))
        return tuple(self.screens)

    def _problem(self, number: int, code: str, en: str, ja: str, severity: str = "error") -> None:
        self.problems.append(Problem(self.path, number + 1, code, en, ja, severity))

    def _line(self, number: int) -> int:
        self.prose.append(self.lines[number])
        return number + 1

    def _fence(self, number: int) -> int | None:
        if not FENCE.match(self.lines[number]):
            return None
        end = fence_end(self.lines, number)
        if end is None:
            self._problem(number, "unclosed", "this code fence is not closed", "コードの囲みが閉じられていません")
            return self._line(number)
        self.prose += self.lines[number:end + 1]
        return end + 1

    def _break(self, number: int) -> int | None:
        if self.lines[number].strip() != "---":
            return None
        before, after = (self.lines[n].strip() if n < len(self.lines) else "" for n in (number - 1, number + 1))
        if (before and number > self.opened) or after:
            self._problem(number, "break", "--- ends a screen: leave a blank line above and below it",
                          "「---」は画面の区切りです。上下を空行にしてください", "warning")
        self._close_screen(number)
        self.opened = number + 1
        return number + 1

    def _close_screen(self, number: int) -> None:
        self._close_prose(number)
        if self.parts:
            self.screens.append(tuple(self.parts))
        else:
            self._problem(max(self.opened - 1, 0), "empty", "the screen that begins here is empty", "ここから始まる画面が空です", "warning")
        self.parts = []

    def _close_prose(self, number: int) -> None:
        """End the Markdown that stands before line index `number`."""
        first = next((n for n, line in enumerate(self.prose) if line.strip()), None)
        if first is not None:
            self.parts.append(Prose("\n".join(self.prose[first:]).rstrip(), number - len(self.prose) + first + 1))
        self.prose.clear()

    def _block(self, number: int) -> int | None:
        line = self.lines[number]
        if not COLONS.match(line):
            return None
        if line.strip() == ":::":
            self._problem(number, "stray", "this ::: closes nothing", "対応する始まりのない「:::」です")
            return self._line(number)
        end = self._end(number)
        if end is None:
            return self._line(number)
        found = OPEN.match(line)
        if found is None:
            self._problem(number, "block", f"there is no block {line[3:].strip().split(' ')[0]!r}: question, example, tip, care, say",
                          "このブロックはありません（使えるのは question、example、tip、care、say）")
        elif found[1] == "question":
            self._close_prose(number)
            self.parts.append(self._question(number, end, found[2]))
            return end + 1
        self.prose += self.lines[number:end + 1]
        return end + 1

    def _question(self, number: int, end: int, head: str) -> Question:
        return read_question(self.path, self.lines[number + 1:end], number + 1, head, self.problems)

    def _end(self, start: int) -> int | None:
        """Return the index of the ::: that closes the block opened on line `start`, None (and a problem) when there is none."""
        number = start + 1
        while number < len(self.lines):
            line = self.lines[number]
            if line.strip() == ":::":
                return number
            if COLONS.match(line):
                break
            number = (fence_end(self.lines, number) or number) + 1
        self._problem(start, "unclosed", f"this ::: block is not closed (looked as far as line {number})",
                      f"「:::」のブロックが閉じられていません（{number}行目まで確認）")
        return None

    def _media(self, number: int) -> int | None:
        line = self.lines[number]
        found = MEDIA.match(line)
        if found is None:
            if HALF.match(line):
                self._problem(number, "media", 'expected ::audio assets/name.mp3 title="…" or ::video …',
                              "「::audio assets/名前.mp3 title=\"…\"」または「::video …」と書いてください")
            return None
        self._close_prose(number)
        attrs = attributes(self.path, number + 1, found[3], MEDIA_WORDS, self.problems)
        self.parts.append(Media(found[1], found[2], attrs.get("title", ""), attrs.get("synthetic") == "yes", number + 1))
        return number + 1
