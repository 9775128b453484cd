"""Importing spreadsheets: look, commit, undo."""
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import exports, files
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import _, gettext, lang
from jetlms.people.forms.imports import Commit, Upload
from jetlms.people.importing import columns, sheets
from jetlms.people.models import ImportBatch
from jetlms.people.queries import importing as queries
from jetlms.people.routes import bp
from jetlms.people.service import imports as service

PAGE = 50
KINDS = {"participants": _("Participants"), "organisations": _("Contracting organisations")}
STATES = {
    "checked": ("wait", _("Checked, not imported yet")), "queued": ("wait", _("Being imported")), "committed": ("done", _("Imported")),
    "undone": ("new", _("Undone")), "refused": ("stop", _("Not imported")),
}


@bp.get("/imports")
@needs("imports.run")
def imports() -> Any:
    return _list(Upload.posted(kind="participants"))


def _list(form: Any, status: int = 200) -> Any:
    rows = queries.batches(current_user, after=whole(request.args.get("after", "")))
    return render_template("people/imports.html", form=form, rows=rows[:queries.PAGE], more=len(rows) > queries.PAGE, kinds=KINDS, states=STATES,
                           columns=columns.KINDS, most=f"{sheets.MAX_ROWS:,}"), status


@bp.post("/imports")
@needs("imports.run")
def check_import() -> Any:
    form = Upload.uploaded()
    if not form.validate():
        return _list(form, 422)
    data = form.file.data.read(sheets.MAX_BYTES + 1)
    try:
        batch = service.check(by=current_user, kind=form.kind.data, data=data, filename=files.shown_name(form.file.data.filename))
    except sheets.Unreadable as problem:
        form.refuse(problem.message)
        return _list(form, 422)
    return redirect(url_for(".import_batch", id=batch.id), 303)


@bp.get("/imports/templates/<kind>.<ending>")
@needs("imports.run")
def import_template(kind: str, ending: str) -> Any:
    """An empty table with the headings that are understood, in the reader's language; the workbook explains them on a second sheet."""
    if kind not in columns.KINDS or ending not in {"csv", "xlsx"}:
        abort(404)
    header = [column.ja if lang() == "ja" else column.en for column in columns.KINDS[kind]]
    name = f"jetlms-{kind}.{ending}"
    if ending == "csv":
        return exports.download(exports.csv_stream(header, []), name, exports.CSV)
    about = ([heading, gettext("needed") if column.needed else "", str(column.hint)]
             for heading, column in zip(header, columns.KINDS[kind], strict=True))
    return exports.download(exports.xlsx([
        (str(KINDS[kind]), header, []), (gettext("Explanation"), [gettext("Column"), gettext("Needed"), gettext("What it holds")], about),
    ]), name, exports.XLSX)


@bp.get("/imports/<int:id>")
@needs("imports.run")
def import_batch(batch: ImportBatch) -> Any:
    return _page(batch, Commit.posted())


def _page(batch: ImportBatch, form: Any) -> Any:
    start = whole(request.args.get("from", ""))
    problems = batch.report.get("problems", [])
    return render_template(
        "people/import.html", batch=batch, report=batch.report, counts=batch.report.get("counts", {}), form=form, kinds=KINDS, states=STATES,
        problems=problems[start:start + PAGE], start=start, following=start + PAGE if start + PAGE < len(problems) else 0, page_size=PAGE,
        large=service.LARGE)


@bp.post("/imports/<int:id>/commit")
@needs("imports.run", confirmed=True)
def commit_import(batch: ImportBatch) -> Any:
    form: Any = Commit.posted()
    form.sent()
    service.start_commit(by=current_user, batch=batch, invite=form.invite.data)
    flash(gettext("The import has been written.") if batch.state == "committed" else
          gettext("The import has begun. You may leave this page; it goes on."))
    return redirect(url_for(".import_batch", id=batch.id), 303)


@bp.post("/imports/<int:id>/undo")
@needs("imports.run", confirmed=True)
def undo_import(batch: ImportBatch) -> Any:
    service.undo(by=current_user, batch=batch)
    flash(gettext("The import has been undone: everything is as it was before."))
    return redirect(url_for(".import_batch", id=batch.id), 303)
