"""The files a course is made of, kept with each release: read from a folder, kept, laid out again as a folder.

What learners see was made of a folder once. The web editor has no folder: it lays the files out in a temporary place, and from there
on lint, impact preview and publishing are the same as for a folder on disk.
"""
import hashlib
import json
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from jetlms.config import ROOT
from jetlms.core import files
from jetlms.core.db import db
from jetlms.learning.models import Course, Release, ReleaseSource

TEXT = frozenset({".md", ".toml", ".tsv", ".txt", ".vtt"})
ITEM_ID = re.compile(r"\bl-[0-9a-z]{6}\b")


@dataclass(frozen=True)
class Files:
    """What lies in a course folder: texts by path, and the hashes of everything else, whose bytes `core.files` has."""

    texts: dict[str, str] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)


def read(folder: Path) -> Files:
    """Return the files of a folder, hidden ones and notes for people (README) left out. Raises UnicodeDecodeError."""
    found = Files()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or path.is_symlink() or any(part.startswith((".", "~", "README")) for part in name.parts):
            continue
        data = path.read_bytes()
        if path.suffix.lower() in TEXT:
            found.texts[name.as_posix()] = data.decode()
        else:
            sha256 = found.assets[name.as_posix()] = hashlib.sha256(data).hexdigest()
            files.put(sha256, data)
    return found


def keep(release: Release, found: Files) -> None:
    """Keep the files with the release that was made of them."""
    db.session.add(ReleaseSource(release_id=release.id, texts=packed(found.texts), assets=found.assets))


def packed(texts: Mapping[str, str]) -> bytes:
    """Return texts as they are stored."""
    return zlib.compress(json.dumps(texts, ensure_ascii=False).encode())


def of(release_id: int, slug: str) -> Files | None:
    """Return the files of a release; of one from before they were kept, what lies in courses/; None when that is not there either."""
    row = db.session.get(ReleaseSource, release_id)
    if row is not None:
        return Files(json.loads(zlib.decompress(row.texts)), row.assets)
    folder = ROOT / "courses" / slug
    return read(folder) if (folder / "course.toml").exists() else None


def lay(found: Files, folder: Path) -> Path:
    """Write files into a new folder and return it."""
    for name, text in found.texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    for name, sha256 in found.assets.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files.get(sha256))
    return folder


@contextmanager
def laid_out(course: Course, found: Files) -> Iterator[Path]:
    """Yield a folder with these files of a course; beside it, as published, lie the courses that use its items or are used by it."""
    with tempfile.TemporaryDirectory(prefix="jetlms-draft-") as root:
        for other, release_id in _kin(course, found):
            beside = of(release_id, other)
            if beside is not None:
                lay(beside, Path(root) / other)
        yield lay(found, Path(root) / course.slug)


def _kin(course: Course, found: Files) -> list[tuple[str, int]]:
    """Return slug and release of the running courses that share items with a draft, and of those that share items with them."""
    rows = db.session.execute(select(Course.key, Course.slug, Release.id, Release.manifest).join(Release, Release.id == Course.release_id)
                              .where(Course.id != course.id, Course.retired_at.is_(None))).all()
    manifests = {row.key: row.manifest for row in rows}
    uses = {key: _used(manifest) for key, manifest in manifests.items()}
    has = {key: set(manifest["items"]) for key, manifest in manifests.items()}
    named = {key for path, text in found.texts.items() for key in ITEM_ID.findall(text) if path.endswith((".md", "module.toml"))}
    near = {key for key in manifests if uses[key] & named or has[key] & named}
    while more := {key for key in manifests if key not in near and any(uses[key] & has[k] or has[key] & uses[k] for k in near)}:
        near |= more
    return [(row.slug, row.id) for row in rows if row.key in near]


def _used(manifest: Mapping[str, Any]) -> set[str]:
    return {key for module in manifest["modules"] for key in module["use"]}
