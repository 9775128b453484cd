"""The schema beyond what tables say: search indexes of each dialect. Migrations and tests both come here."""
from sqlalchemy import text

from jetlms.core import search
from jetlms.core.db import db, is_sqlite, unit


def extras() -> tuple[str, ...]:
    """Return the statements this database needs beside the tables."""
    return search.SQLITE_DDL if is_sqlite() else search.POSTGRES_DDL


def create_all() -> None:
    """Make every table and extra of an empty database (tests; installations use migrations)."""
    with unit():
        db.metadata.create_all(db.session.connection())
        for statement in extras():
            db.session.execute(text(statement))
