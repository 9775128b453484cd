"""The door for the server: granian --interface wsgi wsgi:app."""
from jetlms.app import create_served_app

app = create_served_app()
