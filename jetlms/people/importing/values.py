"""Cells → values. Each reader returns the value, or raises Wrong with the reason in both languages."""
import re
import unicodedata
from datetime import date
from functools import cache

from jetlms.core import clock
from jetlms.people import reference

LONGEST = 200
ERAS = {name: (name, first) for first, name, _letter in clock.ERAS} | {letter: (name, first) for first, name, letter in clock.ERAS}
WESTERN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
JAPANESE = re.compile(r"(令和|平成|昭和|[RHS])\s*(\d{1,2}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
WEEKDAY = re.compile(r"\s*[((][月火水木金土日][))]$")
NUMBER = re.compile(r"20\d{9}")
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
KATAKANA = re.compile(r"[ァ-ヺーヽヾ・=＝\s.,'’-]+")
JOBS = {"alt": "ALT", "外国語指導助手": "ALT", "cir": "CIR", "国際交流員": "CIR", "sea": "SEA", "スポーツ国際交流員": "SEA"}
NATIONS = {
    "米国": "US", "アメリカ": "US", "アメリカ合衆国": "US", "usa": "US", "u.s.a.": "US", "us": "US", "america": "US", "英国": "GB", "イギリス": "GB", "uk": "GB",  # noqa: E501
    "u.k.": "GB", "england": "GB", "great britain": "GB", "中国": "CN", "中華人民共和国": "CN", "韓国": "KR", "大韓民国": "KR", "korea": "KR", "豪州": "AU",  # noqa: E501
    "republic of korea": "KR", "トリニダード・トバゴ": "TT", "trinidad and tobago": "TT", "ロシア連邦": "RU", "russian federation": "RU", "vietnam": "VN", "viet nam": "VN",  # noqa: E501
    "ベトナム社会主義共和国": "VN", "ニュージランド": "NZ", "南アフリカ共和国": "ZA", "czech republic": "CZ", "turkey": "TR", "台湾": "TW",
}


class Wrong(Exception):
    """This cell cannot be taken; `reason` says why in both languages."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.reason = {"ja": ja, "en": en}


def text(value: str) -> str:
    """Return text of a bearable length."""
    if len(value) > LONGEST:
        raise Wrong(f"長すぎます。{LONGEST}文字以内にしてください。", f"This is too long. At most {LONGEST} characters.")
    return unicodedata.normalize("NFC", value)


def jet_number(value: str) -> str:
    """Return a JET number: eleven digits beginning with 20. Spaces and hyphens go."""
    digits = re.sub(r"[\s\-‐‑–—−ー]", "", value)
    if not NUMBER.fullmatch(digits):
        raise Wrong("JET番号は20で始まる11桁の数字です。", "A JET number has eleven digits and begins with 20.")
    return digits


def day(value: str) -> date:
    """Return a date: 2026-07-27, 2026/7/27, 2026年7月27日, 20260727, R8.7.27, 令和8年7月27日(月), 令和元年…. The year comes first."""
    value = WEEKDAY.sub("", value.strip())
    found = WESTERN.fullmatch(value) or PACKED.fullmatch(value)
    try:
        if found:
            return _plausible(date(*(int(part) for part in found.groups())))
        if found := JAPANESE.fullmatch(value.upper()):
            _name, first = ERAS[found[1]]
            year = first.year + (1 if found[2] == "元" else int(found[2])) - 1
            made = date(year, int(found[3]), int(found[4]))
            if made >= first:
                return _plausible(made)
    except ValueError:
        pass
    raise Wrong("日付として読めません。例：2026/7/27、R8.7.27、令和8年7月27日", "This is not a date. Write for example 2026-07-27 or R8.7.27.")


def _plausible(made: date) -> date:
    if not 1900 <= made.year <= 2100:  # noqa: PLR2004 -- a slip of the keyboard
        raise ValueError(made)
    return made


def job_type(value: str) -> str:
    """Return ALT, CIR or SEA."""
    found = JOBS.get(value.lower())
    if found is None:
        raise Wrong("職種はALT、CIR、SEAのいずれかです。", "The job type is ALT, CIR or SEA.")
    return found


def nationality(value: str) -> str:
    """Return the ISO code of a country written as a code or by its name in Japanese or English."""
    if value.upper() in _countries()[1]:
        return value.upper()
    found = NATIONS.get(value.lower()) or _countries()[0].get(value.lower())
    if found is None:
        raise Wrong("国名が分かりません。日本語名、英語名または2文字の国コードで書いてください。",
                    "This country is not known. Write its name in Japanese or English, or its two-letter code.")
    return found


@cache
def _countries() -> tuple[dict[str, str], frozenset[str]]:
    from babel import Locale

    names = {name.lower(): code for lang in ("ja", "en") for code, name in Locale(lang).territories.items() if len(code) == 2 and code.isalpha()}  # noqa: PLR2004
    return names, frozenset(names.values())


def email(value: str) -> str:
    """Return a folded e-mail address."""
    folded = value.lower()
    if not EMAIL.fullmatch(folded) or len(folded) > 254:  # noqa: PLR2004 -- RFC 5321
        raise Wrong("メールアドレスの形ではありません。", "This is not an e-mail address.")
    return folded


def katakana(value: str) -> str:
    """Return a reading in katakana; hiragana becomes katakana."""
    made = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in value)
    if not KATAKANA.fullmatch(made):
        raise Wrong("カタカナで書いてください。", "Please write this in katakana.")
    return text(made)


def term(value: str) -> int:
    """Return the number of a term: 1 to 6."""
    digits = re.sub(r"[年期目第th\s]", "", value)
    if digits not in {"1", "2", "3", "4", "5", "6"}:
        raise Wrong("任用年数は1から6までの数字です。", "The term is a number from 1 to 6.")
    return int(digits)


def code(value: str, prefecture: str = "") -> str:
    """Return a six-digit local-government code whose last digit is right. Five digits get theirs; a lost leading zero comes back.

    `prefecture` (two digits) decides which of the two five digits mean, and must agree.
    """
    digits = re.sub(r"[\s\-]", "", value)
    found = [c for c in candidates(digits) if not prefecture or c.startswith(prefecture)]
    if not found:
        raise Wrong("団体コードが正しくありません（6桁、末尾は検査数字）。都道府県とも照らし合わせてください。",
                    "This organisation code is wrong: six digits, the last is a check digit, the first two the prefecture.")
    return found[0]


def candidates(digits: str) -> list[str]:
    """Return the codes that these digits may mean."""
    if not (digits.isascii() and digits.isdigit()):
        return []
    if len(digits) == 6:  # noqa: PLR2004
        return [digits] if reference.check_digit(digits[:5]) == digits[5] else []
    if len(digits) == 5:  # noqa: PLR2004
        lost = "0" + digits
        return [digits + reference.check_digit(digits)] + ([lost] if reference.check_digit(lost[:5]) == lost[5] else [])
    return []
