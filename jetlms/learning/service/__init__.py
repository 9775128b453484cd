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
from jetlms.learning.service.enrolments import (
    enrol,
    enrol_all,
    enrol_by_rules,
    refold_course,
    reopen,
    withdraw,
)
from jetlms.learning.service.feeds import new_feed
from jetlms.learning.service.progress import note_screen, progress_that_disagrees, rebuild
from jetlms.learning.service.reminders import remind
from jetlms.learning.service.rules import change_rule, make_rule, switch_off

__all__ = [
    "answer", "change_rule", "enrol", "enrol_all", "enrol_by_rules", "hand_in", "issue", "make_rule", "new_feed", "note_screen",
    "progress_that_disagrees", "rebuild", "refold_course", "remind", "reopen", "revoke", "set_consent", "source", "sources",
    "start_attempt", "submit", "switch_off", "tidy_code", "waits_until", "withdraw",
]
