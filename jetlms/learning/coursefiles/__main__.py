"""python3 -m jetlms.learning.coursefiles FOLDER … [--lang ja]: print what is wrong, file and line; exit 1 on errors."""
import argparse
import io
import sys
from pathlib import Path

from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.coursefiles.texts import Problem


def main(words: list[str]) -> int:
    """Lint the folders, together with the courses beside them (which they may use, and whose ids are taken). Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m jetlms.learning.coursefiles", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--lang", choices=("en", "ja"), default="en")
    asked = parser.parse_args(words)
    problems, items = check(asked.folders)
    for p in problems:
        print(f"{p.path}:{p.line}: {p.severity}: {p.ja if asked.lang == 'ja' else p.en}")  # noqa: T201
    errors = len([p for p in problems if p.severity == "error"])
    numbers = (len(asked.folders), items, errors, len(problems) - errors)
    print(("講座{}、教材{}、エラー{}、警告{}" if asked.lang == "ja" else "{} courses, {} items, {} errors, {} warnings").format(*numbers))  # noqa: T201
    return 1 if errors else 0


def check(folders: list[Path]) -> tuple[list[Problem], int]:
    """Return what is wrong in these folders, by file and line, and how many items they hold."""
    read = [read_course(folder) for folder in folders]
    others = [read_course(folder)[0] for folder in siblings(folders)]
    judged = lint([*others, *(course for course, _found in read)])
    problems = [p for _course, found in read for p in found]
    problems += [p for p in judged if any(p.path.is_relative_to(folder) for folder in folders)]
    items = sum(len(course.items()) for course, _found in read)
    return sorted(problems, key=lambda p: (str(p.path), p.line, p.severity)), items


def siblings(folders: list[Path]) -> list[Path]:
    """Return the course folders that lie beside these."""
    given = {folder.resolve() for folder in folders}
    beside = {path.parent for parent in {folder.parent for folder in given} for path in parent.glob("*/course.toml")}
    return sorted(beside - given)


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")       # a console that knows no Japanese shows ? instead of failing
    sys.exit(main(sys.argv[1:]))
