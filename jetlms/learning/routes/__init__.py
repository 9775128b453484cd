"""The pages of learning."""
from flask import Blueprint

bp = Blueprint("learning", __name__)

from jetlms.learning.routes import (  # noqa: E402, F401 -- they add their routes to bp
    admission,
    answers,
    authoring,
    awards,
    badges,
    booth,
    calendar,
    courses,
    desk,
    errors,
    exchange,
    exchanging,
    gradebook,
    levels,
    marking,
    memory,
    monitor,
    notes,
    plans,
    printing,
    questions,
    reader,
    regrading,
    releasing,
    review,
    rounds,
    rules,
    wordings,
    workbench,
)
