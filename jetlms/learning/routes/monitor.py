"""The monitor: who is on track and why not; reminders; reports; and the page on which a learner sees who can see what."""
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import audit, exports
from jetlms.core.guard import needs, signed_in
from jetlms.core.i18n import gettext, lang
from jetlms.learning import progress, report, service
from jetlms.learning.models import Enrolment
from jetlms.learning.queries import monitor, sight
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.suppression import suppress
from jetlms.people import reference

BESIDE_COUNTS = 20        # names on a page whose first matter are counts


@bp.get("/monitor")
@needs("monitor.count")
def watch() -> Any:
    """The first screen: a headline, then the picture, then the table; which one follows from the role."""
    courses = monitor.courses(monitor.seen_by(current_user))
    course = next((c for c in courses if c["slug"] == request.args.get("course")), courses[0] if courses else None)
    if course is None:
        return render_template("learning/monitor_empty.html")
    shown: dict[str, Any] = {"courses": courses, "course": course, "counts": course["counts"], "rows": course["lines"]}
    if "supervisor" in current_user.roles:
        return _names(shown, "learning/monitor_employer.html")
    if "clair_desk" in current_user.roles:
        return render_template("learning/monitor_clair.html", tiles=_tiles(course["lines"], course["slug"]), **shown)
    shown["rows"] = suppress(course["lines"], monitor.STATES, monitor.SMALLEST)
    people = monitor.people(current_user, course_id=course["id"], after=request.args.get("after", ""), limit=BESIDE_COUNTS)
    _read(people)
    return render_template("learning/monitor_host.html", people=people, smallest=monitor.SMALLEST, more=len(people) == BESIDE_COUNTS, **shown)


def _tiles(rows: list[dict[str, Any]], slug: str) -> dict[str, dict[str, Any]]:
    """Return what the tile map shows for each prefecture: the share completed, in words, and where it leads."""
    there = url_for(".prefecture", code="00", course=slug)
    return {row["prefecture"]: {
        "value": row["completed"] / row["total"] if row["total"] else 0,
        "label": f"{reference.prefecture_name(row['prefecture'])}: {row['completed']} / {row['total']}",
        "url": there.replace("/00", f"/{row['prefecture']}")} for row in rows}


def _names(shown: dict[str, Any], template: str) -> Any:
    state = request.args.get("state", "")
    rows = monitor.people(current_user, course_id=shown["course"]["id"], state=state, after=request.args.get("after", ""))
    _read(rows)
    return render_template(template, people=rows, state=state, more=len(rows) == monitor.PAGE, **shown)


def _read(rows: list[Any]) -> None:
    """Note that these people's progress is about to be shown, so that each can see who looked."""
    audit.record_read("monitor.read", [("person", row.person_id) for row in rows], by=current_user,
                      organisation_id=next(iter((*current_user.reach.get("supervisor", ()), *current_user.reach.get("adviser", ()),
                                                 *current_user.reach.get("host_staff", ()))), None))


@bp.get("/monitor/prefectures/<code>")
@needs("monitor.count")
def prefecture(code: str) -> Any:
    """Organisations of one prefecture, for CLAIR."""
    if "clair_desk" not in current_user.roles:
        abort(404)
    lines = monitor.by_organisation(current_user, prefecture=code)
    course = next((c for c in monitor.courses(lines) if c["slug"] == request.args.get("course")), None)
    if course is None:
        abort(404)
    people = monitor.people(current_user, course_id=course["id"], prefecture=code, after=request.args.get("after", ""))
    _read(people)
    return render_template("learning/monitor_prefecture.html", rows=course["lines"], people=people, course=course, code=code,
                           more=len(people) == monitor.PAGE)


@bp.get("/monitor/people/<int:person_id>")
@needs("monitor.names", load="person_id")
def person(enrolment: Enrolment) -> Any:
    """One learner: the same checklist she sees, nothing of what she answered."""
    found = monitor.one(current_user, enrolment.person_id)
    if found is None:
        abort(404)
    _read(found["rows"][:1])
    checklists = {row.course_id: progress.checklist(outline(row.release_id), found["done"]) for row in found["rows"]}
    outlines = {row.course_id: outline(row.release_id) for row in found["rows"]}
    return render_template("learning/monitor_person.html", checklists=checklists, outlines=outlines, **found)


@bp.post("/monitor/enrolments/<int:id>/remind")
@needs("monitor.remind")
def remind(enrolment: Enrolment) -> Any:
    service.remind(by=current_user, enrolment=enrolment)
    flash(gettext("The reminder has been sent. It names you as its sender."))
    back = request.form.get("back", "")
    return redirect(url_for(".person", person_id=enrolment.person_id) if back == "person" else url_for(".watch"))


@bp.get("/monitor/report.xlsx")
@needs("monitor.names", confirmed=True)
def report_xlsx() -> Any:
    month = report.month_of(request.args.get("month", ""))
    rows = monitor.people(current_user, limit=report.MOST, more=True)
    _read(rows)
    _exported("xlsx")
    return exports.download(report.xlsx(rows, month, by=current_user, lang=lang()), report.filename(month, "xlsx"), exports.XLSX)


@bp.get("/monitor/report.pdf")
@needs("monitor.names", confirmed=True)
def report_pdf() -> Any:
    month = report.month_of(request.args.get("month", ""))
    rows = monitor.people(current_user, limit=report.MOST, more=True)
    _read(rows)
    _exported("pdf")
    return exports.download(report.pdf(rows, month, by=current_user, lang=lang()), report.filename(month, "pdf"), "application/pdf")


def _exported(kind: str) -> None:
    """Note that a file with names leaves the system."""
    bodies = current_user.reach.get("supervisor", ()) or (0,)
    audit.record_read(f"monitor.export_{kind}", [("organisation", body) for body in bodies], by=current_user)


@bp.get("/who-sees")
@signed_in
def who_sees() -> Any:
    return render_template("learning/who_sees.html", **sight.of(current_user))


@bp.post("/who-sees")
@signed_in
def change_consent() -> Any:
    service.set_consent(by=current_user, purpose=request.form.get("purpose", ""), given=request.form.get("given") == "yes")
    return redirect(url_for(".who_sees"))


