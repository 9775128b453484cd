"""The gradebook: a window of it, the whole as a spreadsheet, one result with its history."""
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import audit, exports
from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang
from jetlms.learning import service, words
from jetlms.learning.forms import marking as forms
from jetlms.learning.models import Course
from jetlms.learning.queries import gradebook as queries
from jetlms.learning.routes import bp


@bp.get("/courses/<slug>/grades")
@needs("courses.grade", load="slug")
def gradebook(course: Course) -> Any:
    after = request.args.get("after", "")[:300]
    columns = queries.columns(course)
    page = queries.page(columns)
    rows = queries.window(current_user, course, after=after, most=page + 1)
    shown = rows[:page]
    audit.record_read("gradebook.read", [("person", found["row"].person_id) for found in shown], by=current_user)
    keys = [item["id"] for item in columns]
    lines = [(found["row"], [(key, _shown(found["cells"].get(key))) for key in keys]) for found in shown]
    return render_template("learning/gradebook.html", course=course, lines=lines, more=len(rows) > page, after=after,
                           columns=columns, row_key=queries.key)


@bp.get("/courses/<slug>/grades.xlsx")
@needs("courses.grade", load="slug")
def gradebook_xlsx(course: Course) -> Any:
    code, items = lang(), queries.columns(course)
    everybody = list(queries.everybody(current_user, course))
    audit.record_read("gradebook.read", [("person", found["row"].person_id) for found in everybody], by=current_user)
    head = [gettext("Name"), gettext("JET number"), gettext("State"), gettext("Done"),
            *(item["title"].get(code) or next(iter(item["title"].values())) for item in items)]
    lines = ([found["row"].display_name, found["row"].jet_number, words.state(found["row"].state), f"{found['row'].done} / {found['row'].required}",
              *(_cell(found["cells"].get(item["id"])) for item in items)] for found in everybody)
    made = exports.xlsx([(gettext("Gradebook"), head, lines)], title=gettext("Gradebook"))
    return exports.download(made, f"{course.slug}-grades.xlsx", exports.XLSX)


def _shown(cell: dict[str, Any] | None) -> str:
    """Return a result as the page has it: done here, because a window has thousands."""
    if cell is None or (cell["value"] is None and not cell["done"]):
        return "–"
    return "✓" if cell["value"] is None else f"{cell['value']}*" if cell["override"] else str(cell["value"])


def _cell(cell: dict[str, Any] | None) -> Any:
    return None if cell is None else "✓" if cell["value"] is None and cell["done"] else cell["value"]


@bp.route("/courses/<slug>/grades/<int:person_id>/<item_key>", methods=["GET", "POST"])
@needs("courses.grade", load="slug")
def grade(course: Course, person_id: int, item_key: str) -> Any:
    """One result, its history, and setting it by hand."""
    found = queries.one(current_user, course, person_id)
    item = next((i for i in queries.columns(course) if i["id"] == item_key), None)
    if found is None or item is None:
        raise NotFound
    form: Any = forms.Override.posted()
    if form.sent():
        service.override(by=current_user, course=course, person_id=person_id, item_key=item_key, new=form.new.data, reason=form.reason.data)
        return redirect(url_for(".grade", slug=course.slug, person_id=person_id, item_key=item_key), 303)
    if request.method == "GET":         # who is refused has looked before
        audit.record_read("gradebook.read", [("person", person_id)], by=current_user)
    return render_template("learning/grade.html", course=course, item=item, row=found["row"], cell=found["cells"].get(item_key), form=form,
                           history=queries.history(person_id, course.id, item_key)), 422 if form.errors else 200
