"""The way of a test from hand to hand: who has it, what comes next."""
from jetlms.core.i18n import _
from jetlms.core.workflow import State, Step, Workflow

JUDGE = "submissions.judge"

MARKING = Workflow("submission", (
    State("waiting", _("Waiting for a tutor"), _("Waiting to be marked"), "new"),
    State("marking", _("Being marked"), _("Being marked"), "wait"),
    State("second_waiting", _("Waiting for a second tutor"), _("Being marked"), "new"),
    State("second_marking", _("Being marked a second time"), _("Being marked"), "wait"),
    State("moderation", _("The desk decides"), _("Being marked"), "late"),
    State("returned", _("Returned"), _("Marked"), "done"),
), (
    Step("take", "waiting", "marking", JUDGE, _("Mark this")),
    Step("put_back", "marking", "waiting", JUDGE, _("Put back into the queue")),
    Step("take_second", "second_waiting", "second_marking", JUDGE, _("Mark this")),
    Step("put_back_second", "second_marking", "second_waiting", JUDGE, _("Put back into the queue")),
    Step("ask_second", "marking", "second_waiting", JUDGE, _("Finish, a second tutor marks too")),
    Step("disagree", "second_marking", "moderation", JUDGE, _("Finish, the desk decides")),
    Step("give_back", "marking second_marking", "returned", JUDGE, _("Finish and return")),
    Step("decide", "moderation", "returned", JUDGE, _("Decide and return")),
))
