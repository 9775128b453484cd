"""Two languages, one text: messages are English msgids, Japanese is complete; authored things carry {"ja": …, "en": …}."""
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context, request
from flask_babel import force_locale, get_locale, gettext, lazy_gettext, ngettext
from flask_login import current_user

from jetlms.core import clock

LANGUAGES = ("ja", "en")
WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_ = lazy_gettext
Text = Any  # a str or a lazy string

__all__ = ["LANGUAGES", "Text", "_", "both", "day", "force_locale", "gettext", "lang", "moment", "ngettext", "pick", "select_locale"]


def select_locale() -> str:
    """Choose the language of this request: the switch in the URL, what was switched before, the account, the browser; Japanese last.

    The switch is remembered in a cookie; signing in sets it to the account's language.
    """
    if not has_request_context():
        return "ja"
    for wanted in (request.args.get("lang"), request.cookies.get("lang"), getattr(current_user, "locale", "")):
        if wanted in LANGUAGES:
            return wanted
    return request.accept_languages.best_match(LANGUAGES) or "ja"


def lang() -> str:
    """Return "ja" or "en": the language of what is being written."""
    if has_request_context() and "lang_code" in g:
        return str(g.lang_code)
    return "en" if str(get_locale() or "ja").startswith("en") else "ja"


def pick(texts: Mapping[str, str] | None, code: str = "") -> str:
    """Return the text in the reader's language, or in the other one when it is missing."""
    texts, code = texts or {}, code or lang()
    return texts.get(code) or next((texts[c] for c in LANGUAGES if texts.get(c)), "")


def both(ja: str, en: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"ja": ja, "en": en}


def day(value: date | None, code: str = "") -> str:
    """Return a date with its weekday: 令和8年11月23日(月), Mon 23 November 2026."""
    if value is None:
        return ""
    code = code or lang()
    if code == "ja":
        name, year = clock.era(value)
        return f"{name}{'元' if year == 1 else year}年{value.month}月{value.day}日({WEEKDAYS['ja'][value.weekday()]})"
    return f"{WEEKDAYS['en'][value.weekday()]} {value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None, zone: str = "Asia/Tokyo", code: str = "") -> str:
    """Return an instant in `zone` with its name; in Japan's time beside it where the two differ."""
    if value is None:
        return ""
    code = code or lang()
    local, japan = value.astimezone(ZoneInfo(zone)), value.astimezone(clock.JST)
    here = f"{day(local.date(), code)} {local:%H:%M} {_zone_name(local)}"
    if local.utcoffset() == japan.utcoffset():
        return here
    there = f"{japan:%H:%M}" if japan.date() == local.date() else f"{day(japan.date(), code)} {japan:%H:%M}"
    return f"{here}（日本時間 {there}）" if code == "ja" else f"{here} ({there} JST)"


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:5]


@cache
def _catalogue(folder: str, code: str) -> Any:
    """Return the loaded catalogue of a language; English needs none."""
    from babel.support import NullTranslations, Translations

    return NullTranslations() if code == "en" else Translations.load(folder, [code])


def template_gettext(message: str) -> str:
    """Translate for a template: a page asks hundreds of times, so the way to the catalogue is short."""
    return str(_catalogue(current_app.config["BABEL_TRANSLATION_DIRECTORIES"], lang()).gettext(message))


def template_ngettext(one: str, many: str, count: int) -> str:
    """Translate a plural for a template."""
    return str(_catalogue(current_app.config["BABEL_TRANSLATION_DIRECTORIES"], lang()).ngettext(one, many, count))
