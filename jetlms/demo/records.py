"""Learning records of the demo: events first, then the folds computed from them by the same rules as live ones."""
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from jetlms.core import clock
from jetlms.core.db import db, unit
from jetlms.learning import progress, service
from jetlms.learning.models import Course, Enrolment, LearningEvent, Progress
from jetlms.learning.releases import outline
from jetlms.learning.service import progress as recording
from jetlms.people.models import Consent, Participant

Say = Callable[..., None]
KAI = {"tefl-foundations": "rule", "new-alt-essentials": "rule", "japanese-beginner": "self"}      # slug → how he came to it
BATCH = 250
# How far people are: (share of learners, share of the course done, days since they were last here)
KINDS = ((0.18, 1.0, 20), (0.30, 0.62, 2), (0.17, 0.38, 3), (0.20, 0.22, 24), (0.15, 0.0, 0))


def study(ids: dict[str, int], learners: list[int], dice: random.Random, say: Say) -> None:
    """Enrol everybody and let them study; then the cast by name."""
    with unit():
        courses = list(db.session.scalars(select(Course).order_by(Course.id)))
        main = courses[0]
        plan, release = outline(main.release_id or 0), main.release_id or 0
    alts = set()
    with unit():
        alts = set(db.session.scalars(select(Participant.person_id).where(Participant.job_type == "ALT")))
    who = [person for person in learners if person in alts]
    for begin in range(0, len(who), BATCH):
        with unit():
            _study_batch(who[begin:begin + BATCH], begin, main.id, release, plan, dice)
        say("learning records", min(begin + BATCH, len(who)), len(who))
    with unit():
        _cast(ids, courses)
        consents = [{"person_id": person, "purpose": "learning_names_host", "given_at": clock.now()} for person in who if person % 3 == 0]
        if consents:
            db.session.execute(insert(Consent), consents)


def _cast(ids: dict[str, int], courses: list[Course]) -> None:
    """Ann is in the middle of the course, Ben has just begun, Kai and Hana are still before or after it all."""
    for name, count in (("ann", 11), ("ben", 2)):
        service.enrol(by=None, course=courses[0], person_id=ids[name], via="rule")
        enrolment = db.session.execute(select(Enrolment.__table__).where(Enrolment.person_id == ids[name])).one()
        plan = outline(courses[0].release_id or 0)
        for item in progress.items_of(plan)[:count]:
            _do(_Row(enrolment, courses[0].release_id or 0), item)
    for course in courses:
        if course.slug in KAI:
            service.enrol(by=None, course=course, person_id=ids["kai"], via=KAI[course.slug])


class _Row:
    """An enrolment as services expect it, read again before each act."""

    def __init__(self, row: Any, release_id: int) -> None:
        self.id, self.release_id = row.id, release_id

    def __getattr__(self, name: str) -> Any:
        return getattr(db.session.execute(select(Enrolment.__table__).where(Enrolment.id == self.id)).one(), name)


def _do(enrolment: Any, item: dict[str, Any]) -> None:
    """Do one item as a learner would, through the services."""
    if item["kind"] == "lesson":
        for screen in range(item["screens"]):
            recording.note_screen(enrolment, item, screen)
        if item["questions"]:
            recording.note_answered(enrolment, item, f"demo-{item['id']}", item["questions"])
    else:
        if item["kind"] == "quiz":
            recording.note_submitted(enrolment, item["id"], 80 if len(item["id"]) % 2 else 100)
        else:
            recording.touch(enrolment.person_id, item["id"])
        recording.mark_done(enrolment, item["id"], "passed" if item["kind"] == "quiz" else "handed_in")
        recording.fold_enrolment(enrolment, item["id"], None, refold=True)


