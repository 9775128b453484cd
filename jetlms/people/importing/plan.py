"""What an import would do: rows to insert, rows to change, problems. Data only; nothing here touches the database."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jetlms.people.importing.columns import Problem


@dataclass
class Change:
    """A row that is there already: what it becomes and what it was."""

    table: str
    id: int
    version: int
    after: dict[str, Any]
    before: dict[str, Any]


@dataclass
class Plan:
    """The whole. An item of `new` maps a table to the row; rows of one item belong to one person or organisation."""

    new: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    added: list[tuple[int, dict[str, dict[str, Any]]]] = field(default_factory=list)   # to a person who is there: (person id, rows)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    changed: int = 0
    unchanged: int = 0

    def counts(self, rows: int) -> dict[str, int]:
        """Return how many rows are new, changed, unchanged and faulty."""
        return {"rows": rows, "new": len(self.new), "changed": self.changed, "unchanged": self.unchanged,
                "problem": len({problem.line for problem in self.problems})}


def differing(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `wanted` differs from what is stored."""
    return {name: value for name, value in wanted.items() if stored.get(name) != value}
