"""“Mine should be accepted”: a learner sends her answer to the authors; they decide once for everybody who gave the same."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core.errors import NotFound
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang, ngettext
from jetlms.learning import service
from jetlms.learning.forms import around as forms
from jetlms.learning.models import WordingRequest
from jetlms.learning.queries import reading
from jetlms.learning.queries import wordings as queries
from jetlms.learning.routes import bp
from jetlms.learning.service.wordings import TYPES, shown


@bp.route("/learn/<slug>/<item_key>/wording", methods=["GET", "POST"])
@needs("courses.read")
def wording(slug: str, item_key: str) -> Any:
    """One's own wrong answer (fields question; number of the attempt, 0 practice), and a remark if she likes."""
    number, question_id = whole(request.values.get("number", "0")), request.values.get("question", "")
    here = reading.answering(current_user, slug, item_key, number)
    found = reading.item_or_404(here.release_id, item_key)
    question = service.source(here, found["id"], question_id)
    attempt, answers = reading.answers_of(current_user.id, found["id"], number)
    answer = answers.get(question_id)
    if answer is None or answer.right is not False or question["type"] not in TYPES:
        raise NotFound                             # nothing typed that was marked wrong (of a test: not before it is handed in)
    form: Any = forms.Remark.posted()
    if form.sent():
        service.send_wording(by=current_user, context=here, release_id=attempt.release_id, item_key=found["id"], question=question, answer=answer,
                             remark=form.remark.data or "")
        flash(gettext("Thank you. An author looks at your answer; you will get a notice."))
        return redirect(url_for(".wording", slug=slug, item_key=item_key, question=question_id, number=number), 303)
    sent = queries.own(current_user, question_id, service.folded(question, answer.payload))
    return render_template("learning/wording.html", here=here, item=found, question=question, answer=shown(answer.payload), form=form, sent=sent,
                           number=number, lang=lang()), 422 if form.errors else 200


@bp.get("/courses/wordings")
@needs("wordings.decide")
def wordings() -> Any:
    """The queue of authors."""
    return _queue()


@bp.post("/courses/wordings/<int:id>")
@needs("wordings.decide")
def decide_wording(found: WordingRequest) -> Any:
    """Decide (button `taken`, or `refused` with a reason) for everybody who waits with this answer."""
    state, form = "taken" if "taken" in request.form else "refused", forms.Reason.posted()
    if state == "refused" and not form.validate():
        return _queue({found.id: form}), 422
    told = service.decide_wording(by=current_user, wording=found, state=state, reason=form["reason"].data if state == "refused" else "")
    flash(ngettext("%(num)d person has been told.", "%(num)d people have been told.", told))
    return redirect(url_for(".wordings"), 303)


def _queue(refused: dict[int, Any] | None = None) -> str:
    entries = queries.queue(current_user)
    return render_template("learning/wordings.html", entries=entries[:queries.PAGE], more=len(entries) > queries.PAGE, shown=shown, lang=lang(),
                           refused=refused or {})
