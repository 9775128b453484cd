"""From Markdown to the HTML of a release: links, term cards, boxes, pictures, sound."""
import hashlib
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from jetlms.core import files, markup
from jetlms.core.db import db, upsert
from jetlms.learning.coursefiles.lint import inside
from jetlms.learning.coursefiles.model import Course as Source
from jetlms.learning.coursefiles.model import Item
from jetlms.learning.coursefiles.rules.assets import CUE as TIMES
from jetlms.learning.coursefiles.texts import LANGS, Exercise, Media, Question, Text
from jetlms.learning.coursefiles.wording import standing, stands
from jetlms.learning.models import CourseAsset

BOX = re.compile(r"^:::\s*(example|tip|care|say)\b[ ]*(.*?)$\n(.*?)^:::\s*$", re.MULTILINE | re.DOTALL)
TERM = re.compile(r"\[\[term:([a-z0-9-]+)(?:\|([^\]]+))?\]\]")
ITEM_LINK = re.compile(r"\]\((l-[0-9a-z]{6})\)")
ASSET = re.compile(r"(!\[[^\]]*\]\()(assets/[^)\s]+)")
CUE = re.compile(r"(\d{2,}:)?(\d\d):(\d\d)\.\d{3}\s+-->\s")
TAG = re.compile(r"</?[a-z0-9][^>]*>", re.IGNORECASE)
MIMES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".mp4": "video/mp4", ".vtt": "text/vtt", ".svg": "image/svg+xml", ".png": "image/png",
         ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".wav": "audio/wav"}


@dataclass(frozen=True)
class Asset:
    """A picture, sound or caption that a text shows."""

    path: Path
    mime: str
    size: int


def keep_assets(shown: Mapping[str, Asset]) -> None:
    """Store what texts show, by its hash."""
    for sha256, asset in shown.items():
        files.put(sha256, asset.path.read_bytes())
        db.session.execute(upsert(CourseAsset).values(sha256=sha256, mime=asset.mime, size=asset.size).on_conflict_do_nothing())


