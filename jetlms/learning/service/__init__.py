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
from jetlms.learning.service.grading import override
from jetlms.learning.service.marking import (
    comment,
    drop_snippet,
    finish,
    keep_snippet,
    own_mark,
    put_back,
    remove_comment,
    revise,
    save_mark,
    set_tutors,
    take,
)
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
from jetlms.learning.service.sittings import set_sittings, sittings_of, window_of
from jetlms.learning.service.translating import (
    exercise_of,
    hand_in_translation,
    rate_segment,
    save_segment,
    segment_of,
)

__all__ = [
    "LARGEST_TAKE", "Missing", "PIECE", "Unfit", "answer", "arrived", "change_rule", "comment", "delete_old_takes",
    "delete_take", "drop_snippet", "enrol", "enrol_all", "enrol_by_rules", "exercise_of", "finish", "finish_take",
    "hand_in", "hand_in_takes", "hand_in_translation", "issue", "keep_piece", "keep_snippet", "keep_take",
    "make_rule", "new_feed", "note_screen", "override", "own_mark", "part_of", "progress_that_disagrees", "put_back",
    "rate_segment", "rate_take", "rebuild", "refold_course", "remind", "remove_comment", "reopen", "revise", "revoke",
    "save_mark", "save_segment", "segment_of", "set_consent", "set_sittings", "set_tutors", "sittings_of", "source",
    "sources", "start_attempt", "submit", "switch_off", "take", "tidy_code", "waits_until", "window_of", "withdraw",
]
