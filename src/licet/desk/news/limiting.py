"""A limit per client and day, kept in memory only, without the client's address."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from typing import TYPE_CHECKING

from licet.errors import TooMany

if TYPE_CHECKING:
    import datetime as dt

MOST_CLIENTS = 100_000


class Limiter:
    """Counts what clients do in a day; the salt and all counts are forgotten with the day."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._day: dt.date | None = None
        self._salt = b""
        self._counts: Counter[bytes] = Counter()

    def count(self, client: str, day: dt.date) -> None:
        """Count one; :class:`TooMany` where ``client`` has done as many as it may on ``day``."""
        if day != self._day or len(self._counts) > MOST_CLIENTS:
            self._day, self._salt, self._counts = day, secrets.token_bytes(16), Counter()
        key = hashlib.blake2b(client.encode(), key=self._salt, digest_size=16).digest()
        if self._counts[key] >= self._most:
            raise TooMany("this was done too often today", fix="try again tomorrow")
        self._counts[key] += 1
