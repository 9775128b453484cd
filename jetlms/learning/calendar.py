"""The calendar feed of one person: what is due, at the last moment of its day in Japan, with stable UIDs."""
from typing import Any

from flask import current_app
from sqlalchemy import select

from jetlms.core import clock, crypto, i18n
from jetlms.core.db import db
from jetlms.learning.models import CalendarFeed, Course, Enrolment
from jetlms.people.models import Account


def deadlines(person_id: int) -> list[dict[str, Any]]:
    """Return her coming deadlines, soonest first: kind (due, closes), instant, course."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.due_on, Enrolment.closes_on, Course.title, Course.slug)
        .join(Course, Course.id == Enrolment.course_id).where(Enrolment.person_id == person_id, Enrolment.completed_at.is_(None))).all()
    found = [{"kind": kind, "id": row.id, "at": clock.end_of_day(day), "title": row.title, "slug": row.slug}
             for row in rows for kind, day in (("due", row.due_on), ("closes", row.closes_on)) if day and day >= clock.today()]
    return sorted(found, key=lambda line: line["at"])


def has_feed(person_id: int) -> bool:
    """Say whether she has a feed address."""
    return db.session.scalar(select(CalendarFeed.person_id).where(CalendarFeed.person_id == person_id)) is not None


def by_token(token: str) -> int | None:
    """Return whose feed this is, or None."""
    return db.session.scalar(select(CalendarFeed.person_id).where(CalendarFeed.digest == crypto.digest(token)))


def ics(person_id: int) -> bytes:
    """Return the feed (RFC 5545) in the language of her account."""
    from icalendar import Calendar, Event

    locale = db.session.scalar(select(Account.locale).where(Account.person_id == person_id)) or "en"
    host = current_app.config["BASE_URL"].split("//")[-1].split(":")[0]
    with i18n.force_locale(locale):
        calendar = Calendar()
        calendar.add("prodid", "-//jetlms//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", "jetlms")
        for line in deadlines(person_id):
            name = i18n.pick(line["title"], locale)
            words = i18n.gettext("Due: %(course)s", course=name) if line["kind"] == "due" else i18n.gettext("Closes: %(course)s", course=name)
            event = Event()
            event.add("uid", f"{line['kind']}-{line['id']}@{host}")
            event.add("dtstamp", clock.now())
            event.add("dtstart", line["at"])
            event.add("summary", words)
            event.add("url", f"{current_app.config['BASE_URL']}/learn/{line['slug']}")
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return bytes(calendar.to_ical())
