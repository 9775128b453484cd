"""From a draft to what learners see, and back: checked, confirmed by numbers, recorded."""
import hashlib
import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from jetlms.core import audit, clock
from jetlms.core.db import before_writing, db
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _, gettext
from jetlms.learning import publishing, sources
from jetlms.learning.coursefiles.texts import Problem
from jetlms.learning.models import Course, Draft, DraftFile, Release
from jetlms.learning.service.drafting import texts_of


def files_of(draft: Draft) -> sources.Files:
    """Return the files of a draft."""
    return sources.Files(texts_of(draft), draft.assets)


def state_of(draft: Draft) -> str:
    """Return what a confirmation is about: this very state of the draft, over this very release."""
    total = hashlib.sha256(f"{db.session.scalar(select(Course.release_id).where(Course.id == draft.course_id))}".encode())
    for row in db.session.execute(select(DraftFile.path, DraftFile.seq).where(DraftFile.draft_id == draft.id).order_by(DraftFile.path)):
        total.update(f"{row.path}\0{row.seq}".encode())
    return total.hexdigest()[:24]


def check_draft(*, course: Course, draft: Draft) -> publishing.Preview:
    """Return the linter's findings and what publishing would change; writes nothing. Paths in it are those of the draft."""
    with sources.laid_out(course, files_of(draft)) as folder:
        found = publishing.preview(folder)
        return replace(found, problems=[_in_course(problem, folder) for problem in found.problems])


def _in_course(problem: Problem, folder: Path) -> Problem:
    """Return a finding with the path in the course, not in the temporary folder."""
    above = f"{folder.parent}/"
    return replace(problem, path=problem.path.relative_to(folder), en=problem.en.replace(above, ""), ja=problem.ja.replace(above, ""))


def publish_draft(*, by: Any, course: Course, draft: Draft, state: str) -> Release:
    """Publish a draft whose numbers were confirmed at `state`. The draft stays, to go on from. Raises Refused, publishing.Refusal."""
    number = draft.id
    with ExitStack() as stack:
        with before_writing():                         # reading and rendering takes seconds, in which learners save
            found = files_of(draft)
            _refuse_other(course, found)
            folder = stack.enter_context(sources.laid_out(course, found))
            prepared = publishing.prepare(folder)
        there = db.session.get(Draft, number)          # it may have been discarded meanwhile
        if there is None or state != state_of(there):
            raise Refused(_("The draft or the published course has changed since you looked at the numbers. Please look at them again."))
        release = publishing.store(prepared, by=by.id)
    db.session.execute(update(Draft).where(Draft.id == number).values(release_id=release.id))
    return release


def _refuse_other(course: Course, found: sources.Files) -> None:
    """Raise Refused for the files of another course."""
    if not re.search(rf'^id\s*=\s*"{course.key}"', found.texts.get("course.toml", ""), re.MULTILINE):
        raise Refused(gettext("The id in course.toml must stay as it is: %(id)s.", id=course.key))


def roll_back(*, by: Any, course: Course, number: int, reason: str) -> Release:
    """Let learners see an earlier release again; drafts stay as they are. Raises Refused, NotFound. Twice is harmless."""
    if not reason.strip():
        raise Refused(_("Please write why: the history shows it."))
    found = db.session.scalars(select(Release).where(Release.course_id == course.id, Release.number == number)).one_or_none()
    if found is None:
        raise NotFound
    if found.id != course.release_id:
        publishing.rollback(course.slug, number, by=by.id)
        audit.record("courses.rollback", course, by=by, note=reason.strip(), detail={"release": number, "at": clock.now().isoformat()})
    return found
