"""Every template parses, holds nothing inline that the content policy forbids, and is shown on the style page."""
import re
from pathlib import Path

import pytest

import jetlms.ui

UI = Path(jetlms.ui.__file__).parent
TEMPLATES = sorted(p.relative_to(UI / "templates").as_posix() for p in (UI / "templates").rglob("*.*"))
# Made of others, or in need of a WTForms field, which the style page cannot have; test_form.py shows those.
INNER = {"form": {"field", "upload", "chosen", "place", "group", "described", "said", "aria"}, "parts": {"mark", "th", "td"},
         "charts": {"percent", "step"}, "calendar": {"inside"}}


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_parses(ui, name):
    ui.app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name):
    source = (UI / "templates" / name).read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"(src|href)=\"https?:", source), "nothing comes from another host"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_style_page_stands_alone(ui, lang):
    text = ui.page("styles.html", lang)
    assert not re.search(r"<[^>]*\sstyle=", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in set(re.findall(r'(?:for|aria-describedby)="([^"]+)"', text)):
        assert set(target.split()) <= set(ids)


@pytest.mark.parametrize("family", sorted(INNER))
def test_the_style_page_shows_every_macro(family):
    page = (UI / "templates" / "styles.html").read_text("utf-8")
    macros = re.findall(r"{% macro (\w+)", (UI / "templates" / "ui" / f"{family}.html").read_text("utf-8"))
    missing = [name for name in macros if name not in INNER[family] and not re.search(rf"\b{family}\.{name}\(", page)]
    assert missing == []
