"""The words behind `::: question` and `::audio`: key=value, values in quotation marks when they hold spaces."""
import difflib
import shlex
from collections.abc import Collection
from pathlib import Path

from jetlms.learning.coursefiles.texts import Problem


def attributes(path: Path, line: int, text: str, known: Collection[str], problems: list[Problem]) -> dict[str, str]:
    """Return key=value pairs. Words without =, unknown and repeated keys are problems."""
    try:
        words = shlex.split(text)
    except ValueError:
        problems.append(Problem(path, line, "attributes", "a quotation mark is missing", "引用符が閉じられていません"))
        return {}
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in known:
            problems.append(_strange(path, line, word if not equals else key, known))
        elif key in found:
            problems.append(Problem(path, line, "attributes", f"{key} is said twice", f"{key}が2回書かれています"))
        else:
            found[key] = value
    return found


def _strange(path: Path, line: int, word: str, known: Collection[str]) -> Problem:
    near = difflib.get_close_matches(word, known, 1)
    hint, hint_ja = (f"; did you mean {near[0]}=…?", f"（{near[0]}=…の誤りではありませんか）") if near else ("", "")
    return Problem(path, line, "attributes", f"{word!r} means nothing here{hint}", f"「{word}」は使えません{hint_ja}")
