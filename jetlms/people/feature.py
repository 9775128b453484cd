"""People, as the rest of the system sees them."""
from jetlms.core import search
from jetlms.core.feature import Feature, Link
from jetlms.core.i18n import _
from jetlms.people import jobs, notices, policy, reference, routes  # noqa: F401 -- they declare themselves

search.kind("person", _("Person"), "people.view")
search.kind("organisation", _("Organisation"), "organisations.view")

FEATURE = Feature(
    "people", routes.bp,
    nav=(
        Link(_("People directory"), "people.index", "people.list", order=12),
        Link(_("Organisations"), "people.organisations", "people.list", order=14),
        Link(_("Imports"), "people.imports", "imports.run", order=60),
        Link(_("Accounts"), "people.accounts", "accounts.administer", order=90),
    ),
    keeps={
        "device": "90 days after its end", "ticket": "90 days after its end", "pause": "one day",
        "account": "as long as the person", "passkey": "until it is removed", "recovery_code": "until it is replaced",
    },
    filters={"country_name": reference.country_name},
)
