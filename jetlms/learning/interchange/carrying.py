"""What all readers share: remarks with lines, text out of HTML, a question written as our own Markdown, and judged as the linter would."""
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

from jetlms.learning.coursefiles.blocks import read_screens
from jetlms.learning.coursefiles.model import Course, Item, Module
from jetlms.learning.coursefiles.questions import ACCEPTED, OPTION, PAIR, PLACE
from jetlms.learning.coursefiles.rules import answers
from jetlms.learning.coursefiles.texts import NOTHING, Accepted, Option, Problem, Prose, Question, Text

BESIDE = re.compile(r"[ \t]+")
STARTS = re.compile(rf"^(?=(?::::|::[A-Za-z]|---\s*$|>>|```|~~~|{'|'.join(p.pattern.removeprefix('^') for p in (OPTION, PAIR, PLACE, ACCEPTED))}))")
MARKS = str.maketrans({**{c: f"\\{c}" for c in "\\`*_[]#"}, **{c: f"&#{ord(c)};" for c in "{}<>|"}})


@dataclass(frozen=True)
class Remark:
    """Something about a line of the file, in both languages."""

    line: int
    en: str
    ja: str


@dataclass(frozen=True)
class Taken:
    """One question: where it stood, what it was called there, and what it becomes."""

    line: int
    was: str
    question: Question


@dataclass
class Reading:
    """What a file holds. `problems`: it cannot be read; `left`: questions our format cannot carry; `notes`: what is lost of those it can."""

    taken: list[Taken] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    left: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def judged(self) -> "Reading":
        """Return the same, less the questions that our linter would refuse: they are left, with its reason."""
        if not self.taken and not self.problems and not self.left:
            self.problems.append(Remark(1, "there is no question in this file", "このファイルには問題がありません"))
        kept = []
        for taken in self.taken:
            wrong = refused(taken.question)
            if wrong:
                self.left.append(Remark(taken.line, wrong.en.removeprefix("q-000000: "), wrong.ja.removeprefix("q-000000：")))
            else:
                kept.append(taken)
        self.taken = kept
        self.left.sort(key=lambda r: r.line)
        return self


