"""Certificates and the learning record: one's own pages and PDF, and the page by which a stranger verifies one."""
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from jetlms.core import clock, exports
from jetlms.core.guard import needs, public
from jetlms.core.i18n import lang
from jetlms.core.limits import limiter
from jetlms.learning import badges, service
from jetlms.learning import certificate as printing
from jetlms.learning.models import Award
from jetlms.learning.queries import awards, record
from jetlms.learning.routes import bp


@bp.get("/certificates")
@needs("awards.view")
def certificates() -> Any:
    return render_template("learning/certificates.html", rows=awards.own(current_user))


@bp.get("/learn/record")
@needs("courses.read")
def learning_record() -> Any:
    return render_template("learning/record.html", lines=record.of(current_user))


@bp.get("/certificates/<code>")
@needs("awards.view", load="code")
def certificate(award: Award) -> Any:
    return render_template("learning/certificate.html", award=award, url=printing.public_url(award.code),
                           mine=award.person_id == current_user.id, badge_url=badges.address(f"{award.code}.json"))


@bp.get("/certificates/<code>.pdf")
@needs("awards.view", load="code")
def certificate_pdf(award: Award) -> Any:
    if award.revoked_at is not None:
        abort(404)
    return exports.download(printing.pdf(award), f"jetlms-{award.code}.pdf", "application/pdf")


@bp.post("/certificates/<code>/revoke")
@needs("awards.revoke", load="code", confirmed=True)
def revoke(award: Award) -> Any:
    service.revoke(by=current_user, award=award, reason=request.form.get("reason", ""))
    return redirect(url_for(".verify", code=award.code))


@bp.get("/verify")
@public
@limiter.limit("60/minute")
def verify_form() -> Any:
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for(".verify", code=service.tidy_code(typed)))
    return render_template("learning/verify_form.html")


@bp.get("/verify/<code>")
@public
@limiter.limit("60/minute")
def verify(code: str) -> Any:
    """Say what a code stands for; nothing beyond what the paper itself says."""
    found = awards.by_code(service.tidy_code(code))
    qr = printing.qr_svg(printing.public_url(found.code)) if found else ""
    return render_template("learning/verify.html", award=found, code=code[:40], qr=qr, lang=lang(), today=clock.today()), 200 if found else 404
