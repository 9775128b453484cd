"""The daily review: ten minutes of cards; one's own words."""
import uuid
from datetime import datetime
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock, exports
from jetlms.core.forms import whole
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang
from jetlms.learning import review as rules
from jetlms.learning import service
from jetlms.learning.models import Course, ReviewCard
from jetlms.learning.queries import review as queries
from jetlms.learning.routes import bp


@bp.get("/review")
@needs("cards.review")
def review() -> Any:
    state = queries.today(current_user)
    cap, more = rules.daily_cap(state["took"]), "more" in request.args
    most = rules.share(state["due"], state["done"], cap, more=more)
    cards = queries.session(current_user, most, lang()) if most else []
    # What is due comes first; new cards are offered when nothing is left of it today.
    room = 0 if cards else min(rules.NEW_A_DAY - state["new"], rules.share(rules.NEW_A_DAY, state["done"], cap, more=more))
    return render_template("learning/review.html", cards=cards, state=state, cap=cap, more=more, ids=[str(uuid.uuid4()) for _card in cards],
                           fresh=len(queries.candidates(current_user, room)), last=queries.latest(current_user),
                           further=not cards and 0 < state["due"] and state["done"] < 2 * cap)


@bp.post("/review")
@needs("cards.review")
def begin_review() -> Any:
    """Begin with the new cards of today."""
    service.begin_cards(by=current_user)
    return redirect(url_for(".review"))


@bp.post("/review/<int:card_id>")
@needs("cards.review")
def look(card_id: int) -> Any:
    """Note a look at a card (fields rating 1–4, event, text, took, at)."""
    service.look(by=current_user, card_id=card_id, rating=whole(request.form.get("rating", "")), log_id=_id(), text=request.form.get("text", ""),
                 took_ms=whole(request.form.get("took", "")), at=_at())
    return jsonify(saved_at="") if wants_json() else redirect(url_for(".review", more=request.form.get("more") or None))


@bp.post("/review/undo")
@needs("cards.review")
def undo_review() -> Any:
    """Take the last look back."""
    service.undo(by=current_user)
    return redirect(url_for(".review"))


@bp.get("/review/words")
@needs("cards.review")
def review_words() -> Any:
    asked, after = request.args.get("asked", "").strip()[:100], whole(request.args.get("after", ""))
    found = queries.words(current_user, asked=asked, after=after)
    shown = found[:queries.PAGE]
    faces = {face["id"]: face for face in queries.faces(current_user, shown, lang())}
    return render_template("learning/review_words.html", cards=shown, faces=faces, asked=asked, after=after, more=len(found) > queries.PAGE,
                           now=clock.now())


@bp.get("/review/log.csv")
@needs("cards.review")
def review_log() -> Any:
    """Everything she reviewed, to take away: what comes next is computed from it."""
    head = [gettext("When (UTC)"), gettext("Card"), gettext("How well (1 to 4; 0 takes a look back)"), gettext("Typed"), gettext("Milliseconds")]
    lines = ((row.at.isoformat(), row.key, row.rating, row.text, row.took_ms) for row in queries.log(current_user))
    return exports.download(exports.csv_stream(head, lines), "review-log.csv", exports.CSV)


@bp.post("/review/<int:id>/<any(suspend, back):step>")
@needs("cards.review", load="id")
def suspend_card(card: ReviewCard, step: str) -> Any:
    """Put a card aside, or take it in again."""
    service.suspend(by=current_user, card=card, back=step == "back")
    return redirect(url_for(".review_words", after=request.form.get("after") or None, asked=request.form.get("asked") or None,
                            _anchor=f"card-{card.id}"))


@bp.post("/learn/<slug>/glossary/<term>/review")
@needs("courses.read", load="slug")
def review_term(course: Course, term: str) -> Any:
    """Put a word of the glossary into the review."""
    service.add_term(by=current_user, course=course, term=term)
    return redirect(url_for(".glossary", slug=course.slug, _anchor=term))


def _id() -> str:
    """Return the client's id of a look if it is a UUID, else a new one."""
    try:
        return str(uuid.UUID(request.form.get("event") or request.form.get("id", "")))
    except ValueError:
        return str(uuid.uuid4())


def _at() -> datetime | None:
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
