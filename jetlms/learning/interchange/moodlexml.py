"""Moodle XML, as Moodle exports its question bank. Read with expat: entities of a file's own are refused, nothing is fetched."""
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.parsers import expat

from jetlms.learning.coursefiles.texts import Accepted, Option, Prose, Question
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

DEEPEST = 60                           # elements inside each other
CLOZE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^}\\])*)\}")
SHORT = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
GAP_ANSWER = re.compile(r"(?:^|~)(?:=|%100%)((?:\\.|[^~#\\])*)")
ESCAPED = re.compile(r"\\(.)")


class Forbidden(Exception):
    """The file declares entities, which no export does: it may be an attack."""


@dataclass
class Node:
    """An element with the line on which it begins."""

    tag: str
    attrs: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, tag: str) -> Iterator["Node"]:
        """Yield the elements of this name directly inside."""
        return (node for node in self.children if node.tag == tag)

    def first(self, tag: str) -> "Node | None":
        """Return the first element of this name directly inside."""
        return next(self.all(tag), None)

    def said(self) -> str:
        """Return the text of its <text>, "" without one."""
        return self.value("text")

    def value(self, tag: str) -> str:
        """Return what stands in the first element of this name directly inside, "" without one."""
        node = self.first(tag)
        return "".join(node.words).strip() if node else ""


def parse(text: str) -> Node:
    """Return the elements of an XML text. Raises expat.ExpatError, Forbidden."""
    root = Node("", {}, 1)
    open_nodes = [root]
    parser = expat.ParserCreate("utf-8")

    def start(tag: str, attrs: dict[str, str]) -> None:
        if len(open_nodes) > DEEPEST:
            raise Forbidden
        node = Node(tag, attrs, parser.CurrentLineNumber)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def words(data: str) -> None:
        open_nodes[-1].words.append(data)

    def end(_tag: str) -> None:
        open_nodes.pop()

    def refuse(*_declaration: Any) -> Any:
        raise Forbidden

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.Parse(text.encode(), True)  # noqa: FBT003 -- expat takes no name
    return root


def read(text: str) -> Reading:
    """Return the questions of a Moodle XML file."""
    found = Reading()
    try:
        root = parse(text)
    except expat.ExpatError as error:
        found.problems.append(Remark(error.lineno, f"this is not XML: {expat.ErrorString(error.code)}",
                                     f"XMLとして読めません：{expat.ErrorString(error.code)}"))
        return found
    except Forbidden:
        found.problems.append(Remark(1, "the file declares a document type or entities, or is nested too deeply: no export of Moodle does",
                                     "文書型や実体の宣言、または深すぎる入れ子があります。Moodleの書き出しには含まれません"))
        return found
    quiz = root.first("quiz")
    if quiz is None:
        found.problems.append(Remark(1, "expected <quiz> at the top", "最上位に<quiz>がありません"))
        return found
    for node in quiz.all("question"):
        _Reader(node, found).take()
    return found


