"""python3 -m jetlms.learning.source FOLDER … [--lang ja]: print what is wrong, file and line; exit 1 on errors."""
import sys
from pathlib import Path

from jetlms.learning.source.lint import lint
from jetlms.learning.source.parse import read_course


def main(words: list[str]) -> int:
    """Lint the folders together, so that ids are compared across courses."""
    japanese = "ja" in words and "--lang" in words
    folders = [Path(word) for word in words if word not in {"--lang", "ja", "en"}]
    read = [read_course(folder) for folder in folders]
    problems = [p for _course, found in read for p in found] + lint([course for course, _found in read])
    for p in problems:
        print(f"{p.path}:{p.line}: {p.severity}: {p.ja if japanese else p.en}")  # noqa: T201
    errors = len([p for p in problems if p.severity == "error"])
    items = sum(len(course.items()) for course, _found in read)
    print(f"{len(folders)} courses, {items} items, {errors} errors, {len(problems) - errors} warnings")  # noqa: T201
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
