"""The door for the server: granian --interface wsgi wsgi:app."""
import gc

gc.disable()                               # what is loaded stays: looking for garbage in it costs a tenth of the start
from jetlms.app import create_served_app  # noqa: E402

app = create_served_app()
