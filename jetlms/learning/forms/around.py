"""What is typed around a lesson: a note, a question, an answer, a report, a remark, a goal."""
import re
from typing import Any

from wtforms import (
    IntegerField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from jetlms.core.forms import Form
from jetlms.core.i18n import _, gettext
from jetlms.learning import planner
from jetlms.learning.words import WEEKDAY

LONGEST_NOTE = 20_000
LONGEST_POST = 8_000
REQUIRED = DataRequired(_("Please fill this in."))          # white space is nothing
TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


def typed(fields: Any) -> str:
    """Return a note as it was typed. Not a field of a Form: those fold the width of characters, and a note is her own."""
    return str(fields.get("text", "")).replace("\r\n", "\n")


def too_long(text: str) -> str:
    """Return what keeps a note from being saved, "" when nothing does."""
    if len(text) <= LONGEST_NOTE:
        return ""
    return gettext("A note holds %(most)s characters. This one has %(n)s: please shorten it, or write on at another lesson.", most=LONGEST_NOTE,
                   n=len(text))


class Ask(Form):
    """A question at a lesson."""

    title = StringField(_("Your question in one line"), validators=[REQUIRED, Length(max=150)])
    text = TextAreaField(_("What you want to know"), validators=[REQUIRED, Length(max=LONGEST_POST)])


class Reply(Form):
    """An answer to a question."""

    text = TextAreaField(_("Your answer"), validators=[REQUIRED, Length(max=LONGEST_POST)])


class Reason(Form):
    """Why something should not stand here, or why an answer is not taken: somebody reads it."""

    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=500)])


class Remark(Form):
    """Why one's own answer should be accepted."""

    remark = TextAreaField(_("Why it should be accepted"), validators=[Length(max=500)])


class Goal(Form):
    """Days of the week, minutes on each of them, and a time of the day if she likes."""

    weekdays = SelectMultipleField(_("Days for learning"), coerce=int, choices=[SelectChoice(n, word) for n, word in WEEKDAY.items()],
                                   validators=[InputRequired(_("Please choose at least one day."))])
    minutes = IntegerField(_("Minutes on each of these days"), validators=[
        InputRequired(_("Please give a number.")), NumberRange(5, planner.MOST, _("Please choose 5 to 240 minutes."))])
    starts_at = StringField(_("From what time?"))

    def validate_starts_at(self, field: Any) -> None:
        """A time of the day, or nothing; 7:05 becomes 07:05."""
        if field.data and not TIME.fullmatch(field.data):
            raise ValidationError(gettext("Please write the time as 19:30."))
        field.data = (field.data or "") and field.data.rjust(5, "0")
