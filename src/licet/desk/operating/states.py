"""``/health``: the process lives. ``/ready``: it can answer. ``/metrics``: what it has done."""

from __future__ import annotations

import shutil
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet import __version__
from licet.desk.operating.forwarded import is_local
from licet.desk.operating.measures import MEDIA_TYPE, exposition
from licet.desk.people.guards import key_of
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.errors import LicetError, NotAllowed, NotSignedIn, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from licet.desk.operating.operation import Operation

_UNSTORED = {"cache-control": "no-store"}
_MEGABYTE = 1 << 20


@get("/health", include_in_schema=False, sync_to_thread=False)
def health() -> Response[dict[str, str]]:
    """Say that the process answers, whatever else does."""
    return Response({"status": "ok", "version": __version__}, headers=_UNSTORED)


@get("/ready", include_in_schema=False)
@threaded
def ready(desk: NamedDependency[Desk]) -> Response[dict[str, Any]]:
    """Say whether law, archive, ledger, people, journal and disk are fit to answer; 503 where one is not."""
    checks = {name: _tried(check, desk) for name, check in _CHECKS.items()}
    fit = all(found == "ok" for found in checks.values())
    status = HTTPStatus.OK if fit else HTTPStatus.SERVICE_UNAVAILABLE
    return Response({"ready": fit, "checks": checks}, status_code=status, headers=_UNSTORED)


def _tried(check: Callable[[Desk], bool], desk: Desk) -> str:
    try:
        return "ok" if check(desk) else "failing"
    except (LicetError, OSError, ArithmeticError, LookupError, ValueError, RuntimeError):
        return "failing"
    except Exception as error:  # noqa: BLE001 - a driver's own error: whatever it is, that part does not answer
        return f"failing: {type(error).__name__}"


def _archive(desk: Desk) -> bool:
    return desk.archive.count() >= 0 and len(desk.archive.recent(1)) >= 0


def _ledger(desk: Desk) -> bool:
    ledger = desk.ledger()
    return ledger is None or ledger.head()[0] >= 1


def _disk(desk: Desk) -> bool:
    return free(desk) >= desk.settings.ready_free_mb * _MEGABYTE


_CHECKS: dict[str, Callable[[Desk], bool]] = {
    "law": lambda desk: len(desk.statutes.acts()) > 0,
    "archive": _archive,
    "ledger": _ledger,
    "people": lambda desk: desk.people.everyone() is not None,
    "journal": lambda desk: desk.journal.head()[0] >= 0,
    "disk": _disk,
}


def free(desk: Desk) -> int:
    """Return the bytes that the disk of the data folder has left."""
    return shutil.disk_usage(desk.home).free


@get("/metrics", include_in_schema=False)
@threaded
def metrics(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Tell Prometheus what was done; for this machine, or with a key that has the scope."""
    operation: Operation = request.app.state.operation
    _may_measure(request, operation.settings.metrics)
    operation.measures.leave()
    text = exposition(operation.measures.every(), _gauges(desk))
    return Response(text.encode(), media_type=MEDIA_TYPE, headers=_UNSTORED)


def _may_measure(request: Request[Any, Any, Any], who: str) -> None:
    if who == "off":
        raise UnknownName("there is nothing at this address", fix="check the address")
    key = key_of(request)
    if key is not None:
        if "metrics" not in key.scopes:
            raise NotAllowed("this key has no scope metrics", fix="make a key with --scope metrics")
        return
    if who == "key" or not is_local(request.scope):
        raise NotSignedIn("measures are for the machine itself", fix="ask from it, or send a key with scope metrics")


def _gauges(desk: Desk) -> Iterator[tuple[str, str, float]]:
    ledger = desk.ledger()
    sequence, _ = desk.journal.head()
    yield "licet_captures", "Public snapshots in the archive.", desk.archive.count()
    yield "licet_tasks_waiting", "Order books that are being worked on, or wait for it.", desk.work.waiting
    yield "licet_books", "Order books that are kept.", len(desk.books.all())
    yield "licet_ledger_entries", "Entries of the ledger.", ledger.head()[0] if ledger else 0
    yield "licet_journal_entries", "Entries of the journal.", sequence
    yield "licet_disk_free_bytes", "Room that the disk of the data folder has left.", free(desk)


HANDLERS = (health, ready, metrics)
