"""Open ids are filled in place: one thing in two languages gets one id, and nothing else in the file changes."""
import re

import pytest

import courses
from jetlms.learning.coursefiles.lint import lint
from jetlms.learning.coursefiles.mint import ALPHABET, mint, minter
from jetlms.learning.coursefiles.parse import read_course

FILLED = re.compile(r"\b[clmq]-[0-9a-hjkmnp-tv-z]{6}\b")


def opened(folder):
    """Make every id of the folder open again; returns how many there were."""
    count = 0
    for path in (p for p in folder.rglob("*") if p.suffix in {".md", ".toml"}):
        text, filled = FILLED.subn("?", path.read_text("utf-8"))
        path.write_text(text, "utf-8")
        count += filled
    return count


def problems(folder):
    course, found = read_course(folder)
    return [p.code for p in found + lint([course]) if p.severity == "error"]


def test_every_open_id_is_filled_and_the_languages_agree(folder):
    count = opened(folder)
    assert "open" in problems(folder)
    assert mint(folder) == count
    assert problems(folder) == []
    assert mint(folder) == 0


def test_what_has_an_id_keeps_it(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert mint(folder) == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_translation_that_comes_later_takes_the_ids_that_are_there(folder, lang):
    path = folder / "01-module" / f"10-first.{lang}.md"
    text = path.read_text("utf-8")
    path.write_text(FILLED.sub("?", text), "utf-8")
    assert mint(folder) == 4
    assert path.read_text("utf-8") == text


def test_only_the_ids_change(folder):
    path = folder / "01-module" / "20-second.en.md"
    text = '\ufeff+++\r\nid="?"   # mine\r\ntitle = "id = \\"?\\""\r\nminutes = 3\r\n+++\r\n```\r\n::: question id=? type=text\r\n```\r\nid = "?"\r\n'
    path.write_bytes(text.encode())
    (folder / "01-module" / "20-second.ja.md").unlink()
    path.chmod(0o640)
    assert mint(folder) == 1
    assert re.sub(r"l-\w{6}", "?", path.read_bytes().decode()) == text
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in path.parent.iterdir() if p.name.startswith(".")) == []


def test_questions_stay_open_while_the_languages_do_not_have_equally_many(folder):
    opened(folder)
    path = folder / "01-module" / "10-first.ja.md"
    path.write_text(path.read_text("utf-8") + "\n::: question id=? type=text\nWhat?\n\n= this\n:::\n", "utf-8")
    mint(folder)
    text = path.read_text("utf-8")
    assert text.count("id=?") == 4
    assert 'id = "l-' in text


def test_new_ids_are_like_none_in_this_course_or_beside_it(folder, monkeypatch):
    courses.write(folder.parent, "other")
    letters = iter("000001" + "000002" + "00000z")
    monkeypatch.setattr("secrets.choice", lambda _alphabet: next(letters))
    assert minter(folder)("q") == "q-00000z"
    assert len(set(ALPHABET)) == 32


def test_files_that_cannot_be_read_and_links_are_left_alone(folder, tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text('+++\nid = "?"\n+++\n', "utf-8")
    (folder / "01-module" / "30-x.en.md").symlink_to(outside)
    (folder / "01-module" / "40-x.en.md").write_bytes(b'+++\nid = "?"\n+++\n\xff')
    assert mint(folder) == 0
    assert outside.read_text("utf-8") == '+++\nid = "?"\n+++\n'
