"""What translators exchange (memories, exercises, glossaries), each told honestly what was taken; and which errors they find in their own."""
import io
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select

from courses import add_letters
from jetlms.core import clock
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import profile, words
from jetlms.learning.exchange import DIRECTIONS
from jetlms.learning.interchange import tmx, xliff, xml
from jetlms.learning.models import MemoryUnit, SegmentAnswer, Take

HEAD = '<?xml version="1.0"?>\n<tmx version="1.4"><header srclang="{srclang}" segtype="sentence"/><body>\n{body}</body></tmx>'


def pair(source, target, lang="xml:lang", into="en"):
    return f'<tu><tuv {lang}="ja-JP"><seg>{source}</seg></tuv><tuv {lang}="{into}"><seg>{target}</seg></tuv></tu>\n'


def file(*units, srclang="ja"):
    return HEAD.format(srclang=srclang, body="".join(units)).encode()


def bring(client, data, name="old.tmx", at="/memory"):
    return client.post(f"{at}?lang=en", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


@pytest.fixture
def folder(folder):
    return add_letters(folder)


def units():
    return database.session.execute(select(MemoryUnit.source, MemoryUnit.target, MemoryUnit.origin).order_by(MemoryUnit.id)).all()


# -- reading and writing ----------------------------------------------------------------------------------------------------------

def test_what_is_written_is_read_again():
    said = [("断水 <重要> & \"x\"", "water\ncut-off \u0001'"), ("髙橋𠮷", "Łukasz")]
    data = tmx.write("ja", "en", [SimpleNamespace(source=s, target=t, origin="l-00000a/s1", changed_at=datetime.now(UTC)) for s, t in said])
    read = tmx.parse(data, DIRECTIONS)
    assert [(u.source, u.target, u.source_lang, u.target_lang) for u in read.units] == [
        (s, t.replace("\u0001", ""), "ja", "en") for s, t in said]
    assert read.skipped == []
    wide = data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert tmx.parse(wide, DIRECTIONS).units == read.units
    assert tmx.parse(b"\xef\xbb\xbf" + data, DIRECTIONS).units == read.units


def test_tags_inside_a_text_give_way_to_its_words():
    read = tmx.parse(file(pair('<bpt i="1">&lt;b></bpt>断水<ept i="1">&lt;/b></ept>する<ph>{1}</ph>。', "<hi>Water</hi> off")), DIRECTIONS)
    assert [(u.source, u.target, u.flattened) for u in read.units] == [("断水する。", "Water off", True)]


def test_what_is_left_out_has_its_reason():
    read = tmx.parse(file(pair("一", "one", lang="lang"), pair("二", " "), pair("三", "trois", into="fr"), pair("", "four"),
                          '<tu srclang="fr"><tuv xml:lang="fr"><seg>x</seg></tuv></tu>'), DIRECTIONS)
    assert [u.source for u in read.units] == ["一"]
    assert [(s.place, s.code) for s in read.skipped] == [("2", "no_target"), ("3", "no_target"), ("4", "no_source"), ("5", "source_lang")]
    both = tmx.parse(file(pair("一", "one"), srclang="*all*"), DIRECTIONS)
    assert sorted((u.source_lang, u.target_lang) for u in both.units) == [("en", "ja"), ("ja", "en")]


@pytest.mark.parametrize(("data", "code", "line"), [
    (b"", "empty", 0), (b"<tmx>\n<header>\n</tmx>", "not_xml", 3), (b"<html/>", "not_tmx", 1),
    (b'<?xml version="1.0" encoding="windows-1252"?><tmx/>', "encoding", 1), (b"<tmx>\n\xe9</tmx>", "not_utf8", 2),
    (b'<!DOCTYPE tmx [\n<!ENTITY a "b">]><tmx>&a;</tmx>', "declaration", 1),
    (b'<!DOCTYPE tmx SYSTEM "file:///etc/passwd">\n<tmx>&a;</tmx>', "entity", 2),
    (b"<a>" * 60 + b"</a>" * 60, "deep", 1), (b" " * (xml.LARGEST + 1), "large", 0),
    (file(pair("un", "one").replace("ja-JP", "fr"), srclang="fr"), "languages", 0),
])
def test_a_file_that_is_wrong_is_refused_as_a_whole(data, code, line):
    with pytest.raises(xml.Malformed) as problem:
        tmx.parse(data, DIRECTIONS)
    assert (problem.value.code, problem.value.line) == (code, line)


# -- my memory --------------------------------------------------------------------------------------------------------------------

def test_a_memory_is_brought_told_about_and_taken_away(app, people, ann):
    assert "No units yet" in ann.get("/memory?lang=en").text
    page = bring(ann, file(pair("一", "one"), pair("二", "two"), pair("一", "uno"), pair("長", "x" * 4001)))
    assert page.status_code == 200
    assert "2 new, 0 changed, 2 left out." in page.text
    assert "longer than 4,000 characters" in page.text
    again = bring(ann, file(pair("一", "one"), pair("二", "<hi>double</hi>")), "new.tmx").text
    assert "0 new, 1 changed, 1 left out." in again
    assert "without the tags: 1" in again
    with app.app_context():
        assert units() == [("一", "one", "old.tmx"), ("二", "double", "new.tmx")]
    assert "Units that came from old.tmx: 1" in ann.get("/memory/imports/delete?origin=old.tmx&lang=en").text
    for _time in (1, 2):
        assert ann.post("/memory/imports/delete", data={"origin": "old.tmx"}).status_code == 303
    with app.app_context():
        assert [row.source for row in units()] == ["二"]
    assert ann.get("/memory/imports/delete?origin=old.tmx").status_code == 404


def test_sending_the_same_form_twice_is_one_import(app, ann):
    data = {"_key": "k" * 22, "file": (io.BytesIO(file(pair("一", "one"))), "a.tmx")}
    assert ann.post("/memory", data=data).status_code == 200
    twice = ann.post("/memory", data=data | {"file": (io.BytesIO(file(pair("一", "two"))), "a.tmx")})
    assert (twice.status_code, twice.location) == (303, "/memory")
    with app.app_context():
        assert [row.target for row in units()] == ["one"]


@pytest.mark.parametrize(("data", "says"), [
    (b"<tmx>\n<a></tmx>", "Line 2: This file is damaged"), (file(pair("un", "one").replace("ja-JP", "fr-FR"), srclang="fr"), "are: en, fr."),
    (b'<?xml version="1.0" encoding="Windows-1252"?><tmx/>', "This file is in Windows-1252."),
])
def test_nothing_is_taken_of_a_wrong_file(app, ann, data, says):
    answer = bring(ann, data)
    assert answer.status_code == 422
    assert says in answer.text
    with app.app_context():
        assert units() == []


def test_no_file_is_said_at_its_place(ann):
    answer = ann.post("/memory?lang=en", data={})
    assert answer.status_code == 422
    assert "Please choose a file." in answer.text


def test_a_memory_is_her_own(app, people, ann):
    bring(ann, file(pair("秘密", "secret")))
    with app.app_context():
        found = database.session.scalar(select(MemoryUnit.id))
    for who in (people.ben, people.cho, people.fumi):
        assert "秘密" not in who.get("/memory").text
        assert "secret" not in who.get("/memory/ja-en.tmx").text
        assert who.post(f"/memory/{found}/delete").status_code == 404
        assert who.get("/memory/imports/delete?origin=old.tmx").status_code == 404
        who.post("/memory/imports/delete", data={"origin": "old.tmx"})
    assert people.stranger.get("/memory").status_code == 303
    with app.app_context():
        assert len(units()) == 1
    assert ann.post(f"/memory/{found}/delete").location == "/memory?direction=ja-en"
    with app.app_context():
        assert units() == []


def test_a_large_memory_comes_in_pages_and_is_searched(app, people, ann, queries):
    with app.app_context(), unit():
        database.session.execute(insert(MemoryUnit), [
            {"person_id": people.ann_id, "source_lang": "ja", "target_lang": "en", "source": f"文{n:03}", "target": f"100% Line_{n:03}",
             "digest": str(n), "origin": "l-00000a/s1", "changed_at": clock.now()} for n in range(120)])
    with queries() as asked:
        first = ann.get("/memory?lang=en").text
    assert len(asked) <= 7
    assert first.count("Line_") == 50
    assert "Line_119" in first
    with app.app_context():
        before = database.session.scalar(select(MemoryUnit.id).where(MemoryUnit.digest == "70"))
    assert "Line_069" in ann.get(f"/memory?before={before}").text
    found = ann.get("/memory?q=line_007").text
    assert found.count("<strong>100%") == 1
    assert "Nothing found" in ann.get("/memory?q=0%25Line&lang=en").text
    sent = ann.get("/memory/ja-en.tmx")
    assert len(tmx.parse(sent.data, DIRECTIONS).units) == 120
    assert "filename*=UTF-8''memory-ja-en.tmx" in sent.headers["Content-Disposition"]
    assert ann.get("/memory/ja-fr.tmx").status_code == 404


def test_a_large_file_is_taken_in_few_statements(app, ann, queries):
    data = file(*(pair(f"文{n}", f"line {n}") for n in range(2000)))
    with queries() as asked:
        assert "2000 new" in bring(ann, data).text
    assert len(asked) <= 20
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(MemoryUnit)) == 2000


