"""Write a draft: begin, save a file, make, move and delete items, fill in ids. Whoever saved first is never overwritten unseen."""
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from jetlms.core import audit, clock
from jetlms.core.db import db, rows, upsert
from jetlms.core.errors import NotFound, Refused
from jetlms.core.i18n import _, gettext
from jetlms.learning import drafts, interchange, sources
from jetlms.learning.coursefiles.files import LARGEST_TEXT
from jetlms.learning.coursefiles.mint import mint
from jetlms.learning.coursefiles.model import KINDS
from jetlms.learning.coursefiles.texts import Question
from jetlms.learning.models import Course, Draft, DraftFile, Item, Release

NAME = re.compile(r"^\d{1,6}-[a-z0-9-]{1,60}$")
TEMPLATES = {
    "lesson": "\n## \n\n\n---\n\n::: question id=? type=choice\n\n- [x] \n  > \n- [ ] \n  > \n\n>> \n:::\n",
    "quiz": "\n::: question id=? type=choice\n\n- [x] \n  > \n- [ ] \n  > \n\n>> \n:::\n",
    "task": "\n\n::: question id=? type=essay min=100 max=1500\n\n>> \n:::\n",
}


FILE = (
    select(DraftFile.path, DraftFile.text, DraftFile.seq, DraftFile.window, DraftFile.count, DraftFile.changed_at, DraftFile.changed_by)
    .where(DraftFile.draft_id == bindparam("draft"), DraftFile.path == bindparam("path")))


class Changed(Refused):
    """Somebody else has saved this file since. `theirs` is the row as it is now."""

    def __init__(self, theirs: Any) -> None:
        super().__init__(_("Somebody else has changed this file since you opened it. Nothing of either text is lost."))
        self.theirs = theirs


def begin(*, by: Any, course: Course, release: Release | None = None) -> Draft:
    """Begin a draft with the files of a release (what learners see, unless another is named); an open draft stays. Raises Refused."""
    there = db.session.scalars(select(Draft).where(Draft.course_id == course.id)).one_or_none()
    if there is not None:
        return there
    number = release.id if release else course.release_id
    found = sources.of(number, course.slug) if number else None
    if found is None or number is None:
        raise Refused(_("The files of this release were not kept. Publish the course once from its folder."))
    draft = Draft(course_id=course.id, release_id=number, assets=found.assets, changed_by=by.id)
    db.session.add(draft)
    db.session.flush()
    write(by=by, draft=draft, texts=found.texts)
    return draft


def discard(*, by: Any, draft: Draft) -> None:
    """Throw a draft away; what is published stays."""
    audit.record("courses.discard", ("course", draft.course_id), by=by)
    db.session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id))
    db.session.delete(draft)


def save(*, by: Any, draft: Draft, path: str, text: str, base: int, window: str, count: int | None) -> tuple[int, datetime]:
    """Save a file that was opened at state `base`; returns its new state and when. Raises Changed, NotFound.

    `window` names the page that saves, `count` its own count (a form without a script has none). A page may save over itself, however
    late its answers arrive; over somebody else's text only when it has seen it.
    """
    refuse_long(text)
    there = rows(FILE, draft=draft.id, path=path).first()
    if there is None:
        raise NotFound
    own = bool(window) and there.window == window
    if own and count is not None and count <= there.count:
        return there.seq, there.changed_at                     # the same again, or an older one arriving late
    if text == there.text:
        return there.seq, there.changed_at
    if not own and there.seq != base:
        raise Changed(there)
    at = clock.now()
    done: Any = db.session.execute(update(DraftFile).where(
        DraftFile.draft_id == draft.id, DraftFile.path == path, DraftFile.seq == there.seq).values(
        text=text, seq=there.seq + 1, window=window, count=count if count is not None else there.count + 1, changed_at=at, changed_by=by.id))
    if done.rowcount != 1:                                     # PostgreSQL: a twin was faster by a moment
        raise Changed(rows(FILE, draft=draft.id, path=path).one())
    touch(by, draft)
    return there.seq + 1, at


def touch(by: Any, draft: Draft) -> None:
    """Note who changed a draft last."""
    db.session.execute(update(Draft).where(Draft.id == draft.id).values(changed_at=clock.now(), changed_by=by.id))


def refuse_long(text: str) -> None:
    """Raise Refused for a text that the linter would not read."""
    if len(text.encode()) > LARGEST_TEXT:
        raise Refused(gettext("This file is larger than %(n)s bytes. Please divide it.", n=f"{LARGEST_TEXT:,}"))


def texts_of(draft: Draft) -> dict[str, str]:
    """Return the texts of a draft by path."""
    return {row.path: row.text for row in db.session.execute(
        select(DraftFile.path, DraftFile.text).where(DraftFile.draft_id == draft.id).order_by(DraftFile.path))}


def write(*, by: Any, draft: Draft, texts: Mapping[str, str]) -> None:
    """Put texts into a draft, in the place of what is there. A page that has one of them open is told when it saves."""
    for text in texts.values():
        refuse_long(text)
    statement = upsert(DraftFile)
    for path, text in texts.items():
        db.session.execute(statement.values(
            draft_id=draft.id, path=path, text=text, seq=1, window="", count=0, changed_at=clock.now(), changed_by=by.id,
        ).on_conflict_do_update(index_elements=["draft_id", "path"], set_={
            "text": text, "seq": DraftFile.seq + 1, "window": "", "count": 0, "changed_at": clock.now(), "changed_by": by.id}))
    touch(by, draft)


