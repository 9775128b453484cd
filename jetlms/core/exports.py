"""Tables for people's own programs: CSV with a BOM (Excel shows Japanese) and XLSX, streamed; no cell is ever a formula."""
import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Response

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: text that begins like a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(RISKY):
        return "'" + value
    return "" if value is None else value


def csv_stream(header: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield a CSV file in pieces of about 500 lines."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(str(name)) for name in header])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(value) for value in row])
        if number % 500 == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def xlsx(sheets: list[tuple[str, list[str], Iterable[Iterable[Any]]]], *, title: str = "") -> bytes:
    """Return a workbook of (name, header, rows) sheets, written with constant memory."""
    import xlsxwriter

    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "bg_color": "#e8ecf7", "border": 1, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for name, header, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(header) - 1, 0), 18)
            sheet.write_row(0, 0, [str(label) for label in header], bold)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, [safe(value) for value in row], cell)
        book.close()
        file.seek(0)
        return file.read()


def pdf(source: Path, values: dict[str, Any], *, fonts: Path, accessible: bool = False) -> bytes:
    """Return the PDF that a typst file makes of `values` (as PDF/UA-1 when `accessible`); about ten milliseconds."""
    import typst

    typeset: Any = typst.compile
    standards = {"pdf_standards": ["ua-1"]} if accessible else {}
    return bytes(typeset(source.read_bytes(), sys_inputs={"data": json.dumps(values, ensure_ascii=False)}, font_paths=[str(fonts)],
                         ignore_system_fonts=any(fonts.glob("*.ttf")), **standards))


def download(body: Any, filename: str, mimetype: str) -> Response:
    """Return a download with a name that may hold Japanese (RFC 6266)."""
    plain = filename.encode("ascii", "ignore").decode() or "download"
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