# -- one exercise elsewhere and back ----------------------------------------------------------------------------------------------

LETTER, TEST = "/learn/tiny/l-00000a", "/learn/tiny/l-00000b"
NS = {"x": xliff.NAMESPACE}


def exercise(*units, source="ja", target="en"):
    return xliff.write("l-00000a", "Letter", source, target, [xliff.Unit(*u) for u in units])


def texts():
    return dict(database.session.execute(select(SegmentAnswer.segment, SegmentAnswer.text)).all())


def test_an_exercise_goes_out_with_its_states_and_comes_back(app, ann):
    ann.post(f"{LETTER}/segments/s1", data={"text": "Notice", "commit": "1"})
    out = ann.get(f"{LETTER}/l-00000a.xlf")
    assert out.mimetype == "application/xliff+xml"
    root = xml.read(out.data)
    assert [(s.get("state"), s.findtext("x:target", namespaces=NS)) for s in root.iter(f"{xliff.NS}segment")] == [
        ("reviewed", "Notice"), ("initial", None)]
    assert ann.get(f"{LETTER}/other.xlf").status_code == 404
    back = out.data.decode().replace('state="initial">', 'state="translated"><notes/>').replace(
        "断水します。</source>", "断水します。</source><target>Water <ph id=\"1\"/>off.</target>").replace("<notes/>", "")
    page = bring(ann, back.encode(), at=f"{LETTER}/xliff").text
    assert "1 new, 0 changed, 1 left out." in page
    assert "already there, the same" in page
    assert "formatting tags" in page
    with app.app_context():
        assert texts() == {"s1": "Notice", "s2": "Water off."}
        assert database.session.scalar(select(SegmentAnswer.committed_at).where(SegmentAnswer.segment == "s2")) is None
    assert "1 left out" not in bring(ann, exercise(("s1", "生駒市からのお知らせ", "News", "final")), at=f"{LETTER}/xliff").text


