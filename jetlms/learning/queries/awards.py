"""Certificates, asked for."""
from typing import Any

from sqlalchemy import select

from jetlms.core.db import db
from jetlms.learning.models import Award


def own(user: Any) -> list[Award]:
    """Return her certificates, newest first, revoked ones among them."""
    return list(db.session.scalars(select(Award).where(Award.person_id == user.id).order_by(Award.id.desc())))


def by_code(code: str) -> Award | None:
    """Return the certificate with this code, whoever asks: it is on the paper."""
    return db.session.scalars(select(Award).where(Award.code == code)).one_or_none()
