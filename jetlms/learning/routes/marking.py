"""Tutors: the queue, one test; the desk: who marks what, how long it takes, when tests are open; learners: a revision."""
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from jetlms.core import clock, files, i18n
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.forms import whole
from jetlms.core.frame import page as error_page
from jetlms.core.frame import wants_json
from jetlms.core.guard import needs
from jetlms.core.i18n import lang
from jetlms.learning import assignments, rubric, service, workbench
from jetlms.learning.forms import marking as forms
from jetlms.learning.models import Course, Submission
from jetlms.learning.queries import marking as queries
from jetlms.learning.releases import item_of, outline, text
from jetlms.learning.routes import bp
from jetlms.learning.workflow import MARKING


@bp.get("/marking")
@needs("submissions.mark")
def marking() -> Any:
    state, after = request.args.get("state", ""), request.args.get("after", "")
    state = state if state in {"mine", "returned"} else "waiting"
    found = queries.queue(current_user, state=state, after=after)
    return render_template("learning/marking_queue.html", rows=found[:queries.PAGE], more=len(found) > queries.PAGE, state=state, after=after,
                           counts=queries.counts(current_user), item_of=item_of, states=MARKING.states, snippets=queries.snippets(current_user.id),
                           today=clock.today(), snippet=forms.Snippet())


@bp.post("/marking/snippets")
@needs("submissions.mark")
def keep_snippet() -> Any:
    form = forms.Snippet.posted()
    if not form.validate():
        return error_page(422, next(reason for field in form for reason in field.errors))
    service.keep_snippet(by=current_user, text=form.text.data)
    return redirect(url_for(".marking", _anchor="snippets"))


@bp.post("/marking/snippets/<int:snippet_id>/remove")
@needs("submissions.mark")
def drop_snippet(snippet_id: int) -> Any:
    service.drop_snippet(by=current_user, snippet_id=snippet_id)
    return redirect(url_for(".marking", _anchor="snippets"))


@bp.get("/marking/<number>")
@needs("submissions.judge", load="number")
def mark(submission: Submission) -> Any:
    return _page(submission)


def _page(submission: Submission, code: int = 200, **shown: Any) -> Any:
    exercise = text(submission.release_id, submission.item_key, lang())
    item = item_of(submission.release_id, submission.item_key)
    found = queries.marks(submission.id)
    mine = next((m for m in found if m["mark"].marker_id == current_user.id and m["mark"].done_at is None), None)
    decides = submission.state == "moderation"
    done = [m for m in found if m["mark"].done_at and (decides or submission.state == "returned" or m["mark"].marker_id == current_user.id)]
    asked = exercise["exercise"] if exercise else None
    lines = assignments.page(exercise["questions"] if exercise else {}, submission, lang()) if submission.kind == "task" else \
        workbench.marked_page(asked or {}, submission)
    return render_template(
        "learning/marking_page.html", it=submission, item=item, page=exercise, lines=lines, mine=mine, done=done, decides=decides,
        exercise=asked or {"source": exercise["lang"] if exercise else "", "target": ""}, criteria=rubric.criteria(submission.kind),
        levels=rubric.levels(submission.kind),
        score=rubric.score, states=MARKING.states, snippets=queries.snippets(current_user.id), comment=forms.Comment(),
        following=None if decides else queries.next_waiting(current_user, submission.id),
        **({"refused": "", "refused_at": "", "typed": {}} | shown)), code


@bp.get("/marking/<number>/files/<question>")
@needs("submissions.judge", load="number")
def handed_in_file(submission: Submission, question: str) -> Any:
    """Return a file of an assignment, under a name that does not say whose it is."""
    payload = submission.content.get(question)
    found = db.session.scalars(select(files.Attachment).where(files.Attachment.token == payload["token"])).one_or_none() \
        if isinstance(payload, dict) and submission.kind == "task" else None
    if found is None:
        raise NotFound
    return files.response(found, name=f"{submission.number}.{assignments.ending(found.filename)}")


@bp.post("/marking/<number>/<any(take, put_back):step>")
@needs("submissions.judge", load="number")
def hand(submission: Submission, step: str) -> Any:
    {"take": service.take, "put_back": service.put_back}[step](by=current_user, submission=submission)
    return redirect(url_for(".mark", number=submission.number) if step == "take" else url_for(".marking"))


