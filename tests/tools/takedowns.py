"""What tests of takedowns share: days, captures, a request as anybody would file it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from licet.archive.capture import Capture, Exchange

AT = datetime(2025, 2, 28, 9, 45, 5, tzinfo=UTC)
LATER = AT + timedelta(days=1)
DUE = LATER + timedelta(days=31)
REVISED = "秋季复核的办法"
"""The title of the second version of that page."""
NAMED = "杜若溪"
"""A word that only the page to be taken down has."""


def exchange(url):
    return Exchange(
        address="192.0.2.7",
        request_line=f"GET {url} HTTP/1.1",
        request_headers=[("Host", "news.example")],
        status_line="HTTP/1.1 200 OK",
        response_headers=[("Content-Type", "text/html; charset=utf-8")],
    )


def capture(url, payload, content_type="text/html; charset=utf-8"):
    return Capture(payload=payload, content_type=content_type, url=url, captured_from=url, exchange=exchange(url))


def ask(takedowns, target, **changes):
    """File a request as anybody would."""
    said = {
        "ground": "privacy",
        "text": "My address is in it.",
        "name": "Reader",
        "contact": "reader@mail.example",
        "at": LATER,
        **changes,
    }
    return takedowns.request(target, **said)
