"""The demo as a newcomer meets it, in pictures: the README shows them. JET_UPDATE=1 writes them to docs/pictures."""
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
import servers

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent
PHONE, DESK = {"width": 375, "height": 720}, {"width": 1280, "height": 800}
LESSON = "/learn/tefl-foundations/l-41zdyh?screen=2"
PICTURES = [
    ("home", "ann", "en", PHONE, "/home"), ("lesson", "ann", "ja", PHONE, LESSON), ("course", "ann", "en", PHONE, "/learn/tefl-foundations"),
    ("employer", "cho", "ja", DESK, "/monitor"), ("country", "fumi", "en", DESK, "/monitor"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Prepare an installation by the command, as `./jet run` does, and serve it."""
    instance = tmp_path_factory.mktemp("demo")
    subprocess.run([sys.executable, "-m", "jetlms", "prepare"], cwd=ROOT, env=os.environ | {"JETLMS_INSTANCE": str(instance)}, check=True,
                   capture_output=True)
    with servers.granian_server(instance, {"JETLMS_WORKER": "separate"}) as server:
        yield server.url


@pytest.mark.parametrize(("name", "who", "lang", "size", "path"), PICTURES, ids=[picture[0] for picture in PICTURES])
def test_a_page_of_the_demo(demo, browser, name, who, lang, size, path):
    from PIL import Image

    context = browser.new_context(viewport=size, base_url=demo, locale=lang)
    page = context.new_page()
    page.goto("/sign-in")
    page.locator(f"form:has(input[value='{who}@demo.example']) button").first.click()      # the demo's own buttons
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert page.locator("h1").inner_text().strip()
    picture = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    assert len(picture.convert("RGB").getcolors(10**6)) > 100          # it is not an empty page
    if os.environ.get("JET_UPDATE"):
        folder = ROOT / "docs" / "pictures"
        folder.mkdir(exist_ok=True)
        picture.convert("RGB").quantize(128).save(folder / f"{name}.png", optimize=True)
