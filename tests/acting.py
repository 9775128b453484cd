"""The cast at their browsers: signed-in test clients."""


class People:
    """The cast at their browsers."""

    def __init__(self, app) -> None:
        self._app, self._clients = app, {}

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        if name.endswith("_id"):
            return person_id(self._app, name.removesuffix("_id"))
        if name not in self._clients:
            self._clients[name] = signed_in(self._app, name)
        return self._clients[name]

    @property
    def stranger(self):
        """Somebody who has not signed in."""
        return self._app.test_client()


def person_id(app, name: str) -> int:
    """Return the id of a member of the cast."""
    import cast
    from sqlalchemy import select

    from jetlms.core.db import read_apart
    from jetlms.people.models import Account

    with app.app_context(), read_apart() as connection:
        found = connection.scalar(select(Account.person_id).where(Account.email == cast.email(name)))
    assert found, name
    return found


def signed_in(app, name: str):
    """Return a test client in which `name` is signed in, without hashing a password each time."""
    import cast
    from sqlalchemy import select

    from jetlms.core import clock, crypto
    from jetlms.core.db import db, unit
    from jetlms.people.models import Account, Device

    token = crypto.new_token()
    with app.app_context(), unit():
        account = db.session.scalars(select(Account).where(Account.email == cast.email(name))).one()
        at = clock.now()
        db.session.add(Device(account_id=account.id, token_digest=crypto.digest(token), label="test", created_at=at, last_seen_at=at,
                              expires_at=at.replace(year=at.year + 1), confirmed_at=at, factor_at=at))
    client = app.test_client()
    with client.session_transaction() as session:
        session["device"] = token
    return client
