"""Who may read, enrol, see and count. The monitor's three sights are three rows: names, counts, reminders."""
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select

from jetlms.core.db import TODAY
from jetlms.core.policy import anyone, declare, same_for_all
from jetlms.learning.models import (
    AdmissionRound,
    Application,
    Attempt,
    Award,
    Course,
    CourseTutor,
    Enrolment,
    EnrolmentRule,
    LessonPost,
    MemoryUnit,
    Placement,
    Regrade,
    ReviewCard,
    Submission,
    Take,
    Withdrawal,
    WordingRequest,
)
from jetlms.people.models import Consent, Organisation
from jetlms.people.policy import participants_of, reach

NAMES_TO_HOST = "learning_names_host"          # consent: her host body and its advisers see her name beside her progress
SCORES_TO_EMPLOYER = "learning_scores_employer"  # consent: her organisation sees her best quiz results
QUESTION = LessonPost.__table__.alias("question")


@same_for_all
def published(_user: Any) -> ColumnElement[bool]:
    """Courses that have a release and are not retired."""
    return and_(Course.release_id.is_not(None), Course.retired_at.is_(None))


def of_published(user: Any) -> ColumnElement[bool]:
    """Rules of courses that have a release and are not retired."""
    return EnrolmentRule.course_id.in_(select(Course.id).where(published(user)))


def own(user: Any) -> ColumnElement[bool]:
    """Her own enrolments."""
    return Enrolment.person_id == user.id


def own_attempt(user: Any) -> ColumnElement[bool]:
    """Her own attempts."""
    return Attempt.person_id == user.id


def own_card(user: Any) -> ColumnElement[bool]:
    """Her own cards of the daily review."""
    return ReviewCard.person_id == user.id


def own_take(user: Any) -> ColumnElement[bool]:
    """Her own takes."""
    return Take.attempt_id.in_(select(Attempt.id).where(own_attempt(user)))


def own_placement(user: Any) -> ColumnElement[bool]:
    """Her own placement quizzes."""
    return Placement.person_id == user.id


def round_of_published(user: Any) -> ColumnElement[bool]:
    """Rounds of courses that have a release and are not retired."""
    return AdmissionRound.course_id.in_(select(Course.id).where(published(user)))


def own_application(user: Any) -> ColumnElement[bool]:
    """Her own applications."""
    return Application.person_id == user.id


def application_to_organisation(user: Any) -> ColumnElement[bool]:
    """Applications sent to the supervisor's organisations, never the supervisor's own."""
    return and_(Application.organisation_id.in_(reach(user, "supervisor")), Application.state != "draft", Application.person_id != user.id)


def sent_application(user: Any) -> ColumnElement[bool]:
    """Applications that were sent, never her own."""
    return and_(Application.state != "draft", Application.person_id != user.id)


def own_unit(user: Any) -> ColumnElement[bool]:
    """The units of her own translation memory."""
    return MemoryUnit.person_id == user.id


def own_regrade(user: Any) -> ColumnElement[bool]:
    """What another key makes of her own results."""
    return Regrade.person_id == user.id


def own_submission(user: Any) -> ColumnElement[bool]:
    """The tests she handed in."""
    return Submission.person_id == user.id


def of_courses_she_marks(user: Any) -> ColumnElement[bool]:
    """Tests of the courses she marks, by number, never her own."""
    return and_(Submission.person_id != user.id,
                Submission.course_id.in_(select(CourseTutor.course_id).where(CourseTutor.person_id == user.id)))


def course_she_marks(user: Any) -> ColumnElement[bool]:
    """The courses she marks."""
    return Course.id.in_(select(CourseTutor.course_id).where(CourseTutor.person_id == user.id))


def learner_she_marks(user: Any) -> ColumnElement[bool]:
    """Enrolments in the courses she marks."""
    return Enrolment.course_id.in_(select(CourseTutor.course_id).where(CourseTutor.person_id == user.id))


def undecided(user: Any) -> ColumnElement[bool]:
    """Tests on which two tutors differ, never her own."""
    return and_(Submission.person_id != user.id, Submission.state == "moderation")


def own_take_or_marked(user: Any) -> ColumnElement[bool]:
    """Her own takes, and those of tests she marks."""
    return or_(own_take(user), Take.attempt_id.in_(select(Submission.attempt_id).where(of_courses_she_marks(user))))


def own_take_or_undecided(user: Any) -> ColumnElement[bool]:
    """Her own takes, and those of tests on which she decides."""
    return or_(own_take(user), Take.attempt_id.in_(select(Submission.attempt_id).where(undecided(user))))


def own_award(user: Any) -> ColumnElement[bool]:
    """Her own certificates."""
    return Award.person_id == user.id


def own_organisation(user: Any) -> ColumnElement[bool]:
    """Enrolments of the supervisor's own participants, where the enrolment lets their organisation see it."""
    return and_(Enrolment.employer_sees, Enrolment.person_id.in_(participants_of(Organisation.id.in_(reach(user, "supervisor")))))


def host_body(user: Any) -> ColumnElement[bool]:
    """Enrolments under the host body: for counts only."""
    return Enrolment.person_id.in_(participants_of(Organisation.host_id.in_(_bodies(user))))


def host_body_by_consent(user: Any) -> ColumnElement[bool]:
    """Enrolments under the host body whose learners agreed to be named there."""
    return and_(host_body(user), Enrolment.employer_sees, agreed(NAMES_TO_HOST, Enrolment.person_id))