def _study_batch(people: list[int], offset: int, course_id: int, release: int, plan: dict[str, Any], dice: random.Random) -> None:
    events: list[dict[str, Any]] = []
    folds: list[dict[str, Any]] = []
    enrolments = []
    for number, person in enumerate(people):
        share, days = _kind(dice)
        mine = _events(person, offset + number, course_id, release, plan, share, days, dice)
        events += mine
        items = progress.fold(_Event(**row) for row in mine)
        folds += [{"person_id": person, "item_key": key, "screens_seen": progress.bits(p.screens), "questions_done": len(p.questions),
                   "best": p.best, "attempts": p.attempts, "first_at": p.first_at, "last_at": p.last_at, "done_at": p.done_at}
                  for key, p in items.items()]
        enrolments.append(_enrolment(person, course_id, plan, items, dice))
    if events:
        db.session.execute(insert(LearningEvent), events)
        db.session.execute(insert(Progress), folds)
    db.session.execute(insert(Enrolment), enrolments)
    for row in enrolments:
        if row["completed_at"]:
            service.issue(person_id=row["person_id"], course_id=course_id, release_id=release, quietly=True)


class _Event:
    """An event row as the fold reads it."""

    def __init__(self, **row: Any) -> None:
        self.__dict__ = row


def _kind(dice: random.Random) -> tuple[float, int]:
    draw, total = dice.random(), 0.0
    for weight, share, days in KINDS:
        total += weight
        if draw < total:
            return min(1.0, max(0.0, share + (dice.random() - 0.5) * 0.2)) if 0 < share < 1 else share, days
    return 0.0, 0


def _events(person: int, number: int, course_id: int, release: int, plan: dict[str, Any], share: float, days: int,  # noqa: PLR0913
            dice: random.Random) -> list[dict[str, Any]]:
    """Return the events of a learner who did the first `share` of the course and was last here `days` ago."""
    items = [item for item in progress.items_of(plan) if item["required"]]
    items = items[:round(len(items) * share)]
    if not items:
        return []
    last = clock.now() - timedelta(days=days, hours=dice.randrange(8))
    step = timedelta(days=80) / len(items)
    found: list[dict[str, Any]] = []

    def note(verb: str, item: dict[str, Any], at: datetime, **payload: Any) -> None:
        identifier = str(UUID(int=(number << 40) + len(found) + (1 << 100), version=4))
        found.append({"id": identifier, "person_id": person, "course_id": course_id, "item_key": item["id"], "verb": verb,
                      "release_id": release, "at": at, "client_at": None, "payload": payload})
    for place, item in enumerate(items):
        at = last - step * (len(items) - 1 - place)
        if item["kind"] == "lesson":
            for screen in range(item["screens"]):
                note("viewed", item, at + timedelta(seconds=50 * screen), screen=screen)
            for n in range(item["questions"]):
                note("answered", item, at + timedelta(seconds=60 * n + 30), question=f"demo-{n}")
            note("finished", item, at + timedelta(minutes=item["minutes"]))
        elif item["kind"] == "quiz":
            note("submitted", item, at, percent=80 if (number + place) % 3 else 100)
            note("passed", item, at)
        else:
            note("handed_in", item, at)
    return found


def _enrolment(person: int, course_id: int, plan: dict[str, Any], items: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    opens = clock.today() - timedelta(days=85 + dice.randrange(20))
    required = [item for item in progress.items_of(plan) if item["required"]]
    done = {key for key, item in items.items() if item.done_at}
    started = min((i.first_at for i in items.values()), default=None)
    last = max((i.last_at for i in items.values()), default=None)
    latest = max(items, key=lambda key: items[key].last_at) if items else ""
    due = opens + timedelta(days=plan["schedule"].get("due_days") or 180)
    complete = bool(done) and progress.satisfied(plan, done)
    since, why = progress.behind(opens_on=opens, due_on=due, started_at=started, last_at=last, done=len(done), required=len(required))
    return {
        "person_id": person, "course_id": course_id, "via": "rule", "enrolled_at": clock.start_of_day(opens), "enrolled_by": None,
        "opens_on": opens, "closes_on": opens + timedelta(days=plan["schedule"]["window_days"]), "due_on": due, "pinned_release_id": None,
        "reopened_at": None, "required": len(required), "done": len(done & {i["id"] for i in required}), "last_item": latest, "last_screen": 0,
        "minutes_left": sum(i["minutes"] for i in required if i["id"] not in done), "started_at": started, "last_at": last,
        "completed_at": last if complete else None, "behind_from": None if complete else since, "behind_why": "" if complete else why}

