"""The map of squares, for Python. Its one table is templates/ui/tiles.html, which the macro `tile_map` reads without anything registered."""
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class Tile:
    """A prefecture: code of JIS X 0401, its square, its names without 県, the three letters shown in English."""

    code: str
    col: int
    row: int
    ja: str
    en: str
    abbr: str


@dataclass(frozen=True)
class City:
    """A designated city: code of JIS X 0402, the square of its prefecture, which dot in it (0 is the rightmost), its names."""

    code: str
    col: int
    row: int
    nth: int
    ja: str
    en: str


def _table() -> Any:
    # Data only: nothing a reader typed is rendered here, so escaping does not matter.
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("ui/tiles.html").module


_found = _table()
TILES: dict[str, Tile] = {row["code"]: Tile(**row) for row in _found.TILES}
CITIES: dict[str, City] = {row["code"]: City(**row) for row in _found.CITIES}
PLACES: dict[str, tuple[int, int]] = {code: (tile.col, tile.row) for code, tile in TILES.items()}
SIZE: tuple[int, int] = (_found.COLUMNS, _found.ROWS)
