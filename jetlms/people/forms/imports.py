"""The form that brings a spreadsheet."""
from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import CombinedMultiDict
from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import InputRequired

from jetlms.core import i18n
from jetlms.core.forms import Form
from jetlms.core.i18n import _


class Upload(Form):
    """What kind of rows, and the file."""

    kind = RadioField(_("What is in the file"), validators=[InputRequired(_("Please choose one."))], choices=[
        SelectChoice("participants", _("Participants")), SelectChoice("organisations", _("Contracting organisations"))])
    file = FileField(_("Spreadsheet"), validators=[FileRequired(_("Please choose a file."))],
                     render_kw={"accept": ".csv,.xlsx,.txt,.tsv"})

    @classmethod
    def uploaded(cls) -> "Upload":
        """Return the form with its file."""
        return cls(CombinedMultiDict((request.form, request.files)), meta={"locales": [i18n.lang()]})

    def refuse(self, reason: Any) -> None:
        """Say at the file what is wrong with it."""
        self.file.errors = [str(reason)]


class Commit(Form):
    """Whether those with an address are invited."""

    invite = BooleanField(_("Send an invitation to everybody who is new and has an e-mail address"))
