"""When two typed answers are the same: full and half width, kana, case, spaces, and the mark at the end.

`ways` are the words an author may write behind `fold=`: width (NFKC: ＡＢＣ ｱｲｳ → ABC アイウ), kana (katakana → hiragana), case, space
(runs of spaces are one, none inside Japanese). Whatever the ways, look-alike quotes and dashes and a final 。.!?、, do not count.
"""
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Literal

WAYS = ("width", "kana", "case", "space")
DEFAULT = ("width", "case", "space")
KANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
TAIL = re.compile(r"[\s.。．｡!！?？,，、､]+$")
LOOKALIKES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"})
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def fold(text: str, ways: Collection[str] = DEFAULT) -> str:
    """Return text as it is compared. Folding what is folded changes nothing."""
    form: Literal["NFC", "NFKC"] = "NFKC" if "width" in ways else "NFC"
    text = unicodedata.normalize(form, text).translate(LOOKALIKES)
    if "case" in ways:
        text = unicodedata.normalize(form, text.casefold())
    if "kana" in ways:
        text = unicodedata.normalize(form, text.translate(KANA))
    if "space" in ways:
        text = re.sub(r"\s+", "" if JAPANESE.search(text) else " ", text)
    return TAIL.sub("", unicodedata.normalize(form, text).strip())       # without its space, a mark may join the letter before it


def ways_of(attrs: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ways of folding a question asks for; without a word of its own: width, case and space."""
    return tuple(attrs["fold"].split(",")) if attrs.get("fold") else DEFAULT
