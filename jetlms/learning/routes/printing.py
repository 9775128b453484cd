"""A unit on paper: its lessons and tasks on one page, questions without answers, transcripts instead of sound."""
from typing import Any

from flask import render_template
from flask_login import current_user

from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import reader
from jetlms.learning.queries import reading
from jetlms.learning.releases import outline, text
from jetlms.learning.routes import bp


@bp.get("/learn/<slug>/modules/<module_id>/print")
@needs("courses.read")
def print_module(slug: str, module_id: str) -> Any:
    here = reading.context(current_user, slug)
    modules = outline(here.release_id)["modules"]
    number = next((n for n, module in enumerate(modules) if module["id"] == module_id), None)
    if number is None:
        raise NotFound
    return render_template("learning/print.html", here=here, module=modules[number], number=number + 1,
                           parts=[_part(here.release_id, item) for item in modules[number]["items"]])


def _part(release_id: int, item: dict[str, Any]) -> dict[str, Any]:
    """Return what is printed of an item: a lesson's or task's page, a translation's source, of a quiz only that there is one."""
    if item["kind"] in {"lesson", "task"}:
        return {"item": item, "page": reader.page(release_id, item, lang(), person_id=current_user.id, answers={})}
    return {"item": item, "page": text(release_id, item["id"], lang()) if item["kind"] == "translation" else None}
