"""What the demo world has not got and the bench needs: learners in the middle of every kind of work, a full gradebook, a long queue."""
import random
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
from sqlalchemy import insert, select

from jetlms.bench.world import device
from jetlms.core import clock
from jetlms.core.db import db, unit, upsert
from jetlms.demo import names
from jetlms.learning import progress, publishing, service
from jetlms.learning.models import Attempt, Course, Enrolment, Progress, ReviewCard, Submission, Term
from jetlms.learning.releases import outline, text
from jetlms.people.models import Account, Person

MODULES, QUIZZES, LEARNERS = 10, 10, 1000      # a gradebook of 1,000 × 100
QUEUE, CARDS = 400, 40
MAIN, PRACTICE = "tefl-foundations", "translation-ja-en"
BATCH = 20_000


class Learner(NamedTuple):
    """Somebody signed in, with cards to review."""

    person_id: int
    token: str
    cards: list[int]


class Places(NamedTuple):
    """Where work is saved: item keys of the two courses, a question of the lesson, segments of the exercise, a part of the speech."""

    lesson: str
    question: str
    exercise: str
    segments: list[str]
    speech: str
    part: str


def places() -> Places:
    """Return where work is saved (within an application context)."""
    lesson, question = next(
        (item["id"], key) for item, page in _items(MAIN) if item["kind"] == "lesson" and item["questions"] > 1
        for key, q in page["questions"].items() if q["type"] == "choice" and q["use"] != "pre")
    practice = [(item, page["exercise"]["segments"]) for item, page in _items(PRACTICE) if page["exercise"] and not item.get("marked")]
    exercise, segments = next((item["id"], [s["id"] for s in found]) for item, found in practice if item["kind"] == "translation")
    speech, part = next((item["id"], found[0]["id"]) for item, found in practice if item["kind"] == "interpreting")
    return Places(lesson, question, exercise, segments, speech, part)


def _items(slug: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    release = _course(slug).release_id or 0
    return [(item, text(release, item["id"], "en") or {"questions": {}, "exercise": None}) for item in progress.items_of(outline(release))]


def _course(slug: str) -> Course:
    return db.session.scalars(select(Course).where(Course.slug == slug)).one()


def learners(app: Any, count: int) -> list[Learner]:
    """Sign so many learners in, each enrolled in both courses with cards to review. Raises click.ClickException when there are too few."""
    with app.app_context(), unit():
        main, practice = _course(MAIN), _course(PRACTICE)
        found = db.session.execute(
            select(Account.id, Account.person_id).join(Enrolment, Enrolment.person_id == Account.person_id)
            .where(Enrolment.course_id == main.id, Enrolment.completed_at.is_(None))
            .order_by(Account.id).limit(count)).all()
        if len(found) < count:
            raise click.ClickException(f"this world has {len(found)} learners of {MAIN} who are not done, not {count}; take --scale jet")
        have = set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.course_id == practice.id)))
        for row in found:
            if row.person_id not in have:
                service.enrol(by=None, course=practice, person_id=row.person_id, via="staff")
        return [Learner(row.person_id, device(row.id), _cards(row.person_id, practice)) for row in found]


def _cards(person_id: int, course: Course) -> list[int]:
    """Give a person cards that are due; returns their ids."""
    terms = db.session.scalars(select(Term.key).where(Term.course_id == course.id).order_by(Term.id).limit(CARDS)).all()
    at, keys = clock.now() - timedelta(days=1), [f"term:{course.key}:{term}:read" for term in terms]
    db.session.execute(upsert(ReviewCard).values([
        {"person_id": person_id, "key": key, "course_id": course.id, "added_at": at, "due_at": at, "reps": 0, "lapses": 0, "memory": {},
         "gone": False} for key in keys]).on_conflict_do_nothing(index_elements=["person_id", "key"]))
    return list(db.session.scalars(select(ReviewCard.id).where(ReviewCard.person_id == person_id, ReviewCard.key.in_(keys)).order_by(ReviewCard.id)))


