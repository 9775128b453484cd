"""The shell, as the rest of the system sees it."""
from jetlms.core.feature import Feature
from jetlms.shell.routes import bp

FEATURE = Feature("shell", bp)
