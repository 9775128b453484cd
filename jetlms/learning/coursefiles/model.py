"""What a course folder says, as plain values. Texts are Markdown; ids are for ever."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

LANGS = ("en", "ja")
KINDS = ("lesson", "quiz", "task", "translation", "interpreting")
# How a rule of completion names a kind: "all:quizzes".
COUNTED = {"lessons": "lesson", "quizzes": "quiz", "tasks": "task", "translations": "translation", "interpretations": "interpreting",
           "modules": "module"}
MODES = ("consecutive", "shadowing", "sight")         # of interpreting
TYPES = ("choice", "multi", "truefalse", "text", "number", "cloze", "match", "order", "essay", "file")
LANGUAGE = {"en": ("English", "英語"), "ja": ("Japanese", "日本語")}       # how a problem names a language, in English and in Japanese


@dataclass(frozen=True)
class Problem:
    """Something wrong at a place; in both languages, because authors read either."""

    path: Path
    line: int
    code: str
    en: str
    ja: str
    severity: str = "error"            # error: publishing refuses; warning: it is said


class Prose(str):
    """A piece of Markdown that knows the line of the file on which it begins."""

    __slots__ = ("line",)
    line: int

    def __new__(cls, text: str, line: int = 0) -> Self:
        """Return `text`, which begins on `line` (counted from 1)."""
        made = super().__new__(cls, text)
        made.line = line
        return made


NOTHING = Prose("")


@dataclass(frozen=True)
class Option:
    """One option of a choice, pair of a match, or line of an order."""

    text: Prose
    right: bool = False
    feedback: Prose = NOTHING
    partner: Prose = NOTHING           # match: the right-hand side
    line: int = 0


@dataclass(frozen=True)
class Accepted:
    """One answer a text, number or truefalse question knows. `kind`: "=" right, "~" right with a note, "!" wrong, with the reason."""

    kind: str
    answer: str
    note: Prose = NOTHING
    line: int = 0


@dataclass(frozen=True)
class Question:
    """One question in one language."""

    id: str
    type: str
    attrs: dict[str, str]
    prompt: Prose
    options: tuple[Option, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    gaps: tuple[tuple[str, ...], ...] = ()
    explanation: Prose = NOTHING
    line: int = 0

    @property
    def use(self) -> str:
        """pre: asked before the lesson, ungraded; otherwise practice."""
        return self.attrs.get("use", "")

    def answer_key(self) -> tuple[Any, ...]:
        """Return what decides about right and wrong, in this language."""
        texts = [(o.text, o.partner) for o in self.options] if self.type in {"match", "order"} else []
        return (self.type, [o.right for o in self.options], texts, [(a.kind, a.answer) for a in self.accepted], self.gaps,
                self.attrs.get("fold", ""))

    def prose(self) -> Iterator[Prose]:
        """Yield every piece of Markdown in it."""
        yield self.prompt
        for option in self.options:
            yield from (option.text, option.partner, option.feedback)
        yield from (answer.note for answer in self.accepted)
        yield self.explanation


@dataclass(frozen=True)
class Media:
    """A sound or film with its captions."""

    kind: str
    src: str
    title: str
    synthetic: bool
    line: int = 0

    def captions(self, lang: str) -> str:
        """Return the name of its caption file in a language."""
        return f"{self.src.rpartition('.')[0]}.{lang}.vtt"


Part = Prose | Question | Media


@dataclass(frozen=True)
class Text:
    """One item in one language: its screens are lists of parts. `lines` says where the words between +++ stand."""

    path: Path
    lang: str
    title: str
    minutes: int
    screens: tuple[tuple[Part, ...], ...]
    lines: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, Prose] = field(default_factory=dict)       # of an exercise: what the teacher says about a segment

    def questions(self) -> list[Question]:
        """Return the questions in order."""
        return [part for screen in self.screens for part in screen if isinstance(part, Question)]

    def media(self) -> list[Media]:
        """Return sounds and films in order."""
        return [part for screen in self.screens for part in screen if isinstance(part, Media)]

    @property
    def notes_file(self) -> Path:
        """Where the notes of an exercise stand."""
        return self.path.with_name(f"notes.{self.lang}.md")

    def prose(self) -> Iterator[tuple[Path, Prose]]:
        """Yield every piece of Markdown with its file, that of questions and notes too."""
        for part in (part for screen in self.screens for part in screen):
            if isinstance(part, Question):
                yield from ((self.path, piece) for piece in part.prose())
            elif isinstance(part, Prose):
                yield self.path, part
        yield from ((self.notes_file, note) for note in self.notes.values())


@dataclass(frozen=True)
class Segment:
    """One segment of a text to be translated or interpreted: a sentence, a heading, a line of an address."""

    id: str
    text: str
    line: int


@dataclass(frozen=True)
class Script:
    """A text in segments: what is translated or spoken, or a model of how it can be said in the other language."""

    path: Path
    lang: str
    segments: tuple[Segment, ...]

    def by_id(self) -> dict[str, str]:
        """Return the texts of its segments."""
        return {segment.id: segment.text for segment in self.segments}


@dataclass(frozen=True)
class Exercise:
    """A text to translate (`mode` "") or to interpret. `test`: models are shown when it has been handed in, not before.

    `names` says how names in it are written in the other language; `chunks`, how many segments are heard at a time (none: one).
    """

    folder: Path
    source: Script | None
    references: Mapping[str, Script]
    mode: str = ""
    test: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    chunks: tuple[int, ...] = ()

    @property
    def target(self) -> str:
        """The language of the models; that of the source where the task is to say the same again (shadowing)."""
        return next((script.lang for script in self.references.values()), self.source.lang if self.source else "")

    @property
    def heard(self) -> bool:
        """Whether it is heard, not read."""
        return self.mode in ("consecutive", "shadowing")

    @property
    def sound(self) -> Path:
        """The speech of an interpreting exercise; its cues lie beside it (sound.vtt)."""
        return self.folder / "sound.mp3"


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
