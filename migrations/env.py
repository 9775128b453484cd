"""Alembic runs on the connection jetlms.migrate gives it, inside its transaction."""
from alembic import context

from jetlms.app import create_app  # noqa: F401 -- every model is imported with it
from jetlms.core.db import db
from jetlms.migrate import included

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=db.metadata, render_as_batch=True, transactional_ddl=True,
                  compare_type=True, include_object=included)
context.run_migrations()
