"""Where answers arrive: one by one from the script, or a whole form without it. Both go through the same service."""
import uuid
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from jetlms.core import files, i18n
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.forms import whole
from jetlms.core.frame import page as error_page
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs, signed_in
from jetlms.core.i18n import gettext, lang
from jetlms.learning import grading, reader, service
from jetlms.learning.queries import reading
from jetlms.learning.queries.around import at_item
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.routes.outcomes import outcome


@bp.app_errorhandler(grading.BadPayload)
def _bad_payload(_error: grading.BadPayload) -> Any:
    return error_page(422, gettext("This answer has not the form of its question. Please reload the page."))


@bp.post("/learn/<slug>/<item_key>/seen")
@needs("courses.read")
def seen(slug: str, item_key: str) -> Any:
    """A screen was read."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    screen = whole(request.form.get("screen", ""), other=-1)
    try:
        finished = service.note_screen(here, found, screen, event_id=_event(), client_at=_at())
    except ValueError:
        return error_page(400)
    if wants_json():
        return jsonify(finished=finished)
    if screen + 1 < found["screens"]:
        return redirect(url_for(".item", slug=slug, item_key=item_key, screen=screen + 2))
    return redirect(url_for(".item", slug=slug, item_key=item_key, screen="end"))


@bp.post("/learn/<slug>/<item_key>/answer")
@needs("courses.read")
def answer(slug: str, item_key: str) -> Any:
    """One answer: fields question, number (of the attempt; 0 practice), seq, event, and the answer's own fields."""
    number = whole(request.form.get("number", "0"), other=-1)
    here = reading.answering(current_user, slug, item_key, number)
    found = reading.item_or_404(here.release_id, item_key)
    question_id = request.form.get("question", "")
    source = service.source(here, item_key, question_id)
    payload = grading.payload_from_form(source, request.form, question_id)
    if grading.empty(payload):
        return error_page(422, gettext("Please give an answer first."))
    saved = service.answer(by=current_user, context=here, item=found, question_id=question_id, payload=payload,
                           seq=whole(request.form.get("seq", "")) or None, number=number, event_id=_event(), client_at=_at())
    if not wants_json():
        target = ".item" if number == 0 else ".attempt"
        screen = request.form.get("screen", "")
        place = {"screen": screen if screen == "end" else max(whole(screen), 1)} if number == 0 else {"number": number}
        return redirect(url_for(target, slug=slug, item_key=item_key, _anchor=question_id, **place))
    feedback = render_template("learning/feedback.html", question=source, mark=saved.mark, lang=lang(),
                               claim=url_for(".wording", slug=slug, item_key=item_key, question=question_id)) if saved.mark else ""
    return jsonify(saved_at=i18n.moment(saved.saved_at, current_user.zone), right=saved.mark.right if saved.mark else None,
                   feedback=feedback, finished=saved.finished, stale=saved.stale)


@bp.post("/learn/<slug>/<item_key>/attempts")
@needs("courses.read")
def start(slug: str, item_key: str) -> Any:
    here = reading.answering(current_user, slug, item_key, 1)
    found = reading.item_or_404(here.release_id, item_key)
    if found["kind"] != "quiz":
        raise Refused(gettext("This item has no test."))
    number = service.start_attempt(by=current_user, enrolment=here, item=found)
    return redirect(url_for(".attempt", slug=slug, item_key=item_key, number=number))


@bp.post("/learn/<slug>/<item_key>/attempts/<int:number>")
@needs("courses.read")
def submit(slug: str, item_key: str, number: int) -> Any:
    """Save every answer of the form, then (button `hand_in`) mark the attempt. Without a script this is the only way to save."""
    here = reading.answering(current_user, slug, item_key, number)
    found = reading.item_or_404(here.release_id, item_key)
    _save_form(here, found, number)
    if "hand_in" in request.form:
        service.submit(by=current_user, context=here, item=found, number=number)
    return redirect(url_for(".attempt", slug=slug, item_key=item_key, number=number))


