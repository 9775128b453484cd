"""What the page of a marked item says about its marking: the same for tests of the workbench and the booth, and for assignments."""
from datetime import datetime
from typing import Any

from flask_login import current_user

from jetlms.core import clock
from jetlms.learning import assignments, rubric, service
from jetlms.learning.queries import marking
from jetlms.learning.releases import outline


def outcome(here: Any, found: dict[str, Any], attempt_id: int | None, submitted_at: datetime | None) -> dict[str, Any]:
    """Return what became of it, whether the models are open, when it can be handed in, and by what it is judged."""
    results = marking.results(attempt_id) if found.get("marked") else []
    window = service.window_of(here.course_id, found, current_user.zone)
    settings = outline(here.release_id)["marking"]
    return {
        "results": results, "window": window, "shut": bool(window and not results and clock.now() < window.opens_at),
        # A tutor opens the models by returning the test; where there is none, handing in does.
        "opened": any(result["state"] == "returned" for result in results) or (submitted_at is not None and not results),
        "criteria": rubric.criteria(found["kind"]), "levels": dict(rubric.levels(found["kind"])),
        "pass_percent": settings["pass_percent"] if settings else 0, "comments_at": assignments.at}
