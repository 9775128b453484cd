"""What comes from tutors and the desk: judgements, comments, who marks, when tests are open."""
from typing import Any

from wtforms import DateField, FloatField, IntegerField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from jetlms.core.forms import Form, whole
from jetlms.core.i18n import _, gettext
from jetlms.learning import rubric
from jetlms.learning.words import ERROR

LONGEST = 4000                         # characters of a remark or comment


class Remark(Form):
    """What a tutor says about the whole."""

    remark = TextAreaField(_("Remark on the whole"), validators=[Length(max=LONGEST, message=_("At most 4,000 characters."))])


class Comment(Form):
    """A comment at a segment or a second."""

    text = TextAreaField(_("Comment"), validators=[
        DataRequired(_("Please write the comment.")), Length(max=LONGEST, message=_("At most 4,000 characters."))])
    error = SelectField(_("Kind of error"), default="", choices=[
        SelectChoice("", _("no error")), *(SelectChoice(name, word) for name, word in ERROR.items())])
    second = FloatField(_("At second"), validators=[Optional(), NumberRange(min=0, max=600, message=_("A number of seconds, please."))])


class Snippet(Form):
    """A sentence to use again."""

    text = TextAreaField(_("Sentence"), validators=[
        DataRequired(_("Please write the sentence.")), Length(max=500, message=_("At most 500 characters."))])


class Override(Form):
    """A result set by hand."""

    new = IntegerField(_("New result, 0 to 100"), validators=[
        InputRequired(_("Please fill this in.")), NumberRange(min=0, max=100, message=_("From 0 to 100 points."))])
    reason = TextAreaField(_("Reason"), validators=[DataRequired(_("Please write a reason: the learner reads it.")),
                                                     Length(max=1000, message=_("At most 1,000 characters."))])


class Window(Form):
    """When the tests of a module are open. All empty: always."""

    opens_on = DateField(_("First day"), validators=[Optional()])
    closes_on = DateField(_("Last day"), validators=[Optional()])
    late_days = IntegerField(_("Days late"), validators=[Optional(), NumberRange(min=0, max=60, message=_("From 0 to 60 days."))])
    late_cap = IntegerField(_("Most points when late"), validators=[Optional(), NumberRange(min=0, max=100, message=_("From 0 to 100 points."))])

    def validate(self, extra_validators: Any = None) -> bool:
        """Both days or none, in their order."""
        good = super().validate(extra_validators)
        opens, closes = self.opens_on.data, self.closes_on.data
        if good and (opens is None) != (closes is None):
            self.closes_on.errors = [gettext("Please fill in both days, or none.")]
        elif good and opens and closes < opens:
            self.closes_on.errors = [gettext("The last day is before the first.")]
        return good and not self.closes_on.errors

    def values_(self) -> dict[str, Any] | None:
        """Return the window, None for none."""
        if self.opens_on.data is None:
            return None
        return {"opens_on": self.opens_on.data, "closes_on": self.closes_on.data,
                "late_days": 7 if self.late_days.data is None else self.late_days.data,
                "late_cap": 80 if self.late_cap.data is None else self.late_cap.data}


def scores(fields: Any, kind: str) -> dict[str, int]:
    """Return the levels that were chosen; what is no level is none."""
    found = {criterion["id"]: whole(fields.get(f"score-{criterion['id']}", ""), other=-1) for criterion in rubric.criteria(kind)}
    return {key: level for key, level in found.items() if 0 <= level <= rubric.HIGHEST}