class Page:
    """Renders the texts of one course: links, terms, boxes, pictures. Writes nothing: `shown` is what there is to keep."""

    def __init__(self, home: Source, shown_in: Source) -> None:
        self.home, self.slug = home, shown_in.folder.name
        self.terms = {term.id: term for term in home.terms}
        self.mentioned: set[str] = set()
        self._found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}      # terms by text, the same in each language of the page
        self.shown: dict[str, Asset] = {}

    def screens(self, text: Text) -> list[list[dict[str, Any]]]:
        """Return the screens as JSON."""
        return [[self._part(part, text.lang) for part in screen] for screen in text.screens]

    def _part(self, part: Any, lang: str) -> dict[str, Any]:
        if isinstance(part, Question):
            return {"question": part.id}
        if isinstance(part, Media):
            return {"media": self._media(part, lang)}
        return {"html": self.block(part, lang)}

    def exercise(self, item: Item, text: Text) -> dict[str, Any] | None:
        """Return an exercise as workbench and booth show it, None for any other item.

        {"test", "source", "target" (languages), "names": {name: as written there}, "segments": [{"id", "text", "html" (its terms marked),
        "terms": [{"source", "target", "avoid": [words]}], "models": {"a": "…"}, "note": HTML}]}; what is spoken has besides
        {"mode", "parts": [{"id" (of its first segment), "segments": [ids], "from", "to" (seconds of the speech)}], "sound": URL or ""}.
        """
        found = item.exercise
        if found is None or found.source is None:
            return None
        models = {name: script.by_id() for name, script in sorted(found.references.items())}
        segments = []
        for segment in found.source.segments:
            asked = (segment.text, found.source.lang, found.target)
            terms = self._found[asked] if asked in self._found else self._found.setdefault(asked, self._terms_in(*asked))
            note = text.notes.get(segment.id)
            segments.append({
                "id": segment.id, "text": segment.text, "terms": terms, "html": marked(segment.text, [t["source"] for t in terms], found.source.lang),
                "models": {name: texts[segment.id] for name, texts in models.items()}, "note": self.block(note, text.lang) if note else ""})
        return {"test": found.test, "source": found.source.lang, "target": found.target, "names": dict(found.names),
                "segments": segments} | (self._spoken(found) if found.mode else {})

    def _spoken(self, found: Exercise) -> dict[str, Any]:
        """Return how a speech is heard or read, part by part: chunks where one speaks after it, the whole where one speaks along."""
        keys = [segment.id for segment in found.source.segments] if found.source else []
        ends = list(itertools.accumulate(found.chunks or ([1] * len(keys) if found.mode == "consecutive" else [len(keys)])))
        parts: list[dict[str, Any]] = [{"id": keys[begin], "segments": keys[begin:end]} for begin, end in itertools.pairwise([0, *ends])]
        if not found.heard:
            return {"mode": found.mode, "parts": parts, "sound": ""}
        times = cues((found.folder / "sound.vtt").read_text("utf-8"))
        for part in parts:
            spoken = [times[keys.index(key)] for key in part["segments"]]
            part |= {"from": spoken[0][0], "to": spoken[-1][1]}
        name = found.sound.relative_to(self.home.folder).as_posix()
        return {"mode": found.mode, "parts": parts, "sound": self._asset(name)}

    def _terms_in(self, text: str, source: str, target: str) -> list[dict[str, Any]]:
        """Return the glossary's terms that stand in a text of one language and have a word in the other, longest first."""
        said = [term for term in self.home.terms
                if term.word(source) and term.word(target) and stands(term.word(source), text, source)]
        found = []
        for word, terms in itertools.groupby(sorted(said, key=lambda term: (-len(term.word(source)), term.word(source))), lambda t: t.word(source)):
            there = standing([word], source)
            if there.search(text):
                found += [{"source": word, "target": term.word(target), "avoid": term.avoid(target)} for term in terms]
                text = there.sub("\N{OBJECT REPLACEMENT CHARACTER}", text)       # a word inside a longer term is not a term of its own
        return found

    def block(self, text: str, lang: str) -> str:
        """Return block Markdown as HTML."""
        pieces, last = [], 0
        for box in BOX.finditer(text):
            pieces.append(markup.render(self._inside(text[last:box.start()], lang)))
            pieces.append(self._box(box[1], box[2], box[3], lang))
            last = box.end()
        pieces.append(markup.render(self._inside(text[last:], lang)))
        return "".join(pieces)

    def inline(self, text: str, lang: str) -> str:
        """Return a line of Markdown as HTML without its paragraph."""
        return markup.inline(self._inside(text, lang))

    def _box(self, kind: str, title: str, body: str, lang: str) -> str:
        if kind == "say":
            body = "\n".join(f"- {line}" for line in body.strip().splitlines() if line.strip())
        head = f'<p class="box-title">{markup.inline(self._inside(title, lang))}</p>' if title.strip() else ""
        return f'<div class="box box-{kind}">{head}{markup.render(self._inside(body, lang))}</div>'

    def _inside(self, text: str, lang: str) -> str:
        """Put addresses and term cards in, before Markdown reads it: a bar inside a card must not end the cell of a table."""
        text = ITEM_LINK.sub(lambda m: f"](/learn/{self.slug}/{m[1]})", text)
        text = ASSET.sub(lambda m: m[1] + self._asset(m[2]), text)
        return TERM.sub(lambda m: self._card(m[1], m[2], lang), text)

    def _card(self, key: str, words: str | None, lang: str) -> str:
        term = self.terms.get(key)
        if term is None:
            return words or key
        self.mentioned.add(key)
        shown = words or (term.ja if lang == "ja" else term.en)
        return f'<a class="term" data-term="{key}" href="/learn/{self.slug}/glossary#{key}">{shown}</a>'

    def _asset(self, name: str) -> str:
        """Return the address of a file of the course, by its hash."""
        if not inside(self.home.folder, name):
            return ""
        path = self.home.folder / name
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        self.shown[sha256] = Asset(path, MIMES.get(path.suffix.lower(), "application/octet-stream"), len(data))
        return f"/learn/assets/{sha256}/{path.name}"

    def _media(self, part: Media, lang: str) -> dict[str, Any]:
        stem = part.src.rsplit(".", 1)[0]
        captions = {lang: f"{stem}.{lang}.vtt" for lang in LANGS if inside(self.home.folder, f"{stem}.{lang}.vtt")}
        spoken = captions.get(lang) or next(iter(captions.values()), "")
        return {"kind": part.kind, "url": self._asset(part.src), "title": part.title, "synthetic": part.synthetic,
                "tracks": [{"lang": lang, "url": self._asset(name)} for lang, name in captions.items()],
                "transcript": transcript((self.home.folder / spoken).read_text("utf-8")) if spoken else []}


def marked(text: str, words: list[str], lang: str) -> str:
    """Return a plain text as HTML in which these words are marked."""
    if not words:
        return str(escape(text))
    parts, last = [], 0
    for found in standing(words, lang).finditer(text):
        parts += [escape(text[last:found.start()]), Markup('<mark class="has-term">{}</mark>').format(found[0])]
        last = found.end()
    return str(Markup("").join([*parts, escape(text[last:])]))


def cues(vtt: str) -> list[tuple[float, float]]:
    """Return from when to when, in seconds, each cue of WebVTT lasts."""
    return [(_instant(found[1]), _instant(found[2])) for line in vtt.splitlines() if (found := TIMES.match(line.strip()))]


def _instant(time: str) -> float:
    *hours, minutes, seconds = time.split(":")
    return round(3600 * int(hours[0] if hours else 0) + 60 * int(minutes) + float(seconds), 3)


def transcript(vtt: str) -> list[dict[str, str]]:
    """Return the cues of WebVTT as [{"at": "0:07" or "1:00:07", "text"}]: without notes, names of cues, and tags."""
    cues: list[dict[str, str]] = []
    for block in re.split(r"\n\s*\n", vtt.replace("\r\n", "\n")):
        lines = [line.strip() for line in block.strip().splitlines()]
        times = next((n for n, line in enumerate(lines) if CUE.match(line)), None)
        if times is None:
            continue                                       # the head, a note, a style
        found: Any = CUE.match(lines[times])
        hours, minutes = int((found[1] or "0:").rstrip(":")), int(found[2])
        at = f"{hours}:{minutes:02}:{found[3]}" if hours else f"{minutes}:{found[3]}"
        cues.append({"at": at, "text": unescape(TAG.sub("", " ".join(lines[times + 1:]))).strip()})
    return [cue for cue in cues if cue["text"]]
