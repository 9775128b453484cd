"""The demo world around the cast: organisations, participants mid-course, alumni. The same every time, whatever the machine.

Dates are offsets from the day of the first run. Numbers of people follow the Programme's real proportions (about nine in ten ALTs,
half of them from the United States); every person is invented.
"""
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from jetlms.config import ROOT
from jetlms.core import clock
from jetlms.core.db import db, unit
from jetlms.demo import cast, names, records
from jetlms.learning import publishing
from jetlms.learning.models import Course, EnrolmentRule
from jetlms.people.models import Account, Appointment, Organisation, Participant, Person
from jetlms.people.service import finding

Say = Callable[..., None]
SCALES = {"small": {"organisations": 60, "participants": 300, "alumni": 60}, "jet": {"organisations": 1000, "participants": 6000, "alumni": 2000}}
BATCH = 500
FOR_ALTS = ("tefl-foundations", "new-alt-essentials")       # every ALT is enrolled; who wants to learn Japanese enrols herself


def load(scale: str, *, say: Say) -> None:
    """Build the world in an empty, migrated database. Each part is one transaction."""
    size, dice = SCALES[scale], random.Random(20260723)
    with unit():
        people = cast.build()
        ids = {name: person.id for name, person in people.people().items()}
    say("cast: ten people, three organisations")
    with unit():
        for folder in sorted((ROOT / "courses").iterdir(), key=lambda f: (f.name != "tefl-foundations", f.name)):
            if (folder / "course.toml").exists():
                publishing.publish(folder, by=ids["fumi"])
                say(f"course {folder.name} published")
    with unit():
        organisations = _organisations(size["organisations"] - 3, dice)
        say(f"{len(organisations)} contracting organisations")
    with unit():
        learners = _participants(organisations, size["participants"] - 4, dice, say)
        _alumni(organisations, size["alumni"], dice)
    with unit():
        for course in db.session.scalars(select(Course).where(Course.slug.in_(FOR_ALTS))):
            db.session.add(EnrolmentRule(course_id=course.id, job_types=["ALT"], arrival_group_ids=[], starts_on=clock.today(), made_by=ids["fumi"]))
        _appoint_supervisors(organisations, dice)
    records.study(ids, learners, dice, say)
    with unit():
        finding.index_all()
    say("people and organisations can be found")


def _organisations(count: int, dice: random.Random) -> list[Any]:
    """Make contracting organisations spread over all host bodies; two of three are boards of education."""
    hosts = db.session.execute(select(Organisation.id, Organisation.name_ja, Organisation.name_en, Organisation.slug, Organisation.prefecture)
                               .where(Organisation.kind.in_(("prefecture", "designated_city"))).order_by(Organisation.id)).all()
    rows = []
    for number in range(count):
        host = hosts[number % len(hosts)]
        ja, en = names.town(dice, number)
        board = number % 3 != 2  # noqa: PLR2004 -- two of three
        rows.append({
            "kind": "contracting", "slug": f"{host.slug}-{number}", "host_id": host.id, "prefecture": host.prefecture, "kana": "",
            "name_ja": f"{ja}教育委員会" if board else ja, "name_en": f"{en} Board of Education" if board else en,
            "created_at": clock.now(), "version": 1})
    db.session.execute(insert(Organisation), rows)
    return list(db.session.execute(select(Organisation.id, Organisation.slug).where(Organisation.kind == "contracting").order_by(Organisation.id)))


