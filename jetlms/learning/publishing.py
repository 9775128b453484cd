"""From a folder to a release: read, lint, render, store in one transaction. What learners see changes at its end, all at once."""
import hashlib
import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from jetlms.config import ROOT
from jetlms.core import audit, clock, files, jobs, markup, search
from jetlms.core.db import db, upsert
from jetlms.learning import grading
from jetlms.learning.coursefiles import impact
from jetlms.learning.coursefiles.lint import inside, lint
from jetlms.learning.coursefiles.model import LANGS, Item, Media, Problem, Question, Text
from jetlms.learning.coursefiles.model import Course as Source
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.models import Attempt, Course, CourseAsset, LessonText, Release, Term
from jetlms.learning.models import Item as ItemRow

BOX = re.compile(r"^:::\s*(example|tip|care|say)\b[ ]*(.*?)$\n(.*?)^:::\s*$", re.MULTILINE | re.DOTALL)
TERM = re.compile(r"\[\[term:([a-z0-9-]+)(?:\|([^\]]+))?\]\]")
ITEM_LINK = re.compile(r"\]\((l-[0-9a-z]{6})\)")
ASSET = re.compile(r"(!\[[^\]]*\]\()(assets/[^)\s]+)")
MIMES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".mp4": "video/mp4", ".vtt": "text/vtt", ".svg": "image/svg+xml", ".png": "image/png",
         ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".wav": "audio/wav"}
CUE = re.compile(r"(\d\d:)?(\d\d):(\d\d)\.\d{3} --> ")


@dataclass
class Refusal(Exception):
    """The folder cannot be published; the running release stays."""

    problems: list[Problem]


@dataclass(frozen=True)
class Preview:
    """What publishing would change, and for how many people."""

    slug: str
    differences: list[dict[str, Any]]
    open_attempts: dict[str, int]
    problems: list[Problem]
    unchanged: bool


def courses_folder() -> Path:
    """Return where course folders lie."""
    return ROOT / "courses"


def siblings(folder: Path) -> list[Source]:
    """Return the other courses beside a folder, which its modules may use."""
    return [read_course(f)[0] for f in sorted(folder.parent.iterdir()) if f != folder and (f / "course.toml").exists()]


def check(folder: Path) -> tuple[Source, list[Source], list[Problem]]:
    """Read and lint a folder together with its neighbours; returns only the problems of this folder."""
    source, problems = read_course(folder)
    others = siblings(folder)
    known = {key: kind for manifest in db.session.scalars(_manifests()) for key, kind in manifest["ids"].items()}
    found = problems + lint([*others, source], known, db.session.scalars(_manifests()).all())
    return source, others, [p for p in found if p.path.is_relative_to(folder)]


def _manifests() -> Any:
    newest = select(func.max(Release.id)).group_by(Release.course_id)
    return select(Release.manifest).where(Release.id.in_(newest))


def preview(folder: Path) -> Preview:
    """Return what publishing `folder` would do."""
    source, _others, problems = check(folder)
    course = db.session.scalars(select(Course).where(Course.key == source.id)).one_or_none()
    release = db.session.get(Release, course.release_id) if course and course.release_id else None
    changes = impact.differences(release.manifest if release else {}, impact.manifest(source))
    touched = {change["item"] for change in changes}
    open_: dict[str, int] = dict(db.session.execute(
        select(Attempt.item_key, func.count()).where(Attempt.item_key.in_(touched), Attempt.submitted_at.is_(None), Attempt.number > 0)
        .group_by(Attempt.item_key)).all())
    return Preview(folder.name, changes, open_, problems, unchanged=release is not None and release.content_hash == content_hash(folder))


