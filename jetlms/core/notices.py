"""One notice to one person (her inbox), and its deliveries (mail) by outbox. Rendered in the reader's language and zone.

A kind of notice is declared once by the feature that sends it; its texts are msgids with %(name)s places. Nothing is sent inside
a request: a delivery is a row, claimed with a lease, rendered once, sent with a stable Message-ID, retried with growing pauses.
"""
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import JSON, Index, UniqueConstraint, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock, i18n, jobs
from jetlms.core.db import Base, db, is_sqlite, unit, upsert

LEASE = timedelta(minutes=2)
PAUSES = (1, 5, 15, 60, 180, 360)            # minutes between tries
GIVE_UP = timedelta(days=3)
AHEAD = timedelta(days=1)                    # an urgent mail is due so much before the others
NEWS_EVERY = 10                              # deliveries, then one task: what it tells may be waited for


class Notice(Base):
    """What one person is told. `dedup` makes repeating harmless."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_inbox", "person_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    kind: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    dedup: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]


class Delivery(Base):
    """One way to one address. States: pending, sending, sent, dead (given up or refused for good)."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("notice_id", "channel"), Index("ix_delivery_due", "state", "next_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(default="mail")
    address: Mapped[str] = mapped_column(default="")             # only for mail to somebody without an account yet
    locale: Mapped[str] = mapped_column(default="")
    rendered: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Address:
    """Where a person reads. `email` empty: no mail (no account, memorial, or she chose so)."""

    email: str
    name: str
    locale: str
    zone: str


@dataclass(frozen=True)
class Kind:
    """One kind of notice. A confidential one says in the mail only that there is a message."""

    name: str
    title: Any
    body: Any
    endpoint: str = ""
    action: Any = ""                         # the words on the link
    mail: bool = True
    confidential: bool = False
    urgent: bool = False                     # somebody sits and waits for the mail: it goes before the others
    secret: bool = False                     # the mail carries a key: its text is never stored, but rendered for each try
    params: Callable[[dict[str, Any], Address], dict[str, Any]] | None = None   # turns ids and dates into words of the language


KINDS: dict[str, Kind] = {}
_directory: Callable[[Iterable[int]], dict[int, Address]] = dict.fromkeys   # type: ignore[assignment]


def kind(name: str, title: Any, body: Any, **more: Any) -> Kind:
    """Declare a kind of notice. Raises ValueError when declared twice."""
    if name in KINDS:
        raise ValueError(name)
    KINDS[name] = Kind(name, title, body, **more)
    return KINDS[name]


def ask_for_addresses(directory: Callable[[Iterable[int]], dict[int, Address]]) -> None:
    """Tell this module who knows addresses (people does)."""
    global _directory  # noqa: PLW0603 -- set once at import
    _directory = directory


def send(kind_name: str, person_id: int, *, dedup: str, params: dict[str, Any] | None = None, address: str = "",
         locale: str = "") -> bool:
    """Write a notice and its delivery into the present transaction; False when `dedup` was already sent.

    `params` go into the texts and (those whose name begins with `url_`) into the link. `address` overrides the directory.
    """
    row = {"person_id": person_id, "kind": kind_name, "params": params or {}, "dedup": dedup, "created_at": clock.now()}
    made = db.session.execute(
        upsert(Notice).values(**row).on_conflict_do_nothing(index_elements=["dedup"]).returning(Notice.id)).scalar()
    if made is None:
        return False
    if KINDS[kind_name].mail:
        first = clock.now() - AHEAD if KINDS[kind_name].urgent else clock.now()
        db.session.add(Delivery(notice_id=made, address=address, locale=locale, next_at=first))
    return True


def send_all(kind_name: str, letters: list[tuple[int, str, dict[str, Any]]]) -> None:
    """Write one notice to each of many: (person_id, dedup, params), as `send` does, with two statements."""
    at = clock.now()
    made = db.session.scalars(upsert(Notice).values([
        {"person_id": person_id, "kind": kind_name, "params": params, "dedup": dedup, "created_at": at} for person_id, dedup, params in letters
    ]).on_conflict_do_nothing(index_elements=["dedup"]).returning(Notice.id)).all()
    if made and KINDS[kind_name].mail:
        db.session.execute(insert(Delivery), [{"notice_id": number} for number in made])


