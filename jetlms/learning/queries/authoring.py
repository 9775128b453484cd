"""What authors ask: courses with their releases and drafts, the files of a draft, what differs between two states."""
import difflib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, select

from jetlms.core import policy
from jetlms.core.audit import AuditEntry
from jetlms.core.db import db, rows
from jetlms.core.errors import NotFound
from jetlms.learning.models import Attempt, Course, Draft, DraftFile, Enrolment, Release
from jetlms.people.models import Person

LONGEST_DIFFERENCE = 3000              # lines shown of the difference of one file
FILE = (
    select(DraftFile.path, DraftFile.text, DraftFile.seq, DraftFile.changed_at, Person.display_name)
    .outerjoin(Person, Person.id == DraftFile.changed_by)
    .where(DraftFile.draft_id == bindparam("draft"), DraftFile.path == bindparam("path")))
RELEASES = (
    select(Release.id, Release.number, Release.published_at, Person.display_name)
    .outerjoin(Person, Person.id == Release.published_by).where(Release.course_id == bindparam("course")).order_by(Release.number.desc()))
ACTS = (
    select(AuditEntry.at, AuditEntry.action, AuditEntry.note, AuditEntry.detail, Person.display_name)
    .outerjoin(Person, Person.id == AuditEntry.actor_id)
    .where(AuditEntry.subject_type == "course", AuditEntry.subject_id == bindparam("course"),
           AuditEntry.action == "courses.rollback").order_by(AuditEntry.id.desc()).limit(100))


def courses(user: Any) -> list[Any]:
    """Return the courses the user may publish: with the release that learners see, and the draft, if there is one."""
    return list(db.session.execute(
        select(Course.slug, Course.title, Course.retired_at, Release.number, Release.published_at, Draft.changed_at, Person.display_name,
               Draft.release_id.label("base_id"), Course.release_id)
        .outerjoin(Release, Release.id == Course.release_id).outerjoin(Draft, Draft.course_id == Course.id)
        .outerjoin(Person, Person.id == Draft.changed_by)
        .where(policy.scope(user, "courses.publish")).order_by(Course.id)))


def draft_of(course: Course) -> Draft | None:
    """Return the draft of a course."""
    return db.session.scalars(select(Draft).where(Draft.course_id == course.id)).one_or_none()


def draft_or_404(course: Course) -> Draft:
    """Return the draft of a course. Raises NotFound."""
    found = draft_of(course)
    if found is None:
        raise NotFound
    return found


def file_or_404(draft: Draft, path: str) -> Any:
    """Return a file of a draft: text, seq, who changed it last and when. Raises NotFound."""
    found = rows(FILE, draft=draft.id, path=path).first()
    if found is None:
        raise NotFound
    return found


def releases(course: Course) -> list[Any]:
    """Return the releases of a course, the newest first."""
    return list(rows(RELEASES, course=course.id))


def rollbacks(course: Course) -> list[Any]:
    """Return when learners were shown an earlier release again, by whom and why."""
    return list(rows(ACTS, course=course.id))


def release_or_404(course: Course, number: int) -> Any:
    """Return one release. Raises NotFound."""
    found = next((row for row in releases(course) if row.number == number), None)
    if found is None:
        raise NotFound
    return found


def reach(course: Course) -> dict[str, int]:
    """Return how many people a new release reaches: {"learners" (not completed), "completed", "open" (attempts being taken)}."""
    learners, completed = db.session.execute(
        select(func.count(), func.count(Enrolment.completed_at)).where(Enrolment.course_id == course.id)).one()
    open_ = db.session.scalar(select(func.count()).select_from(Attempt).where(
        Attempt.course_id == course.id, Attempt.number > 0, Attempt.submitted_at.is_(None))) or 0
    return {"learners": learners - completed, "completed": completed, "open": open_}


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the files that differ: [{"path", "change": added | removed | changed, "lines": [(kind, text)], "more"}].

    Kinds are "+", "-", "@" (where in the file) and " ". `more`: how many lines are not shown.
    """
    found = []
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) == new.get(path):
            continue
        change = "added" if path not in old else "removed" if path not in new else "changed"
        lines = unified(old.get(path, ""), new.get(path, ""))
        found.append({"path": path, "change": change, "lines": lines[:LONGEST_DIFFERENCE], "more": max(len(lines) - LONGEST_DIFFERENCE, 0)})
    return found


def unified(old: str, new: str) -> list[tuple[str, str]]:
    """Return the difference of two texts, line by line, as (kind, text)."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=3, lineterm="")
    return [("@", line) if line.startswith("@@") else (line[:1], line[1:]) for line in list(lines)[2:]]
