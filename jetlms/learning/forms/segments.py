"""What comes from the workbench: the text of a segment, and one's own rating of it."""
from typing import Any

from wtforms import RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired

from jetlms.core.forms import Form
from jetlms.core.i18n import _, gettext
from jetlms.learning.words import ERROR, RATING

LONGEST = 4000                         # characters of a translated segment


def typed(fields: Any) -> str:
    """Return a translation as it was typed. Not a field of a Form: those fold the width of characters, which matters here."""
    return str(fields.get("text", "")).replace("\r\n", "\n")


def wrong(text: str, *, commit: bool) -> str:
    """Return what keeps a translation from being saved (or committed), "" when nothing does."""
    if len(text) > LONGEST:
        return gettext("This is longer than %(n)s characters. Please shorten it.", n=LONGEST)
    return gettext("Please translate this segment first.") if commit and not text.strip() else ""


class Rate(Form):
    """How good one's own translation is, and which kinds of errors are in it."""

    rating = RadioField(_("How good is your own?"), coerce=int, choices=[SelectChoice(n, word) for n, word in RATING.items()],
                        validators=[InputRequired(_("Please choose how good your translation is."))])
    errors_found = SelectMultipleField(_("What was wrong? (any, or none)"), choices=[SelectChoice(name, word) for name, word in ERROR.items()])
