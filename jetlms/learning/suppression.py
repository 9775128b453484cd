"""Counts without people in them: small numbers are hidden, and so many others that none can be worked out from the sums."""
from collections.abc import Sequence
from typing import Any

Cells = list[list[int | None]]


def suppress(lines: Sequence[dict[str, Any]], states: Sequence[str], smallest: int) -> list[dict[str, Any]]:
    """Return lines as a host body may see them: None where a number is hidden.

    A line of fewer than `smallest` people hides all it has; elsewhere numbers below `smallest` are hidden, but for 0. The sums of lines
    and columns are known to the reader, so where one number alone is hidden, the smallest beside it goes too, until nothing follows.
    """
    small = [line["total"] < smallest for line in lines]
    cells: Cells = [[None if few or 0 < line[state] < smallest else line[state] for state in states]
                    for line, few in zip(lines, small, strict=True)]
    while _hide_one_more(cells, small):
        pass
    return [line | {"total": None if few else line["total"]} | dict(zip(states, row, strict=True))
            for line, few, row in zip(lines, small, cells, strict=True)]


def _hide_one_more(cells: Cells, small: list[bool]) -> bool:
    """Hide the companion of a number that is hidden alone in its line or column; False when there is none."""
    lines = [[(n, m) for m in range(len(row))] for n, row in enumerate(cells) if not small[n]]
    columns = [[(n, m) for n in range(len(cells))] for m in range(len(cells[0]))] if cells else []
    for places in (*lines, *columns):
        shown = [(cells[n][m] or 0, n, m) for n, m in places if cells[n][m] is not None]
        if len(places) - len(shown) == 1 and shown:
            # a zero tells nothing by itself, so it goes last
            _count, n, m = min(shown, key=lambda found: (found[0] == 0, found[0]))
            cells[n][m] = None
            return True
    return False
