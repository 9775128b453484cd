"""`./jet bench`: measure the budgets of architecture §8, each page against the floor page of the same run, on each database.

`world` makes the application with its floor pages, `scenes` what the demo has not got, `pages` measures requests, `bulk` exports and
imports, `burst` many saving at once, `process` the program as a whole (start, memory, first visit); `report` writes docs/performance.md.
"""
import contextlib
import json
from collections.abc import Iterator
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
@click.option("--burst", "only_burst", is_flag=True, help="only many learners saving at once; ends with 1 when a save is lost or p99 is too long")
@click.option("--learners", type=click.IntRange(1, 2000), default=200, help="of the burst")
@click.option("--seconds", type=click.IntRange(2, 3600), default=60, help="of the burst")
def bench(json_file: Path | None, scale: str, engine: str, write: bool, only_burst: bool, learners: int, seconds: int) -> None:  # noqa: FBT001, PLR0913
    """Measure pages, answers, imports and exports against the floor page of the same run, and many learners saving at once."""
    from jetlms.bench import burst, process

    if only_burst and write:
        raise click.UsageError("--write wants everything measured: leave --burst out")
    found: dict[str, Any] = {"scale": scale, "engines": {}, "process": {} if only_burst else process.figures()}
    for name in (("sqlite", "postgresql") if engine == "both" else (engine,)):
        with _world(name, scale) as made:
            if made is not None:
                found["engines"][name] = ({} if only_burst else _everything(*made)) | {"burst": burst.measure(made[0], learners, seconds)}
                click.echo(f"{name}: {burst.line(found['engines'][name]['burst'])}")
    if json_file:
        json_file.write_text(json.dumps(found, indent=1), "utf-8")
    if not only_burst:
        click.echo(report.page(found))
    if write:
        (ROOT / "docs" / "performance.md").write_text(report.page(found), "utf-8")
    for figures in found["engines"].values():
        burst.refuse(figures["burst"])


@contextlib.contextmanager
def _world(name: str, scale: str) -> Iterator[tuple[Any, float] | None]:
    """Yield the application on the world of this scale and the seconds it took; None where the database is not installed."""
    from jetlms.bench import world

    with contextlib.ExitStack() as stack:
        url = world.database(name, stack)
        click.echo(f"{name}: not installed here, left out" if url is None else f"{name}: building the {scale} world")
        yield None if url is None else stack.enter_context(world.built(url, scale))


def _everything(app: Any, seconds: float) -> dict[str, Any]:
    from jetlms.bench import bulk, pages

    return {"world_seconds": seconds, "pages": pages.measure(app)} | bulk.measure(app)
