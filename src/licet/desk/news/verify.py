"""The proof of a snapshot: its record and its journal entry, read at the moment that the page is asked for."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.desk.news.items import categories
from licet.desk.render import page
from licet.desk.state import Desk


@get("/news/{identity:str}/verify", include_in_schema=False, sync_to_thread=False)
def verify_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[str]:
    """Read the record of a snapshot and its entry in the journal now, and say what was found."""
    snapshot = desk.archive.snapshot(identity)
    proof = desk.archive.proof(identity)
    found = page(request, desk, "verified.html", snapshot=snapshot, proof=proof, categories=categories(desk, None))
    found.headers["cache-control"] = "no-store"
    return found


HANDLERS = (verify_page,)
