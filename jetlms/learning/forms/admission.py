"""The forms of admission: a round, an application, the decision of an organisation."""
from datetime import datetime
from typing import Any

from flask import request
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from jetlms.core import clock, i18n
from jetlms.core.forms import Form
from jetlms.core.i18n import _, gettext
from jetlms.learning.service import TRAVEL_ASKED

REQUIRED = DataRequired(_("Please fill this in."))
SHORTEST, LONGEST = 200, 800           # characters of a motive (jet.md §4)
MOST_KEPT = 4000                       # of a draft: what was pasted is kept, and shortened before it is sent
FACTS = ("jlpt", "years", "motive", "schooling", "microphone")       # kept of an application
JLPT = ("N1", "N2", "N3", "N4", "N5")


class Apply(Form):
    """An application. A draft may be empty; `sent_by` judges it before it is sent."""

    jlpt = SelectField(_("JLPT level you have passed"), choices=[SelectChoice("", _("none")), *(SelectChoice(level, level) for level in JLPT)],
                       default="")
    evidence = FileField(_("Result notice or certificate"))
    years = IntegerField(_("Years of studying Japanese"), validators=[Optional(), NumberRange(0, 60, _("Please write 0 to 60."))])
    motive = TextAreaField(_("Why you apply"), validators=[Length(max=MOST_KEPT)])
    schooling = BooleanField(_("I wish to attend the five-day schooling"))
    microphone = BooleanField(_("I have tried my microphone, and it works"))
    consent = BooleanField(_("I agree that my organisation and CLAIR read this application to decide about it"))

    @classmethod
    def posted(cls, **values: Any) -> "Apply":
        """Return the form with its file as sent, or filled with `values`."""
        meta = {"locales": [i18n.lang()]}
        form = cls(CombinedMultiDict((request.form, request.files)), meta=meta) if request.method == "POST" else cls(meta=meta, **values)
        form.years.flags.required = form.motive.flags.required = True      # to send it; a draft may lack them
        return form

    def complete(self, *, evidence: bool) -> bool:
        """Say whether it can be sent; what is missing stands at its place. `evidence`: a file has been kept before, or comes with it."""
        if self.jlpt.data and not evidence:
            self.evidence.errors = [gettext("Please add the result notice or certificate of %(level)s.", level=self.jlpt.data)]
        if self.years.data is None:
            self.years.errors = [gettext("Please give a number.")]
        count = len(self.motive.data or "")
        if not SHORTEST <= count <= LONGEST:
            self.motive.errors = [gettext("%(min)s to %(max)s characters are asked for; this text has %(now)s.", min=SHORTEST, max=LONGEST,
                                          now=count)]
        if not self.microphone.data:
            self.microphone.errors = [gettext("The course has spoken tests: please try your microphone.")]
        if not self.consent.data:
            self.consent.errors = [gettext("Without this nobody may read your application.")]
        return not self.errors

    def facts(self) -> dict[str, Any]:
        """Return what the service keeps."""
        return {name: self[name].data for name in FACTS} | {"motive": self.motive.data or ""}


class Decide(Form):
    """What the organisation says. Who refuses writes why."""

    approver = StringField(_("Name and position of who decides"), validators=[REQUIRED, Length(max=100)])
    travel = BooleanField(_("Our organisation bears the cost of the journey to the schooling"))
    reason = TextAreaField(_("Reason, if you do not approve"), validators=[Length(max=500)])

    def complete(self, *, refusing: bool, schooling: bool) -> bool:
        """Say whether it can be decided so; what is missing stands at its place. `schooling`: the applicant wishes to attend it."""
        if refusing and not self.reason.data:
            self.reason.errors = [gettext("Please write why: she or he reads it.")]
        if schooling and not refusing and not self.travel.data:
            self.travel.errors = [str(TRAVEL_ASKED)]
        return not self.errors


class Round(Form):
    """A round of admission. Its days are days in Japan."""

    name_ja = StringField(_("Name in Japanese"), validators=[REQUIRED, Length(max=100)])
    name_en = StringField(_("Name in English"), validators=[REQUIRED, Length(max=100)])
    opens_on = DateField(_("Applications from"), validators=[InputRequired(_("Please fill this in."))])
    closes_on = DateField(_("Applications until"), validators=[InputRequired(_("Please fill this in."))])
    approve_by = DateField(_("Organisations decide until"), validators=[InputRequired(_("Please fill this in."))])
    check_from = DateField(_("Level check from"), validators=[InputRequired(_("Please fill this in."))])
    check_until = DateField(_("Level check until"), validators=[InputRequired(_("Please fill this in."))])
    starts_on = DateField(_("The course begins on"), validators=[InputRequired(_("Please fill this in."))])
    places = IntegerField(_("Places by result"), validators=[InputRequired(_("Please give a number.")), NumberRange(0, 10_000)])
    lottery_places = IntegerField(_("Places by lot"), default=0, validators=[InputRequired(_("Please give a number.")), NumberRange(0, 10_000)])
    least = IntegerField(_("Lowest result that qualifies (%)"), default=0, validators=[
        InputRequired(_("Please give a number.")), NumberRange(0, 100)])
    schooling_places = IntegerField(_("Schooling: seats by result"), default=0, validators=[Optional(), NumberRange(0, 10_000)])
    schooling_lottery = IntegerField(_("Schooling: seats by lot"), default=0, validators=[Optional(), NumberRange(0, 10_000)])

    def validate_closes_on(self, field: Any) -> None:
        """It closes after it opens."""
        _not_before(field, self.opens_on)

    def validate_approve_by(self, field: Any) -> None:
        """Organisations have at least the last day of applications."""
        _not_before(field, self.closes_on)

    def validate_check_from(self, field: Any) -> None:
        """The level check does not begin before applications do."""
        _not_before(field, self.opens_on)

    def validate_check_until(self, field: Any) -> None:
        """It ends when everybody has been approved, and after it began."""
        _not_before(field, self.check_from)
        _not_before(field, self.approve_by)

    def validate_starts_on(self, field: Any) -> None:
        """The course begins when places have been given."""
        _not_before(field, self.check_until)

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        values = {name: self[name].data for name in ("approve_by", "check_from", "check_until", "starts_on", "places", "lottery_places", "least")}
        return values | {"name": i18n.both(self.name_ja.data, self.name_en.data), "opens_at": clock.start_of_day(self.opens_on.data),
                         "closes_at": clock.end_of_day(self.closes_on.data), "schooling_places": self.schooling_places.data or 0,
                         "schooling_lottery": self.schooling_lottery.data or 0}


def values_of(found: Any) -> dict[str, Any]:
    """Return a round as the form has it."""
    def day(at: datetime) -> Any:
        return at.astimezone(clock.JST).date()
    return {name: getattr(found, name) for name in (
        "approve_by", "check_from", "check_until", "starts_on", "places", "lottery_places", "least", "schooling_places", "schooling_lottery")} | {
        "name_ja": found.name.get("ja", ""), "name_en": found.name.get("en", ""), "opens_on": day(found.opens_at), "closes_on": day(found.closes_at)}


def _not_before(field: Any, other: Any) -> None:
    if field.data and other.data and field.data < other.data:
        raise ValidationError(gettext("This is before “%(other)s”, %(day)s.", other=other.label.text, day=i18n.day(other.data)))
