"""A certificate as others' software reads it: Open Badges 3.0 (a signed credential) and 2.0 (JSON at an address of ours).

3.0: an OpenBadgeCredential as VC-JWT, RS256 (https://www.imsglobal.org/spec/ob/v3p0, §8.2). 2.0: hosted assertions
(https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final). The recipient is a salted hash of the e-mail address.
"""
import hashlib
from datetime import UTC, datetime, time
from typing import Any

from flask import current_app

from jetlms.core import clock, crypto

CONTEXT_3 = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
CONTEXT_2 = "https://w3id.org/openbadges/v2"
CRITERIA = ("Every part that the course's rule of completion names was done: lessons read and their questions answered, tests passed, "
            "work handed in. Study time and units are on the verification page. / 修了条件に定められた教材をすべて終え、テストに合格しました。")


def address(name: str) -> str:
    """Return the public address of something about badges."""
    return f"{current_app.config['BASE_URL']}/badges/{name}"


def issuer(*, version: int) -> dict[str, Any]:
    """Return who issues."""
    base = current_app.config["BASE_URL"]
    if version == 2:  # noqa: PLR2004 -- of Open Badges
        return {"@context": CONTEXT_2, "type": "Issuer", "id": address("issuer.json"), "name": "jetlms", "url": base}
    return {"id": address("issuer.json"), "type": ["Profile"], "name": "jetlms", "url": base}


def _titled(texts: dict[str, str]) -> str:
    return " / ".join(texts[lang] for lang in ("en", "ja") if texts.get(lang))


def badge_class(key: str, title: dict[str, str], summary: dict[str, str]) -> dict[str, Any]:
    """Return what the badge of a course stands for, 2.0."""
    return {"@context": CONTEXT_2, "type": "BadgeClass", "id": address(f"classes/{key}.json"), "name": _titled(title),
            "description": _titled(summary), "image": address("image.svg"), "criteria": {"narrative": CRITERIA}, "issuer": address("issuer.json")}


def _fingerprint(email: str, salt: str) -> str:
    return "sha256$" + hashlib.sha256((email.lower() + salt).encode()).hexdigest()


def hosted(found: Any) -> dict[str, Any]:
    """Return the assertion of a certificate, 2.0; of a revoked one only that it is."""
    award = found.Award
    shown: dict[str, Any] = {"@context": CONTEXT_2, "type": "Assertion", "id": address(f"{award.code}.json")}
    if award.revoked_at is not None:
        return shown | {"revoked": True, "revocationReason": award.reason}
    shown |= {
        "recipient": {"type": "email", "hashed": True, "salt": award.code, "identity": _fingerprint(found.email, award.code)},
        "badge": address(f"classes/{found.key}.json"), "verification": {"type": "hosted"}, "issuedOn": award.issued_at.astimezone(UTC).isoformat(),
        "evidence": {"id": f"{current_app.config['BASE_URL']}/verify/{award.code}", "type": "Evidence", "name": "Verification page"},
    }
    return shown | ({"expires": _end(award).isoformat()} if award.expires_on else {})


def credential(found: Any) -> dict[str, Any]:
    """Return the credential of a certificate, 3.0."""
    award = found.Award
    shown: dict[str, Any] = {
        "@context": CONTEXT_3, "id": address(f"{award.code}.jwt"), "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer(version=3), "validFrom": _stamp(award.issued_at), "name": _titled(award.snapshot["title"]),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": True, "identityType": "emailAddress", "salt": award.code,
                            "identityHash": _fingerprint(found.email, award.code)}],
            "achievement": {
                "id": address(f"classes/{found.key}.json"), "type": ["Achievement"], "achievementType": "Certificate",
                "name": _titled(award.snapshot["title"]), "description": _titled(found.summary), "criteria": {"narrative": CRITERIA},
                "image": {"id": address("image.svg"), "type": "Image"},
            },
        },
        "evidence": [{"id": f"{current_app.config['BASE_URL']}/verify/{award.code}", "type": ["Evidence"], "name": "Verification page"}],
        "credentialStatus": {"id": address("revoked.json"), "type": "1EdTechRevocationList"},
    }
    return shown | ({"validUntil": _stamp(_end(award))} if award.expires_on else {})


def signed(found: Any) -> str:
    """Return the credential as a compact JWS: its claims are the credential and what JWT says of it."""
    from joserfc import jwt

    key = crypto.signing_key()
    shown = credential(found)
    claims = shown | {"iss": shown["issuer"]["id"], "jti": shown["id"], "nbf": int(found.Award.issued_at.timestamp()),
                      "sub": shown["credentialSubject"]["identifier"][0]["identityHash"]}
    if found.Award.expires_on:
        claims["exp"] = int(_end(found.Award).timestamp())
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": _kid()}, claims, key)


def keys() -> dict[str, Any]:
    """Return the public keys of this installation as a JWK set."""
    return {"keys": [crypto.signing_key().as_dict(private=False) | {"use": "sig", "alg": "RS256", "kid": _kid()}]}


def _kid() -> str:
    return address("keys.json") + f"#{crypto.signing_key().kid}"


def _end(award: Any) -> datetime:
    return datetime.combine(award.expires_on, time(23, 59, 59), clock.JST)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
