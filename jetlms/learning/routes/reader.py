"""A lesson, screen by screen; a quiz; a task."""
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import reader, service
from jetlms.learning.queries import analysis, around, reading
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.routes.booth import interpreting
from jetlms.learning.routes.outcomes import outcome
from jetlms.learning.routes.workbench import translation


@bp.get("/learn/<slug>/<item_key>")
@needs("courses.read")
def item(slug: str, item_key: str) -> Any:
    here = reading.context(current_user, slug)
    found = reading.item_or_404(here.release_id, item_key)
    if found["id"] != item_key:                    # merged into another one: old links keep working
        return redirect(url_for(".item", slug=slug, item_key=found["id"]))
    return page(here, found)


def page(here: Any, found: dict[str, Any], note: dict[str, str] | None = None) -> Any:
    """Return the page of an item. `note`: the text of a note that was not taken, and why."""
    if found["kind"] == "translation":
        return translation(here.slug, found, note=note)
    if found["kind"] == "interpreting":
        return interpreting(here.slug, found, note=note)
    shown = {"here": here, "item": found, "around": reader.around(outline(here.release_id), found["id"]),
             "mine": around.at_item(current_user.id, here.course_id, found["id"]), "note": note}
    if found["kind"] == "quiz":
        return _quiz(**shown)
    attempt, answers = reading.answers_of(current_user.id, found["id"], 0)
    release = attempt.release_id if attempt and found["kind"] == "task" and attempt.submitted_at else here.release_id
    text = reader.page(release, found, lang(), person_id=current_user.id, answers=answers)
    done = reading.progress_of(current_user.id, [found["id"], *(i["id"] for i in shown["around"]["module"]["items"])])
    if found["kind"] == "task":
        shown |= outcome(here, found, attempt.id if attempt else None, attempt.submitted_at if attempt else None)
    return render_template(f"learning/{found['kind']}.html", **shown, page=text, attempt=attempt, answers=answers, done=done,
                           screen=reader.screen_asked(text, request.values.get("screen", ""), done.get(found["id"])))


def _quiz(here: Any, item: dict[str, Any], **shown: Any) -> str:
    attempts = reading.attempts_of(current_user.id, item["id"])
    waits = service.waits_until(here, [a.submitted_at for a in attempts if a.submitted_at])
    return render_template("learning/quiz.html", here=here, item=item, attempts=attempts, waits_until=waits,
                           mastery=outline(here.release_id)["mastery"], **shown)


@bp.get("/learn/<slug>/<item_key>/attempts/<int:number>")
@needs("courses.read")
def attempt(slug: str, item_key: str, number: int) -> Any:
    here = reading.context(current_user, slug)
    found = reading.item_or_404(here.release_id, item_key)
    row, answers = reading.answers_of(current_user.id, item_key, number)
    if row is None or number == 0:
        raise NotFound
    regrades = analysis.regrades_of(row.id) if row.submitted_at else []
    page = reader.attempt_page(row, found, lang(), answers, regrades)
    return render_template("learning/attempt.html", here=here, item=found, attempt=row, answers=answers, page=page, regrades=regrades,
                           around=reader.around(outline(here.release_id), item_key), mastery=outline(row.release_id)["mastery"])
