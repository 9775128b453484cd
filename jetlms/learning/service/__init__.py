"""What can be done in learning, by subject."""
from jetlms.learning.service.attempts import (
    answer,
    hand_in,
    source,
    sources,
    start_attempt,
    submit,
    waits_until,
)
from jetlms.learning.service.awards import issue, revoke, tidy_code
from jetlms.learning.service.consents import set_consent
from jetlms.learning.service.enrolments import enrol, enrol_by_rules, refold_course, reopen
from jetlms.learning.service.feeds import new_feed
from jetlms.learning.service.progress import note_screen, progress_that_disagrees, rebuild
from jetlms.learning.service.reminders import remind

__all__ = [
    "answer", "enrol", "enrol_by_rules", "hand_in", "issue", "new_feed", "note_screen", "progress_that_disagrees", "rebuild",
    "refold_course", "remind", "reopen", "revoke", "set_consent", "source", "sources", "start_attempt", "submit", "tidy_code",
    "waits_until",
]
