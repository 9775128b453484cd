"""What the daily review asks: what is due, what the cards say, what could be learnt next."""
import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, or_, select

from jetlms.core import clock, policy
from jetlms.core.db import db, rows
from jetlms.core.errors import NotFound
from jetlms.learning.coursefiles.folding import fold
from jetlms.learning.models import (
    Answer,
    Attempt,
    Course,
    Enrolment,
    Progress,
    ReviewCard,
    ReviewLog,
    SegmentAnswer,
    Term,
)
from jetlms.learning.releases import outline, text
from jetlms.learning.review import KNOWN

WAYS = ("width", "case", "kana", "space")
ASKED = ("choice", "truefalse", "text", "number")          # kinds of questions that make a card
PAGE = 50
MINE = and_(ReviewCard.person_id == bindparam("person"), ReviewCard.suspended_at.is_(None), ReviewCard.gone.is_(False))
WAITING = select(func.count()).where(MINE, ReviewCard.due_at < bindparam("until"))
DONE = select(func.count(func.distinct(ReviewLog.card_id))).where(
    ReviewLog.person_id == bindparam("person"), ReviewLog.at >= bindparam("begin"), ReviewLog.rating > 0)
ADDED = select(func.count()).where(ReviewCard.person_id == bindparam("person"), ReviewCard.added_at >= bindparam("begin"))
STATE = select(WAITING.scalar_subquery().label("due"), DONE.scalar_subquery().label("done"), ADDED.scalar_subquery().label("new"))
TOOK = select(ReviewLog.took_ms).where(ReviewLog.person_id == bindparam("person")).order_by(ReviewLog.at.desc()).limit(100)
CARDS = (
    select(ReviewCard.id, ReviewCard.key, ReviewCard.course_id, ReviewCard.reps, ReviewCard.due_at).where(MINE,
                                                                                                          ReviewCard.due_at < bindparam("until"))
    .order_by(ReviewCard.due_at, ReviewCard.id).limit(bindparam("most")))
CARD = select(ReviewCard.id, ReviewCard.added_at).where(ReviewCard.id == bindparam("card"))
LOGS = select(ReviewLog.id, ReviewLog.rating, ReviewLog.undoes, ReviewLog.at).where(ReviewLog.card_id == bindparam("card"))
COURSES = select(Course.id, Course.title, Course.release_id).where(Course.id.in_(bindparam("ids", expanding=True)))


def day(zone: str) -> tuple[datetime, datetime]:
    """Return when her day began and when it ends."""
    here = clock.now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return here, here + timedelta(days=1)


def today(user: Any) -> dict[str, Any]:
    """Return {"due", "done", "new", "took"}: cards due until the end of her day, seen and introduced today, her latest times in ms."""
    begin, end = day(user.zone)
    state = rows(STATE, person=user.id, begin=begin, until=end).one()
    return {"due": state.due, "done": state.done, "new": state.new, "took": list(rows(TOOK, person=user.id).scalars())}


def session(user: Any, most: int, lang: str) -> list[dict[str, Any]]:
    """Return the cards to show now, oldest duty first, with what stands on them."""
    found = list(rows(CARDS, person=user.id, until=day(user.zone)[1], most=most))
    return faces(user, found, lang)


def one(user: Any, card_id: int) -> Any:
    """Return (id, added_at) of one of her cards. Raises NotFound."""
    found = rows(policy.narrow(CARD, user, "cards.review"), card=card_id).first()
    if found is None:
        raise NotFound
    return found


def logs(card_id: int) -> list[Any]:
    """Return every look at a card, as review.fold reads them."""
    return list(rows(LOGS, card=card_id))


def faces(user: Any, cards: list[Any], lang: str) -> list[dict[str, Any]]:
    """Return what stands on cards: {"id", "kind", "front", "back", "front_lang", "back_lang", "note", "accept", "course"}; none of what is gone."""
    keys = [card.key for card in cards]
    known = _Known({course.id: course for course in rows(COURSES, ids=list({card.course_id for card in cards}))}, _terms(keys), _mine(user, keys))
    found = []
    for card in cards:
        kind, _colon, rest = card.key.partition(":")
        course = known.courses[card.course_id]
        face = {"term": _term, "item": _question, "own": _own}[kind](rest, course, known, lang)
        if face:
            found.append({"id": card.id, "kind": kind, "new": card.reps == 0, "accept": [], "note": "", "front_lang": "", "back_lang": "",
                          "course": course.title} | face)
    return found


