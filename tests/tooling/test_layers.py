"""The tool settings keep up with the tree."""
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_feature_keeps_the_order_inside():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    (inside,) = [contract for contract in tool["importlinter"]["contracts"] if contract["id"] == "inside"]
    features = {f"jetlms.{path.parent.name}" for path in ROOT.glob("jetlms/*/feature.py")} - {"jetlms.core"}
    assert set(inside["containers"]) == features, "pyproject.toml, [tool.importlinter], contract “inside”"
