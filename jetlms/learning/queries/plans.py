"""Plans of study: what is left of a course, and on which days she means to do it."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from jetlms.core.db import rows
from jetlms.learning import planner, progress
from jetlms.learning.models import Course, Enrolment, Progress, StudyPlan
from jetlms.learning.releases import outline

AHEAD = timedelta(days=56)             # how far calendars show sessions: what lies behind that changes anyway
PLAN = select(StudyPlan.weekdays, StudyPlan.minutes, StudyPlan.starts_at).where(
    StudyPlan.person_id == bindparam("reader"), StudyPlan.course_id == bindparam("course"))
PLANS = (
    select(StudyPlan.weekdays, StudyPlan.minutes, StudyPlan.starts_at, Enrolment.course_id, Enrolment.closes_on, Course.slug, Course.title,
           func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"))
    .join(Enrolment, (Enrolment.person_id == StudyPlan.person_id) & (Enrolment.course_id == StudyPlan.course_id))
    .join(Course, Course.id == StudyPlan.course_id)
    .where(StudyPlan.person_id == bindparam("reader"), Enrolment.completed_at.is_(None), Course.retired_at.is_(None),
           Course.release_id.is_not(None)))
DONE = select(Progress.item_key).where(Progress.person_id == bindparam("reader"), Progress.done_at.is_not(None))


@dataclass(frozen=True)
class Outlook:
    """Where a goal leads: `until` is the day by which she wants to be done, `required` and `daily` the minutes that would reach it."""

    sessions: list[planner.Session]
    week: list[planner.Session]
    items: dict[str, Any]
    minutes_left: int
    until: date
    is_due: bool                       # the day her organisation expects; else the last day for answering
    reaches: bool
    required: int | None               # minutes on each of the chosen days
    daily: int | None                  # minutes if she learnt every day


def plan_of(person_id: int, course_id: int) -> Any:
    """Return her plan for a course, or None."""
    return rows(PLAN, reader=person_id, course=course_id).first()


def done_by(person_id: int) -> set[str]:
    """Return the items she has done."""
    return {row.item_key for row in rows(DONE, reader=person_id)}


def outlook(here: Any, plan: Any, done: set[str], today: date) -> Outlook:
    """Return where a plan (weekdays, minutes) leads in a course (a row of queries.reading.context)."""
    left = progress.unmet(outline(here.release_id), done)
    weekdays, total = planner.days(plan.weekdays), sum(item["minutes"] for item in left)
    sessions = planner.sessions([(item["id"], item["minutes"]) for item in left], weekdays, plan.minutes, today)
    is_due = here.due_on is not None and here.due_on >= today
    until = here.due_on if is_due else here.closes_on
    return Outlook(
        sessions, planner.this_week(sessions, today), {item["id"]: item for item in left}, total, until, is_due,
        reaches=not sessions or sessions[-1].day <= until, required=planner.enough(total, weekdays, today, until),
        daily=planner.enough(total, planner.EVERY_DAY, today, until))


def sessions_of(person_id: int, today: date) -> list[dict[str, Any]]:
    """Return the sessions of all her plans in the coming weeks, soonest first: {"day", "minutes", "starts_at", "slug", "title"}."""
    plans = rows(PLANS, reader=person_id).all()
    done = done_by(person_id) if plans else set()
    found = []
    for plan in plans:
        left = [(item["id"], item["minutes"]) for item in progress.unmet(outline(plan.release_id), done)]
        found += [{"day": s.day, "minutes": s.minutes, "starts_at": plan.starts_at, "slug": plan.slug, "title": plan.title,
                   "course_id": plan.course_id}
                  for s in planner.sessions(left, planner.days(plan.weekdays), plan.minutes, today)
                  if s.day <= min(today + AHEAD, plan.closes_on)]
    return sorted(found, key=lambda line: (line["day"], line["starts_at"], line["slug"]))