def gradebook(app: Any, learners: int = LEARNERS) -> str:
    """Make a course of 100 quizzes with 1,000 learners, nine results in ten; returns its slug."""
    with app.app_context(), tempfile.TemporaryDirectory() as folder:
        with unit():
            course_id = publishing.publish(_quizzes(Path(folder) / "hundred-quizzes"), by=None).course_id
        with unit():
            course, people, dice, at = db.session.get_one(Course, course_id), _people(learners), random.Random(100), clock.now()
            keys = [item["id"] for item in progress.items_of(outline(course.release_id or 0))]
            db.session.execute(insert(Enrolment), [
                {"person_id": person, "course_id": course_id, "via": "staff", "enrolled_at": at, "opens_on": at.date(),
                 "closes_on": at.date() + timedelta(days=300), "required": len(keys), "done": round(len(keys) * 0.9)} for person in people])
            cells = [{"person_id": person, "item_key": key, "best": 50 + dice.randrange(51), "attempts": 1, "first_at": at, "last_at": at,
                      "done_at": at} for person in people for key in keys if dice.random() < 0.9]  # noqa: PLR2004 -- nine in ten
            for begin in range(0, len(cells), BATCH):
                db.session.execute(insert(Progress), cells[begin:begin + BATCH])
            return course.slug


def _people(count: int) -> list[int]:
    dice = random.Random(1000)
    return list(db.session.scalars(insert(Person).returning(Person.id), [names.person(dice, 500_000 + n)["person"] for n in range(count)]))


def _quizzes(folder: Path) -> Path:
    """Write a course of nothing but quizzes, one question each."""
    folder.mkdir()
    (folder / "course.toml").write_text(
        'format = 1\nid = "c-bench1"\nbase_lang = "en"\nlangs = ["en"]\n[title]\nen = "A hundred quizzes"\nja = "百のテスト"\n'
        '[summary]\nen = "For measuring."\nja = "計測用です。"\n[schedule]\nwindow_days = 300\ndue_days = 200\n'
        '[mastery]\npass_percent = 80\nattempts = 3\nwait_hours = 24\n[completion]\nrequire = ["all:quizzes"]\n', "utf-8")
    for m in range(MODULES):
        module = folder / f"{m:02d}-module"
        module.mkdir()
        (module / "module.toml").write_text(
            f'id = "m-bench{m}"\n[title]\nen = "Module {m}"\nja = "モジュール{m}"\n[goal]\nen = "You can."\nja = "できます。"\n', "utf-8")
        for q in range(QUIZZES):
            (module / f"{q:02d}-quiz.quiz.en.md").write_text(
                f'+++\nid = "l-bnch{m}{q}"\ntitle = "Quiz {m}.{q}"\nminutes = 3\n+++\n::: question id=q-bnch{m}{q} type=choice\nWhich?\n\n'
                "- [x] right\n  > yes\n- [ ] wrong\n  > no\n:::\n", "utf-8")
    return folder


def queue(app: Any) -> str:
    """Hand in 400 written tests of as many people for the tutors; returns the number of one of them."""
    with app.app_context(), unit():
        course, dice, now = _course(PRACTICE), random.Random(400), clock.now()
        release = course.release_id or 0
        item, page = next((item, page) for item, page in _items(PRACTICE) if item.get("marked") and item["kind"] == "translation")
        content = {s["id"]: s["text"] for s in page["exercise"]["segments"]}
        common = {"course_id": course.id, "item_key": item["id"], "release_id": release}
        people = _people(QUEUE)
        attempts = db.session.scalars(insert(Attempt).returning(Attempt.id), [
            common | {"person_id": person, "number": 0, "kind": "translation", "seed": 1, "questions": [], "submitted_at": now}
            for person in people])
        numbers = [f"{n:06d}" for n in range(QUEUE)]
        db.session.execute(insert(Submission), [
            common | {"number": number, "attempt_id": attempt, "person_id": person, "module_key": item["module"], "kind": "translation",
                      "content": content, "due_on": now.date() + timedelta(days=dice.randrange(-3, 14))}
            for number, attempt, person in zip(numbers, attempts.all(), people, strict=True)])
        jun = db.session.scalars(select(Account.person_id).where(Account.email == "jun@demo.example")).one()
        service.set_tutors(by=db.session.get_one(Person, jun), course=course, person_ids=[jun])
        return numbers[0]
