"""The form of a rule. Its first page is sent by GET, so that the page which shows whom it names can be shared and gone back from."""
from typing import Any

from flask import request
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from jetlms.core import i18n
from jetlms.core.forms import Form
from jetlms.core.i18n import _, gettext
from jetlms.learning.queries import rules as queries

JOBS = ("ALT", "CIR", "SEA")


def _number(value: Any) -> int | None:
    """Return the number of a choice; what is none is the choice of all. Raises ValueError."""
    return int(value) if value not in (None, "", "None") else None


class Rule(Form):
    """Whom a rule names, from when to when, and how many days they get."""

    job_types = SelectMultipleField(_("Job type"), choices=[SelectChoice(job, job) for job in JOBS])
    arrival_group_ids = SelectMultipleField(_("Arrival group"), coerce=int)
    host_id = SelectField(_("Host body"), coerce=_number, validators=[Optional()])
    starts_on = DateField(_("Enrols from"), validators=[InputRequired(_("Please fill this in."))])
    ends_on = DateField(_("Enrols until"), validators=[Optional()])
    due_days = IntegerField(_("Days to complete"), validators=[Optional(), NumberRange(min=1, message=_("At least one day."))])
    version = HiddenField()
    plan: dict[str, Any]                   # the course's outline, by whose window the days are judged

    @classmethod
    def asked(cls, plan: dict[str, Any], **values: Any) -> "Rule":
        """Return the form with what was sent, by GET (when `check` is among it) or POST; else filled with `values`."""
        sent = request.form if request.method == "POST" else request.args if "check" in request.args or "starts_on" in request.args else None
        form = cls(sent, meta={"locales": [i18n.lang()]}, **({} if sent is not None else values))
        form.plan = plan
        form.arrival_group_ids.choices = [(group.id, words(group)) for group in queries.groups()]
        form.host_id.choices = [("", gettext("All of Japan")), *((host.id, words(host)) for host in queries.hosts())]
        return form

    def validate_ends_on(self, field: Any) -> None:
        """The last day does not come before the first."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day is before the first day."))

    def validate_due_days(self, field: Any) -> None:
        """The expected day lies inside the window."""
        most = self.plan["schedule"]["window_days"]
        if field.data and field.data > most:
            raise ValidationError(gettext("The course is open for %(n)s days.", n=most))

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {name: self[name].data for name in queries.FIELDS} | {
            "job_types": list(self.job_types.data or []), "arrival_group_ids": list(self.arrival_group_ids.data or [])}

    def sent_values(self) -> list[tuple[str, str]]:
        """Return what was typed, as pairs for hidden fields and addresses."""
        pairs = [(name, value) for name in ("job_types", "arrival_group_ids") for value in self[name].data or []]
        pairs += [(name, self[name].data) for name in ("host_id", "starts_on", "ends_on", "due_days", "version")]
        return [(name, str(value)) for name, value in pairs if value not in (None, "")]


def words(row: Any) -> str:
    """Return the name of an arrival group or body in the reader's language."""
    return str(row.name_ja if i18n.lang() == "ja" else row.name_en)
