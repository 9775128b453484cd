"""The record of a person: names and what belongs to them, and the limits of her appointments."""
from datetime import date
from typing import Any

from jetlms.core import audit, jobs
from jetlms.core.db import db
from jetlms.people import names
from jetlms.people.models import Participant, Person
from jetlms.people.service import finding


def change_person(*, by: Any, person: Person, **values: Any) -> None:
    """Change names, nationality or date of birth; what is shown and sorted follows."""
    before = {name: str(getattr(person, name) or "") for name, value in values.items() if (getattr(person, name) or "") != (value or "")}
    for name, value in values.items():
        setattr(person, name, value)
    if not before.keys().isdisjoint({"family_name", "given_name", "preferred_name"}):
        person.display_name = names.display(person.given_name, person.family_name, person.preferred_name, person.native_name)
        person.sort_name = names.sorting(person.given_name, person.family_name)
    db.session.flush()
    finding.index("person", [person.id])
    audit.record("people.change", person, by=by, detail={"before": before})


def set_limits(*, by: Any, participant: Participant, outstanding: bool, max_ends_on: date | None, reason: str) -> None:
    """Note the organisation's word that she is outstanding, and a dated special rule that stretches the longest time."""
    participant.outstanding, participant.max_ends_on = outstanding, max_ends_on
    db.session.flush()
    audit.record("participant.limits", participant, by=by, note=reason, detail={
        "outstanding": outstanding, "max_ends_on": max_ends_on.isoformat() if max_ends_on else ""})
    jobs.publish("participant.changed", person_id=participant.person_id)
