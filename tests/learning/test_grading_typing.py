"""What typing is forgiven: width, kana, case, spaces and the mark at the end (learning.md A3, row 19); and what it is not."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jetlms.learning.coursefiles.folding import WAYS, fold
from jetlms.learning.coursefiles.numbers import number


@pytest.mark.parametrize(("one", "other", "ways"), [
    ("イラッシャイマス。", "いらっしゃいます", ("kana",)), ("ｲﾗｯｼｬｲﾏｽ", "いらっしゃいます", ("kana", "width")),
    ("ｔｏｋｙｏ", "Tokyo", ("width", "case")),
    ("Good  morning!", "good morning", ("case", "space")), ("東京　都", "東京都", ("space",)), ("That’s", "that's", ("case",)),
    ("ヴァイオリン", "ゔぁいおりん", ("kana",)), ("はい！", "はい", ()), ("ガッコウ", "か\u3099っこう", ("kana",)),
    ("STRASSE", "straße", ("case",)),
])
def test_what_the_folding_forgives(one, other, ways):
    assert fold(one, ways) == fold(other, ways)


@pytest.mark.parametrize(("one", "other", "ways"), [
    ("イラッシャイマス", "いらっしゃいます", ("width", "case", "space")), ("Tokyo", "tokyo", ("width",)), ("ＡＢ", "AB", ("case",)),
    ("good morning", "goodmorning", WAYS), ("がっこう", "かっこう", WAYS), ("おばさん", "おばあさん", WAYS), ("きよう", "きょう", WAYS),
])
def test_what_the_folding_does_not_forgive(one, other, ways):
    assert fold(one, ways) != fold(other, ways)


TYPED = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=30)


@given(TYPED, st.sets(st.sampled_from(WAYS)))
def test_folding_twice_is_folding_once(text, ways):
    once = fold(text, ways)
    assert fold(once, ways) == once


@pytest.mark.parametrize(("typed", "value"), [
    ("45", 45), ("４５", 45), (" 45 人 ", 45), ("1,200", 1200), ("１，２００円", 1200), ("¥1,200", 1200), ("-3.5", -3.5), ("−3", -3), ("ー３", -3),
    ("80%", 80), ("４５％", 45), ("45.", 45), ("45。", 45), ("+7", 7), ("0.50", 0.5),
])
def test_numbers_are_understood_as_people_type_them(typed, value):
    assert float(number(typed)) == value


@pytest.mark.parametrize("typed", ["", "many", "四十五", "3万", "1,5", "1,20", "4 5", "4-5", "45-50", "1e3", "0x10", "1.2.3", "½", "NaN",
                                   "inf", "--3", "9" * 16])
def test_what_is_no_number_is_none(typed):
    assert number(typed) is None


@given(st.integers(-10**9, 10**9))
def test_every_whole_number_is_itself_in_every_width(value):
    wide = str(value).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-"})
    assert number(str(value)) == number(wide) == number(f"{value:,}") == value
