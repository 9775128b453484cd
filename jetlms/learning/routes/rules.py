"""The rules of a course: who is enrolled by itself. Written, looked at with the people it names, then saved."""
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock
from jetlms.core.db import db
from jetlms.core.errors import Stale
from jetlms.core.guard import needs
from jetlms.core.i18n import _, day, gettext
from jetlms.learning import service
from jetlms.learning.forms.rules import Rule, words
from jetlms.learning.models import Course, EnrolmentRule
from jetlms.learning.queries import rules as queries
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp

ACTS = {queries.MADE: _("made"), "enrolment_rules.change": _("changed"), "enrolment_rules.switch_off": _("switched off")}


@bp.get("/courses/<slug>/rules")
@needs("courses.assign", load="slug")
def rules(course: Course) -> Any:
    today = clock.today()
    rows = queries.of_course(current_user, course, today)
    return render_template("learning/rules.html", course=course, rows=rows, names=_names(), today=today, acts=ACTS, rule_words=_rule_words,
                           days=outline(course.release_id or 0)["schedule"].get("due_days"))


@bp.route("/courses/<slug>/rules/new", methods=["GET", "POST"])
@needs("courses.assign", load="slug")
def new_rule(course: Course) -> Any:
    form: Any = Rule.asked(outline(course.release_id or 0), starts_on=clock.today())
    if form.sent():
        service.make_rule(by=current_user, course=course, facts=form.facts())
        flash(gettext("The rule has been saved. It enrols within the hour, and tells everybody by a notice."))
        return redirect(url_for(".rules", slug=course.slug), 303)
    return _form_or_check(course, form, None)


@bp.route("/enrolment-rules/<int:id>", methods=["GET", "POST"])
@needs("enrolment_rules.change")
def rule(found: EnrolmentRule) -> Any:
    course = db.session.get_one(Course, found.course_id)
    form: Any = Rule.asked(outline(course.release_id or 0), **{name: getattr(found, name) for name in queries.FIELDS}, version=found.version)
    if form.sent():
        _refuse_stale(form, found)
        service.change_rule(by=current_user, rule=found, facts=form.facts())
        flash(gettext("The rule has been changed."))
        return redirect(url_for(".rules", slug=course.slug), 303)
    return _form_or_check(course, form, found)


@bp.post("/enrolment-rules/<int:id>/off")
@needs("enrolment_rules.change")
def switch_off_rule(found: EnrolmentRule) -> Any:
    course = db.session.get_one(Course, found.course_id)
    service.switch_off(by=current_user, rule=found)
    flash(gettext("The rule has been switched off. Whom it has enrolled stays enrolled."))
    return redirect(url_for(".rules", slug=course.slug), 303)


def _form_or_check(course: Course, form: Any, found: EnrolmentRule | None) -> Any:
    """Return the form; or, when it was sent to be looked at and is well formed, the page that says whom the rule names."""
    names, shown = _names(), {"course": course, "form": form, "rule": found}
    if request.method == "GET" and "check" in request.args and form.validate():
        facts = form.facts()
        pairs = form.sent_values()
        back = f"{request.path}?{urlencode(pairs)}"
        whom = queries.Whom(course.id, facts["job_types"], facts["arrival_group_ids"], facts["host_id"])
        return render_template("learning/rule_check.html", **shown, facts=facts, line=_rule_words(facts, names), preview=queries.preview(whom),
                               pairs=pairs, back=back, days=form.plan["schedule"].get("due_days"), today=clock.today())
    history = [{**entry, "act": ACTS[entry["action"]], "after": _rule_words(entry["after"], names) if entry["after"] else ""}
               for entry in queries.history(found)] if found else []
    return render_template("learning/rule.html", **shown, history=history, days=form.plan["schedule"].get("due_days"),
                           window=form.plan["schedule"]["window_days"]), 422 if form.errors else 200


def _names() -> dict[str, dict[int, str]]:
    """Return the names of arrival groups and host bodies by id. Two statements."""
    return {"groups": {row.id: words(row) for row in queries.groups()}, "hosts": {row.id: words(row) for row in queries.hosts()}}


def _rule_words(facts: Any, names: dict[str, dict[int, str]]) -> str:
    """Return whom a rule names, in one line: job types, arrival groups, where. `facts` is a rule, or a dict of its fields."""
    get = facts.get if isinstance(facts, dict) else lambda name: getattr(facts, name)
    jobs = gettext(", ").join(get("job_types") or ()) or gettext("every job type")
    groups = gettext(", ").join(names["groups"].get(n, "?") for n in get("arrival_group_ids") or ()) or gettext("every arrival group")
    host = names["hosts"].get(get("host_id") or 0) or gettext("all of Japan")
    return f"{jobs} · {groups} · {host}"


def _refuse_stale(form: Any, found: EnrolmentRule) -> None:
    """Raise Stale when somebody else has changed the rule since this form was rendered."""
    if form.version.data and form.version.data != str(found.version):
        names, typed = _names(), form.facts()
        rows = [(gettext("Whom it enrols"), _rule_words(found, names), _rule_words(typed, names)),
                *((str(form[name].label.text), day(getattr(found, name)), day(typed[name])) for name in ("starts_on", "ends_on")),
                (str(form.due_days.label.text), str(found.due_days or ""), str(typed["due_days"] or ""))]
        raise Stale([row for row in rows if row[1] != row[2]], url_for(".rule", id=found.id))
