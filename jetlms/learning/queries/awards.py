"""Certificates, asked for."""
from typing import Any

from sqlalchemy import func, select

from jetlms.core.db import db
from jetlms.learning.models import Award, Course
from jetlms.people.models import Account


def own(user: Any) -> list[Award]:
    """Return her certificates, newest first, revoked ones among them."""
    return list(db.session.scalars(select(Award).where(Award.person_id == user.id).order_by(Award.id.desc())))


def with_address(code: str) -> Any:
    """Return the certificate with this code, its course's key and the owner's e-mail address ("" where there is no account), or None."""
    return db.session.execute(
        select(Award, Course.key, Course.title, Course.summary, func.coalesce(Account.email, "").label("email"))
        .join(Course, Course.id == Award.course_id).outerjoin(Account, Account.person_id == Award.person_id)
        .where(Award.code == code)).one_or_none()


def revoked() -> list[str]:
    """Return the codes of revoked certificates."""
    return list(db.session.scalars(select(Award.code).where(Award.revoked_at.is_not(None)).order_by(Award.id)))


def by_code(code: str) -> Award | None:
    """Return the certificate with this code, whoever asks: it is on the paper."""
    return db.session.scalars(select(Award).where(Award.code == code)).one_or_none()
