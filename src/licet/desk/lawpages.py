"""The chain of acts as a timeline with what each turned, and all pages of the law and of places together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.desk import act_page, chip_plane, clause_page, compare_page, law_api, place_page
from licet.desk.amendments import head
from licet.desk.chain import titled, turns
from licet.desk.law_plots import Bar, bars
from licet.desk.place_page import asked
from licet.desk.render import address, page
from licet.desk.state import SYSTEM, Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.desk.chain import Turn
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes
    from licet.statutes.forms import Basis

_ONE_DAY = dt.timedelta(days=1)


@get("/law", include_in_schema=False)
@threaded
def law_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the acts in the order of release, the proposals, and the verdicts that each day of change turned."""
    tongue = tongue_of(request)
    _, basis = asked(request, desk)
    acts = [head(act, tongue) for act in desk.statutes.acts(SYSTEM)]
    rows = turned(desk.statutes, basis, tongue)
    title = tongue.text(N_("Verdicts that each day of change turned"))
    drawn = [
        Bar(row["day"], row["gain"], row["loss"], row["sideways"], f"{tongue.date(row['day'])}: {row['told']}")
        for row in rows
    ]
    return page(
        request,
        desk,
        "law.html",
        acts=[act for act in acts if not act["proposal"]],
        proposals=[act for act in acts if act["proposal"]],
        basis=basis,
        other=address("/law", {"basis": "enforced" if basis == "written" else "written"}),
        plot=bars(drawn, title, tongue.number),
        plot_title=title,
        turned=rows,
    )


def counts(turn: Turn) -> Counter[str]:
    """Return how many verdicts a day of change made freer, less free, or other: by direction."""
    found: Counter[str] = Counter()
    for effect in turn.difference.gains.effects:
        for change in effect.changes:
            found[change.direction] += len(effect.items) * len(effect.quantities) * len(change.places)
    return found


def turned(statutes: Statutes, basis: Basis, tongue: Tongue) -> list[dict[str, Any]]:
    """Return each day of change with its acts and the number of verdicts turned, in order."""
    found = []
    for turn in turns(statutes, basis):
        number = counts(turn)
        parts = [
            f"{tongue.text(place_page.DIRECTIONS[name])} {tongue.number(number[name])}"
            for name in ("gain", "loss", "sideways")
            if number[name]
        ]
        about = {"from": turn.day - _ONE_DAY, "to": turn.day, "basis": basis}
        found.append(
            {
                "day": turn.day,
                "acts": titled(statutes, turn.day, tongue),
                "gain": number["gain"],
                "loss": number["loss"],
                "sideways": number["sideways"],
                "told": tongue.joined(parts) or tongue.text(N_("none")),
                "href": address("/law/compare", about),
            }
        )
    return found


HANDLERS = (
    law_page,
    *clause_page.HANDLERS,
    *compare_page.HANDLERS,
    *chip_plane.HANDLERS,
    *act_page.HANDLERS,
    *place_page.HANDLERS,
    *law_api.HANDLERS,
)
