"""The checks of the workbench object to what a careful colleague would; they are silent about good translations."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jetlms.learning.checking import check


def codes(source, target, way="ja-en", **more):
    return [(f.code, f.about) for f in check(source, target, *way.split("-"), **more)]


@pytest.mark.parametrize(("source", "target"), [
    ("令和8年4月1日から施行します。", "This takes effect on 1 April 2026."),
    ("令和元年10月12日に台風が上陸しました。", "The typhoon made landfall on 12 October 2019."),
    ("平成31年4月30日まで", "until 30 April 2019"),
    ("参加費は1,500円です。", "The fee is 1,500 yen."),
    ("人口は約12万人です。", "The population is about 120,000."),
    ("予算は1億2,000万円です。", "The budget is 120 million yen."),
    ("午後1時30分に集合してください。", "Please meet at 1:30 p.m."),
    ("9時から17時まで開いています。", "Open from 9 a.m. to 5 p.m."),
    ("正午まで", "until 12:00"),
    ("13時半開始", "starts at 13:30"),
    ("生徒3人が来ました。", "Three pupils came."),
    ("第2回の会議です。", "This is the second meeting."),
    ("令和8年度の計画", "Plan for fiscal 2026"),
    ("3か月間続きます。", "It lasts three months."),
    ("8/1に断水します。", "The water will be off on 1 August."),
    ("持ち物は自由です。", "You may bring what you like."),
    ("お入りください。", "May I ask you to come in?"),
    ("5月に行います。", "It takes place in May."),
    ("5月3日から", "from 3 May"),
])
def test_good_translations_pass(source, target):
    assert codes(source, target) == []


@pytest.mark.parametrize(("source", "target"), [
    ("The fee is 1,500 yen.", "参加費は1,500円です。"), ("Open from 9 a.m. to 5 p.m.", "午前9時から午後5時まで開いています。"),
    ("on 1 April 2026", "令和8年4月1日に"), ("on 1 April 2026", "2026年4月1日に"), ("120 million yen", "1億2,000万円"),
    ("Three pupils came.", "生徒が3人来ました。"),
    ("three pupils", "生徒三人"), ("We ended the second meeting at noon.", "第2回の会議は12時に終わりました。"),
])
def test_the_other_way_too(source, target):
    assert codes(source, target, "en-ja") == []


@pytest.mark.parametrize(("source", "target", "found"), [
    ("令和8年4月1日", "1 April 2025", [("missing_number", "2026"), ("extra_number", "2025")]),
    ("参加費は1,500円です。", "The fee is 15,000 yen.", [("missing_number", "1500"), ("extra_number", "15000")]),
    ("5月3日に開きます。", "It opens on 3 June.", [("missing_number", "5月"), ("extra_number", "6月")]),
    ("午後1時30分", "1 p.m.", [("missing_number", "1:30"), ("extra_number", "1:00")]),
    ("市長があいさつします。", "", []),
    ("市長があいさつします。", "市長があいさつします。", [("same", "")]),
    ("市長があいさつします。", "The mayor will give an あいさつ.", [("untranslated", "あいさつ.")]),
    ("市長があいさつします。", "The mayor will speak", [("punctuation", "r will speak")]),
    ("市長があいさつします。", "The mayor  will speak.", [("spaces", "")]),
    ("市長（山田）です。", "This is the mayor (Yamada.", [("pair", "()")]),
    ("市長です。", "This is the ｍayor.", [("width", "ｍ")]),
])
def test_what_is_objected_to(source, target, found):
    assert codes(source, target) == found


def test_japanese_has_its_own_width_and_stops():
    assert codes("Please come.", "来てください.", "en-ja") == [("width", ".")]
    assert codes("Please come.", "ｷﾃください。", "en-ja") == [("width", "ｷ")]
    assert codes("Please come to the office.", "please come to the office まで。", "en-ja")[0][0] == "untranslated"


def test_names_and_terms_are_held_to():
    terms = [{"source": "任用団体", "target": "contracting organisation", "avoid": ["employer", "company"]}]
    assert codes("生駒市の任用団体", "the contracting organisation in Ikoma City", names={"生駒市": "Ikoma City"}, terms=terms) == []
    assert codes("任用団体です。", "This is a contracting organisation of companions.", terms=terms) == []        # not the word "company"
    found = codes("生駒市の任用団体", "the employer in Ikoma", names={"生駒市": "Ikoma City"}, terms=terms)
    assert found == [("name", "生駒市"), ("avoid", "employer")]
    assert codes("生駒市の任用団体", "the body in Ikoma City", terms=terms) == [("term", "任用団体")]


@given(st.text(max_size=120), st.text(max_size=120), st.sampled_from(["ja-en", "en-ja", "ja-zh", "ko-ja"]))
def test_nothing_that_is_typed_breaks_the_checks(source, target, way):
    assert all(finding.code for finding in check(source, target, *way.split("-")))


@pytest.mark.parametrize(("source", "target", "lang", "missing"), [
    ("令和9年9月1日 午後1時30分から断水します。", "2027年9月1日下午1点30分起停水。", "zh", []),
    ("令和9年9月1日 午後1時半から断水します。", "令和9年9月1日下午1点半起停水。", "zh", []),
    ("令和9年9月1日から断水します。", "2026年9月1日起停水。", "zh", ["2027"]),
    ("参加費は1万2,000円です。", "参加费12,000日元。", "zh", []),
    ("予算は1億2000万円です。", "预算为1亿2000万日元。", "zh", []),
    ("会議は2時間です。", "会议两小时。", "zh", []),
    ("会議は3時からです。", "会议4点开始。", "zh", ["3:00"]),
    ("令和9年9月1日 午後1時30分から断水します。", "2027년 9월 1일 오후 1시 30분부터 단수됩니다.", "ko", []),
    ("令和9年9月1日 午後1時半から断水します。", "레이와 9년 9월 1일 오후 1시 반부터 단수됩니다.", "ko", []),
    ("予算は1億2000万円です。", "예산은 1억 2000만 엔입니다.", "ko", []),
    ("参加費は500円です。", "참가비는 5,000엔입니다.", "ko", ["500"]),
    ("訪問団は12名です。", "방문단은 열두 분입니다.", "ko", []),
    ("10月に会います。", "十月见。", "zh", []),
    ("正午に集まります。", "정오에 모입니다.", "ko", []),
    ("会議は2時間です。", "회의는 두 시간입니다.", "ko", []),
    ("3月に研修があります。", "4월에 연수가 있습니다.", "ko", ["3月"])])
def test_numbers_and_dates_in_chinese_and_korean(source, target, lang, missing):
    found = [finding.about for finding in check(source, target, "ja", lang) if finding.code == "missing_number"]
    assert found == missing
    back = [finding.about for finding in check(target, source, lang, "ja") if finding.code == "extra_number"]
    assert back == missing


@pytest.mark.parametrize("slug", ["translation-ja-zh", "translation-ja-ko"])
def test_the_models_of_our_own_courses_leave_no_number_out(slug):
    """They may add one: 来年 becomes 2027年."""
    from jetlms.config import ROOT
    from jetlms.learning.coursefiles.parse import read_course

    missing, compared = [], 0
    for item in read_course(ROOT / "courses" / slug)[0].items():
        source = item.exercise.source if item.exercise else None
        for model in item.exercise.references.values() if source and item.kind == "translation" else ():
            for segment in source.segments:
                compared += 1
                missing += [(item.id, segment.id, found.about) for found in check(segment.text, model.by_id()[segment.id], source.lang, model.lang)
                            if found.code == "missing_number"]
    assert compared > 50
    assert missing == []
