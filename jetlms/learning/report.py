"""The month report an organisation keeps on file: one sheet or one paper, in the reader's language, with the moment it was made."""
from datetime import date
from pathlib import Path
from typing import Any

from jetlms.core import clock, exports, i18n
from jetlms.core.i18n import gettext
from jetlms.learning import words
from jetlms.learning.certificate import FONTS

MOST = 10_000
HERE = Path(__file__).resolve().parent


def month_of(text: str) -> date:
    """Return the first day of "YYYY-MM", or of this month when it is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


def filename(month: date, kind: str) -> str:
    """Return a name that sorts and says what it is."""
    return f"{gettext('learning-report')}-{month:%Y-%m}.{kind}"


def header() -> list[str]:
    """Return the columns of sheet and paper."""
    return [gettext("Name"), gettext("Katakana"), gettext("Job type"), gettext("Organisation"), gettext("Course"), gettext("State"),
            gettext("Done"), gettext("Of"), gettext("This month"), gettext("Last active"), gettext("Expected by"), gettext("Reason")]


def line(row: Any, month: date, lang: str) -> list[Any]:
    """Return one person and course as cells."""
    active = row.last_at is not None and row.last_at.astimezone(clock.JST).date().replace(day=1) >= month
    return [row.display_name, row.katakana_name, row.job_type or "", row.name_ja if lang == "ja" else row.name_en,
            i18n.pick(row.title, lang), words.state(row.state), row.done, row.required,
            gettext("active") if active else gettext("not active"),
            row.last_at.astimezone(clock.JST).date().isoformat() if row.last_at else "", row.due_on.isoformat() if row.due_on else "",
            words.reason(row)]


def made(by: Any) -> str:
    """Return who made the report and when: the watermark of a file with names."""
    return gettext("Made %(at)s by %(name)s. Contains personal information.", at=i18n.moment(clock.now()), name=by.name)


def xlsx(rows: list[Any], month: date, *, by: Any, lang: str) -> bytes:
    """Return the report as a workbook: people, and a sheet that says what it is."""
    title = gettext("Learning report %(month)s", month=f"{month:%Y-%m}")
    about = [[title], [made(by)], [gettext("Answers and scores are never part of this report.")]]
    return exports.xlsx([(gettext("People"), header(), (line(row, month, lang) for row in rows)),
                         (gettext("About"), [gettext("About this report")], about)], title=title)


def pdf(rows: list[Any], month: date, *, by: Any, lang: str) -> bytes:
    """Return the report as PDF."""
    counts = {state: len([row for row in rows if row.state == state]) for state in words.STATE}
    values = {
        "title": gettext("Learning report %(month)s", month=f"{month:%Y-%m}"), "made": made(by), "lang": lang,
        "organisation": i18n.pick(by.organisation_label, lang) if isinstance(by.organisation_label, dict) else str(by.organisation_label),
        "header": [gettext("Name"), gettext("Course"), gettext("State"), gettext("Done"), gettext("Reason")],
        "counts": [[words.state(state), str(counts[state])] for state in words.STATE],
        "rows": [[row.display_name, i18n.pick(row.title, lang), words.state(row.state), f"{row.done}/{row.required}", words.reason(row)]
                 for row in rows],
        "note": gettext("Answers and scores are never part of this report."),
    }
    return exports.pdf(HERE / "report.typ", values, fonts=FONTS)
