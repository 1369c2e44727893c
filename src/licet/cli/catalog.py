"""``licet chips`` and ``licet places``: read the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from licet.catalog import chips, items, places, systems
from licet.catalog.own_names import here
from licet.cli.options import AsJson, Language, language_of
from licet.i18n import LANGUAGES, N_, gettext, pick

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from licet.catalog.own_names import OwnNames

_PIPE_WIDTH = 400
_encoder = msgspec.json.Encoder(decimal_format="number")
_WORDS = {
    True: N_("yes"),
    False: N_("no"),
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
    "server": N_("server"),
    "board": N_("board"),
    "rack": N_("rack"),
    "module": N_("module"),
    "secondary": N_("read in a copy"),
    "derived": N_("derived from the section"),
}


def list_chips(
    name: Annotated[str | None, typer.Argument(help="An id, a name or an alias, in English or Chinese.")] = None,
    *,
    lang: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List the AI chips and the systems that hold them, or show all that is known of one, with its sources."""
    words = _Words(language_of(lang))
    if name is None:
        if as_json:
            _print_json([item_sheet(item) for item in items.every().values()])
            return
        _print(_chips_table(chips.chips().values(), words))
        _print(_systems_table(systems.systems().values(), words))
        return
    match = items.look_up(name)
    if as_json:
        taken_for = {"family": match.family, "why": match.why, "others": match.others} if match.family else None
        _print_json(item_sheet(match.item) | {"taken_for": taken_for})
    else:
        _print(_item_table(match, words))


