"""What a course folder says, as plain values: items, modules, terms, the course. Ids are for ever; what stands in an item's files: texts."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jetlms.learning.coursefiles.texts import LANGS, Exercise, Text

KINDS = ("lesson", "quiz", "task", "translation", "interpreting")
# How a rule of completion names a kind: "all:quizzes".
COUNTED = {"lessons": "lesson", "quizzes": "quiz", "tasks": "task", "translations": "translation", "interpretations": "interpreting",
           "modules": "module"}


@dataclass
class Item:
    """A lesson, quiz, task or exercise in the languages it has (never none). `broken`: languages whose file could not be read."""

    id: str
    kind: str
    stem: str
    optional: bool
    replaces: tuple[str, ...]
    texts: dict[str, Text] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    exercise: Exercise | None = None
    pool: str = ""                     # of a quiz: the bank from which each attempt draws
    draw: int = 0                      # so many questions
    marked: bool = False               # of a task: a tutor marks it

    @property
    def first(self) -> Text:
        """The text that speaks for the item where one is enough: the English one, if there is one."""
        return self.texts.get(LANGS[0]) or next(iter(self.texts.values()))


@dataclass
class Module:
    """A module: its own items, then those of other courses."""

    id: str
    path: Path
    title: dict[str, str]
    goal: dict[str, str]
    items: list[Item] = field(default_factory=list)
    use: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Its module.toml."""
        return self.path / "module.toml"


@dataclass(frozen=True)
class Term:
    """A glossary entry. `more`: the word in other languages ("zh", "ko"), and words not to be used for it ("not_en": "ward|parish")."""

    id: str
    ja: str
    reading: str
    en: str
    note_ja: str
    note_en: str
    more: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    line: int = field(default=0, kw_only=True)

    def word(self, lang: str) -> str:
        """Return the word in a language, "" when the glossary has none."""
        return {"ja": self.ja, "en": self.en}.get(lang, "") or self.more.get(lang, "")

    def avoid(self, lang: str) -> list[str]:
        """Return the words of a language that are not to be used for it."""
        return [word.strip() for word in self.more.get(f"not_{lang}", "").split("|") if word.strip()]


@dataclass
class Course:
    """A course folder, read. `settings` is course.toml, less what has the wrong type; `retired` maps ids that are gone to the reason."""

    folder: Path
    id: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    modules: list[Module] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    retired: dict[str, str] = field(default_factory=dict)
    banks: dict[str, Item] = field(default_factory=dict)                 # pools of questions by name; they are no items themselves
    lines: Mapping[str, int] = field(default_factory=dict)               # of course.toml
    moved_lines: Mapping[str, int] = field(default_factory=dict)         # of moved.toml

    @property
    def file(self) -> Path:
        """Its course.toml."""
        return self.folder / "course.toml"

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages it is written in."""
        return tuple(lang for lang in self.settings.get("langs", LANGS) if lang in LANGS) or LANGS

    @property
    def placement(self) -> str:
        """The bank of its level's questions of the placement quiz, "" without one."""
        bank: str = self.settings.get("level", {}).get("placement", "")
        return bank

    @property
    def asked_apart(self) -> list[str]:
        """The banks that are asked by themselves: by the placement quiz, by the level check of an admission."""
        return [name for name in (self.placement, self.settings.get("admission", {}).get("bank", "")) if name]

    def items(self) -> list[Item]:
        """Return the course's own items in order."""
        return [item for module in self.modules for item in module.items]

    def holders(self, item: Item) -> list[Item]:
        """Return what holds the questions of an item: itself, and the bank it draws from."""
        return [item, self.banks[item.pool]] if item.pool in self.banks else [item]

    def is_marked(self, item: Item) -> bool:
        """Say whether a tutor marks an item: tests, and tasks that say so, of a course that says [marking]."""
        return "marking" in self.settings and (item.marked if item.exercise is None else item.exercise.test)

    def texts(self) -> list[Text]:
        """Return every text of its own items."""
        return [text for item in self.items() for text in item.texts.values()]