class _Reader:
    """One <question> on its way."""

    def __init__(self, node: Node, found: Reading) -> None:
        self.node, self.found, self.line = node, found, node.line
        self.kind = node.attrs.get("type", "")

    def left(self, en: str, ja: str) -> None:
        self.found.left.append(Remark(self.line, en, ja))

    def note(self, en: str, ja: str) -> None:
        self.found.notes.append(Remark(self.line, en, ja))

    def words(self, node: Node | None) -> str:
        """Return the text of an element as Markdown."""
        if node is None:
            return ""
        said = node.said()
        form = node.attrs.get("format", "html")
        if form == "markdown":
            return said
        if form in {"plain_text", "moodle_auto_format"}:
            return escaped(said)
        made, lost = markdown(said)
        if lost:
            self.note(f"not carried: <{'>, <'.join(sorted(lost))}>", f"取り込めない要素：<{'>、<'.join(sorted(lost))}>")
        return made

    def plain(self, node: Node | None) -> str:
        """Return the text of an element without any marks."""
        made = self.words(node)
        return one_line(re.sub(r"\\([\\`*_\[\]#])", r"\1", made).replace("**", "")) if made else ""

    def take(self) -> None:
        """Read the question, and put it or what is wrong with it into the reading."""
        reader = READERS.get(self.kind)
        if self.kind == "category":
            self.note("categories are not carried", "カテゴリーは取り込みません")
        elif self.kind in WHY_NOT:
            self.left(*WHY_NOT[self.kind])
        elif reader is None:
            self.left(f"there is no type {self.kind!r} here", f"「{self.kind}」に当たる種類がありません")
        else:
            prompt = self.words(self.node.first("questiontext"))
            question = reader(self, prompt)
            if self.node.first("hint"):
                self.note("hints are not carried", "ヒントは取り込みません")
            if question is not None:
                self.found.taken.append(Taken(self.line, self.kind, question))

    def said(self) -> str:
        return self.words(self.node.first("generalfeedback"))

    def answers(self) -> list[tuple[Node, float]]:
        """Return the answers with their share in percent."""
        return [(node, _fraction(node.attrs.get("fraction", "0"))) for node in self.node.all("answer")]

    def choice(self, prompt: str) -> Question:
        single = self.node.value("single") != "false"
        answers = self.answers()
        if single and any(0 < share < 100 for _node, share in answers):  # noqa: PLR2004 -- percent
            self.note("partly right options count as wrong here", "部分点のある選択肢は誤りとして扱います")
        made = [option(self.words(node), right=share >= 100 if single else share > 0,  # noqa: PLR2004 -- percent
                       feedback=self.words(node.first("feedback"))) for node, share in answers]
        return ask("choice" if single else "multi", prompt, line=self.line, options=made, explanation=self.said())

    def truefalse(self, prompt: str) -> Question | None:
        notes = {node.said().lower(): (share, self.words(node.first("feedback"))) for node, share in self.answers()}
        if set(notes) != {"true", "false"}:
            self.found.problems.append(Remark(self.line, "expected the answers true and false", "答えはtrueとfalseの2つが必要です"))
            return None
        right = notes["true"][0] > 0
        good, bad = (notes["true"][1], notes["false"][1]) if right else (notes["false"][1], notes["true"][1])
        return truth(prompt, right=right, notes=(good, bad), line=self.line, explanation=self.said())

    def short(self, prompt: str) -> Question:
        made = [Accepted(self.weighed(share), one_line(node.said()), Prose(one_line(self.words(node.first("feedback")))))
                for node, share in self.answers()]
        if any("*" in a.answer for a in made):
            self.note("the star of a short answer stands for itself here", "短答の「*」は文字として扱います")
        question = ask("text", prompt, line=self.line, accepted=made, explanation=self.said())
        return replace(question, attrs={"fold": "width,space"}) if self.node.value("usecase") == "1" else question

    def weighed(self, share: float) -> str:
        if 0 < share < 100:  # noqa: PLR2004 -- percent
            self.note(f"{share:g} % becomes: accepted with a note", f"{share:g}%の答えは「注記つきで正解」になります")
        return "=" if share >= 100 else "~" if share > 0 else "!"  # noqa: PLR2004 -- percent

    def number(self, prompt: str) -> Question:
        made = []
        for node, share in self.answers():
            give = node.value("tolerance")
            value = one_line(node.said())
            made.append(Accepted(self.weighed(share), f"{value} ± {give}" if _fraction(give) else value,
                                 Prose(one_line(self.words(node.first("feedback"))))))
        if self.node.first("units") or self.node.first("unitgradingtype"):
            self.note("units are not carried", "単位は取り込みません")
        return ask("number", prompt, line=self.line, accepted=made, explanation=self.said())

    def match(self, prompt: str) -> Question:
        made = []
        for node in self.node.all("subquestion"):
            left = self.words(node)
            if left:
                made.append(option(left, partner=self.plain(node.first("answer"))))
            else:
                self.note("an answer without a question is not carried", "問いのない答えは取り込みません")
        return ask("match", prompt, line=self.line, options=made, explanation=self.said())

    def order(self, prompt: str) -> Question:
        made: list[Option] = [option(self.words(node)) for node, _share in self.answers()]
        return ask("order", prompt, line=self.line, options=made, explanation=self.said())

    def cloze(self, _prompt: str) -> Question | None:
        node = self.node.first("questiontext")
        raw = node.said() if node else ""
        gaps: list[tuple[str, ...]] = []
        for found in CLOZE.finditer(raw):
            right = tuple(one_line(ESCAPED.sub(r"\1", answer)) for answer in GAP_ANSWER.findall(found[3]))
            if found[2] not in SHORT or not right:
                self.left(f"a gap of the kind {found[2]} cannot be carried (only SHORTANSWER)",
                          f"{found[2]}の空欄は取り込めません（SHORTANSWERのみ）")
                return None
            gaps.append(right)
        if not gaps or "{" in CLOZE.sub("", raw):
            self.found.problems.append(Remark(self.line, "a gap of this cloze is broken: {1:SHORTANSWER:=answer}",
                                              "空欄の書き方が正しくありません：{1:SHORTANSWER:=答え}"))
            return None
        prompt, _lost = markdown(CLOZE.sub("\ue200", raw))
        for gap in gaps:
            prompt = prompt.replace("\ue200", f"[[={'|'.join(gap)}]]", 1)
        return ask("cloze", prompt, line=self.line, gaps=tuple(gaps), explanation=self.said())


def _fraction(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


READERS = {"multichoice": _Reader.choice, "truefalse": _Reader.truefalse, "shortanswer": _Reader.short, "numerical": _Reader.number,
           "matching": _Reader.match, "ordering": _Reader.order, "cloze": _Reader.cloze, "multianswer": _Reader.cloze}
WHY_NOT = {
    "essay": ("an essay: it belongs into a task, not into a quiz", "記述問題は確認テストではなく課題に置きます"),
    "description": ("a description without a question", "説明だけで問題がありません"),
    "calculated": ("a calculated question: its numbers are made for each attempt", "計算問題：数値が受験ごとに作られます"),
    "calculatedmulti": ("a calculated question: its numbers are made for each attempt", "計算問題：数値が受験ごとに作られます"),
    "calculatedsimple": ("a calculated question: its numbers are made for each attempt", "計算問題：数値が受験ごとに作られます"),
    "ddwtos": ("words to drag cannot be carried", "単語のドラッグ問題は取り込めません"),
    "ddmarker": ("marks on a picture cannot be carried", "画像上の位置を答える問題は取り込めません"),
    "ddimageortext": ("dragging onto a picture cannot be carried", "画像へのドラッグ問題は取り込めません"),
    "gapselect": ("gaps with a choice of words cannot be carried", "語を選ぶ空欄問題は取り込めません"),
    "randomsamatch": ("a random question cannot be carried", "ランダム問題は取り込めません"),
}
