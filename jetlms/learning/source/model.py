"""What a course folder says, as plain values. Texts are Markdown; ids are for ever."""
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LANGS = ("en", "ja")
KINDS = ("lesson", "quiz", "task")
TYPES = ("choice", "multi", "truefalse", "text", "number", "cloze", "match", "order", "essay", "file")


@dataclass(frozen=True)
class Problem:
    """Something wrong at a place; in both languages, because authors read either."""

    path: Path
    line: int
    code: str
    en: str
    ja: str
    severity: str = "error"            # error: publishing refuses; warning: it is said


@dataclass(frozen=True)
class Option:
    """One option of a choice, pair of a match, or line of an order."""

    text: str
    right: bool = False
    feedback: str = ""
    partner: str = ""                  # match: the right-hand side


@dataclass(frozen=True)
class Accepted:
    """One answer a text, number or truefalse question knows. `kind`: "=" right, "~" right with a note, "!" wrong, with the reason."""

    kind: str
    answer: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    """One question in one language."""

    id: str
    type: str
    attrs: dict[str, str]
    prompt: str
    options: tuple[Option, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    gaps: tuple[tuple[str, ...], ...] = ()
    explanation: str = ""
    line: int = 0

    @property
    def use(self) -> str:
        """pre: asked before the lesson, ungraded; otherwise practice."""
        return self.attrs.get("use", "")

    def structure(self) -> tuple[Any, ...]:
        """Return what must be the same in every language."""
        kinds = tuple(a.kind for a in self.accepted if a.kind == "!") if self.type == "truefalse" else ()
        truth = tuple(a.answer for a in self.accepted if a.kind == "=") if self.type in {"truefalse", "number"} else ()
        rights = tuple(o.right for o in self.options) if self.type in {"choice", "multi"} else (len(self.options),)
        return (self.id, self.type, self.use, rights, len(self.gaps), truth, kinds)

    def answer_key(self) -> tuple[Any, ...]:
        """Return what decides about right and wrong."""
        return (self.type, tuple((o.right, bool(o.partner)) for o in self.options),
                tuple((a.kind, a.answer) for a in self.accepted), self.gaps)


@dataclass(frozen=True)
class Media:
    """A sound or film with its captions."""

    kind: str
    src: str
    title: str
    synthetic: bool
    line: int = 0


Part = str | Question | Media


@dataclass(frozen=True)
class Text:
    """One item in one language: its screens are lists of parts."""

    path: Path
    lang: str
    title: str
    minutes: int
    screens: tuple[tuple[Part, ...], ...]

    def questions(self) -> list[Question]:
        """Return the questions in order."""
        return [part for screen in self.screens for part in screen if isinstance(part, Question)]


@dataclass
class Item:
    """A lesson, quiz or task in its languages."""

    id: str
    kind: str
    stem: str
    optional: bool
    replaces: tuple[str, ...]
    texts: dict[str, Text] = field(default_factory=dict)


@dataclass
class Module:
    """A module: its own items, then those of other courses."""

    id: str
    path: Path
    title: dict[str, str]
    goal: dict[str, str]
    items: list[Item] = field(default_factory=list)
    use: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """A glossary entry."""

    id: str
    ja: str
    reading: str
    en: str
    note_ja: str
    note_en: str


@dataclass
class Course:
    """A course folder, read."""

    folder: Path
    id: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    modules: list[Module] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    retired: dict[str, str] = field(default_factory=dict)

    def items(self) -> list[Item]:
        """Return the course's own items in order."""
        return [item for module in self.modules for item in module.items]
