"""./jet import: participants or organisations from a spreadsheet; looks first, writes with --commit."""
from pathlib import Path
from typing import Any

import click


@click.command("import")
@click.argument("kind", type=click.Choice(["participants", "organisations"]))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--commit", "write", is_flag=True, help="write it; without this, only say what would happen")
@click.pass_obj
def import_(make_app: Any, kind: str, file: Path, write: bool) -> None:  # noqa: FBT001
    """Bring in people or organisations from a CSV or XLSX file."""
    from jetlms.core.db import db, unit
    from jetlms.core.errors import Refused
    from jetlms.people.importing.sheets import Unreadable
    from jetlms.people.models import ImportBatch
    from jetlms.people.service import imports

    steps = ["reading and comparing", *(["writing, all or nothing"] if write else [])]
    with make_app().app_context(), click.progressbar(length=len(steps), label=steps[0]) as bar:
        try:
            with unit():
                batch = imports.check(by=None, kind=kind, data=file.read_bytes(), filename=file.name)
                number, report = batch.id, batch.report
            bar.update(1)
            if write and not report["found"]:
                bar.label = steps[1]
                with unit():
                    imports.commit(by=None, batch=db.session.get_one(ImportBatch, number))
                bar.update(1)
        except (Unreadable, Refused) as stop:
            raise click.ClickException(str(stop)) from stop
    _say(report, number)
    if report["found"]:
        raise SystemExit(1)
    click.echo(f"import {number}: " + ("written" if write else "nothing written; add --commit to write it"))


def _say(report: dict[str, Any], number: int) -> None:
    counts = report["counts"]
    click.echo(f"{counts['rows']} rows: {counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, {counts['problem']} with problems")  # noqa: E501
    if report["unknown"]:
        click.echo("left out, unknown columns: " + ", ".join(report["unknown"]))
    for problem in report["problems"][:200]:
        click.echo(f"  line {problem['line']}, {problem['column']}: {problem['reason']['en']}", err=True)
    if report["found"]:
        click.echo(f"Nothing is written until {report['found']} problems are mended (import {number}).", err=True)
