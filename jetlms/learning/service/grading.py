"""Set a result by hand: with a name, a reason and what it was before. The newest override wins; it never takes "done" away."""
from typing import Any

from jetlms.core import audit, notices
from jetlms.core.db import db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _
from jetlms.learning.models import Course, GradeOverride
from jetlms.learning.queries import gradebook
from jetlms.learning.releases import outline
from jetlms.learning.service import progress


def override(*, by: Any, course: Course, person_id: int, item_key: str, new: int, reason: str) -> None:
    """Set the result of one item. Passing by it counts as done. Raises Refused (no reason, one's own), NotFound."""
    item = next((i for i in gradebook.columns(course) if i["id"] == item_key), None)
    enrolment = progress.enrolment_of(person_id, course.id)
    if item is None or enrolment is None:
        raise NotFound
    if person_id == by.id:
        raise Refused(_("Nobody changes her own result."))
    if not reason.strip():
        raise Refused(_("Please write a reason: the learner reads it."))
    cells = gradebook.results(course, [person_id], [item_key])[person_id]
    old = cells.get(item_key, {}).get("value")
    if old == new:
        return                          # the same again
    made = GradeOverride(person_id=person_id, course_id=course.id, item_key=item_key, old=old, new=new, reason=reason.strip(), actor_id=by.id)
    db.session.add(made)
    db.session.flush()
    audit.record("grades.override", course, by=by, note=reason, detail={"person": person_id, "item": item_key, "old": old, "new": new})
    plan = outline(enrolment.release_id)
    needed = plan["marking"]["pass_percent"] if item.get("marked") else plan["mastery"]["pass_percent"]
    if new >= needed:
        progress.touch(person_id, item_key)
        if progress.mark_done(enrolment, item_key, "passed"):
            progress.fold_enrolment(enrolment, item_key, None, refold=True)
    notices.send("learning.override", person_id, dedup=f"learning.override:{made.id}", params={
        "course": course.title, "item": item["title"], "score": new, "reason": reason.strip(), "url_slug": course.slug, "url_item_key": item_key})
