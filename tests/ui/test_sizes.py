"""What a first visit costs on the wire."""
import gzip
import re
from pathlib import Path

import pytest

import jetlms.ui

UI = Path(jetlms.ui.__file__).parent


def wire(data: bytes) -> int:
    return len(gzip.compress(data, 9))


@pytest.mark.parametrize(("name", "most"), [("app.css", 22_000), ("pictures.css", 8_500), ("js/base.js", 5_000)])
def test_files_stay_small(name, most):
    assert (UI / "static" / name).stat().st_size <= most


def test_the_frame_of_a_page_is_light(ui, ann):
    nav = [{"label": f"Entry {n}", "url": f"/{n}", "current": not n} for n in range(9)]
    assert wire(ui.page("base.html", user=ann, nav=nav, unread=3, place="Ikoma City").encode()) <= 2_500


def test_a_first_visit_is_light(ui, ann):
    page = ui.page("styles.html", user=ann)
    files = set(re.findall(r'"/static/([^"]+)"', page))
    assert files == {"app.css", "pictures.css", "js/base.js", "icon.svg"}, "no fonts, no libraries"
    assert wire(page.encode()) + sum(wire((UI / "static" / name).read_bytes()) for name in files) <= 60_000


def test_no_style_sheet_fetches_anything():
    for sheet in (UI / "static").glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", sheet.read_text("utf-8"))
