"""The forms of records, organisations and the steps of a life cycle."""
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from jetlms.core.forms import Form
from jetlms.core.i18n import _, pick
from jetlms.people.forms.accounts import EmailField
from jetlms.people.importing import values

REQUIRED = DataRequired(_("Please fill this in."))             # a lone space is nothing
NAME = Length(max=values.LONGEST)


def _readable(read: Any) -> Any:
    """Return a validator that asks an import's reader, and keeps what it read."""
    def check(_form: Any, field: Any) -> None:
        if field.data:
            try:
                field.data = read(field.data)
            except values.Wrong as wrong:
                raise ValidationError(pick(wrong.reason)) from wrong
    return check


class PersonForm(Form):
    """Names and what belongs to them."""

    family_name = StringField(_("Family name"), validators=[REQUIRED, NAME])
    given_name = StringField(_("Given name"), validators=[Optional(), NAME])
    middle_name = StringField(_("Middle name"), validators=[Optional(), NAME])
    preferred_name = StringField(_("Preferred name"), validators=[Optional(), NAME])
    katakana_name = StringField(_("Katakana name"), validators=[Optional(), _readable(values.katakana)])
    native_name = StringField(_("Name as she writes it herself"), validators=[Optional(), NAME])
    nationality = StringField(_("Nationality"), validators=[Optional(), _readable(values.nationality)])
    born_on = DateField(_("Date of birth"), validators=[Optional()])


class Step(Form):
    """A step that needs nothing but the confirmation."""


class ReasonStep(Form):
    """A step with its reason."""

    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=1000)])


class Arrival(Form):
    """The day somebody arrived."""

    on_date = DateField(_("Arrived on"), validators=[REQUIRED])


class Reappoint(Form):
    """The last day of a further term."""

    ends_on = DateField(_("Last day of the new term"), validators=[REQUIRED])
    workplace = StringField(_("Workplace"), validators=[Optional(), NAME])


class Transfer(Form):
    """The other organisation and the day."""

    organisation = StringField(_("New contracting organisation"), validators=[REQUIRED, NAME])
    on_date = DateField(_("First day there"), validators=[REQUIRED])
    workplace = StringField(_("Workplace"), validators=[Optional(), NAME])
    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=1000)])


class Defer(Form):
    """Why, and until when if that is known."""

    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=1000)])
    group = SelectField(_("New intake"), validators=[Optional()])


class Reschedule(Form):
    """The new intake."""

    group = SelectField(_("New intake"), validators=[REQUIRED])


class EndEarly(Form):
    """What kind of end, and the last day."""

    kind = RadioField(_("Kind"), validators=[InputRequired(_("Please choose one."))], choices=[
        SelectChoice("resignation", _("Resignation")), SelectChoice("dismissal", _("Dismissal")), SelectChoice("medical", _("Medical reasons")),
        SelectChoice("visa", _("Visa")), SelectChoice("death", _("Death"))])
    on_date = DateField(_("Last day of the appointment"), validators=[REQUIRED])
    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=1000)])


class Limits(Form):
    """What stretches the time somebody may stay."""

    outstanding = BooleanField(_("The organisation calls her outstanding (needed for years four and five)"))
    max_ends_on = DateField(_("A special rule allows an appointment until"), validators=[Optional()])
    reason = TextAreaField(_("Reason"), validators=[REQUIRED, Length(max=1000)])


class OrganisationForm(Form):
    """Names and the day on which it closed."""

    name_ja = StringField(_("Name in Japanese"), validators=[REQUIRED, NAME])
    name_en = StringField(_("Name in English"), validators=[REQUIRED, NAME])
    kana = StringField(_("Reading in kana"), validators=[Optional(), NAME])
    closed_on = DateField(_("Closed on"), validators=[Optional()])


class NewOrganisation(Form):
    """A contracting organisation and the host body it stands under."""

    host = SelectField(_("Host body"), validators=[REQUIRED], coerce=int)
    name_ja = StringField(_("Name in Japanese"), validators=[REQUIRED, NAME])
    name_en = StringField(_("Name in English"), validators=[REQUIRED, NAME])
    kana = StringField(_("Reading in kana"), validators=[Optional(), NAME])
    code = StringField(_("Organisation code"), validators=[Optional(), _readable(values.code)])
    slug = StringField(_("Short name"), validators=[REQUIRED, Length(max=60), Regexp(
        "^[a-z0-9][a-z0-9-]+$", message=_("Only small letters, digits and hyphens."))])


class Appoint(Form):
    """Who gets which role from when to when."""

    role = RadioField(_("Role"), validators=[InputRequired(_("Please choose one."))])
    email = EmailField(_("E-mail address"), validators=[REQUIRED, Length(max=254)])
    family_name = StringField(_("Family name"), validators=[REQUIRED, NAME])
    given_name = StringField(_("Given name"), validators=[Optional(), NAME])
    katakana_name = StringField(_("Katakana name"), validators=[Optional(), _readable(values.katakana)])
    locale = RadioField(_("Language"), choices=[SelectChoice("ja", "日本語"), SelectChoice("en", "English")], default="ja", validators=[REQUIRED])
    starts_on = DateField(_("First day"), validators=[REQUIRED])
    ends_on = DateField(_("Last day"), validators=[Optional()])

    def validate_ends_on(self, field: Any) -> None:
        """The last day does not come before the first."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day is before the first day."))


class EndAppointment(Form):
    """The last day of a role."""

    on_date = DateField(_("Last day"), validators=[REQUIRED])
