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
from jetlms.learning.service.recording import (
    LARGEST_TAKE,
    PIECE,
    Missing,
    Unfit,
    arrived,
    delete_old_takes,
    delete_take,
    finish_take,
    hand_in_takes,
    keep_piece,
    keep_take,
    part_of,
    rate_take,
)
from jetlms.learning.service.reminders import remind
from jetlms.learning.service.rules import change_rule, make_rule, switch_off
from jetlms.learning.service.translating import (
    exercise_of,
    hand_in_translation,
    rate_segment,
    save_segment,
    segment_of,
)

__all__ = [
    "LARGEST_TAKE", "PIECE", "Missing", "Unfit", "answer", "arrived", "delete_old_takes", "delete_take", "finish_take", "hand_in_takes", "keep_piece", "keep_take", "part_of",
    "rate_take", "change_rule", "enrol", "enrol_all", "enrol_by_rules", "exercise_of", "hand_in", "hand_in_translation", "issue", "make_rule",
    "new_feed", "note_screen", "progress_that_disagrees", "rate_segment", "rebuild", "refold_course", "remind", "reopen", "revoke",
    "save_segment", "segment_of", "set_consent", "source", "sources", "start_attempt", "submit", "switch_off", "tidy_code", "waits_until",
    "withdraw",
]
