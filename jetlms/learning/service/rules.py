"""Make, change and switch off the rules by which people are enrolled. The hourly job applies them."""
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from jetlms.core import audit, clock
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import _
from jetlms.learning.models import Course, EnrolmentRule
from jetlms.learning.queries import rules as queries


def make_rule(*, by: Any, course: Course, facts: dict[str, Any]) -> EnrolmentRule:
    """Make a rule; `facts` are queries.rules.FIELDS. Raises Refused when the course has the same rule already."""
    _alone(course, facts)
    rule = EnrolmentRule(course_id=course.id, made_by=by.id, made_at=clock.now(), **facts)
    db.session.add(rule)
    db.session.flush()
    audit.record(queries.MADE, rule, by=by, detail={"course": course.key, "after": _plain(facts)})
    return rule


def change_rule(*, by: Any, rule: EnrolmentRule, facts: dict[str, Any]) -> None:
    """Change a rule; whom it has enrolled stays enrolled. Raises Refused when the course has the same rule already."""
    course = db.session.get_one(Course, rule.course_id)
    _alone(course, facts, but=rule.id)
    before = _facts(rule)
    for name in queries.FIELDS:
        setattr(rule, name, facts[name])
    db.session.flush()
    if _facts(rule) != before:
        audit.record("enrolment_rules.change", rule, by=by, detail={"course": course.key, "before": before, "after": _facts(rule)})


def switch_off(*, by: Any, rule: EnrolmentRule) -> None:
    """From now on the rule enrols nobody: yesterday was its last day. Raises Refused when it is over already."""
    today = clock.today()
    if rule.ends_on is not None and rule.ends_on < today:
        raise Refused(_("This rule has been switched off already."))
    before = _facts(rule)
    rule.ends_on = today - timedelta(days=1)
    db.session.flush()
    audit.record("enrolment_rules.switch_off", rule, by=by, detail={"before": before, "after": _facts(rule)})


def _alone(course: Course, facts: dict[str, Any], but: int = 0) -> None:
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())      # two at once: one after the other
    if queries.twin(course, facts, clock.today(), but) is not None:
        raise Refused(_("There is a rule for this course already that says the same. Nothing was changed."))


def _facts(rule: EnrolmentRule) -> dict[str, Any]:
    return _plain({name: getattr(rule, name) for name in queries.FIELDS})


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as the audit keeps them: dates in ISO."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
