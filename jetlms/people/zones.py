"""The time zones of the world, as a list to choose from."""
from functools import cache
from zoneinfo import available_timezones

from jetlms.core.i18n import Text, _

REGIONS: dict[str, Text] = {
    "Asia": _("Asia"), "Pacific": _("Pacific"), "America": _("America"), "Europe": _("Europe"), "Africa": _("Africa"),
    "Australia": _("Australia"), "Atlantic": _("Atlantic"), "Indian": _("Indian Ocean"), "Arctic": _("Arctic"), "Antarctica": _("Antarctica"),
}
# Where most people of the Programme live before, while and after it; offered first.
OFTEN = (
    "Asia/Tokyo", "Europe/London", "Europe/Dublin", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Toronto", "America/Vancouver", "Australia/Sydney", "Pacific/Auckland", "Africa/Johannesburg", "America/Jamaica",
    "Asia/Singapore", "Asia/Manila",
)


@cache
def known() -> frozenset[str]:
    """Return the names of all zones that belong to a place, and UTC."""
    return frozenset(name for name in available_timezones() if name.split("/")[0] in REGIONS and "/" in name) | {"UTC"}


@cache
def groups() -> tuple[tuple[Text, tuple[tuple[str, str], ...]], ...]:
    """Return (region, ((zone, place), …)), the often chosen ones first, every zone once."""
    rest = sorted(known() - set(OFTEN) - {"UTC"})
    regions = [(label, tuple((name, _place(name)) for name in rest if name.startswith(f"{region}/"))) for region, label in REGIONS.items()]
    return ((_("Often chosen"), tuple((name, _place(name)) for name in OFTEN)), *regions, (_("No place"), (("UTC", "UTC"),)))


def _place(name: str) -> str:
    return name.split("/", 1)[1].replace("/", " – ").replace("_", " ")
