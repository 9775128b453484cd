"""A lesson, screen by screen; a quiz; a task."""
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import reader, service
from jetlms.learning.queries import analysis, reading
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.routes.booth import interpreting
from jetlms.learning.routes.workbench import translation


@bp.get("/learn/<slug>/<item_key>")
@needs("courses.read")
def item(slug: str, item_key: str) -> Any:
    here = reading.context(current_user, slug)
    found = reading.item_or_404(here.release_id, item_key)
    if found["id"] != item_key:                    # merged into another one: old links keep working
        return redirect(url_for(".item", slug=slug, item_key=found["id"]))
    if found["kind"] == "quiz":
        return _quiz(here, found)
    if found["kind"] == "translation":
        return translation(slug, found)
    if found["kind"] == "interpreting":
        return interpreting(slug, found)
    attempt, answers = reading.answers_of(current_user.id, item_key, 0)
    release = attempt.release_id if attempt and found["kind"] == "task" and attempt.submitted_at else here.release_id
    page = reader.page(release, found, lang(), person_id=current_user.id, answers=answers)
    around = reader.around(outline(here.release_id), item_key)
    done = reading.progress_of(current_user.id, [item_key, *(i["id"] for i in around["module"]["items"])])
    return render_template(f"learning/{found['kind']}.html", here=here, item=found, page=page, attempt=attempt, answers=answers,
                           around=around, done=done, screen=reader.screen_asked(page, request.args.get("screen", ""), done.get(item_key)))


def _quiz(here: Any, found: dict[str, Any]) -> Any:
    attempts = reading.attempts_of(current_user.id, found["id"])
    around = reader.around(outline(here.release_id), found["id"])
    waits = service.waits_until(here, [a.submitted_at for a in attempts if a.submitted_at])
    return render_template("learning/quiz.html", here=here, item=found, attempts=attempts, around=around, waits_until=waits,
                           mastery=outline(here.release_id)["mastery"])


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
