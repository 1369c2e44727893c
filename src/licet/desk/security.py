"""The headers of every response: no inline script or style, nothing from elsewhere, nothing told to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar.datastructures import MutableScopeHeaders

if TYPE_CHECKING:
    from litestar.types import Message, Scope

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A captured page runs no script, sends no form, has no origin, and loads nothing; its own inline style may show.
CAPTURED_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"

# Our page around a captured one: the frame is a sandbox again, by its attribute and by the policy of what is in it.
FRAMED = POLICY + "; frame-src 'self'"


def replayed_policy(root: str) -> str:
    """Return the policy of a neutralised page: no script, no form, no origin; pictures and styles of our replay only.

    ``root`` is the scheme and host of the desk; a link that is followed by hand may replace the whole window.
    """
    ours = f"{root}/news/replay/" if root else "'self'"
    return (
        "sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
        f"style-src 'unsafe-inline' {ours}; img-src data: {ours}; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


async def secure(message: Message, _: Scope) -> None:
    """Add the headers to a response as it is sent, where it has not set its own."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
