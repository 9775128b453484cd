"""Everything people read is in ja.tsv, with the same places to fill in, and nothing there is left over."""
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import jetlms.ui

UI = Path(jetlms.ui.__file__).parent
ROOT = UI.parent.parent


@pytest.fixture(scope="module")
def msgids() -> set[str]:
    out = subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", str(ROOT / "babel.cfg"), "-k", "_", "-o",
                          "/dev/stdout", str(UI)], cwd=ROOT, capture_output=True, check=True).stdout
    return {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(io.BytesIO(out)) if m.id}


def test_japanese_is_complete(ui, msgids):
    assert sorted(msgids - set(ui.japanese)) == []


def test_nothing_is_left_over(ui, msgids):
    assert sorted(set(ui.japanese) - msgids) == []


def test_the_same_places_are_filled_in(ui):
    places = re.compile(r"%\(\w+\)[sd]")
    for msgid, text in ui.japanese.items():
        assert text.strip()
        assert sorted(places.findall(msgid)) == sorted(places.findall(text)), msgid


def test_the_lines_are_sorted_and_single():
    lines = [line.split("\t")[0] for line in (UI / "ja.tsv").read_text("utf-8").splitlines()[1:]]
    assert lines == sorted(set(lines))
