"""What the box around an item asks, and the page of one's own notes and bookmarks."""
from typing import Any

from sqlalchemy import and_, bindparam, func, select, union

from jetlms.core.db import rows
from jetlms.core.search import fold
from jetlms.learning.models import Bookmark, Course, LessonNote, LessonPost
from jetlms.learning.releases import item_of, outline

# One row for an item, whether or not there is anything: the reader's pages ask it each time.
QUESTIONS = select(func.count()).where(
    LessonPost.item_key == bindparam("item"), LessonPost.course_id == Course.id, LessonPost.question_id.is_(None),
    LessonPost.state == "shown").scalar_subquery()
AT_ITEM = (
    select(LessonNote.text, LessonNote.seq, LessonNote.saved_at, Bookmark.made_at.label("bookmarked_at"), QUESTIONS.label("questions"))
    .select_from(Course)
    .outerjoin(LessonNote, and_(LessonNote.person_id == bindparam("reader"), LessonNote.item_key == bindparam("item")))
    .outerjoin(Bookmark, and_(Bookmark.person_id == bindparam("reader"), Bookmark.item_key == bindparam("item")))
    .where(Course.id == bindparam("course")))
KEYS = union(
    select(LessonNote.item_key, LessonNote.course_id).where(LessonNote.person_id == bindparam("reader"), LessonNote.text != ""),
    select(Bookmark.item_key, Bookmark.course_id).where(Bookmark.person_id == bindparam("reader"))).subquery()
KEPT = (
    select(KEYS.c.item_key, Course.slug, Course.title, Course.release_id, Course.retired_at, LessonNote.text, LessonNote.saved_at,
           Bookmark.made_at.label("bookmarked_at"))
    .select_from(KEYS).join(Course, Course.id == KEYS.c.course_id)
    .outerjoin(LessonNote, and_(LessonNote.person_id == bindparam("reader"), LessonNote.item_key == KEYS.c.item_key,
                                LessonNote.course_id == KEYS.c.course_id))
    .outerjoin(Bookmark, and_(Bookmark.person_id == bindparam("reader"), Bookmark.item_key == KEYS.c.item_key,
                              Bookmark.course_id == KEYS.c.course_id))
    .order_by(Course.id))


def at_item(person_id: int, course_id: int, item_key: str) -> Any:
    """Return one row: her note, her bookmark, and how many questions were asked there."""
    return rows(AT_ITEM, reader=person_id, course=course_id, item=item_key).one()


def kept(person_id: int, words: str, lang: str) -> list[dict[str, Any]]:
    """Return her notes and bookmarks by course: [{"slug", "title", "readable", "places": [{"key", "title", "module", "row"}]}].

    `words`: only where each of them stands, in the note or in a title; width, case and kana do not matter.
    """
    found: dict[str, dict[str, Any]] = {}
    wanted = fold(words).split()
    for row in rows(KEPT, reader=person_id):
        if row.slug not in found:
            found[row.slug] = {"slug": row.slug, "title": row.title, "order": _order(row.release_id), "places": [],
                               "readable": row.release_id is not None and row.retired_at is None}
        course = found[row.slug]
        place = {"key": row.item_key, "row": row, **_place(row, course["order"], lang)}
        if all(word in fold(f"{row.text or ''} {place['title']} {row.title.get(lang, '')}") for word in wanted):
            course["places"].append(place)
    for course in found.values():
        course["places"].sort(key=lambda place: course["order"].get(place["key"], (len(course["order"]), "")))
    return [course for course in found.values() if course["places"]]


def _order(release_id: int | None) -> dict[str, tuple[int, Any]]:
    """Return item → (its place in the course, its module)."""
    if release_id is None:
        return {}
    places = [(item["id"], module) for module in outline(release_id)["modules"] for item in module["items"]]
    return {key: (n, module) for n, (key, module) in enumerate(places)}


def _place(row: Any, order: dict[str, tuple[int, Any]], lang: str) -> dict[str, Any]:
    """Return the title of an item and of its module; of one that has left the course, its id."""
    item = item_of(row.release_id, row.item_key) if row.release_id else None
    if item is None:
        return {"title": row.item_key, "module": None, "gone": True}
    module = order[item["id"]][1]
    return {"title": item["title"].get(lang) or next(iter(item["title"].values())), "module": module["title"], "gone": False}
