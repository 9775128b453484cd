"""Enrolment by staff: who is enrolled in a course, enrolling a pasted list, withdrawing somebody."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import audit
from jetlms.core.guard import needs
from jetlms.core.i18n import _, gettext, lang, ngettext
from jetlms.learning import pasted, service
from jetlms.learning.forms import enrolling as forms
from jetlms.learning.models import Course, Enrolment
from jetlms.learning.queries import desk, monitor
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp

VIA_WORDS = {"self": _("by herself or himself"), "rule": _("by a rule"), "staff": _("by staff")}


@bp.get("/courses/<slug>/enrolments")
@needs("courses.assign", load="slug")
def enrolments(course: Course) -> Any:
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("state", "name", "organisation")}
    after = request.args.get("after", "")[:300]
    over = asked["state"] == desk.WITHDRAWN
    ask = {"words": asked["name"], "organisation": asked["organisation"], "after": after}
    rows = desk.withdrawn(current_user, course, **ask) if over else desk.enrolled(current_user, course, state=asked["state"], **ask)
    shown = rows[:desk.PAGE]
    audit.record_read("monitor.read", [("person", row.person_id) for row in shown], by=current_user)
    return render_template("learning/enrolments.html", course=course, rows=shown, more=len(rows) > desk.PAGE, asked=asked, after=after,
                           over=over, counts=monitor.counts(current_user, course_id=course.id), states=(*desk.STATES,), via=VIA_WORDS,
                           row_key=desk.key)


@bp.route("/courses/<slug>/enrolments/new", methods=["GET", "POST"])
@needs("courses.assign", load="slug")
def enrol_people(course: Course) -> Any:
    plan = outline(course.release_id or 0)
    form: Any = forms.EnrolPeople.posted().of(plan)
    if form.sent():
        person_of, problems = _resolve(course, form.lines)
        if not problems:
            ids = list(dict.fromkeys(person_of.values()))
            made = service.enrol_all(by=current_user, course=course, person_ids=ids, via="staff", due_on=form.due_on.data,
                                     closes_on=form.closes_on.data)
            flash(_said(made, already=len(ids) - made, twice=len(form.lines) - len(ids)))
            return redirect(url_for(".enrolments", slug=course.slug), 303)
        form.refuse(problems)
    return render_template("learning/enrol_people.html", course=course, form=form, most=forms.MOST, days=plan["schedule"].get("due_days"),
                           window=plan["schedule"]["window_days"]), 422 if form.errors else 200


def _resolve(course: Course, lines: list[pasted.Line]) -> tuple[dict[int, int], list[tuple[pasted.Line, Any]]]:
    """Return line number → person, and the lines that cannot be taken with the reason. A few statements, however many lines."""
    by_number = desk.by_jet_number(line.jet_number for line in lines)
    by_email = desk.by_email(line.email for line in lines)
    found: dict[int, int] = {}
    problems = []
    for line in lines:
        number, email = by_number.get(line.jet_number), by_email.get(line.email)
        wrong, named = line.wrong or _wrong(line, number, email), number or email
        if wrong or named is None:
            problems.append((line, wrong))
        else:
            found[line.number] = named.person_id
    busy = desk.learning_elsewhere(course, found.values())
    problems += [(line, _("This person is learning in another level.")) for line in lines if found.get(line.number) in busy]
    return found, problems


def _wrong(line: pasted.Line, number: Any, email: Any) -> Any:
    """Return why nobody can be enrolled by a readable line, or nothing."""
    if line.jet_number and number is None:
        return _("Nobody has this JET number.")
    if number is None and email is None:
        return _("Nobody has an account with this e-mail address.")
    if number and email and number.person_id != email.person_id:
        return _("The JET number and the e-mail address belong to two different people.")
    if (number or email).closed:
        return _("This record is closed. Nobody can be enrolled with it.")
    return ""


def _said(made: int, *, already: int, twice: int) -> str:
    """Return what happened, in a sentence or three."""
    parts = [ngettext("%(num)d person has been enrolled, and told so.", "%(num)d people have been enrolled, and told so.", made)] if made else [
        gettext("Nobody new has been enrolled.")]
    if already:
        parts.append(ngettext("%(num)d person was enrolled already: nothing has changed there.",
                              "%(num)d people were enrolled already: nothing has changed there.", already))
    if twice:
        parts.append(ngettext("%(num)d line named somebody a second time.", "%(num)d lines named somebody a second time.", twice))
    return ("" if lang() == "ja" else " ").join(parts)


@bp.route("/enrolments/<int:id>/withdraw", methods=["GET", "POST"])
@needs("enrolments.withdraw")
def withdraw(enrolment: Enrolment) -> Any:
    row = desk.withdrawing(current_user, enrolment)
    form: Any = forms.Withdraw.posted()
    if form.sent():
        service.withdraw(by=current_user, enrolment=enrolment, reason=form.reason.data)
        flash(gettext("The enrolment of %(name)s has been withdrawn. A notice tells why.", name=row.display_name))
        return redirect(url_for(".enrolments", slug=row.slug), 303)
    audit.record_read("monitor.read", [("person", row.person_id)], by=current_user)
    return render_template("learning/withdraw.html", row=row, form=form), 422 if form.errors else 200
