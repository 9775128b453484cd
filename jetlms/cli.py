"""The commands of an installation. Each feature brings its own; here are those that concern the whole."""
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from jetlms import config


def _app(**override: Any) -> Any:
    """Build the application, for commands that need it."""
    from jetlms.app import create_app

    return create_app(**override)


class Plain(click.Group):
    """Commands whose failures of disk and database are said in a sentence: an operator needs no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises ClickException."""
        from sqlalchemy.exc import OperationalError, ProgrammingError

        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise                          # `| head` has read enough
        except OSError as why:
            raise click.ClickException(f"{why.filename or 'disk'}: {why.strerror or why}") from why
        except (OperationalError, ProgrammingError) as why:
            said = str(why.orig).strip().split("\n")[0]
            raise click.ClickException(f"the database cannot do this: {said} (a new installation is made by ./jet run)") from why


@click.group(cls=Plain)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="the installation's folder")
@click.pass_context
def main(context: click.Context, data: Path | None) -> None:
    """Jetlms, the one place for the life of a JET participant."""
    context.obj = _app                      # how the features' commands get the application
    if data:
        os.environ["JETLMS_INSTANCE"] = str(data)


@main.command()
@click.option("--no-demo", is_flag=True, help="start empty")
def prepare(no_demo: bool) -> None:  # noqa: FBT001
    """Bring the database up to date; load the demo into a new installation."""
    from jetlms.app import STATIC
    from jetlms.core import assets
    from jetlms.migrate import is_new, upgrade

    app = _app()
    assets.pack(STATIC, Path(app.config["INSTANCE"]))
    with app.app_context():
        fresh = is_new()
        upgrade()
        if fresh and not no_demo:
            from jetlms.demo.world import load

            _declare_demo(Path(app.config["INSTANCE"]))
            load("small", say=_progress)
        elif fresh:
            from jetlms.core.db import unit
            from jetlms.people import reference

            with unit():
                reference.install()
        if app.config["DEMO"] or (fresh and not no_demo):
            from jetlms.demo.world import print_accounts

            print_accounts()


def _declare_demo(instance: Path) -> None:
    """Say in the installation's settings that it is a demo: only a database made as a demo ever is one."""
    with (instance / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write("demo = true\n")


@main.command()
@click.option("--scale", type=click.Choice(["small", "jet"]), default="small")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False))
def demo(scale: str, data: Path | None) -> None:
    """Make the invented world in an empty installation."""
    if data:
        os.environ["JETLMS_INSTANCE"] = str(data)
    from jetlms.migrate import is_new, upgrade

    app = _app()
    with app.app_context():
        if not is_new():
            raise click.ClickException("this installation holds data already; the demo goes into an empty one")
        upgrade()
        _declare_demo(Path(app.config["INSTANCE"]))
        from jetlms.demo.world import load, print_accounts

        load(scale, say=_progress)
        print_accounts()


@main.command()
def worker() -> None:
    """Run jobs and send mail until stopped; any number of workers may run."""
    from jetlms.core import jobs

    app = _app()
    click.echo("worker: ticking; stop with Ctrl-C")
    with app.app_context():
        while True:
            jobs.tick()
            time.sleep(5)


@main.command()
@click.option("--json", "as_json", is_flag=True)
def routes(as_json: bool) -> None:  # noqa: FBT001
    """Print every route: rule, methods, endpoint, what it needs."""
    rows = route_rows(_app())
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    else:
        for row in rows:
            click.echo(f"{','.join(row['methods']):10} {row['rule']:60} {row['needs']:24} {row['endpoint']}")


def route_rows(app: Any) -> list[dict[str, Any]]:
    """Return rule, methods, endpoint and need of every route, sorted."""
    return sorted(({
        "rule": rule.rule, "methods": sorted(rule.methods - {"HEAD", "OPTIONS"}), "endpoint": rule.endpoint,
        "needs": app.view_functions[rule.endpoint].needs,
    } for rule in app.url_map.iter_rules()), key=lambda row: (row["rule"], row["methods"]))


@main.command()
@click.option("--write", is_flag=True, help="write docs/permissions.md")
def permissions(write: bool) -> None:  # noqa: FBT001
    """Print the permission matrix."""
    text = permissions_page(_app())
    if write:
        (config.ROOT / "docs" / "permissions.md").write_text(text, "utf-8")
    else:
        click.echo(text)


def permissions_page(_app: Any) -> str:
    """Return docs/permissions.md."""
    from jetlms.core import policy

    roles = policy.ROLES
    head = ["# Who may do what", "",
            "Printed from the policy tables by `./jet permissions --write`. A cell names the scope: the rows it reaches.", "",
            "| action | " + " | ".join(roles) + " |", "|---" * (len(roles) + 1) + "|"]
    rows = [f"| `{action}` | " + " | ".join(cells.get(role, "–").strip("_") for role in roles) + " |" for action, cells in policy.matrix()]
    return "\n".join([*head, *rows]) + "\n"


@main.command()
def audit() -> None:
    """Prove the audit: every seal must agree with its rows, every stored sum with what it counts."""
    from jetlms.core import audit as book
    from jetlms.learning import service as learning

    app = _app()
    with app.app_context():
        broken = book.broken_seal()
        click.echo("audit seals: " + ("ok" if broken is None else f"seal {broken} does not agree with its rows"))
        wrong = learning.progress_that_disagrees()
        click.echo("progress: " + ("ok" if not wrong else f"{len(wrong)} enrolments differ from their events: {wrong[:5]}"))
        sys.exit(1 if broken is not None or wrong else 0)


@main.command()
@click.argument("word", type=click.Choice(["check", "update"]))
def translations(word: str) -> None:
    """Check that Japanese is complete, or merge translations/src/*.tsv into the catalogue."""
    from jetlms import translating

    sys.exit(translating.check() if word == "check" else translating.update())


def _progress(text: str, part: int = 0, whole: int = 0) -> None:
    """Show a line of progress; a bar when the length is known."""
    if not whole:
        click.echo(f"  {text}")
        return
    filled = 28 * part // whole
    end = "\n" if part >= whole else "\r"
    click.echo(f"\r  {text:34} [{'#' * filled}{'.' * (28 - filled)}] {part}/{whole}", nl=False)
    if end == "\n":
        click.echo()


def _features() -> None:
    """Add the commands that features bring (courses, import, backup …)."""
    from jetlms.bench import bench
    from jetlms.learning.cli import courses
    from jetlms.operating import backup, restore, verify
    from jetlms.people.cli import import_

    for command in (bench, courses, import_, backup, restore, verify):
        main.add_command(command)


_features()
