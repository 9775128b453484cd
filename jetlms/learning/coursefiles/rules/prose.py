"""What stands in Markdown: links, terms, pictures, furigana, headings, and what does not belong there."""
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from jetlms.learning.coursefiles.model import Course, Item, Module
from jetlms.learning.coursefiles.rules.assets import inside
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import Problem, Prose, Question, Text

CODE = re.compile(r"(?ms)^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*\s*$|\Z)|(?<!`)(`+)(?!`)[^\n]{1,500}?(?<!`)\2(?!`)")
LINK = re.compile(r"(?<!!)\[(?!\[)[^\[\]\n]{0,300}\]\(([^)\s]{0,500})[^)\n]{0,300}\)")
IMAGE = re.compile(r"!\[([^\[\]\n]{0,1000})\]\(([^)\s]{0,500})[^)\n]{0,300}\)")
DOUBLE = re.compile(r"\[\[(?!=)([^\[\]\n]{0,200})\]\]")
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>\n]{0,500})?/?>")
HEADING = re.compile(r"(?m)^#(?!#).*$")
MEDIA = re.compile(r"(?m)^\s*::(?:audio|video)\b")
RUBY = re.compile(r"\{([^{}|\n]*)\|([^{}|\n]*)\}")
READING = re.compile(r"[\u3041-\u309f\u30a0-\u30ffA-Za-z・ 　]{1,60}")
LONGEST_RUBY = 40
OUTSIDE = ("https://", "mailto:", "tel:")
Said = tuple[str, str, str, str]       # code, English, Japanese, severity


def prose(course: Course, foreign: Mapping[str, Item]) -> Iterator[Problem]:
    """Judge every piece of Markdown of a course."""
    used = {key for module in course.modules for key in module.use}
    judge = _Judge(course, {item.id for item in course.items()} | (used & set(foreign)))
    for text in course.texts():
        for path, piece in text.prose():
            yield from judge.problems(path, piece)
    for module in course.modules:
        yield from _used_links(module, judge, foreign)


def emptiness(course: Course) -> Iterator[Problem]:
    """A lesson says something; a quiz and a task ask something."""
    for item in course.items():
        for text in item.texts.values():
            if item.pool and not text.questions():
                continue                       # all its questions come from a bank
            if not text.screens:
                yield Problem(text.path, 1, "empty", "there is no text", "本文がありません")
            elif item.kind in {"quiz", "task"} and not text.questions():
                yield Problem(text.path, 1, "empty", f"a {item.kind} without questions", "質問のない確認テスト・課題です")


def _used_links(module: Module, judge: "_Judge", foreign: Mapping[str, Item]) -> Iterator[Problem]:
    """Links inside an item of another course lead nowhere here when their target is not used too."""
    for key in module.use:
        texts = foreign[key].texts.values() if key in foreign else ()
        for target in sorted({t for text in texts for _path, piece in text.prose() for t in LINK.findall(_masked(piece)) if t.startswith("l-")}):
            if target not in judge.keys:
                yield Problem(module.file, line_of(module.lines, "use"), "link", f"{key} links to {target}, which this course does not have",
                              f"{key}には、この講座にない{target}へのリンクがあります", "warning")


class _Judge:
    """Knows where links and terms of a course may lead."""

    def __init__(self, course: Course, keys: set[str]) -> None:
        self.course, self.keys = course, keys
        self.terms = {term.id for term in course.terms}

    def problems(self, path: Path, piece: Prose) -> Iterator[Problem]:
        plain = _masked(piece)
        for pattern, rule in ((LINK, self._link), (IMAGE, self._image), (DOUBLE, self._double), (TAG, _tag), (HEADING, _heading), (RUBY, _ruby),
                              (MEDIA, _media)):
            for found in pattern.finditer(plain):
                line = piece.line + plain.count("\n", 0, found.start())
                yield from (Problem(path, line, *said) for said in rule(found))

    def _link(self, found: re.Match[str]) -> Iterator[Said]:
        target = found[1]
        if target.startswith("http://"):
            yield "link", f"only https:// links: {target}", f"リンクはhttps://だけです：{target}", "error"
        elif target not in self.keys and not target.startswith(OUTSIDE):
            yield "link", f"dead link: {target or 'nothing'}", f"リンク先がありません：{target}", "error"

    def _image(self, found: re.Match[str]) -> Iterator[Said]:
        alt, src = found[1], found[2]
        if not alt.strip():
            yield "alt", f"{src}: alternative text is missing", f"{src}：代替テキストがありません", "error"
        if not src.startswith("assets/") or not inside(self.course.folder, src):
            yield "asset", f"there is no {src} in the assets folder", f"{src}がassetsフォルダーにありません", "error"

    def _double(self, found: re.Match[str]) -> Iterator[Said]:
        kind, colon, rest = found[1].partition(":")
        term = rest.partition("|")[0]
        if kind != "term" or not colon:
            yield ("term", f"[[{found[1]}]] is not understood: [[term:id]] or [[term:id|words]]",
                   f"［[[{found[1]}]]］は使えません（[[term:id]]）", "error")
        elif term not in self.terms:
            yield "term", f"no glossary entry {term!r}", f"用語「{term}」が用語集にありません", "error"


def _tag(found: re.Match[str]) -> Iterator[Said]:
    if found[1].lower() == "img":
        yield ("alt", "pictures are written ![alternative text](assets/name.svg)",
               "画像は「![代替テキスト](assets/名前.svg)」と書いてください", "error")
    else:
        yield "html", f"HTML is not part of the format: {found[0]}", f"HTMLは使えません：{found[0]}", "warning"


def _heading(_found: re.Match[str]) -> Iterator[Said]:
    yield "heading", "headings begin with ##: the title is the first", "見出しは「##」から始めてください（題名が最上位です）", "error"


def _media(_found: re.Match[str]) -> Iterator[Said]:
    yield ("media", "sound and film stand on a line of their own, outside of boxes and questions",
           "音声・動画は、囲みや質問の外に1行で書いてください", "error")


def _ruby(found: re.Match[str]) -> Iterator[Said]:
    base, reading = found[1], found[2]
    if not 1 <= len(base) <= LONGEST_RUBY or not reading:
        yield "ruby", f"furigana is written {{漢字|かんじ}}: {found[0]}", f"ふりがなは「{{漢字|かんじ}}」と書いてください：{found[0]}", "error"
    elif not READING.fullmatch(reading):
        yield "ruby", f"the reading of {base} is not in kana: {reading}", f"{base}の読みがかなではありません：{reading}", "warning"


def _masked(piece: str) -> str:
    """Return Markdown with its code blanked out, line by line as long as before."""
    return CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), piece)


def words(text: Text) -> str:
    """Return what is read in a text, outside of questions."""
    return "\n".join(part for screen in text.screens for part in screen if not isinstance(part, Question) and isinstance(part, Prose))