def publish(folder: Path, *, by: int | None) -> Release:
    """Publish a folder; returns the new release, or the present one when nothing changed. Raises Refusal.

    Everything happens in the caller's transaction: learners see the old release until it commits, and the new one from then on.
    """
    source, others, problems = check(folder)
    if any(p.severity == "error" for p in problems):
        raise Refusal(problems)
    course = _course(source, folder.name)
    digest = content_hash(folder)
    if course.release_id:
        present = db.session.get_one(Release, course.release_id)
        if present.content_hash == digest:
            return present
    number = (db.session.scalar(select(func.max(Release.number)).where(Release.course_id == course.id)) or 0) + 1
    foreign = {item.id: (item, other) for other in others for item in other.items()}
    manifest = impact.manifest(source)
    release = Release(course_id=course.id, number=number, content_hash=digest, published_by=by, manifest=manifest,
                      outline=outline_of(source, foreign, _known_before(course)))
    db.session.add(release)
    db.session.flush()
    _texts(release, source, foreign)
    _register(course, source)
    activate(course, release, by=by)
    return release


def activate(course: Course, release: Release, *, by: int | None) -> None:
    """Let learners see a release (the newest, or an older one: rollback), and count their progress against it."""
    db.session.execute(update(Course).where(Course.id == course.id).values(release_id=release.id, version=Course.version + 1))
    db.session.expire(course)
    audit.record("courses.publish", course, by=by, detail={"release": release.number, "hash": release.content_hash})
    _search(course, release)
    jobs.publish("course.released", course_id=course.id)


def content_hash(folder: Path) -> str:
    """Return the hash of everything in a course folder that learners may see."""
    total = hashlib.sha256(str(markup.VERSION).encode())
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "README.md"):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _course(source: Source, slug: str) -> Course:
    course = db.session.scalars(select(Course).where(Course.key == source.id)).one_or_none()
    if course is None:
        course = Course(key=source.id, slug=slug, title=source.settings["title"], summary=source.settings["summary"])
        db.session.add(course)
    course.slug, course.title, course.summary, course.retired_at = slug, source.settings["title"], source.settings["summary"], None
    db.session.flush()
    return course


def _known_before(course: Course) -> set[str] | None:
    """Return the items of the present release, or None for a first one: then nothing is new."""
    if not course.release_id:
        return None
    return set(db.session.get_one(Release, course.release_id).manifest["items"])


def outline_of(source: Source, foreign: dict[str, tuple[Item, Source]], before: set[str] | None) -> dict[str, Any]:
    """Return Release.outline."""
    modules: list[dict[str, Any]] = []
    for module in source.modules:
        items = [*module.items, *(foreign[key][0] for key in module.use)]
        modules.append({"id": module.id, "title": module.title, "goal": module.goal,
                        "items": [_line(item, new=before is not None and item.id not in before) for item in items]})
    settings = source.settings
    minutes = sum(item["minutes"] for module in modules for item in module["items"] if item["required"])
    return {
        "modules": modules, "minutes": minutes, "mastery": {"pass_percent": 80, "attempts": 3, "wait_hours": 24} | settings.get("mastery", {}),
        "completion": settings["completion"]["require"], "schedule": {"window_days": 365} | settings.get("schedule", {}),
        "audience": settings.get("audience", {}), "certificate": settings.get("certificate"), "langs": settings.get("langs", list(LANGS)),
        "base_lang": settings.get("base_lang", "en"),
        "replaced": {old: item.id for module in source.modules for item in module.items for old in item.replaces},
    }


def _line(item: Item, *, new: bool) -> dict[str, Any]:
    texts = item.texts
    some = next(iter(texts.values()))
    counted = [q for q in some.questions() if q.use != "pre"]
    return {
        "id": item.id, "kind": item.kind, "title": {lang: text.title for lang, text in texts.items()},
        "minutes": max(text.minutes for text in texts.values()), "required": not item.optional, "screens": len(some.screens),
        "questions": len(counted), "required_questions": len([q for q in counted if q.type != "file"]), "new": new,
    }


