"""Passwords: argon2id, slow on purpose, hence never hashed inside a write transaction; and which ones are too easy to guess."""
import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from jetlms.core.i18n import Text, _

# OWASP's least memory for argon2id with twice its passes: 60 ms of one core where this was measured.
HASHER = PasswordHasher(time_cost=4, memory_cost=19456, parallelism=1)
SHORTEST, LONGEST = 10, 200
VARIETY = 5                                  # different characters, at least
DEMO_PASSWORD = "jetlms-demo"  # noqa: S105 -- printed at start, refused outside demo mode
LEET = str.maketrans("@4310$5", "aaeloss")
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"


def hashed(typed: str) -> str:
    """Return the hash of a password as it is stored."""
    return HASHER.hash(_same(typed))


@cache
def dummy() -> str:
    """Return a hash nobody has the password of: an unknown address costs as much time as a known one."""
    return HASHER.hash(secrets.token_urlsafe(32))


def matches(stored: str, typed: str) -> bool:
    """Say whether `typed` is the password; with nothing stored the dummy is checked, and the answer is no."""
    fallback = dummy()
    try:
        HASHER.verify(stored or fallback, _same(typed))
    except (Argon2Error, InvalidHashError):
        return False
    return bool(stored)


def is_stale(stored: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def weakness(typed: str, about: tuple[str, ...] = (), *, demo: bool = False) -> Text | None:
    """Return why `typed` will not do as a new password, or None. `about` are her address and names: the first things anybody tries."""
    plain = _same(typed).casefold()
    if len(plain) < SHORTEST:
        return _("Please use at least ten characters. Three or four words in a row are easy to remember.")
    if len(plain) > LONGEST:
        return _("Please use at most two hundred characters.")
    if plain == DEMO_PASSWORD and not demo:
        return _("This is the password of the demonstration. Please choose another one.")
    if len(set(plain)) < VARIETY or plain in _common() or _stem(plain) in _common():
        return _("This password is among the first that are tried. Please choose another one.")
    if any(part in plain for text in about for part in _parts(text)):
        return _("Please leave your name and your e-mail address out of the password.")
    return None


def _same(typed: str) -> str:
    """Return one spelling for what looks alike: keyboards and phones differ in how they send é or full-width letters."""
    return unicodedata.normalize("NFKC", typed)


def _stem(plain: str) -> str:
    """Return a password without what people put before, behind and into it to satisfy rules: p@ssword2026! → password."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    return re.sub(r"[\W\d_]+", "", core.translate(LEET))


def _parts(text: str) -> set[str]:
    """Return the pieces of a name or address that are long enough to give a password away."""
    return {part for part in re.split(r"[\W_]+", _same(text).casefold().split("@")[0]) if len(part) > 3}  # noqa: PLR2004


@cache
def _common() -> frozenset[str]:
    return frozenset(line for line in COMMON.read_text("utf-8").splitlines() if line and not line.startswith("#"))
