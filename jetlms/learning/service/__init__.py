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
from jetlms.learning.service.notes import save_note, set_bookmark
from jetlms.learning.service.plans import drop_plan, set_plan
from jetlms.learning.service.posts import (
    accept,
    ask,
    edit,
    hide,
    may_edit,
    refuse_late,
    reply,
    report,
    settle_reports,
    show_again,
    withdraw_post,
)
from jetlms.learning.service.progress import note_screen, progress_that_disagrees, rebuild
from jetlms.learning.service.reminders import remind
from jetlms.learning.service.rules import change_rule, make_rule, switch_off
from jetlms.learning.service.translating import (
    exercise_of,
    hand_in_translation,
    rate_segment,
    save_segment,
    segment_of,
)
from jetlms.learning.service.wordings import decide_wording, folded, send_wording

__all__ = [
    "accept", "answer", "ask", "change_rule", "decide_wording", "drop_plan", "edit", "enrol", "enrol_all", "enrol_by_rules", "exercise_of",
    "folded", "hand_in", "hand_in_translation", "hide", "issue", "make_rule", "may_edit", "new_feed", "note_screen",
    "progress_that_disagrees", "rate_segment", "rebuild", "refold_course", "refuse_late", "remind", "reopen", "reply", "report", "revoke",
    "save_note", "save_segment", "segment_of", "send_wording", "set_bookmark", "set_consent", "set_plan", "settle_reports", "show_again",
    "source", "sources", "start_attempt", "submit", "switch_off", "tidy_code", "waits_until", "withdraw", "withdraw_post",
]
