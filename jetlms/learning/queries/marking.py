"""What marking asks: the queue, one test with its marks, what a learner got back, how long people wait."""
import re
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_

from jetlms.core import clock, policy
from jetlms.core.db import TODAY, db, rows
from jetlms.learning.models import Course, CourseTutor, Mark, MarkComment, Snippet, Submission
from jetlms.people.models import Appointment, Person
from jetlms.people.policy import LIVE

PAGE = 30
KEY = re.compile(r"^(\d{4}-\d{2}-\d{2})~(\d{1,17})$", re.ASCII)
OPEN = ("waiting", "marking", "second_waiting", "second_marking", "moderation")
LINE = (
    Submission.id, Submission.number, Submission.round, Submission.state, Submission.item_key, Submission.release_id, Submission.kind,
    Submission.handed_in_at, Submission.due_on, Submission.late, Submission.score, Submission.returned_at, Submission.marker_id,
    Course.title, Course.slug)
RESULTS = (
    select(Submission.id, Submission.number, Submission.round, Submission.state, Submission.score, Submission.handed_in_at, Submission.returned_at,
           Submission.due_on, Submission.late, Submission.cap, Submission.revise_until, Submission.kind)
    .where(Submission.attempt_id == bindparam("attempt")).order_by(Submission.round.desc()))


# What stands in each list of the queue; a second opinion is somebody else's than the first.
LISTS: dict[str, ColumnElement[bool]] = {
    "waiting": and_(Submission.state.in_(("waiting", "second_waiting")), or_(Submission.state == "waiting", Submission.id.not_in(
        select(Mark.submission_id).where(Mark.marker_id == bindparam("me"))))),
    "mine": and_(Submission.marker_id == bindparam("me"), Submission.state.in_(OPEN)),
    "returned": Submission.state == "returned",
}
IN_TURN = tuple_(Submission.due_on, Submission.id)
QUEUES = {name: select(*LINE).join(Course, Course.id == Submission.course_id)
          .where(condition, IN_TURN > tuple_(bindparam("day"), bindparam("after"))).order_by(Submission.due_on, Submission.id).limit(PAGE + 1)
          for name, condition in LISTS.items()}
FOLLOWING = select(Submission.number).where(LISTS["waiting"], Submission.id != bindparam("but")).order_by(Submission.due_on, Submission.id).limit(1)
COUNTS = select(
    func.count().filter(Submission.state.in_(("waiting", "second_waiting"))).label("waiting"), func.count().filter(LISTS["mine"]).label("mine"),
    func.count().filter(and_(Submission.state.in_(OPEN), Submission.due_on < TODAY)).label("overdue"))


def queue(user: Any, *, state: str, after: str = "") -> list[Any]:
    """Return a page of the tests this tutor marks, the oldest duty first, one more than a page when there are more."""
    found = KEY.match(after)
    day, number = (_day(found[1]), int(found[2])) if found else (date.min, 0)
    return list(rows(policy.narrow(QUEUES[state], user, "submissions.mark"), day=day, after=number, **_me(state, user)))


def _me(state: str, user: Any) -> dict[str, int]:
    """Return who asks, for the lists that depend on it."""
    return {} if state == "returned" else {"me": user.id}


def _day(text: str) -> date:
    """Return the day of a key; of one that nobody made, the first."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def counts(user: Any) -> dict[str, int]:
    """Return how many tests wait, lie before her and are overdue; one statement."""
    return dict(rows(policy.narrow(COUNTS, user, "submissions.mark"), me=user.id).one()._mapping)  # noqa: SLF001 -- the public name of it


def next_waiting(user: Any, but: int) -> Any:
    """Return the number of the next test she could take."""
    return rows(policy.narrow(FOLLOWING, user, "submissions.mark"), me=user.id, but=but).scalar()


def marks(submission_id: int) -> list[dict[str, Any]]:
    """Return the marks of a test with their comments, the first marker's first."""
    found: dict[int, dict[str, Any]] = {mark.id: {"mark": mark, "comments": []} for mark in db.session.scalars(
        select(Mark).where(Mark.submission_id == submission_id).order_by(Mark.id))}
    for comment in db.session.scalars(select(MarkComment).where(MarkComment.mark_id.in_(found)).order_by(MarkComment.id)):
        found[comment.mark_id]["comments"].append(comment)
    return list(found.values())


