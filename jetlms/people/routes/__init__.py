"""The pages of people: signing in, one's own account, and those who look after accounts."""
from flask import Blueprint

from jetlms.people import sessions

bp = Blueprint("people", __name__)
bp.record_once(lambda state: sessions.remember_seen(state.app))  # type: ignore[arg-type]

from jetlms.people.routes import account, administration, confirm, factors, imports, invitations, organisations, records, sign_in, signed_out  # noqa: E402, F401, I001 -- they add their routes to bp
