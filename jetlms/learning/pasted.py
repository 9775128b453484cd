"""Lines pasted from a spreadsheet → whom each one names: a JET number, a mail address, or both; anything else in the line is left out."""
import re
from dataclasses import dataclass

from jetlms.core.i18n import Text, _
from jetlms.people import addresses
from jetlms.people.importing import columns, values

HYPHENS = r"[ \-‐‑–—−ー]"
NUMBER = re.compile(rf"(?<![\d-])20\d{{2}}{HYPHENS}?\d{{7}}(?![\d-])")
HEADINGS = {name for column in columns.PARTICIPANTS for name in column.names()}
SHOWN = 80


@dataclass(frozen=True)
class Line:
    """One line as it was pasted: its number, what stands there, whom it names. `wrong` says why it cannot be taken."""

    number: int
    text: str
    jet_number: str = ""
    email: str = ""
    wrong: Text = ""


def read(text: str) -> list[Line]:
    """Return the lines that hold something; a line of column headings at the top is passed over."""
    filled = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    lines = [_line(number, line) for number, line in filled]
    return lines[1:] if lines and lines[0].wrong and _is_heading(filled[0][1]) else lines


def _line(number: int, text: str) -> Line:
    numbers = {re.sub(HYPHENS, "", found) for found in NUMBER.findall(text)}
    emails = {addresses.fold(found) for found in values.EMAIL.findall(text)}
    shown = re.sub(r"\s+", " ", text)
    shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
    if not numbers and not emails:
        return Line(number, shown, wrong=_("There is no JET number (eleven digits, beginning with 20) and no e-mail address here."))
    if len(numbers) > 1 or len(emails) > 1:
        return Line(number, shown, wrong=_("There are several numbers or addresses here. Please write one person a line."))
    return Line(number, shown, next(iter(numbers), ""), next(iter(emails), ""))


def _is_heading(text: str) -> bool:
    return any(columns.folded(cell) in HEADINGS for cell in re.split(r"[\t,;、]", text))
