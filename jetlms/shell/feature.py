"""The shell, as the rest of the system sees it."""
from jetlms.core.feature import Feature, Link
from jetlms.core.i18n import _
from jetlms.shell import policy, words  # noqa: F401 -- the policy declares itself
from jetlms.shell.routes import bp

FEATURE = Feature("shell", bp, nav=(
    Link(_("Home"), "shell.home", "signed-in", order=0),
    Link(_("Operation"), "shell.admin", "installation.watch", order=95),
), filters={"health_word": words.health_word, "work_word": words.work_word, "local_hour": words.local_hour,
            "deadline": words.deadline, "days_left": words.days_left})
