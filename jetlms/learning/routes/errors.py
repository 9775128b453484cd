"""My errors: which kinds a translator found in her own work, by month."""
from typing import Any

from flask import render_template

from jetlms.core.guard import signed_in
from jetlms.learning.routes import bp


@bp.get("/memory/errors")
@signed_in
def errors() -> Any:
    return render_template("learning/errors.html")
