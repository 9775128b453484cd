"""People: the list, the record, its editing, and the steps of the life cycle, each on a page that says what will happen."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import audit, clock, policy
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.guard import needs
from jetlms.core.i18n import Text, _, gettext, lang
from jetlms.people import terms
from jetlms.people.forms import records as forms
from jetlms.people.models import ArrivalGroup, Organisation, Participant, Person
from jetlms.people.queries import directory as queries
from jetlms.people.routes import bp
from jetlms.people.service import lifecycle, persons
from jetlms.people.sessions import ROLE_LABELS
from jetlms.people.workflow import LIFE, ROAD, frame_of, latest_end_of, present_end

FIELDS = ("family_name", "given_name", "middle_name", "preferred_name", "katakana_name", "native_name", "nationality", "born_on")
END_WORDS = {
    "resignation": _("Resignation"), "dismissal": _("Dismissal"), "medical": _("Medical reasons"), "visa": _("Visa"), "death": _("Death"),
    "transfer": _("Change of organisation"), "completed": _("Term completed"), "": "",
}
PLAN_WORDS = {"reappointment": _("The new term begins"), "transfer": _("The new organisation begins"), "early_end": _("Ended early")}


@bp.get("/people")
@needs("people.list")
def index() -> Any:
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "job", "prefecture", "state")}
    rows = queries.people(current_user, words=asked["q"], job=asked["job"], prefecture=asked["prefecture"], state=asked["state"],
                          after=request.args.get("after", "")[:300])
    return render_template("people/people.html", rows=rows[:queries.PAGE], more=len(rows) > queries.PAGE, asked=asked, states=LIFE.states,
                           jobs=queries.JOBS, prefectures=[f"{n:02d}" for n in range(1, 48)], roles=ROLE_LABELS, page_key=queries.key)


@bp.get("/people/<int:id>")
@needs("people.view")
def person(found: Person) -> Any:
    audit.record_read("people.read", [("person", found.id)], by=current_user)
    shown = queries.record(found)
    participant = shown["participant"]
    steps = LIFE.open(participant, current_user) if participant else []
    mine = found.id == current_user.id
    full = mine or policy.can(current_user, "people.edit", found)
    return render_template("people/person.html", **shown, steps=[s for s in steps if s.name in STEPS], full=full, mine=mine, states=LIFE.states,
                           road=_road(participant) if participant else [], roles=ROLE_LABELS, ends=END_WORDS, plans_words=PLAN_WORDS,
                           latest=latest_end_of(participant) if participant else None, life=LIFE, today=clock.today(),
                           may_move=participant is not None and policy.can(current_user, "participants.move", participant))


def _road(participant: Participant) -> list[dict[str, Any]]:
    """Return the status bar: the usual road with her place on it; a state beside the road takes the place it departs from."""
    beside = {"deferred": "pre_departure", "reappointing": "appointed", "transferring": "appointed"}
    here = beside.get(participant.state, participant.state)
    if here not in ROAD:
        return []
    place = ROAD.index(here)
    return [{"state": "done" if n < place else "now" if n == place else "next",
             "label": LIFE.states[participant.state if n == place else name].label, "note": ""} for n, name in enumerate(ROAD)]


@bp.route("/people/<int:id>/edit", methods=["GET", "POST"])
@needs("people.edit")
def edit_person(found: Person) -> Any:
    form: Any = forms.PersonForm.posted(**{name: getattr(found, name) for name in FIELDS})
    if form.sent():
        form.refuse_stale(found, url_for(".edit_person", id=found.id))
        persons.change_person(by=current_user, person=found, **{name: form[name].data or (None if name == "born_on" else "") for name in FIELDS})
        flash(gettext("The record has been saved."))
        return redirect(url_for(".person", id=found.id), 303)
    return render_template("people/person_edit.html", person=found, form=form), 422 if form.errors else 200


# ── Steps of the life cycle ───────────────────────────────────────────────────────────────────────────────────────────

@dataclass(frozen=True)
class StepPage:
    """One step's page: its form, what happens, and who does it."""

    form: type[Any]
    says: Text
    act: Callable[[Participant, Any], Any]
    label: Text = ""


def _simple(name: str) -> Callable[[Participant, Any], Any]:
    return lambda who, _form: lifecycle.take(by=current_user, participant=who, step=name)


def _group(form: Any) -> ArrivalGroup | None:
    return next((g for g in queries.coming_groups() if str(g.id) == form.group.data), None)


def _reschedule(who: Participant, form: Any) -> None:
    group = _group(form)
    if group is None:
        raise NotFound
    lifecycle.reschedule(by=current_user, participant=who, group=group)


def _transfer(who: Participant, form: Any) -> None:
    organisation: Organisation | None = queries.open_organisation(form.organisation.data)
    if organisation is None:
        raise LookupError
    lifecycle.transfer(by=current_user, participant=who, organisation=organisation, on_date=form.on_date.data, reason=form.reason.data,
                       workplace=form.workplace.data or "")


