"""The HTTP API of the law and of places: the same answers as the pages, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from licet.catalog.places import display_name, place
from licet.clauses.words import sql
from licet.decisions.places import tier
from licet.desk.act_page import changes_of
from licet.desk.chain import days_of
from licet.desk.clause_page import cases_of, readings_behind, standing_on, touched_by
from licet.desk.compare_form import read_comparison
from licet.desk.place_page import asked, stretches
from licet.desk.problems import RESPONSES
from licet.desk.state import SYSTEM, Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue
from licet.desk.volumes import volumes
from licet.desk.world import country_groups
from licet.errors import BadInput, BadValue
from licet.i18n import LANGUAGES
from licet.statutes.law import Query

if TYPE_CHECKING:
    from licet.statutes import Act

_encoder = msgspec.json.Encoder(decimal_format="number")

On = Annotated[str | None, QueryParameter(description="day of the law, as in 2025-06-02; left out: today")]
Basis = Annotated[str | None, QueryParameter(description="enforced (default) or written")]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; amounts are numbers."""
    return msgspec.json.decode(_encoder.encode(value))


@get("/api/v1/law/acts", tags=["law"], sync_to_thread=False, responses=RESPONSES)
def list_acts(desk: NamedDependency[Desk]) -> Response[list[dict[str, Any]]]:
    """List the acts and proposals in the order of release."""
    return Response([_act(desk, act) for act in desk.statutes.acts(SYSTEM)])


def _act(desk: Desk, act: Act) -> dict[str, Any]:
    head = act.head
    state = head.consultation.on(desk.today()) if head.consultation else None
    found: dict[str, Any] = _plain(head)
    for key in ("mentions", "readings", "said"):
        found.pop(key, None)
    return {
        "id": act.id,
        **{key: value for key, value in found.items() if key != "act"},
        "consultation_state": state,
        "amendments": len(act.amendments),
        "days": [day.isoformat() for day in days_of(desk.statutes, act)],
    }


@get("/api/v1/law/acts/{name:str}", tags=["law"], responses=RESPONSES)
@threaded
def one_act(desk: NamedDependency[Desk], name: FromPath[str]) -> Response[dict[str, Any]]:
    """Give one act with its amendments as the law data has them, and the clauses before and after (``changes``)."""
    act = desk.statutes.act(name, SYSTEM)
    return Response(
        {
            **_act(desk, act),
            "readings": _plain(act.head.readings),
            "said": _plain(act.head.said),
            "law": [_plain(item) for item in act.amendments],
            "changes": _plain(list(changes_of(desk.statutes, act.id).values())),
        }
    )


@get("/api/v1/law/clauses/{name:str}", tags=["law"], responses=RESPONSES)
@threaded
def one_clause(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    name: FromPath[str],
    on: On = None,
    basis: Basis = None,
) -> Response[dict[str, Any]]:
    """Give one clause as it stands on a day, else as it last stood; with the acts that touched it and its cases."""
    del on, basis  # read from the address
    day, on_basis = asked(request, desk)
    standing = standing_on(desk.statutes, name, day, on_basis)
    clause = standing.clause
    return Response(
        {
            "id": clause.id,
            "act": clause.act.id,
            "first": standing.first.isoformat(),
            "last": standing.last.isoformat() if standing.last else None,
            "proposal": standing.proposal or None,
            "requires_readings": standing.readings,
            "clause": _plain(clause.form),
            "condition": sql(clause.printed),
            "masks": [{"act": m.act, "cite": m.cite, "where": m.text} for m in clause.masks],
            "history": [
                {"act": act.id, "day": day.isoformat() if day else None, "amendment": _plain(item)}
                for act, day, item in touched_by(desk.statutes, name)
            ],
            "readings": sorted(readings_behind(desk.statutes, name)),
            "cases": [
                {"id": case.id, "how": how, "title": case.title} for case, how in cases_of(desk.statutes).get(name, ())
            ],
        }
    )


@get("/api/v1/law/compare", tags=["law"], responses=RESPONSES)
@threaded
def compare(  # noqa: PLR0913, PLR0917 - each parameter stands in the API description
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    first: Annotated[
        str | None, QueryParameter(name="from", description="day of the first law; left out: that of the second")
    ] = None,
    second: Annotated[
        str | None, QueryParameter(name="to", description="day of the second law; left out: today")
    ] = None,
    basis: Basis = None,
    laid_over: Annotated[
        list[str] | None, QueryParameter(name="with", description="proposals to lay over the second law, by id")
    ] = None,
    chip: Annotated[
        str | None, QueryParameter(description="a chip to ask about; all: the catalog; left out: six usual ones")
    ] = None,
    quantity: Annotated[str | None, QueryParameter(description="units to ask about; left out: 1 and 2000")] = None,
    at: Annotated[
        str | None, QueryParameter(name="place", description="a place to ask about; left out: every one")
    ] = None,
) -> Response[dict[str, Any]]:
    """Compare two laws: acts, readings, clauses, sets, tables, tiers, and whose verdicts change."""
    del first, second, basis, laid_over, chip, quantity, at  # read from the address
    sent = list(request.query_params.multi_items())
    found = read_comparison(sent, desk.statutes, tongue("en", desk.places), desk.today())
    for name, trouble in found.trouble.items():
        raise BadValue(f"{name}: {trouble.message}", fix=trouble.fix)
    if found.same:
        raise BadInput("both laws are one and the same", fix="give another day with from, or a proposal with with")
    return Response(_plain(found.difference(desk.statutes)))


@get("/api/v1/places/{name:str}", tags=["catalog"], responses=RESPONSES)
@threaded
def one_place(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    name: FromPath[str],
    on: On = None,
    basis: Basis = None,
) -> Response[dict[str, Any]]:
    """Give one place: its tier and country groups on a day and over time, and the volumes that could be drawn on."""
    del on, basis  # read from the address
    found = place(name, desk.places)
    day, on_basis = asked(request, desk)
    law = desk.statutes.law(Query(day, SYSTEM, on_basis))
    return Response(
        {
            "code": found.code,
            "names": {lang: display_name(found, lang, desk.places.of(lang)) for lang in LANGUAGES},
            "row": found.row,
            "on": day.isoformat(),
            "basis": on_basis,
            "tier": tier(law, found.code),
            "groups": country_groups(law, found.row),
            "periods": [
                {
                    "from": part.first.isoformat(),
                    "through": part.last.isoformat() if part.last else None,
                    "tier": part.tier,
                    "groups": list(part.groups),
                }
                for part in stretches(desk.statutes, found)
            ],
            "volumes": [
                {
                    "clause": volume.clause.id,
                    "limit_tpp": _plain(volume.limit),
                    "account": volume.account or None,
                    "open": volume.open,
                }
                for volume in volumes(desk.statutes, day, found.code)
            ],
        }
    )


HANDLERS = (list_acts, one_act, one_clause, compare, one_place)
