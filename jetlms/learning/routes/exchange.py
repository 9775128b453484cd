"""One exercise out and in again as XLIFF; a course's glossary as TBX."""
from typing import Any

from flask import render_template
from flask_login import current_user

from jetlms.core import clock, exports
from jetlms.core.errors import NotFound, Refused
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import exchange, service
from jetlms.learning.forms import exchange as forms
from jetlms.learning.interchange import tbx, xliff, xml
from jetlms.learning.queries import reading
from jetlms.learning.queries import workbench as queries
from jetlms.learning.releases import text
from jetlms.learning.routes import bp

XLIFF = "application/xliff+xml"
TBX = "application/x-tbx"               # the one tools know; ISO 30042 registers none


@bp.get("/learn/<slug>/<item_key>/xliff")
@needs("courses.read")
def exercise_exchange(slug: str, item_key: str) -> Any:
    here, found = _translation(slug, item_key)
    return _page(here, found, forms.Bring.posted())


@bp.post("/learn/<slug>/<item_key>/xliff")
@needs("courses.read")
def bring_exercise(slug: str, item_key: str) -> Any:
    """Take a file's translations into her segments."""
    here, found = _translation(slug, item_key)
    form: Any = forms.Bring.posted()
    if not form.validate():
        return _page(here, found, form), 422
    try:
        report = service.import_exercise(by=current_user, context=here, item=found, found=xliff.parse(form.file.data.read(xml.LARGEST + 1)))
    except xml.Malformed as problem:
        form.refuse(exchange.wrong(problem))
        return _page(here, found, form), 422
    except Refused as why:
        form.refuse(why.message)
        return _page(here, found, form), 409
    return _page(here, found, form, report)


def _page(here: Any, found: dict[str, Any], form: Any, report: xml.Report | None = None) -> str:
    exercise = service.exercise_of(here, found["id"], lang())
    return render_template("learning/exchange.html", here=here, item=found, exercise=exercise, form=form, report=report,
                           page=text(here.attempt_release_id or here.release_id, found["id"], lang()),
                           reasons=exchange.reasons(report) if report else [])


@bp.get("/learn/<slug>/<item_key>/<name>.xlf")
@needs("courses.read")
def exercise_xliff(slug: str, item_key: str, name: str) -> Any:
    """Download an exercise with her translations and how far they are."""
    here, _found = _translation(slug, item_key)
    if name != item_key:
        raise NotFound
    exercise, mine = service.exercise_of(here, item_key, lang()), queries.segments(here.attempt_id)
    page: Any = text(here.attempt_release_id or here.release_id, item_key, lang())
    units = [xliff.Unit(s["id"], s["text"], *_said(mine.get(s["id"]), handed_in=here.submitted_at is not None)) for s in exercise["segments"]]
    made = xliff.write(item_key, page["title"], exercise["source"], exercise["target"], units)
    return exports.download(made, f"{item_key}.xlf", XLIFF)


def _said(row: Any, *, handed_in: bool) -> tuple[str, str]:
    """Return a translation and its state, in the words of XLIFF: committing is her own review, handing in is final."""
    if row is None or not row.text.strip():
        return "", "initial"
    return row.text, "final" if handed_in else "reviewed" if row.committed_at else "translated"


def _translation(slug: str, item_key: str) -> tuple[Any, dict[str, Any]]:
    """Return where she stands and the item, when she may see its text. Raises NotFound: a speech is heard, a test not open is not shown."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    window = service.window_of(here.course_id, found, current_user.zone)
    if found["kind"] != "translation" or (window and clock.now() < window.opens_at):
        raise NotFound
    return here, found


@bp.get("/learn/<slug>/glossary.tbx")
@needs("courses.read")
def glossary_tbx(slug: str) -> Any:
    """Download a course's glossary."""
    here = reading.context(current_user, slug)
    title = here.title.get(lang()) or next(iter(here.title.values()))
    concepts = [tbx.Concept(t.key, {"ja": t.ja, "en": t.en, **t.more}, t.reading, {"ja": t.note_ja, "en": t.note_en})
                for t in reading.terms(here.course_id)]
    return exports.download(tbx.write(title, lang(), concepts), f"{slug}.tbx", TBX)
