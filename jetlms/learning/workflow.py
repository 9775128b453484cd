"""What goes from hand to hand in learning: tests to tutors, posts at a lesson, applications by way of the organisation to a place."""
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

# A round of admission: she applies, her organisation approves, she takes the level check, places are given.
ADMISSION = Workflow("applications", (
    State("draft", _("Draft"), _("Not sent yet"), "new"),
    State("submitted", _("Waiting for approval"), _("Your organisation decides"), "wait"),
    State("approved", _("Approved"), _("Approved: the level check is next"), "ok"),
    State("refused", _("Not approved"), _("Your organisation has not approved it"), "stop"),
    State("checked", _("Level check taken"), _("Level check taken: places are given soon"), "wait"),
    State("admitted", _("Admitted"), _("You have a place"), "done"),
    State("waitlisted", _("Waiting list"), _("You are on the waiting list"), "wait"),
    State("declined", _("Declined"), _("No place this time"), "stop"),
    State("active", _("Enrolled"), _("You are enrolled"), "done"),
    State("withdrawn", _("Withdrawn"), _("You have withdrawn it"), "stop"),
), (
    Step("submit", "draft", "submitted", "applications.write", _("Send the application")),
    Step("approve", "submitted", "approved", "applications.approve", _("Approve")),
    Step("refuse", "submitted", "refused", "applications.approve", _("Do not approve"), reason=True),
    Step("expire", "submitted approved", "declined", "", _("Declined when the time is over")),
    Step("check", "approved", "checked", "", _("Level check handed in")),
    Step("admit", "checked waitlisted", "admitted", "", _("Gets a place")),
    Step("wait", "checked", "waitlisted", "", _("Goes on the waiting list")),
    Step("decline", "checked", "declined", "", _("Gets no place")),
    Step("enrol", "admitted", "active", "applications.select", _("Enrol")),
    Step("withdraw", "draft submitted approved checked admitted waitlisted", "withdrawn", "applications.write", _("Withdraw the application")),
))
