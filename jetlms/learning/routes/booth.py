"""The booth: hear a part, speak, listen to oneself, send; compare, rate, delete; hand in a test."""
import re
from typing import Any
from uuid import uuid4

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from jetlms.core import files, i18n
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.forms import whole
from jetlms.core.frame import page as error_page
from jetlms.core.guard import needs
from jetlms.core.i18n import _, gettext, lang
from jetlms.learning import booth, reader, service
from jetlms.learning.forms import segments as forms
from jetlms.learning.models import Take
from jetlms.learning.queries import booth as queries
from jetlms.learning.queries import reading
from jetlms.learning.queries.around import at_item
from jetlms.learning.releases import outline, text
from jetlms.learning.routes import bp
from jetlms.learning.routes.outcomes import outcome

KEY = re.compile(r"^[0-9a-f-]{8,64}$")
HASH = re.compile(r"^[0-9a-f]{64}$")


def interpreting(slug: str, found: dict[str, Any], note: dict[str, str] | None = None, **refused: Any) -> str:
    """Return the page of a speech. `refused`: {part: why}, when something was not taken."""
    here = reading.answering(current_user, slug, found["id"], 0, enrolled=False)
    exercise = service.exercise_of(here, found["id"], lang())
    judged = outcome(here, found, here.attempt_id, here.submitted_at)
    takes = queries.takes(here.attempt_id)
    parts = booth.page(exercise, takes, opened=judged["opened"], reading="read" in request.args)
    around = reader.around(outline(here.release_id), found["id"])
    done = reading.progress_of(current_user.id, [found["id"], *(i["id"] for i in around["module"]["items"])])
    return render_template(
        "learning/interpreting.html", here=here, item=found, page=text(here.attempt_release_id or here.release_id, found["id"], lang()),
        exercise=exercise, parts=[p | refused.get(p["id"], {}) for p in parts], around=around, done=done, attempt=None, rate=forms.Rate(),
        mine=at_item(current_user.id, here.course_id, found["id"]), note=note,
        rated=sum(1 for row in takes.values() if row.rating is not None), **judged)


@bp.post("/learn/<slug>/<item_key>/takes/<part>/<key>/<int:number>")
@needs("courses.read")
def take_piece(slug: str, item_key: str, part: str, key: str, number: int) -> Any:
    """Take one piece of a recording: the body is its bytes."""
    here, found = _speech(slug, item_key, part, key)
    try:
        service.keep_piece(by=current_user, context=here, item=found, part=part, key=key, number=number, data=request.get_data(cache=False))
    except service.Unfit as why:
        return error_page(422, why.message)
    return jsonify(arrived=number)


@bp.get("/learn/<slug>/<item_key>/takes/<part>/<key>")
@needs("courses.read")
def take_pieces(slug: str, item_key: str, part: str, key: str) -> Any:
    """Say which pieces of a recording have arrived."""
    _speech(slug, item_key, part, key)
    return jsonify(arrived=service.arrived(by=current_user, key=key))


@bp.post("/learn/<slug>/<item_key>/takes/<part>/<key>")
@needs("courses.read")
def finish_take(slug: str, item_key: str, part: str, key: str) -> Any:
    """Keep a recording whose pieces have arrived (fields pieces, sha256)."""
    here, found = _speech(slug, item_key, part, key)
    pieces, sha256 = whole(request.form.get("pieces", "")) or 0, request.form.get("sha256", "")
    if not pieces or pieces * service.PIECE > service.LARGEST_TAKE + service.PIECE or not HASH.match(sha256):
        return error_page(422, _("The recording did not arrive as it was sent. Please send it again."))
    try:
        take = service.finish_take(by=current_user, context=here, item=found, part=part, key=key, pieces=pieces, sha256=sha256)
    except service.Missing as missing:
        return jsonify(missing=missing.numbers), 409
    except service.Unfit as why:
        return error_page(422, why.message)
    return jsonify(sha256=take.sha256, seconds=take.seconds, deletes_on=i18n.day(take.deletes_on))


@bp.post("/learn/<slug>/<item_key>/takes/<part>")
@needs("courses.read")
def send_take(slug: str, item_key: str, part: str) -> Any:
    """Take a recording made elsewhere: a file."""
    here, found = _speech(slug, item_key, part)
    sent = request.files.get("recording")
    try:
        if sent is None or not sent.filename:
            raise service.Unfit(gettext("Please choose a file."))
        service.keep_take(by=current_user, context=here, item=found, part=part, key=str(uuid4()), data=sent.read(service.LARGEST_TAKE + 1))
    except service.Unfit as why:
        return interpreting(slug, found, **{part: {"refused": why.message}}), 422
    except Refused as why:
        return interpreting(slug, found, **{part: {"refused": why.message}}), 409
    return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=part))


@bp.post("/learn/<slug>/<item_key>/takes/<part>/rating")
@needs("courses.read")
def rate_take(slug: str, item_key: str, part: str) -> Any:
    """Rate one's own take."""
    here, found = _speech(slug, item_key, part)
    form = forms.Rate.posted()
    if not form.validate():
        reasons = [reason for field in form for reason in field.errors]
        return interpreting(slug, found, **{part: {"refused_rating": reasons[0]}}), 422
    service.rate_take(context=here, item=found, part=part, rating=form.rating.data, errors=form.errors_found.data)
    return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=part))


@bp.post("/learn/<slug>/<item_key>/takes/<part>/delete")
@needs("courses.read")
def delete_take(slug: str, item_key: str, part: str) -> Any:
    """Delete one's own take for good."""
    here, found = _speech(slug, item_key, part)
    service.delete_take(context=here, item=found, part=part)
    return redirect(url_for(".item", slug=slug, item_key=item_key, _anchor=part))


@bp.post("/learn/<slug>/<item_key>/takes")
@needs("courses.read")
def hand_in_takes(slug: str, item_key: str) -> Any:
    """Hand in a spoken test."""
    here = reading.answering(current_user, slug, item_key, 0)
    service.hand_in_takes(by=current_user, context=here, item=reading.item_or_404(here.release_id, item_key))
    return redirect(url_for(".item", slug=slug, item_key=item_key))


@bp.get("/learn/takes/<token>")
@needs("takes.hear", load="token")
def take(found: Take) -> Any:
    """Play a take."""
    return files.sound(db.session.scalars(select(files.Attachment).where(files.Attachment.token == found.token)).one())


def _speech(slug: str, item_key: str, part: str, key: str = "00000000") -> tuple[Any, dict[str, Any]]:
    """Return where she stands and the item, when there is such a part. Raises NotFound."""
    here = reading.answering(current_user, slug, item_key, 0)
    found = reading.item_or_404(here.release_id, item_key)
    service.part_of(here, item_key, part)
    if not KEY.match(key):
        raise NotFound
    return here, found
