"""Logs a line of JSON each, without personal data.

Of a request there is the route (never the address itself, which may hold a name or a private link), method, status,
milliseconds and bytes: no client, no query, no header, nobody's name.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys

requests = logging.getLogger("licet.requests")
_QUIET = ("httpx", "httpcore", "uvicorn.access")


class Lines(logging.Formatter):
    """A record as JSON: ``time``, ``level``, ``logger``, ``event``, what was handed in as ``told``, a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        found: dict[str, object] = {
            "time": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        found |= {"worker": os.getpid(), **getattr(record, "told", {})}
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=False)


def set_up() -> None:
    """Send all logs to standard error in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def request(method: str, route: str, status: int, seconds: float, size: int) -> None:
    """Note an answer."""
    told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1), "bytes": size}
    requests.info("request", extra={"told": told})
