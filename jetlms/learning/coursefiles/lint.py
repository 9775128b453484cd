"""Judge courses together, so that ids, links and uses are seen across them. Errors stop publishing, warnings are said."""
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jetlms.learning.coursefiles.model import Course, Item, Module
from jetlms.learning.coursefiles.rules import (
    answers,
    assets,
    banks,
    exercises,
    ids,
    length,
    prose,
    settings,
    variants,
)
from jetlms.learning.coursefiles.rules.assets import inside
from jetlms.learning.coursefiles.texts import Problem

__all__ = ["inside", "lint"]

ALONE = (settings.settings, settings.modules, settings.glossary, variants.variants, answers.questions, assets.media, assets.assets,
         exercises.exercises, prose.emptiness, length.titles, length.minutes)
AMONG_OTHERS = (settings.uses, settings.completion, prose.prose)


def lint(courses: list[Course], known: Mapping[str, str] | None = None, previous: Iterable[Mapping[str, Any]] = (), *,
         only: Course | None = None) -> list[Problem]:
    """Return everything wrong with these courses together, by file and line. Never raises for what authors write.

    `known` maps ids that were ever published to their kinds (`impact.manifest(…)["ids"]`): none is used for something else.
    `previous` are the manifests of running releases: what they have is still there, or retired in moved.toml, or replaced.
    `only`: judge the content of this one; of the others nothing but what concerns ids.
    """
    problems: list[Problem] = []
    for course in [only] if only else courses:
        foreign = _items(other for other in courses if other is not course)
        problems += [p for rule in ALONE for p in rule(course)]
        problems += [p for judge in AMONG_OTHERS for p in judge(course, foreign)]
        problems += _pools(course)
    problems += ids.ids(courses, known or {})
    problems += ids.replaced(courses, known or {})
    problems += ids.gone(courses, previous)
    return sorted(problems, key=lambda p: (str(p.path), p.line, p.code))


def _pools(course: Course) -> Iterator[Problem]:
    """Judge the questions in banks as those of a quiz, and what quizzes draw from them."""
    alone = Course(course.folder, settings=course.settings, terms=course.terms)
    alone.modules = [Module("", course.folder / "banks", {}, {}, [bank]) for bank in course.banks.values()]
    for rule in (variants.variants, answers.questions, prose.emptiness):
        yield from rule(alone)
    yield from prose.prose(alone, {item.id: item for item in course.items()})
    yield from banks.draws(course)


def _items(courses: Iterable[Course]) -> dict[str, Item]:
    return {item.id: item for course in courses for item in course.items()}
