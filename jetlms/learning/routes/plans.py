"""The plan of study of a course: a goal, what it means for this week, and whether it reaches the day by which she wants to be done."""
from types import SimpleNamespace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from jetlms.core import clock
from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext
from jetlms.learning import planner, service
from jetlms.learning.forms import around as forms
from jetlms.learning.queries import plans as queries
from jetlms.learning.queries import reading
from jetlms.learning.routes import bp


@bp.route("/learn/<slug>/plan", methods=["GET", "POST"])
@needs("courses.read")
def plan(slug: str) -> Any:
    """Look at one's plan; set it."""
    here = reading.context(current_user, slug)
    if here.id is None:
        raise NotFound
    kept = queries.plan_of(current_user.id, here.course_id)
    form: Any = forms.Goal.posted(**_values(kept))
    if form.sent():
        service.set_plan(by=current_user, course_id=here.course_id, weekdays=form.weekdays.data, minutes=form.minutes.data,
                         starts_at=form.starts_at.data)
        flash(gettext("Your plan has been saved. It stands in your calendar, too."))
        return redirect(url_for(".plan", slug=slug), 303)
    outlook = queries.outlook(here, kept or SimpleNamespace(weekdays=planner.bits(planner.EVERY_DAY), minutes=planner.MOST),
                              queries.done_by(current_user.id), clock.today())
    return render_template("learning/plan.html", here=here, form=form, plan=kept, outlook=outlook), 422 if form.errors else 200


def _values(kept: Any) -> dict[str, Any]:
    """Return what the form shows first: her plan, or a proposal."""
    if kept is None:
        return {"weekdays": [0, 2, 4], "minutes": 20, "starts_at": ""}
    return {"weekdays": sorted(planner.days(kept.weekdays)), "minutes": kept.minutes, "starts_at": kept.starts_at}


@bp.post("/learn/<slug>/plan/drop")
@needs("courses.read")
def drop_plan(slug: str) -> Any:
    here = reading.context(current_user, slug)
    service.drop_plan(by=current_user, course_id=here.course_id)
    flash(gettext("Your plan has been removed. What you have learned stays."))
    return redirect(url_for(".course", slug=slug), 303)
