"""The desk's rounds: made, watched, drawn, enrolled; and the draw that everybody in the round can run again."""
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from jetlms.core import audit, clock, exports, files
from jetlms.core.db import db
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang, ngettext
from jetlms.learning import selection, service
from jetlms.learning.forms import admission as forms
from jetlms.learning.models import AdmissionRound, Application, Course
from jetlms.learning.queries import admission as queries
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.workflow import ADMISSION


@bp.get("/courses/<slug>/rounds")
@needs("courses.assign", load="slug")
def rounds(course: Course) -> Any:
    there = queries.rounds_of(current_user, course.id)
    return render_template("learning/rounds.html", course=course, rounds=there, counts=queries.counts([found.id for found in there]),
                           states=ADMISSION.states, check=outline(course.release_id or 0).get("admission"))


@bp.route("/courses/<slug>/rounds/new", methods=["GET", "POST"])
@needs("courses.assign", load="slug")
def new_round(course: Course) -> Any:
    form: Any = forms.Round.posted()
    if form.sent():
        made = service.make_round(by=current_user, course=course, facts=form.facts())
        flash(gettext("The round has been made. From now on people enter this course by application."))
        return redirect(url_for(".admission_round", id=made.id), 303)
    return render_template("learning/round_form.html", course=course, form=form, round=None), 422 if form.errors else 200


@bp.route("/rounds/<int:id>/change", methods=["GET", "POST"])
@needs("rounds.manage", load="id")
def change_round(found: AdmissionRound) -> Any:
    form: Any = forms.Round.posted(**forms.values_of(found))
    if form.sent():
        service.change_round(by=current_user, found=found, facts=form.facts())
        flash(gettext("The round has been changed."))
        return redirect(url_for(".admission_round", id=found.id), 303)
    course = db.session.get_one(Course, found.course_id)
    return render_template("learning/round_form.html", course=course, form=form, round=found), 422 if form.errors else 200


@bp.get("/rounds/<int:id>")
@needs("rounds.manage", load="id")
def admission_round(found: AdmissionRound) -> Any:
    rows = queries.of_round(current_user, found)
    audit.record_read("applications.read", [("person", row.person_id) for row in rows], by=current_user)
    return render_template("learning/round.html", round=found, course=db.session.get_one(Course, found.course_id), rows=rows,
                           draws=queries.draws(found.id), states=ADMISSION.states, counts=queries.counts([found.id])[found.id],
                           ready=clock.now() > clock.end_of_day(found.check_until), ready_at=clock.end_of_day(found.check_until))


@bp.post("/rounds/<int:id>/draw")
@needs("rounds.manage", load="id")
def draw_round(found: AdmissionRound) -> Any:
    service.draw_round(by=current_user, found=found)
    flash(gettext("The places have been given, and everybody has been told."))
    return redirect(url_for(".admission_round", id=found.id))


@bp.post("/rounds/<int:id>/enrol")
@needs("rounds.manage", load="id")
def enrol_admitted(found: AdmissionRound) -> Any:
    count = service.enrol_admitted(by=current_user, found=found)
    flash(ngettext("%(num)d person has been enrolled.", "%(num)d people have been enrolled.", count))
    return redirect(url_for(".admission_round", id=found.id))


@bp.get("/rounds/<int:id>/draws")
@needs("rounds.read", load="id")
def round_draws(found: AdmissionRound) -> Any:
    """The draws of a round by number, for everybody who may know of the round: run again while one looks."""
    there = queries.draws(found.id)
    mine = queries.own(current_user, found.id)
    return render_template("learning/draws.html", round=found, course=db.session.get_one(Course, found.course_id), draws=there,
                           agrees={kind: service.run_again(drawn) for kind, drawn in there.items() if drawn.drawn_at}, mine=mine)


@bp.get("/rounds/<int:id>.xlsx")
@needs("rounds.manage", load="id")
def round_xlsx(found: AdmissionRound) -> Any:
    rows = queries.of_round(current_user, found)
    audit.record_read("applications.read", [("person", row.person_id) for row in rows], by=current_user)
    head = [gettext("Number"), gettext("Name"), gettext("Contracting organisation"), gettext("Job type"), gettext("JLPT"), gettext("State"),
            gettext("Result (%)"), gettext("Place"), gettext("Chosen by"), gettext("Wishes to attend the schooling"),
            gettext("Seat at the schooling")]
    how = {selection.RESULT: gettext("by result"), selection.LOT: gettext("by lot"), selection.WAITING: gettext("from the waiting list"), "": ""}
    lines = ([row.number, row.display_name, row.name_ja if lang() == "ja" else row.name_en, row.job_type, row.jlpt or "–",
              str(ADMISSION.states[row.state].label), row.score, row.place, how[row.chosen_by],
              _yes_no(row.schooling), _yes_no(row.seat)] for row in rows)
    title = found.name.get(lang()) or next(iter(found.name.values()))
    return exports.download(exports.xlsx([(gettext("Applications"), head, lines)], title=title), f"round-{found.id}.xlsx", exports.XLSX)


def _yes_no(value: bool | None) -> str:  # noqa: FBT001
    return "" if value is None else gettext("yes") if value else gettext("no")


@bp.get("/applications/<number>/evidence")
@needs("applications.select", load="number")
def evidence(application: Application) -> Any:
    audit.record_read("applications.read", [("person", application.person_id)], by=current_user)
    return files.response(queries.evidence(application))


@bp.get("/applications/<number>/full")
@needs("applications.select", load="number")
def application_in_full(application: Application) -> Any:
    """What she wrote, for the desk."""
    audit.record_read("applications.read", [("person", application.person_id)], by=current_user)
    return render_template("learning/application.html", application=application, row=queries.in_full(current_user, application),
                           states=ADMISSION.states)
