"""Pictures say their figures in words, hold with nothing to show, and bring their style sheet once."""
import re

import pytest

PARTS = [{"label": "", "parts": [{"label": "Done", "value": 9, "kind": "done"}, {"label": "Late", "value": 1, "kind": "late"},
                                 {"label": "New", "value": 0, "kind": "new"}]}]


def test_the_style_sheet_comes_once_and_only_when_needed(ui):
    page = ui("{{ charts.stacked(rows) }}{{ charts.spark([1, 2], 'x') }}{{ parts.status_bar([]) }}", rows=PARTS)
    assert page.count("pictures.css") == 1
    assert "pictures.css" not in ui("{{ parts.progress(1, 2, 'half') }}{{ parts.tag('ok', 'on track') }}")


def test_a_ring_says_its_share(ui):
    assert "<title>11 of 29</title>" in ui("{{ charts.ring(11, 29, '11 of 29') }}")
    assert ">37%<" in ui("{{ charts.ring(11, 29, '') }}")
    assert ">99%<" in ui("{{ charts.ring(299, 300, '') }}"), "never 100 before the end"
    assert "ring-all" in ui("{{ charts.ring(3, 3, '') }}")
    assert ">0%<" in ui("{{ charts.ring(0, 0, '') }}")


def test_a_stacked_bar_says_every_number(ui):
    page = ui("{{ charts.stacked(rows) }}", rows=PARTS)
    assert 'aria-label="Done: 9, Late: 1, New: 0"' in page
    assert page.count("<rect") == 2, "nothing is drawn for none"
    shares = [float(w) for w in re.findall(r'<rect[^>]*width="([\d.]+)%"', page)]
    assert sum(shares) == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("source", [
    "{{ charts.bars([]) }}", "{{ charts.bars([{'label': 'a', 'value': 0}]) }}", "{{ charts.bar(0, 0, 'none') }}", "{{ charts.spark([], 'none') }}",
    "{{ charts.spark([0], 'one') }}", "{{ charts.spark([0, 0, 0], 'flat') }}", "{{ charts.heat([]) }}", "{{ charts.tile_map({}) }}",
    "{{ charts.stacked([{'label': 'a', 'parts': []}]) }}", "{{ parts.timeline([]) }}", "{{ parts.table(['a']) }}", "{{ calendar.week([], 'w') }}",
])
def test_nothing_to_show_is_no_mishap(ui, source):
    page = ui(source)
    assert "nan" not in page.lower()
    assert "inf" not in page


def test_a_line_stays_in_its_frame(ui):
    page = ui("{{ charts.spark([0, 5, 10, 3], 'Minutes', 100, 40) }}")
    points = [tuple(map(float, p.split(","))) for p in re.search(r'<polyline points="([^"]+)"', page).group(1).split()]
    assert len(points) == 4
    assert all(0 <= x <= 100 and 0 <= y <= 40 for x, y in points)
    assert "<desc>0, 5, 10, 3</desc>" in page


def test_a_square_of_a_heat_row_has_its_number(ui):
    rows = [{"label": "Week", "cells": [{"value": 0.5, "text": "25", "label": "Mon"}, {"value": None, "text": "–", "label": "Tue"}]}]
    page = ui("{{ charts.heat(rows, ['M', 'T']) }}", rows=rows)
    assert "step-3" in page
    assert "tile-none" in page
    assert 'aria-label="Week: Mon 25, Tue –"' in page


def test_a_table_names_every_cell_for_the_phone(ui):
    page = ui("{{ parts.table(['Name', 'Done'], [['<Ann>', 3]], numbers=['Done']) }}")
    assert '<th scope="row" data-label="Name">&lt;Ann&gt;</th>' in page
    assert '<td data-label="Done" class="num">3</td>' in page


def test_a_week_marks_today(ui):
    days = [{"label": "Mon", "today": True, "entries": [{"time": "9:00", "title": "<b>", "url": "/x"}]}, {"label": "Tue", "entries": []}]
    page = ui("{{ calendar.week(days, 'Week') }}", days=days)
    assert page.count('aria-current="date"') == 1
    assert "&lt;b&gt;" in page
