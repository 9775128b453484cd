"""The design system on a small application of its own: no database, no feature, the same strictness of templates."""
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, g, render_template, render_template_string
from jinja2 import StrictUndefined

import jetlms.ui

UI = Path(jetlms.ui.__file__).parent
DOORS = ("shell.front", "shell.find", "shell.inbox", "shell.help_page", "people.account", "people.sign_in", "people.sign_out")


def japanese() -> dict[str, str]:
    """Return msgid → Japanese as jetlms/ui/ja.tsv has it."""
    lines = (UI / "ja.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


class Design:
    """`ui.page("error.html", code=404)` renders a template, `ui("{{ … }}")` a piece that may use parts, form, charts, calendar."""

    IMPORTS = "".join(f'{{% import "ui/{name}.html" as {name} %}}' for name in ("parts", "form", "charts", "calendar"))

    def __init__(self) -> None:
        self.app = Flask("ui", template_folder=str(UI / "templates"), static_folder=None)
        self.app.secret_key = "of a test"
        self.app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n"]}
        env = self.app.jinja_env
        env.install_gettext_callables(self._gettext, self._ngettext, newstyle=True)
        env.globals.update(csrf_token=lambda: "token", form_key=lambda: "key", asset=lambda name: f"/static/{name}",
                           lang_url=lambda code: f"?lang={code}", lang_now=lambda: self.lang)
        for door in DOORS:
            self.app.add_url_rule("/" + door.replace(".", "/"), endpoint=door)
        self.lang, self.japanese = "en", japanese()

    def _gettext(self, text: str) -> str:
        return self.japanese[text] if self.lang == "ja" else text

    def _ngettext(self, one: str, many: str, number: int) -> str:
        return self.japanese[one] if self.lang == "ja" else one if number == 1 else many

    def _rendered(self, how, what: str, lang: str, flashed: tuple, context: dict) -> str:
        self.lang = lang
        given = {"lang": lang, "user": None, "nav": [], "unread": 0, "place": "", "demo": False, **context}
        with self.app.test_request_context():
            from flask import flash

            g.request_id = "abc123"
            for message in flashed:
                flash(*message)
            return how(what, **given)

    def __call__(self, source: str, lang: str = "en", **context) -> str:
        return self._rendered(render_template_string, self.IMPORTS + source, lang, (), context)

    def page(self, name: str, lang: str = "en", flashed: tuple = (), **context) -> str:
        return self._rendered(render_template, name, lang, flashed, context)


@pytest.fixture
def ui() -> Design:
    return Design()


@pytest.fixture
def ann() -> SimpleNamespace:
    return SimpleNamespace(name="Ann O’Malley", role_label="ALT", organisation_label="Ikoma City", roles={"participant"})


@pytest.fixture
def tokens() -> dict[str, dict[str, str]]:
    """The colours of both style sheets: {"light": {name: "#rrggbb"}, "dark": …}."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for sheet in ("app.css", "pictures.css"):
        css = (UI / "static" / sheet).read_text("utf-8")
        dark = "".join(re.findall(r"@media \(prefers-color-scheme: dark\)\{:root\{(.*?)\}\}", css, re.DOTALL))
        light = "".join(re.findall(r"^:root\{(.*?)\}", css, re.DOTALL | re.MULTILINE))
        for scheme, text in (("light", light), ("dark", dark)):
            found[scheme].update(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", text))
    found["dark"] = {**found["light"], **found["dark"]}
    return found
