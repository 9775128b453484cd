"""Read files that other people write: whatever stands in the way becomes a Problem, never an exception."""
import re
from pathlib import Path

from jetlms.learning.coursefiles.texts import Problem

LARGEST_TEXT = 300_000                 # bytes
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read(path: Path, root: Path, problems: list[Problem]) -> str | None:
    """Return the text of a file below `root` with plain line ends, None (and a problem) when there is none to be read."""
    data = _bytes(path, root, problems)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(path, data.count(b"\n", 0, error.start) + 1, "utf8", "this line is not UTF-8",
                                "この行の文字コードがUTF-8ではありません"))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = CONTROL.search(text)
    if found:
        problems.append(Problem(path, text.count("\n", 0, found.start()) + 1, "control",
                                f"an invisible control character (U+{ord(found[0]):04X})", f"見えない制御文字（U+{ord(found[0]):04X}）があります"))
    return CONTROL.sub(" ", text)


def _bytes(path: Path, root: Path, problems: list[Problem]) -> bytes | None:
    try:
        if not straight(path, root):
            problems.append(Problem(path, 1, "symlink", "links are not followed", "リンクは使えません"))
            return None
        with path.open("rb") as file:
            data = file.read(LARGEST_TEXT + 1)
    except FileNotFoundError:
        problems.append(Problem(path, 1, "missing", "this file is missing", "このファイルがありません"))
        return None
    except (OSError, ValueError) as error:
        problems.append(Problem(path, 1, "unreadable", f"this file cannot be read: {error}", f"このファイルは読めません：{error}"))
        return None
    if len(data) > LARGEST_TEXT:
        problems.append(Problem(path, 1, "size", f"the file is larger than {LARGEST_TEXT:,} bytes",
                                f"ファイルが{LARGEST_TEXT:,}バイトを超えています"))
        return None
    return data


def straight(path: Path, root: Path) -> bool:
    """Say whether a path leads below `root` without a symbolic link or a way out (`..`)."""
    try:
        return path.resolve() == root.resolve() / path.relative_to(root)
    except (OSError, RuntimeError, ValueError):      # a loop of links, a name too long or with NUL, another place
        return False


def listing(folder: Path, root: Path, problems: list[Problem]) -> list[Path]:
    """Return what lies in a folder by name, without hidden files and READMEs; links are reported and left out."""
    try:
        found = sorted(p for p in folder.iterdir() if not p.name.startswith((".", "README", "~")))
    except OSError as error:
        problems.append(Problem(folder, 1, "missing", f"this folder cannot be read: {error.strerror}",
                                f"このフォルダーは読めません：{error.strerror}"))
        return []
    kept = [path for path in found if straight(path, root)]
    problems += [Problem(path, 1, "symlink", "links are not followed", "リンクは使えません") for path in found if path not in kept]
    return kept
