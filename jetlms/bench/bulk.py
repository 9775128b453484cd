"""Work on many rows: the export of 100,000 (memory) and the import of 6,000 participants (seconds, one transaction)."""
import csv
import io
import time
import tracemalloc
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

PEOPLE = 6000


def measure(app: Any) -> dict[str, Any]:
    """Return the figures of both."""
    return _export() | _import(app)


def _export() -> dict[str, Any]:
    from jetlms.core import exports

    tracemalloc.start()
    started = time.perf_counter()
    size = sum(len(piece) for piece in exports.csv_stream(["a", "b", "c"], ((n, f"name {n}", "状況") for n in range(100_000))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"export_seconds": round(time.perf_counter() - started, 2), "export_mb": round(size / 1e6, 1), "export_peak_mb": round(peak / 1e6, 1)}


def _import(app: Any) -> dict[str, Any]:
    from jetlms.core.db import db, unit
    from jetlms.people.models import Account, ImportBatch
    from jetlms.people.service import imports

    with app.app_context():
        desk = db.session.scalars(select(Account).where(Account.email == "fumi@demo.example")).one().person_id
        started = time.perf_counter()
        with unit():
            batch = imports.check(by=SimpleNamespace(id=desk), kind="participants", data=_list(), filename="list.csv").id
        checked = time.perf_counter()
        with unit():
            imports.commit(by=desk, batch=db.session.get_one(ImportBatch, batch))
        return {"check_seconds": round(checked - started, 1), "commit_seconds": round(time.perf_counter() - checked, 1)}


def _list() -> bytes:
    """Return a list of new participants as CLAIR sends it (CSV, UTF-8 with BOM)."""
    head = ["JET番号", "姓", "名", "カタカナ氏名", "国籍", "生年月日", "メールアドレス", "職種", "任用団体コード", "勤務先", "任用開始日",
            "任用終了日"]
    rows = [[f"2026{n:07d}", "Jayawardena", f"Nimal{n}", "ニマル・ジャヤワルダナ", "スリランカ", "H13.4.30", f"new{n}@example.jp",
             "外国語指導助手", "292095", "生駒南中学校", "令和8年7月27日", "R9.7.26"] for n in range(3_000_000, 3_000_000 + PEOPLE)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")
