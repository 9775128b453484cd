"""The front door."""
from flask import Blueprint, jsonify
from sqlalchemy import text

from jetlms.core.db import db
from jetlms.core.guard import public

bp = Blueprint("shell", __name__)


@bp.get("/healthz")
@public
def healthz():
    return "ok", {"Cache-Control": "no-store"}


@bp.get("/readyz")
@public
def readyz():
    db.session.execute(text("SELECT 1"))
    return jsonify(ready=True)
