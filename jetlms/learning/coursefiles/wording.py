"""Where a word stands in a text: in Japanese and Chinese anywhere, in Korean with its particles, elsewhere as a word of its own."""
import re
from collections.abc import Iterable

UNSPACED = frozenset({"ja", "zh"})     # languages written without spaces


def standing(words: Iterable[str], lang: str) -> re.Pattern[str]:
    """Return a pattern that finds any of these words of a language; where one lies in another, the longer. `words` is not empty."""
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if lang in UNSPACED:
        return re.compile(f"(?:{longest_first})")
    if lang == "ko":                    # 시장 in 시장님께서: what follows is a particle or an ending
        return re.compile(rf"(?<!\w)(?:{longest_first})")
    return re.compile(rf"(?<!\w)(?:{longest_first})(?:e?s)?(?!\w)", re.IGNORECASE)


def stands(word: str, text: str, lang: str) -> bool:
    """Say whether a word stands in a text. Asked for every word of a glossary: what is not in it at all needs no pattern."""
    return word.casefold() in text.casefold() and standing([word], lang).search(text) is not None
