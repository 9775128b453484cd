"""Who may do what: one table per feature, one named function per cell, used by lists, fetches, search, exports and buttons alike.

Rows are actions `noun.verb`, columns are roles, cells are scopes `(user) -> SQL condition` on the action's model.
"""
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Select, false, or_, select, true

from jetlms.core.db import Base, db

Scope = Callable[[Any], ColumnElement[bool]]
Row = tuple[type[Base] | None, Mapping[str, Scope]]
RULES: dict[str, Row] = {}
SAME: set[Scope] = set()               # scopes that do not look at the user
_narrowed: LRUCache[Any, Any] = LRUCache(2000)
_lock = RLock()
# Every column of the matrix, in the order in which docs/permissions.md prints them.
ROLES = (
    "participant", "alumna", "supervisor", "host_staff", "adviser", "clair_desk", "author", "tutor", "counsellor", "administrator",
)


def same_for_all(cell: Scope) -> Scope:
    """Mark a scope that does not look at the user: a statement narrowed by it is put together once."""
    SAME.add(cell)
    return cell


@same_for_all
def anyone(_user: Any) -> ColumnElement[bool]:
    """All rows."""
    return true()


def declare(model: type[Base] | None, table: Mapping[str, Mapping[str, Scope]]) -> None:
    """Add a feature's rows. Raises ValueError when an action is declared twice or a role is unknown."""
    for action, row in table.items():
        unknown = set(row) - set(ROLES)
        if action in RULES or unknown:
            raise ValueError(f"{action} is declared twice or names unknown roles {unknown}")
        RULES[action] = (model, row)


def scope(user: Any, action: str) -> ColumnElement[bool]:
    """Return the condition on the action's model under which `user` may perform `action`."""
    _model, row = RULES[action]
    cells = [cell(user) for role, cell in row.items() if role in user.roles]
    return or_(*cells) if cells else false()


def narrow(statement: Any, user: Any, action: str) -> Any:
    """Return a statement that was put together once, on what `user` may see of it; who comes again gets the same one.

    A scope is a function of who asks and of nothing else (today is `core.db.TODAY`, asked when the statement runs).
    """
    cells = tuple(cell for role, cell in RULES[action][1].items() if role in user.roles)
    who = () if SAME.issuperset(cells) else (user.id, *sorted(user.reach.items()))
    with _lock:
        found = _narrowed.get((statement, cells, who))
        if found is None:
            found = _narrowed[statement, cells, who] = statement.where(scope(user, action))
    return found


def allowed(user: Any, action: str) -> Select[Any]:
    """Return the select of the rows on which `user` may perform `action`."""
    model, _row = RULES[action]
    return select(model).where(scope(user, action))  # type: ignore[arg-type]


def can(user: Any, action: str, thing: Any = None) -> bool:
    """Say whether `user` may perform `action` on `thing` (or, without a thing, on anything at all)."""
    model, row = RULES[action]
    if thing is None or model is None:
        return not row.keys().isdisjoint(user.roles)
    key: Any = model.id  # type: ignore[attr-defined]
    return db.session.scalar(select(key).where(scope(user, action), key == thing.id)) is not None


def matrix() -> list[tuple[str, dict[str, str]]]:
    """Return (action, {role: name of the scope}) for docs/permissions.md and its golden test."""
    return [(action, {role: cell.__name__ for role, cell in RULES[action][1].items()}) for action in sorted(RULES)]