STEPS: dict[str, StepPage] = {
    "place": StepPage(forms.Step, _("The participant reads on her page which organisation has chosen her."), _simple("place")),
    "prepare": StepPage(forms.Step, _("Her visa papers are complete. Courses for those who prepare to leave open to her."), _simple("prepare")),
    "defer": StepPage(forms.Defer, _("She will come later. Her JET number stays. With a new intake her appointment moves to its dates."),
                      lambda who, form: lifecycle.defer(by=current_user, participant=who, reason=form.reason.data, group=_group(form))),
    "reschedule": StepPage(forms.Reschedule, _("Her appointment begins the day after this intake arrives, and lasts a year."), _reschedule),
    "withdraw": StepPage(forms.ReasonStep, _("She will not come. Her appointment is taken back, and her record is closed. This cannot be undone."),
                         lambda who, form: lifecycle.withdraw(by=current_user, participant=who, reason=form.reason.data)),
    "confirm_arrival": StepPage(forms.Arrival, _("She is in Japan. Her appointment begins by itself on its first day."),
                                lambda who, form: lifecycle.confirm_arrival(by=current_user, participant=who, on_date=form.on_date.data)),
    "reappoint": StepPage(forms.Reappoint, _("A further term at the same organisation begins the day after the present one ends, by itself."),
                          lambda who, form: lifecycle.reappoint(by=current_user, participant=who, ends_on=form.ends_on.data,
                                                                workplace=form.workplace.data or "")),
    "transfer": StepPage(forms.Transfer, _("The present appointment ends the day before, and the former organisation then no longer sees her record. The new one begins "  # noqa: E501
                                           "on the day, for the rest of the term."), _transfer),
    "finish": StepPage(forms.Step, _("There will be no further term. After the last day her term is completed by itself."), _simple("finish")),
    "complete": StepPage(forms.Step, _("Her term is over. She keeps her account, her learning record and her certificates."), _simple("complete")),
    "end_early": StepPage(forms.EndEarly, _("The appointment ends on this day, and later terms are taken back. After a death the account closes and no mail is ever sent. "  # noqa: E501
                                            "This cannot be undone."),
                          lambda who, form: lifecycle.end_early(by=current_user, participant=who, kind=form.kind.data, on_date=form.on_date.data,
                                                                reason=form.reason.data)),
    "join_alumni": StepPage(forms.Step, _("She has agreed to be counted among the alumni."), _simple("join_alumni")),
}


@bp.route("/people/<int:person_id>/steps/<step>", methods=["GET", "POST"])
@needs("participants.move", load="person_id")
def life_step(participant: Participant, step: str) -> Any:
    page = STEPS.get(step)
    if page is None:
        abort(404)
    form: Any = page.form.posted(**_proposed(participant, step))
    if "group" in form:
        form.group.choices = [("", gettext("not known yet")), *((str(g.id), g.name_ja if lang() == "ja" else g.name_en) for g in queries.coming_groups())]  # noqa: E501
    if form.sent():
        try:
            page.act(participant, form)
        except LookupError:
            form.organisation.errors = [gettext("There is no single contracting organisation with this code or name.")]
        else:
            flash(gettext("This has been recorded."))
            return redirect(url_for(".person", id=participant.person_id), 303)
    return render_template("people/step.html", participant=participant, person=db.session.get_one(Person, participant.person_id),
                           form=form, page=page, step=LIFE.steps[step], latest=latest_end_of(participant),
                           state=LIFE.states[participant.state]), 422 if form.errors else 200


def _proposed(participant: Participant, step: str) -> dict[str, Any]:
    if step == "confirm_arrival":
        return {"on_date": clock.today()}
    end, frame = present_end(participant), frame_of(participant)
    if step == "reappoint" and end and frame:
        return {"ends_on": terms.proposed_end(frame, end, participant.term_no)}
    return {}


@bp.route("/people/<int:person_id>/limits", methods=["GET", "POST"])
@needs("participants.move", load="person_id")
def limits(participant: Participant) -> Any:
    form: Any = forms.Limits.posted(outstanding=participant.outstanding, max_ends_on=participant.max_ends_on)
    if form.sent():
        form.refuse_stale(participant, url_for(".limits", person_id=participant.person_id))
        persons.set_limits(by=current_user, participant=participant, outstanding=form.outstanding.data, max_ends_on=form.max_ends_on.data,
                           reason=form.reason.data)
        flash(gettext("This has been recorded."))
        return redirect(url_for(".person", id=participant.person_id), 303)
    return render_template("people/limits.html", participant=participant, person=db.session.get_one(Person, participant.person_id),
                           form=form, latest=latest_end_of(participant)), 422 if form.errors else 200


