"""The catalogue, a course's page, enrolling, the glossary."""
import io
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask_login import current_user

from jetlms.core import clock, files
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.learning import progress, service
from jetlms.learning.forms.around import Goal
from jetlms.learning.models import Course, CourseAsset
from jetlms.learning.queries import admission, levels, marking, reading
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.workflow import MARKING


@bp.get("/learn")
@needs("courses.read")
def catalogue() -> Any:
    courses = [{"row": row, "outline": outline(row.release_id)} for row in reading.catalogue(current_user)]
    return render_template("learning/catalogue.html", courses=courses)


@bp.get("/learn/<slug>")
@needs("courses.read")
def course(slug: str) -> Any:
    return _page(slug, goal=Goal.posted(weekdays=[], minutes=20, starts_at=""))


def _page(slug: str, goal: Any) -> str:
    here = reading.context(current_user, slug)
    plan = outline(here.release_id)
    done = reading.progress_of(current_user.id, progress.keys_of(plan))
    finished = {key for key, row in done.items() if row.done_at}
    marked = marking.states_of(current_user.id, here.course_id) if here.id and plan["marking"] else {}
    left = progress.open_to_her(progress.unmet(plan, finished), {key for key, row in marked.items() if row.state != "returned"})
    last = next((item for item in left if item["id"] == here.last_item), None)
    return render_template("learning/course.html", here=here, outline=plan, done=done, next_item=last or (left[0] if left else None),
                           checklist=progress.checklist(plan, finished), award=reading.award_of(current_user, here.course_id),
                           closed=bool(here.id and here.closes_on < clock.today()), goal=goal,
                           by_application=not here.id and admission.by_application(here.course_id),
                           marked=marked, states=MARKING.states,
                           other_level=_other_level(here) if plan.get("level") and not here.id else None)


def _other_level(here: Any) -> Any:
    """Return the title of the level of the same ladder in which she is learning, or None."""
    now = levels.current(current_user.id, db.session.get_one(Course, here.course_id))
    return db.session.get_one(Course, now.course_id).title if now else None


@bp.post("/learn/<slug>/enrol")
@needs("courses.enrol", load="slug")
def enrol(course: Course) -> Any:
    """Enrol; with a goal where she has chosen days for learning."""
    goal: Any = Goal.posted()
    if goal.weekdays.raw_data and not goal.validate():
        return _page(course.slug, goal), 422
    service.enrol(by=current_user, course=course, person_id=current_user.id, employer_sees="hidden" not in request.form)
    if goal.weekdays.raw_data:
        service.set_plan(by=current_user, course_id=course.id, weekdays=goal.weekdays.data, minutes=goal.minutes.data, starts_at=goal.starts_at.data)
        return redirect(url_for(".plan", slug=course.slug))
    return redirect(url_for(".course", slug=course.slug))


@bp.post("/learn/<slug>/reopen")
@needs("courses.read")
def reopen(slug: str) -> Any:
    here = reading.context(current_user, slug)
    service.reopen(by=current_user, enrolment=reading.own_enrolment(current_user, here.id))
    return redirect(url_for(".course", slug=slug))


@bp.get("/learn/assets/<sha256>/<name>")
@needs("courses.read")
def asset(sha256: str, name: str) -> Any:
    """A picture, sound or caption of a course, by its content: cached for ever, with ranges for players."""
    found = db.session.get(CourseAsset, sha256)
    if found is None:
        raise NotFound
    response = send_file(io.BytesIO(files.get(sha256)), mimetype=found.mime, etag=sha256, conditional=True, download_name=name)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@bp.get("/learn/<slug>/glossary")
@needs("courses.read")
def glossary(slug: str) -> Any:
    here = reading.context(current_user, slug)
    return render_template("learning/glossary.html", here=here, terms=reading.terms(here.course_id))
