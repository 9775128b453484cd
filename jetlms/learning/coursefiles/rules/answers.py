"""Questions: each has a right answer, says why, and can be shown and marked."""
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from jetlms.learning.coursefiles.folding import WAYS, fold, ways_of
from jetlms.learning.coursefiles.model import Course, Item
from jetlms.learning.coursefiles.numbers import wanted
from jetlms.learning.coursefiles.questions import GAP
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import LANGS, TYPES, Accepted, Option, Problem, Question

LONGEST_ESSAY = 20_000                 # characters
FILE_TYPES = frozenset({"pdf", "jpg", "jpeg", "png", "webp", "docx", "xlsx", "pptx", "txt", "md", "mp3", "m4a", "wav", "mp4"})
LONGEST_ANSWER = {"text": 400, "cloze": 100}           # what grading takes from a form
HOW_MANY = {"choice": (2, 12), "multi": (2, 12), "match": (3, 6), "order": (2, 8)}
BELONGS = {"shuffle": {"choice", "multi", "order"}, "fold": {"text", "cloze"}, "lang": {"text", "cloze", "essay"}, "min": {"essay"},
           "max": {"essay"}, "accept": {"file"}, "use": set(TYPES)}
Said = tuple[int, str, str, str, str]  # line, code, English, Japanese, severity


def questions(course: Course) -> Iterator[Problem]:
    """Judge every question in every language."""
    for item in course.items():
        yield from _marked(course, item)
        for text in item.texts.values():
            for place, screen in enumerate(text.screens):
                for q in (part for part in screen if isinstance(part, Question)):
                    yield from _question(text.path, item, q, place)


def _question(path: Path, item: Item, q: Question, screen: int) -> Iterator[Problem]:
    """Judge one question: first what holds for every kind, then what its type asks for."""
    for rule in (_prompt, _attributes, TYPE_RULES.get(q.type, _nothing)):
        for line, code, en, ja, severity in rule(q):
            yield Problem(path, line, code, f"{q.id}: {en}", f"{q.id}：{ja}", severity)
    yield from (Problem(path, q.line, "use" if "pre" in en else "kind", f"{q.id}: {en}", f"{q.id}：{ja}") for en, ja in _place(item, q, screen))


def _marked(course: Course, item: Item) -> Iterator[Problem]:
    """`marked` is for tasks, in a course that says how tutors mark."""
    line = line_of(item.first.lines, "marked")
    if item.marked and item.kind != "task":
        yield Problem(item.first.path, line, "marked", "only a task says marked; a test in the workbench or booth says test",
                      "markedを書けるのは課題だけです。翻訳・通訳のテストにはtestを使います")
    elif item.marked and "marking" not in course.settings:
        yield Problem(item.first.path, line, "marked", "course.toml has no table [marking]: no tutor would mark this",
                      "course.tomlに[marking]がないため、採点する講師がいません")


def _place(item: Item, q: Question, screen: int) -> Iterator[tuple[str, str]]:
    """What may stand where: no essays in a quiz, nothing else in a task, questions before the lesson on its first screen."""
    free = q.type in {"essay", "file"}
    if item.kind == "quiz" and free:
        yield "an essay or file cannot be graded in a quiz", "確認テストに記述・ファイルの質問は使えません"
    if item.kind == "task" and not free and q.type in TYPES:
        yield "a task has essay and file questions only", "課題の質問は記述かファイルだけです"
    if item.exercise is not None:
        yield "an exercise has no questions", "翻訳・通訳課題に質問は置けません"
    if item.kind == "lesson" and q.type == "file":
        yield "a file is asked for in a task only", "ファイルの質問は課題だけで使えます"
    if q.use == "pre" and (item.kind != "lesson" or screen):
        yield "use=pre belongs on the first screen of a lesson", "use=preはレッスンの最初の画面だけで使えます"


def _nothing(_q: Question) -> Iterator[Said]:
    yield from ()


def _wrong(line: int, code: str, en: str, ja: str) -> Said:
    return (line, code, en, ja, "error")


