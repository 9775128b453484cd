"""A file of questions to import."""
from typing import Any

from flask import request
from wtforms import BooleanField, FileField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from jetlms.core.forms import Form
from jetlms.core.i18n import _, gettext

LARGEST = 2_000_000                    # bytes
KINDS = (SelectChoice("", _("find out by itself")), SelectChoice("gift", "GIFT"), SelectChoice("aiken", "Aiken"),
         SelectChoice("moodlexml", "Moodle XML"))


class Import(Form):
    """Questions from a file, or pasted."""

    stem = SelectField(_("Into"), validators=[InputRequired()])
    kind = SelectField(_("Format"), choices=list(KINDS), default="")
    file = FileField(_("File"))
    without = BooleanField(_("Import the others without these"))

    def into(self, targets: list[tuple[str, str]]) -> Any:
        """Tell the form where questions may go; returns the form."""
        self.stem.choices = [SelectChoice(stem, f"{title or stem} ({stem})") for stem, title in targets]
        return self

    def data_sent(self) -> bytes:
        """Return the bytes of the file, or of what was pasted."""
        sent = request.files.get("file")
        data = sent.stream.read(LARGEST + 1) if sent and sent.filename else b""
        return data or str(request.form.get("text", "")).encode()

    def name_sent(self) -> str:
        """Return the name of the file, "" for what was pasted."""
        sent = request.files.get("file")
        return (sent.filename or "") if sent else ""

    def validate(self, extra_validators: Any = None) -> bool:
        """There is something, and not too much of it."""
        good = super().validate(extra_validators)
        data = self.data_sent()
        if not data.strip():
            self.file.errors = [gettext("Please choose a file, or paste the questions.")]
        elif len(data) > LARGEST:
            self.file.errors = [gettext("This file is too large. The largest size is %(n)s MB.", n=2)]
        sent = request.files.get("file")
        if sent:
            sent.stream.seek(0)
        return good and not self.file.errors