def snippets(person_id: int) -> list[Any]:
    """Return a tutor's sentences."""
    return list(db.session.execute(select(Snippet.id, Snippet.text).where(Snippet.person_id == person_id).order_by(Snippet.text)))


def states_of(person_id: int, course_id: int) -> dict[str, Any]:
    """Return what became of everything she handed in to be marked in a course: item → the newest round's state, its score the best."""
    found: dict[str, Any] = {}
    best = func.max(Submission.score).over(partition_by=Submission.item_key).label("best")
    mine = Submission.person_id == person_id, Submission.course_id == course_id
    for row in db.session.execute(select(Submission.item_key, Submission.state, best).where(*mine).order_by(Submission.round)):
        found[row.item_key] = row
    return found


def waiting(person_id: int, course_id: int) -> set[str]:
    """Return the items of a course that she handed in and that lie with tutors."""
    return {key for key, row in states_of(person_id, course_id).items() if row.state != "returned"}


def results(attempt_id: int | None) -> list[dict[str, Any]]:
    """Return what became of a test, the newest round first: each with marks and comments once it has been returned."""
    if not attempt_id:
        return []
    return [{**row._mapping, "marks": marks(row.id) if row.state == "returned" else []} for row in rows(RESULTS, attempt=attempt_id)]  # noqa: SLF001


def course_of(submission: Submission) -> Course:
    """Return the course of a test."""
    return db.session.get_one(Course, submission.course_id)


def tutors_of(course_id: int) -> list[Any]:
    """Return who marks a course."""
    return list(db.session.execute(select(Person.id, Person.display_name).join(CourseTutor, CourseTutor.person_id == Person.id)
                                   .where(CourseTutor.course_id == course_id).order_by(Person.sort_name)))


def oversight(user: Any) -> list[dict[str, Any]]:
    """Return for every course that is marked how many tests wait, are overdue and were returned, and the days they took."""
    returned = Submission.state == "returned"
    found = db.session.execute(
        select(Course.id, Course.slug, Course.title, Course.release_id,
               func.count(Submission.id).filter(Submission.state.in_(OPEN)).label("open"),
               func.count(Submission.id).filter(and_(Submission.state.in_(OPEN), Submission.due_on < clock.today())).label("overdue"),
               func.count(Submission.id).filter(returned).label("returned"), func.avg(Submission.took_days).label("days"),
               func.max(Submission.took_days).label("longest"))
        .join(Submission, Submission.course_id == Course.id, isouter=True)
        .where(policy.scope(user, "courses.assign")).group_by(Course.id).order_by(Course.id)).all()
    tutors: dict[int, list[Any]] = {}
    for row in db.session.execute(select(CourseTutor.course_id, Person.id, Person.display_name).join(Person, Person.id == CourseTutor.person_id)
                                  .order_by(Person.sort_name)):
        tutors.setdefault(row.course_id, []).append(row)
    return [{**row._mapping, "tutors": tutors.get(row.id, [])} for row in found]  # noqa: SLF001


def people_who_tutor() -> list[Any]:
    """Return everybody who has the role of a tutor today."""
    return list(db.session.execute(
        select(Person.id, Person.display_name)
        .where(Person.id.in_(select(Appointment.person_id).where(Appointment.role == "tutor", LIVE))).order_by(Person.sort_name, Person.id)))


def to_watch(user: Any) -> list[Any]:
    """Return the tests the desk should look at: those it decides, and those that are overdue; at most a page."""
    return list(db.session.execute(
        select(*LINE, Person.display_name.label("marker"), and_(Submission.state == "moderation").label("decides"))
        .join(Course, Course.id == Submission.course_id).outerjoin(Person, Person.id == Submission.marker_id)
        .where(policy.scope(user, "submissions.oversee"),
               or_(Submission.state == "moderation", and_(Submission.state.in_(OPEN), Submission.due_on < clock.today())))
        .order_by(Submission.due_on, Submission.id).limit(PAGE)))
