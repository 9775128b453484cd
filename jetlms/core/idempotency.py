"""Ten clicks, one effect, the same answer: a form's hidden key is taken in the transaction that does the work.

A key belongs to the person and the path it was rendered for; anything else is a tampered form and gets 400. Keys are kept a day.
"""
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import abort, make_response, redirect, request
from flask_login import current_user
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import SAFE, Base, db, landed, upsert

FIELD = "_key"


class IdempotencyKey(Base):
    """One form that has been sent, and what was answered."""

    __tablename__ = "idempotency_key"
    key: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    path: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def form_key() -> str:
    """Return a new key for a form's hidden field."""
    return secrets.token_urlsafe(16)


def once(work: Callable[[], Any]) -> Any:
    """Do `work` unless this form was already sent; then redirect to the first answer's place."""
    key = request.form.get(FIELD) if request.method not in SAFE else None
    if not key:
        return work()
    if len(key) > 64:  # noqa: PLR2004 -- ours have 22 characters
        abort(400)
    holder, path = str(getattr(current_user, "id", "") or ""), request.path
    if not _taken(key, holder, path):
        return _replay(key, holder, path)
    response = make_response(work())
    location = response.headers.get("Location", "")
    db.session.execute(update(IdempotencyKey).where(IdempotencyKey.key == key).values(location=location))
    return response


def _taken(key: str, holder: str, path: str) -> bool:
    """Take the key; False when somebody has it. On PostgreSQL this waits for a running twin to end."""
    row = {"key": key, "holder": holder, "path": path, "made_at": clock.now(), "location": ""}
    return landed(upsert(IdempotencyKey).values(**row).on_conflict_do_nothing())


def _replay(key: str, holder: str, path: str) -> Any:
    found = db.session.execute(
        select(IdempotencyKey.holder, IdempotencyKey.path, IdempotencyKey.location).where(IdempotencyKey.key == key)
    ).first()
    if found is None or (found.holder, found.path) != (holder, path):
        abort(400)
    return redirect(found.location or request.path, 303)


def forget(before: datetime) -> None:
    """Delete keys made before `before`."""
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.made_at < before))


