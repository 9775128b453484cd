"""Browsers in front of the house as it runs for real: tokens against forgery, no demo, second factors. And a mail server that keeps all."""
import asyncio
import contextlib
import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

PASSWORD = "harbour lantern forty-two"


class Browser:
    """A person at a browser: opens pages and sends their forms with whatever hidden fields they hold."""

    def __init__(self, app, **headers: str) -> None:
        self.app, self.client = app, app.test_client()
        self.headers = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0", **headers}

    def get(self, path: str, **more: Any):
        return self.client.get(path, headers={**self.headers, **more.pop("headers", {})}, **more)

    def post(self, path: str, data: dict | None = None, *, page: str = "", headers: dict | None = None, token: bool = True, **more: Any):
        """Send a form. The token is taken from `page` (default: the sign-in page or the account page, whichever opens)."""
        data = dict(data or {})
        if token and "csrf_token" not in data:
            shown = self.get(page or path)
            if "csrf_token" not in shown.text:
                shown = self.get("/sign-in")
            if "csrf_token" not in shown.text:
                shown = self.get("/account")
            data["csrf_token"] = hidden(shown.text, "csrf_token")
        if "json" not in more:
            more["data"] = data
        return self.client.post(path, headers={**self.headers, **(headers or {})}, **more)

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any):
        """Type address and password at the door."""
        return self.post("/sign-in", {"email": f"{name}@demo.example", "password": password, **more}, page="/sign-in")

    def is_in(self) -> bool:
        """Say whether this browser is signed in."""
        return self.get("/account").status_code == 200

    def cookie(self) -> str:
        """Return the session cookie."""
        found = self.client.get_cookie("jetlms")
        return found.value if found else ""

    def copy_with(self, cookie: str) -> "Browser":
        """Return another browser that holds this cookie: a thief, or a replay."""
        other = Browser(self.app)
        other.client.set_cookie("jetlms", cookie)
        return other


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    import html

    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name} in: {page[:400]}"
    return html.unescape(found.group(1))


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an authenticator app shows now (or so many half minutes later)."""
    import pyotp

    from jetlms.core import clock

    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + steps * 30)


def set_up_app(browser: Browser) -> str:
    """Set up an authenticator app; return its secret."""
    page = browser.get("/factors/app")
    assert page.status_code == 200, page.location
    secret = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', page.text).group(1).replace(" ", "")
    answer = browser.post("/factors/app", {"csrf_token": hidden(page.text, "csrf_token"), "sealed": hidden(page.text, "sealed"),
                                           "code": code_of(secret)})
    assert (answer.status_code, answer.location) == (303, "/factors"), answer.text
    return secret


def make_codes(browser: Browser) -> list[str]:
    """Make recovery codes; return them as the page shows them."""
    page = browser.post("/factors/codes", page="/factors")
    assert page.status_code == 200
    return re.findall(r'<span class="code">([a-z0-9-]{19})</span>', page.text)


def give_password(app, *names: str, password: str = PASSWORD) -> None:
    """Set the password of these members of the cast (all, when none is named)."""
    from sqlalchemy import update

    from jetlms.core.db import db, unit
    from jetlms.people import passwords
    from jetlms.people.models import Account

    with app.app_context(), unit():
        query = update(Account).values(password_hash=passwords.hashed(password))
        db.session.execute(query.where(Account.email.in_([f"{n}@demo.example" for n in names])) if names else query)


def rows(app, *columns, where=None) -> list:
    """Return rows in a transaction of their own, in the order of the first column."""
    from sqlalchemy import select, text

    from jetlms.core.db import read_apart

    with app.app_context(), read_apart() as connection:
        query = select(*columns).order_by(text("1"))
        return list(connection.execute(query.where(where) if where is not None else query))


def work(app) -> None:
    """Let a worker do what is due, and empty the outbox."""
    from jetlms.core import jobs, notices

    with app.app_context():
        while jobs.run_one_task():
            pass
        notices.send_due()


class Mailbox:
    """What arrived at the mail server."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address, oldest first."""
        return [m for m in self.messages if address in m["To"]]

    def text(self, address: str) -> str:
        """Return the text of the newest mail to an address."""
        return self.to(address)[-1].get_body(("plain",)).get_content()

    def link(self, address: str) -> str:
        """Return the path of the link in the newest mail to an address."""
        return re.search(r"http://localhost(/[^\s]+)", self.text(address)).group(1)


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """Yield a mailbox and the port its server listens on."""
    from aiosmtpd.controller import Controller
    from servers import free_port

    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
        time.sleep(0)
