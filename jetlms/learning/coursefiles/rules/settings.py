"""course.toml, module.toml and the glossary: everything is said in both languages, numbers make sense, the course can be completed."""
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from jetlms.learning.coursefiles.model import COUNTED, Course, Item, Module
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import LANGS, LANGUAGE, Problem

FORMAT = 1
RULE = re.compile(rf"^(?:all:({'|'.join(COUNTED)})|count:({'|'.join(COUNTED)})>=(\d{{1,4}}))$")
LIMITS = {"mastery.pass_percent": (1, 100), "mastery.attempts": (1, 100), "mastery.wait_hours": (0, 8760),
          "marking.pass_percent": (1, 100), "marking.days": (1, 90), "certificate.valid_months": (1, 240),
          "admission.questions": (1, 100), "admission.minutes": (1, 240), "level.rank": (1, 20), "level.change_days": (0, 366),
          "schedule.window_days": (1, 3660), "schedule.due_days": (1, 3660)}
TERM_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
Tell = Callable[[str, str, str, str], Problem]          # (key, code, English, Japanese)


def settings(course: Course) -> Iterator[Problem]:
    """Judge course.toml but for its rule of completion."""
    if not course.lines:
        return                          # it could not be read, and that has been said
    found = course.settings

    def problem(key: str, code: str, en: str, ja: str) -> Problem:
        return Problem(course.file, line_of(course.lines, key), code, en, ja)
    if found.get("format") != FORMAT:
        yield problem("format", "format", f"format must be {FORMAT}", f"formatは{FORMAT}としてください")
    langs = found.get("langs", [])
    if not langs or not set(langs) <= set(LANGS) or len(set(langs)) != len(langs):
        yield problem("langs", "langs", f"langs must be of {', '.join(LANGS)}", f"langsは{'、'.join(LANGS)}から選んでください")
    if found.get("base_lang") not in course.langs:
        yield problem("base_lang", "langs", "base_lang must be one of langs", "base_langはlangsのどれかとしてください")
    yield from _said(found, ("title", "summary"), problem)
    for key, (least, most) in LIMITS.items():
        table, _, word = key.partition(".")
        value = found.get(table, {}).get(word, least)
        if not least <= value <= most:
            yield problem(key, "limits", f"{key} must be from {least} to {most}", f"{key}は{least}から{most}までとしてください")
    if "level" in found:
        yield from _level(found["level"], problem)
    schedule = found.get("schedule", {})
    if schedule.get("due_days", 0) > schedule.get("window_days", 365):
        yield problem("schedule.due_days", "limits", "due_days is longer than the access window", "due_daysが受講期間より長くなっています")


def _level(level: Mapping[str, str], problem: Tell) -> Iterator[Problem]:
    if not TERM_ID.match(level.get("ladder", "")):
        yield problem("level.ladder", "level", "a level names its ladder in lower case and hyphens: ladder = \"japanese\"",
                      "levelのladderは小文字とハイフンで書いてください（例：japanese）")
    if "rank" not in level:
        yield problem("level", "level", "a level says its rank: 1 is the lowest", "levelのrankがありません（1が最も低いレベルです）")


def _said(found: Mapping[str, Mapping[str, str]], keys: tuple[str, ...], problem: Tell) -> Iterator[Problem]:
    for key in keys:
        for lang in LANGS:
            if not found.get(key, {}).get(lang, "").strip():
                yield problem(f"{key}.{lang}", "title", f"{key} is missing in {LANGUAGE[lang][0]}", f"{key}の{LANGUAGE[lang][1]}がありません")


def modules(course: Course) -> Iterator[Problem]:
    """Judge every module.toml, and that there is something in the module."""
    if not course.modules:
        yield Problem(course.file, 1, "empty", "a course without modules", "モジュールのない講座です")
    for module in course.modules:
        def problem(key: str, code: str, en: str, ja: str, module: Module = module) -> Problem:
            return Problem(module.file, line_of(module.lines, key), code, en, ja)
        if module.lines:
            yield from _said({"title": module.title, "goal": module.goal}, ("title", "goal"), problem)
        if not module.items and not module.use:
            yield Problem(module.file, 1, "empty", "a module without lessons", "教材のないモジュールです", "warning")


def uses(course: Course, foreign: Mapping[str, Item]) -> Iterator[Problem]:
    """`use` names items of other courses, each once. `foreign` are the items of all other courses."""
    own = {item.id for item in course.items()}
    seen: Counter[str] = Counter()
    for module in course.modules:
        for key in module.use:
            seen[key] += 1
            line = line_of(module.lines, "use")
            if key in own:
                yield Problem(module.file, line, "use", f"{key} is an item of this course itself", f"{key}はこの講座自身の教材です")
            elif key not in foreign:
                yield Problem(module.file, line, "use", f"{key} is in none of the other courses", f"{key}はほかのどの講座にもありません")
            elif seen[key] > 1:
                yield Problem(module.file, line, "use", f"{key} is used twice in this course", f"{key}がこの講座で2回使われています")


def completion(course: Course, foreign: Mapping[str, Item]) -> Iterator[Problem]:
    """The rule of completion is known and can be met, and not by doing nothing."""
    if not course.lines:
        return
    rules = course.settings.get("completion", {}).get("require", [])
    line = line_of(course.lines, "completion.require")
    used = [foreign[key] for module in course.modules for key in module.use if key in foreign]
    there = Counter(item.kind for item in [*course.items(), *used] if not item.optional)
    there["module"] = sum(1 for module in course.modules if any(course.is_marked(item) and item.kind != "task" for item in module.items))
    if not rules:
        yield Problem(course.file, line, "completion", "no completion rule", "修了の条件がありません")
    for rule in rules:
        yield from (Problem(course.file, line, "completion", *said) for said in _rule(rule, there))
    if rules and course.modules and not there.total():
        yield Problem(course.file, line, "completion", "nothing in this course counts: it would be complete at once",
                      "必修の教材がないため、すぐに修了になります")


def _rule(rule: str, there: Counter[str]) -> Iterator[tuple[str, str, str]]:
    found = RULE.match(rule)
    if found is None:
        yield f"unknown rule {rule!r}", f"修了の条件「{rule}」は使えません", "error"
    elif found[1] and not there[COUNTED[found[1]]]:
        yield f"{rule}: there are no required {found[1]}, so this promises nothing", f"「{rule}」にあたる必修の教材がありません", "warning"
    elif found[2] and not 1 <= int(found[3]) <= there[COUNTED[found[2]]]:
        most = there[COUNTED[found[2]]]
        yield f"{rule} can never be met: there are {most} required {found[2]}", f"「{rule}」は満たせません（必修の教材は{most}）", "error"


def glossary(course: Course) -> Iterator[Problem]:
    """Ids of terms are lower-case words with hyphens, each there once."""
    seen: dict[str, int] = {}
    for term in course.terms:
        if not TERM_ID.match(term.id):
            yield Problem(course.folder / "glossary.tsv", term.line, "term", f"not a term id (lower case, hyphens): {term.id!r}",
                          f"用語のidは小文字とハイフンで書いてください：{term.id!r}")
        if term.id in seen:
            yield Problem(course.folder / "glossary.tsv", term.line, "duplicate", f"{term.id} is there already, on line {seen[term.id]}",
                          f"{term.id}は{seen[term.id]}行目にもあります")
        seen.setdefault(term.id, term.line)
