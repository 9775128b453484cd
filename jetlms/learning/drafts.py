"""A draft as data: which files are one item, what stands where, how a file of it will look. No database, no writing."""
import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from jetlms.learning import grading
from jetlms.learning.coursefiles.model import KINDS, Course, Item, Module, Term
from jetlms.learning.coursefiles.parse import (
    BANKS,
    EXERCISE,
    EXERCISE_FRONT,
    FRONT,
    NAME,
    parse_terms,
    parse_text,
)
from jetlms.learning.coursefiles.rules import answers, length, prose, variants
from jetlms.learning.coursefiles.texts import Exercise, Problem, Question, Text
from jetlms.learning.rendering import Page

TITLE = re.compile(r'^title\s*=\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
ITEM_ID = re.compile(r'^id\s*=\s*"(l-[0-9a-z]{6}|\?)"', re.MULTILINE)
OPEN = re.compile(r"""^(:::\s*question\b[^\n]*?\sid=)["']?\?["']?""", re.MULTILINE)
RULES = (variants.variants, answers.questions, prose.emptiness, length.titles)     # what can be judged in one item alone
ASKING = ("quiz", "lesson")                                                         # what questions may be imported into
LISTED = frozenset({"choice", "multi", "match", "order"})                           # what has lines to choose from
UNSHOWN = (LookupError, ValueError, TypeError, AttributeError)                      # what an unfinished question may raise


@dataclass
class Unit:
    """The files that are one item (a lesson in its languages, the folder of an exercise), or one file that is none."""

    stem: str                          # the path without its language and type: "01-module/10-first", "…/30-letter.trans"
    kind: str                          # model.KINDS; "module", "course" for what describes them; "file" for the rest
    paths: list[str] = field(default_factory=list)
    title: str = ""

    @property
    def module(self) -> str:
        """The folder of its module, "" for the files of the course."""
        return self.stem.partition("/")[0] if "/" in self.stem else ""


def unit_of(path: str) -> tuple[str, str]:
    """Return (stem, kind) of the unit that a file belongs to."""
    parts = PurePosixPath(path).parts
    if len(parts) == 1:
        return path, "course" if path == "course.toml" else "file"
    exercise = EXERCISE.match(parts[1]) if len(parts) > 2 else None  # noqa: PLR2004 -- module, exercise, file
    if exercise:
        return f"{parts[0]}/{parts[1]}", "translation" if exercise[3] == "trans" else "interpreting"
    named = NAME.match(parts[1]) if len(parts) == 2 else None  # noqa: PLR2004 -- module, file
    if named:
        kind = named[3] or "lesson"
        return f"{parts[0]}/{parts[1].removesuffix(f'.{named[4]}.md')}", kind
    return path, "module" if parts[-1] == "module.toml" else "file"


def units(texts: dict[str, str]) -> list[Unit]:
    """Return the units of a draft in the order of the course: its own files, then each module's."""
    found: dict[str, Unit] = {}
    for path in sorted(texts, key=_place):
        stem, kind = unit_of(path)
        unit = found.setdefault(stem, Unit(stem, kind))
        unit.paths.append(path)
        if not unit.title and kind in KINDS:
            title = TITLE.search(texts[path][:2000])
            unit.title = title[1] if title else ""
    return list(found.values())


def _place(path: str) -> tuple[Any, ...]:
    """Return a key that sorts numbers as numbers, the files of a folder before its folders, a module's own file first."""
    keys: list[tuple[int, int, str]] = []
    parts = PurePosixPath(path).parts
    for name in parts:
        number = re.match(r"\d{1,9}", name)
        keys.append((0 if name.endswith(("course.toml", "module.toml")) else 1, int(number[0]) if number else 0, name))
    return (len(parts) > 1, parts[0] == "assets", *keys)


def item_id(text: str) -> str:
    """Return the id between the +++ of a file, "" when there is none."""
    found = ITEM_ID.search(text.partition("\n+++")[0])
    return found[1] if found else ""


def lang_of(path: str) -> str:
    """Return the language of a file, "" when it has none."""
    found = re.search(r"\.([a-z]{2})\.(?:md|txt|vtt)$", path)
    return found[1] if found else ""


# -- how a file will look ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class View:
    """How one language of an item will look; `problems` are those of its file."""

    lang: str
    path: str
    title: str
    screens: list[list[dict[str, Any]]]
    questions: dict[str, Any]


class _Page(Page):
    """Renders without storing: pictures and sound come from the draft."""

    def __init__(self, home: Course, address: str, assets: dict[str, str]) -> None:
        super().__init__(home, home)
        self.address, self.assets = address, assets

    def _asset(self, name: str) -> str:
        return f"{self.address}/{name}" if name in self.assets else ""

    def _media(self, part: Any, _lang: str) -> dict[str, Any]:
        return {"kind": part.kind, "url": self._asset(part.src), "title": part.title, "synthetic": part.synthetic, "tracks": [], "transcript": []}


def look(path: str, texts: dict[str, str], *, slug: str, assets: dict[str, str], address: str) -> tuple[list[View], list[Problem]]:
    """Return how the item of a file will look in each language, and what is wrong with it by itself. `address`: where assets are served."""
    stem, kind = unit_of(path)
    problems: list[Problem] = []
    course = Course(Path(slug), settings={"langs": ["en", "ja"]})
    course.terms = parse_terms(Path(slug, "glossary.tsv"), texts["glossary.tsv"], []) if "glossary.tsv" in texts else []
    item = _item(stem, kind, texts, Path(slug), problems)
    if item is None:
        return [], problems
    course.modules = [Module("", Path(slug, stem).parent, {}, {}, [item])]
    rules = RULES if not stem.startswith(f"{BANKS}/") else RULES[:-1]      # a bank needs no title: learners never see it
    problems += [p for rule in rules for p in rule(course)]
    page = _Page(course, address, assets)
    views = [View(lang, text.path.relative_to(slug).as_posix(), text.title, page.screens(text), _questions(item, text, page))
             for lang, text in sorted(item.texts.items())]
    return views, sorted(problems, key=lambda p: (str(p.path), p.line))


def _item(stem: str, kind: str, texts: dict[str, str], root: Path, problems: list[Problem]) -> Item | None:
    """Return the item of these files, None when none of them can be read (its problems say why)."""
    if kind not in KINDS:
        return None
    exercise = kind in {"translation", "interpreting"}
    found: dict[str, Text] = {}
    broken = set()
    for lang in ("en", "ja"):
        name = f"{stem}/exercise.{lang}.md" if exercise else f"{stem}.{lang}.md"
        numbers = itertools.count(1)               # ids that are still open are told apart
        source = OPEN.sub(lambda m, n=numbers: f"{m[1]}?{next(n)}", texts.get(name, ""))  # type: ignore[misc]
        read = parse_text(root / name, source, lang, problems, EXERCISE_FRONT if exercise else FRONT) if name in texts else None
        if read:
            found[lang] = read[1]
        elif name in texts:
            broken.add(lang)
    if not found:
        return None
    return Item("", kind, stem, optional=False, replaces=(), texts=found, broken=frozenset(broken),
                exercise=Exercise(root / stem, None, {}) if exercise else None)


def _questions(item: Item, text: Text, page: Page) -> dict[str, Any]:
    """Return what the preview shows of each question; of an unfinished one that it is unfinished."""
    found: dict[str, Any] = {}
    alone = Item(item.id, item.kind, item.stem, optional=False, replaces=(), texts={text.lang: text})
    for q in text.questions():
        try:
            source = grading.prepare(alone, q.id, page.block, page.inline)
            shown = grading.public(source, grading.arrange(source | {"shuffle": False}, 0), text.lang)
        except UNSHOWN:
            shown = {}
        whole = shown and (q.options or q.type not in LISTED)
        found[q.id] = {"shown": shown if whole else None, "line": q.line, "key": _key(q)}
    return found


def _key(q: Question) -> list[str]:
    """Return the right answers in words, for authors."""
    if q.type == "match":
        return [f"{o.text} → {o.partner}" for o in q.options]
    if q.type == "order":
        return [f"{n}. {o.text}" for n, o in enumerate(q.options, 1)]
    return [*(str(o.text) for o in q.options if o.right), *(a.answer for a in q.accepted if a.kind in "=~"), *(gap[0] for gap in q.gaps)]


def terms(texts: dict[str, str]) -> list[Term]:
    """Return the glossary of a draft, as far as it can be read."""
    return parse_terms(Path("glossary.tsv"), texts.get("glossary.tsv", ""), [])




def name_of(stem: str) -> str:
    """Return the name of an item without its folder and type: "10-first"."""
    return re.sub(r"\.(?:quiz|task|trans|interp)$", "", PurePosixPath(stem).name)


def questions_of(stem: str, lang: str, texts: dict[str, str]) -> list[Question] | None:
    """Return the questions of an item in a language, None when there is no such text."""
    item = _item(stem, unit_of(f"{stem}.{lang}.md")[1], texts, Path(), [])
    return item.texts[lang].questions() if item and lang in item.texts else None