def test_what_does_not_belong_to_the_exercise_is_left_out(app, ann):
    page = bring(ann, exercise(("s1", "別の文", "x", "final"), ("s9", "y", "y", "final"), ("s2", "令和9年9月1日に断水します。", "", "initial"),
                               ("s2", "令和9年9月1日に断水します。", "z" * 4001, "final")), at=f"{LETTER}/xliff").text
    for reason in ("the source is not that of the exercise", "no such segment", "no translation", "longer than 4,000"):
        assert reason in page
    with app.app_context():
        assert texts() == {}


def test_a_segment_that_a_tool_divided_is_put_together():
    parts = ('<segment><source>一。</source><target>One.</target></segment><ignorable><source> </source></ignorable>'
             '<segment><source>二<cp hex="0001"/>。</source><target>T<pc id="1">w<mrk id="m">o</mrk></pc>.</target></segment>')
    head = f'<xliff xmlns="{xliff.NAMESPACE}" version="2.1" srcLang="ja-JP" trgLang="en_GB"><file id="f"><group id="g"><unit id="s1">'
    read = xliff.parse(f"{head}{parts}</unit></group></file></xliff>".encode())
    assert (read.source_lang, read.target_lang) == ("ja", "en")
    assert [(u.id, u.source, u.target, u.flattened) for u in read.units] == [("s1", "一。 二。", "One. Two.", True)]
    turned = parts.replace("<target>One", '<target order="3">One')
    assert [s.code for s in xliff.parse(f"{head}{turned}</unit></group></file></xliff>".encode()).skipped] == ["reordered"]


@pytest.mark.parametrize(("data", "says"), [
    (b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "This is XLIFF 1.2."), (b"<tmx/>", "not an XLIFF file"),
    (exercise(source="en", target="ja"), "This file translates en → ja"), (b"<xliff>\n<a></xliff>", "Line 2"),
])
def test_a_wrong_exercise_file_is_refused(ann, data, says):
    answer = bring(ann, data, at=f"{LETTER}/xliff")
    assert answer.status_code == 422
    assert says in answer.text


def test_what_was_handed_in_goes_out_and_not_in(app, ann):
    for key in ("s1", "s2"):
        ann.post(f"{TEST}/segments/{key}", data={"text": "done", "commit": "1"})
    assert ann.post(f"{TEST}/segments").status_code == 302
    answer = bring(ann, exercise(("s1", "生駒市からのお知らせ", "Changed", "final")), at=f"{TEST}/xliff")
    assert answer.status_code == 409
    assert "handed in" in answer.text
    assert 'state="final"' in ann.get(f"{TEST}/l-00000b.xlf").text
    with app.app_context():
        assert texts() == {"s1": "done", "s2": "done"}


