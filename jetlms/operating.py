"""Backup, restore, verify: database, files and manifest as one consistent set, made while the server runs.

An archive is a tar.gz with `manifest.json` first (format, schema revision, row counts, SHA-256 of every member), then `database`
(a copy by SQLite's online backup, or a PostgreSQL custom dump), then `files/…`. Keys are *not* in it: counselling and bank data stay
unreadable to whoever finds a backup; keep instance/keys apart. Restoring goes to the side, is verified there, then swapped; the old
state is kept beside it.
"""
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

FORMAT = 1
CHUNK = 1 << 20


class Damaged(Exception):
    """The archive cannot be trusted; the message says why. Nothing has been touched."""


def make(archive: Path, app: Any, say: Any = print) -> dict[str, Any]:
    """Write a backup of the running installation to `archive`; returns its manifest."""
    from jetlms import migrate

    with tempfile.TemporaryDirectory(dir=archive.parent) as scratch, app.app_context():
        copy = Path(scratch) / "database"
        say("database")
        _copy_database(app, copy)
        counts = _counts(app, copy)
        # Files are only ever added before their row and deleted after it, so everything the copy names is there.
        files = _stored_files(app)
        manifest: dict[str, Any] = {"format": FORMAT, "revision": migrate.present(), "engine": _engine(app), "counts": counts,
                    "members": {"database": _sha256(copy)} | {f"files/{p.relative_to(files)}": _sha256(p) for p in _walk(files)}}
        partial = archive.with_name(archive.name + ".part")
        with tarfile.open(partial, "w:gz", compresslevel=3) as out:
            data = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            info = tarfile.TarInfo("manifest.json")
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
            out.add(copy, "database")
            for number, name in enumerate(manifest["members"], 1):
                if name != "database":
                    out.add(files / name.removeprefix("files/"), name)
                    if number % 200 == 0:
                        say(f"files {number}/{len(manifest['members'])}")
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(archive)
    return manifest


