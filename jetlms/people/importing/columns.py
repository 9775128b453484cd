"""Headings → fields. A column may be called by any of its names, in Japanese or English, in any order."""
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jetlms.core.i18n import Text, _
from jetlms.people.importing import values
from jetlms.people.importing.sheets import Line, Unreadable

Reader = Callable[[str], Any]
KNOWN_CELLS = 2                        # a line with so many known headings is the heading


@dataclass(frozen=True)
class Column:
    """One field: its two official headings (templates have them), other names it goes by, how it is read, what it means."""

    name: str
    ja: str
    en: str
    read: Reader
    hint: Text
    also: tuple[str, ...] = ()
    needed: bool = False

    def names(self) -> set[str]:
        """Return all folded headings."""
        return {folded(name) for name in (self.ja, self.en, self.name, *self.also)}


@dataclass
class Problem:
    """What is wrong: line (0: the whole file), the heading of the column, the reason in both languages."""

    line: int
    column: str
    reason: Mapping[str, str]

    def as_row(self) -> dict[str, Any]:
        """Return it for ImportBatch.report."""
        return {"line": self.line, "column": self.column, "reason": dict(self.reason)}


@dataclass
class Sheet:
    """A file read by its headings: rows of (line, {field: value}), headings nobody knows, and problems."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)


def folded(heading: str) -> str:
    """Return a heading as it is compared."""
    return re.sub(r"[\s_\-・/()【】*※:]+", "", unicodedata.normalize("NFKC", heading)).lower()


def read(lines: list[Line], columns: tuple[Column, ...]) -> Sheet:
    """Return the sheet. Raises Unreadable when no heading is found or a needed column is missing."""
    by_name = {name: column for column in columns for name in column.names()}
    start = next((n for n, (_line, cells) in enumerate(lines[:20]) if _known(cells, by_name) >= KNOWN_CELLS), None)
    if start is None:
        raise Unreadable(_("No line with column names was found. The template shows which names are understood."))
    sheet, places = Sheet(), {}
    for place, heading in enumerate(lines[start][1]):
        column = by_name.get(folded(heading))
        if column is None or column.name in sheet.headings:
            sheet.unknown += [heading] if heading else []
        else:
            places[place], sheet.headings[column.name] = column, heading
    sheet.found = list(sheet.headings.values())
    missing = [column.ja + " / " + column.en for column in columns if column.needed and column.name not in sheet.headings]
    if missing:
        raise Unreadable(_("These columns are missing: %(names)s.", names=", ".join(missing)))
    for line, cells in lines[start + 1:]:
        if _known(cells, by_name) < max(KNOWN_CELLS, sum(1 for cell in cells if cell)):      # a heading repeated further down
            _row(sheet, line, cells, places)
    if not sheet.rows and not sheet.problems:
        raise Unreadable(_("There are column names but no rows below them."))
    return sheet


def _known(cells: list[str], by_name: Mapping[str, Column]) -> int:
    return sum(1 for cell in cells if cell and folded(cell) in by_name)


def _row(sheet: Sheet, line: int, cells: list[str], places: dict[int, Column]) -> None:
    row: dict[str, Any] = {}
    for place, column in places.items():
        cell = cells[place] if place < len(cells) else ""
        if not cell:
            if column.needed:
                sheet.problems.append(Problem(line, sheet.headings[column.name], {"ja": "空欄です。", "en": "This is empty."}))
            continue
        try:
            row[column.name] = column.read(cell)
        except values.Wrong as wrong:
            shown = cell if len(cell) <= 40 else cell[:40] + "…"  # noqa: PLR2004 -- enough to recognise it
            sheet.problems.append(Problem(line, sheet.headings[column.name], {
                "ja": f"「{shown}」{wrong.reason['ja']}", "en": f"“{shown}”: {wrong.reason['en']}"}))
    sheet.rows.append((line, row))


PARTICIPANTS = (
    Column("jet_number", "JET番号", "JET number", values.jet_number, _("Eleven digits beginning with 20. It decides whether the person is new."),
           ("JET No", "JET No.", "JETナンバー", "番号"), needed=True),
    Column("family_name", "姓", "Family name", values.text, _("As in the passport."), ("surname", "last name", "氏", "姓(ローマ字)"), needed=True),
    Column("given_name", "名", "Given name", values.text, _("As in the passport; may be empty."), ("first name", "名(ローマ字)", "given names")),
    Column("middle_name", "ミドルネーム", "Middle name", values.text, _("As in the passport."), ("middle",)),
    Column("preferred_name", "呼び名", "Preferred name", values.text, _("How people call her."), ("通称",)),
    Column("katakana_name", "カタカナ氏名", "Katakana name", values.katakana, _("In katakana."), ("氏名カナ", "カナ氏名", "フリガナ", "ふりがな", "カタカナ")),  # noqa: E501
    Column("native_name", "母語表記", "Native name", values.text, _("As she writes it herself: 漢字, 한글."), ("漢字氏名", "name in native script")),
    Column("nationality", "国籍", "Nationality", values.nationality, _("Name in Japanese or English, or the two-letter code."), ("出身国", "country", "国")),  # noqa: E501
    Column("born_on", "生年月日", "Date of birth", values.day, _("2001-04-30, 2001/4/30 or H13.4.30."), ("birthday", "birth date", "dob")),
    Column("email", "メールアドレス", "E-mail", values.email, _("She signs in with it."), ("email address", "mail", "e-mail address", "eメール", "メール")),  # noqa: E501
    Column("job_type", "職種", "Job type", values.job_type, _("ALT, CIR or SEA."), ("職種名", "position"), needed=True),
    Column("organisation_code", "任用団体コード", "Contracting organisation code", values.text, _("Six digits, or the short name of a school."),
           ("団体コード", "CO code", "organisation code", "organization code", "contracting organization code")),
    Column("organisation", "任用団体名称", "Contracting organisation", values.text, _("The name, where there is no code."),
           ("任用団体", "任用団体名", "organisation", "organization", "contracting organization")),
    Column("host_code", "取りまとめ団体コード", "Host body code", values.text, _("Six digits; must be the organisation’s host body."), ("とりまとめ団体コード", "host code")),  # noqa: E501
    Column("workplace", "勤務先", "Workplace", values.text, _("School or section."), ("勤務場所", "配属先")),
    Column("starts_on", "任用開始日", "Appointment begins", values.day, _("The first day of this term."), ("開始日", "start date", "任期開始日", "starts on")),  # noqa: E501
    Column("ends_on", "任用終了日", "Appointment ends", values.day, _("The last day of this term."), ("終了日", "end date", "任期終了日", "ends on")),
    Column("term_no", "任用年数", "Term", values.term, _("1 for the first year."), ("年数", "term number", "year of programme")),
    Column("arrival_group", "来日グループ", "Arrival group", values.text, _("The code of the intake, such as 2026-A."), ("来日時期", "group")),
)
ORGANISATIONS = (
    Column("name_ja", "団体名", "Name in Japanese", values.text, _("The official name."), ("任用団体名称", "任用団体名", "任用団体", "名称", "団体名称", "name ja"), needed=True),  # noqa: E501
    Column("name_en", "団体名（英語）", "Name in English", values.text, _("If empty, the Japanese name is shown."),
           ("英語名", "英語名称", "name", "english name", "団体名英語", "name en")),
    Column("kana", "ふりがな", "Reading", values.text, _("For sorting and search."), ("団体名かな", "フリガナ", "カナ", "kana")),
    Column("code", "団体コード", "Organisation code", values.text, _("Six digits with check digit. Schools have none."),
           ("任用団体コード", "code", "地方公共団体コード", "全国地方公共団体コード", "organization code")),
    Column("slug", "識別名", "Short name", values.text, _("Letters, digits and hyphens. Needed where there is no code."), ("slug", "略称")),
    Column("host", "取りまとめ団体", "Host body", values.text, _("Name or code of the prefecture or designated city."),
           ("取りまとめ団体コード", "とりまとめ団体", "とりまとめ団体コード", "取りまとめ団体名", "host", "host body code", "host prefecture", "都道府県"), needed=True),  # noqa: E501
    Column("closed_on", "廃止日", "Closed on", values.day, _("If it exists no more."), ("closed",)),
)
KINDS: dict[str, tuple[Column, ...]] = {"participants": PARTICIPANTS, "organisations": ORGANISATIONS}
