"""Passwords, tokens and keys: made, hashed, compared.

Passwords are stretched with scrypt (RFC 7914). Tokens and keys have 256 random bits, so that a plain SHA-256 of them is
stored: it gives nothing away that could be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from licet.errors import BadValue

SHORTEST, LONGEST = 12, 1_000
_COST, _BLOCKS, _PARALLEL = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
_FORM = "scrypt"


def hashed(password: str) -> str:
    """Return what is stored of a password. Raises :class:`BadValue` for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadValue(f"a password of {len(password)} characters", fix=f"give {SHORTEST} to {LONGEST}")
    salt = secrets.token_bytes(16)
    return f"{_FORM}${_COST}${_BLOCKS}${_PARALLEL}${salt.hex()}${_stretched(password, salt).hex()}"


def fits(password: str, stored: str) -> bool:
    """Say whether a password is the one of which ``stored`` was made; as slow for a wrong one as for the right one."""
    form, cost, blocks, parallel, salt, wanted = stored.split("$")
    if form != _FORM or len(password) > LONGEST:
        return False
    found = _stretched(password, bytes.fromhex(salt), int(cost), int(blocks), int(parallel))
    return hmac.compare_digest(found, bytes.fromhex(wanted))


def token() -> str:
    """Return a new token: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored of a token or a key."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(session: str) -> str:
    """Return what the forms of a session send back; nobody without the session's token can make it."""
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets without telling, by the time it takes, how much of them is alike."""
    return hmac.compare_digest(one.encode(), other.encode())


def _stretched(password: str, salt: bytes, cost: int = _COST, blocks: int = _BLOCKS, lanes: int = _PARALLEL) -> bytes:
    text = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=cost, r=blocks, p=lanes, maxmem=_MEMORY)
