"""Organisations: the tree of host bodies and contracting organisations, one of them with its people, and who works there."""
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock, policy
from jetlms.core.db import db
from jetlms.core.forms import whole
from jetlms.core.guard import needs
from jetlms.core.i18n import _, gettext, lang
from jetlms.people.forms import records as forms
from jetlms.people.models import Organisation
from jetlms.people.queries import directory as queries
from jetlms.people.routes import bp
from jetlms.people.service import organisations as service
from jetlms.people.sessions import ROLE_LABELS
from jetlms.people.workflow import LIFE

KINDS = {
    "prefecture": _("Prefecture"), "designated_city": _("Designated city"), "contracting": _("Contracting organisation"), "clair": _("CLAIR"),
    "section": _("Department of CLAIR"), "overseas_office": _("Overseas office"),
}
OFFICIALS = frozenset({"supervisor", "host_staff", "adviser", "clair_desk", "author", "tutor", "counsellor", "administrator"})
FIELDS = ("name_ja", "name_en", "kana", "closed_on")


@bp.get("/organisations")
@needs("organisations.view")
def organisations() -> Any:
    words = request.args.get("q", "").strip()[:100]
    if not words:
        return render_template("people/organisations.html", hosts=queries.hosts(current_user), rows=None, words="", kinds=KINDS, more=False)
    rows = queries.organisations(current_user, words=words, after=whole(request.args.get("after", "")))
    return render_template("people/organisations.html", hosts=[], rows=rows[:queries.PAGE], more=len(rows) > queries.PAGE, words=words, kinds=KINDS)


@bp.get("/organisations/<int:id>")
@needs("organisations.view")
def organisation(found: Organisation) -> Any:
    host = db.session.get(Organisation, found.host_id) if found.host_id else None
    after = whole(request.args.get("after", ""))
    children = queries.organisations(current_user, host_id=found.id, after=after) if found.kind in queries.HOSTS else []
    members = queries.members(current_user, found, after=request.args.get("people_after", "")[:300]) if _may_look(found) else []
    officials = OFFICIALS & current_user.roles or any(found.id in reach for reach in current_user.reach.values())
    return render_template(
        "people/organisation.html", organisation=found, host=host, children=children[:queries.PAGE], more=len(children) > queries.PAGE,
        members=members[:queries.PAGE], more_members=len(members) > queries.PAGE, staff=queries.staff(found) if officials else None,
        kinds=KINDS, roles=ROLE_LABELS, states=LIFE.states, page_key=queries.key, today=clock.today(),
        to_give=service.roles_to_give(current_user, found) if policy.can(current_user, "organisations.edit") else ())


def _may_look(found: Organisation) -> bool:
    """Only contracting organisations have participants, and not everybody may list people."""
    return found.kind == "contracting" and policy.can(current_user, "people.list")


@bp.route("/organisations/new", methods=["GET", "POST"])
@needs("organisations.edit")
def new_organisation() -> Any:
    form: Any = forms.NewOrganisation.posted(host=whole(request.args.get("host", "")) or None)
    bodies = [row for row in queries.hosts(current_user) if row.kind in queries.HOSTS]
    form.host.choices = [(row.id, row.name_ja if lang() == "ja" else row.name_en) for row in bodies]
    if form.sent():
        made = service.add_organisation(
            by=current_user, host=db.session.get_one(Organisation, form.host.data), name_ja=form.name_ja.data, name_en=form.name_en.data,
            kana=form.kana.data or "", code=form.code.data, slug=form.slug.data)
        flash(gettext("The organisation has been added."))
        return redirect(url_for(".organisation", id=made.id), 303)
    return render_template("people/organisation_new.html", form=form), 422 if form.errors else 200


@bp.route("/organisations/<int:id>/edit", methods=["GET", "POST"])
@needs("organisations.edit")
def edit_organisation(found: Organisation) -> Any:
    form: Any = forms.OrganisationForm.posted(**{name: getattr(found, name) for name in FIELDS})
    if form.sent():
        form.refuse_stale(found, url_for(".edit_organisation", id=found.id))
        service.change_organisation(by=current_user, organisation=found, name_ja=form.name_ja.data, name_en=form.name_en.data,
                                    kana=form.kana.data or "", closed_on=form.closed_on.data)
        flash(gettext("The organisation has been saved."))
        return redirect(url_for(".organisation", id=found.id), 303)
    return render_template("people/organisation_edit.html", organisation=found, form=form), 422 if form.errors else 200


@bp.route("/organisations/<int:id>/appoint", methods=["GET", "POST"])
@needs("organisations.edit", confirmed=True)
def appoint(found: Organisation) -> Any:
    roles = service.roles_to_give(current_user, found)
    form: Any = forms.Appoint.posted(starts_on=clock.today(), role=roles[0] if len(roles) == 1 else None)
    form.role.choices = [(role, ROLE_LABELS[role]) for role in roles]
    if form.sent():
        service.appoint(by=current_user, organisation=found, role=form.role.data, email=form.email.data, starts_on=form.starts_on.data,
                        ends_on=form.ends_on.data, family_name=form.family_name.data, given_name=form.given_name.data or "",
                        katakana_name=form.katakana_name.data or "", locale=form.locale.data)
        flash(gettext("The role has been given. Who is new gets an invitation by e-mail."))
        return redirect(url_for(".organisation", id=found.id), 303)
    return render_template("people/appoint.html", organisation=found, form=form), 422 if form.errors else 200


@bp.route("/organisations/<int:id>/appointments/<int:appointment_id>/end", methods=["GET", "POST"])
@needs("organisations.edit", confirmed=True)
def end_appointment(found: Organisation, appointment_id: int) -> Any:
    form: Any = forms.EndAppointment.posted(on_date=clock.today())
    if form.sent():
        service.end_appointment(by=current_user, organisation=found, appointment_id=appointment_id, on_date=form.on_date.data)
        flash(gettext("The role ends on this day."))
        return redirect(url_for(".organisation", id=found.id), 303)
    row = next((row for row in queries.staff(found) if row.id == appointment_id), None)
    if row is None:
        abort(404)
    return render_template("people/appointment_end.html", organisation=found, row=row, form=form, roles=ROLE_LABELS), 422 if form.errors else 200
