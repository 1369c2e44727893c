"""The HTTP API: the same answers as the pages, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter

from licet.catalog import items
from licet.catalog.places import display_name, places
from licet.decisions import Query, ask, verdict_line
from licet.decisions.line import plain
from licet.desk.forms import Form, day, read_form
from licet.desk.problems import RESPONSES
from licet.desk.state import SYSTEM, Desk
from licet.desk.tongue import tongue, tongue_of
from licet.desk.world import tiers_on
from licet.errors import BadInput, BadValue
from licet.i18n import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


# Keys of a posted question that choose the law; all others are facts of the transaction, as in a case line.
_CHOOSE = ("on", "basis", "known", "readings", "proposals")


@get("/api/v1/check", tags=["decisions"], sync_to_thread=False, responses=RESPONSES)
def check(  # noqa: PLR0913, PLR0917 - each parameter stands in the API description
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    on: Annotated[str | None, QueryParameter(description="day of the transaction, as in 2025-06-02; required")] = None,
    to: Annotated[str | None, QueryParameter(description="destination: a code or a name in English or Chinese")] = None,
    chip: Annotated[
        str | None, QueryParameter(description="catalog name of a chip or system; or give tpp and the other figures")
    ] = None,
    quantity: Annotated[str | None, QueryParameter(description="units")] = None,
    hq: Annotated[str | None, QueryParameter(description="headquarters of the ultimate consignee")] = None,
    parent: Annotated[str | None, QueryParameter(description="headquarters of its ultimate parent")] = None,
    basis: Annotated[str | None, QueryParameter(description="enforced (default) or written")] = None,
    known: Annotated[str | None, QueryParameter(description="only acts released by this day")] = None,
) -> Response[dict[str, Any]]:
    """Decide one transaction; any fact of the vocabulary may be a parameter by its name, a reading as ``reading.ID``.

    Nothing is taken for granted that a form would take: an omitted headquarters is unknown.
    """
    del on, to, chip, quantity, hq, parent, basis, known  # read by name with all the others below
    own = tongue_of(request)
    form = read_form(request.query_params.multi_items(), desk.statutes, tongue("en", desk.places))
    _refuse(form)
    if form.on is None:
        raise BadInput("the question has no day", fix=f"add on={desk.today().isoformat()}")
    return Response(verdict_line(form.verdict(desk.statutes, headquarters_taken=False), own.code))


def _refuse(form: Form) -> None:
    """Raise the first thing that is wrong with a question."""
    for name, trouble in form.trouble.items():
        raise BadValue(f"{name}: {trouble.message}", fix=trouble.fix)


@post("/api/v1/check", tags=["decisions"], sync_to_thread=False, status_code=200, responses=RESPONSES)
def check_posted(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    data: Annotated[
        dict[str, Any],
        Body(
            media_type=RequestEncodingType.JSON,
            description="facts, flat or as a case line; also on, basis, known, readings, proposals",
        ),
    ],
) -> Response[dict[str, Any]]:
    """Decide one transaction given as JSON."""
    chosen = {name: data[name] for name in _CHOOSE if data.get(name) is not None}
    facts = {name: value for name, value in data.items() if name not in ("on", "known", "readings", "proposals")}
    verdict = ask(
        desk.statutes,
        facts,
        on=_day("on", chosen.get("on")),
        basis=_basis(chosen.get("basis", "enforced")),
        known=_day("known", chosen.get("known")),
        readings=_texts("readings", chosen.get("readings", {})),
        proposals=_list("proposals", chosen.get("proposals", [])),
    )
    return Response(verdict_line(verdict, tongue_of(request).code))


def _day(name: str, value: Any) -> dt.date | None:
    found = day(value) if isinstance(value, str) else None
    if value is not None and found is None:
        raise BadValue(f"{name} is a day from 2000 to 2100", fix=f'write "{name}": "2025-06-02"')
    return found


def _basis(value: Any) -> Any:
    if value not in ("enforced", "written"):
        raise BadValue("basis is 'enforced' or 'written'", fix='write "basis": "enforced"')
    return value


def _texts(name: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise BadValue(
            f"{name} is an object of choices by reading", fix=f'write "{name}": {{"lpp-restricted-groups": "strict"}}'
        )
    return value


def _list(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadValue(f"{name} is a list of ids", fix=f'write "{name}": ["…"]')
    return value


@get("/api/v1/places", tags=["catalog"], sync_to_thread=False, responses=RESPONSES)
def list_places(
    desk: NamedDependency[Desk],
    on: Annotated[str | None, QueryParameter(description="give each place its tier on this day, as written")] = None,
) -> Response[list[dict[str, Any]]]:
    """List every place with its names as displayed here, and the row of the country chart that the law gives it."""
    asked = _day("on", on)
    sorted_in = tiers_on(desk.statutes, Query(asked, SYSTEM, "written")) if asked else {}
    return Response(
        [
            {
                "code": item.code,
                "alpha3": item.alpha3,
                "names": {lang: display_name(item, lang, desk.places.of(lang)) for lang in LANGUAGES},
                "row": item.row,
                "row_seen": item.row_seen,
                **({"tier": sorted_in.get(item.code)} if asked else {}),
            }
            for item in places().values()
        ]
    )


@get("/api/v1/chips", tags=["catalog"], sync_to_thread=False, responses=RESPONSES)
def list_chips() -> Response[list[dict[str, Any]]]:
    """List every chip and system of the catalog with the facts that the law asks of it, and where they come from.

    ``chips`` says what is inside a system, none for a chip.
    """
    return Response(
        [
            {
                "id": item.id,
                "designer": item.designer,
                "released": getattr(item, "released", None),
                "chips": [{"chip": part.chip, "count": part.count} for part in getattr(item, "chips", ())],
                "sources": list(item.sources),
                **{name: plain(value) for name, value in item.facts().items()},
            }
            for item in items.every().values()
        ]
    )


HANDLERS = (check, check_posted, list_places, list_chips)
