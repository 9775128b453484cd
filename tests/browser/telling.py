"""What the stories share: a person without a past, and waiting until everything typed has arrived."""
from sqlalchemy import select

ALL_SENT = "Object.values(localStorage).every(kept => JSON.parse(kept).every(entry => entry.done))"


def wait_until_sent(page):
    """Wait until nothing waits in the outbox. By asking from outside: our policy forbids the page to evaluate text."""
    for _n in range(100):
        if page.evaluate(ALL_SENT):
            return
        page.wait_for_timeout(100)
    raise AssertionError("answers still wait")


def fresh(site, name):
    """Take away what an earlier story left of this person's learning, so that stories come in any order."""
    from jetlms.core.db import db, unit
    from jetlms.learning.models import (
        Answer,
        Attempt,
        Award,
        Enrolment,
        LearningEvent,
        Mark,
        MarkComment,
        MemoryUnit,
        Progress,
        Reminder,
        ReviewCard,
        ReviewLog,
        SegmentAnswer,
        Submission,
        Take,
        TakePiece,
    )
    from jetlms.people.models import Account

    with site.app.app_context(), unit():
        person = db.session.scalar(select(Account.person_id).where(Account.email == f"{name}@demo.example"))
        attempts = select(Attempt.id).where(Attempt.person_id == person)
        tests = select(Submission.id).where(Submission.person_id == person)
        db.session.execute(MarkComment.__table__.delete().where(MarkComment.mark_id.in_(select(Mark.id).where(Mark.submission_id.in_(tests)))))
        db.session.execute(Mark.__table__.delete().where(Mark.submission_id.in_(tests)))
        for table in (Submission, ReviewLog, ReviewCard):
            db.session.execute(table.__table__.delete().where(table.person_id == person))
        for table in (Answer, SegmentAnswer, Take):
            db.session.execute(table.__table__.delete().where(table.attempt_id.in_(attempts)))
        for table in (Attempt, Award, Enrolment, LearningEvent, MemoryUnit, Progress, Reminder, TakePiece):
            db.session.execute(table.__table__.delete().where(table.person_id == person))
    return person
