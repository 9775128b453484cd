"""Mail: rendered text and HTML, sent by SMTP when configured, else written to instance/mail/ for everybody to read."""
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from pathlib import Path
from typing import Any

from flask import current_app, render_template

from jetlms.core import i18n


@dataclass(frozen=True)
class Outcome:
    """How a try ended: sent, pending (try again) or dead (never)."""

    state: str
    error: str = ""


def render(notice: Any, kind: Any, to: Any, words: dict[str, str]) -> dict[str, Any]:
    """Freeze one mail as JSON. A confidential kind says only that there is a message."""
    if kind.confidential:
        words = {**words, "title": str(i18n._("You have a message")), "body": str(i18n._("Please sign in to read it."))}
    base = current_app.config["BASE_URL"]
    words = {**words, "url": base + words["url"] if words["url"].startswith("/") else words["url"]}
    context = {"to": to, "words": words, "base_url": base, "lang": to.locale}
    host = base.split("//")[-1].split("/")[0].split(":")[0]
    return {
        "to": to.email, "name": to.name, "subject": " ".join(words["title"].split()), "message_id": f"<notice-{notice.id}@{host}>",
        "text": render_template("mail.txt", **context), "html": render_template("mail.html", **context), "lang": to.locale,
    }


def message(rendered: dict[str, Any]) -> EmailMessage:
    """Build the message. Header values cannot hold line breaks: EmailMessage refuses them, and render has folded them."""
    mail = EmailMessage()
    mail["Subject"] = rendered["subject"]
    mail["From"] = formataddr(("jetlms", current_app.config["MAIL_FROM"]))
    mail["To"] = formataddr((" ".join(rendered["name"].split()), rendered["to"]))
    mail["Message-ID"] = rendered["message_id"]
    mail["Date"] = formatdate(localtime=False)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered["text"])
    mail.add_alternative(rendered["html"], subtype="html")
    mail["Content-Language"] = rendered["lang"]        # last: a message of several parts moves Content-* into the first
    return mail


def send(rendered: dict[str, Any]) -> Outcome:
    """Send one frozen mail. 4xx and a silent server: again later; 5xx: never."""
    mail = message(rendered)
    host = current_app.config["SMTP_HOST"]
    if not host:
        return _write(mail, rendered["message_id"])
    try:
        with smtplib.SMTP(host, current_app.config["SMTP_PORT"], timeout=20) as smtp:
            if current_app.config["SMTP_TLS"]:
                smtp.starttls(context=ssl.create_default_context())
            if current_app.config["SMTP_USER"]:
                smtp.login(current_app.config["SMTP_USER"], current_app.config["SMTP_PASSWORD"])
            smtp.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        code = max((answer[0] for answer in refused.recipients.values()), default=450)
        return Outcome("dead" if code >= 500 else "pending", f"recipient refused: {code}")  # noqa: PLR2004
    except smtplib.SMTPResponseException as answer:
        permanent = 500 <= answer.smtp_code < 600  # noqa: PLR2004
        return Outcome("dead" if permanent else "pending", f"{answer.smtp_code}")
    except (OSError, smtplib.SMTPException) as error:
        return Outcome("pending", type(error).__name__)
    return Outcome("sent")


def _write(mail: EmailMessage, message_id: str) -> Outcome:
    folder = Path(current_app.config["MAIL_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(c for c in message_id if c.isalnum() or c == "-")
    (folder / f"{name}.eml").write_bytes(bytes(mail))
    return Outcome("sent")
