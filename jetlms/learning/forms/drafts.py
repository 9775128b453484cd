"""What comes from the editor: the text of a file, new items, moves, deletions, reasons."""
from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from jetlms.core.forms import Form, whole
from jetlms.core.i18n import _

REQUIRED = DataRequired(_("Please fill this in."))
KINDS = (SelectChoice("lesson", _("Lesson")), SelectChoice("quiz", _("Quiz")), SelectChoice("task", _("Task")),
         SelectChoice("bank", _("Question bank: quizzes draw from it")))
NAME = Regexp(r"^\d{1,6}-[a-z0-9-]{1,60}$",
              message=_("A file name is a number, a hyphen and a word in small letters, as in 30-who-you-work-with."))


def typed(fields: Any) -> dict[str, Any]:
    """Return what a page of the editor sends. Not a Form: those fold the width of characters, which matters in a text."""
    count = fields.get("count", "")
    return {"text": str(fields.get("text", "")).replace("\r\n", "\n"), "base": whole(fields.get("base", "")),
            "window": str(fields.get("window", ""))[:64], "count": whole(count) if count else None}


class Place(Form):
    """Where an item stands: its module, and the name by which it is sorted."""

    module = SelectField(_("Module"))
    name = StringField(_("File name"), validators=[REQUIRED, NAME])

    def among(self, modules: list[str]) -> Any:
        """Tell the form which modules there are; returns the form."""
        self.module.choices = [SelectChoice(name, name) for name in modules]
        return self


class NewItem(Place):
    """A new lesson, quiz, task or bank of questions."""

    kind = RadioField(_("What it is"), choices=list(KINDS), default="lesson")
    title_en = StringField(_("Title in English"), validators=[REQUIRED, Length(max=200)])
    title_ja = StringField(_("Title in Japanese"), validators=[REQUIRED, Length(max=200)])


class Gone(Form):
    """What became of an item that is deleted."""

    reason = TextAreaField(_("What became of it"), validators=[Length(max=300)])


class Why(Form):
    """Why learners see an earlier release again."""

    reason = TextAreaField(_("Reason"), validators=[DataRequired(_("Please write why: the history shows it.")), Length(max=1000)])


class Reason(Form):
    """Why results are judged anew."""

    reason = TextAreaField(_("Reason"), validators=[DataRequired(_("Please write a reason: the learners read it.")), Length(max=1000)])
