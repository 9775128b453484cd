"""Badges for others' software: public, by the code that is on the paper; nothing beyond what the paper says."""
import json
from typing import Any

from flask import Response, send_from_directory
from sqlalchemy import select

from jetlms.config import ROOT
from jetlms.core.db import db
from jetlms.core.errors import NotFound
from jetlms.core.guard import public
from jetlms.core.limits import limiter
from jetlms.learning import badges, service
from jetlms.learning.models import Course
from jetlms.learning.queries import awards
from jetlms.learning.routes import bp


def _json(value: Any, code: int = 200, mime: str = "application/ld+json") -> Response:
    answer = Response(json.dumps(value, ensure_ascii=False, indent=1), code, mimetype=mime)
    answer.headers["Access-Control-Allow-Origin"] = "*"        # wallets read it from their own pages; it is public
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _found(code: str) -> Any:
    found = awards.with_address(service.tidy_code(code))
    if found is None or not found.email:
        raise NotFound
    return found


@bp.get("/badges/<code>.json")
@public
@limiter.limit("60/minute")
def badge_hosted(code: str) -> Any:
    found = _found(code)
    return _json(badges.hosted(found), 410 if found.Award.revoked_at else 200)


@bp.get("/badges/<code>.jwt")
@public
@limiter.limit("60/minute")
def badge_jwt(code: str) -> Any:
    found = _found(code)
    if found.Award.revoked_at is not None:
        return _json({"revoked": True}, 410)
    answer = Response(badges.signed(found), mimetype="application/vc+jwt")
    answer.headers["Content-Disposition"] = f'attachment; filename="jetlms-{found.Award.code}.jwt"'
    return answer


@bp.get("/badges/classes/<key>.json")
@public
def badge_class(key: str) -> Any:
    course = db.session.scalars(select(Course).where(Course.key == key, Course.release_id.is_not(None))).one_or_none()
    if course is None:
        raise NotFound
    return _json(badges.badge_class(course.key, course.title, course.summary))


@bp.get("/badges/issuer.json")
@public
def badge_issuer() -> Any:
    return _json(badges.issuer(version=2))


@bp.get("/badges/keys.json")
@public
def badge_keys() -> Any:
    return _json(badges.keys(), mime="application/jwk-set+json")


@bp.get("/badges/revoked.json")
@public
def badges_revoked() -> Any:
    return _json({"id": badges.address("revoked.json"), "issuer": badges.address("issuer.json"),
                  "revokedCredential": [{"id": badges.address(f"{code}.jwt"), "revoked": True} for code in awards.revoked()]})


@bp.get("/badges/image.svg")
@public
def badge_image() -> Any:
    return send_from_directory(ROOT / "jetlms" / "ui" / "static", "icon.svg", mimetype="image/svg+xml")
