"""Japan as squares: each prefecture once, each designated city in its prefecture, legible and never by colour alone."""
import re

from jetlms.ui.tilemap import CITIES, PLACES, SIZE, TILES


def test_there_are_47_places_and_no_two_the_same():
    assert sorted(TILES) == [f"{n:02}" for n in range(1, 48)]
    assert len(set(PLACES.values())) == 47
    assert all(0 <= col < SIZE[0] and 0 <= row < SIZE[1] for col, row in PLACES.values())


def test_names_and_letters_are_distinct():
    for part in ("ja", "en", "abbr"):
        assert len({getattr(tile, part) for tile in TILES.values()}) == 47
    assert all(len(tile.ja) <= 3 and len(tile.abbr) == 3 for tile in TILES.values()), "what fits a square at 320 px"


def test_the_20_cities_lie_in_their_prefectures():
    assert len(CITIES) == 20
    for code, city in CITIES.items():
        assert (city.col, city.row) == PLACES[code[:2]]
    assert len({(city.col, city.row, city.nth) for city in CITIES.values()}) == 20


def test_neighbours_are_neighbours():
    """A few borders everybody knows, and the seas: squares that touch, and squares that must not."""
    def near(one: str, other: str) -> bool:
        (a, b), (c, d) = PLACES[one], PLACES[other]
        return abs(a - c) + abs(b - d) == 1

    for one, other in (("13", "14"), ("13", "11"), ("26", "27"), ("27", "29"), ("33", "34"), ("43", "46"), ("20", "10"), ("02", "03")):
        assert near(one, other), (one, other)
    for one, other in (("01", "02"), ("35", "40"), ("44", "38"), ("30", "36"), ("46", "47"), ("33", "37")):
        assert not near(one, other), (one, other)


def test_a_square_says_its_number_and_leads_on(ui):
    values = {"29": {"value": 0.75, "label": "Nara: 9 of 12", "url": "/prefectures/29"}, "13": {"value": 0, "label": "Tokyo: 0 of 6"},
              "27140": {"value": 1, "label": "Sakai: 2 of 2"}}
    page = ui("{{ charts.tile_map(values) }}", values=values)
    assert page.count('<rect class="tile ') == 47
    assert page.count("<circle class=\"city ") == 20
    nara = re.search(r'<a href="/prefectures/29".*?</a>', page, re.DOTALL).group(0)
    assert "step-4" in nara
    assert ">75<" in nara
    assert "Nara: 9 of 12" in nara
    assert "step-0" in page, "none at all is a value"
    assert page.count("tile-none") == 45 + 1, "without a figure: dashed; and once in the legend"


def test_the_map_speaks_the_readers_language(ui):
    assert ">奈良<" in ui("{{ charts.tile_map({}) }}", "ja")
    assert ">NAR<" in ui("{{ charts.tile_map({}) }}", "en")
