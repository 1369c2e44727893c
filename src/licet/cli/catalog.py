"""``licet chips`` and ``licet places``: read the catalog."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from licet.catalog import chips, places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

_PIPE_WIDTH = 400
_encoder = msgspec.json.Encoder(decimal_format="number")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Language(enum.StrEnum):
    """A language of display names."""

    en = "en"
    zh = "zh"


def list_chips(
    name: Annotated[str | None, typer.Argument(help="An id, a name or an alias, in English or Chinese.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the AI chips, or show all that is known of one, with its sources."""
    if name is None:
        items = chips.chips().values()
        _print_json([chip_sheet(item) for item in items]) if as_json else _print(_chips_table(items))
        return
    match = chips.look_up(name)
    if as_json:
        taken_for = {"family": match.family, "why": match.why, "others": match.others} if match.family else None
        _print_json(chip_sheet(match.chip) | {"taken_for": taken_for})
    else:
        _print(_chip_table(match))


def list_places(
    name: Annotated[str | None, typer.Argument(help="A code, a name, an alias or a demonym.")] = None,
    *,
    lang: Annotated[Language, typer.Option(help="Language of the names.")] = Language.en,
    as_json: AsJson = False,
) -> None:
    """List the places and their rows of the Commerce Country Chart, or show one with all its names."""
    if name is None:
        items = places.places().values()
        _print_json([place_sheet(item) for item in items]) if as_json else _print(_places_table(items, lang))
        return
    item = places.place(name)
    _print_json(place_sheet(item)) if as_json else _print(_place_table(item, lang))


def register(app: typer.Typer) -> None:
    """Add the two commands to ``app``."""
    app.command("chips")(list_chips)
    app.command("places")(list_places)


def chip_sheet(item: chips.Chip) -> dict[str, Any]:
    """Return all that is known of a chip, for JSON: the fields of the data, and what is computed from them."""
    density = item.performance_density
    sheet: dict[str, Any] = {field: getattr(item, field) for field in item.__struct_fields__}
    return sheet | {
        "tpp": item.tpp,
        "tpp_format": item.tpp_format,
        "performance_density": None if density is None else chips.thousandths(density),
    }


def place_sheet(item: places.Place) -> dict[str, Any]:
    """Return all that is known of a place, for JSON."""
    return {field: getattr(item, field) for field in item.__struct_fields__}


def tpp_reckoning(item: chips.Chip) -> str:
    """Return how the TPP comes about, e.g. ``1979 × 8 (int8) = 15832``; ``unknown`` if no rate is known."""
    name = item.tpp_format
    if name is None:
        return "unknown: no dense rate is known"
    return f"{_number(item.rates[name])} × {chips.BIT_LENGTHS[name]} ({name}) = {_number(item.tpp)}"


def density_reckoning(item: chips.Chip) -> str:
    """Return how the performance density comes about, or which part of it is unknown."""
    density = item.performance_density
    if density is None:
        return "unknown: " + ("no dense rate is known" if item.tpp is None else "the die area is not known")
    return f"{_number(item.tpp)} / {_number(item.die_area_mm2)} mm² = {chips.thousandths(density)}"


def _number(value: Decimal | None, unit: str = "") -> str:
    return "unknown" if value is None else f"{value:f}{unit}"


def _yes_no(value: bool | None) -> str:  # noqa: FBT001
    return {True: "yes", False: "no", None: "unknown"}[value]


def _chips_table(items: Iterable[chips.Chip]) -> Table:
    table = Table("id", "name")
    for heading in ("TPP", "density"):
        table.add_column(heading, justify="right")
    table.add_column("data center")
    for item in items:
        density = item.performance_density
        shown = "unknown" if density is None else str(chips.thousandths(density))
        table.add_row(item.id, item.name, _number(item.tpp), shown, _yes_no(item.datacenter))
    return table


def _chip_table(match: chips.Match) -> Table:
    """Return the sheet of one chip, a line a fact."""
    item = match.chip
    rates = ", ".join(f"{name} {_number(rate)}" for name, rate in item.rates.items())
    memory = [
        item.memory_type or "unknown type",
        _number(item.memory_gb, " GB"),
        _number(item.memory_bandwidth_gbs, " GB/s"),
    ]
    rows = [
        ("id", item.id),
        ("name", item.name),
        ("designer", f"{item.designer}, headquarters {item.designer_headquarters}"),
        ("released", item.released or "unknown"),
        ("process node", item.process_node or "unknown"),
        ("non-planar", _yes_no(item.non_planar)),
        ("dense rates, tera-op/s", rates or "unknown"),
        ("TPP", tpp_reckoning(item)),
        ("performance density", density_reckoning(item)),
        ("memory", ", ".join(memory)),
        ("interconnect", _number(item.interconnect_gbs, " GB/s")),
        ("data center", _yes_no(item.datacenter)),
        ("power", _number(item.tdp_w, " W")),
        ("other names", ", ".join(item.aliases)),
        ("confidence", item.confidence),
        ("notes", item.notes),
        *(("stated TPP", _stated(stated)) for stated in item.stated),
        *(("source", source) for source in item.sources),
    ]
    if match.family:
        others = ", ".join(match.others)
        rows.insert(0, ("taken for", f"{match.family}: {match.why}; it could be {others}"))
    return _sheet(rows)


def _stated(stated: chips.Stated) -> str:
    why = f" ({stated.differs})" if stated.differs else ""
    return f"{_number(stated.tpp)}{why}: {stated.source}"


def _places_table(items: Iterable[places.Place], lang: str) -> Table:
    table = Table("code", "name", "row", "row seen")
    for item in items:
        table.add_row(item.code, places.display_name(item, lang), item.row or "unknown", item.row_seen)
    return table


def _place_table(item: places.Place, lang: str) -> Table:
    """Return the sheet of one place, a line a fact."""
    parent = places.display_name(item.territory_of, lang) if item.territory_of else ""
    row = f"{places.display_name(item.row, lang)} ({item.row})" if item.row else "unknown"
    return _sheet(
        [
            ("code", f"{item.code}, {item.alpha3}"),
            ("name", places.display_name(item, lang)),
            ("English", item.names["en"]),
            ("Chinese", item.names["zh"]),
            ("other names", ", ".join((*item.aliases, *item.lookup))),
            ("demonyms", ", ".join(item.demonyms)),
            ("territory of", parent),
            ("row of the chart", row),
            ("row seen", f"{item.row_seen}: {item.row_source}"),
        ]
    )


def _sheet(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(show_header=False, box=None)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for heading, value in rows:
        if value:
            table.add_row(heading, value)
    return table


def _print(table: Table) -> None:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        # A file or a pipe has no edge to wrap at: addresses stay whole.
        console.width = _PIPE_WIDTH
    console.print(table)


def _print_json(value: object) -> None:
    typer.echo(msgspec.json.format(_encoder.encode(value), indent=2).decode())
