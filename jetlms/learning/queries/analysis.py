"""Answers for the item analysis, and the results that another key would change: handed-in attempts with what was answered."""
from typing import Any

from sqlalchemy import bindparam, func, select

from jetlms.core.db import db, rows
from jetlms.learning import analysis, progress
from jetlms.learning.models import Answer, Attempt, Course, Regrade, Release
from jetlms.learning.releases import outline, text
from jetlms.people.models import Person

MOST = 3000                # first attempts that are looked at, the newest
FIRST = (
    select(Attempt.id, Attempt.release_id, Attempt.questions)
    .where(Attempt.course_id == bindparam("course"), Attempt.item_key == bindparam("item"), Attempt.number == 1,
           Attempt.submitted_at.is_not(None)).order_by(Attempt.id.desc()).limit(MOST))
CHOSEN = (
    select(Answer.attempt_id, Answer.question_id, Answer.payload, Answer.score, Answer.right)
    .where(Answer.attempt_id.in_(bindparam("attempts", expanding=True))))
AT_ONCE = 500              # attempts whose answers are asked with one statement


def quizzes(course: Course) -> list[dict[str, Any]]:
    """Return the quizzes of the release that learners see."""
    return [item for item in progress.items_of(outline(course.release_id or 0)) if item["kind"] == "quiz"]


def sheets(course: Course, item_key: str) -> tuple[dict[str, dict[str, Any]], list[analysis.Sheet]]:
    """Return the questions of a quiz as they are now, and its first attempts. Where a key was another one, the question is left out."""
    found = text(course.release_id or 0, item_key, "en")
    questions: dict[str, dict[str, Any]] = found["questions"] if found else {}
    keys = answer_keys(course, item_key)
    now = keys.get(course.release_id or 0, {})
    attempts = rows(FIRST, course=course.id, item=item_key).all()
    answers = answers_of([attempt.id for attempt in attempts])
    made = []
    for attempt in attempts:
        same = {q["id"] for q in attempt.questions if keys.get(attempt.release_id, {}).get(q["id"]) == now.get(q["id"])}
        given = {row.question_id: row for row in answers.get(attempt.id, ()) if row.question_id in same}
        made.append(analysis.Sheet({q: float(given[q].score or 0) if q in given else 0.0 for q in same},
                                   frozenset(q for q, row in given.items() if row.right), {q: row.payload for q, row in given.items()}))
    return questions, made


def answers_of(attempt_ids: list[int]) -> dict[int, list[Any]]:
    """Return attempt → its answers."""
    found: dict[int, list[Any]] = {}
    for begin in range(0, len(attempt_ids), AT_ONCE):
        for row in rows(CHOSEN, attempts=attempt_ids[begin:begin + AT_ONCE]):
            found.setdefault(row.attempt_id, []).append(row)
    return found


def answer_keys(course: Course, item_key: str | None = None) -> dict[int, dict[str, str]]:
    """Return release → question → hash of its answer key, of one item or of all."""
    found: dict[int, dict[str, str]] = {}
    for release_id, manifest in db.session.execute(select(Release.id, Release.manifest).where(Release.course_id == course.id)):
        items = [manifest["items"].get(item_key)] if item_key else list(manifest["items"].values())
        found[release_id] = {q: digest for item in items if item for q, digest in item["questions"].items()}
    return found


def attempts_with_other_keys(course: Course) -> list[tuple[Any, set[str]]]:
    """Return the handed-in graded attempts whose questions have another key now, each with these questions.

    An attempt that was regraded (or whose learner kept her mark) is compared with the release of that decision.
    """
    keys = answer_keys(course)
    now = keys.get(course.release_id or 0, {})
    last = select(func.max(Regrade.release_id)).where(Regrade.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    other = [release for release, those in keys.items() if any(now.get(q, digest) != digest for q, digest in those.items())]
    asked = db.session.execute(
        select(Attempt.id, Attempt.person_id, Attempt.item_key, Attempt.release_id, Attempt.number, Attempt.questions, Attempt.percent,
               Attempt.passed, func.coalesce(last, Attempt.release_id).label("judged_by"), Person.display_name)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.course_id == course.id, Attempt.kind == "quiz", Attempt.submitted_at.is_not(None),
               func.coalesce(last, Attempt.release_id).in_(other)).order_by(Attempt.item_key, Person.sort_name, Attempt.number)).all()
    found = []
    for attempt in asked:
        before = keys[attempt.judged_by]
        changed = {q["id"] for q in attempt.questions if q["id"] in now and before.get(q["id"], now[q["id"]]) != now[q["id"]]}
        if changed:
            found.append((attempt, changed))
    return found


def decided(course: Course) -> list[Any]:
    """Return how many results were changed by each release's keys: state → number."""
    return list(db.session.execute(
        select(Release.number, Regrade.state, func.count().label("count")).join(Release, Release.id == Regrade.release_id)
        .where(Release.course_id == course.id).group_by(Release.number, Regrade.state).order_by(Release.number.desc(), Regrade.state)))


def regrades_of(attempt_id: int) -> list[Any]:
    """Return what became of one attempt when keys changed, oldest first."""
    return list(db.session.execute(
        select(Regrade.id, Regrade.release_id, Regrade.before, Regrade.after, Regrade.marks, Regrade.state, Regrade.reason, Regrade.made_at)
        .where(Regrade.attempt_id == attempt_id).order_by(Regrade.id)))
