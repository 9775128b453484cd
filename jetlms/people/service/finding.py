"""What search knows about people and organisations: one document each, written whenever they are made or changed."""
from typing import Any

from sqlalchemy import select

from jetlms.core import search
from jetlms.core.db import db
from jetlms.people.models import Organisation, Participant, Person
from jetlms.people.queries.importing import chunks


def index(kind: str, ids: list[int]) -> None:
    """Write the documents of these persons or organisations anew."""
    rows = _persons if kind == "person" else _organisations
    for part in chunks(ids):
        search.forget(kind, part)
        search.index_many(kind, rows(part))


def forget(kind: str, ids: list[int]) -> None:
    """Remove the documents of these persons or organisations."""
    for part in chunks(ids):
        search.forget(kind, part)


def index_all() -> int:
    """Write all documents anew; returns how many. For installations whose rows came by another way."""
    count = 0
    for kind, model in (("person", Person), ("organisation", Organisation)):
        ids = list(db.session.scalars(select(model.id)))
        index(kind, ids)
        count += len(ids)
    return count


def _persons(ids: list[int]) -> list[dict[str, Any]]:
    p = Person
    query = select(p.id, p.display_name, p.family_name, p.given_name, p.middle_name, p.katakana_name, p.native_name, Participant.jet_number).outerjoin(  # noqa: E501
        Participant, Participant.person_id == p.id).where(p.id.in_(ids))
    return [{"subject_id": row.id, "lang": "", "title": row.display_name, "url": f"/people/{row.id}", "body": " ".join(filter(None, (
        row.given_name, row.middle_name, row.family_name, row.katakana_name, row.native_name, row.jet_number)))} for row in db.session.execute(query)]


def _organisations(ids: list[int]) -> list[dict[str, Any]]:
    o = Organisation
    query = select(o.id, o.name_ja, o.name_en, o.kana, o.code).where(o.id.in_(ids))
    return [{"subject_id": row.id, "lang": lang, "title": getattr(row, f"name_{lang}"), "url": f"/organisations/{row.id}", "body": " ".join(filter(None, (  # noqa: E501
        row.name_en if lang == "ja" else row.name_ja, row.kana, row.code)))} for row in db.session.execute(query) for lang in ("ja", "en")]
