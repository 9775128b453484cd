"""Words and moments of the pages that compose features."""
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_login import current_user

from jetlms.core import clock, i18n
from jetlms.core.i18n import _, gettext, ngettext

HEALTH = {"database": _("Database"), "disk": _("Free disk"), "mail": _("Oldest unsent mail"), "jobs": _("Last finished job"),
          "dead_tasks": _("Work given up")}

WORK = {"due": _("waits"), "running": _("is being done"), "pending": _("waits"), "sending": _("is being sent"), "dead": _("given up")}


def work_word(state: str) -> str:
    """Return the word for the state of a task or a mail."""
    return str(WORK.get(state, state))


def health_word(name: str) -> str:
    """Return the word for a line of the console."""
    return str(HEALTH.get(name, name))


def local_hour(at: datetime) -> int:
    """Return the hour where the reader is."""
    return at.astimezone(ZoneInfo(current_user.zone)).hour


def deadline(day: date) -> str:
    """Return the last moment of a day in Japan, in the reader's zone and in Japan's."""
    return i18n.moment(clock.end_of_day(day), current_user.zone)


def days_left(day: date) -> str:
    """Return how far a day is."""
    left = (day - clock.today()).days
    if left < 0:
        return gettext("passed")
    return gettext("today") if left == 0 else ngettext("in %(num)d day", "in %(num)d days", left)
