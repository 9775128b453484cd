"""Two languages, one text: messages are English msgids, Japanese is complete; authored things carry {"ja": …, "en": …}."""
from collections import UserString
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations, translation
from typing import Any
from zoneinfo import ZoneInfo

from flask import has_request_context, request
from flask_login import current_user

from jetlms.config import ROOT
from jetlms.core import clock

LANGUAGES = ("ja", "en")
WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
CATALOGUES = ROOT / "translations"
Text = Any  # a str or a lazy string
_spoken: ContextVar[str] = ContextVar("spoken", default="")

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
    return _spoken.get() or select_locale()


def speak(code: str) -> None:
    """Write in this language from here on; "" asks again (a request begins, and ends)."""
    _spoken.set(code)


@contextmanager
def force_locale(code: str) -> Iterator[None]:
    """Write what is inside in the language of another reader (a mail, a calendar)."""
    token = _spoken.set(code if code in LANGUAGES else "ja")
    try:
        yield
    finally:
        _spoken.reset(token)


def pick(texts: Mapping[str, str] | None, code: str = "") -> str:
    """Return the text in the reader's language, or in the other one when it is missing."""
    texts, code = texts or {}, code or lang()
    return texts.get(code) or next((texts[c] for c in LANGUAGES if texts.get(c)), "")


def both(ja: str, en: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"ja": ja, "en": en}


def day(value: date | None, code: str = "") -> str:
    """Return a date with its weekday: 令和8年11月23日(月), Mon 23 November 2026."""
    return _day(value, code or lang()) if value else ""


@lru_cache(2000)
def _day(value: date, code: str) -> str:
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
def _catalogue(code: str) -> NullTranslations:
    """Return the loaded catalogue of a language; English needs none. Raises FileNotFoundError when it has not been compiled."""
    return NullTranslations() if code == "en" else translation("messages", CATALOGUES, [code])


def raw(message: str) -> str:
    """Return a message in the language of what is being written, nothing filled in yet (templates do that, escaping)."""
    text: str = _catalogue(lang()).gettext(message)
    return text


def raw_plural(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits `count`, nothing filled in yet."""
    text: str = _catalogue(lang()).ngettext(one, many, count)
    return text


def gettext(message: str, **values: Any) -> str:
    """Return a message in the language of what is being written, with %(names)s filled in."""
    return raw(message) % values if values else raw(message)


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """Return a message in the form that fits `count`, which is also %(num)d."""
    return raw_plural(one, many, count) % ({"num": count} | values)


class Lazy(UserString):
    """A message that is translated each time it is shown."""

    def __init__(self, message: str, values: dict[str, Any] | None = None) -> None:
        self.message, self.values = message, values or {}      # what str does with it makes another with a text that is no message

    @property
    def data(self) -> str:  # type: ignore[override]
        """The text in the language of what is being written."""
        return gettext(self.message, **self.values) if self.message else ""


def _(message: str, **values: Any) -> Any:
    """Return a message that is translated when it is shown."""
    return Lazy(message, values)
