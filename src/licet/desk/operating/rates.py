"""So many requests a minute, by key or by client: token buckets in memory, bounded, without a client's address."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 20_000
"""So many buckets are kept; the one that was used longest ago is forgotten first, which fills it up again."""
_MINUTE = 60.0


class Rates:
    """Buckets that fill within a minute. ``clock`` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, subject: str, per_minute: int) -> int:
        """Take one from the bucket of ``subject``; return 0, or the seconds to wait where it is empty."""
        now, name = self._clock(), hashlib.blake2b(subject.encode(), key=self._salt, digest_size=16).digest()
        left, since = self._buckets.get(name, (float(per_minute), now))
        left = min(left + (now - since) * per_minute / _MINUTE, float(per_minute))
        wait = 0 if left >= 1 else max(math.ceil((1 - left) * _MINUTE / per_minute), 1)
        self._buckets[name] = (left if wait else left - 1, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)