def _remove(by: Any, draft: Draft, paths: Iterable[str]) -> None:
    db.session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path.in_(list(paths))))
    touch(by, draft)


def mint_ids(*, by: Any, draft: Draft) -> int:
    """Fill in every id that is still open (`?`), the same in both languages; returns how many places were filled."""
    texts = texts_of(draft)
    with tempfile.TemporaryDirectory(prefix="jetlms-mint-") as root:
        folder = sources.lay(sources.Files(texts), Path(root) / "course")
        count = mint(folder)
        filled = sources.read(folder).texts if count else {}
    write(by=by, draft=draft, texts={path: text for path, text in filled.items() if text != texts[path]})
    return count


def make_item(*, by: Any, draft: Draft, module: str, name: str, kind: str, titles: Mapping[str, str]) -> str:
    """Make a lesson, quiz, task or bank from its template in both languages, with ids; returns the path of its first file. Raises Refused."""
    if kind == "bank":
        return _make_bank(by, draft, name, titles)
    stem = f"{module}/{name}{'' if kind == 'lesson' else f'.{kind}'}"
    texts = texts_of(draft)
    _refuse_place(texts, module, name, stem)
    made = {f"{stem}.{lang}.md": f'+++\nid = "?"\ntitle = {quoted(title)}\nminutes = 5\n+++\n{TEMPLATES[kind]}'
            for lang, title in titles.items()}
    write(by=by, draft=draft, texts=made)
    mint_ids(by=by, draft=draft)
    return min(made)


def _make_bank(by: Any, draft: Draft, name: str, titles: Mapping[str, str]) -> str:
    stem = f"banks/{name}.quiz"
    if any(drafts.unit_of(path)[0] == stem for path in texts_of(draft)):
        raise Refused(gettext("There is something called %(name)s already.", name=stem))
    write(by=by, draft=draft, texts={f"{stem}.{lang}.md": f"+++\ntitle = {quoted(title)}\n+++\n{TEMPLATES['quiz']}"
                                     for lang, title in titles.items()})
    mint_ids(by=by, draft=draft)
    return f"{stem}.en.md"


def _refuse_place(texts: Mapping[str, str], module: str, name: str, stem: str) -> None:
    if not NAME.match(name):
        raise Refused(_("A file name is a number, a hyphen and a word in small letters, as in 30-who-you-work-with."))
    if f"{module}/module.toml" not in texts:
        raise Refused(_("There is no such module in this draft."))
    if any(drafts.unit_of(path)[0] == stem for path in texts):
        raise Refused(gettext("There is something called %(name)s already.", name=stem))


def move_item(*, by: Any, draft: Draft, stem: str, module: str, name: str) -> str:
    """Rename or move an item, in all its languages; returns the new path of its first file. Its ids stay. Raises Refused, NotFound."""
    texts = texts_of(draft)
    unit = _unit(texts, stem)
    ending = re.search(r"\.(?:quiz|task|trans|interp)$", stem)
    new = f"{module}/{name}{ending[0] if ending else ''}"
    if new == stem:
        return unit.paths[0]
    _refuse_place(texts, module, name, new)
    moved = {new + path.removeprefix(stem): texts[path] for path in unit.paths}
    assets = {new + path.removeprefix(stem) if path.startswith(f"{stem}/") else path: sha for path, sha in draft.assets.items()}
    _remove(by, draft, unit.paths)
    db.session.execute(update(Draft).where(Draft.id == draft.id).values(assets=assets))
    write(by=by, draft=draft, texts=moved)
    return next(iter(moved))


def delete_item(*, by: Any, draft: Draft, stem: str, reason: str) -> None:
    """Delete an item in all its languages. One that was ever published is retired in moved.toml with the reason. Raises Refused, NotFound."""
    texts = texts_of(draft)
    unit = _unit(texts, stem)
    key = next((found for path in unit.paths if (found := drafts.item_id(texts[path]))), "")
    published = db.session.scalar(select(Item.id).where(Item.key == key)) is not None
    if published and not reason.strip():
        raise Refused(_("Learners have had this. Please write what became of it, for example: merged into l-7k3qf2."))
    _remove(by, draft, unit.paths)
    assets = {path: sha for path, sha in draft.assets.items() if not path.startswith(f"{stem}/")}
    db.session.execute(update(Draft).where(Draft.id == draft.id).values(assets=assets))
    if published:
        head = texts.get("moved.toml", "")
        head = head.rstrip("\n") + "\n" if "[retired]" in head else "[retired]\n"
        write(by=by, draft=draft, texts={"moved.toml": f"{head}{quoted(key)} = {quoted(' '.join(reason.split()))}\n"})


def _unit(texts: Mapping[str, str], stem: str) -> drafts.Unit:
    """Return an item of a draft. Raises NotFound for what is none."""
    unit = next((u for u in drafts.units(dict(texts)) if u.stem == stem and u.kind in KINDS), None)
    if unit is None:
        raise NotFound
    return unit


def quoted(text: str) -> str:
    """Return a text as TOML writes it: JSON's quotation marks and escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False)


def import_questions(*, by: Any, draft: Draft, stem: str, questions: list[Question]) -> None:
    """Put questions at the end of an item, the same in every language, with ids; who translates finds them there. Raises NotFound."""
    texts = texts_of(draft)
    unit = _unit(texts, stem)
    blocks = "\n".join(interchange.block(question) for question in questions)
    write(by=by, draft=draft, texts={path: f"{texts[path].rstrip()}\n\n{blocks}" for path in unit.paths})
    mint_ids(by=by, draft=draft)
