"""What stands in the files of an item, as plain values: prose, questions, media, segments, and what is wrong with them. Texts are Markdown."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

LANGS = ("en", "ja")
LANGUAGE = {"en": ("English", "英語"), "ja": ("Japanese", "日本語")}       # how a problem names a language, in English and in Japanese
TYPES = ("choice", "multi", "truefalse", "text", "number", "cloze", "match", "order", "essay", "file")
MODES = ("consecutive", "shadowing", "sight")         # of interpreting


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
