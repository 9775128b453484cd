"""Judge courses: each rule is one generator of problems. Errors stop publishing, warnings are said."""
import re
from collections.abc import Iterator
from pathlib import Path

from jetlms.learning.source.folding import fold, ways_of
from jetlms.learning.source.model import LANGS, Course, Item, Media, Problem, Question, Text

ID = re.compile(r"^[clmq]-[0-9abcdefghjkmnpqrstvwxyz]{6}$")
TERM = re.compile(r"\[\[term:([^\]|]+)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
RULE = re.compile(r"^(all:(lessons|quizzes|tasks)|count:lessons>=\d+)$")
PER_MINUTE = {"en": 150, "ja": 500}           # words a minute, characters a minute
PER_QUESTION = 35 / 60


def lint(courses: list[Course], known: dict[str, str] | None = None) -> list[Problem]:
    """Return everything wrong with these courses together. `known` maps ids that were ever published to their kinds."""
    problems: list[Problem] = []
    for course in courses:
        for rule in (_settings, _variants, _questions, _media, _links, _minutes, _completion, _tasks):
            problems += rule(course)
    problems += _ids(courses, known or {})
    problems += _uses(courses)
    return sorted(problems, key=lambda p: (str(p.path), p.line, p.code))


def _settings(course: Course) -> Iterator[Problem]:
    path, settings = course.folder / "course.toml", course.settings
    for key, where in (("title", settings.get("title")), ("summary", settings.get("summary"))):
        yield from (Problem(path, 1, "title", f"{key} is missing in {lang}", f"{key}の{lang}がありません")
                    for lang in LANGS if not (isinstance(where, dict) and where.get(lang)))
    if settings.get("format") != 1:
        yield Problem(path, 1, "format", "format must be 1", "formatは1としてください")
    for module in course.modules:
        yield from (Problem(module.path / "module.toml", 1, "title", f"the title is missing in {lang}", f"{lang}の題名がありません")
                    for lang in LANGS if not module.title.get(lang))
    yield from (Problem(text.path, 1, "title", "the title is missing", "題名がありません")
                for item in course.items() for text in item.texts.values() if not text.title)


def _ids(courses: list[Course], known: dict[str, str]) -> Iterator[Problem]:
    """Ids are well formed, used once, and never used for another kind of thing."""
    seen: dict[str, tuple[Path, int]] = {}
    retired = {key for course in courses for key in course.retired}
    for kind, key, path, line in _all_ids(courses):
        if not ID.match(key) or key[0] != kind[0]:
            yield Problem(path, line, "id", f"not an id for a {kind}: {key!r}", f"{kind}のidとして正しくありません：{key!r}")
        elif key in seen:
            first = seen[key]
            yield Problem(path, line, "duplicate", f"{key} is used twice, first in {first[0].name}:{first[1]}",
                          f"{key}が重複しています（最初は{first[0].name}の{first[1]}行目）")
        elif key in retired or known.get(key, kind) != kind:
            yield Problem(path, line, "reused", f"{key} belonged to something else", f"{key}は別のものに使われていたidです")
        seen.setdefault(key, (path, line))


def _all_ids(courses: list[Course]) -> Iterator[tuple[str, str, Path, int]]:
    for course in courses:
        yield "course", course.id, course.folder / "course.toml", 1
        for module in course.modules:
            yield "module", module.id, module.path / "module.toml", 1
            for item in module.items:
                text = next(iter(item.texts.values()))
                yield "lesson", item.id, text.path, 2
                yield from (("question", q.id, text.path, q.line) for q in text.questions())


def _variants(course: Course) -> Iterator[Problem]:
    """Every item is there in every language, with the same screens, questions and answer structure."""
    for item in course.items():
        some = next(iter(item.texts.values()))
        for lang in course.settings.get("langs", LANGS):
            if lang not in item.texts:
                yield Problem(some.path, 1, "variant", f"the {lang} variant is missing", f"{lang}版がありません")
        if len(item.texts) == len(LANGS):
            yield from _parity(item.texts["en"], item.texts["ja"])


def _parity(en: Text, ja: Text) -> Iterator[Problem]:
    if len(en.screens) != len(ja.screens):
        yield Problem(ja.path, 1, "screens", f"{len(ja.screens)} screens, the English file has {len(en.screens)}",
                      f"画面が{len(ja.screens)}枚ですが、英語版は{len(en.screens)}枚です")
    theirs = {q.id: q for q in en.questions()}
    for q in ja.questions():
        other = theirs.pop(q.id, None)
        if other is None:
            yield Problem(ja.path, q.line, "parity", f"question {q.id} is not in the English file", f"質問{q.id}が英語版にありません")
        elif other.structure() != q.structure():
            yield Problem(ja.path, q.line, "parity", f"{q.id}: type, number of options or right answers differ from the English file",
                          f"{q.id}：種類、選択肢の数または正解が英語版と異なります")
    for q in theirs.values():
        yield Problem(en.path, q.line, "parity", f"question {q.id} is not in the Japanese file", f"質問{q.id}が日本語版にありません")


def _questions(course: Course) -> Iterator[Problem]:
    for item in course.items():
        for text in item.texts.values():
            if item.kind == "quiz" and not text.questions():
                yield Problem(text.path, 1, "empty", "a quiz without questions", "質問のない確認テストです")
            for q in text.questions():
                yield from _question(text.path, item, q)


def _question(path: Path, item: Item, q: Question) -> Iterator[Problem]:
    """A question has a prompt and a right answer, its accepted answers are distinct, its options say why."""
    def problem(code: str, en: str, ja: str, severity: str = "error") -> Problem:
        return Problem(path, q.line, code, f"{q.id}: {en}", f"{q.id}：{ja}", severity)
    if not q.prompt:
        yield problem("prompt", "no text before the answers", "質問文がありません")
    if q.type in {"essay", "file"} and item.kind == "quiz":
        yield problem("kind", "an essay or file cannot be graded in a quiz", "確認テストに記述・ファイルの質問は使えません")
    if q.type not in {"essay", "file"} and item.kind == "task":
        yield problem("kind", "a task has essay and file questions only", "課題の質問は記述かファイルだけです")
    rights = [o for o in q.options if o.right]
    if q.type == "choice" and len(rights) != 1:
        yield problem("right", f"exactly one option must be right, {len(rights)} are", f"正解は一つだけにしてください（現在{len(rights)}個）")
    if q.type == "multi" and not rights:
        yield problem("right", "no option is right", "正解がありません")
    if q.type in {"choice", "multi"} and len(q.options) < 2:  # noqa: PLR2004
        yield problem("options", "at least two options", "選択肢は二つ以上必要です")
    if q.type in {"match", "order"} and not 2 <= len(q.options) <= 8:  # noqa: PLR2004
        yield problem("options", "two to eight lines", "二つから八つまでにしてください")
    if q.type == "match" and len({o.partner for o in q.options}) != len(q.options):
        yield problem("right", "two lines have the same partner", "同じ組み合わせ先が二つあります")
    if q.type == "cloze" and not q.gaps:
        yield problem("right", "no gap [[=answer]]", "空欄［[[=答え]]］がありません")
    if q.type in {"text", "number", "truefalse"}:
        yield from _accepted(q, problem)
    if any(not o.feedback for o in q.options) and q.type in {"choice", "multi"}:
        yield problem("feedback", "an option without feedback", "説明のない選択肢があります", "warning")


def _accepted(q: Question, problem) -> Iterator[Problem]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if not any(a.kind == "=" for a in q.accepted):
        yield problem("right", "no right answer (= …)", "正解（= …）がありません")
    if q.type == "truefalse" and {a.answer for a in q.accepted} - {"true", "false"}:
        yield problem("right", "answers are true and false", "答えは true と false です")
    if q.type == "number":
        for a in q.accepted:
            if not re.fullmatch(r"-?\d+(\.\d+)?( ± \d+(\.\d+)?)?", a.answer):
                yield problem("number", f"not a number: {a.answer!r}", f"数として読めません：{a.answer!r}")
    kinds: dict[str, set[str]] = {}
    for a in q.accepted:
        kinds.setdefault(fold(a.answer, ways_of(q.attrs)), set()).add(a.kind)
    if q.type == "text" and any("!" in found and len(found) > 1 for found in kinds.values()):
        yield problem("distinct", "the same answer is right and wrong once folded", "正解と誤答が、同じとみなされる答えになっています")
    elif q.type == "text" and len(kinds) != len(q.accepted):
        yield problem("distinct", "two answers are the same once folded", "同じとみなされる答えが二つあります", "warning")


def _media(course: Course) -> Iterator[Problem]:
    """Sound and film exist in the folder and have captions in each language; pictures exist and have alternative text."""
    for text in (t for item in course.items() for t in item.texts.values()):
        for part in (p for screen in text.screens for p in screen):
            if isinstance(part, Media):
                yield from _one_media(course.folder, text, part)
            elif isinstance(part, str):
                for alt, src in IMAGE.findall(part):
                    if not alt.strip():
                        yield Problem(text.path, _line(text, src), "alt", f"{src}: alternative text is missing", f"{src}：代替テキストがありません")
                    if not inside(course.folder, src):
                        yield Problem(text.path, _line(text, src), "asset", f"{src} is not in the course folder", f"{src}が講座のフォルダーにありません")


def _one_media(folder: Path, text: Text, part: Media) -> Iterator[Problem]:
    if not inside(folder, part.src):
        yield Problem(text.path, part.line, "asset", f"{part.src} is not in the course folder", f"{part.src}が講座のフォルダーにありません")
    if not part.title:
        yield Problem(text.path, part.line, "title", f"{part.src}: the title is missing", f"{part.src}：題名がありません")
    for lang in LANGS:
        captions = part.src.rsplit(".", 1)[0] + f".{lang}.vtt"
        if not inside(folder, captions):
            yield Problem(text.path, part.line, "captions", f"{captions} is missing", f"字幕{captions}がありません")


def inside(folder: Path, name: str) -> bool:
    """Say whether a file of this name lies in the folder (and not outside of it)."""
    path = (folder / name).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()


def _links(course: Course) -> Iterator[Problem]:
    """Links lead to items of this course or to https; terms are in the glossary."""
    keys, terms = {item.id for item in course.items()}, {term.id for term in course.terms}
    keys |= {key for module in course.modules for key in module.use}
    for text in (t for item in course.items() for t in item.texts.values()):
        for part in (_words(p) for screen in text.screens for p in screen):
            for target in LINK.findall(part):
                if not target.startswith(("https://", "tel:", "mailto:")) and target not in keys:
                    yield Problem(text.path, _line(text, target), "link", f"dead link: {target}", f"リンク先がありません：{target}")
            for term in TERM.findall(part):
                if term not in terms:
                    yield Problem(text.path, _line(text, f"term:{term}"), "term", f"no glossary entry {term!r}", f"用語「{term}」が用語集にありません")


def _words(part: object) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Question):
        return "\n".join([part.prompt, part.explanation, *(o.text + "\n" + o.feedback for o in part.options)])
    return ""


