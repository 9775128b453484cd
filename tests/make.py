"""Plain builders for tests: those of the demo, and whatever a story needs beside them."""
from jetlms.demo.make import PASSWORD, account, appointment, contracting, organisation, participant, person  # noqa: F401
