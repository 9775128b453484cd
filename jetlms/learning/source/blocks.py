"""The inside of a text: screens, questions, sound and film. Boxes (::: example …) stay Markdown until they are rendered."""
import re
import shlex
from pathlib import Path

from jetlms.learning.source.model import TYPES, Accepted, Media, Option, Part, Problem, Question

OPEN = re.compile(r"^:::\s*(question|example|tip|care|say)\b(.*)$")
MEDIA = re.compile(r"^::(audio|video)\s+(\S+)(.*)$")
OPTION = re.compile(r"^- \[([ xX])\] (.*)$")
FEEDBACK = re.compile(r"^\s+>\s?(.*)$")
ACCEPTED = re.compile(r"^([=~!]) (.*)$")
PAIR = re.compile(r"^- (.+?) -> (.+)$")
PLACE = re.compile(r"^\d+\. (.*)$")
EXPLANATION = re.compile(r"^>>\s?(.*)$")
GAP = re.compile(r"\[\[=(.+?)\]\]")


def read_text(path: Path, lines: list[str], start: int, problems: list[Problem]) -> tuple[tuple[Part, ...], ...]:
    """Return the screens of a text: Markdown pieces, questions, media, in order."""
    screens: list[tuple[Part, ...]] = []
    parts: list[Part] = []
    prose: list[str] = []
    fence = False
    number = start

    def close_prose() -> None:
        text = "\n".join(prose).strip("\n")
        if text.strip():
            parts.append(text)
        prose.clear()

    while number < len(lines):
        line = lines[number]
        if line.startswith("```"):
            fence = not fence
        block = None if fence else OPEN.match(line)
        media = None if fence else MEDIA.match(line)
        if not fence and line.strip() == "---":
            close_prose()
            screens.append(tuple(parts))
            parts = []
        elif block:
            end = _end(lines, number)
            if end is None:
                problems.append(Problem(path, number + 1, "unclosed", "this ::: block is not closed", "「:::」のブロックが閉じられていません"))
                prose.append(line)
            elif block[1] == "question":
                close_prose()
                parts.append(read_question(path, lines[number + 1:end], number + 1, block[2], problems))
                number = end
            else:
                prose += lines[number:end + 1]
                number = end
        elif media:
            close_prose()
            attrs = attributes(path, number + 1, media[3], problems)
            parts.append(Media(media[1], media[2], attrs.get("title", ""), attrs.get("synthetic") == "yes", number + 1))
        else:
            prose.append(line)
        number += 1
    close_prose()
    screens.append(tuple(parts))
    return tuple(screen for screen in screens if screen)


def _end(lines: list[str], start: int) -> int | None:
    for number in range(start + 1, len(lines)):
        if lines[number].strip() == ":::":
            return number
        if OPEN.match(lines[number]):
            return None
    return None


def attributes(path: Path, line: int, text: str, problems: list[Problem]) -> dict[str, str]:
    """Return key=value pairs; values may be quoted."""
    try:
        words = shlex.split(text)
    except ValueError:
        problems.append(Problem(path, line, "attributes", "a quotation mark is missing", "引用符が閉じられていません"))
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)


class _Reader:
    """Collects the lines of one question: the line decides by its look to what it belongs."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.prompt: list[str] = []
        self.options: list[dict[str, str]] = []
        self.accepted: list[Accepted] = []
        self.explanation: list[str] = []

    def take(self, line: str) -> None:
        if (found := EXPLANATION.match(line)):
            self.explanation.append(found[1])
        elif self.explanation and line.strip():
            self.explanation.append(line)
        elif self.options and (found := FEEDBACK.match(line)):
            self.options[-1]["feedback"] += ("\n" if self.options[-1]["feedback"] else "") + found[1]
        elif not self._answer(line):
            (self.prompt if not self.options and not self.accepted else []).append(line)

    def _answer(self, line: str) -> bool:
        """Take an answer line of this type of question; False when it is none."""
        if self.kind in {"choice", "multi"} and (found := OPTION.match(line)):
            self.options.append({"text": found[2], "right": found[1].strip().lower(), "feedback": "", "partner": ""})
        elif self.kind == "match" and (found := PAIR.match(line)):
            self.options.append({"text": found[1].strip(), "right": "", "feedback": "", "partner": found[2].strip()})
        elif self.kind == "order" and (found := PLACE.match(line)):
            self.options.append({"text": found[1].strip(), "right": "", "feedback": "", "partner": ""})
        elif self.kind in {"text", "number", "truefalse"} and (found := ACCEPTED.match(line)):
            answer, _, note = found[2].partition(" :: ")
            self.accepted.append(Accepted(found[1], answer.strip(), note.strip()))
        else:
            return False
        return True


def read_question(path: Path, body: list[str], line: int, head: str, problems: list[Problem]) -> Question:
    """Return the question in `body`, whose ::: line was number `line` (counted from 1)."""
    attrs = attributes(path, line, head, problems)
    kind = attrs.get("type", "")
    if kind not in TYPES:
        problems.append(Problem(path, line, "type", f"unknown type of question: {kind!r}", f"質問の種類「{kind}」はありません"))
    reader = _Reader(kind)
    for text in body:
        reader.take(text)
    prompt = "\n".join(reader.prompt).strip()
    gaps = tuple(tuple(answer.strip() for answer in found.split("|")) for found in GAP.findall(prompt)) if kind == "cloze" else ()
    options = tuple(Option(o["text"], o["right"] == "x", o["feedback"].strip(), o["partner"]) for o in reader.options)
    return Question(attrs.get("id", ""), kind, attrs, prompt, options, tuple(reader.accepted), gaps, "\n".join(reader.explanation).strip(), line)
