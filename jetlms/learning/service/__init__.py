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
from jetlms.learning.service.drafting import Changed as DraftChanged
from jetlms.learning.service.drafting import begin as begin_draft
from jetlms.learning.service.drafting import (
    delete_item,
    import_questions,
    make_item,
    mint_ids,
    move_item,
    texts_of,
)
from jetlms.learning.service.drafting import discard as discard_draft
from jetlms.learning.service.drafting import save as save_draft
from jetlms.learning.service.drafting import write as write_draft
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
from jetlms.learning.service.regrading import answer_regrade, proposals, regrade, remarked
from jetlms.learning.service.releasing import check_draft, publish_draft, roll_back, state_of
from jetlms.learning.service.reminders import remind
from jetlms.learning.service.reviewing import add_term, begin_cards, look, refold_cards, suspend, undo
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
    "LARGEST_TAKE",
    "PIECE",
    "DraftChanged",
    "Missing",
    "Unfit",
    "add_term",
    "answer",
    "answer_regrade",
    "arrived",
    "begin_cards",
    "begin_draft",
    "change_rule",
    "check_draft",
    "comment",
    "delete_item",
    "delete_old_takes",
    "delete_take",
    "discard_draft",
    "drop_snippet",
    "enrol",
    "enrol_all",
    "enrol_by_rules",
    "exercise_of",
    "finish",
    "finish_take",
    "hand_in",
    "hand_in_takes",
    "hand_in_translation",
    "import_questions",
    "issue",
    "keep_piece",
    "keep_snippet",
    "keep_take",
    "look",
    "make_item",
    "make_rule",
    "mint_ids",
    "move_item",
    "new_feed",
    "note_screen",
    "override",
    "own_mark",
    "part_of",
    "progress_that_disagrees",
    "proposals",
    "publish_draft",
    "put_back",
    "rate_segment",
    "rate_take",
    "rebuild",
    "refold_cards",
    "refold_course",
    "regrade",
    "remarked",
    "remind",
    "remove_comment",
    "reopen",
    "revise",
    "revoke",
    "roll_back",
    "save_draft",
    "save_mark",
    "save_segment",
    "segment_of",
    "set_consent",
    "set_sittings",
    "set_tutors",
    "sittings_of",
    "source",
    "sources",
    "start_attempt",
    "state_of",
    "submit",
    "suspend",
    "switch_off",
    "take",
    "texts_of",
    "tidy_code",
    "undo",
    "waits_until",
    "window_of",
    "withdraw",
    "write_draft",
]
