"""GIFT, Moodle's text format: read and written (docs.moodle.org/en/GIFT_format)."""
import re
from dataclasses import dataclass

from jetlms.learning.coursefiles.texts import Accepted, Prose, Question
from jetlms.learning.interchange.carrying import (
    Reading,
    Remark,
    Taken,
    ask,
    escaped,
    markdown,
    one_line,
    option,
    truth,
)

SPECIAL = "~=#{}:"
HIDDEN = {char: chr(0xE100 + n) for n, char in enumerate(SPECIAL)}         # an escaped mark is no mark until the text is cut
SHOWN = {ord(hidden): char for char, hidden in HIDDEN.items()}
ESCAPED = re.compile(r"\\([~=#{}:n\\])")
TITLE = re.compile(r"^::(.*?)::", re.DOTALL)
FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]\s*")
ANSWER = re.compile(r"([=~])((?:[^=~])*)")
WEIGHT = re.compile(r"^\s*%(-?\d+(?:\.\d+)?)%")
TRUTH = re.compile(r"^(T|TRUE|F|FALSE)$", re.IGNORECASE)
SPAN = re.compile(r"^(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)$")


@dataclass
class _Part:
    """One answer: `=` or `~`, its weight in percent (None: all or nothing), its text and what is said to it."""

    mark: str
    weight: float | None
    text: str
    feedback: str


def read(text: str) -> Reading:
    """Return the questions of a GIFT file."""
    found = Reading()
    for line, raw in _pieces(text, found):
        _Question(line, raw, found).take()
    return found


def _pieces(text: str, found: Reading) -> list[tuple[int, str]]:
    """Return the questions as (line, text): they are parted by empty lines; comments and categories are dropped."""
    pieces: list[tuple[int, list[str]]] = []
    fresh, depth = True, 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("//"):
            continue
        if line.startswith("$CATEGORY:"):
            found.notes.append(Remark(number, "categories are not carried", "カテゴリーは取り込みません"))
            continue
        if not line.strip() and depth == 0:
            fresh = True
            continue
        if fresh:
            pieces.append((number, []))
            fresh = False
        pieces[-1][1].append(line)
        plain = ESCAPED.sub("", line)
        depth = max(depth + plain.count("{") - plain.count("}"), 0)
    return [(number, "\n".join(lines)) for number, lines in pieces]


class _Question:
    """One question on its way."""

    def __init__(self, line: int, raw: str, found: Reading) -> None:
        self.line, self.found = line, found
        # \: is one mark; \n a line break; \\ a backslash. They come back when the text is cut.
        self.raw = ESCAPED.sub(lambda m: "\n" if m[1] == "n" else "\\" if m[1] == "\\" else HIDDEN[m[1]], raw)
        self.form = ""

    def problem(self, en: str, ja: str) -> None:
        self.found.problems.append(Remark(self.line, en, ja))

    def left(self, en: str, ja: str) -> None:
        self.found.left.append(Remark(self.line, en, ja))

    def note(self, en: str, ja: str) -> None:
        self.found.notes.append(Remark(self.line, en, ja))

    def text(self, raw: str) -> str:
        """Return a piece as Markdown."""
        plain = raw.translate(SHOWN).strip()
        if self.form == "markdown":
            return plain
        if self.form != "html":
            return escaped(plain)
        made, lost = markdown(plain)
        if lost:
            self.note(f"not carried: <{'>, <'.join(sorted(lost))}>", f"取り込めない要素：<{'>、<'.join(sorted(lost))}>")
        return made

    def take(self) -> None:
        """Read the question, and put it or what is wrong with it into the reading."""
        raw = self.raw
        if title := TITLE.match(raw.strip()):
            raw = raw.strip()[title.end():]
        if form := FORMAT.match(raw):
            raw, self.form = raw[form.end():], form[1]
        before, opened, rest = raw.partition("{")
        inside, closed, after = rest.partition("}")
        if not opened and "}" not in raw:
            self.left("a description without a question", "説明だけで問題がありません")
        elif not opened or not closed or "{" in inside or "{" in after or "}" in after:
            self.problem("the braces { } of this question do not match", "この問題の波かっこ{ }が対応していません")
        elif not before.strip() and not after.strip():
            self.problem("there is no question before {", "「{」の前に問題文がありません")
        else:
            prompt = f"{self.text(before)} \\_\\_\\_\\_ {self.text(after)}" if after.strip() else self.text(before)
            self.answers(prompt, inside.strip())

    def answers(self, prompt: str, inside: str) -> None:
        """Tell the types apart by what stands between the braces."""
        inside, _mark, general = inside.partition("####")
        inside, said = inside.strip(), self.text(general)
        head, *notes = inside.split("#")
        if not inside:
            self.left("an essay: it belongs into a task, not into a quiz", "記述問題は確認テストではなく課題に置きます")
        elif TRUTH.match(head.strip()):
            right = head.strip().upper().startswith("T")
            wrong, good, *_more = (*(self.text(n) for n in notes), "", "")
            self.keep("True/False", truth(prompt, right=right, notes=(good, wrong), line=self.line, explanation=said))
        elif inside.startswith("#"):
            self.number(prompt, inside[1:].strip(), said)
        else:
            self.chosen(prompt, inside, said)

    def parts(self, inside: str) -> list[_Part] | None:
        """Return the answers, None (and a problem) when something stands before the first."""
        if not inside.lstrip().startswith(("=", "~")):
            self.problem("an answer begins with = or ~", "答えは「=」または「~」で始めます")
            return None
        found = []
        for mark, body in ANSWER.findall(inside):
            answer, _hash, feedback = body.partition("#")
            weight = WEIGHT.match(answer)
            found.append(_Part(mark, float(weight[1]) if weight else None, answer[weight.end():] if weight else answer, feedback))
        if any(not part.text.strip() for part in found):
            self.problem("an answer is empty", "空の答えがあります")
            return None
        return found

    def chosen(self, prompt: str, inside: str, said: str) -> None:
        """One of: pairs, typed answers, one or several to choose."""
        parts = self.parts(inside)
        if parts is None:
            return
        right = [part for part in parts if part.mark == "="]
        if all("->" in part.text for part in parts):
            pairs = [part.text.partition("->") for part in parts]
            made = [option(self.text(left), partner=one_line(other.translate(SHOWN))) for left, _arrow, other in pairs]
            self.keep("Matching", ask("match", prompt, line=self.line, options=made, explanation=said))
        elif len(right) == len(parts):
            self.typed(prompt, parts, said)
        else:
            several = not right
            if any(part.weight not in {None, 0.0, 100.0} for part in parts) and not several:
                self.note("partly right options count as wrong here", "部分点のある選択肢は誤りとして扱います")
            made = [option(self.text(p.text), right=(p.weight or 0) > 0 if several else p.mark == "=", feedback=self.text(p.feedback)) for p in parts]
            self.keep("Multiple choice", ask("multi" if several else "choice", prompt, line=self.line, options=made, explanation=said))

    def typed(self, prompt: str, parts: list[_Part], said: str) -> None:
        """Short answers: those of less than 100 % are accepted with a note, those of none are wrong."""
        accepted = []
        for part in parts:
            kind = "=" if part.weight in {None, 100.0} else "~" if part.weight else "!"
            if kind == "~":
                self.note(f"{part.weight:g} % becomes: accepted with a note", f"{part.weight:g}%の答えは「注記つきで正解」になります")
            accepted.append(Accepted(kind, one_line(part.text.translate(SHOWN)), Prose(one_line(self.text(part.feedback)))))
        self.keep("Short answer", ask("text", prompt, line=self.line, accepted=accepted, explanation=said))

    def number(self, prompt: str, inside: str, said: str) -> None:
        """Numbers: `45`, `45:5` (give or take), `40..50`, or several with =."""
        bodies = [body for _mark, body in ANSWER.findall(inside)] if inside.startswith(("=", "~")) else [inside]
        accepted = []
        for body in bodies:
            answer, _hash, feedback = body.partition("#")
            weight = WEIGHT.match(answer)
            value = _number((answer[weight.end():] if weight else answer).translate(SHOWN).strip())
            if value is None:
                self.problem(f"not a number: {answer.strip()}", f"数ではありません：{answer.strip()}")
                return
            kind = "=" if weight is None or weight[1] == "100" else "~" if float(weight[1]) else "!"
            accepted.append(Accepted(kind, value, Prose(one_line(self.text(feedback)))))
        self.keep("Numerical", ask("number", prompt, line=self.line, accepted=accepted, explanation=said))

    def keep(self, was: str, question: Question) -> None:
        self.found.taken.append(Taken(self.line, was, question))


