"""The life of a question or an answer at a lesson: shown, withdrawn by its writer, hidden by the desk (and shown again)."""
from jetlms.core.i18n import _
from jetlms.core.workflow import State, Step, Workflow

POST = Workflow("lesson_posts", (
    State("shown", _("Shown"), _("Others can read it"), "ok"),
    State("withdrawn", _("Withdrawn by its writer."), _("You have withdrawn it"), "stop"),
    State("hidden", _("Hidden by CLAIR."), _("CLAIR has hidden it"), "stop"),
), (
    Step("withdraw", "shown", "withdrawn", "lesson_posts.change", _("Withdraw")),
    Step("hide", "shown", "hidden", "lesson_posts.hide", _("Hide"), reason=True),
    Step("show", "hidden", "shown", "lesson_posts.hide", _("Show again")),
))
