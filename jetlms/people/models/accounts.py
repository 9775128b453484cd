"""How a person signs in: her account, the devices it is open on, second factors, links sent by mail, and pauses against guessing."""
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock
from jetlms.core.db import Base, Table


class Account(Table, Base):
    """The means of signing in of one person."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("locale IN ('ja','en')", "locale"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(unique=True)                # folded: lower case, NFKC
    password_hash: Mapped[str] = mapped_column(default="")         # empty until the invitation is taken
    locale: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str] = mapped_column(default="Asia/Tokyo")
    furigana: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None]
    totp_secret: Mapped[str] = mapped_column(default="")           # encrypted; empty: no authenticator app
    totp_step: Mapped[int] = mapped_column(default=0)              # last step used: no code twice


class Device(Base):
    """A browser in which an account is open. Revoking it ends the session there at once."""

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_account", "account_id", "revoked_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_digest: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")                 # "Chrome on Windows"
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]                          # password or second factor last given here
    factor_at: Mapped[datetime | None]                             # second factor given in this session
    revoked_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential."""

    __tablename__ = "passkey"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes for the day the phone is lost; only its hash is kept."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str]
    used_at: Mapped[datetime | None]


class Ticket(Base):
    """A link sent by mail: an invitation, a password reset, a new address. Single use, hashed, consumed by POST."""

    __tablename__ = "ticket"
    __table_args__ = (CheckConstraint("purpose IN ('invite','reset','email')", "purpose"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    email: Mapped[str] = mapped_column(default="")                 # the new address that the link proves, for 'email'
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Pause(Base):
    """Wrong tries at one door (people.pauses): an e-mail address, known or not, or an account's second factor."""

    __tablename__ = "pause"
    digest: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)                  # since the last right one
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    until: Mapped[datetime | None]                                 # nobody is let in before
