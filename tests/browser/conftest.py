"""A real server, a real browser: one served installation a process, with the cast, the shipped courses and the tiny course."""
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import servers

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "learning")]
SIZES = {"phone": {"width": 375, "height": 780}, "desk": {"width": 1280, "height": 860}}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Prepare and serve an installation; `site.url`, `site.app` (the same installation, in this process) and `site.instance`."""
    import cast

    import courses
    from jetlms.app import create_app
    from jetlms.core.db import db, unit
    from jetlms.core.schema import create_all
    from jetlms.learning import publishing

    instance = tmp_path_factory.mktemp("site")
    (instance / "config.toml").write_text("demo = true\ntest_limits = false\nworker = 'separate'\n", "utf-8")
    app = create_app(instance)
    with app.app_context():
        create_all()
        with unit():
            cast.build()
        with unit():
            publishing.publish(courses.write(tmp_path_factory.mktemp("courses")), by=None)
        for name in ("tefl-foundations", "translation-ja-en"):
            with unit():
                publishing.publish(publishing.courses_folder() / name, by=None)
        db.session.remove()
        db.engine.dispose()
    with servers.granian_server(instance) as server:
        yield SimpleNamespace(url=server.url, app=app, instance=instance, server=server)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    from tones import spoken

    voice = tmp_path_factory.mktemp("voice") / "voice.wav"     # what Chromium's own microphone hears, over and over
    voice.write_bytes(spoken(10, rate=48000))
    try:
        context = servers.chromium(args=["--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={voice}"])
        made = context.__enter__()
    except servers.Unavailable as why:
        pytest.skip(str(why))
    yield made
    context.__exit__(None, None, None)


@pytest.fixture
def visit(site, browser):
    """`visit("ann", lang="ja", size="phone")` opens a browser in which she is signed in; `visit(None)` one of a stranger."""
    contexts = []

    def opened(name: str | None, *, lang: str = "en", size: str = "desk", **more):
        from acting import signed_in

        context = browser.new_context(viewport=SIZES[size], base_url=site.url, locale=lang, timezone_id=more.pop("zone", "Asia/Tokyo"),
                                      accept_downloads=True, **more)
        context.add_cookies([{"name": "lang", "value": lang, "url": site.url}])
        if name:
            token = signed_in(site.app, name).get_cookie("jetlms").value
            context.add_cookies([{"name": "jetlms", "value": token, "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" and "Failed to load" not in line.text else None)
        page.set_default_timeout(10_000)
        return page
    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def clean():
    """`clean(page)`: axe finds nothing, nothing scrolls sideways, the console is quiet."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page) -> None:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
        assert page.problems == [], page.problems
    return check
