"""When two typed answers are the same: full and half width, kana, case, spaces and the full stop at the end."""
import re
import unicodedata

KANA = {c: c - 0x60 for c in range(0x30A1, 0x30F7)}
DEFAULT = ("case", "space", "width")
TAIL = re.compile(r"[\s.。!！?？,、]+$")
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "–": "-", "—": "-"})


def fold(text: str, ways: tuple[str, ...] = DEFAULT) -> str:
    """Return text as it is compared. `ways`: width (NFKC), kana (katakana → hiragana), case, space."""
    text = unicodedata.normalize("NFKC" if "width" in ways else "NFC", text).translate(QUOTES).strip()
    text = TAIL.sub("", text)
    if "case" in ways:
        text = text.casefold()
    if "kana" in ways:
        text = text.translate(KANA)
    return re.sub(r"\s+", "" if _japanese(text) else " ", text) if "space" in ways else text


def ways_of(attrs: dict[str, str]) -> tuple[str, ...]:
    """Return the ways of folding a question asks for; without a word of its own: case, space and width."""
    return tuple(attrs["fold"].split(",")) if attrs.get("fold") else DEFAULT


def _japanese(text: str) -> bool:
    return any("\u3040" <= c <= "\u9fff" for c in text)
