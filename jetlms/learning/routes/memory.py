"""My translation memory: its units, TMX in and out, deleting."""
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import exports, files
from jetlms.core.errors import NotFound
from jetlms.core.forms import clean, whole
from jetlms.core.guard import needs
from jetlms.learning import exchange, service
from jetlms.learning.forms import exchange as forms
from jetlms.learning.interchange import tmx, xml
from jetlms.learning.models import MemoryUnit
from jetlms.learning.queries import memory as queries
from jetlms.learning.routes import bp

TMX = "application/x-tmx+xml"


@bp.get("/memory")
@needs("memory.own")
def memory() -> Any:
    return _page(forms.Bring.posted())


def _page(form: Any, report: xml.Report | None = None, filename: str = "", brought: tuple[str, str] | None = None) -> str:
    """Return the page; when a file was brought, what became of it, and the direction that it began with."""
    directions = queries.directions(current_user.id)
    asked = tuple(request.args.get("direction", "").split("-"))
    fullest = (directions[0].source_lang, directions[0].target_lang) if directions else ("ja", "en")
    here = brought or (asked if asked in exchange.DIRECTIONS else fullest)
    words = clean(request.args.get("q", "")[:200])
    found = queries.window(current_user.id, *here, words=words, before=whole(request.args.get("before", "")))
    return render_template(
        "learning/memory.html", form=form, report=report, reasons=exchange.reasons(report) if report else [], filename=filename,
        directions=directions, here=here, words=words, units=found[:queries.PAGE], more=len(found) > queries.PAGE,
        before=request.args.get("before", ""), imports=queries.imports(current_user.id))


@bp.post("/memory")
@needs("memory.own")
def bring_memory() -> Any:
    """Take a TMX file into her memory."""
    form: Any = forms.Bring.posted()
    if not form.validate():
        return _page(form), 422
    filename = files.shown_name(form.file.data.filename)
    try:
        found = tmx.parse(form.file.data.read(xml.LARGEST + 1), exchange.DIRECTIONS)
    except xml.Malformed as problem:
        form.refuse(exchange.wrong(problem))
        return _page(form), 422
    report = service.import_memory(by=current_user, memory=found, filename=filename)
    return _page(form, report, filename, (found.units[0].source_lang, found.units[0].target_lang) if found.units else None)


@bp.get("/memory/<source>-<target>.tmx")
@needs("memory.own")
def memory_tmx(source: str, target: str) -> Any:
    """Download one direction of her memory."""
    if (source, target) not in exchange.DIRECTIONS:
        raise NotFound
    return exports.download(tmx.write(source, target, queries.everything(current_user.id, source, target)), f"memory-{source}-{target}.tmx", TMX)


@bp.post("/memory/<int:id>/delete")
@needs("memory.own")
def forget_unit(unit: MemoryUnit) -> Any:
    direction = f"{unit.source_lang}-{unit.target_lang}"
    service.forget_unit(unit)
    return redirect(url_for(".memory", direction=direction), 303)


@bp.route("/memory/imports/delete", methods=["GET", "POST"])
@needs("memory.own")
def forget_import() -> Any:
    """Ask, then delete what a file brought (`origin`)."""
    origin = request.values.get("origin", "")
    if request.method == "POST":
        service.forget_import(by=current_user, origin=origin)
        return redirect(url_for(".memory"), 303)
    found = next((row for row in queries.imports(current_user.id) if row.origin == origin), None)
    if found is None:
        raise NotFound
    return render_template("learning/memory_forget.html", found=found)
