"""The words for states and reasons: the same for the learner, her organisation, her host body and CLAIR, on page, paper and sheet."""
from typing import Any

from jetlms.core import clock, i18n
from jetlms.core.i18n import _, gettext

STATE = {
    "completed": (_("Completed"), "done"), "on_track": (_("On track"), "ok"), "behind": (_("Behind"), "late"),
    "not_started": (_("Not started"), "new"),
}

# What the checks of the workbench say (learning.checking.Finding).
FINDING = {
    "same": _("This is still the source."), "missing_number": _("%(about)s of the source is not here."),
    "extra_number": _("%(about)s is not in the source."), "name": _("%(about)s is written %(instead)s."),
    "term": _("Glossary: %(about)s → %(instead)s"), "avoid": _("The glossary does not want “%(about)s”; it has %(instead)s."),
    "untranslated": _("Not translated yet: %(about)s"), "width": _("Wrong width: %(about)s should be %(instead)s."),
    "punctuation": _("The sentence has no end: …%(about)s"), "spaces": _("Doubled spaces or full stops."),
    "pair": _("A bracket or quotation mark is not closed: %(about)s"),
}
ERROR = {"accuracy": _("accuracy"), "terminology": _("terminology"), "register": _("register"), "omission": _("omission"), "fluency": _("fluency")}
RATING = {3: _("Ready to send"), 2: _("Small flaws"), 1: _("Needs work"), 0: _("Would mislead")}
# What publishing would change (coursefiles.impact.differences).
CHANGE = {
    "added": _("new, counts"), "added_optional": _("new, optional"), "removed": _("gone"), "required": _("counts from now on"),
    "optional": _("no longer counts"), "kind": _("another kind of item"), "moved": _("moved"), "retitled": _("new title"),
    "key": _("another answer key"), "questions": _("other questions"), "prose": _("other words"), "used": _("taken from another course"),
    "no_longer_used": _("no longer taken from another course"),
}
LANGUAGE = {"ja": _("Japanese"), "en": _("English"), "zh": _("Chinese"), "ko": _("Korean")}


WEEKDAY = {0: _("Monday"), 1: _("Tuesday"), 2: _("Wednesday"), 3: _("Thursday"), 4: _("Friday"), 5: _("Saturday"), 6: _("Sunday")}
# Where a wording that a learner asked for stands (models.WordingRequest.state).
WORDING = {"waiting": (_("Waiting for an author"), "wait"), "taken": (_("Accepted in the next release"), "done"), "refused": (_("Not taken"), "stop")}

# Why an application was declined (models.Application.reason; what an organisation writes itself stands there as it is).
DECLINED = {
    "undecided": _("Your organisation did not decide in time."), "unchecked": _("You did not take the level check."),
    "below": _("Your result in the level check was below what this round asks for."),
}


def declined(reason: str) -> str:
    """Return why an application ended without a place, in the reader's language."""
    return str(DECLINED.get(reason, reason))


def language(code: str) -> str:
    """Return the name of a language; of one we have no name for, its code."""
    return str(LANGUAGE.get(code, code))


def finding(found: Any) -> str:
    """Return what a check says, in the reader's language."""
    return str(FINDING[found.code]) % {"about": found.about, "instead": found.instead}


def error(name: str) -> str:
    """Return the name of a kind of error."""
    return str(ERROR.get(name, name))


def change(name: str) -> str:
    """Return what a difference between two releases is called."""
    return str(CHANGE.get(name, name))


def has_kanji(text: str) -> bool:
    """Say whether a word needs a reading above it: kana alone do not."""
    return any("\u4e00" <= c <= "\u9fff" or c == "々" for c in text)


def state(name: str) -> str:
    """Return the word for a state."""
    return str(STATE[name][0])


def tag(name: str) -> str:
    """Return the look of a state's tag."""
    return STATE[name][1]


def day_of(at: Any) -> str:
    """Return the day in Japan of an instant."""
    return i18n.day(at.astimezone(clock.JST).date()) if at else "–"


def reason(row: Any) -> str:
    """Return why a person is in her state, in one sentence."""
    if row.state == "completed":
        return gettext("Completed on %(day)s.", day=i18n.day(row.completed_at.astimezone(clock.JST).date()))
    if row.state == "not_started":
        days = (clock.today() - row.enrolled_at.astimezone(clock.JST).date()).days
        return gettext("Enrolled %(n)s days ago, nothing opened yet.", n=days)
    if row.state == "on_track":
        return gettext("%(done)s of %(all)s done, last active %(day)s.", done=row.done, all=row.required, day=_last(row))
    if row.behind_why == "pace":
        return gettext("%(done)s of %(all)s done: less than an even pace to %(due)s.", done=row.done, all=row.required,
                       due=i18n.day(row.due_on))
    if row.behind_why == "due":
        return gettext("The expected date %(due)s has passed; %(left)s left.", due=i18n.day(row.due_on), left=row.required - row.done)
    return gettext("No activity since %(day)s; %(left)s left.", day=_last(row), left=row.required - row.done)


def _last(row: Any) -> str:
    return day_of(row.last_at)
