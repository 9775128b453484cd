"""Where a word stands in a text: in Japanese and Chinese anywhere, elsewhere as a word of its own, in the plural too."""
import re
from collections.abc import Iterable

UNSPACED = frozenset({"ja", "zh"})     # languages written without spaces


def standing(words: Iterable[str], lang: str) -> re.Pattern[str]:
    """Return a pattern that finds any of these words of a language; where one lies in another, the longer. `words` is not empty."""
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(f"(?:{longest_first})" if lang in UNSPACED else rf"(?<!\w)(?:{longest_first})(?:e?s)?(?!\w)", re.IGNORECASE)
