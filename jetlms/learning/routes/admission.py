"""Applying for a course: the applicant's pages, the level check, and the organisation's decision."""
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import audit, clock, files
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import gettext, lang
from jetlms.learning import grading, service
from jetlms.learning.forms import admission as forms
from jetlms.learning.forms.asked import answered
from jetlms.learning.models import AdmissionRound, Application
from jetlms.learning.queries import admission as queries
from jetlms.learning.queries import reading
from jetlms.learning.releases import outline
from jetlms.learning.routes import bp
from jetlms.learning.workflow import ADMISSION
from jetlms.people.models import Person


@bp.get("/learn/<slug>/apply")
@needs("rounds.read")
def apply(slug: str) -> Any:
    """The round, her application in it, and what comes next."""
    here, found, others = _round(slug)
    mine = queries.own(current_user, found.id)
    form = forms.Apply.posted(**{name: getattr(mine, name) for name in forms.FACTS} if mine else {})
    return _page(here, found, mine, form, others)


@bp.post("/learn/<slug>/apply")
@needs("applications.write")
def send_application(slug: str) -> Any:
    """Keep the draft (button `save`), or send it (button `send`)."""
    here, found, others = _round(slug)
    mine, form, send = queries.own(current_user, found.id), forms.Apply.posted(), "send" in request.form
    good = form.validate()
    kept = _upload(form)
    if not good or form.errors or (send and not form.complete(evidence=bool(kept or (mine and mine.evidence)))):
        return _page(here, found, mine, form, others, 422)
    service.save_application(by=current_user, found=found, facts=form.facts(), evidence=kept, send=send)
    flash(gettext("Your application has been sent to your organisation.") if send else gettext("The draft has been kept. Nothing has been sent yet."))
    return redirect(url_for(".apply", slug=slug, round=found.id))


def _upload(form: forms.Apply) -> Any:
    """Keep the file that came with the form; what is wrong with it stands at its place."""
    upload = request.files.get("evidence")
    if upload is None or not upload.filename:
        return None
    try:
        return files.store(upload.read(), upload.filename, by=current_user)
    except files.Unacceptable as why:
        form.evidence.errors = [str(why)]
        return None


def _round(slug: str) -> tuple[Any, AdmissionRound, list[AdmissionRound]]:
    """Return the course, the round that the request names or else the one to show, and the others."""
    here = reading.context(current_user, slug)
    there = queries.rounds_of(current_user, here.course_id)
    asked = whole(request.values.get("round", ""))
    found = next((one for one in there if one.id == asked), None) if "round" in request.values else queries.present(current_user, there)
    if found is None:
        raise NotFound
    return here, found, [one for one in there if one.id != found.id]


def _page(here: Any, found: AdmissionRound, mine: Any, form: Any, others: list[AdmissionRound], code: int = 200) -> Any:  # noqa: PLR0913, PLR0917
    now = clock.now()
    return render_template(
        "learning/apply.html", here=here, round=found, mine=mine, form=form, others=others, work=queries.employment(current_user.id),
        states=ADMISSION.states, opened=found.opens_at <= now < found.closes_at, coming=now < found.opens_at,
        check_opens=clock.start_of_day(found.check_from), check_closes=clock.end_of_day(found.check_until), now=now,
        steps={step.name for step in ADMISSION.open(mine, current_user)} if mine else set(), shortest=forms.SHORTEST, longest=forms.LONGEST,
        before=queries.waiting_before(mine) if mine and mine.state == "waitlisted" else 0,
        check=outline(here.release_id).get("admission") or {}), code


@bp.post("/applications/<number>/withdraw")
@needs("applications.write", load="number")
def withdraw_application(application: Application) -> Any:
    service.withdraw_application(by=current_user, application=application)
    return redirect(_at_round(application))


def _at_round(application: Application) -> str:
    return url_for(".apply", slug=queries.course_of(application).slug, round=application.round_id)


# -- the level check ---------------------------------------------------------------------------------------------------------------

@bp.post("/applications/<number>/check")
@needs("applications.write", load="number")
def begin_check(application: Application) -> Any:
    service.begin_check(by=current_user, application=application)
    return redirect(url_for(".check", number=application.number))


@bp.get("/applications/<number>/check")
@needs("applications.write", load="number")
def check(application: Application) -> Any:
    return _question(application)


@bp.post("/applications/<number>/check/answer")
@needs("applications.write", load="number")
def answer_check(application: Application) -> Any:
    """Fields: number, the question's own, and `unknown` where she does not know."""
    number = whole(request.form.get("number", ""))
    if application.state == "approved" and application.check_until and number == len(application.answers) + 1:
        asked = service.check_questions(application)
        payload, wrong = answered(asked[min(number, len(asked)) - 1])
        if wrong:
            return _question(application, wrong), 422
        service.answer_check(application=application, number=number, payload=payload)
    return redirect(url_for(".check", number=application.number))


def _question(application: Application, wrong: str = "") -> Any:
    asked = service.check_questions(application) if application.state == "approved" and application.check_until else []
    number = len(application.answers) + 1
    if number > len(asked) or application.check_until is None or clock.now() > application.check_until:
        return redirect(_at_round(application))
    source = asked[number - 1]
    shown = grading.public(source, grading.arrange(source, application.check_seed or 0), lang())
    return render_template("learning/placement.html", to=url_for(".answer_check", number=application.number), title=gettext("Level check"),
                           back=_at_round(application), question=shown, number=number, of=len(asked), wrong=wrong,
                           until=application.check_until)


# -- the organisation --------------------------------------------------------------------------------------------------------------

@bp.get("/applications")
@needs("applications.approve")
def applications() -> Any:
    rows = queries.to_organisation(current_user)
    audit.record_read("applications.read", [("person", row.person_id) for row in rows], by=current_user)
    return render_template("learning/applications.html", rows=rows, states=ADMISSION.states)


@bp.route("/applications/<number>/decide", methods=["GET", "POST"])
@needs("applications.approve", load="number")
def decide(application: Application) -> Any:
    form: Any = forms.Decide.posted(approver=current_user.name)
    refusing = "refuse" in request.form
    if form.sent() and form.complete(refusing=refusing, schooling=application.schooling):
        _decided(application, form, refusing=refusing)
        return redirect(url_for(".applications"), 303)
    if request.method == "GET":
        audit.record_read("applications.read", [("person", application.person_id)], by=current_user)
    found = db.session.get_one(AdmissionRound, application.round_id)
    return render_template("learning/decide.html", application=application, round=found, course=queries.course_of(application), form=form,
                           who=db.session.get_one(Person, application.person_id), states=ADMISSION.states,
                           late=clock.today() > found.approve_by), 422 if form.errors else 200


def _decided(application: Application, form: Any, *, refusing: bool) -> None:
    if refusing:
        service.refuse(by=current_user, application=application, approver=form.approver.data, reason=form.reason.data)
        flash(gettext("You have not approved application %(number)s. The applicant has been told, with your reason.", number=application.number))
    else:
        service.approve(by=current_user, application=application, approver=form.approver.data, travel=form.travel.data)
        flash(gettext("You have approved application %(number)s. The applicant has been told.", number=application.number))
