"""From a folder to a release: read, lint, render, store in one transaction. What learners see changes at its end, all at once."""
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from jetlms.config import ROOT
from jetlms.core import audit, clock, jobs, markup
from jetlms.core.db import db, upsert
from jetlms.learning import grading, indexing, outlines, sources
from jetlms.learning.coursefiles import impact
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.model import Course as Source
from jetlms.learning.coursefiles.model import Item
from jetlms.learning.coursefiles.model import Term as Entry
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.coursefiles.rules.ids import places
from jetlms.learning.coursefiles.texts import Problem
from jetlms.learning.models import Attempt, Course, LessonText, Release, Term
from jetlms.learning.models import Item as ItemRow
from jetlms.learning.rendering import Asset, Page, keep_assets


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
    return [_read(f, _stamp(f))[0] for f in sorted(folder.parent.iterdir()) if f != folder and (f / "course.toml").exists()]


def _stamp(folder: Path) -> tuple[Any, ...]:
    """Return what changes when any file of a folder does."""
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*")))


@lru_cache(maxsize=32)
def _read(folder: Path, _stamp: tuple[Any, ...]) -> tuple[Source, list[Problem]]:
    """Read a folder once: publishing one course reads its neighbours, and an installation publishes them all."""
    return read_course(folder)


def check(folder: Path) -> tuple[Source, list[Source], list[Problem]]:
    """Read and lint a folder together with its neighbours; returns only the problems of this folder."""
    source, problems = _read(folder, _stamp(folder))
    others = siblings(folder)
    manifests = db.session.scalars(_manifests()).all()
    known = {key: kind for manifest in manifests for key, kind in manifest["ids"].items()}
    found = problems + lint([*others, source], known, manifests, only=source)
    found += _taken(source, others, manifests)
    found += [Problem(item.exercise.sound, 1, "asset", "the speech is missing: nobody could hear it", "音声がないため公開できません")
              for item in source.items() if item.exercise and item.exercise.heard and not item.exercise.sound.is_file()]
    return source, others, [p for p in found if p.path.is_relative_to(folder)]


def _taken(source: Source, others: list[Source], manifests: Sequence[dict[str, Any]]) -> Iterator[Problem]:
    """Say which ids belong to a published course that does not lie beside the folder: the linter cannot see it."""
    read = {source.id, *(other.id for other in others)}
    elsewhere = {key for manifest in manifests if not read & manifest["ids"].keys() for key in manifest["ids"]}
    for place in places(source):
        if place.key in elsewhere:
            yield Problem(place.path, place.line, "duplicate", f"{place.key} is in another course", f"{place.key}は別の講座で使われています")


def _manifests() -> Any:
    newest = select(func.max(Release.id)).group_by(Release.course_id)
    return select(Release.manifest).where(Release.id.in_(newest))


def preview(folder: Path) -> Preview:
    """Return what publishing `folder` would do."""
    source, others, problems = check(folder)
    course = db.session.scalars(select(Course).where(Course.key == source.id)).one_or_none()
    release = db.session.get(Release, course.release_id) if course and course.release_id else None
    changes = impact.differences(release.manifest if release else {}, impact.manifest(source))
    touched = {change["item"] for change in changes}
    open_: dict[str, int] = dict(db.session.execute(
        select(Attempt.item_key, func.count()).where(Attempt.item_key.in_(touched), Attempt.submitted_at.is_(None), Attempt.number > 0)
        .group_by(Attempt.item_key)).all())
    return Preview(folder.name, changes, open_, problems, unchanged=release is not None and release.content_hash == content_hash(source, others))


@dataclass(frozen=True)
class Prepared:
    """A course read, judged and rendered, ready to be stored: all that takes long, and nothing that needs the lock of a writer."""

    source: Source
    foreign: dict[str, tuple[Item, Source]]
    digest: str
    rows: list[dict[str, Any]]         # of lesson_text, but for the release
    terms: list[Entry]
    assets: dict[str, Asset]
    files: sources.Files


def publish(folder: Path, *, by: int | None) -> Release:
    """Publish a folder; returns the new release, or the present one when nothing changed. Raises Refusal.

    Everything happens in the caller's transaction: learners see the old release until it commits, and the new one from then on.
    """
    return store(prepare(folder), by=by)


def prepare(folder: Path) -> list[Prepared]:
    """Read, judge and render a folder, and the running courses that use its items, so that the same lesson reads the same everywhere.

    Writes nothing. Raises Refusal.
    """
    made: dict[Path, Prepared] = {}
    running = set(db.session.scalars(select(Course.key).where(Course.release_id.is_not(None))))
    waiting = [folder]
    while waiting:
        source, others, problems = check(waiting.pop())
        if any(p.severity == "error" for p in problems):
            raise Refusal(problems)
        foreign = {item.id: (item, other) for other in others for item in other.items()}
        rows, terms, assets = _rendered(source, foreign)
        made[source.folder] = Prepared(source, foreign, content_hash(source, others), rows, terms, assets, sources.read(source.folder))
        items = {item.id for item in source.items()}
        waiting += [other.folder for other in others if other.id in running and other.folder not in made
                    and items & {key for module in other.modules for key in module.use}]
    return list(made.values())


