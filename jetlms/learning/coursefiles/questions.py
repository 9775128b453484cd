"""The inside of a question: each line shows by its look to what it belongs."""
import re
from dataclasses import dataclass, field
from pathlib import Path

from jetlms.learning.coursefiles.attributes import attributes
from jetlms.learning.coursefiles.texts import NOTHING, TYPES, Accepted, Option, Problem, Prose, Question

FEEDBACK = re.compile(r"^\s+>\s?(.*)$")
EXPLANATION = re.compile(r"^>>\s?(.*)$")
MORE = re.compile(r"^\s{2,}(?=\S)(?!>)(.*)$")
GAP = re.compile(r"\[\[=(.+?)\]\]")
ACCEPTED = re.compile(r"^([=~!]) +(\S.*)$")
OPTION = re.compile(r"^- \[([ xX])\] +(\S.*)$")
PAIR = re.compile(r"^- (.+?) -> (.+)$")
PLACE = re.compile(r"^\d+\. +(\S.*)$")
ANSWERS = {
    "choice": OPTION, "multi": OPTION, "match": PAIR, "order": PLACE, "text": ACCEPTED, "number": ACCEPTED, "truefalse": ACCEPTED,
}
# What was probably meant as an answer and is none: it would show up in the prompt, or vanish.
ALMOST = {
    OPTION: (re.compile(r"^\s*[-*+] ?\[.?\]|^\s*[-*+] ?［.?］"), "- [ ] …", "- [x] …"),
    PAIR: (re.compile(r"^\s*[-*+].*(->|→|⇒)"), "- left -> right", "- 左 -> 右"),
    PLACE: (re.compile(r"^\s*[0-9０-９]+[.)．）]"), "1. …", "1. …"),
    ACCEPTED: (re.compile(r"^\s*(=|~|＝|!(?!\[))"), "= answer", "= 答え"),
}
WORDS = frozenset({"id", "type", "use", "shuffle", "lang", "fold", "min", "max", "accept"})


def read_question(path: Path, body: list[str], line: int, head: str, problems: list[Problem]) -> Question:
    """Return the question in `body`, whose ::: line was number `line` (counted from 1)."""
    attrs = attributes(path, line, head, WORDS, problems)
    kind = attrs.get("type", "")
    if kind not in TYPES:
        near = "、".join(TYPES)
        problems.append(Problem(path, line, "type", f"unknown type of question: {kind!r} ({', '.join(TYPES)})",
                                f"質問の種類「{kind}」はありません（{near}）"))
    reader = _Reader(path, kind, problems)
    for number, text in enumerate(body, line + 1):
        reader.take(number, text)
    prompt = reader.prompt.prose()
    gaps = tuple(tuple(answer.strip() for answer in found.split("|")) for found in GAP.findall(prompt)) if kind == "cloze" else ()
    return Question(attrs.get("id", ""), kind, attrs, prompt, tuple(o.option() for o in reader.options), tuple(reader.accepted), gaps,
                    reader.explanation.prose(), line)


@dataclass
class _Lines:
    """Lines that follow each other in the file, more or less."""

    line: int = 0
    texts: list[str] = field(default_factory=list)

    def add(self, number: int, text: str) -> None:
        if not any(t.strip() for t in self.texts):
            self.line = number
            self.texts.clear()
        self.texts.append(text)

    def prose(self) -> Prose:
        return Prose("\n".join(self.texts).strip(), self.line)


@dataclass
class _Draft:
    """An option as far as it has been read."""

    text: _Lines
    right: bool = False
    partner: Prose = NOTHING
    feedback: _Lines = field(default_factory=_Lines)

    def option(self) -> Option:
        return Option(self.text.prose(), self.right, self.feedback.prose(), self.partner, self.text.line)


class _Reader:
    """Collects the lines of one question, in its three parts: prompt, answers, explanation."""

    def __init__(self, path: Path, kind: str, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.answer_line = ANSWERS.get(kind)
        self.prompt, self.explanation = _Lines(), _Lines()
        self.options: list[_Draft] = []
        self.accepted: list[Accepted] = []
        self.explained = False

    def take(self, number: int, line: str) -> None:
        """Put a line where it belongs; say so when it belongs nowhere."""
        if found := EXPLANATION.match(line):
            self.explained = True
            self.explanation.add(number, found[1])
        elif self.explained:
            self._after(number, line)
        elif self.answer_line and (found := self.answer_line.match(line)):
            self._answer(number, found)
        elif self.options or self.accepted:
            self._below(number, line)
        else:
            self._before(number, line)

    def _answer(self, number: int, found: re.Match[str]) -> None:
        if found.re is OPTION:
            self.options.append(_Draft(_Lines(number, [found[2]]), found[1] in "xX"))
        elif found.re is PAIR:
            self.options.append(_Draft(_Lines(number, [found[1].strip()]), partner=Prose(found[2].strip(), number)))
        elif found.re is PLACE:
            self.options.append(_Draft(_Lines(number, [found[1].strip()])))
        else:
            answer, _, note = found[2].partition(" :: ")
            self.accepted.append(Accepted(found[1], answer.strip(), Prose(note.strip(), number), number))

    def _below(self, number: int, line: str) -> None:
        """Take a line under an answer: its feedback, its second line, or nothing at all."""
        option = self.options[-1] if self.options and self.answer_line is OPTION else None
        if not line.strip():
            return
        if option and (found := FEEDBACK.match(line)):
            option.feedback.add(number, found[1])
        elif option and not option.feedback.texts and (found := MORE.match(line)) and not self._almost(number, line):
            option.text.add(number, found[1])
        elif not self._almost(number, line):
            self._stray(number, "this line belongs to no answer (feedback is indented: two spaces and >)",
                        "どの答えにも属さない行です（説明は半角スペース2つと「>」で始めます）")

    def _after(self, number: int, line: str) -> None:
        if self.answer_line and self.answer_line.match(line):
            self._stray(number, "answers stand above the explanation (>>)", "答えは説明（>>）より上に書いてください")
        self.explanation.add(number, line)

    def _before(self, number: int, line: str) -> None:
        self._almost(number, line)
        self.prompt.add(number, line)

    def _almost(self, number: int, line: str) -> bool:
        """Complain about what was meant as an answer and is none."""
        look, en, ja = ALMOST.get(self.answer_line, (None, "", "")) if self.answer_line else (None, "", "")
        if look is None or not look.match(line):
            return False
        self._stray(number, f"this looks like an answer, but is not written as one: {en}", f"答えのように見えますが、「{ja}」の形ではありません")
        return True

    def _stray(self, number: int, en: str, ja: str) -> None:
        self.problems.append(Problem(self.path, number, "stray", en, ja))
