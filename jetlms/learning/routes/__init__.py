"""The pages of learning."""
from flask import Blueprint

bp = Blueprint("learning", __name__)

from jetlms.learning.routes import (  # noqa: E402, F401 -- they add their routes to bp
    answers,
    awards,
    calendar,
    courses,
    desk,
    monitor,
    notes,
    plans,
    printing,
    questions,
    reader,
    rules,
    wordings,
    workbench,
)
