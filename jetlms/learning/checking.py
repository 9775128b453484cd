"""What a careful colleague would ask about a translation before it goes out. Pure functions: they object, they never grade.

Numbers, dates, times and names of the source must be in the translation, its terms as the glossary has them; nothing is left
untranslated; width and punctuation are those of the language. Numbers and dates are understood in Japanese, English, Chinese and Korean.
"""
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jetlms.learning.coursefiles.wording import UNSPACED, standing

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "meiji": 1867, "taisho": 1911, "showa": 1925, "heisei": 1988,
        "reiwa": 2018, "메이지": 1867, "다이쇼": 1911, "쇼와": 1925, "헤이세이": 1988, "레이와": 2018}
MONTHS = {name: n for n, names in enumerate((
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept", "october oct",
    "november nov", "december dec"), 1) for name in names.split()}
SMALL = {word: n for n, word in enumerate((
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
).split())} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
           "eleventh": 11, "twelfth": 12, "once": 1, "twice": 2, "half": 0.5, "dozen": 12, "both": 2, "single": 1, "a": 1, "an": 1,
           "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "hundredth": 100}
UNITS = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "hundred": 100,
         "萬": 10**4, "亿": 10**8, "천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12}
MYRIADS = "千万億兆萬亿천만억조"            # what follows digits in the languages that count by ten thousands
KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"两": 2, "兩": 2, "十": 10, "百": 100, "千": 1000}
# Native words for numbers stand before what is counted: 두 시간, 열두 분, 스물다섯 명.
HANGUL: dict[str, float] = {word: n for n, word in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(), 1)}
HANGUL_TENS = {"": 0, "열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50}
HANGUL |= {ten + one: tens + n for ten, tens in HANGUL_TENS.items() for one, n in HANGUL.items()} | {
    "열": 10, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "첫": 1, "반": 0.5}
NUMBER = r"\d[\d,]*(?:\.\d+)?"
# Groups of an Asian time: part of the day, hour, half, minute after it, minute after a colon.
JA = (
    ("year", re.compile(r"(明治|大正|昭和|平成|令和)\s*(元|\d{1,2})\s*年")),
    ("month", re.compile(r"(\d{1,2})\s*月(?!間)")),
    ("time", re.compile(r"(午前|午後)?\s*(\d{1,2})\s*(?:時(?!間)\s*(?:(半)|(\d{1,2})\s*分)?|:(\d{2}))")),
)
ZH = (
    JA[0], ("month", re.compile(r"(\d{1,2})\s*月")),
    ("time", re.compile(r"(上午|下午|早上|晚上|中午|凌晨)?\s*(\d{1,2})\s*(?:[点點时時](?![间間])整?\s*(?:(半)|(\d{1,2})\s*分)?|[:](\d{2}))")),
)
KO = (
    ("year", re.compile(r"(메이지|다이쇼|쇼와|헤이세이|레이와)\s*(원|\d{1,2})\s*년")), ("month", re.compile(r"(\d{1,2})\s*월")),
    ("time", re.compile(r"(오전|오후|저녁|밤)?\s*(\d{1,2})\s*(?:시(?!간)\s*(?:(반)|(\d{1,2})\s*분)?|:(\d{2}))")),
)
EN = (
    ("year", re.compile(rf"\b({'|'.join(e for e in ERAS if e.isascii())})\s+(\d{{1,2}})\b", re.IGNORECASE)),
    ("time", re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)(?![a-z])|\b(\d{1,2}):(\d{2})\b|\b(noon|midday|midnight)\b",
                        re.IGNORECASE)),
    # "may" is mostly a verb: a month where a day, a year or a word of time stands beside it.
    ("month", re.compile(rf"\b({'|'.join(sorted(MONTHS.keys() - {'may'}, key=len, reverse=True))}|(?-i:May)(?=\s+\d)|"
                         r"(?:(?<=in )|(?<=of )|(?<=by )|(?<=until )|(?<=since )|(?<=from )|(?<=early )|(?<=late )|(?<=mid-)|(?<=\d ))(?-i:May))"
                         r"\b\.?",
                         re.IGNORECASE)),
)
ENGLISH = re.compile(rf"({NUMBER})(?:\s+(hundred|thousand|million|billion))?", re.IGNORECASE)
ASIAN = re.compile(rf"{NUMBER}(?:[{MYRIADS}](?:\s?{NUMBER}(?=[{MYRIADS}])|{NUMBER})?)*")
UNDERSTOOD = {"ja": JA, "en": EN, "zh": ZH, "ko": KO}
NOON = {"ja": (("正午", "12時"),), "zh": (("正午", "12時"),), "ko": (("정오", "12시"), ("자정", "0시")), "en": ()}
HALF_KANA = re.compile(r"[\uff61-\uff9f]")
FULL_LATIN = re.compile(r"[\uff01-\uff5e]")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
HALF_STOPS = re.compile(r"(?<=[\u3040-\u30ff\u4e00-\u9fff])[,.!?;:](?=[\u3040-\u30ff\u4e00-\u9fff]|$)")
LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:\s+[A-Za-z][A-Za-z'’-]*){3,}")
STOPS = ("。", ".", "!", "?", "！", "？", "…", "」", "』", ")", "）", "”", "’", '"', ":", "：")
PAIRS = ("()", "（）", "「」", "『』", "[]", "“”", "【】")


@dataclass(frozen=True)
class Finding:
    """Something to look at again. `code` says what kind, `about` the words it is about, `instead` what is expected."""

    code: str          # same, missing_number, extra_number, name, term, avoid, untranslated, width, punctuation, spaces, pair
    about: str = ""
    instead: str = ""


def check(source: str, target: str, source_lang: str, target_lang: str, *, names: Mapping[str, str] | None = None,
          terms: Sequence[Mapping[str, Any]] = ()) -> list[Finding]:
    """Return what to look at again. `terms`: those of the glossary that stand in the source, {"source", "target", "avoid": [words]}."""
    if not target.strip():
        return []
    if " ".join(source.split()).casefold() == " ".join(target.split()).casefold():
        return [Finding("same")]
    return [*_numbers(source, target, source_lang, target_lang), *_names(source, target, names or {}), *_terms(target, target_lang, terms),
            *_untranslated(target, target_lang, names or {}), *_width(target, target_lang), *_punctuation(source, target)]


# -- numbers, dates, times ---------------------------------------------------------------------------------------------------------

def quantities(text: str, lang: str) -> Counter[str]:
    """Return the numbers, years, months and times of a text, written alike in all languages: "2026", "m4", "t13:30"."""
    found: Counter[str] = Counter()
    rest = unicodedata.normalize("NFKC", text)
    for word, hour in NOON[lang]:
        rest = rest.replace(word, hour)
    for kind, pattern in UNDERSTOOD[lang]:
        for match in pattern.finditer(rest):
            found[_said(kind, match, lang)] += 1
        rest = pattern.sub(" ", rest)
    counted = ENGLISH if lang == "en" else ASIAN
    for match in counted.finditer(rest):
        found[_plain(_english(match[1], match[2]) if lang == "en" else _by_myriads(match[0]))] += 1
    return found


def _said(kind: str, match: re.Match[str], lang: str) -> str:
    if kind == "year":
        return _plain(ERAS[match[1].lower()] + (1 if match[2] in {"元", "원"} else int(match[2])))
    if kind == "month":
        return f"m{MONTHS[match[1].lower()] if lang == 'en' else int(match[1])}"
    if lang != "en":
        hour, minute = int(match[2]), 30 if match[3] else int(match[4] or match[5] or 0)
    elif match[6]:
        hour, minute = 0 if match[6].lower() == "midnight" else 12, 0
    else:
        hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
    return f"t{hour % 12}:{minute:02d}"            # morning or afternoon is often left to the reader: the clock's face counts


def _by_myriads(text: str) -> float:
    """Return 12,000,000 for "1,200万", 120,003,000 for "1億2000万3000"."""
    total, number = 0.0, 0.0
    for part in re.findall(rf"{NUMBER}|[{MYRIADS}]", text):
        if part in UNITS:
            total, number = total + (number or 1) * UNITS[part], 0.0
        else:
            number = float(part.replace(",", ""))
    return total + number


def _english(digits: str, unit: str | None) -> float:
    return float(digits.replace(",", "")) * (UNITS[unit.lower()] if unit else 1)


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _words(text: str, lang: str) -> set[str]:
    """Return the numbers that stand in a text as words or kanji: they may answer for digits, but need not be answered for."""
    text = unicodedata.normalize("NFKC", text)
    if lang in {"ja", "zh"}:
        return {_plain(_kanji(run)) for run in re.findall(r"[〇一二两兩三四五六七八九十百千]+", text)} | ({"0.5"} if "半" in text else set())
    if lang == "ko":
        return {_plain(value) for word, value in HANGUL.items() if word in text}
    found = {_plain(value) for word, value in (SMALL | ORDINAL).items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    tens = re.findall(r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[-\s](one|two|three|four|five|six|seven|eight|nine)\b",
                      text, re.IGNORECASE)
    return found | {str(SMALL[ten.lower()] + SMALL[one.lower()]) for ten, one in tens}


def _kanji(run: str) -> int:
    if not set(run) & set("十百千"):
        return int("".join(str(KANJI[c]) for c in run))
    total, digit = 0, 0
    for c in run:
        if KANJI[c] >= 10:  # noqa: PLR2004 -- ten, hundred, thousand
            total, digit = total + (digit or 1) * KANJI[c], 0
        else:
            digit = KANJI[c]
    return total + digit


def _numbers(source: str, target: str, source_lang: str, target_lang: str) -> Iterator[Finding]:
    if not {source_lang, target_lang} <= UNDERSTOOD.keys():
        return
    there, here = quantities(source, source_lang), quantities(target, target_lang)
    said, meant = _words(target, target_lang), _words(source, source_lang)
    yield from (Finding("missing_number", _shown(q)) for q in there if q not in here and q.removeprefix("m") not in said and not _as_number(q, here))
    yield from (Finding("extra_number", _shown(q)) for q in here if q not in there and q.removeprefix("m") not in meant and not _as_number(q, there))


def _as_number(quantity: str, others: Counter[str]) -> bool:
    """Say whether a month or time is there as a bare number ("4/1", "1600"), or a number as part of one."""
    if quantity[0] in "mt":
        bare = quantity[1:].split(":")
        return bare[0] in others or "".join(bare) in others
    return any(q[0] in "mt" and quantity in q[1:].split(":") for q in others)


def _shown(quantity: str) -> str:
    return f"{quantity[1:]}月" if quantity[0] == "m" else quantity.replace("t0:", "12:").lstrip("t")


# -- names, terms, the rest --------------------------------------------------------------------------------------------------------

def _names(source: str, target: str, names: Mapping[str, str]) -> Iterator[Finding]:
    for name, written in names.items():
        if name in source and written.casefold() not in target.casefold():
            yield Finding("name", name, written)


def _terms(target: str, lang: str, terms: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for term in terms:
        bad = standing(term["avoid"], lang).search(target) if term["avoid"] else None
        if bad:
            yield Finding("avoid", bad[0], term["target"])
        elif term["target"].casefold() not in target.casefold():       # within a longer word it is there all the same
            yield Finding("term", term["source"], term["target"])


def _untranslated(target: str, lang: str, names: Mapping[str, str]) -> Iterator[Finding]:
    if lang != "ja" and lang not in {"zh", "ko"} and (found := JAPANESE.search(target)):
        yield Finding("untranslated", target[found.start():found.start() + 12])
    if lang == "ja" and (latin := LATIN_RUN.search(target)) and latin[0] not in names.values():
        yield Finding("untranslated", latin[0][:40])


def _width(target: str, lang: str) -> Iterator[Finding]:
    if found := HALF_KANA.search(target):
        yield Finding("width", found[0], unicodedata.normalize("NFKC", found[0]))
    if lang not in UNSPACED and (wide := FULL_LATIN.search(target)):
        yield Finding("width", wide[0], unicodedata.normalize("NFKC", wide[0]))
    if lang == "ja" and (stop := HALF_STOPS.search(target)):
        yield Finding("width", stop[0], {",": "、", ".": "。"}.get(stop[0], chr(ord(stop[0]) + 0xFEE0)))


def _punctuation(source: str, target: str) -> Iterator[Finding]:
    if source.rstrip().endswith(("。", ".", "!", "?", "！", "？")) and not target.rstrip().endswith(STOPS):
        yield Finding("punctuation", target.rstrip()[-12:])
    if "  " in target.strip() or "。。" in target or ".." in target.replace("...", ""):
        yield Finding("spaces")
    for pair in PAIRS:
        if target.count(pair[0]) != target.count(pair[1]):
            yield Finding("pair", pair)
            break
