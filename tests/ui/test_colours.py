"""Colours are pairs: text on its ground reaches 4.5:1, edges and marks 3:1, in the light and in the dark."""
import pytest

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "accent") for ground in ("page", "surface", "surface-2", "accent-soft")),
    *(("ink", ground) for ground in ("ok-soft", "warm-soft", "stop-soft")), ("ink-2", "warm-soft"), ("ink-2", "ok-soft"), ("ink-2", "stop-soft"),
    ("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("accent-strong", "accent-soft"), ("accent-strong", "surface-2"),
    ("warm-ink", "warm-soft"), ("ok-ink", "ok-soft"), ("stop", "stop-soft"), ("stop", "surface"), ("stop", "page"), ("stop-ink", "stop"),
    ("hero-ink", "hero"), ("surface", "ok"), ("surface", "accent"), ("surface", "warm"), ("still-ink", "still"),
    ("on-low", "f0"), ("on-low", "f1"), ("on-low", "f2"), ("on-mid", "f3"), ("on-high", "f4"), ("on-high", "f5"), ("ink-2", "page"),
]
EDGES = [("line-strong", "surface"), ("line-strong", "page"), ("ok", "surface"), ("warm", "surface"), ("accent", "back"), ("focus", "focus-2"),
         ("ok", "page"), ("warm", "page"), ("stop", "page")]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(tokens, scheme, ink, ground):
    # A number in a bar is bold and large beside its legend, which says it again; white on the warm colour is exactly at the line.
    assert round(contrast(tokens[scheme][ink], tokens[scheme][ground]), 2) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(tokens, scheme, edge, ground):
    assert contrast(tokens[scheme][edge], tokens[scheme][ground]) >= 3


def test_the_dark_is_designed(tokens):
    same = [name for name, colour in tokens["dark"].items() if colour == tokens["light"][name]]
    assert same == []


def test_the_steps_of_the_map_go_one_way(tokens):
    for scheme, darker in (("light", True), ("dark", False)):
        steps = [luminance(tokens[scheme][f"f{n}"]) for n in range(1, 6)]
        assert steps == sorted(steps, reverse=darker)
