"""The booth: takes arrive in pieces and are kept when they are whole and can be heard; script and models open after one's own."""
import hashlib
import io
import math
from array import array
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tones import spoken

from jetlms.core import clock, files
from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import publishing, service, sound
from jetlms.learning.models import Progress, Take, TakePiece
from jetlms.learning.service.recording import PIECE

JSON = {"Accept": "application/json"}
FRONT = '+++\nid = "{id}"\ntitle = "{title}"\nminutes = 12\nmode = "{mode}"\n{more}+++\nThe mayor speaks.\n'
SOURCE = "s1\t皆様、おはようございます。\ns2\t式典を開式いたします。\ns3\tありがとうございました。\n"
MODEL = "s1\tGood morning, everyone.\ns2\tWe now open the ceremony.\ns3\tThank you very much.\n"
CUES = ("WEBVTT\n\ns1\n00:00:00.000 --> 00:00:02.000\n皆様\n\ns2\n00:00:02.700 --> 00:00:05.000\n式典\n\n"
        "s3\n00:01:05.500 --> 00:01:07.250\nありがとう\n")
SPEECH, TEST, SIGHT = "/learn/tiny/l-00000a", "/learn/tiny/l-00000b", "/learn/tiny/l-00000c"
KEY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def folder(folder):
    """Put a speech in growing chunks, a test and a sight translation into the tiny course."""
    for name, key, mode, more in (("30-speech", "l-00000a", "consecutive", "chunks = [1, 2]\n"),
                                  ("40-test", "l-00000b", "consecutive", "test = true\n"),
                                  ("50-sight", "l-00000c", "sight", "")):
        place = folder / "01-module" / f"{name}.interp"
        place.mkdir()
        for lang in ("en", "ja"):
            (place / f"exercise.{lang}.md").write_text(FRONT.format(id=key, title=f"{name} {lang}", mode=mode, more=more), "utf-8")
            (place / f"notes.{lang}.md").write_text(f"## s2\n\nWhat one declares ({lang}).\n", "utf-8")
        (place / "source.ja.txt").write_text(SOURCE, "utf-8")
        (place / "ref-a.en.txt").write_text(MODEL, "utf-8")
        if mode == "consecutive":
            (place / "sound.mp3").write_bytes(b"ID3 the speech")
            (place / "sound.vtt").write_text(CUES, "utf-8")
    return folder


def piece(client, data, number, *, at=SPEECH, part="s1", key=KEY):
    return client.post(f"{at}/takes/{part}/{key}/{number}", data=data[number * PIECE:(number + 1) * PIECE], headers=JSON,
                       content_type="application/octet-stream")


def finish(client, data, *, at=SPEECH, part="s1", key=KEY, sha256=""):
    return client.post(f"{at}/takes/{part}/{key}", headers=JSON,
                       data={"pieces": math.ceil(len(data) / PIECE), "sha256": sha256 or hashlib.sha256(data).hexdigest()})


def record(client, data=None, *, at=SPEECH, part="s1"):
    return client.post(f"{at}/takes/{part}", data={"recording": (io.BytesIO(spoken() if data is None else data), "take.wav")})


def rate(client, part, *, at=SPEECH):
    return client.post(f"{at}/takes/{part}/rating", data={"rating": "2", "errors_found": ["fluency"]})


def takes():
    return {row.part: row for row in database.session.scalars(select(Take))}


def test_a_speech_is_heard_in_its_chunks_and_its_script_stays_closed(ann):
    page = ann.get(SPEECH).text
    assert "#t=0.0,2.0" in page
    assert "#t=2.7,67.25" in page                              # the second chunk is two segments
    assert "開式いたします" not in page
    assert "open the ceremony" not in page
    assert "Synthetic voice" in page


def test_who_cannot_hear_may_read(ann):
    page = ann.get(f"{SPEECH}?read=1").text
    assert "開式いたします" in page
    assert "open the ceremony" not in page


def test_sight_translation_shows_its_text_and_has_one_take(ann):
    page = ann.get(SIGHT).text
    assert "開式いたします" in page
    assert page.count("data-part=") == 1


def test_pieces_in_any_order_and_twice_make_one_take(app, ann):
    data = spoken(20)
    for number in (2, 0, 1, 1):
        assert piece(ann, data, number).json == {"arrived": number}
    assert ann.get(f"{SPEECH}/takes/s1/{KEY}", headers=JSON).json == {"arrived": [0, 1, 2]}
    reply = finish(ann, data).json
    assert reply["sha256"] == hashlib.sha256(data).hexdigest()
    assert reply["seconds"] == 20
    assert finish(ann, data).json == reply                     # the answer was lost on its way, and she asks again
    with app.app_context():
        assert database.session.scalar(select(func.count()).select_from(TakePiece)) == 0
        token = takes()["s1"].token
    heard = ann.get(f"/learn/takes/{token}", headers={"Range": "bytes=0-3"})
    assert (heard.status_code, heard.data, heard.mimetype) == (206, b"RIFF", "audio/wav")


def test_an_upload_cut_off_goes_on_where_it_was(ann):
    data = spoken(20)
    piece(ann, data, 0)
    reply = finish(ann, data)
    assert reply.status_code == 409
    assert reply.json == {"missing": [1, 2]}
    for number in reply.json["missing"]:
        piece(ann, data, number)
    assert finish(ann, data).status_code == 200


