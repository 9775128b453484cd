"""The minutes a lesson is said to take, against its length."""
import re
from collections.abc import Iterator

from jetlms.learning.coursefiles.model import Course
from jetlms.learning.coursefiles.rules.prose import words
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import Problem, Text

PER_MINUTE = {"en": 150, "ja": 500}           # words a minute, characters a minute
PER_QUESTION = 35 / 60
TOO_FAR = 2                                   # times too long or too short before it is said
MOST_MINUTES = 600
MOST_SCREENS = 60                             # progress keeps the screens a learner has seen in the bits of one number
NOT_READ = re.compile(r"!\[|\]\([^)\s]*\)|\[\[term:[^\]|]*\|?|\|[^{}|\n]*\}|^:::.*?(?=\s|$)|[#*_`>|{}\[\]-]", re.MULTILINE)


def length(text: Text, drawn: int = 0) -> float:
    """Return the minutes a text takes by its length: words in English, characters in Japanese, its questions and those it draws."""
    read = NOT_READ.sub(" ", words(text))
    amount = len(read.split()) if text.lang == "en" else len(re.sub(r"\s", "", read))
    return amount / PER_MINUTE[text.lang] + (len(text.questions()) + drawn) * PER_QUESTION


def titles(course: Course) -> Iterator[Problem]:
    """Every text has a title, minutes, and not too many screens."""
    for text in course.texts():
        if not text.title.strip():
            yield Problem(text.path, line_of(text.lines, "title"), "title", "the title is missing", "題名（title）がありません")
        if not 1 <= text.minutes <= MOST_MINUTES:
            yield Problem(text.path, line_of(text.lines, "minutes"), "minutes", f"minutes are missing (1 to {MOST_MINUTES})",
                          f"所要時間（minutes、1から{MOST_MINUTES}）がありません")
        if len(text.screens) > MOST_SCREENS:
            yield Problem(text.path, 1, "screens", f"{len(text.screens)} screens, at most {MOST_SCREENS} are counted",
                          f"画面が{len(text.screens)}枚あります（{MOST_SCREENS}枚まで）")


def minutes(course: Course) -> Iterator[Problem]:
    """Say when the minutes of a lesson or quiz are off by more than a factor of two. Who listens or watches takes as long as that takes."""
    for item in course.items():
        for text in item.texts.values():
            expected = max(length(text, item.draw), 1)
            short = text.minutes * TOO_FAR < expected
            long = text.minutes > expected * TOO_FAR and not text.media()
            if item.kind in {"lesson", "quiz"} and text.minutes >= 1 and (short or long):
                yield Problem(text.path, line_of(text.lines, "minutes"), "minutes", f"{text.minutes} minutes said, about {expected:.0f} by length",
                              f"所要時間{text.minutes}分に対し、文量は約{expected:.0f}分です", "warning")
