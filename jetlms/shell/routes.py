"""The front door, home, inbox, search, help, and the operator's console."""
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select, text

from jetlms.core import audit, notices, search
from jetlms.core.db import db
from jetlms.core.guard import needs, public, signed_in
from jetlms.core.i18n import lang
from jetlms.learning.queries import home as learning_home
from jetlms.learning.queries import marking
from jetlms.shell import queries

bp = Blueprint("shell", __name__)


@bp.app_context_processor
def _unread() -> dict[str, Any]:
    return {"unread": _count}


def _count() -> int:
    """Count unread notices when the header asks, once a request."""
    from flask import g

    if "unread" not in g:
        g.unread = queries.unread(current_user) if current_user.is_authenticated else 0
    return int(g.unread)


@bp.get("/healthz")
@public
def healthz() -> Any:
    return "ok", {"Cache-Control": "no-store", "Content-Type": "text/plain"}


@bp.get("/readyz")
@public
def readyz() -> Any:
    db.session.execute(text("SELECT 1"))
    found = queries.health(current_app.config["INSTANCE"])
    ready = found["database"]["well"] and found["disk"]["well"]
    return jsonify(ready=ready, checks={name: line["well"] for name, line in found.items()}), 200 if ready else 503


@bp.get("/")
@public
def front() -> Any:
    if current_user.is_authenticated:
        return redirect(url_for(".home"))
    return render_template("shell/front.html")


@bp.get("/home")
@signed_in
def home() -> Any:
    roles = current_user.roles
    learner = learning_home.learner(current_user) if roles & {"participant", "alumna"} else None
    watcher = learning_home.watcher(current_user) if roles & {"supervisor", "adviser", "host_staff", "clair_desk"} else None
    marker = marking.counts(current_user) if "tutor" in roles else None
    latest = notices.inbox(current_user, limit=3)
    return render_template("shell/home.html", learner=learner, watcher=watcher, marker=marker, latest=latest)


@bp.get("/inbox")
@signed_in
def inbox() -> Any:
    before = request.args.get("before", type=int)
    rows = notices.inbox(current_user, before=before)
    return render_template("shell/inbox.html", rows=rows, more=len(rows) == 30)  # noqa: PLR2004 -- a full page


@bp.post("/inbox/read")
@signed_in
def read_all() -> Any:
    notices.mark_read(current_user.id)
    return redirect(url_for(".inbox"))


@bp.post("/inbox/<int:notice_id>")
@signed_in
def open_notice(notice_id: int) -> Any:
    """Mark a notice as read and go where it leads."""
    row = db.session.scalars(select(notices.Notice).where(
        notices.Notice.id == notice_id, notices.Notice.person_id == current_user.id)).one_or_none()
    if row is None:
        abort(404)
    notices.mark_read(current_user.id, notice_id)
    to = notices.Address("", current_user.name, current_user.locale, current_user.zone)
    return redirect(notices.words(row, to)["url"] or url_for(".inbox"))


@bp.get("/search")
@signed_in
def find() -> Any:
    query = request.args.get("q", "").strip()[:search.LONGEST_QUERY]
    rows = search.find(current_user, query, lang=lang(), limit=40) if query else []
    return render_template("shell/search.html", query=query, rows=rows, kinds=search.KINDS)


@bp.get("/help")
@public
def help_page() -> Any:
    return render_template("shell/help.html")


@bp.get("/styles")
@public
def styles() -> Any:
    if not current_app.config["DEMO"]:
        abort(404)
    return render_template("styles.html")


@bp.get("/admin")
@needs("installation.watch")
def admin() -> Any:
    return render_template("shell/admin.html", health=queries.health(current_app.config["INSTANCE"]),
                           runs=queries.recent_runs(), tasks=queries.troubled_tasks(),
                           mail=queries.troubled_mail())


@bp.post("/admin/tasks/<int:task_id>/again")
@needs("installation.watch")
def run_again(task_id: int) -> Any:
    """Put a dead task back in the queue."""
    from jetlms.shell import service

    service.retry_task(by=current_user, task_id=task_id)
    return redirect(url_for(".admin"))


@bp.get("/admin/audit")
@needs("installation.audit")
def audit_log() -> Any:
    before = request.args.get("before", type=int)
    return render_template("shell/audit.html", rows=queries.audit_rows(before=before), sealed=audit.broken_seal() is None)
