"""`./jet bench`: measure the budgets of architecture §8, each page against the floor page of the same run, on each database.

`world` makes the application with its floor pages, `pages` measures requests, `bulk` exports and imports, `process` the program as a
whole (start, memory, first visit); `report` writes docs/performance.md.
"""
import contextlib
import json
from pathlib import Path
from typing import Any

import click

from jetlms.bench import report
from jetlms.config import ROOT


@click.command()
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="also write the figures here")
@click.option("--scale", type=click.Choice(["small", "jet"]), default="jet")
@click.option("--engine", type=click.Choice(["both", "sqlite", "postgresql"]), default="both")
@click.option("--write", is_flag=True, help="write docs/performance.md")
def bench(json_file: Path | None, scale: str, engine: str, write: bool) -> None:  # noqa: FBT001
    """Measure pages, answers, imports and exports against the floor page of the same run."""
    from jetlms.bench import bulk, pages, process, world

    found: dict[str, Any] = {"scale": scale, "engines": {}, "process": process.figures()}
    for name in (("sqlite", "postgresql") if engine == "both" else (engine,)):
        with contextlib.ExitStack() as stack:
            url = world.database(name, stack)
            if url is None:
                click.echo(f"{name}: not installed here, left out")
                continue
            click.echo(f"{name}: building the {scale} world")
            app, seconds = stack.enter_context(world.built(url, scale))
            found["engines"][name] = {"world_seconds": seconds, "pages": pages.measure(app)} | bulk.measure(app)
    text = report.page(found)
    click.echo(text)
    if json_file:
        json_file.write_text(json.dumps(found, indent=1), "utf-8")
    if write:
        (ROOT / "docs" / "performance.md").write_text(text, "utf-8")