def words(notice: Any, to: Address) -> dict[str, str]:
    """Return title, body, url and action of a notice in the present language."""
    shape, params = KINDS[notice.kind], dict(notice.params)
    if shape.params:
        params = shape.params(params, to)
    values = {k[4:]: v for k, v in params.items() if k.startswith("url_")}
    texts = {k: i18n.pick(v) if isinstance(v, dict) else v for k, v in params.items()}
    return {
        "title": str(shape.title) % texts, "body": str(shape.body) % texts, "action": str(shape.action or i18n._("Open")),
        "url": current_app.url_map.bind("").build(shape.endpoint, values) if shape.endpoint else "",   # jobs have no request
    }


def inbox(user: Any, *, before: int | None = None, limit: int = 30) -> list[dict[str, Any]]:
    """Return the newest notices of a person, with their words."""
    query = select(Notice.id, Notice.kind, Notice.params, Notice.created_at, Notice.read_at).where(Notice.person_id == user.id)
    if before:
        query = query.where(Notice.id < before)
    to = Address("", user.name, user.locale, user.zone)
    rows = db.session.execute(query.order_by(Notice.id.desc()).limit(limit)).all()
    return [{"id": row.id, "kind": row.kind, "at": row.created_at, "read_at": row.read_at, **words(row, to)} for row in rows]


def mark_read(person_id: int, notice_id: int | None = None) -> None:
    """Mark one notice, or all, of a person as read."""
    query = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    db.session.execute((query.where(Notice.id == notice_id) if notice_id else query).values(read_at=clock.now()))


@jobs.every("core.outbox", minutes=1)
def send_due() -> None:
    """Empty the outbox: one delivery after another until none is due. News does not wait behind a full one."""
    db.session.rollback()                    # each delivery has transactions of its own; the job's stays empty
    turns = itertools.count(1)

    def some() -> bool:
        if next(turns) % NEWS_EVERY == 0:
            jobs.run_one_task()
        return deliver_one()
    jobs.one_by_one(some)


def deliver_one() -> bool:
    """Claim, render once and send one delivery; False when none is due."""
    from jetlms.core import mail

    with unit():
        claimed = _claim()
    if claimed is None:
        return False
    delivery_id, rendered = claimed
    outcome = mail.send(rendered) if rendered.get("to") else mail.Outcome("dead", "no address")
    with unit():
        _settle(delivery_id, outcome)
    return True


def _claim() -> tuple[int, dict[str, Any]] | None:
    at = clock.now()
    free = or_(Delivery.state == "pending", (Delivery.state == "sending") & (Delivery.lease_until < at))
    pick = select(Delivery.id).where(free, Delivery.next_at <= at).order_by(Delivery.next_at, Delivery.id).limit(1)
    if not is_sqlite():
        pick = pick.with_for_update(skip_locked=True)
    delivery = db.session.get(Delivery, db.session.scalar(pick) or 0)
    if delivery is None:
        return None
    delivery.state, delivery.lease_until, delivery.attempts = "sending", at + LEASE, delivery.attempts + 1
    notice = db.session.get_one(Notice, delivery.notice_id)
    rendered = dict(delivery.rendered) or _render(delivery, notice)
    delivery.message_id = rendered.get("message_id", "")
    if not KINDS[notice.kind].secret:
        delivery.rendered = rendered
    return delivery.id, rendered


def _render(delivery: Delivery, notice: Notice) -> dict[str, Any]:
    from jetlms.core import mail

    to = _directory([notice.person_id]).get(notice.person_id) or Address("", "", "en", "Asia/Tokyo")
    if delivery.address:
        to = Address(delivery.address, to.name, delivery.locale or to.locale, to.zone)
    with i18n.force_locale(to.locale):
        return mail.render(notice, KINDS[notice.kind], to, words(notice, to))


def _settle(delivery_id: int, outcome: Any) -> None:
    delivery = db.session.get_one(Delivery, delivery_id)
    delivery.state, delivery.error = outcome.state, outcome.error
    if outcome.state != "pending":
        return
    if clock.now() - delivery.created_at > GIVE_UP:
        delivery.state = "dead"
    pause = PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    delivery.next_at = clock.now() + timedelta(minutes=pause)