def _number(text: str) -> str | None:
    """Return a number as we write it: "45", "45 ± 5"; None for what is none."""
    try:
        if span := SPAN.match(text):
            low, high = float(span[1]), float(span[2])
            middle, give = (low + high) / 2, (high - low) / 2
            return f"{middle:g} ± {give:g}" if give > 0 else f"{low:g}" if give == 0 else None
        value, _colon, give_or_take = text.partition(":")
        float(value)
        return f"{value.strip()} ± {give_or_take.strip()}" if give_or_take.strip() and float(give_or_take) else value.strip()
    except ValueError:
        return None


# -- written -----------------------------------------------------------------------------------------------------------------------

def write(questions: list[Question]) -> str:
    """Return questions as GIFT; of those it has no form for (gaps, order, essays, files) a comment says so."""
    return "\n".join(_written(q) for q in questions)


def _written(q: Question) -> str:
    inside = _inside(q)
    if inside is None:
        return f"// {q.id}: {q.type} has no form in GIFT\n"
    said = f"\n####{_marked(q.explanation)}" if q.explanation else ""
    return f"::{_marked(q.id)}::[markdown]{_marked(q.prompt)} {{\n{inside}{said}\n}}\n"


def _inside(q: Question) -> str | None:
    if q.type in {"choice", "multi"}:
        rights = sum(o.right for o in q.options)
        share = f"{100 / rights:.5g}" if rights else "0"
        marks = {True: "=" if q.type == "choice" else f"~%{share}%", False: "~" if q.type == "choice" else "~%-100%"}
        return "\n".join(f"{marks[o.right]}{_marked(o.text)}{_note(o.feedback)}" for o in q.options)
    if q.type == "match":
        return "\n".join(f"={_marked(o.text)} -> {_marked(o.partner)}" for o in q.options)
    if q.type == "truefalse":
        right = next((a for a in q.accepted if a.kind == "="), None)
        wrong = next((a for a in q.accepted if a.kind == "!"), None)
        return f"{(right.answer if right else '').upper()}#{_marked(wrong.note) if wrong else ''}#{_marked(right.note) if right else ''}"
    if q.type in {"text", "number"}:
        weight = {"=": "=", "~": "=%50%", "!": "=%0%"}
        body = "\n".join(f"{weight[a.kind]}{_marked(a.answer.replace(' ± ', ':') if q.type == 'number' else a.answer)}{_note(a.note)}"
                         for a in q.accepted)
        return f"#{body}" if q.type == "number" else body
    return None


def _marked(text: str) -> str:
    text = text.replace("\\", "\\\\")
    for char in SPECIAL:
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _note(text: str) -> str:
    return f"#{_marked(text)}" if text else ""