def unpack(archive: Path, into: Path) -> dict[str, Any]:
    """Unpack and prove an archive in an empty folder; returns its manifest. Raises Damaged."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            names = []
            for member in tar:
                if not member.isfile() or member.name.startswith("/") or ".." in Path(member.name).parts:
                    raise Damaged(f"unexpected entry {member.name!r}")
                names.append(member.name)
                target = into / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                source = tar.extractfile(member)
                if source is None:
                    raise Damaged(f"unreadable entry {member.name!r}")
                with source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, CHUNK)
        manifest = json.loads((into / "manifest.json").read_text("utf-8"))
        members = dict(manifest["members"])
    except Damaged:
        raise
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"the archive cannot be read: {error}") from error
    if manifest.get("format") != FORMAT:
        raise Damaged(f"format {manifest.get('format')!r} is not known here")
    if set(names) != {"manifest.json", *members}:
        raise Damaged("the archive does not hold what its manifest lists")
    for name, sha256 in members.items():
        if _sha256(into / name) != sha256:
            raise Damaged(f"{name} is not what was backed up")
    return manifest


def prove(folder: Path, manifest: dict[str, Any]) -> None:
    """Check an unpacked backup from the inside: integrity, foreign keys, row counts, stored files. Raises Damaged."""
    if manifest["engine"] != "sqlite":
        return                                     # a PostgreSQL dump is proven by pg_restore into the side database
    with closing(sqlite3.connect(f"file:{folder / 'database'}?mode=ro", uri=True)) as raw:
        if raw.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Damaged("the database is damaged")
        if raw.execute("PRAGMA foreign_key_check").fetchone():
            raise Damaged("the database has broken references")
        counts = {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in manifest["counts"]}  # noqa: S608
        if counts != manifest["counts"]:
            raise Damaged("the database does not hold the rows that were counted")
        missing = [sha for (sha,) in raw.execute("SELECT sha256 FROM blob") if not (folder / "files" / sha[:2] / sha).exists()]
        if missing and (folder / "files").exists():
            raise Damaged(f"{len(missing)} files are missing")


def restore_to(archive: Path, instance: Path, app: Any, say: Any = print) -> Path:
    """Replace the installation's data by the backup's; returns where the old data lie. Raises Damaged before anything is touched."""
    side = instance / "restore-side"
    shutil.rmtree(side, ignore_errors=True)
    side.mkdir(parents=True)
    try:
        say("reading and proving the archive")
        manifest = unpack(archive, side)
        if manifest["engine"] != _engine(app):
            raise Damaged(f"this backup is of {manifest['engine']}, the installation uses {_engine(app)}")
        prove(side, manifest)
    except Damaged:
        shutil.rmtree(side, ignore_errors=True)
        raise
    old = instance / f"before-restore-{len(list(instance.glob('before-restore-*'))) + 1}"
    old.mkdir()
    say("swapping")
    if manifest["engine"] == "sqlite":
        place = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        for suffix in ("", "-wal", "-shm"):
            if (part := place.with_name(place.name + suffix)).exists():
                part.replace(old / part.name)
        (side / "database").replace(place)
        place.chmod(0o600)
    else:
        _postgres(app, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", "{dsn}", str(side / "database"))
    files = Path(app.config["FILES_DIR"])
    if files.exists():
        files.replace(old / "files")
    if (side / "files").exists():
        (side / "files").replace(files)
    shutil.rmtree(side, ignore_errors=True)
    return old


def _engine(app: Any) -> str:
    return "sqlite" if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else "postgresql"


def _copy_database(app: Any, to: Path) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    if _engine(app) == "sqlite":
        with closing(sqlite3.connect(uri.removeprefix("sqlite:///"))) as live, closing(sqlite3.connect(to)) as copy:
            live.execute("PRAGMA busy_timeout=10000")
            live.backup(copy)                     # one step: a consistent copy, writers wait milliseconds
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _postgres(app, "pg_dump", "--format=custom", "--no-owner", "--file", str(to), "{dsn}")


def _postgres(app: Any, program: str, *words: str) -> None:
    dsn = app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg://", "postgresql://", 1)
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    binary = str(newest[-1]) if newest else shutil.which(program)
    if not binary:
        raise click.ClickException(f"{program} is not installed (package postgresql-client)")
    done = subprocess.run([binary, *(w.replace("{dsn}", dsn) for w in words)], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Damaged(f"{program}: {done.stderr.strip()[:400]}")


def _counts(app: Any, copy: Path) -> dict[str, int]:
    if _engine(app) != "sqlite":
        return {}
    with closing(sqlite3.connect(copy)) as raw:
        names = [n for (n,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fts%'")]
        return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}  # noqa: S608


def _stored_files(app: Any) -> Path:
    return Path(app.config["FILES_DIR"])


def _walk(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and "#" not in p.name) if folder.exists() else iter(())


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            total.update(piece)
    return total.hexdigest()


def _created() -> Any:
    from jetlms.app import create_app

    return create_app()


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
def backup(archive: Path) -> None:
    """Write database, files and manifest to ARCHIVE while the server runs."""
    manifest = make(archive.resolve(), _created(), say=click.echo)
    click.echo(f"{archive}: {sum(manifest['counts'].values())} rows, {len(manifest['members']) - 1} files. Keep instance/keys apart.")


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def verify(archive: Path) -> None:
    """Prove that ARCHIVE is whole: hashes, database integrity, row counts, files."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            manifest = unpack(archive, Path(scratch))
            prove(Path(scratch), manifest)
    except Damaged as why:
        click.echo(f"{archive}: {why}", err=True)
        sys.exit(1)
    click.echo(f"{archive}: whole; schema {manifest['revision']}, {sum(manifest['counts'].values())} rows, {len(manifest['members']) - 1} files")


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(archive: Path) -> None:
    """Replace the present data by ARCHIVE's, after proving it to the side. Stop the server first."""
    app = _created()
    try:
        old = restore_to(archive, Path(app.config["INSTANCE"]), app, say=click.echo)
    except Damaged as why:
        click.echo(f"{archive}: {why}. Nothing was changed.", err=True)
        sys.exit(1)
    click.echo(f"restored; the data from before are in {old}")
