"""The certificate on paper: A4, both languages, QR code to the verification page. Typeset by typst with fonts of our own."""
import io
from pathlib import Path
from typing import Any

from jetlms.core import clock, exports, i18n

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "ui" / "fonts"


def public_url(code: str) -> str:
    """Return the address printed on the paper and in its QR code."""
    from flask import current_app

    return f"{current_app.config['BASE_URL']}/verify/{code}"


def qr_svg(url: str) -> str:
    """Return a QR code as SVG text."""
    import segno

    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=1, scale=4, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode()


def hours(minutes: int, lang: str) -> str:
    """Return study time as printed: never more than the release's items take."""
    whole, rest = divmod(minutes, 60)
    ja, en = (f"{whole}時間" if whole else "", f"{whole} h" if whole else "")
    if rest or not whole:
        ja, en = f"{ja}{rest}分", f"{en} {rest} min".strip()
    return ja if lang == "ja" else en


def pdf(award: Any) -> bytes:
    """Return the certificate as PDF (about ten milliseconds)."""
    snapshot, url = award.snapshot, public_url(award.code)
    issued = award.issued_at.astimezone(clock.JST).date()
    values = {
        "name": snapshot["name"], "katakana": snapshot["katakana"], "title": snapshot["title"], "code": award.code, "url": url,
        "issued": {lang: i18n.day(issued, lang) for lang in i18n.LANGUAGES},
        "expires": {lang: i18n.day(award.expires_on, lang) for lang in i18n.LANGUAGES} if award.expires_on else None,
        "hours": {lang: hours(award.minutes, lang) for lang in i18n.LANGUAGES},
        "modules": snapshot["modules"], "lessons": snapshot["lessons"], "qr": qr_svg(url),
    }
    return exports.pdf(HERE / "certificate.typ", values, fonts=FONTS, accessible=True)
