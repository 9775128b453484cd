"""Pictures, sounds, films and captions: they are there, small enough, and harmless."""
import re
from collections.abc import Iterator
from pathlib import Path

from jetlms.learning.coursefiles.files import read, straight
from jetlms.learning.coursefiles.model import Course
from jetlms.learning.coursefiles.texts import LANGUAGE, Media, Problem

MEGABYTE = 1_000_000
LARGEST = {".svg": MEGABYTE // 4, ".png": 2 * MEGABYTE, ".jpg": 2 * MEGABYTE, ".jpeg": 2 * MEGABYTE, ".webp": 2 * MEGABYTE,
           ".mp3": 15 * MEGABYTE, ".m4a": 15 * MEGABYTE, ".wav": 30 * MEGABYTE, ".mp4": 80 * MEGABYTE, ".vtt": MEGABYTE // 4}
SUFFIXES = {"audio": (".mp3", ".m4a", ".wav"), "video": (".mp4",)}
ACTIVE = re.compile(r"<script|<foreignObject|\son[a-z]{3,20}\s*=|javascript:|(?:href|src)\s*=\s*[\"'](?!#|data:image/)", re.IGNORECASE)
TIME = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
CUE = re.compile(rf"^({TIME}) --> ({TIME})(?:\s|$)")


def inside(folder: Path, name: str) -> bool:
    """Say whether a file of this name lies in the folder (and not outside of it, nor behind a link)."""
    try:
        path = folder / name
        return straight(path, folder) and path.is_file()
    except (OSError, ValueError):
        return False


def media(course: Course) -> Iterator[Problem]:
    """Sounds and films lie in assets, have a title, and captions in each language."""
    for text in course.texts():
        for part in text.media():
            yield from (Problem(text.path, part.line, code, en, ja) for code, en, ja in _one(course, part))


def _one(course: Course, part: Media) -> Iterator[tuple[str, str, str]]:
    if not part.src.startswith("assets/") or not inside(course.folder, part.src):
        yield "asset", f"there is no {part.src} in the assets folder", f"{part.src}がassetsフォルダーにありません"
    if not part.src.lower().endswith(SUFFIXES[part.kind]):
        yield "asset", f"{part.kind} must be {', '.join(SUFFIXES[part.kind])}", f"{part.kind}は{'、'.join(SUFFIXES[part.kind])}としてください"
    if not part.title.strip():
        yield "title", f"{part.src}: the title is missing", f"{part.src}：題名がありません"
    for lang in course.langs:
        if not inside(course.folder, part.captions(lang)):
            yield ("captions", f"{part.captions(lang)} is missing: captions in {LANGUAGE[lang][0]}",
                   f"{LANGUAGE[lang][1]}の字幕{part.captions(lang)}がありません")


def assets(course: Course) -> Iterator[Problem]:
    """Every file in assets has a known type and a sensible size; pictures hold no scripts, captions are captions."""
    folder = course.folder / "assets"
    for path in sorted(folder.rglob("*")) if folder.is_dir() and straight(folder, course.folder) else ():
        if path.name.startswith(".") or path.is_dir():
            continue
        suffix = path.suffix.lower()
        if not straight(path, course.folder):
            yield Problem(path, 1, "symlink", "links are not followed", "リンクは使えません")
        elif suffix not in LARGEST:
            yield Problem(path, 1, "asset", f"files of this type cannot be shown ({', '.join(LARGEST)})",
                          f"この種類のファイルは使えません（{'、'.join(LARGEST)}）", "warning")
        elif path.stat().st_size > LARGEST[suffix]:
            yield Problem(path, 1, "size", f"larger than {LARGEST[suffix] / MEGABYTE:g} MB", f"{LARGEST[suffix] / MEGABYTE:g} MBを超えています")
        elif suffix == ".svg":
            yield from _picture(path, course.folder)
        elif suffix == ".vtt":
            yield from _captions(path, course.folder)


def _picture(path: Path, root: Path) -> Iterator[Problem]:
    problems: list[Problem] = []
    text = read(path, root, problems) or ""
    yield from problems
    if found := ACTIVE.search(text):
        yield Problem(path, text.count("\n", 0, found.start()) + 1, "script", f"pictures hold no scripts and no links: {found[0].strip()}",
                      f"画像にスクリプトやリンクは使えません：{found[0].strip()}")


def _captions(path: Path, root: Path) -> Iterator[Problem]:
    """WebVTT from which a transcript can be printed: a head, and cues that go forward."""
    problems: list[Problem] = []
    text = read(path, root, problems)
    yield from problems
    if text is None:
        return
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", text):
        yield Problem(path, 1, "captions", "captions begin with the word WEBVTT", "字幕は「WEBVTT」で始めてください")
    last, cues = 0.0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if "-->" not in line:
            continue
        cues += 1
        found = CUE.match(line.strip())
        start, end = (_seconds(found[1]), _seconds(found[2])) if found else (0.0, 0.0)
        if not last <= start < end:
            yield Problem(path, number, "captions", "expected 00:01.000 --> 00:04.000, each cue after the one before",
                          "「00:01.000 --> 00:04.000」の形で、時刻の順に書いてください")
        last = max(last, start)
    if not cues:
        yield Problem(path, 1, "captions", "there is no cue in it", "字幕が一つもありません")


def _seconds(time: str) -> float:
    total = 0.0
    for part in time.split(":"):
        total = total * 60 + float(part)
    return total