class _Known(NamedTuple):
    """What a page of cards says, asked at once: courses by id, words by (course, key), her own translations by (item, segment)."""

    courses: dict[int, Any]
    terms: dict[tuple[str, str], Any]
    mine: dict[tuple[str, str], str]


def _mine(user: Any, keys: list[str]) -> dict[tuple[str, str], str]:
    """Return her translations of the segments these cards ask."""
    asked = {tuple(key.split(":")[1:3]) for key in keys if key.startswith("own:")}
    if not asked:
        return {}
    return {(row.item_key, row.segment): row.text for row in db.session.execute(
        select(Attempt.item_key, SegmentAnswer.segment, SegmentAnswer.text).join(Attempt, Attempt.id == SegmentAnswer.attempt_id)
        .where(Attempt.person_id == user.id, Attempt.item_key.in_({item for item, _segment in asked})))}


def _terms(keys: list[str]) -> dict[tuple[str, str], Any]:
    asked = {tuple(key.split(":")[1:3]) for key in keys if key.startswith("term:")}
    if not asked:
        return {}
    return {(row.course, row.key): row for row in db.session.execute(
        select(Course.key.label("course"), Term.key, Term.ja, Term.reading, Term.en, Term.note_ja, Term.note_en)
        .select_from(Term).join(Course, Course.id == Term.course_id)
        .where(Course.key.in_({course for course, _key in asked}), Term.key.in_({key for _course, key in asked})))}


def _term(rest: str, _course: Any, known: _Known, lang: str) -> dict[str, Any] | None:
    course, key, way = rest.split(":")
    term = known.terms.get((course, key))
    if term is None:
        return None
    note = term.note_ja if lang == "ja" else term.note_en
    if way == "write":
        return {"front": term.en, "back": term.ja, "reading": term.reading, "front_lang": "en", "back_lang": "ja", "note": note,
                "accept": sorted({fold(word, WAYS) for word in (term.ja, term.reading) if word})}
    return {"front": term.ja, "back": term.en, "reading": term.reading, "front_lang": "ja", "back_lang": "en", "note": note}


def _question(rest: str, course: Any, _known: _Known, lang: str) -> dict[str, Any] | None:
    item_key, question_id = rest.split(":")
    found = text(course.release_id, item_key, lang)
    source = found["questions"].get(question_id) if found else None
    if source is None or source["type"] not in ASKED:
        return None
    return {"question": source, "front": "", "back": "", "lang": lang}


def _own(rest: str, course: Any, known: _Known, lang: str) -> dict[str, Any] | None:
    item_key, segment_id = rest.split(":")
    found = text(course.release_id, item_key, lang)
    if found is None or not found["exercise"]:
        return None
    segment = next((s for s in found["exercise"]["segments"] if s["id"] == segment_id), None)
    if segment is None:
        return None
    return {"front": segment["text"], "back": next(iter(segment["models"].values()), ""), "front_lang": found["exercise"]["source"],
            "back_lang": found["exercise"]["target"], "note": known.mine.get((item_key, segment_id), "")}


def candidates(user: Any, most: int) -> list[tuple[str, int]]:
    """Return (key, course) of cards she could begin with next: her own errors, questions answered wrongly, words known one way, new words."""
    if most <= 0:
        return []
    cards = db.session.execute(select(ReviewCard.key, ReviewCard.course_id, ReviewCard.reps, ReviewCard.memory)
                               .where(ReviewCard.person_id == user.id).order_by(ReviewCard.id)).all()
    have = {card.key for card in cards}
    found: dict[str, int] = {}
    for key, course_id in itertools.chain(_wanting(user), _wrong(user), _turned(cards), _words(user)):
        if key not in have:
            found.setdefault(key, course_id)
            if len(found) == most:
                break
    return list(found.items())


def _wanting(user: Any) -> Iterator[tuple[str, int]]:
    for item, segment, course in db.session.execute(
            select(Attempt.item_key, SegmentAnswer.segment, Attempt.course_id).join(Attempt, Attempt.id == SegmentAnswer.attempt_id)
            .where(Attempt.person_id == user.id, SegmentAnswer.rating <= 1).order_by(SegmentAnswer.committed_at)):
        yield f"own:{item}:{segment}", course


