"""Learning, as the rest of the system sees it."""
from jetlms.core import search
from jetlms.core.feature import Feature, Link
from jetlms.core.i18n import _
from jetlms.learning import certificate, indexing, jobs, notices, policy, routes, words  # noqa: F401 -- they declare themselves
from jetlms.learning.queries import monitor
from jetlms.people import reference

search.kind("lesson", _("Lesson"), "courses.read")
search.kind("transcript", _("Said in a sound or film"), "courses.read")
search.kind("term", _("Term"), "courses.read")

FEATURE = Feature(
    "learning", routes.bp,
    nav=(
        Link(_("Courses"), "learning.catalogue", "courses.read", order=10),
        Link(_("Monitor"), "learning.watch", "monitor.count", order=5),
        Link(_("Applications"), "learning.applications", "applications.approve", order=6),
        Link(_("Review"), "learning.review", "courses.enrol", order=12),
        Link(_("Marking"), "learning.marking", "submissions.mark", order=6),
        Link(_("Tests and tutors"), "learning.oversight", "submissions.oversee", order=7),
        Link(_("Authoring"), "learning.author", "courses.publish", order=8),
        Link(_("Certificates"), "learning.certificates", "awards.view", order=20),
        Link(_("Deadlines"), "learning.calendar", "signed-in", order=30),
        Link(_("My notes"), "learning.notes", "signed-in", order=35),
        Link(_("Learners’ questions"), "learning.waiting_questions", "lesson_posts.tend", order=36),
        Link(_("Answers to accept"), "learning.wordings", "wordings.decide", order=37),
        Link(_("Who can see what"), "learning.who_sees", "signed-in", order=40),
    ),
    keeps={
        "learning_event": "as long as the account: the learning record is the learner's",
        "answer": "5 years after the attempt",
        "segment_answer": "5 years after the attempt", "memory_unit": "as long as the account: it is her own",
        "take": "1 year after it was recorded, or until she deletes it", "take_piece": "7 days, or until the take is whole",
        "grade_override": "as long as the account: it belongs to the learning record", "submission": "5 years after it was returned",
        "mark": "5 years after the submission", "mark_comment": "5 years after the submission",
        "review_card": "as long as the account: it is her own", "review_log": "as long as the account: it is her own",
        "snippet": "as long as the account: it is her own", "course_tutor": "as long as the course has this tutor",
        "lesson_note": "as long as the account: it is her own", "bookmark": "as long as the account",
        "lesson_post": "as long as the course: others learn from it; who withdraws hers hides its words at once",
        "post_report": "3 years after it was settled", "wording_request": "3 years after it was decided",
        "study_plan": "until the course is completed, or she removes it",
        "admission_round": "10 years: draws can be done again", "application": "5 years after the round, with its evidence file",
        "draw": "10 years: draws can be done again",
        "placement": "as long as the account: it is her own", "placement_answer": "as long as the account: it is her own",
        "release_source": "as long as the release", "draft": "until it is discarded", "draft_file": "until it is discarded",
        "regrade": "5 years after the attempt",
        "award": "for ever: certificates are verified for life",
        "reminder": "3 years", "withdrawal": "as long as the account: it belongs to the learning record",
    },
    filters={
        "state_word": words.state, "state_tag": words.tag, "state_reason": words.reason,
        "finding_word": words.finding, "error_word": words.error, "has_kanji": words.has_kanji,
        "language_word": words.language, "declined_word": words.declined, "hours": certificate.hours,
        "page_key": monitor.key, "seconds": indexing.seconds,
        "jst_day": words.day_of, "prefecture_name": reference.prefecture_name,
    },
)