def test_an_exercise_is_exchanged_by_its_learner_only(people, ann):
    ann.post(f"{LETTER}/segments/s1", data={"text": "my secret words"})
    people.ben.post("/learn/tiny/enrol")
    assert "my secret words" not in people.ben.get(f"{LETTER}/l-00000a.xlf").text
    for who in (people.cho, people.fumi):                      # not enrolled
        assert who.get(f"{LETTER}/l-00000a.xlf").status_code == 404
        assert bring(who, exercise(), at=f"{LETTER}/xliff").status_code == 404
    assert ann.get("/learn/tiny/l-000001/xliff").status_code == 404            # a lesson
    assert ann.get("/learn/tiny/l-000001/l-000001.xlf").status_code == 404


# -- the glossary -----------------------------------------------------------------------------------------------------------------

def test_a_glossary_goes_out_as_tbx(people, ann):
    sent = people.cho.get("/learn/tiny/glossary.tbx?lang=en")
    root = xml.read(sent.data)
    tbx = "{urn:iso:std:iso:30042:ed-2}"
    assert (root.tag, root.get("style"), root.get("type")) == (f"{tbx}tbx", "dct", "TBX-Basic")
    entry = next(e for e in root.iter(f"{tbx}conceptEntry") if e.get("id") == "c-water")
    assert [(s.get(f"{xml.XML}lang"), s.findtext(f"{tbx}termSec/{tbx}term")) for s in entry] == [("ja", "断水"), ("en", "water cut-off")]
    assert entry.findtext(f".//{tbx}note") == "だんすい"
    assert entry.findtext(".//{http://www.tbxinfo.net/ns/basic}definition") == "n"
    assert "glossary.tbx" in people.cho.get("/learn/tiny/glossary").text
    assert people.cho.get("/learn/none/glossary.tbx").status_code == 404


# -- my errors --------------------------------------------------------------------------------------------------------------------

def marked(*months):
    """What was rated: for each month (1, 2, …) a list of kinds, one rated segment each."""
    return [SimpleNamespace(errors=errors, at=datetime(2026, number, 15, tzinfo=UTC)) for number, rated in enumerate(months, 1) for errors in rated]


def test_a_profile_has_shares_by_month_and_says_where_they_go():
    found = profile.profile(marked([["register"]] * 6 + [["omission"]] * 4, [[]], [["register", "omission"]] * 2 + [["omission"]] * 4),
                            words.ERROR, "Asia/Tokyo")
    assert (found.rated, found.faultless, found.marks) == (17, 1, 18)
    assert found.months == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    kinds = {kind.name: kind for kind in found.kinds}
    assert kinds["register"].by_month == [0.6, None, 0.25]
    assert (kinds["register"].trend, kinds["omission"].trend, kinds["accuracy"].trend) == ("falling", "rising", "steady")
    assert found.kinds[0].name == "omission"
    assert sum(kind.share for kind in found.kinds) == pytest.approx(1)


def test_little_is_said_of_little():
    assert {kind.trend for kind in profile.profile(marked([["register"]] * 9, [["omission"]] * 4), words.ERROR, "Asia/Tokyo").kinds} == {""}
    nothing = profile.profile([], words.ERROR, "Asia/Tokyo")
    assert (nothing.months, nothing.rated, nothing.marks) == ([], 0, 0)


@pytest.mark.parametrize(("today", "first"), [(date(2026, 12, 31), date(2026, 1, 1)), (date(2026, 1, 1), date(2025, 2, 1))])
def test_twelve_months_are_shown(today, first):
    assert profile.first_month(today) == first


def test_the_months_are_those_of_her_zone():
    late = [SimpleNamespace(errors=["register"], at=datetime(2026, 3, 31, 16, tzinfo=UTC))]
    assert profile.profile(late, words.ERROR, "Asia/Tokyo").months == [date(2026, 4, 1)]
    assert profile.profile(late, words.ERROR, "America/Toronto").months == [date(2026, 3, 1)]


def test_what_she_marks_is_counted_for_her_alone(app, people, ann, queries):
    assert "Nothing rated yet" in ann.get("/memory/errors?lang=en").text
    for key, errors in (("s1", ["register", "omission"]), ("s2", [])):
        ann.post(f"{LETTER}/segments/{key}", data={"text": "x", "commit": "1"})
        ann.post(f"{LETTER}/segments/{key}/rating", data={"rating": "2", "errors_found": errors})
    with app.app_context(), unit():
        attempt = database.session.scalar(select(SegmentAnswer.attempt_id))
        database.session.add(Take(attempt_id=attempt, part="s1", key="k", token="t", sha256="", seconds=1, deletes_on=date(2030, 1, 1),
                                  rating=1, errors=["register", "fluency"]))
    with queries() as asked:
        page = ann.get("/memory/errors?lang=en").text
    assert len(asked) <= 4
    assert "You rated 3 segments and takes; 1 had no error." in page
    assert "register: 50 % of your marks" in page
    assert "用語" in ann.get("/memory/errors?lang=ja").text
    for who in (people.ben, people.cho, people.fumi):
        assert "Nothing rated yet" in who.get("/memory/errors?lang=en").text
