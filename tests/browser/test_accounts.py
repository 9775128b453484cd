"""Signing in for real: Fumi of the CLAIR desk with a passkey and codes on paper; Ann, whose form came too late, without any script."""
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import servers
from doors import PASSWORD, give_password
from sqlalchemy import delete, update

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "desk"), ("ja", "phone")])
SIZES = {"phone": {"width": 320, "height": 780}, "desk": {"width": 1280, "height": 860}}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An installation that is no demo, under a name, so that passkeys work."""
    import cast

    from jetlms.app import create_app
    from jetlms.core.db import db, unit
    from jetlms.core.schema import create_all

    instance = tmp_path_factory.mktemp("house")
    (instance / "config.toml").write_text("test_limits = false\nworker = 'separate'\n", "utf-8")
    app = create_app(instance)
    with app.app_context():
        create_all()
        with unit():
            cast.build()
        db.session.remove()
    give_password(app)
    with servers.granian_server(instance, name="localhost") as server:
        yield SimpleNamespace(url=server.url, app=app)


@pytest.fixture
def page_of(house, browser):
    """Open a browser in front of the house; `keys=True` gives it a phone with passkeys."""
    contexts = []

    def opened(lang, size, *, keys=False, script=True):
        from jetlms.core.db import db, unit
        from jetlms.people.models import Account, Device, Passkey, RecoveryCode

        with house.app.app_context(), unit():
            for table in (Passkey, RecoveryCode, Device):
                db.session.execute(delete(table))
            db.session.execute(update(Account).values(totp_secret="", totp_step=0, locale=lang))
        context = browser.new_context(viewport=SIZES[size], base_url=house.url, locale=lang, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" and "Failed to load" not in line.text else None)
        page.set_default_timeout(10_000)
        if keys:
            devtools = context.new_cdp_session(page)
            devtools.send("WebAuthn.enable")
            devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True}})
        return page
    yield opened
    for context in contexts:
        context.close()


def sign_in(page, name):
    page.locator("input[name=email]").fill(f"{name}@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")


def at(page, path):
    """Wait until the browser is at a path."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


@BOTH
def test_fumi_and_her_passkey(page_of, clean, lang, size):
    page = page_of(lang, size, keys=True)
    page.goto("/monitor")
    at(page, "/sign-in")
    clean(page)
    sign_in(page, "fumi")
    at(page, "/factors")                                        # her role needs a second step
    clean(page)
    page.locator("#label").fill("Phone")
    page.locator("form[data-passkey=create] button").click()
    page.locator(".list-row strong", has_text="Phone").wait_for()
    clean(page)
    page.goto("/factors/app")
    clean(page)
    page.goto("/factors")
    page.locator("form[action='/factors/codes'] button").click()
    page.locator("ol .code").first.wait_for()
    codes = page.locator("ol .code").all_text_contents()
    assert len(codes) == 10
    clean(page)
    page.goto("/account")
    clean(page)
    page.locator(".menu summary").first.click()
    page.locator("form[action='/sign-out'] button:visible, button[form='sign-out']:visible").first.click()
    at(page, "/")
    # the passkey as the second step
    page.goto("/sign-in?next=/monitor")
    sign_in(page, "fumi")
    at(page, "/sign-in/factor")
    clean(page)
    page.locator("form[data-passkey=get] button").click()
    at(page, "/monitor")
    # a code on paper
    page.context.clear_cookies()
    page.goto("/sign-in?next=/account")
    sign_in(page, "fumi")
    page.locator("#code").fill(codes[3])
    page.locator("#code").press("Enter")
    at(page, "/account")
    # the passkey alone
    page.context.clear_cookies()
    page.goto("/sign-in?next=/account")
    page.locator("form[data-passkey=get] button").click()
    at(page, "/account")
    assert page.problems == []


@BOTH
def test_a_browser_that_gives_up_says_so(page_of, clean, lang, size):
    page = page_of(lang, size, keys=True)
    page.goto("/sign-in")
    page.locator("form[data-passkey=get] button").click()                  # no passkey is there
    page.locator("[data-passkey-error]").wait_for()
    clean(page)
    sign_in(page, "ann")
    at(page, "/home")


@BOTH
def test_anns_form_came_too_late_and_nothing_is_lost(house, page_of, lang, size):
    """Without any script: the page of 401, the door, her text in a form, sent."""
    from jetlms.core import clock
    from jetlms.core.db import db, unit
    from jetlms.people.models import Account, Device

    page = page_of(lang, size, script=False)
    page.goto("/sign-in?next=/account")
    sign_in(page, "ann")
    at(page, "/account")
    page.locator("select[name=zone]").select_option("Pacific/Auckland")
    with house.app.app_context(), unit():
        db.session.execute(update(Device).values(revoked_at=clock.now()))
    page.locator("form[action='/account'] button[type=submit]").click()
    page.locator("form[action='/sign-in/resume'] button").click()
    sign_in(page, "ann")
    page.locator("form[action='/account'] button[type=submit]").click()
    at(page, "/account")
    assert page.locator("select[name=zone]").input_value() == "Pacific/Auckland"
    with house.app.app_context():
        from sqlalchemy import select

        assert db.session.scalar(select(Account.zone).where(Account.email == "ann@demo.example")) == "Pacific/Auckland"
        db.session.remove()
    with house.app.app_context(), unit():
        db.session.execute(update(Account).values(zone="Asia/Tokyo"))


@BOTH
def test_the_pages_of_passwords_are_clean(page_of, clean, lang, size):
    page = page_of(lang, size)
    for path in ("/password-reset", "/password-reset/sent", "/invitation/none"):
        page.goto(path)
        clean(page)
    page.goto("/sign-in")
    page.locator("input[name=email]").fill("ann@demo.example")
    page.locator("input[name=password]").fill("not this one")
    page.locator("input[name=password]").press("Enter")
    page.locator(".error-summary").wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    clean(page)
    sign_in(page, "ann")
    at(page, "/home")
    for path in ("/account/password", "/account/email", "/confirm", "/factors"):
        assert page.goto(path).status == 200
        clean(page)
