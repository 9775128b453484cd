"""Secrets at rest: fields encrypted with keys outside the database and the backup; tokens stored as hashes only."""
import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app


def new_token() -> str:
    """Return an unguessable token for a link or cookie (256 bits)."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def encrypt(text: str) -> str:
    """Encrypt a field with the newest key."""
    return _keys(Path(current_app.config["KEYS_DIR"])).encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """Decrypt a field. Raises cryptography.fernet.InvalidToken when no key fits."""
    return _keys(Path(current_app.config["KEYS_DIR"])).decrypt(sealed.encode()).decode()


def signing_key() -> Any:
    """Return the key by which this installation signs what others keep (a joserfc RSAKey, 2,048 bits); the first need makes it."""
    return _signing_key(Path(current_app.config["KEYS_DIR"]))


@cache
def _signing_key(folder: Path) -> Any:
    from joserfc.jwk import RSAKey

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "signing-0001.pem"
    try:
        with file.open("xb") as out:
            out.write(RSAKey.generate_key(2048).as_pem(private=True))
        file.chmod(0o600)
    except FileExistsError:
        pass                           # made before, or the other worker was faster
    key = RSAKey.import_key(file.read_bytes())
    key.ensure_kid()
    return key


@cache
def _keys(folder: Path) -> MultiFernet:
    """Read the keys, newest first; the first start makes one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = sorted(folder.glob("field-*.key"), reverse=True)
    if not files:
        first = folder / "field-0001.key"
        try:
            with first.open("xb") as out:
                out.write(Fernet.generate_key())
            first.chmod(0o600)
        except FileExistsError:
            pass                       # the other worker was faster
        files = [first]
    return MultiFernet([Fernet(file.read_bytes()) for file in files])
