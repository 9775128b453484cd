"""Who may do what: one table per feature, one named function per cell, used by lists, fetches, search, exports and buttons alike.

Rows are actions `noun.verb`, columns are roles, cells are scopes `(user) -> SQL condition` on the action's model.
"""
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from jetlms.core.db import Base, db

Scope = Callable[[Any], ColumnElement[bool]]
Row = tuple[type[Base] | None, Mapping[str, Scope]]
RULES: dict[str, Row] = {}
# Every column of the matrix, in the order in which docs/permissions.md prints them.
ROLES = (
    "participant", "alumna", "supervisor", "host_staff", "adviser", "clair_desk", "author", "counsellor", "administrator",
)


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