def awards_of_organisation(user: Any) -> ColumnElement[bool]:
    """Certificates of the supervisor's own participants, where the enrolment lets their organisation see it."""
    hidden = exists().where(Enrolment.person_id == Award.person_id, Enrolment.course_id == Award.course_id, Enrolment.employer_sees.is_(False))
    return and_(Award.person_id.in_(participants_of(Organisation.id.in_(reach(user, "supervisor")))), ~hidden)


def own_award_or_of_organisation(user: Any) -> ColumnElement[bool]:
    """Her own certificates, and those of her organisation's participants."""
    return or_(own_award(user), awards_of_organisation(user))


def in_own_courses(user: Any) -> ColumnElement[bool]:
    """Questions and answers in the courses she is enrolled in."""
    return LessonPost.course_id.in_(select(Enrolment.course_id).where(Enrolment.person_id == user.id))


def own_post(user: Any) -> ColumnElement[bool]:
    """What she wrote herself."""
    return LessonPost.person_id == user.id


def answer_to_own(user: Any) -> ColumnElement[bool]:
    """Answers to questions she asked herself."""
    return LessonPost.question_id.in_(select(QUESTION.c.id).where(QUESTION.c.person_id == user.id))


def own_wording(user: Any) -> ColumnElement[bool]:
    """Wordings she asked to be accepted."""
    return WordingRequest.person_id == user.id


def agreed(purpose: str, person_id: Any) -> ColumnElement[bool]:
    """Whether this person's consent to `purpose` is alive."""
    return exists().where(Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))


def _bodies(user: Any) -> tuple[int, ...]:
    return reach(user, "adviser") + reach(user, "host_staff")


# The state of an enrolment today, as SQL: the same four words everywhere (Enrolment's docstring).
STATUS = case(
    (Enrolment.completed_at.is_not(None), "completed"),
    (Enrolment.started_at.is_(None), "not_started"),
    (Enrolment.behind_from <= TODAY, "behind"),
    else_="on_track",
)


EVERYBODY = dict.fromkeys(
    ("participant", "alumna", "supervisor", "host_staff", "adviser", "clair_desk", "author", "tutor", "counsellor", "administrator"), published)
declare(Course, {
    "courses.read": EVERYBODY,
    "courses.enrol": {"participant": published, "alumna": published, "supervisor": published, "author": published},
    "courses.publish": {"author": anyone, "administrator": anyone},
    "courses.assign": {"clair_desk": published},
    "courses.grade": {"clair_desk": published, "tutor": course_she_marks},
})
declare(Enrolment, {
    "enrolments.study": dict.fromkeys(EVERYBODY, own),
    "monitor.names": {"supervisor": own_organisation, "host_staff": host_body_by_consent, "adviser": host_body_by_consent,
                      "clair_desk": anyone},
    "monitor.count": {"supervisor": own_organisation, "host_staff": host_body, "adviser": host_body, "clair_desk": anyone},
    "gradebook.read": {"clair_desk": anyone, "tutor": learner_she_marks},
    "monitor.remind": {"supervisor": own_organisation},
    "enrolments.withdraw": {"clair_desk": anyone},
})
declare(EnrolmentRule, {"enrolment_rules.change": {"clair_desk": of_published}})
declare(Withdrawal, {"withdrawals.read": {"clair_desk": anyone}})
declare(Attempt, {"attempts.answer": dict.fromkeys(EVERYBODY, own_attempt)})
declare(Regrade, {"regrades.answer": dict.fromkeys(EVERYBODY, own_regrade)})
declare(ReviewCard, {"cards.review": dict.fromkeys(EVERYBODY, own_card)})
declare(MemoryUnit, {"memory.own": dict.fromkeys(EVERYBODY, own_unit)})
declare(AdmissionRound, {
    "rounds.read": {**dict.fromkeys(("participant", "alumna"), round_of_published), "clair_desk": anyone},
    "rounds.manage": {"clair_desk": anyone},
})
declare(Application, {
    "applications.write": {"participant": own_application},
    "applications.approve": {"supervisor": application_to_organisation},
    "applications.select": {"clair_desk": sent_application},
})
declare(Placement, {"placements.take": dict.fromkeys(EVERYBODY, own_placement)})
declare(Take, {"takes.hear": {**dict.fromkeys(EVERYBODY, own_take), "tutor": own_take_or_marked, "clair_desk": own_take_or_undecided}})
declare(Submission, {
    "submissions.own": dict.fromkeys(EVERYBODY, own_submission),
    "submissions.mark": {"tutor": of_courses_she_marks},
    "submissions.oversee": {"clair_desk": anyone},
    "submissions.judge": {"tutor": of_courses_she_marks, "clair_desk": undecided},
})
declare(Award, {
    "awards.view": {**dict.fromkeys(EVERYBODY, own_award), "supervisor": own_award_or_of_organisation},
    "awards.revoke": {"clair_desk": anyone},
})
# Learners among themselves, with those who write and tend the courses. Organisations and host bodies are not among them, even where
# somebody there takes a course herself: what a participant asks is not for her employer.
LEARNERS = {"participant": in_own_courses, "alumna": in_own_courses}
declare(LessonPost, {
    "lesson_posts.read": {**LEARNERS, "author": anyone, "clair_desk": anyone},
    "lesson_posts.change": dict.fromkeys(("participant", "alumna", "author", "clair_desk"), own_post),
    "lesson_posts.accept": {"participant": answer_to_own, "alumna": answer_to_own, "author": anyone, "clair_desk": anyone},
    "lesson_posts.tend": {"author": anyone, "clair_desk": anyone},
    "lesson_posts.hide": {"clair_desk": anyone},
})
declare(WordingRequest, {
    "wordings.send": dict.fromkeys(EVERYBODY, own_wording),
    "wordings.decide": {"author": anyone, "administrator": anyone},
})
