"""The chain of acts as a timeline, and all pages of the law and of places together."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.desk import act_page, clause_page, compare_page, place_page
from licet.desk.amendments import head
from licet.desk.render import page
from licet.desk.state import SYSTEM, Desk
from licet.desk.tongue import tongue_of


@get("/law", include_in_schema=False, sync_to_thread=False)
def law_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the acts in the order of release, and the proposals."""
    tongue = tongue_of(request)
    acts = [head(act, tongue) for act in desk.statutes.acts(SYSTEM)]
    return page(
        request,
        desk,
        "law.html",
        acts=[act for act in acts if not act["proposal"]],
        proposals=[act for act in acts if act["proposal"]],
    )


HANDLERS = (
    law_page,
    *clause_page.HANDLERS,
    *compare_page.HANDLERS,
    *act_page.HANDLERS,
    *place_page.HANDLERS,
)
