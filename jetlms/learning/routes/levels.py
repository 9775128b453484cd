"""Ladders of courses: the levels side by side, the placement quiz, changing the level."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock
from jetlms.core.errors import NotFound
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang
from jetlms.learning import grading, placement, service
from jetlms.learning.forms.asked import answered
from jetlms.learning.models import Course
from jetlms.learning.queries import levels as queries
from jetlms.learning.queries import reading
from jetlms.learning.routes import bp


@bp.get("/learn/levels/<ladder>")
@needs("courses.read")
def levels(ladder: str) -> Any:
    """The levels of a ladder, which one is recommended, which one she is in."""
    there = queries.levels(current_user, ladder)
    taken, given = queries.newest(current_user, ladder)
    now = next((level for level in there if queries.is_active(level["row"])), None)
    until = service.change_until(now["row"], now["row"]) if now else None
    fixed = service.why_fixed(now["row"], now["row"]) if now else None
    counted = _counted(taken, given) if taken and taken.finished_at else []
    again = service.again_from(taken) if taken else None
    return render_template(
        "learning/levels.html", ladder=ladder, levels=there, now=now, until=until, fixed=fixed, taken=taken, given=len(given), counted=counted,
        again=again if again and again > clock.now() else None, questions=placement.QUESTIONS, today=clock.today(),
        asks=any(level["outline"]["level"]["placement"] for level in there))


def _counted(taken: Any, given: list[Any]) -> list[tuple[int, int, int]]:
    """Return (course, asked, right) for each level of a finished quiz."""
    pairs = placement.by_level(service.pools(taken.levels), [(answer.question_id, answer.right) for answer in given])
    return [(level["course_id"], asked, right) for level, (asked, right) in zip(taken.levels, pairs, strict=True)]


@bp.post("/learn/levels/<ladder>/placement")
@needs("placements.take")
def begin_placement(ladder: str) -> Any:
    service.begin_placement(by=current_user, ladder=ladder)
    return redirect(url_for(".place", ladder=ladder))


@bp.get("/learn/levels/<ladder>/placement")
@needs("placements.take")
def place(ladder: str) -> Any:
    """The question she is at; the levels when it is over."""
    return _question(ladder)


@bp.post("/learn/levels/<ladder>/placement/answer")
@needs("placements.take")
def answer_placement(ladder: str) -> Any:
    """Fields: number, the question's own, and `unknown` where she does not know."""
    taken, given = queries.newest(current_user, ladder)
    number, asked = whole(request.form.get("number", "")), service.asked_next(taken, given) if taken else None
    if taken is None:
        raise NotFound
    if asked is not None and number == len(given) + 1:
        payload, wrong = answered(asked[1])
        if wrong:
            return _question(ladder, wrong), 422
        service.answer_placement(taken=taken, number=number, payload=payload)
    return redirect(url_for(".place", ladder=ladder))


def _question(ladder: str, wrong: str = "") -> Any:
    taken, given = queries.newest(current_user, ladder)
    asked = service.asked_next(taken, given) if taken else None
    if taken is None or asked is None:
        return redirect(url_for(".levels", ladder=ladder))
    source = asked[1]
    shown = grading.public(source, grading.arrange(source, taken.seed), lang())
    return render_template("learning/placement.html", to=url_for(".answer_placement", ladder=ladder), back=url_for(".levels", ladder=ladder),
                           title=gettext("Placement quiz"), until=None, question=shown, number=len(given) + 1, of=placement.QUESTIONS, wrong=wrong)


@bp.post("/learn/<slug>/level")
@needs("courses.enrol", load="slug")
def change_level(course: Course) -> Any:
    service.change_level(by=current_user, course=course, employer_sees="hidden" not in request.form)
    flash(gettext("You are now learning in this level. What you did in the other one is kept."))
    return redirect(url_for(".course", slug=course.slug))


@bp.post("/learn/<slug>/sight")
@needs("courses.read")
def sight(slug: str) -> Any:
    """Show how far she is to her organisation (field sees: yes), or no longer."""
    here = reading.context(current_user, slug)
    sees = request.form.get("sees") == "yes"
    service.set_sight(by=current_user, enrolment=reading.own_enrolment(current_user, here.id), employer_sees=sees)
    flash(gettext("Your organisation can now see how far you are in this course.") if sees else
          gettext("Your organisation can no longer see that you take this course."))
    return redirect(url_for(".course", slug=slug))
