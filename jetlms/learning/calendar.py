"""The calendar feed of one person: what is due, at the last moment of its day in Japan, and what she plans; with stable UIDs."""
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from jetlms.core import clock, crypto, i18n
from jetlms.core.db import db
from jetlms.learning.models import CalendarFeed, Course, Enrolment
from jetlms.learning.queries.plans import sessions_of
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
    from icalendar import Calendar

    account = db.session.execute(select(Account.locale, Account.zone).where(Account.person_id == person_id)).first()
    locale, zone = (account.locale, account.zone) if account else ("en", "Asia/Tokyo")
    host = current_app.config["BASE_URL"].split("//")[-1].split(":")[0]
    with i18n.force_locale(locale):
        calendar = Calendar()
        calendar.add("prodid", "-//jetlms//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", "jetlms")
        for line in deadlines(person_id):
            name = i18n.pick(line["title"], locale)
            words = i18n.gettext("Due: %(course)s", course=name) if line["kind"] == "due" else i18n.gettext("Closes: %(course)s", course=name)
            event = _event(f"{line['kind']}-{line['id']}@{host}", words, line["slug"])
            event.add("dtstart", line["at"])
            calendar.add_component(event)
        for session in sessions_of(person_id, clock.today()):
            words = i18n.gettext("Learn: %(course)s (%(n)s min)", course=i18n.pick(session["title"], locale), n=session["minutes"])
            event = _event(f"plan-{session['course_id']}-{session['day']}@{host}", words, session["slug"])
            at = starts(session, zone)
            event.add("dtstart", at or session["day"])             # without a time of the day: all day
            if at:
                event.add("dtend", at + timedelta(minutes=session["minutes"]))
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def starts(session: dict[str, Any], zone: str) -> datetime | None:
    """Return when a planned session begins, in UTC, or None where she chose no time of the day."""
    if not session["starts_at"]:
        return None
    local = datetime.combine(session["day"], time.fromisoformat(session["starts_at"]), ZoneInfo(zone))
    return local.astimezone(UTC)


def _event(uid: str, words: str, slug: str) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", clock.now())
    event.add("summary", words)
    event.add("url", f"{current_app.config['BASE_URL']}/learn/{slug}")
    event.add("transp", "TRANSPARENT")
    return event
