"""How a person's name is shown and sorted, from its parts. No order of names is assumed beyond that of the passport's fields."""
import re

EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff]")      # written in kana or kanji: the family name comes first


def display(given: str, family: str, preferred: str = "", native: str = "") -> str:
    """Return what is shown: how people call her, else given and family name (family name first in kanji), else as she writes it."""
    if preferred:
        return preferred
    first, second = (family, given) if EAST.search(family) else (given, family)
    return f"{first} {second}".strip() or native


def sorting(given: str, family: str) -> str:
    """Return what lists are sorted by."""
    return f"{family} {given}".strip().lower()