def _participants(organisations: list[Any], count: int, dice: random.Random, say: Say) -> list[int]:
    """Make serving participants with accounts and appointments; returns their person ids."""
    start = clock.today().replace(month=7, day=27)
    start = start if start <= clock.today() else start.replace(year=start.year - 1)
    ids: list[int] = []
    for begin in range(0, count, BATCH):
        part = [names.person(dice, n) for n in range(begin, min(begin + BATCH, count))]
        made = list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), [p["person"] for p in part]))
        terms = [1 + dice.randrange(3) for _p in part]
        db.session.execute(insert(Participant), [{
            "person_id": i, "jet_number": f"{start.year - term + 1}{1_000_000 + begin + n:07d}"[:11], "job_type": p["job_type"],
            "state": "appointed", "term_no": term, "outstanding": False, "created_at": clock.now(), "version": 1}
            for n, (i, p, term) in enumerate(zip(made, part, terms, strict=True))])
        db.session.execute(insert(Appointment), [{
            "person_id": i, "organisation_id": organisations[_seat(begin + n, len(organisations), dice)].id, "role": "participant",
            "job_type": p["job_type"], "workplace": "", "starts_on": start.replace(year=start.year - term + 1),
            "ends_on": start.replace(year=start.year + 1) - timedelta(days=1), "term_no": term, "end_reason": "",
            "created_at": clock.now(), "version": 1} for n, (i, p, term) in enumerate(zip(made, part, terms, strict=True))])
        _accounts(made, [p["email"] for p in part], "en")
        ids += made
        say("participants", len(ids), count)
    return ids


def _seat(number: int, organisations: int, dice: random.Random) -> int:
    """Spread people: the first three organisations (the cast's) and a few large ones hold more."""
    if number < 27:  # noqa: PLR2004 -- Ikoma's board gets a class of its own for the monitor
        return 0
    return dice.randrange(organisations) if number % 4 else dice.randrange(max(1, organisations // 8))


def _alumni(organisations: list[Any], count: int, dice: random.Random) -> None:
    part = [names.person(dice, 100_000 + n) for n in range(count)]
    made = list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), [p["person"] for p in part]))
    db.session.execute(insert(Participant), [{
        "person_id": i, "jet_number": f"{2005 + n % 15}9{n:06d}", "job_type": p["job_type"], "state": "completed", "term_no": 1 + n % 3,
        "outstanding": False, "created_at": clock.now(), "version": 1} for n, (i, p) in enumerate(zip(made, part, strict=True))])
    past = clock.today() - timedelta(days=900)
    db.session.execute(insert(Appointment), [{
        "person_id": i, "organisation_id": organisations[n % len(organisations)].id, "role": "participant", "job_type": p["job_type"],
        "workplace": "", "starts_on": past - timedelta(days=365), "ends_on": past, "term_no": 1, "end_reason": "completed",
        "created_at": clock.now(), "version": 1} for n, (i, p) in enumerate(zip(made, part, strict=True))])


def _appoint_supervisors(organisations: list[Any], dice: random.Random) -> None:
    """Give every other organisation a supervisor, and every host body an adviser."""
    hosts = db.session.scalars(select(Organisation.id).where(Organisation.kind.in_(("prefecture", "designated_city")))).all()
    posts = [(o.id, "supervisor") for o in organisations[3:]] + [(h, "adviser") for h in hosts]
    rows = [names.official(dice, n) for n in range(len(posts))]
    made = list(db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))
    db.session.execute(insert(Appointment), [{
        "person_id": i, "organisation_id": organisation, "role": role, "job_type": "", "workplace": "",
        "starts_on": clock.today() - timedelta(days=200),
        "ends_on": None, "term_no": 0, "end_reason": "", "created_at": clock.now(), "version": 1}
        for i, (organisation, role) in zip(made, posts, strict=True)])
    _accounts(made, [f"official{n}@demo.example" for n in range(len(made))], "ja")


def _accounts(people: list[int], emails: list[str], locale: str) -> None:
    from jetlms.demo.make import password_hash

    db.session.execute(insert(Account), [{
        "person_id": i, "email": email, "password_hash": password_hash(), "locale": locale, "zone": "Asia/Tokyo", "furigana": True,
        "totp_secret": "", "totp_step": 0, "created_at": clock.now(), "version": 1}
        for i, email in zip(people, emails, strict=True)])


def print_accounts() -> None:
    """Print who can sign in."""
    from jetlms.demo.make import PASSWORD

    print("\n  Demo accounts (password for all: " + PASSWORD + ")")  # noqa: T201
    for name, role in cast.ROLES.items():
        print(f"    {cast.email(name):22} {role['en']:32} {role['ja']}")  # noqa: T201
    print()  # noqa: T201


