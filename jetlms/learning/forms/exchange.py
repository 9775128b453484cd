"""The form that brings a translator's file."""
from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import CombinedMultiDict

from jetlms.core import i18n
from jetlms.core.forms import Form
from jetlms.core.i18n import _


class Bring(Form):
    """One file."""

    file = FileField(_("File"), validators=[FileRequired(_("Please choose a file."))])

    @classmethod
    def posted(cls, **_values: Any) -> "Bring":
        """Return the form with its file as sent, empty on GET."""
        meta = {"locales": [i18n.lang()]}
        return cls(CombinedMultiDict((request.form, request.files)), meta=meta) if request.method == "POST" else cls(meta=meta)

    def refuse(self, reason: str) -> None:
        """Say at the file what is wrong with it."""
        self.file.errors = [reason]
