"""Rows of contracting organisations → a plan. Known by code, else by short name."""
import re
import unicodedata
from typing import Any

from jetlms.people.importing import values
from jetlms.people.importing.columns import Problem
from jetlms.people.importing.plan import Change, Plan, differing

HOSTS = ("prefecture", "designated_city")


class Bodies:
    """The organisations there are, by code, short name and folded name."""

    def __init__(self, rows: list[Any]) -> None:
        self.by_code = {row.code: row for row in rows if row.code}
        self.by_slug = {row.slug: row for row in rows}
        self.by_name: dict[str, list[Any]] = {}
        for row in rows:
            for name in {fold(row.name_ja), fold(row.name_en)}:
                self.by_name.setdefault(name, []).append(row)

    def find(self, text: str, kinds: tuple[str, ...]) -> Any:
        """Return the one organisation of these kinds with this code, short name or name. Raises values.Wrong."""
        found = [row for digits in values.candidates(text) if (row := self.by_code.get(digits)) and row.kind in kinds]
        found = found or [row for row in (self.by_slug.get(text.lower()),) if row is not None and row.kind in kinds]
        found = found or [row for row in self.by_name.get(fold(text), []) if row.kind in kinds]
        if len(found) != 1:
            raise values.Wrong(*(("この団体は登録されていません。", "This organisation is not registered.") if not found else
                                 ("同じ名称の団体が複数あります。コードで書いてください。", "Several organisations have this name. Please write its code.")))  # noqa: E501
        return found[0]


def fold(name: str) -> str:
    """Return a name as it is compared: with or without 県, Prefecture, spaces."""
    plain = re.sub(r"[\s()]+", "", unicodedata.normalize("NFKC", name)).lower()
    return plain.removesuffix("prefecture").removesuffix("metropolis") or plain


def plan(rows: list[tuple[int, dict[str, Any]]], headings: dict[str, str], bodies: Bodies) -> Plan:
    """Return what importing these rows would do."""
    made, seen = Plan(), dict[str, int]()
    for line, row in rows:
        heading = headings.get("host", "")
        try:
            host = bodies.find(row["host"], HOSTS) if "host" in row else None
            heading = headings.get("code", "")
            code = values.code(row["code"], host.prefecture if host else "") if row.get("code") else None
            heading = headings.get("slug", headings.get("name_en", ""))
            slug = _slug(row, code)
        except values.Wrong as wrong:
            made.problems.append(Problem(line, heading, wrong.reason))
            continue
        if host is None or "name_ja" not in row:
            continue                       # an empty needed cell has been reported
        key = code or slug
        if key in seen:
            made.problems.append(Problem(line, headings.get("code", heading), {
                "ja": f"{seen[key]}行目と同じ団体です。", "en": f"This is the same organisation as in line {seen[key]}."}))
            continue
        seen[key] = line
        _place(made, line, row, headings, host, code, slug, bodies)
    return made


def _slug(row: dict[str, Any], code: str | None) -> str:
    made = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", row.get("slug") or "").lower()).strip("-")
    if made or code:
        return made or f"o{code}"
    made = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", row.get("name_en") or "").encode("ascii", "ignore").decode().lower()).strip("-")
    if len(made) < 3:  # noqa: PLR2004 -- too short to be anybody's
        raise values.Wrong("団体コードも識別名もありません。どちらかを書いてください。", "There is neither a code nor a short name. One of them is needed.")  # noqa: E501
    return made


def _place(made: Plan, line: int, row: dict[str, Any], headings: dict[str, str], host: Any, code: str | None, slug: str, bodies: Bodies) -> None:
    there = bodies.by_code.get(code) if code else None
    there = there or bodies.by_slug.get(slug)
    if there is not None and there.kind != "contracting":
        made.problems.append(Problem(line, headings.get("code", ""), {
            "ja": "取りまとめ団体やクレアの組織は、この方法では変更できません。", "en": "Host bodies and CLAIR’s own bodies are not changed by an import."}))  # noqa: E501
        return
    wanted = {"name_ja": row["name_ja"], "host_id": host.id, "prefecture": host.prefecture}
    wanted |= {name: row[name] for name in ("name_en", "kana", "closed_on") if name in row} | ({"code": code} if code else {})
    if there is None:
        made.new.append({"organisation": {"name_en": row["name_ja"], "kana": "", "closed_on": None, "code": code, **wanted, "kind": "contracting",
                                          "slug": slug}})
        return
    after = differing(there._mapping, wanted)  # noqa: SLF001 -- a Row's public mapping
    if after:
        made.changes.append(Change("organisation", there.id, there.version, after, {name: there._mapping[name] for name in after}))  # noqa: SLF001
        made.changed += 1
    else:
        made.unchanged += 1
