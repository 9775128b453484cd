"""The web editor: courses and their drafts, the files of a draft, new items, moves and deletions."""
import io
from pathlib import PurePosixPath
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from jetlms.core import files, i18n
from jetlms.core.errors import NotFound, Refused
from jetlms.core.forms import whole
from jetlms.core.frame import page as error_page
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang, ngettext
from jetlms.core.idempotency import form_key
from jetlms.learning import drafts, service, sources
from jetlms.learning.coursefiles.model import KINDS
from jetlms.learning.forms import drafts as forms
from jetlms.learning.models import Course, Draft
from jetlms.learning.queries import authoring as queries
from jetlms.learning.rendering import MIMES
from jetlms.learning.routes import bp


@bp.get("/author")
@needs("courses.publish")
def author() -> Any:
    return render_template("learning/author_courses.html", rows=queries.courses(current_user))


@bp.get("/author/<slug>")
@needs("courses.publish", load="slug")
def draft(course: Course) -> Any:
    """The files of a draft, module by module; without a draft, where to begin one."""
    there = queries.draft_of(course)
    if there is None:
        return render_template("learning/author_begin.html", course=course)
    texts = service.texts_of(there)
    before = sources.of(there.release_id, course.slug)
    changed = {path for path, text in texts.items() if before is None or before.texts.get(path) != text}
    gone = len(before.texts.keys() - texts.keys()) if before else 0
    return render_template("learning/author_draft.html", course=course, draft=there, units=drafts.units(texts), changed=changed, gone=gone)


@bp.post("/author/<slug>/draft")
@needs("courses.publish", load="slug")
def begin_draft(course: Course) -> Any:
    """Begin a draft; field `release`: with the files of that one."""
    number = whole(request.form.get("release", ""))
    release = queries.release_or_404(course, number) if number else None
    service.begin_draft(by=current_user, course=course, release=release)
    return redirect(url_for(".draft", slug=course.slug), 303)