def _texts(release: Release, source: Source, foreign: dict[str, tuple[Item, Source]]) -> None:
    """Render and store every item in every language, those of other courses too: a release stands alone."""
    own = [(item, source) for item in source.items()]
    used = [foreign[key] for module in source.modules for key in module.use]
    rows = []
    for item, home in own + used:
        page = Page(home, source)
        questions = {q.id: grading.prepare(item, q.id, page.block, page.inline) for q in next(iter(item.texts.values())).questions()}
        rows += [{"release_id": release.id, "item_key": item.id, "lang": lang, "title": text.title, "minutes": text.minutes,
                  "screens": page.screens(text), "questions": questions, "markup_version": markup.VERSION} for lang, text in item.texts.items()]
    if rows:
        db.session.execute(insert(LessonText), rows)


class Page:
    """Renders the texts of one course: links, terms, boxes, pictures."""

    def __init__(self, home: Source, shown_in: Source) -> None:
        self.home, self.slug = home, shown_in.folder.name
        self.terms = {term.id: term for term in home.terms}
        self.lang = home.settings.get("base_lang", "en")

    def screens(self, text: Text) -> list[list[dict[str, Any]]]:
        """Return the screens as JSON."""
        self.lang = text.lang
        return [[self._part(part) for part in screen] for screen in text.screens]

    def _part(self, part: Any) -> dict[str, Any]:
        if isinstance(part, Question):
            return {"question": part.id}
        if isinstance(part, Media):
            return {"media": self._media(part)}
        return {"html": self.block(part)}

    def block(self, text: str) -> str:
        """Return block Markdown as HTML."""
        pieces, last = [], 0
        for box in BOX.finditer(text):
            pieces.append(markup.render(self._inside(text[last:box.start()])))
            pieces.append(self._box(box[1], box[2], box[3]))
            last = box.end()
        pieces.append(markup.render(self._inside(text[last:])))
        return self._terms("".join(pieces))

    def inline(self, text: str) -> str:
        """Return a line of Markdown as HTML without its paragraph."""
        return self._terms(markup.inline(self._inside(text)))

    def _box(self, kind: str, title: str, body: str) -> str:
        if kind == "say":
            body = "\n".join(f"- {line}" for line in body.strip().splitlines() if line.strip())
        head = f'<p class="box-title">{markup.inline(self._inside(title))}</p>' if title.strip() else ""
        return f'<div class="box box-{kind}">{head}{markup.render(self._inside(body))}</div>'

    def _inside(self, text: str) -> str:
        text = ITEM_LINK.sub(lambda m: f"](/learn/{self.slug}/{m[1]})", text)
        return ASSET.sub(lambda m: m[1] + self._asset(m[2]), text)

    def _terms(self, html: str) -> str:
        def card(found: re.Match[str]) -> str:
            term = self.terms.get(found[1])
            if term is None:
                return escape(found[2] or found[1])
            shown = found[2] or (term.ja if self.lang == "ja" else term.en)
            return f'<a class="term" data-term="{term.id}" href="/learn/{self.slug}/glossary#{term.id}">{shown}</a>'
        return TERM.sub(card, html)

    def _asset(self, name: str) -> str:
        """Return the address of a file of the course, stored by its hash."""
        if not inside(self.home.folder, name):
            return ""
        path = self.home.folder / name
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        files.put(sha256, data)
        mime = MIMES.get(path.suffix.lower(), "application/octet-stream")
        db.session.execute(upsert(CourseAsset).values(sha256=sha256, mime=mime, size=len(data)).on_conflict_do_nothing())
        return f"/learn/assets/{sha256}/{path.name}"

    def _media(self, part: Media) -> dict[str, Any]:
        stem = part.src.rsplit(".", 1)[0]
        captions = {lang: f"{stem}.{lang}.vtt" for lang in LANGS if inside(self.home.folder, f"{stem}.{lang}.vtt")}
        spoken = captions.get(self.lang) or next(iter(captions.values()), "")
        return {"kind": part.kind, "url": self._asset(part.src), "title": part.title, "synthetic": part.synthetic,
                "tracks": [{"lang": lang, "url": self._asset(name)} for lang, name in captions.items()],
                "transcript": transcript((self.home.folder / spoken).read_text("utf-8")) if spoken else []}