@bp.post("/learn/<slug>/<item_key>/hand-in")
@needs("courses.read")
def hand_in(slug: str, item_key: str) -> Any:
    """Save a task, and (button `hand_in`) hand it in."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    wrong = _store_uploads(here, found) | (_unfinished(here, found) if "hand_in" in request.form else {})
    if wrong:
        return task_again(here, found, wrong), 422
    _save_form(here, found, 0)
    if "hand_in" in request.form:
        service.hand_in(by=current_user, context=here, item=found)
    return redirect(url_for(".item", slug=slug, item_key=item_key))


def _unfinished(here: Any, found: dict[str, Any]) -> dict[str, str]:
    """Return what is missing before a task can be handed in, by question: no text, or not the length asked for."""
    wrong: dict[str, str] = {}
    if here.submitted_at is not None:
        return wrong
    for question_id, source in service.sources(here.release_id, found["id"]).items():
        if source["type"] != "essay" or question_id not in request.form:
            continue
        payload = grading.payload_from_form(source, request.form, question_id)
        reason = "empty" if grading.empty(payload) else grading.mark(source, payload).reason
        if reason == "empty":
            wrong[question_id] = gettext("Please write your text first.")
        elif reason:
            wrong[question_id] = gettext("%(min)s to %(max)s characters are asked for; this text has %(now)s.", min=source["min"],
                                         max=source["max"], now=len(payload))
    return wrong


def _store_uploads(here: Any, found: dict[str, Any]) -> dict[str, str]:
    """Keep the files that came with a task; returns what is wrong with them, by question."""
    wrong: dict[str, str] = {}
    if here.submitted_at is not None:
        return wrong
    for question_id, source in service.sources(here.release_id, found["id"]).items():
        upload = request.files.get(question_id) if source["type"] == "file" else None
        if upload is None or not upload.filename:
            continue
        try:
            kept = files.store(upload.read(), upload.filename, by=current_user, accept=tuple(source["accept"]))
        except files.Unacceptable as why:
            wrong[question_id] = str(why)
            continue
        kept.owner_type, kept.owner_id = "enrolment", here.id
        service.answer(by=current_user, context=here, item=found, question_id=question_id, seq=None,
                       payload={"token": kept.token, "name": kept.filename})
    return wrong


def task_again(here: Any, found: dict[str, Any], wrong: dict[str, str]) -> str:
    """Return the task's page with what was typed and what is wrong with its files; nothing has been saved."""
    _attempt, answers = reading.answers_of(current_user.id, found["id"], 0)
    for question_id, source in service.sources(here.release_id, found["id"]).items():
        typed = grading.payload_from_form(source, request.form, question_id)
        if not grading.empty(typed):
            answers[question_id] = SimpleNamespace(payload=typed, seq=0, right=None)
    around = reader.around(outline(here.release_id), found["id"])
    done = reading.progress_of(current_user.id, [i["id"] for i in around["module"]["items"]])
    page = reader.page(here.release_id, found, lang(), person_id=current_user.id, answers=answers)
    return render_template("learning/task.html", here=here, item=found, page=page, attempt=None, answers=answers, around=around, done=done,
                           errors=wrong, mine=at_item(current_user.id, here.course_id, found["id"]), note=None,
                           **outcome(here, found, here.attempt_id, here.submitted_at))


@bp.get("/learn/files/<token>")
@signed_in
def own_file(token: str) -> Any:
    """A file one has handed in oneself; nobody else's."""
    found = db.session.scalars(select(files.Attachment).where(
        files.Attachment.token == token, files.Attachment.uploaded_by == current_user.id)).one_or_none()
    if found is None:
        raise NotFound
    return files.response(found)


def _save_form(here: Any, found: dict[str, Any], number: int) -> None:
    """Save the answers that the form carries; unanswered questions are left as they are."""
    if here.submitted_at is not None:
        return
    for question_id, source in service.sources(here.attempt_release_id or here.release_id, found["id"]).items():
        if source["type"] == "file":
            continue
        payload = grading.payload_from_form(source, request.form, question_id)
        if grading.empty(payload):
            continue
        service.answer(by=current_user, context=here, item=found, question_id=question_id, payload=payload, seq=None, number=number)


def _event() -> str:
    """Return the client's event id if it is a UUID, else a new one."""
    try:
        return str(uuid.UUID(request.form.get("event", "")))
    except ValueError:
        return str(uuid.uuid4())


def _at() -> datetime | None:
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
