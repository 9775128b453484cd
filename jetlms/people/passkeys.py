"""Passkeys by py_webauthn: what the browser is asked, and whether its answer is true. Challenges live in this browser's session."""
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, session

from jetlms.core import clock
from jetlms.people.models import Account, Passkey

LIFE = timedelta(minutes=5)


def host() -> str:
    """Return the relying party: the host name of this site's address."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or ""


def possible() -> bool:
    """Say whether browsers allow passkeys here: a name (an address in digits has none), under https or on this very machine."""
    name = host()
    digits = name.replace(".", "").isdigit() or ":" in name
    return not digits and (current_app.config["BASE_URL"].startswith("https://") or name == "localhost" or name.endswith(".localhost"))


def creation_options(account: Account, name: str, known: tuple[bytes, ...]) -> str:
    """Return, as JSON, what the browser needs to make a passkey for `account`; `known` ones are not made twice."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=host(), rp_name="jetlms", user_name=account.email, user_display_name=name,
        user_id=hashlib.sha256(f"jetlms account {account.id}".encode()).digest(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED, user_verification=structs.UserVerificationRequirement.PREFERRED),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=key) for key in known])
    _remember("make", options.challenge)
    return options_to_json(options)


def request_options(known: tuple[bytes, ...] = ()) -> str:
    """Return, as JSON, what the browser needs to show a passkey: one of the `known`, or any of this site with its PIN or finger."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=host(), allow_credentials=[structs.PublicKeyCredentialDescriptor(id=key) for key in known],
        user_verification=structs.UserVerificationRequirement.PREFERRED if known else structs.UserVerificationRequirement.REQUIRED)
    _remember("show", options.challenge)
    return options_to_json(options)


def verified_new(credential: str) -> Any:
    """Return credential_id, credential_public_key and sign_count of a passkey just made, or None when the answer is not true."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _recall("make")
    try:
        return challenge and verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=host(), expected_origin=_origin())
    except (WebAuthnException, ValueError):
        return None


def shown_id(credential: str) -> bytes:
    """Return the credential id an answer speaks of; empty when it cannot be read."""
    from webauthn.helpers import base64url_to_bytes

    try:
        return base64url_to_bytes(json.loads(credential)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return b""


def verified_shown(credential: str, passkey: Passkey, *, alone: bool) -> int | None:
    """Return the passkey's new counter, or None when the answer is not true. `alone` (no password before) asks for PIN or finger."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _recall("show")
    if challenge is None:
        return None
    try:
        return int(verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=host(), expected_origin=_origin(),
            credential_public_key=passkey.public_key, credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone).new_sign_count)
    except (WebAuthnException, ValueError):
        return None


def _origin() -> str:
    parts = urlsplit(current_app.config["BASE_URL"])
    return f"{parts.scheme}://{parts.netloc}"


def _remember(purpose: str, challenge: bytes) -> None:
    session["challenge"] = [purpose, challenge.hex(), clock.now().isoformat()]


def _recall(purpose: str) -> bytes | None:
    """Take the challenge out of the session: it is good for one answer, within five minutes."""
    kept = session.pop("challenge", None)
    if not kept or kept[0] != purpose or clock.now() - datetime.fromisoformat(kept[2]) > LIFE:
        return None
    return bytes.fromhex(kept[1])
