"""One place: its groups and its tier over time, what a chip meets there, what changed for it, who writes of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from licet.catalog import items
from licet.catalog.places import place
from licet.decisions import Query, ask
from licet.decisions.places import tier
from licet.desk import labels
from licet.desk.chain import at_place, titled, turns, usual_chips
from licet.desk.changes import ChangeWords
from licet.desk.forms import day as day_of
from licet.desk.news.items import item
from licet.desk.people.guards import session_of
from licet.desk.render import address, page
from licet.desk.state import SYSTEM, Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.desk.volumes import volumes
from licet.desk.world import country_groups, worldwide
from licet.errors import BadInput, BadValue, NoSuchAccount
from licet.i18n import N_

if TYPE_CHECKING:
    from decimal import Decimal

    from licet.catalog.places import Place
    from licet.desk.chain import Turn
    from licet.desk.tongue import Tongue
    from licet.ledger import Ledger
    from licet.statutes import Statutes
    from licet.statutes.forms import Basis, Draw

REPORTS = 8
_ONE_DAY = dt.timedelta(days=1)
DIRECTIONS = {"gain": N_("Freer"), "loss": N_("Less free"), "sideways": N_("Otherwise")}
TONES = {"gain": "free", "loss": "stop", "sideways": "open"}


@get("/world/{name:str}", include_in_schema=False)
@threaded
def place_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], name: FromPath[str]) -> Response[Any]:
    """Show one place under the law of a day."""
    tongue = tongue_of(request)
    found = place(name, tongue.places)
    if found.code != name:
        return Redirect(address(f"/world/{found.code}", request.query_params.multi_items()), status_code=302)
    day, basis = asked(request, desk)
    query = Query(day, SYSTEM, basis)
    law = desk.statutes.law(query)
    number = tier(law, found.code)
    follows = found.row if found.row and found.row != found.code else ""
    return page(
        request,
        desk,
        "place.html",
        code=found.code,
        name=labels.place_words(tongue, found.code),
        follows=(labels.place_words(tongue, follows), address(f"/world/{follows}", {"on": day})) if follows else None,
        charted=found.row is not None,
        day=day,
        basis=basis,
        tier=number,
        has_tiers=bool(law.of_kind("tier")),
        worldwide=worldwide(law),
        groups=tongue.joined(country_groups(law, found.row)),
        periods=periods(desk.statutes, found, day, tongue),
        answers=_answers(desk, query, found.code, tongue),
        volumes=_volumes(request, desk, day, found.code, tongue),
        signed_in=session_of(request) is not None,
        turns=changes(desk.statutes, found, basis, tongue),
        usual=tongue.joined([items.item(chip).name for chip in usual_chips()]),
        ask_href=address("/", {"to": found.code, "on": day, "basis": basis}),
        world_href=address("/world", {"on": day, "basis": basis}),
        **reports(desk, f"place:{found.code}", tongue),
    )


def asked(request: Request[Any, Any, Any], desk: Desk) -> tuple[dt.date, Basis]:
    """Return the day and the basis that an address asks for. Raises :class:`BadValue` for what is none."""
    text, basis = request.query_params.get("on", ""), request.query_params.get("basis", "") or "enforced"
    day = day_of(text) if text else desk.today()
    if day is None:
        raise BadValue(f"'{text[:40]}' is no day from 2000 to 2100", fix="write it as 2025-06-02")
    if basis not in labels.BASES:
        raise BadValue(f"there is no basis '{basis[:40]}'", fix="write enforced or written")
    return day, "written" if basis == "written" else "enforced"


class Stretch(NamedTuple):
    """Days, ``last`` included (None: still), on which a place has one tier and one list of country groups."""

    first: dt.date
    last: dt.date | None
    tier: int | None
    groups: tuple[str, ...]


def stretches(statutes: Statutes, found: Place) -> list[Stretch]:
    """Return the stretches of days on which tier and groups of a place stay the same, as the code prints them."""
    made: list[Stretch] = []
    for first, last in statutes.periods(SYSTEM):
        law = statutes.law(Query(first, SYSTEM, "written"))
        number, groups = tier(law, found.code), tuple(country_groups(law, found.row))
        if made and made[-1][2:] == (number, groups):
            made[-1] = made[-1]._replace(last=last)
        else:
            made.append(Stretch(first, last, number, groups))
    return made


def periods(statutes: Statutes, found: Place, day: dt.date, tongue: Tongue) -> list[dict[str, Any]]:
    """Return the stretches of a place for its page, latest first; that of ``day`` is marked."""
    return [
        {
            "first": part.first,
            "last": part.last,
            "tier": part.tier,
            "groups": tongue.joined(list(part.groups)),
            "now": part.first <= day and (part.last is None or day <= part.last),
            "href": address(f"/world/{found.code}", {"on": part.first}),
        }
        for part in reversed(stretches(statutes, found))
    ]


def _answers(desk: Desk, query: Query, code: str, tongue: Tongue) -> list[dict[str, Any]]:
    """Return what one of each usual chip meets at a place."""
    found = []
    for chip in usual_chips():
        facts = {"chip": chip, "quantity": 1, "destination": code}
        verdict = ask(desk.statutes, facts, on=query.on, basis=query.basis, headquarters_taken=True)
        policy = verdict.review_policy if verdict.outcome == "license_required" else None
        parameters = {"chip": chip, "quantity": 1, "to": code, "on": query.on, "basis": query.basis}
        found.append(
            {
                "chip": items.item(chip).name,
                "classification": verdict.classification or "",
                "tone": labels.OUTCOME_TONES[verdict.outcome],
                "words": tongue.text(labels.OUTCOMES[verdict.outcome]),
                "detail": verdict.exception or (tongue.text(labels.POLICIES[policy]) if policy else ""),
                "href": address("/", parameters),
            }
        )
    return found


def _volumes(
    request: Request[Any, Any, Any], desk: Desk, day: dt.date, code: str, tongue: Tongue
) -> list[dict[str, Any]]:
    """Return the volumes of a place; for somebody who is signed in, what is left where the ledger has the account."""
    ledger = desk.ledger() if session_of(request) else None
    return [
        {
            "title": tongue.pick(found.clause.form.title),
            "clause": found.clause.id,
            "cite": found.clause.form.cite,
            "holder": _in_words(labels.HOLDERS, found.clause.form.draws, "holder", tongue),
            "period": _in_words(labels.PERIODS, found.clause.form.draws, "period", tongue),
            "limit": found.limit,
            "units": found.units,
            "open": found.open,
            "left": _left(ledger, found.account, day) if ledger and found.account else None,
            "account": address("/ledger/account", {"name": found.account}),
        }
        for found in volumes(desk.statutes, day, code)
    ]


def _in_words(words: dict[str, str], draws: Draw | None, key: str, tongue: Tongue) -> str:
    said = str(getattr(draws, key, ""))
    return tongue.text(words[said]) if said in words else said


def _left(ledger: Ledger, account: str, day: dt.date) -> Decimal | None:
    """Return what an account still has for a day; None where the ledger has no such account, or not on this day."""
    try:
        return ledger.balance(account, on=day).available
    except (NoSuchAccount, BadInput):
        return None


def changes(statutes: Statutes, found: Place, basis: Basis, tongue: Tongue) -> list[dict[str, Any]]:
    """Return the days on which something changed for a place, latest first."""
    told = (_turned(statutes, turn, found, basis, tongue) for turn in reversed(turns(statutes, basis)))
    return [turn for turn in told if turn["moves"] or turn["sets"] or turn["verdicts"]]


def _turned(statutes: Statutes, turn: Turn, found: Place, basis: Basis, tongue: Tongue) -> dict[str, Any]:
    law = statutes.law(Query(turn.day, SYSTEM, basis))
    words = ChangeWords(tongue, {name: clause.form.title for name, clause in law.clauses.items()}, ())
    difference, row = turn.difference, found.row
    asked_of = {quantity.id: quantity for quantity in difference.gains.quantities}
    moved = difference.tiers.moved if difference.tiers else ()
    return {
        "day": turn.day,
        "acts": titled(statutes, turn.day, tongue),
        "moves": [(words.tier_name(m.before), words.tier_name(m.after)) for m in moved if row in m.places],
        "sets": [
            (tongue.pick(item.title) or item.set, row in item.added)
            for item in difference.law.sets
            if item.of == "place" and row and row in (*item.added, *item.removed)
        ],
        "verdicts": [
            {
                "direction": tongue.text(DIRECTIONS[change.direction]),
                "tone": TONES[change.direction],
                "named": words.items(effect.items),
                "quantities": words.quantities([asked_of[name] for name in effect.quantities]),
                "before": words.answer(change.before),
                "after": words.answer(change.after),
            }
            for effect, change in at_place(difference.gains.effects, found.code)
        ],
        "compare": address(
            "/law/compare", {"from": turn.day - _ONE_DAY, "to": turn.day, "basis": basis, "place": found.code}
        ),
    }


def reports(desk: Desk, tag: str, tongue: Tongue) -> dict[str, Any]:
    """Return the newest reports that name something, and where all of them are found."""
    found = desk.archive.search(f"tag:{tag}", sort="newest", limit=REPORTS)
    return {
        "reports": [item(hit.snapshot, tongue) for hit in found.hits],
        "reports_total": found.total,
        "reports_href": address("/news", {"q": f"tag:{tag}", "sort": "newest"}),
    }


HANDLERS = (place_page,)