@bp.post("/marking/<number>")
@needs("submissions.judge", load="number")
def judge(submission: Submission) -> Any:
    """Save the draft of a judgement (fields score-…, remark, seq); buttons `finish` and `second`: finish it."""
    form = forms.Remark.posted()
    if not form.validate():
        reason = next(reason for field in form for reason in field.errors)
        return error_page(422, reason) if wants_json() else _page(submission, 422, refused=reason, typed=request.form.to_dict())
    saved = service.save_mark(by=current_user, submission=submission, scores=forms.scores(request.form, submission.kind),
                              remark=form.remark.data or "", seq=whole(request.form.get("seq", "")) or None)
    if wants_json():
        return jsonify(stale=not saved, saved_at=i18n.moment(clock.now(), current_user.zone))
    if not {"finish", "second"} & request.form.keys():
        return redirect(url_for(".mark", number=submission.number, _anchor="rubric"))
    decides = submission.state == "moderation"
    try:
        service.finish(by=current_user, submission=submission, ask_second="second" in request.form)
    except Refused as why:
        return _page(submission, 409, refused=why.message, typed=request.form.to_dict())
    if decides:
        return redirect(url_for(".oversight"))
    following = queries.next_waiting(current_user, submission.id)
    return redirect(url_for(".mark", number=following, done=submission.number) if following else url_for(".marking", done=submission.number))


@bp.post("/marking/<number>/comments")
@needs("submissions.judge", load="number")
def write_comment(submission: Submission) -> Any:
    form, place = forms.Comment.posted(), request.form.get("place", "")
    if not form.validate():
        reason = next(reason for field in form for reason in field.errors)
        return _page(submission, 422, refused_at=place, refused=reason, typed=request.form.to_dict())
    service.comment(by=current_user, submission=submission, place=place, text=form.text.data, error=form.error.data, second=form.second.data)
    return redirect(url_for(".mark", number=submission.number, _anchor=place))


@bp.post("/marking/<number>/comments/<int:comment_id>/remove")
@needs("submissions.judge", load="number")
def remove_comment(submission: Submission, comment_id: int) -> Any:
    service.remove_comment(by=current_user, submission=submission, comment_id=comment_id)
    return redirect(url_for(".mark", number=submission.number, _anchor=request.form.get("place") or None))


@bp.post("/learn/submissions/<number>/revise")
@needs("submissions.own", load="number")
def revise(submission: Submission) -> Any:
    """Open a returned test for its revision."""
    service.revise(by=current_user, submission=submission)
    course = queries.course_of(submission)
    return redirect(url_for(".item", slug=course.slug, item_key=submission.item_key))


@bp.get("/marking/oversight")
@needs("submissions.oversee")
def oversight() -> Any:
    found = [row for row in queries.oversight(current_user) if outline(row["release_id"])["marking"] or row["open"]]
    return render_template("learning/oversight.html", courses=found, watched=queries.to_watch(current_user), item_of=item_of,
                           today=clock.today(), states=MARKING.states)


@bp.get("/courses/<slug>/tests")
@needs("courses.assign", load="slug")
def tests(course: Course) -> Any:
    return _tests(course, {})


def _tests(course: Course, wrong: dict[str, Any], code: int = 200) -> Any:
    plan = outline(course.release_id or 0)
    modules = [module for module in plan["modules"] if any(item.get("marked") for item in module["items"])]
    have = service.sittings_of(course.id)
    windows = {m["id"]: wrong.get(m["id"]) or forms.Window(obj=have.get(m["id"])) for m in modules}
    return render_template("learning/tests.html", course=course, modules=modules, windows=windows, wrong=bool(wrong), plan=plan,
                           people=queries.people_who_tutor(), tutors={row.id for row in queries.tutors_of(course.id)}), code


@bp.post("/courses/<slug>/tests/windows")
@needs("courses.assign", load="slug")
def set_windows(course: Course) -> Any:
    plan = outline(course.release_id or 0)
    given = {m["id"]: forms.Window.posted(prefix=f"{m['id']}-") for m in plan["modules"] if any(item.get("marked") for item in m["items"])}
    if [key for key, form in given.items() if not form.validate()]:
        return _tests(course, given, 422)
    service.set_sittings(by=current_user, course=course, windows={key: form.values_() for key, form in given.items()})
    return redirect(url_for(".tests", slug=course.slug))


@bp.post("/courses/<slug>/tests/tutors")
@needs("courses.assign", load="slug")
def set_tutors(course: Course) -> Any:
    known = {person.id for person in queries.people_who_tutor()}
    chosen = [number for number in (whole(value) for value in request.form.getlist("tutor")) if number in known]
    service.set_tutors(by=current_user, course=course, person_ids=chosen)
    return redirect(url_for(".tests", slug=course.slug))
