"""The forms by which the desk enrols a pasted list of people, and withdraws one."""
from datetime import date
from typing import Any

from wtforms import DateField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from jetlms.core import clock, i18n
from jetlms.core.forms import Form
from jetlms.core.i18n import _, gettext
from jetlms.learning import pasted, progress

MOST = 500                             # lines taken at once
REQUIRED = DataRequired(_("Please fill this in."))          # white space is nothing


class EnrolPeople(Form):
    """One person a line, and the dates that differ from the course's own. `lines` and `problems` are there after validation."""

    people = TextAreaField(_("JET numbers or e-mail addresses, one person a line"), validators=[REQUIRED, Length(max=200_000)])
    due_on = DateField(_("Expected by"), validators=[Optional()])
    closes_on = DateField(_("Last day for answering"), validators=[Optional()])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.lines: list[pasted.Line] = []
        self.problems: list[tuple[pasted.Line, Any]] = []
        self.plan: dict[str, Any] = {}

    def of(self, plan: dict[str, Any]) -> "EnrolPeople":
        """Tell the form the course's outline, by whose window its dates are judged; returns the form."""
        self.plan = plan
        return self

    def validate_people(self, field: Any) -> None:
        """There is somebody, and not too many."""
        self.lines = pasted.read(field.data)
        if not self.lines:
            raise ValidationError(_("There is nobody in this list."))
        if len(self.lines) > MOST:
            raise ValidationError(gettext("At most %(most)s lines at a time. Here are %(n)s.", most=MOST, n=len(self.lines)))

    def validate_due_on(self, field: Any) -> None:
        """The expected day lies between today and the end of the window."""
        if field.data is None:
            return
        closes = self.closes_on.data or progress.window(self.plan, clock.today())
        if field.data < clock.today():
            raise ValidationError(_("This day is past."))
        if field.data > closes:
            raise ValidationError(gettext("This is after the last day for answering, %(day)s.", day=i18n.day(closes)))

    def validate_closes_on(self, field: Any) -> None:
        """The window does not close before it opens."""
        _not_past(field.data)

    def refuse(self, problems: list[tuple[pasted.Line, Any]]) -> None:
        """Say at the list which of its lines cannot be taken."""
        self.problems = problems
        self.people.errors = [i18n.ngettext(
            "%(num)d line cannot be taken. Nobody has been enrolled.",
            "%(num)d lines cannot be taken. Nobody has been enrolled.", len(problems))]


def _not_past(day: date | None) -> None:
    if day is not None and day < clock.today():
        raise ValidationError(_("This day is past."))


class Withdraw(Form):
    """Why an enrolment ends."""

    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=500)])