def _line(text: Text, needle: str) -> int:
    """Return the line on which something stands in the file."""
    for number, line in enumerate(text.path.read_text("utf-8").splitlines(), 1):
        if needle in line:
            return number
    return 1


def length(text: Text) -> float:
    """Return the minutes a text takes by its length: words in English, characters in Japanese, and its questions."""
    words = " ".join(_words(p) for screen in text.screens for p in screen if isinstance(p, str))
    amount = len(words.split()) if text.lang == "en" else len(re.sub(r"\s|\{[^|}]*\||[A-Za-z]", "", words))
    return amount / PER_MINUTE[text.lang] + len(text.questions()) * PER_QUESTION


def _minutes(course: Course) -> Iterator[Problem]:
    for item in course.items():
        for text in item.texts.values():
            if text.minutes < 1:
                yield Problem(text.path, 1, "minutes", "minutes are missing", "所要時間（minutes）がありません")
            elif item.kind == "lesson" and not 0.5 < text.minutes / max(length(text), 0.5) < 2.5:  # noqa: PLR2004
                yield Problem(text.path, 1, "minutes", f"{text.minutes} minutes said, about {length(text):.0f} by length",
                              f"所要時間{text.minutes}分に対し、文量は約{length(text):.0f}分です", "warning")


def _completion(course: Course) -> Iterator[Problem]:
    path, rules = course.folder / "course.toml", course.settings.get("completion", {}).get("require", [])
    if not rules:
        yield Problem(path, 1, "completion", "no completion rule", "修了の条件がありません")
    for rule in rules:
        if not RULE.match(str(rule)):
            yield Problem(path, 1, "completion", f"unknown rule {rule!r}", f"修了の条件「{rule}」は使えません")
        elif rule.startswith("count:") and int(rule.split(">=")[1]) > len([i for i in course.items() if i.kind == "lesson"]) + sum(
                len(m.use) for m in course.modules):
            yield Problem(path, 1, "completion", f"{rule} can never be met", f"「{rule}」は満たすことができません")


def _tasks(course: Course) -> Iterator[Problem]:
    for item in course.items():
        for text in item.texts.values():
            if item.kind == "task" and not text.questions():
                yield Problem(text.path, 1, "empty", "a task without a question", "質問のない課題です")


def _uses(courses: list[Course]) -> Iterator[Problem]:
    keys = {item.id for course in courses for item in course.items()}
    for course in courses:
        for module in course.modules:
            for key in module.use:
                if key not in keys:
                    yield Problem(module.path / "module.toml", 1, "use", f"{key} is in none of the courses", f"{key}はどの講座にもありません")
