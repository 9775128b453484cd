"""Bytes → lines of text cells. CSV in UTF-8, UTF-16 or CP932 (Shift_JIS as Excel writes it), separated by commas, tabs or semicolons; XLSX."""
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from jetlms.core.exports import RISKY
from jetlms.core.forms import clean
from jetlms.core.i18n import Text, _

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_UNPACKED = 200 * 1024 * 1024       # a small archive may hold a very large sheet
Line = tuple[int, list[str]]


class Unreadable(Exception):
    """The file as a whole cannot be used; `message` says why (translated)."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def read(data: bytes) -> list[Line]:
    """Return the lines that hold something: (number in the file, cells). Raises Unreadable."""
    if not data.strip():
        raise Unreadable(_("This file is empty."))
    if len(data) > MAX_BYTES:
        raise Unreadable(_("This file is too large. The largest size is %(n)s MB.", n=MAX_BYTES // 1024 // 1024))
    lines: list[Line] = []
    for number, cells in _xlsx(data) if data.startswith(b"PK\x03\x04") else _csv(data):
        tidy = [cell(value) for value in cells[:MAX_COLUMNS]]
        if any(tidy):
            lines.append((number, tidy))
        if len(lines) > MAX_ROWS + 3:
            raise Unreadable(_("This file has too many rows. At most %(n)s can be imported at once.", n=f"{MAX_ROWS:,}"))
    return lines


def cell(value: Any) -> str:
    """Return a cell as one line of clean text: 20260000001.0 → "20260000001", a date → "2026-07-27"."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(clean(str(value if value is not None else ""))).split())
    return text[1:] if text[:1] == "'" and text[1:].startswith(RISKY) else text      # our own exports guard formulas so


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count))
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(_("Line %(n)s of this file cannot be read as a table.", n=before + 1)) from error


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16", "utf-8-sig", "cp932") if marked else ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(_("The characters of this file cannot be read. Please save it as CSV UTF-8 or as an Excel workbook (XLSX)."))


def _xlsx(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    import python_calamine as calamine

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise Unreadable(_("This workbook is too large."))
        sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, calamine.CalamineError, calamine.PasswordError, ValueError, IndexError) as error:
        raise Unreadable(_("This workbook cannot be opened. Please save it again as XLSX, without a password.")) from error
    yield from enumerate(rows, 1)
