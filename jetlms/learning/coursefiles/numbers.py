"""Numbers as people type them, and the answers `= 45` and `= 45 ± 5` of a number question."""
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,9})?"
MANY = "十百千万億兆"                    # 3万 is another number than 3: not understood
TYPED = re.compile(rf"[¥$€£]?\s*([+-]?{DIGITS})\s*(?![{MANY}])([^0-9,.+-]{{0,12}})\.?")
WANTED = re.compile(rf"([+-]?{DIGITS})(?:\s*±\s*({DIGITS}))?")


@dataclass(frozen=True)
class Range:
    """A number and how far from it an answer is still right."""

    middle: Decimal
    width: Decimal

    def holds(self, value: Decimal) -> bool:
        """Say whether a value lies in it, both ends included."""
        return abs(value - self.middle) <= self.width


def number(text: str) -> Decimal | None:
    """Return a typed number, None when it is none. Full width, 1,200 and a sign or unit around it (¥500, 45人, 80 %) are understood."""
    found = TYPED.fullmatch(_plain(text))
    return _decimal(found[1]) if found else None


def wanted(text: str) -> Range | None:
    """Return the range that an author wrote, `45` or `45 ± 5`; None when it is none."""
    found = WANTED.fullmatch(_plain(text))
    return Range(_decimal(found[1]), _decimal(found[2] or "0")) if found else None


def _plain(text: str) -> str:
    # ー is the long-vowel mark that a Japanese keyboard gives for a minus: only in front of a digit is it one.
    text = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"^[−–—‐ー](?=\s*[0-9])", "-", text).replace("。", ".")


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