def list_places(
    name: Annotated[str | None, typer.Argument(help="A code, a name, an alias or a demonym.")] = None,
    *,
    lang: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List the places and their rows of the Commerce Country Chart, or show one with all its names."""
    words = _Words(language_of(lang))
    if name is None:
        every = places.places().values()
        _print_json([place_sheet(item, words.own) for item in every]) if as_json else _print(
            _places_table(every, words)
        )
        return
    item = places.place(name, words.own)
    _print_json(place_sheet(item, words.own)) if as_json else _print(_place_table(item, words))


def register(app: typer.Typer) -> None:
    """Add the two commands to ``app``."""
    app.command("chips")(list_chips)
    app.command("places")(list_places)


def item_sheet(item: items.Item) -> dict[str, Any]:
    """Return all that is known of a chip or system, for JSON: the fields of the data, and what is computed from them.

    ``kind`` is ``chip`` or ``computer``, as in a transaction; ``tpp`` and ``performance_density`` are those of one
    circuit, of a system's most capable; ``unit_tpp`` is that of all ``circuits``.
    """
    circuit = item if isinstance(item, chips.Chip) else item.most_capable
    density = circuit.performance_density
    sheet: dict[str, Any] = {"id": item.id, "kind": item.facts()["kind"]}
    sheet |= {field: getattr(item, field) for field in item.__struct_fields__}
    if isinstance(item, systems.System):
        sheet |= {"most_capable": circuit.id, "facts": item.facts()}
    return sheet | {
        "circuits": 1 if isinstance(item, chips.Chip) else item.circuits,
        "tpp": circuit.tpp,
        "tpp_format": circuit.tpp_format,
        "tpp_by_format": circuit.products,
        "performance_density": None if density is None else chips.thousandths(density),
        "unit_tpp": item.unit_tpp,
    }


def place_sheet(item: places.Place, own: OwnNames) -> dict[str, Any]:
    """Return all that is known of a place, for JSON; ``display`` has the names that are shown, by language."""
    sheet: dict[str, Any] = {field: getattr(item, field) for field in item.__struct_fields__}
    return sheet | {"display": {lang: places.display_name(item, lang, own.of(lang)) for lang in LANGUAGES}}


class _Words:
    """Words of one language, for headings and closed lists."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.own = here()

    def text(self, message: str) -> str:
        """Translate a message."""
        return gettext(self.language, message)

    def known(self, value: bool | str | None) -> str:  # noqa: FBT001 - any value of a closed list
        """Return a yes or no, or one of the words of the data."""
        return self.text(N_("unknown")) if value is None else self.text(_WORDS[value])

    def number(self, value: Decimal | None, unit: str = "") -> str:
        """Return a figure with its unit."""
        return self.text(N_("unknown")) if value is None else f"{_plain(value)}{unit}"

    def place(self, code: str) -> str:
        """Return the name of a place."""
        return places.display_name(code, self.language, self.own.of(self.language))

    def because(self, told: str, source: str) -> str:
        """Return what is told, and its source after a colon."""
        return f"{told}：{source}" if self.language == "zh" else f"{told}: {source}"

    def joined(self, names: Iterable[str]) -> str:
        """Return an enumeration."""
        return ("、" if self.language == "zh" else ", ").join(names)


def _plain(value: Decimal) -> str:
    """Return a number without an exponent, and without zeros at its end: 989.5 × 16 is 15832, not 15832.0."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tpp_reckoning(item: chips.Chip, words: _Words) -> str:
    """Return how the TPP comes about, e.g. ``1979 × 8 (int8) = 15832``; or that no rate is known."""
    name = item.tpp_format
    if name is None:
        return words.text(N_("unknown: no dense rate is known"))
    return f"{words.number(item.rates[name])} × {chips.BIT_LENGTHS[name]} ({name}) = {words.number(item.tpp)}"


def density_reckoning(item: chips.Chip, words: _Words) -> str:
    """Return how the performance density comes about, or which part of it is unknown."""
    density = item.performance_density
    if item.tpp is None:
        return words.text(N_("unknown: no dense rate is known"))
    if density is None:
        return words.text(N_("unknown: the die area is not known"))
    return f"{words.number(item.tpp)} / {words.number(item.die_area_mm2)} mm² = {chips.thousandths(density)}"


def _rates(item: chips.Chip, words: _Words) -> str:
    """Return every format's dense rate, with the TPP that it would give."""
    shown = (f"{name} {words.number(item.rates[name])} (TPP {_plain(value)})" for name, value in item.products.items())
    return words.joined(shown) or words.text(N_("unknown"))


def _chips_table(every: Iterable[chips.Chip], words: _Words) -> Table:
    table = _columns(words, N_("id"), N_("name"), "TPP", N_("format"), N_("density"), N_("data center"))
    for item in every:
        density = item.performance_density
        shown = words.number(None if density is None else chips.thousandths(density))
        row = (item.id, item.name, words.number(item.tpp), item.tpp_format or "", shown, words.known(item.datacenter))
        table.add_row(*row)
    return table


def _systems_table(every: Iterable[systems.System], words: _Words) -> Table:
    table = _columns(words, N_("id"), N_("name"), N_("chips inside"), N_("TPP of the unit"), N_("data center"))
    for item in every:
        table.add_row(item.id, item.name, _inside(item), words.number(item.unit_tpp), words.known(item.datacenter))
    return table


def _inside(item: systems.System) -> str:
    return " + ".join(f"{part.count} × {part.chip}" for part in item.chips)


def _columns(words: _Words, *headings: str) -> Table:
    table = Table(*(words.text(heading) for heading in headings))
    for heading, column in zip(headings, table.columns, strict=True):
        if heading in {"TPP", "TPP of the unit", "density"}:
            column.justify = "right"
    return table


def _item_table(match: items.Match, words: _Words) -> Table:
    """Return the sheet of one chip or system, a line a fact."""
    item = match.item
    rows = _chip_rows(item, words) if isinstance(item, chips.Chip) else _system_rows(item, words)
    if match.family:
        told = words.text(N_("{family}: {why}; it could be {others}"))
        values = {"family": match.family, "why": pick(words.language, match.why)}
        rows.insert(0, (N_("taken for"), told.format(**values, others=words.joined(match.others))))
    return _sheet(rows, words)


def _chip_rows(item: chips.Chip, words: _Words) -> list[tuple[str, str]]:
    unknown = words.text(N_("unknown"))
    memory = [
        item.memory_type or words.text(N_("unknown type")),
        words.number(item.memory_gb, " GB"),
        words.number(item.memory_bandwidth_gbs, " GB/s"),
    ]
    return [
        (N_("id"), item.id),
        (N_("name"), item.name),
        (N_("designer"), _seat(item.designer, item.designer_headquarters, words)),
        (N_("released"), item.released or unknown),
        (N_("process node"), item.process_node or unknown),
        (N_("non-planar"), words.known(item.non_planar)),
        (N_("dense rates, tera-op/s"), _rates(item, words)),
        ("TPP", tpp_reckoning(item, words)),
        (N_("performance density"), density_reckoning(item, words)),
        (N_("memory"), words.joined(memory)),
        (N_("interconnect"), words.number(item.interconnect_gbs, " GB/s")),
        (N_("data center"), words.known(item.datacenter)),
        (N_("power"), words.number(item.tdp_w, " W")),
        (N_("other names"), words.joined(item.aliases)),
        (N_("confidence"), words.known(item.confidence)),
        (N_("notes"), _notes(item, words)),
        *((N_("stated by others"), _stated(stated, words)) for stated in item.stated),
        *((N_("source"), source) for source in item.sources),
    ]


def _notes(item: items.Item, words: _Words) -> str:
    return pick(words.language, item.notes) if item.notes else ""


def _seat(company: str, code: str, words: _Words) -> str:
    told = words.text(N_("{company}, headquartered in {place}"))
    return told.format(company=company, place=f"{words.place(code)} ({code})")


def _stated(stated: chips.Stated, words: _Words) -> str:
    why = pick(words.language, stated.differs) if stated.differs else ""
    figures = (("TPP", stated.tpp), (words.text(N_("density")), stated.density))
    told = words.joined(f"{name} {_plain(value)}" for name, value in figures if value is not None)
    bracketed = "（{}）" if words.language == "zh" else " ({})"
    return words.because(told + (bracketed.format(why) if why else ""), stated.source)


def _system_rows(item: systems.System, words: _Words) -> list[tuple[str, str]]:
    circuit = item.most_capable
    return [
        (N_("id"), item.id),
        (N_("name"), item.name),
        (N_("maker"), item.maker),
        (N_("form"), words.known(item.form)),
        (N_("chips inside"), _inside(item)),
        (N_("TPP of the unit"), _sum(item, words)),
        (N_("most capable chip"), circuit.id),
        ("TPP", tpp_reckoning(circuit, words)),
        (N_("performance density"), density_reckoning(circuit, words)),
        (N_("data center"), words.known(item.datacenter)),
        (N_("other names"), words.joined(item.aliases)),
        (N_("confidence"), words.known(item.confidence)),
        (N_("notes"), _notes(item, words)),
        *((N_("source"), source) for source in item.sources),
    ]


def _sum(item: systems.System, words: _Words) -> str:
    """Return how the TPP of a unit comes about, e.g. ``8 × 15832 = 126656``."""
    if item.unit_tpp is None:
        return words.text(N_("unknown: no dense rate is known"))
    parts = (f"{part.count} × {words.number(chips.chips()[part.chip].tpp)}" for part in item.chips)
    return f"{' + '.join(parts)} = {words.number(item.unit_tpp)}"


def _places_table(every: Iterable[places.Place], words: _Words) -> Table:
    table = _columns(words, N_("code"), N_("country or region"), N_("row of the chart"), N_("row seen"))
    for item in every:
        seen = None if item.row_seen == "unknown" else item.row_seen
        table.add_row(item.code, words.place(item.code), item.row or words.known(None), words.known(seen))
    return table


def _place_table(item: places.Place, words: _Words) -> Table:
    """Return the sheet of one place, a line a fact."""
    row = f"{words.place(item.row)} ({item.row})" if item.row else words.known(None)
    seen = words.known(None if item.row_seen == "unknown" else item.row_seen)
    rows = [
        (N_("code"), f"{item.code}, {item.alpha3}"),
        (N_("country or region"), words.place(item.code)),
        (N_("English"), item.names["en"]),
        (N_("Chinese"), item.names["zh"]),
        (N_("other names"), words.joined((*item.aliases, *item.lookup))),
        (N_("demonyms"), words.joined(item.demonyms)),
        (N_("territory of"), words.place(item.territory_of) if item.territory_of else ""),
        (N_("row of the chart"), row),
        (N_("row seen"), words.because(seen, item.row_source)),
    ]
    return _sheet(rows, words)


def _sheet(rows: Iterable[tuple[str, str]], words: _Words) -> Table:
    table = Table(show_header=False, box=None)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for heading, value in rows:
        if value:
            table.add_row(words.text(heading), value)
    return table


def _print(table: Table) -> None:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        # A file or a pipe has no edge to wrap at: addresses stay whole.
        console.width = _PIPE_WIDTH
    console.print(table)


def _print_json(value: object) -> None:
    typer.echo(msgspec.json.format(_encoder.encode(value), indent=2).decode())
