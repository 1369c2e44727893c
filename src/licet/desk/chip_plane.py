"""The chips of the catalog under the thresholds of a day: a plane of TPP and performance density, and its table."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.catalog import chips
from licet.clauses import expression as e
from licet.decisions.classify import classify
from licet.desk.law_plots import DENSITY, TPP, Cell, Dot, plane
from licet.desk.place_page import asked
from licet.desk.render import address, page
from licet.desk.state import SYSTEM, Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.i18n import N_
from licet.statutes.law import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.desk.tongue import Tongue
    from licet.statutes import Law

# What a point of the plane is beside its figures: a chip of the newest kind, linked as fast as the rule of 2022 asks.
_POINT = {"kind": "chip", "circuits": 1, "non_planar": True, "interconnect_gbs": 600}
OPEN, NONE = "open", "none"


@get("/law/chips", include_in_schema=False)
@threaded
def chips_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show every chip with its figures and its classification on a day."""
    tongue = tongue_of(request)
    day, basis = asked(request, desk)
    datacenter = request.query_params.get("datacenter") != "false"
    law = desk.statutes.law(Query(day, SYSTEM, basis))
    rows = sorted(_rows(law), key=lambda row: (-(row["tpp"] or 0), row["name"]))
    cells = cells_of(law, datacenter=datacenter)
    title = tongue.text(N_("Chips by total processing performance and performance density, %(day)s"))
    title %= {"day": tongue.date(day)}
    dots = [_dot(row, tongue) for row in rows if row["tpp"] and row["density"] and row["datacenter"] == datacenter]
    axes = (tongue.text(N_("TPP")), tongue.text(N_("performance density, TPP/mm²")))
    return page(
        request,
        desk,
        "law_chips.html",
        title=title,
        plot=plane(
            [Cell(c.tpp, c.density, tone(c.words), _words(c.words, tongue)) for c in cells],
            dots,
            title,
            axes,
            tongue.number,
        ),
        key=[(tone(name), _words(name, tongue)) for name in dict.fromkeys(cell.words for cell in cells)],
        rows=[
            {**row, "tone": tone(row["eccn"]), "words": _words(row["eccn"], tongue)}
            | {"href": address("/", {"chip": row["id"], "on": day, "basis": basis})}
            for row in rows
        ],
        shown=len(dots),
        day=day,
        basis=basis,
        datacenter=datacenter,
    )


def tone(name: str) -> str:
    """Return the class by which a classification is styled."""
    if name in (OPEN, NONE):
        return {OPEN: "open", NONE: "none"}[name]
    return "ask" if ".b" in name or name.endswith(".2") else "stop"


def _words(name: str, tongue: Tongue) -> str:
    if name == OPEN:
        return tongue.text(N_("hangs on other facts"))
    return tongue.text(N_("below the thresholds")) if name == NONE else name


def _dot(row: dict[str, Any], tongue: Tongue) -> Dot:
    figures = f"{tongue.number(row['tpp'])} TPP, {tongue.number(row['density'])}"
    return Dot(
        float(row["tpp"]),
        float(row["density"]),
        tone(row["eccn"]),
        f"{row['name']}: {figures}, {_words(row['eccn'], tongue)}",
    )


def _rows(law: Law) -> Iterator[dict[str, Any]]:
    for chip in chips.chips().values():
        facts = chip.facts()
        yield {
            "id": chip.id,
            "name": chip.name,
            "tpp": facts.get("tpp"),
            "density": facts.get("performance_density"),
            "datacenter": facts.get("datacenter"),
            "eccn": _named(law, facts),
        }


def _named(law: Law, facts: dict[str, Any]) -> str:
    found = classify(law, facts)
    return found.eccn or (NONE if found.known else OPEN)


class _Held:
    """A law as the key of what is kept: the same law is the same key."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def __hash__(self) -> int:
        return hash(self.law.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.law.digest == self.law.digest


@lru_cache(maxsize=64)
def _cells(held: _Held, *, datacenter: bool) -> tuple[Cell, ...]:
    return tuple(_worked_out(held.law, datacenter=datacenter))


def cells_of(law: Law, *, datacenter: bool) -> tuple[Cell, ...]:
    """Return the parts of the plane between the thresholds of a law, each with its classification.

    The thresholds are the numbers with which conditions of the law compare TPP and performance density; between two
    neighboring ones no comparison changes, so one point speaks for the whole part.
    """
    return _cells(_Held(law), datacenter=datacenter)


def _worked_out(law: Law, *, datacenter: bool) -> Iterator[Cell]:
    tpps = _edges(law, ("tpp",), TPP)
    densities = _edges(law, ("performance_density",), DENSITY)
    for tpp, density in product(pairwise(tpps), pairwise(densities)):
        point = {"tpp": _middle(tpp), "performance_density": _middle(density), "datacenter": datacenter}
        yield Cell(tpp, density, "", _named(law, {**_POINT, **point}))


def _edges(law: Law, facts: tuple[str, ...], ends: tuple[float, float]) -> list[float]:
    found = set(ends)
    for condition in law.conditions.values():
        for node in e.walk(condition):
            match node:
                case e.Compare(_, e.FactTerm(name), e.Constant(Decimal() as value)) if name in facts:
                    found.add(float(value))
                case e.CompareRatio(_, e.FactTerm(name), _, _, e.Constant(Decimal() as value)) if name in facts:
                    found.add(float(value))
    return sorted(value for value in found if ends[0] <= value <= ends[1])


def _middle(pair: tuple[float, float]) -> Decimal:
    return Decimal((pair[0] * pair[1]) ** 0.5).quantize(Decimal("0.001"))


HANDLERS = (chips_page,)