def test_what_did_not_arrive_as_it_was_sent_is_not_kept(app, ann):
    data = spoken()
    piece(ann, data, 0)
    reply = finish(ann, data, sha256="0" * 64)
    assert reply.status_code == 422
    assert "send it again" in reply.json["title"]
    with app.app_context():
        assert takes() == {}


@pytest.mark.parametrize(("data", "said"), [
    (b"", "not a recording"), (b"RIFF and nothing more", "not a recording"), (b"\x1aE\xdf\xa3 webm", "not a recording"),
    (spoken(2.0), "shorter than three seconds"), (spoken(4, loud=20), "Almost nothing can be heard"),
    (spoken(301, rate=8000), "longer than five minutes"),
])
def test_what_is_no_take_is_refused_at_its_part_and_nothing_is_kept(app, ann, data, said):
    page = record(ann, data, part="s2")
    assert page.status_code == 422
    assert said in page.text[page.text.index('id="s2"'):]
    with app.app_context():
        assert takes() == {}


def test_no_file_is_said_too(ann):
    page = ann.post(f"{SPEECH}/takes/s1", data={})
    assert page.status_code == 422
    assert "Please choose a file." in page.text


def test_script_models_and_notes_open_after_ones_own_take(ann):
    assert record(ann, part="s2").location.endswith(f"{SPEECH}#s2")
    page = ann.get(SPEECH).text
    assert "We now open the ceremony. Thank you very much." in page
    assert "What one declares (en)." in page
    assert "Good morning, everyone." not in page


def test_all_parts_recorded_and_rated_is_done_and_stays_done(app, ann, people):
    for part in ("s1", "s2"):
        assert rate(ann, part).status_code == 409              # record first
        record(ann, part=part)
        rate(ann, part)
    assert "this exercise is done" in ann.get(SPEECH).text
    record(ann, part="s1")                                     # a new take is not rated yet; done stays done
    ann.post(f"{SPEECH}/takes/s2/delete")
    with app.app_context():
        assert takes()["s1"].rating is None
        assert database.session.scalar(select(Progress.done_at).where(Progress.item_key == "l-00000a")) is not None


def test_a_deleted_take_is_gone_with_its_sound(app, ann):
    record(ann)
    with app.app_context():
        take = takes()["s1"]
        token, sha256 = take.token, take.sha256
        assert files.get(sha256)
    for _twice in range(2):
        assert ann.post(f"{SPEECH}/takes/s1/delete").status_code == 302
    assert ann.get(f"/learn/takes/{token}").status_code == 404
    with app.app_context():
        files.forget_bytes(sha256)                             # what the news "dropped" starts
        with pytest.raises(FileNotFoundError):
            files.get(sha256)


def test_takes_go_when_their_year_is_over(app, ann):
    record(ann)
    with app.app_context():
        with unit():
            service.delete_old_takes(clock.today() + timedelta(days=364))
        assert len(takes()) == 1
        with unit():
            service.delete_old_takes(clock.today() + timedelta(days=365))
        assert takes() == {}


def test_nobody_else_hears_a_take(app, ann, people):
    record(ann)
    with app.app_context():
        token = takes()["s1"].token
    for name in ("ben", "cho", "dai", "fumi", "gil", "iko"):
        assert getattr(people, name).get(f"/learn/takes/{token}").status_code == 404


def test_a_test_is_handed_in_whole_and_opens_then(ann):
    for part in ("s1", "s2"):
        record(ann, at=TEST, part=part)
    assert ann.post(f"{TEST}/takes").status_code == 409
    record(ann, at=TEST, part="s3")
    page = ann.get(TEST).text
    assert "Good morning, everyone." not in page
    assert "皆様" not in page
    assert rate(ann, "s1", at=TEST).status_code == 409
    for _twice in range(2):
        assert ann.post(f"{TEST}/takes").status_code == 302
    assert "Good morning, everyone." in ann.get(TEST).text
    assert record(ann, at=TEST, part="s1").status_code == 409


def test_bad_addresses_are_not_found(ann):
    data = spoken()
    assert piece(ann, data, 0, part="s3").status_code == 404   # inside the second chunk
    assert piece(ann, data, 0, key="../../etc").status_code == 404
    assert piece(ann, b"x" * (PIECE + 1), 0).status_code == 200  # cut to a piece by the helper
    assert ann.post(f"{SPEECH}/takes/s1/{KEY}/0", data=b"x" * (PIECE + 1), headers=JSON).status_code == 422
    assert piece(ann, data, 0, at="/learn/tiny/l-aaaaaa").status_code == 404


def test_who_is_not_enrolled_records_nothing(people, tiny):
    assert record(people.ben).status_code == 404
    assert "Enrol in the course to record." in people.ben.get(SPEECH).text


def test_a_speech_without_sound_is_not_published(app, folder):
    (folder / "01-module" / "30-speech.interp" / "sound.mp3").unlink()
    with app.app_context(), pytest.raises(publishing.Refusal), unit():
        publishing.publish(folder, by=None)


def test_silence_between_words_is_no_silence():
    quiet = array("h", [0] * 16000)
    voice = array("h", [int(3000 * math.sin(n / 9)) for n in range(16000)])
    assert sound.heard(quiet + voice + quiet, 320) * sound.WINDOW == pytest.approx(1.0, abs=0.05)
