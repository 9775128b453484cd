"""The gradebook: every learner of a course against everything in it that has a result. Few statements, whatever the size."""
from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, bindparam, case, cast, func, select, tuple_
from sqlalchemy.sql.functions import aggregate_strings

from jetlms.core import policy
from jetlms.core.db import db, rows
from jetlms.learning import progress
from jetlms.learning.models import Course, Enrolment, GradeOverride, Progress, Submission
from jetlms.learning.policy import STATUS
from jetlms.learning.releases import outline
from jetlms.people.models import Participant, Person

CELLS, FEWEST, MOST = 1200, 12, 100        # a window of the gradebook: so many results, in so many rows
# Thousands of cells a window: each learner's in one row, as "item=best=done" (numbers; "" for no result), cut here.
CELL = Progress.item_key + "=" + func.coalesce(cast(Progress.best, String), "") + "=" + case((Progress.done_at.is_(None), "0"), else_="1")
BEST = select(Progress.person_id, aggregate_strings(CELL, ",")).where(
    Progress.person_id.in_(bindparam("people", expanding=True)), Progress.item_key.in_(bindparam("keys", expanding=True))).group_by(
    Progress.person_id)


def columns(course: Course) -> list[dict[str, Any]]:
    """Return what has a result, in the order of the course: quizzes, tasks, tests that are marked."""
    return [item for item in progress.items_of(outline(course.release_id or 0))
            if item["kind"] in {"quiz", "task"} or item.get("marked")]


def page(columns: list[dict[str, Any]]) -> int:
    """Return how many learners a window has: the fewer columns, the more."""
    return max(FEWEST, min(MOST, CELLS // max(1, len(columns))))


def one(user: Any, course: Course, person_id: int) -> dict[str, Any] | None:
    """Return one learner with her results, None when she is not to be seen."""
    return next(iter(window(user, course, person_id=person_id)), None)


def window(user: Any, course: Course, *, after: str = "", most: int = MOST, person_id: int | None = None) -> list[dict[str, Any]]:
    """Return learners by name, each with her results: {"row", "cells": {item: {"value", "done", "override"}}}."""
    query = (
        select(Enrolment.id, Enrolment.person_id, Enrolment.done, Enrolment.required, Enrolment.completed_at, STATUS.label("state"),
               Person.display_name, Person.sort_name, Person.katakana_name, Participant.jet_number)
        .join(Person, Person.id == Enrolment.person_id).outerjoin(Participant, Participant.person_id == Person.id)
        .where(Enrolment.course_id == course.id, policy.scope(user, "gradebook.read")))
    if person_id is not None:
        query = query.where(Enrolment.person_id == person_id)
    number, _tilde, name = after.partition("~")
    if number.isascii() and number.isdigit() and len(number) < 18:  # noqa: PLR2004 -- what a column holds
        query = query.where(tuple_(Person.sort_name, Enrolment.id) > tuple_(name, int(number)))
    found = db.session.execute(query.order_by(Person.sort_name, Enrolment.id).limit(most)).all()
    cells = results(course, [row.person_id for row in found], [item["id"] for item in columns(course)])
    return [{"row": row, "cells": cells[row.person_id]} for row in found]


def results(course: Course, people: list[int], keys: list[str]) -> dict[int, dict[str, dict[str, Any]]]:
    """Return person → item → result. Three statements: best results, marks, overrides (the newest wins)."""
    found: dict[int, dict[str, dict[str, Any]]] = {person: {} for person in people}
    for person, cells in rows(BEST, people=people, keys=keys).all():
        mine = found[person]
        for cell in cells.split(","):
            key, best, done = cell.split("=")
            mine[key] = {"value": int(best) if best else None, "done": done == "1", "override": None}
    for person, key, score in db.session.execute(
            select(Submission.person_id, Submission.item_key, func.max(Submission.score))
            .where(Submission.person_id.in_(people), Submission.course_id == course.id, Submission.state == "returned")
            .group_by(Submission.person_id, Submission.item_key)):
        found[person].setdefault(key, {"done": True, "override": None})["value"] = score
    for row in db.session.scalars(select(GradeOverride).where(
            GradeOverride.person_id.in_(people), GradeOverride.course_id == course.id).order_by(GradeOverride.id)):
        cell = found[row.person_id].setdefault(row.item_key, {"value": None, "done": False, "override": None})
        cell["value"], cell["override"] = row.new, row
    return found


def key(row: Any) -> str:
    """Return the key of a row, from which the next page goes on."""
    return f"{row.id}~{row.sort_name}"


def everybody(user: Any, course: Course) -> Iterator[dict[str, Any]]:
    """Yield every learner with her results, a window at a time."""
    after = ""
    while found := window(user, course, after=after, most=500):
        yield from found
        after = key(found[-1]["row"])


def history(person_id: int, course_id: int, item_key: str) -> list[Any]:
    """Return the overrides of one result with who made them, the newest first."""
    return list(db.session.execute(
        select(GradeOverride.old, GradeOverride.new, GradeOverride.reason, GradeOverride.at, Person.display_name)
        .join(Person, Person.id == GradeOverride.actor_id)
        .where(GradeOverride.person_id == person_id, GradeOverride.course_id == course_id, GradeOverride.item_key == item_key)
        .order_by(GradeOverride.id.desc())))