def _wrong(user: Any) -> Iterator[tuple[str, int]]:
    """Yield questions answered wrongly: of practice, and of tests that have been handed in."""
    for item, question, course, release in db.session.execute(
            select(Attempt.item_key, Answer.question_id, Attempt.course_id, Attempt.release_id).join(Attempt, Attempt.id == Answer.attempt_id)
            .where(Attempt.person_id == user.id, Answer.right.is_(False), or_(Attempt.number == 0, Attempt.submitted_at.is_not(None)))
            .order_by(Answer.saved_at)).all():
        source = (text(release, item, "en") or {"questions": {}})["questions"].get(question)
        if source and source["type"] in ASKED and source.get("use") != "pre":
            yield f"item:{item}:{question}", course


def _turned(cards: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """Yield the other direction of words she knows."""
    for card in cards:
        if card.reps > 1 and card.key.startswith("term:") and card.key.endswith(":read") and card.memory.get("stability", 0) >= KNOWN:
            yield card.key.removesuffix("read") + "write", card.course_id


def _words(user: Any) -> Iterator[tuple[str, int]]:
    """Yield the words of the units she has begun, in the order of the glossaries. Ids that begin with u2- belong to the second unit."""
    courses = db.session.execute(
        select(Course.id, Course.key, func.coalesce(Enrolment.pinned_release_id, Course.release_id).label("release_id"))
        .join(Enrolment, Enrolment.course_id == Course.id).where(Enrolment.person_id == user.id, Course.retired_at.is_(None))
        .order_by(Enrolment.last_at.desc().nulls_last(), Course.id)).all()
    begun = set(db.session.scalars(select(Progress.item_key).where(Progress.person_id == user.id)))
    terms: dict[int, list[str]] = {}
    for course_id, key in db.session.execute(select(Term.course_id, Term.key).where(Term.course_id.in_([c.id for c in courses])).order_by(Term.id)):
        terms.setdefault(course_id, []).append(key)
    for course in courses:
        modules = outline(course.release_id)["modules"]
        units = {f"u{n}-" for n, module in enumerate(modules, 1) if any(item["id"] in begun for item in module["items"])}
        for key in terms.get(course.id, ()) if units else ():
            unit = key.partition("-")[0] + "-"
            if unit in units or not (unit[0] == "u" and unit[1:-1].isdigit()):
                yield f"term:{course.key}:{key}:read", course.id


def words(user: Any, *, asked: str = "", after: int = 0) -> list[Any]:
    """Return a page of her cards, the newest first; one more than a page when there are more."""
    query = select(ReviewCard).where(ReviewCard.person_id == user.id)
    if after:
        query = query.where(ReviewCard.id < after)
    if asked:
        like = f"%{asked.replace('%', '').replace('_', '')}%"
        keys = select(Course.key, Term.key).select_from(Term).join(Course, Course.id == Term.course_id).where(
            or_(Term.ja.like(like), Term.reading.like(like), Term.en.ilike(like))).limit(500)
        found = [f"term:{course}:{term}:" for course, term in db.session.execute(keys)]
        query = query.where(ReviewCard.key.in_([key + way for key in found for way in ("read", "write")]))
    return list(db.session.scalars(query.order_by(ReviewCard.id.desc()).limit(PAGE + 1)))


def latest(user: Any) -> Any:
    """Return the last look she can take back: of today, not taken back yet; or None."""
    undone = select(ReviewLog.undoes).where(ReviewLog.person_id == user.id, ReviewLog.rating == 0)
    return db.session.execute(
        select(ReviewLog.id, ReviewLog.card_id).where(ReviewLog.person_id == user.id, ReviewLog.rating > 0, ReviewLog.id.not_in(undone),
                                                      ReviewLog.at >= day(user.zone)[0]).order_by(ReviewLog.at.desc(), ReviewLog.id).limit(1)).first()


def log(user: Any) -> list[Any]:
    """Return everything she reviewed, for her own export."""
    return list(db.session.execute(select(ReviewLog.at, ReviewCard.key, ReviewLog.rating, ReviewLog.text, ReviewLog.took_ms)
                                   .join(ReviewCard, ReviewCard.id == ReviewLog.card_id).where(ReviewLog.person_id == user.id)
                                   .order_by(ReviewLog.at)))


