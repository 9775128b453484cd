"""Who may see the installation from the inside."""
from jetlms.core.policy import anyone, declare

declare(None, {"installation.watch": {"administrator": anyone}, "installation.audit": {"administrator": anyone}})
