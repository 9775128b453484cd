"""The placement quiz: begun, answered one question at a time, finished by the last answer."""
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from jetlms.core import clock, i18n
from jetlms.core.db import db, landed, upsert
from jetlms.core.errors import Refused
from jetlms.core.i18n import _, gettext
from jetlms.learning import grading, placement
from jetlms.learning.models import Placement, PlacementAnswer
from jetlms.learning.queries import levels
from jetlms.learning.releases import text


def pools(levels: list[dict[str, Any]]) -> list[list[str]]:
    """Return the ids of the questions of each level, easiest first."""
    return [list(asked["questions"]) if (asked := text(level["release_id"], level["key"], "en")) else [] for level in levels]


def again_from(taken: Placement) -> Any:
    """Return the moment from which the quiz may be taken again."""
    return taken.started_at + timedelta(days=placement.AGAIN_DAYS)


def begin_placement(*, by: Any, ladder: str) -> None:
    """Begin the placement quiz of a ladder; an open one goes on. Raises NotFound, Refused."""
    newest, _answers = levels.newest(by, ladder)
    if newest and newest.finished_at is None:
        return
    if newest and again_from(newest) > clock.now():
        raise Refused(gettext("You have taken this quiz. You can take it again from %(at)s. You can choose another level without it.",
                              at=i18n.moment(again_from(newest), by.zone)))
    asks = [{"course_id": level["row"].course_id, "release_id": level["row"].release_id, "key": level["outline"]["level"]["placement"]}
            for level in levels.levels(by, ladder) if level["outline"]["level"]["placement"]]
    if not asks:
        raise Refused(_("There is no placement quiz for this course."))
    db.session.execute(upsert(Placement).values(
        person_id=by.id, ladder=ladder, seed=secrets.randbelow(2**31), levels=asks, started_at=clock.now()).on_conflict_do_nothing())


def asked_next(taken: Placement, given: list[PlacementAnswer]) -> tuple[int, dict[str, Any]] | None:
    """Return the level and the source of the question to ask next; None when the quiz is over."""
    place = placement.following(pools(taken.levels), taken.seed, [(answer.question_id, answer.right) for answer in given])
    if place is None:
        return None
    level, question_id = place
    asks = taken.levels[level]
    found = text(asks["release_id"], asks["key"], "en")
    return level, found["questions"][question_id] if found else {}


def answer_placement(*, taken: Placement, number: int, payload: Any) -> None:
    """Answer question `number` (None: she does not know); the last answer finishes. Repeating is harmless. Raises grading.BadPayload.

    An answer to a question that was answered already, in another window or by a second click, changes nothing.
    """
    db.session.scalar(select(Placement.id).where(Placement.id == taken.id).with_for_update())
    given = levels.answers(taken)
    asked = asked_next(taken, given)
    if asked is None or number != len(given) + 1:
        return
    level, source = asked
    mark = None if payload is None else grading.mark(source, payload)
    if not landed(upsert(PlacementAnswer).values(
            placement_id=taken.id, number=number, level=level, question_id=source["id"], payload=mark.payload if mark else None,
            right=bool(mark and mark.right), answered_at=clock.now()).on_conflict_do_nothing()):
        return
    all_given = [(answer.question_id, answer.right) for answer in levels.answers(taken)]
    ids = pools(taken.levels)
    if placement.following(ids, taken.seed, all_given) is None:
        chosen = taken.levels[placement.level(ids, all_given)]["course_id"]
        db.session.execute(update(Placement).where(Placement.id == taken.id, Placement.finished_at.is_(None))
                           .values(finished_at=clock.now(), course_id=chosen))
