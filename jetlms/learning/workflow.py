"""What goes from hand to hand in learning: a test to its tutor and back; a question or an answer at a lesson, shown or not."""
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

POST = Workflow("lesson_posts", (
    State("shown", _("Shown"), _("Others can read it"), "ok"),
    State("withdrawn", _("Withdrawn by its writer."), _("You have withdrawn it"), "stop"),
    State("hidden", _("Hidden by CLAIR."), _("CLAIR has hidden it"), "stop"),
), (
    Step("withdraw", "shown", "withdrawn", "lesson_posts.change", _("Withdraw")),
    Step("hide", "shown", "hidden", "lesson_posts.hide", _("Hide"), reason=True),
    Step("show", "hidden", "shown", "lesson_posts.hide", _("Show again")),
))