def transcript(vtt: str) -> list[dict[str, str]]:
    """Return the cues of WebVTT as [{"at": "0:07", "text"}]."""
    cues: list[dict[str, str]] = []
    for line in vtt.splitlines():
        found = CUE.match(line.strip())
        if found:
            cues.append({"at": f"{int(found[2])}:{found[3]}", "text": ""})
        elif cues and line.strip() and not line.strip().isdigit():
            cues[-1]["text"] = f"{cues[-1]['text']} {line.strip()}".strip()
    return cues


def _register(course: Course, source: Source) -> None:
    """Remember every item id for ever, retire what is gone, replace the glossary."""
    for item in source.items():
        db.session.execute(upsert(ItemRow).values(key=item.id, course_id=course.id, kind=item.kind, replaced_by="").on_conflict_do_update(
            index_elements=["key"], set_={"kind": item.kind, "retired_at": None, "course_id": course.id}))
        if item.replaces:
            db.session.execute(update(ItemRow).where(ItemRow.key.in_(item.replaces)).values(replaced_by=item.id, retired_at=clock.now()))
    here = [item.id for item in source.items()]
    db.session.execute(update(ItemRow).where(ItemRow.course_id == course.id, ItemRow.key.not_in(here), ItemRow.retired_at.is_(None))
                       .values(retired_at=clock.now()))
    db.session.execute(delete(Term).where(Term.course_id == course.id))
    if source.terms:
        db.session.execute(insert(Term), [{"course_id": course.id, "key": t.id, "ja": t.ja, "reading": t.reading, "en": t.en,
                                           "note_ja": t.note_ja, "note_en": t.note_en} for t in source.terms])


def _search(course: Course, release: Release) -> None:
    """Make the release's lessons and terms findable; the subject that policy judges is the course."""
    search.forget("lesson", [course.id])
    search.forget("term", [course.id])
    texts = db.session.execute(select(LessonText.item_key, LessonText.lang, LessonText.title, LessonText.screens)
                               .where(LessonText.release_id == release.id)).all()
    search.index_many("lesson", [{
        "subject_id": course.id, "lang": row.lang, "title": row.title, "url": f"/learn/{course.slug}/{row.item_key}",
        "body": " ".join(re.sub(r"<rt>.*?</rt>|<[^>]+>", " ", part.get("html", "")) for screen in row.screens for part in screen)[:6000],
    } for row in texts])
    search.index_many("term", [{
        "subject_id": course.id, "lang": lang, "title": f"{t.ja} · {t.en}", "body": f"{t.reading} {t.note_ja if lang == 'ja' else t.note_en}",
        "url": f"/learn/{course.slug}/glossary#{t.key}"} for t in db.session.scalars(select(Term).where(Term.course_id == course.id))
        for lang in LANGS])


def rollback(slug: str, number: int, *, by: int | None) -> Release:
    """Let learners see an earlier release again. Raises LookupError."""
    course = db.session.scalars(select(Course).where(Course.slug == slug)).one_or_none()
    release = None if course is None else db.session.scalars(
        select(Release).where(Release.course_id == course.id, Release.number == number)).one_or_none()
    if course is None or release is None:
        raise LookupError(f"{slug} release {number}")
    activate(course, release, by=by)
    return release


def as_json(value: Preview) -> str:
    """Return a preview for people who script."""
    return json.dumps({"slug": value.slug, "unchanged": value.unchanged, "differences": value.differences, "open_attempts": value.open_attempts,
                       "problems": [f"{p.path}:{p.line}: {p.en}" for p in value.problems]}, ensure_ascii=False, indent=1)
