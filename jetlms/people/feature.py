"""People, as the rest of the system sees them."""
from jetlms.core.feature import Feature
from jetlms.people import policy, routes  # noqa: F401 -- the policy declares itself

FEATURE = Feature("people", routes.bp)