def decoded(data: bytes) -> tuple[str, Remark | None]:
    """Return a file's text, or the byte and line at which it is not UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        return "", Remark(line, f"byte {error.start + 1} (0x{byte:02X}) is not UTF-8; the file is probably windows-1252 or Shift_JIS: "
                          "save it as UTF-8 and send it again. Nothing was imported",
                          f"{error.start + 1}バイト目（0x{byte:02X}）がUTF-8ではありません。windows-1252またはShift_JISの可能性があります。"
                          "UTF-8で保存し直してください。何も取り込んでいません")


# -- text --------------------------------------------------------------------------------------------------------------------------

def escaped(text: str) -> str:
    """Return plain text as Markdown that shows it as it is."""
    return text.translate(MARKS)


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


class _Markdown(HTMLParser):
    """Turns the HTML of a question into Markdown: bold, italics, lists and paragraphs stay, the rest becomes its text."""

    PAIRS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}  # noqa: RUF012 -- a constant
    BREAKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.lost: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- as HTMLParser calls it
        if tag in self.PAIRS:
            self.parts.append(self.PAIRS[tag])
        elif tag == "li":
            self.parts.append("\n* ")
        elif tag in self.BREAKS:
            self.parts.append("\n\n" if tag != "br" else "\n")
        elif tag not in {"span", "a", "u", "tbody", "td", "th", "font", "html", "body"}:
            self.lost.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.PAIRS:
            self.parts.append(self.PAIRS[tag])
        elif tag in self.BREAKS and tag not in {"br", "li"}:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(escaped(BESIDE.sub(" ", data.replace("\n", " "))))


def markdown(html: str) -> tuple[str, set[str]]:
    """Return HTML as Markdown, and the tags that could not be carried (img, sub …)."""
    reader = _Markdown()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in "".join(reader.parts).split("\n"))).strip(), reader.lost


# -- our own format ----------------------------------------------------------------------------------------------------------------

def block(question: Question) -> str:
    """Return a question as it stands in our files."""
    attrs = "".join(f" {key}={value}" for key, value in question.attrs.items() if key not in {"id", "type"})
    lines = [f"::: question id={question.id} type={question.type}{attrs}", *_safe(question.prompt), ""]
    lines += WRITERS.get(question.type, _nothing)(question)
    if question.explanation:
        lines += ["", *(f">> {line}".rstrip() for line in question.explanation.split("\n"))]
    return "\n".join([*lines, ":::", ""])


def _safe(text: str) -> list[str]:
    """Return the lines of a prompt, none of which is taken for an answer, an explanation or the end."""
    return [STARTS.sub(f"&#{ord(line[0])};", line, count=1) + line[1:] if STARTS.match(line) else line for line in text.split("\n")]


def _nothing(_question: Question) -> list[str]:
    return []


def _options(question: Question) -> list[str]:
    lines = []
    for option in question.options:
        lines.append(f"- [{'x' if option.right else ' '}] {one_line(option.text)}")
        lines += [f"  > {line}".rstrip() for line in option.feedback.split("\n") if line.strip()]
    return lines


def _accepted(question: Question) -> list[str]:
    return [f"{a.kind} {one_line(a.answer)}{f' :: {one_line(a.note)}' if a.note else ''}" for a in question.accepted]


WRITERS: dict[str, Callable[[Question], list[str]]] = {
    "choice": _options, "multi": _options, "text": _accepted, "number": _accepted, "truefalse": _accepted,
    "match": lambda q: [f"- {one_line(o.text)} -> {one_line(o.partner)}" for o in q.options],
    "order": lambda q: [f"{n}. {one_line(o.text)}" for n, o in enumerate(q.options, 1)],
}


def refused(question: Question) -> Problem | None:
    """Return the first error our linter has against a question as it would be written, None when it would stand in a quiz."""
    path, problems = Path("import.quiz.en.md"), list[Problem]()
    written = block(replace(question, id="q-000000"))
    screens = read_screens(path, written.rstrip("\n").split("\n"), 0, problems)
    parts = [part for screen in screens for part in screen]
    if len(parts) != 1 or not isinstance(parts[0], Question) or parts[0].answer_key() != _as_read(question).answer_key():
        return Problem(path, 1, "shape", "this text would be read as something else in our format", "この文は本システムの形式では別の意味になります")
    item = Item("", "quiz", "import", optional=False, replaces=(), texts={"en": Text(path, "en", "", 1, screens)})
    course = Course(path, modules=[Module("", path, {}, {}, [item])])
    return next((p for p in [*problems, *answers.questions(course)] if p.severity == "error"), None)


def _as_read(question: Question) -> Question:
    """Return a question with its parts on one line each, as they are written."""
    options = tuple(replace(o, text=Prose(one_line(o.text)), partner=Prose(one_line(o.partner))) for o in question.options)
    return replace(question, options=options, accepted=tuple(replace(a, answer=one_line(a.answer)) for a in question.accepted))


def ask(kind: str, prompt: str, *, line: int, options: list[Option] | None = None, accepted: list[Accepted] | None = None,
        gaps: tuple[tuple[str, ...], ...] = (), explanation: str = "") -> Question:
    """Return a question whose id is open."""
    return Question("?", kind, {}, Prose(prompt.strip()), tuple(options or ()), tuple(accepted or ()), gaps, Prose(explanation.strip()), line)


def option(text: str, *, right: bool = False, feedback: str = "", partner: str = "") -> Option:
    """Return an option."""
    return Option(Prose(text.strip()), right, Prose(feedback.strip()) if feedback.strip() else NOTHING, Prose(partner.strip()))


def truth(prompt: str, *, right: bool, notes: tuple[str, str], line: int, explanation: str = "") -> Question:
    """Return a question of right or wrong. `notes`: what is said to who answers rightly, and wrongly."""
    word, other = ("true", "false") if right else ("false", "true")
    good, bad = (Prose(one_line(note)) for note in notes)
    return ask("truefalse", prompt, line=line, accepted=[Accepted("=", word, good), Accepted("!", other, bad)], explanation=explanation)
