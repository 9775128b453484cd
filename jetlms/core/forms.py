"""The base of every form: shape only. Who may is policy, when is workflow."""
import unicodedata
from typing import Any, ClassVar

from flask import request
from markupsafe import Markup
from wtforms import Form as WTForm

from jetlms.core import i18n
from jetlms.core.errors import Stale


def clean(text: Any) -> Any:
    """Normalise typed text: NFKC, no control characters, no white space around it. Line breaks stay."""
    if not isinstance(text, str):
        return text
    text = unicodedata.normalize("NFKC", text).replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


class Form(WTForm):
    """A form whose strings arrive clean and whose messages come in the reader's language."""

    class Meta:
        """WTForms' own Japanese catalogue."""

        locales: ClassVar[list[str]] = []

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field that cleans what is typed."""
            filters = [*unbound_field.kwargs.get("filters", ()), clean]
            if unbound_field.field_class.__name__ not in {"PasswordField", "FileField", "MultipleFileField"}:
                options = {**options, "filters": filters}
                unbound_field.kwargs.pop("filters", None)
            return unbound_field.bind(form=form, **options)

    @classmethod
    def posted(cls, **values: Any) -> "Form":
        """Return the form as sent, or filled with `values` on GET."""
        meta = {"locales": [i18n.lang()]}
        return cls(request.form, meta=meta, **values) if request.method == "POST" else cls(meta=meta, **values)

    def sent(self) -> bool:
        """Say whether the form was sent and is well formed."""
        return request.method == "POST" and self.validate()

    def refuse_stale(self, thing: Any, back: str) -> None:
        """Raise Stale when `thing` was saved by somebody else since this form was rendered (hidden field `version`)."""
        sent = request.form.get("version", "")
        if sent and sent != str(thing.version):
            rows = [(str(f.label.text), str(getattr(thing, n, "") or ""), str(f.data or "")) for n, f in self._fields.items()]
            raise Stale([row for row in rows if row[1] != row[2]], back)


def whole(text: str, *, other: int = 0) -> int:
    """Return the whole number that stands in a field of a request; `other` for what is none, or more than a column holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else other  # noqa: PLR2004 -- 10^16 < 2^63


def checked(value: bool) -> Markup:  # noqa: FBT001 -- a template helper
    """Return the attribute of a ticked box."""
    return Markup(" checked") if value else Markup("")
