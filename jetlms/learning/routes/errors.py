"""My errors: which kinds a translator found in her own work, by month. For her own eyes; there is no other page of it."""
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask_login import current_user

from jetlms.core import clock, i18n
from jetlms.core.guard import signed_in
from jetlms.core.i18n import _, lang
from jetlms.learning import profile, words
from jetlms.learning.queries import errors as queries
from jetlms.learning.routes import bp

TREND = {"falling": _("%(kind)s: %(n)s %% of your marks, falling"), "rising": _("%(kind)s: %(n)s %% of your marks, rising"),
         "steady": _("%(kind)s: %(n)s %% of your marks, steady"), "": _("%(kind)s: %(n)s %% of your marks")}


@bp.get("/memory/errors")
@signed_in
def errors() -> Any:
    since = datetime.combine(profile.first_month(clock.today()), time(), ZoneInfo(current_user.zone))
    found = profile.profile(queries.rated(current_user.id, since), words.ERROR, current_user.zone)
    said = [str(TREND[kind.trend]) % {"kind": words.error(kind.name), "n": round(100 * kind.share)} for kind in found.kinds if kind.count]
    return render_template("learning/errors.html", found=found, said=said, months=[month(m) for m in found.months],
                           columns=[month(m, year=False) for m in found.months])


def month(first: date, *, year: bool = True) -> str:
    """Return the name of a month, short enough for a chart without its year."""
    if lang() == "ja":
        era, count = clock.era(first)
        return f"{era}{'元' if count == 1 else count}年{first.month}月" if year else f"{first.month}月"
    name = i18n.MONTHS[first.month - 1]
    return f"{name} {first.year}" if year else name[:3]
