"""The forms of accounts and signing in."""
from typing import Any

from flask import current_app
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length

from jetlms.core.forms import Form
from jetlms.core.i18n import _
from jetlms.people import addresses, passwords, zones

LANGUAGES = [SelectChoice("ja", "日本語"), SelectChoice("en", "English")]
REQUIRED = InputRequired(_("Please fill this in."))           # of passwords: as typed
WRITTEN = DataRequired(_("Please fill this in."))             # of texts: something is left without the white space


class EmailField(StringField):
    """An address, folded as accounts keep it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed."""
        super().process_formdata([addresses.fold(value) for value in valuelist])

    def pre_validate(self, _form: Any) -> None:
        """Refuse what has not the form of an address."""
        if self.data and not addresses.is_one(self.data):
            raise ValidationError(_("This does not look like an e-mail address, for example ann@example.jp."))


class ZoneField(SelectField):
    """A time zone, grouped by region."""

    def __init__(self, **more: Any) -> None:
        super().__init__(_("Time zone"), [REQUIRED], choices=self.grouped, **more)

    @staticmethod
    def grouped() -> list[SelectChoice]:
        """Return the choices in the reader's language."""
        return [SelectChoice(zone, place, optgroup=str(region)) for region, places in zones.groups() for zone, place in places]


class NewPassword(Form):
    """A password to be set. `about` holds what it must not contain."""

    about: tuple[str, ...] = ()
    new_password = PasswordField(_("New password"), [REQUIRED], render_kw={"autocomplete": "new-password"})

    def validate_new_password(self, field: PasswordField) -> None:
        """Refuse what is too easy to guess."""
        why = passwords.weakness(field.data or "", self.about, demo=current_app.config["DEMO"])
        if why is not None:
            raise ValidationError(why)


class SignIn(Form):
    """Who and the password."""

    email = EmailField(_("E-mail address"), [WRITTEN, Length(max=254)],
                       render_kw={"type": "email", "autocomplete": "username webauthn", "inputmode": "email", "spellcheck": "false"})
    password = PasswordField(_("Password"), [REQUIRED, Length(max=passwords.LONGEST)], render_kw={"autocomplete": "current-password"})


class Email(Form):
    """An address alone."""

    email = EmailField(_("E-mail address"), [WRITTEN, Length(max=254)],
                       render_kw={"type": "email", "autocomplete": "email", "inputmode": "email", "spellcheck": "false"})


class Code(Form):
    """A code of the app, or from paper."""

    code = StringField(_("Code"), [WRITTEN, Length(max=40)],
                       render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off", "maxlength": 40})


class Confirm(Form):
    """The password once more."""

    password = PasswordField(_("Password"), [REQUIRED, Length(max=passwords.LONGEST)], render_kw={"autocomplete": "current-password"})


class ChangePassword(NewPassword):
    """The present password and the next one."""

    password = PasswordField(_("Present password"), [REQUIRED, Length(max=passwords.LONGEST)], render_kw={"autocomplete": "current-password"})


class Profile(Form):
    """How one wants to read."""

    locale = RadioField(_("Language"), [REQUIRED], choices=LANGUAGES)
    zone = ZoneField()
    furigana = BooleanField(_("Show furigana above kanji in lessons"))


class Invitation(NewPassword):
    """What an invited person chooses."""

    locale = RadioField(_("Language"), [REQUIRED], choices=LANGUAGES)
    zone = ZoneField()


class Reason(Form):
    """Why an administrator does it."""

    reason = TextAreaField(_("Reason"), [WRITTEN, Length(max=500)], render_kw={"rows": 3, "maxlength": 500})
