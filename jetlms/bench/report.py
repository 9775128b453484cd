"""docs/performance.md from the figures."""
from typing import Any

from jetlms.bench import burst

HEAD = """# Performance, as measured

Written by `./jet bench --write` on the `{scale}` world. The floor is the smallest honest page of this stack in the same run (a signed-in
reader, one SELECT, a small template); for saves, the smallest honest write. Page and floor are asked for in turns and the medians compared:
machines differ and are noisy, so read the ratios. Both databases run with their durable settings (WAL and FULL; fsync).

| of the program | measured | budget |
|---|---|---|
| cold start of the application | {cold_start_seconds} s | 1.5 s |
| – of which importing Flask, SQLAlchemy and their extensions alone | {frameworks_seconds} s | |
| server with two workers and embedded jobs, PSS after a few hundred pages | {memory_mb} MB | 180 MB |
| first visit (sign-in page with all it loads) on the wire | {first_visit:.1f} kB | 60 kB |
"""
TABLE = """
## {name}

| page or act | statements | budget | × floor | budget | ms | floor ms | HTML gzipped |
|---|---|---|---|---|---|---|---|
{rows}

Building this world took {world_seconds} s. Exporting 100,000 rows as CSV: {export_seconds} s, {export_mb} MB, at the most
{export_peak_mb} MB of memory. Importing 6,000 participants: dry run {check_seconds} s, commit in one transaction {commit_seconds} s
(budget 15 s together).

The hour before a deadline: {burst}
(budget: none lost, p99 under 500 ms; two workers with embedded jobs, the program that sends runs on the same machine).
"""


def page(found: dict[str, Any]) -> str:
    """Return docs/performance.md."""
    process = found["process"] | {"first_visit": found["process"]["first_visit"] / 1000}
    return HEAD.format(scale=found["scale"], **process) + "".join(_engine(name, figures) for name, figures in found["engines"].items())


def _engine(name: str, figures: dict[str, Any]) -> str:
    return TABLE.format(name=name, rows="\n".join(map(_row, figures["pages"])), **figures | {"burst": burst.line(figures["burst"])})


def _row(p: dict[str, Any]) -> str:
    return (f"| {p['name']} | {p['statements']} | {p['most_statements']} | {p['ratio']:.2f} | {p['most_ratio'] or ''} | {p['ms']:.1f} "
            f"| {p['floor_ms']:.1f} | {p['gz'] / 1000:.1f} kB |")
