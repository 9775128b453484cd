"""Who is asking: a small frozen value, built once a request from rows, never an ORM object."""
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class User:
    """A signed-in person.

    `roles` are those of today's appointments (people.appointments decides); `reach` maps a role to the organisations it covers.
    """

    id: int                                   # the person
    account_id: int
    device_id: int
    name: str
    roles: frozenset[str]
    reach: dict[str, tuple[int, ...]] = field(default_factory=dict)
    locale: str = "en"
    zone: str = "Asia/Tokyo"
    role_label: str = ""
    organisation_label: str = ""
    confirmed_at: datetime | None = None      # last time the password or second factor was given on this device
    needs_factor: bool = False                # must set up a second factor before anything else
    furigana: bool = True

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return Flask-Login's id. The device token itself lives in the session cookie only."""
        return str(self.device_id)


@dataclass(frozen=True)
class Anonymous:
    """Somebody who has not signed in."""

    id: None = None
    roles: frozenset[str] = frozenset()
    reach: dict[str, tuple[int, ...]] = field(default_factory=dict)
    name: str = ""
    locale: str = ""
    zone: str = "Asia/Tokyo"
    needs_factor: bool = False
    furigana: bool = True

    is_authenticated = False
    is_active = False
    is_anonymous = True

    def get_id(self) -> None:
        """Return nothing: there is no session."""