def store(prepared: list[Prepared], *, by: int | None) -> Release:
    """Store what was prepared; returns the release of the first, or its present one when nothing changed."""
    released = [_store(one, by=by) for one in prepared]
    return released[0]


def _store(one: Prepared, *, by: int | None) -> Release:
    course = _course(one.source, one.source.folder.name)
    if course.release_id:
        present = db.session.get_one(Release, course.release_id)
        if present.content_hash == one.digest:
            return present
    number = (db.session.scalar(select(func.max(Release.number)).where(Release.course_id == course.id)) or 0) + 1
    release = Release(course_id=course.id, number=number, content_hash=one.digest, published_by=by, manifest=impact.manifest(one.source),
                      outline=outlines.outline_of(one.source, one.foreign, _known_before(course)))
    db.session.add(release)
    db.session.flush()
    keep_assets(one.assets)
    if one.rows:
        db.session.execute(insert(LessonText), [row | {"release_id": release.id} for row in one.rows])
    _register(course, one.source, one.terms)
    sources.keep(release, one.files)
    activate(course, release, by=by)
    return release


def activate(course: Course, release: Release, *, by: int | None) -> None:
    """Let learners see a release (the newest, or an older one: rollback), and count their progress against it."""
    db.session.execute(update(Course).where(Course.id == course.id).values(release_id=release.id, version=Course.version + 1))
    db.session.expire(course)
    audit.record("courses.publish", course, by=by, detail={"release": release.number, "hash": release.content_hash})
    indexing.index_release(course, release)
    jobs.publish("course.released", course_id=course.id)


def content_hash(source: Source, others: list[Source]) -> str:
    """Return the hash of everything learners may see: the course's folder, and those of the courses whose items it uses."""
    used = {key for module in source.modules for key in module.use}
    total = hashlib.sha256(str(markup.VERSION).encode())
    for folder in (source.folder, *(other.folder for other in others if used & {item.id for item in other.items()})):
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
    return {item["id"] for module in db.session.get_one(Release, course.release_id).outline["modules"] for item in module["items"]}


def _rendered(source: Source, foreign: dict[str, tuple[Item, Source]]) -> tuple[list[dict[str, Any]], list[Entry], dict[str, Asset]]:
    """Render every item in every language, those of other courses too: a release stands alone.

    Returns the rows of the texts, the glossary they need (the course's own, and what used items mention of their home's), what they show.
    """
    pages: dict[str, Page] = {source.id: Page(source, source)}
    rows = []
    for item, home in [*((item, source) for item in source.items()), *(foreign[key] for module in source.modules for key in module.use)]:
        page = pages.setdefault(home.id, Page(home, source))
        questions = {q.id: grading.prepare(holder, q.id, page.block, page.inline) | ({} if holder is item else {"pooled": True})
                     for holder in home.holders(item) for q in holder.first.questions()}
        rows += [{"item_key": item.id, "lang": lang, "title": text.title, "minutes": text.minutes,
                  "screens": page.screens(text), "questions": questions, "exercise": page.exercise(item, text),
                  "markup_version": markup.VERSION} for lang, text in item.texts.items()]
    for name in source.asked_apart:
        page, bank = pages[source.id], source.banks[name]
        questions = {q.id: grading.prepare(bank, q.id, page.block, page.inline) for q in bank.first.questions()}
        rows += [{"item_key": outlines.bank_key(name), "lang": lang, "title": text.title, "minutes": 0, "screens": [], "questions": questions,
                  "exercise": None, "markup_version": markup.VERSION} for lang, text in bank.texts.items()]
    own = {term.id for term in source.terms}
    assets = {sha256: asset for page in pages.values() for sha256, asset in page.shown.items()}
    return rows, [*source.terms, *(page.terms[key] for page in pages.values() for key in sorted(page.mentioned - own))], assets


def _register(course: Course, source: Source, terms: list[Entry]) -> None:
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
    if terms:
        db.session.execute(insert(Term), [_term(course.id, term) for term in terms])


def _term(course_id: int, term: Entry) -> dict[str, Any]:
    more = {lang: word for lang, word in term.more.items() if not lang.startswith("not_") and word}
    return {"course_id": course_id, "key": term.id, "ja": term.ja, "reading": term.reading, "en": term.en, "note_ja": term.note_ja,
            "note_en": term.note_en, "more": more}


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
