"""./jet courses: lint, mint, preview, publish, roll back, rebuild progress."""
import sys
from pathlib import Path
from typing import Any

import click


@click.group()
def courses() -> None:
    """Course folders: lint, publish, roll back."""


@courses.command()
@click.argument("slugs", nargs=-1)
@click.option("--lang", type=click.Choice(["en", "ja"]), default="en")
def lint(slugs: tuple[str, ...], lang: str) -> None:
    """Name the file and line of whatever is wrong (all courses when none is named)."""
    from jetlms.learning.coursefiles.__main__ import main
    from jetlms.learning.publishing import courses_folder

    folders = [str(_folder(slug)) for slug in slugs] or [str(f) for f in sorted(courses_folder().iterdir()) if (f / "course.toml").exists()]
    sys.exit(main([*folders, "--lang", lang]))


@courses.command()
@click.argument("slug")
def mint(slug: str) -> None:
    """Fill in ids that are written as "?"."""
    from jetlms.learning.coursefiles.mint import mint as fill

    click.echo(f"{fill(_folder(slug))} ids")


@courses.command()
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="only say what would change, and for how many")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def publish(make_app: Any, slug: str, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001
    """Turn a folder into the release that learners see."""
    from jetlms.core.db import unit
    from jetlms.learning import publishing

    with make_app().app_context(), unit():
        look = publishing.preview(_folder(slug))
        if as_json:
            click.echo(publishing.as_json(look))
        else:
            _say(look)
        if dry_run:
            return
        try:
            release = publishing.publish(_folder(slug), by=None)
        except publishing.Refusal as refusal:
            _problems(refusal.problems)
            click.echo("Not published; the running release stays.", err=True)
            raise SystemExit(1) from refusal
        click.echo(f"{slug}: release {release.number}" + (" (unchanged)" if look.unchanged else ""))


@courses.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.pass_obj
def rollback(make_app: Any, slug: str, number: int) -> None:
    """Let learners see an earlier release again."""
    from jetlms.core.db import unit
    from jetlms.learning import publishing

    with make_app().app_context(), unit():
        try:
            publishing.rollback(slug, number, by=None)
        except LookupError as missing:
            raise click.ClickException(f"there is no {missing}") from missing
        click.echo(f"{slug}: learners see release {number} again")


@courses.command()
@click.argument("person_id", type=int)
@click.pass_obj
def rebuild(make_app: Any, person_id: int) -> None:
    """Compute a person's progress anew from her events."""
    from jetlms.core.db import unit
    from jetlms.learning import service

    with make_app().app_context(), unit():
        service.rebuild(person_id)
        service.refold_cards(person_id)
    click.echo("rebuilt")


def _folder(slug: str) -> Path:
    from jetlms.learning.publishing import courses_folder

    folder = (courses_folder() / slug).resolve()
    if not folder.is_relative_to(courses_folder().resolve()) or not (folder / "course.toml").exists():
        raise click.ClickException(f"there is no course folder {slug}")
    return folder


def _say(look: Any) -> None:
    for change in look.differences:
        attempts = look.open_attempts.get(change["item"], 0)
        said = f"  ({attempts} open attempts)" if attempts else ""
        click.echo(f"  {change['change']:15} {change['item']} {change['title'].get('en', '')}{said}")
    _problems(look.problems)


def _problems(problems: Any) -> None:
    for p in problems:
        click.echo(f"{p.path}:{p.line}: {p.severity}: {p.en}", err=True)