def _prompt(q: Question) -> Iterator[Said]:
    if not q.prompt:
        yield _wrong(q.line, "prompt", "no text before the answers", "質問文がありません")
    if q.type != "cloze" and GAP.search(q.prompt):
        yield _wrong(q.prompt.line, "gap", "gaps [[=…]] belong to type=cloze", "空欄［[[=…]]］はtype=clozeで使います")


def _attributes(q: Question) -> Iterator[Said]:
    for key, value in q.attrs.items():
        if q.type not in BELONGS.get(key, {q.type}):
            yield _wrong(q.line, "attributes", f"{key} means nothing for type={q.type}", f"{key}はtype={q.type}では使えません")
        elif key in ALLOWED and not ALLOWED[key](value):
            yield _wrong(q.line, "attributes", f"{key}={value} is not understood", f"{key}={value}は使えません")
    least, most = (int(value) if _count(value := q.attrs.get(key, "")) else 0 for key in ("min", "max"))
    if most and least > most:
        yield _wrong(q.line, "attributes", "min is greater than max", "minがmaxより大きくなっています")


def _count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) <= LONGEST_ESSAY  # noqa: PLR2004 -- digits of LONGEST_ESSAY


ALLOWED: dict[str, Callable[[str], bool]] = {
    "use": lambda v: v == "pre", "shuffle": lambda v: v in {"yes", "no"}, "lang": lambda v: v in LANGS, "min": _count, "max": _count,
    "fold": lambda v: set(v.split(",")) <= set(WAYS), "accept": lambda v: set(v.split(",")) <= FILE_TYPES,
}


# -- by type -----------------------------------------------------------------------------------------------------------------------

def _options(q: Question) -> Iterator[Said]:
    """So many options, each of them once."""
    least, most = HOW_MANY[q.type]
    if not least <= len(q.options) <= most:
        yield _wrong(q.line, "options", f"{len(q.options)} lines to choose from, {least} to {most} are expected",
                     f"選択肢・行が{len(q.options)}個あります（{least}個から{most}個まで）")
    for times, option in _repeated([fold(o.text) for o in q.options], q.options):
        yield _wrong(option.line, "distinct", f"this option is there {times} times", f"同じ選択肢が{times}回あります")


def _repeated(keys: list[str], options: tuple[Option, ...]) -> Iterator[tuple[int, Option]]:
    """Yield every option whose key has been there before, and how often the key is there."""
    times = Counter(keys)
    yield from ((times[key], option) for n, (key, option) in enumerate(zip(keys, options, strict=True)) if key in keys[:n])


def _choice(q: Question) -> Iterator[Said]:
    yield from _options(q)
    rights = [o for o in q.options if o.right]
    if q.type == "choice" and len(rights) != 1:
        yield _wrong(q.line, "right", f"exactly one option must be right, {len(rights)} are", f"正解は一つだけにしてください（現在{len(rights)}個）")
    if q.type == "multi" and not rights:
        yield _wrong(q.line, "right", "no option is right", "正解がありません")
    for option in q.options:
        if not option.feedback:
            yield (option.line, "feedback", "an option without feedback", "説明のない選択肢です", "warning")


def _match(q: Question) -> Iterator[Said]:
    yield from _options(q)
    for times, option in _repeated([fold(o.partner) for o in q.options], q.options):
        yield _wrong(option.line, "right", f"this right-hand side is there {times} times", f"同じ組み合わせ先が{times}回あります")


