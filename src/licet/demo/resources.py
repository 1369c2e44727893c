"""What is served at one path of the newsroom."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Resource:
    """A response: ``delay`` in seconds before it is sent; ``sent`` is how many bytes of the body are, None for all."""

    body: bytes
    content_type: str
    modified: str = ""  # an HTTP date, "" where there is none
    status: int = 200
    delay: float = 0.0
    sent: int | None = None

    @property
    def etag(self) -> str:
        """A strong entity tag: the start of the digest of the body."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'