@bp.route("/author/<slug>/draft/discard", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def discard_draft(course: Course) -> Any:
    there = queries.draft_of(course)
    if request.method == "GET":
        return render_template("learning/author_discard.html", course=course, draft=there)
    if there is not None:
        service.discard_draft(by=current_user, draft=there)
        flash(gettext("The draft has been discarded. Learners see what they saw before."))
    return redirect(url_for(".draft", slug=course.slug), 303)


@bp.route("/author/<slug>/files/<path:path>", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def draft_file(course: Course, path: str) -> Any:
    """One file: read it, or save it (fields text, base, window, count)."""
    there = queries.draft_or_404(course)
    if request.method == "GET":
        return _file(course, there, path)
    typed = forms.typed(request.form)
    try:
        seq, at = service.save_draft(by=current_user, draft=there, path=path, **typed)
    except Refused as why:
        theirs = why.theirs if isinstance(why, service.DraftChanged) else None
        code = 409 if theirs is not None else 422
        shown = {"theirs": theirs, "refused": "" if theirs is not None else why.message}
        return error_page(code, why.message) if wants_json() else (_file(course, there, path, typed=typed["text"], **shown), code)
    if not wants_json():
        return redirect(url_for(".draft_file", slug=course.slug, path=path), 303)
    views, problems = _look(course, there, path)
    return jsonify(saved_at=i18n.moment(at, current_user.zone), seq=seq, findings=_findings(course, path, problems),
                   views={view.lang: render_template("learning/author_preview.html", view=view) for view in views})


def _file(course: Course, there: Draft, path: str, **more: Any) -> str:
    """Return the page of a file. `typed`, `theirs`, `refused`: what was sent, and why it was not taken."""
    row = queries.file_or_404(there, path)
    stem, kind = drafts.unit_of(path)
    texts = service.texts_of(there)
    views, problems = _look(course, there, path, texts)
    line = whole(request.args.get("line", ""))
    lines = row.text.split("\n")
    theirs = more.get("theirs")
    return render_template(
        "learning/author_file.html", course=course, row=row, path=path, name=PurePosixPath(path).name, stem=stem, kind=kind, views=views,
        findings=_findings(course, path, problems), line=line, line_text=lines[line - 1] if 0 < line <= len(lines) else None,
        beside=[p for p in texts if p != path and drafts.unit_of(p)[0] == stem], terms=drafts.terms(texts), window=form_key(),
        difference=queries.unified(theirs.text, more["typed"]) if theirs is not None else None,
        **{"typed": None, "theirs": None, "refused": ""} | more)


def _look(course: Course, there: Draft, path: str, texts: dict[str, str] | None = None) -> Any:
    texts = texts if texts is not None else service.texts_of(there)
    address = url_for(".draft_asset", slug=course.slug, path="")
    return drafts.look(path, texts, slug=course.slug, assets=there.assets, address=address.rstrip("/"))


def _findings(course: Course, path: str, problems: list[Any]) -> str:
    here = [p for p in problems if p.path.as_posix() == f"{course.slug}/{path}"]
    return render_template("learning/author_findings.html", course=course, path=path, problems=here, words=_words)


def _words(problem: Any) -> str:
    """Return a finding in the reader's language."""
    return str(problem.ja if lang() == "ja" else problem.en)


@bp.get("/author/<slug>/assets/<path:path>")
@needs("courses.publish", load="slug")
def draft_asset(course: Course, path: str) -> Any:
    """A picture or sound of a draft, for its preview."""
    sha256 = queries.draft_or_404(course).assets.get(path)
    if sha256 is None:
        raise NotFound
    mime = MIMES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    answer = send_file(io.BytesIO(files.get(sha256)), mimetype=mime, etag=sha256, conditional=True, download_name=PurePosixPath(path).name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer


# -- items -------------------------------------------------------------------------------------------------------------------------

def _modules(texts: dict[str, str]) -> list[str]:
    return [unit.module for unit in drafts.units(texts) if unit.kind == "module"]


@bp.route("/author/<slug>/new", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def new_item(course: Course) -> Any:
    """A new lesson, quiz or task from its template."""
    there = queries.draft_or_404(course)
    form: Any = forms.NewItem.posted().among(_modules(service.texts_of(there)))
    if request.method == "GET" and request.args.get("module"):
        form.module.data = request.args["module"]
    if form.sent():
        try:
            path = service.make_item(by=current_user, draft=there, module=form.module.data, name=form.name.data, kind=form.kind.data,
                                     titles={"en": form.title_en.data, "ja": form.title_ja.data})
        except Refused as why:
            form.name.errors = [why.message]
        else:
            return redirect(url_for(".draft_file", slug=course.slug, path=path), 303)
    return render_template("learning/author_new.html", course=course, form=form), 422 if form.errors else 200


@bp.route("/author/<slug>/items/<path:stem>", methods=["GET", "POST"])
@needs("courses.publish", load="slug")
def draft_item(course: Course, stem: str) -> Any:
    """Rename or move an item (button `move`), or delete it (button `delete`)."""
    there = queries.draft_or_404(course)
    texts = service.texts_of(there)
    unit = next((u for u in drafts.units(texts) if u.stem == stem and u.kind in KINDS), None)
    if unit is None:
        raise NotFound
    place: Any = forms.Place.posted(module=unit.module, name=drafts.name_of(stem)).among(_modules(texts))
    gone: Any = forms.Gone.posted()
    code = 200
    if request.method == "POST":
        form = gone if "delete" in request.form else place
        code = 422
        try:
            if form.validate():
                return redirect(_moved(course, there, stem, form), 303)
        except Refused as why:
            (gone.reason if form is gone else place.name).errors = [why.message]
    return render_template("learning/author_item.html", course=course, unit=unit, place=place, gone=gone), code


def _moved(course: Course, there: Draft, stem: str, form: Any) -> str:
    if isinstance(form, forms.Gone):
        service.delete_item(by=current_user, draft=there, stem=stem, reason=form.reason.data or "")
        flash(gettext("%(name)s is no longer in the draft.", name=stem))
        return url_for(".draft", slug=course.slug)
    path = service.move_item(by=current_user, draft=there, stem=stem, module=form.module.data, name=form.name.data)
    return url_for(".draft_file", slug=course.slug, path=path)


@bp.post("/author/<slug>/ids")
@needs("courses.publish", load="slug")
def mint_ids(course: Course) -> Any:
    """Fill in the ids that are still open."""
    count = service.mint_ids(by=current_user, draft=queries.draft_or_404(course))
    flash(ngettext("%(num)d id has been filled in.", "%(num)d ids have been filled in.", count))
    return redirect(url_for(".check_draft", slug=course.slug), 303)
