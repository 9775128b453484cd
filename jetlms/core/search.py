"""Search that finds two characters of Japanese: one table of bigrams, FTS5 on SQLite, tsvector on PostgreSQL; filtered by policy.

Text is folded on both sides (NFKC, lower case, katakana → hiragana), runs of kanji and kana become overlapping pairs, Latin words
stay whole. A kind of document names the policy action under which its subject may be seen, so that search shows what lists show.
"""
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Index, and_, bindparam, delete, func, insert, literal, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import policy
from jetlms.core.db import Base, db, is_sqlite

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー"
RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+", re.UNICODE)
KANA = {c: c - 0x60 for c in range(0x30A1, 0x30F7)}
LONGEST_QUERY = 100


class SearchDocument(Base):
    """One thing that can be found, in one language. `grams` is what is indexed."""

    __tablename__ = "search_document"
    __table_args__ = (Index("ix_search_document_subject", "kind", "subject_id", "lang"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    lang: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    url: Mapped[str]
    grams: Mapped[str]


@dataclass(frozen=True)
class Kind:
    """A kind of document: its label, and the action (None: everybody signed in) that guards its subjects."""

    name: str
    label: Any
    action: str | None


KINDS: dict[str, Kind] = {}


def kind(name: str, label: Any, action: str | None) -> None:
    """Declare a kind of document."""
    KINDS[name] = Kind(name, label, action)


def fold(words: str) -> str:
    """Return text as it is compared: NFKC, lower case, hiragana."""
    return unicodedata.normalize("NFKC", words).lower().translate(KANA)


def grams(words: str) -> list[str]:
    """Return the words of a text: 任用団体 → 任用 用団 団体; Latin words whole."""
    found: list[str] = []
    for run in RUN.findall(fold(words)):
        if re.match(f"[{CJK}]", run):
            found += [run[i:i + 2] for i in range(len(run) - 1)] or [run]
        else:
            found.append(run)
    return found


def index(kind_name: str, subject_id: int, rows: list[dict[str, str]]) -> None:
    """Replace the documents of one subject. Each row has lang, title, body, url."""
    forget(kind_name, [subject_id])
    index_many(kind_name, [{"subject_id": subject_id, **row} for row in rows])


def index_many(kind_name: str, rows: list[dict[str, Any]]) -> None:
    """Add documents; each row has subject_id, lang, title, body, url."""
    if rows:
        db.session.execute(insert(SearchDocument), [
            {"kind": kind_name, "grams": " ".join(grams(f"{row['title']} {row.get('body', '')}")), **row} for row in rows])


def forget(kind_name: str, subject_ids: list[int]) -> None:
    """Remove the documents of these subjects."""
    db.session.execute(delete(SearchDocument).where(
        SearchDocument.kind == kind_name, SearchDocument.subject_id.in_(subject_ids)))


def find(user: Any, query: str, *, lang: str, limit: int = 20, kind_name: str = "") -> list[Any]:
    """Return what `user` may see of what matches: rows of kind, title, body, url, lang, best first. Two characters are enough."""
    words = [word for word in query[:LONGEST_QUERY].split() if grams(word)]
    if not words:
        return []
    visible = [_visible(user, k) for k in KINDS.values() if not kind_name or k.name == kind_name]
    document = SearchDocument
    languages = or_(document.lang == "", document.lang == lang)
    base = select(document.kind, document.title, document.body, document.url, document.lang, document.subject_id)
    matching, params = _matching(words)
    return list(db.session.execute(
        base.where(matching, languages, or_(*visible)).order_by(func.length(document.title), document.id).limit(limit), params,
    ).all()) if visible else []


def _visible(user: Any, found: Kind) -> Any:
    here = SearchDocument.kind == found.name
    if found.action is None:
        return here
    model, _row = policy.RULES[found.action]
    identifiers = select(model.id).where(policy.scope(user, found.action))  # type: ignore[union-attr]
    return and_(here, SearchDocument.subject_id.in_(identifiers))


def _matching(words: list[str]) -> tuple[Any, dict[str, str]]:
    """Every word as a phrase of its pairs; a single character or the last Latin word as a prefix."""
    if is_sqlite():
        terms = []
        for word in words:
            parts = grams(word)
            prefix = "*" if len(parts[-1]) == 1 or parts[-1].isascii() else ""
            terms.append('"' + " ".join(part.replace('"', "") for part in parts) + '"' + prefix)
        condition: Any = SearchDocument.id.in_(
            text("SELECT rowid FROM search_fts WHERE search_fts MATCH :fts").columns(SearchDocument.id))
        return condition, {"fts": " ".join(terms)}
    vector = func.to_tsvector(literal("simple", literal_execute=True), SearchDocument.grams)
    terms = []
    for word in words:
        parts = ["'" + part.replace("'", "").replace("\\", "") + "'" for part in grams(word)]
        if len(grams(word)[-1]) == 1 or grams(word)[-1].isascii():
            parts[-1] += ":*"
        terms.append("(" + " <-> ".join(parts) + ")")
    return vector.op("@@")(func.to_tsquery(literal("simple", literal_execute=True), bindparam("fts"))), {"fts": " & ".join(terms)}


# Written by the first migration (and by create_all in tests): an external-content FTS5 table kept by triggers; a GIN index.
SQLITE_DDL = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5(grams, content='search_document', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER IF NOT EXISTS search_fts_insert AFTER INSERT ON search_document BEGIN "
    "INSERT INTO search_fts(rowid, grams) VALUES (new.id, new.grams); END",
    "CREATE TRIGGER IF NOT EXISTS search_fts_delete AFTER DELETE ON search_document BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', old.id, old.grams); END",
    "CREATE TRIGGER IF NOT EXISTS search_fts_update AFTER UPDATE ON search_document BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', old.id, old.grams); "
    "INSERT INTO search_fts(rowid, grams) VALUES (new.id, new.grams); END",
)
POSTGRES_DDL = (
    "CREATE INDEX IF NOT EXISTS ix_search_document_grams ON search_document USING gin (to_tsvector('simple', grams))",
)
