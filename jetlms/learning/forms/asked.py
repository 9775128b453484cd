"""One question asked by itself, as in the placement quiz and the level check: answered, or not known."""
from typing import Any

from flask import request

from jetlms.core.i18n import gettext
from jetlms.learning import grading


def answered(source: dict[str, Any]) -> tuple[Any, str]:
    """Return what was answered (None: she does not know), and what is wrong with it ("" when nothing is). Raises grading.BadPayload."""
    if "unknown" in request.form:
        return None, ""
    payload = grading.payload_from_form(source, request.form, source["id"])
    return payload, gettext("Please give an answer, or choose “I don’t know”.") if grading.empty(payload) else ""