def _cloze(q: Question) -> Iterator[Said]:
    if not q.gaps:
        yield _wrong(q.line, "right", "no gap [[=answer]]", "空欄［[[=答え]]］がありません")
    if q.prompt.count("[[=") != len(q.gaps):
        yield _wrong(q.prompt.line, "gap", "a gap is not written as [[=answer|other answer]]", "空欄は［[[=答え|別の答え]]］と書いてください")
    ways = ways_of(q.attrs)
    for number, gap in enumerate(q.gaps, 1):
        folded = [fold(answer, ways) for answer in gap]
        if not all(folded) or any(c in answer for answer in gap for c in "{}[]"):
            yield _wrong(q.prompt.line, "gap", f"gap {number}: an empty answer, or one with brackets",
                         f"空欄{number}：答えが空か、括弧を含んでいます")
        elif len(set(folded)) != len(folded):
            yield (q.prompt.line, "distinct", f"gap {number}: two answers are the same once folded",
                   f"空欄{number}：同じとみなされる答えがあります", "warning")
        if max(map(len, gap)) > LONGEST_ANSWER["cloze"]:
            yield _wrong(q.prompt.line, "gap", f"gap {number}: an answer longer than {LONGEST_ANSWER['cloze']} characters",
                         f"空欄{number}：答えが{LONGEST_ANSWER['cloze']}文字を超えています")


def _truefalse(q: Question) -> Iterator[Said]:
    said = {a.answer: a.kind for a in q.accepted}
    if sorted(said) != ["false", "true"] or sorted(said.values()) != ["!", "="] or len(q.accepted) != len(said):
        yield _wrong(q.line, "right", "expected two lines: = true :: … and ! false :: … (or = false and ! true)",
                     "「= true :: …」と「! false :: …」の2行（または = false と ! true）を書いてください")
    yield from ((a.line, "feedback", "no feedback behind ::", "「::」の後に説明がありません", "warning") for a in q.accepted if not a.note)


def _typed(q: Question) -> Iterator[Said]:
    """At least one right answer; none is there twice once folded; near and wrong ones say why."""
    ways = ways_of(q.attrs)
    seen: dict[str, Accepted] = {}
    if not any(a.kind == "=" for a in q.accepted):
        yield _wrong(q.line, "right", "no right answer (= …)", "正解（= …）がありません")
    for a in q.accepted:
        key = fold(a.answer, ways)
        twin = seen.setdefault(key, a)
        if not key or len(a.answer) > LONGEST_ANSWER["text"]:
            yield _wrong(a.line, "right", "an answer with nothing in it, or too long to be typed", "答えが空か、長すぎて入力できません")
        elif twin is not a and (twin.kind == "!") != (a.kind == "!"):
            yield _wrong(a.line, "distinct", f"right here and wrong on line {twin.line}, or the other way round: the same once folded",
                         f"{twin.line}行目と同じとみなされる答えですが、正誤が異なります")
        elif twin is not a:
            yield (a.line, "distinct", f"the same as line {twin.line} once folded", f"{twin.line}行目と同じとみなされる答えです", "warning")
        yield from _why(a)


def _number(q: Question) -> Iterator[Said]:
    if not any(a.kind == "=" for a in q.accepted):
        yield _wrong(q.line, "right", "no right answer (= …)", "正解（= …）がありません")
    seen: dict[str, Accepted] = {}
    for a in q.accepted:
        twin = seen.setdefault(fold(a.answer, WAYS).replace(" ", ""), a)
        if wanted(a.answer) is None:
            yield _wrong(a.line, "number", f"not a number, as in = 45 or = 45 ± 5: {a.answer!r}",
                         f"「= 45」「= 45 ± 5」のような数ではありません：{a.answer!r}")
        elif twin is not a:
            yield _wrong(a.line, "distinct", f"the same as line {twin.line}", f"{twin.line}行目と同じ答えです")
        yield from _why(a)


def _why(a: Accepted) -> Iterator[Said]:
    if a.kind != "=" and not a.note:
        yield (a.line, "feedback", f"{a.kind} {a.answer}: say why behind ::", f"「{a.kind} {a.answer}」：「::」の後に理由を書いてください", "warning")


TYPE_RULES: dict[str, Callable[[Question], Iterator[Said]]] = {
    "choice": _choice, "multi": _choice, "match": _match, "order": _options, "cloze": _cloze, "truefalse": _truefalse, "text": _typed,
    "number": _number,
}
