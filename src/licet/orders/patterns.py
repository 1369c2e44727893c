"""The patterns of a book: for each row whole numbers that are equal only where no law of the book tells rows apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from licet.clauses import keys
from licet.clauses import parts as p
from licet.clauses.sql import column_type, literal
from licet.clauses.vocabulary import LONGEST_TEXT
from licet.errors import BadInput
from licet.orders.book import FILE, LINE, quoted_text
from licet.orders.columns import base_type
from licet.orders.dimensions import Dimension, Entry, Key
from licet.orders.numbers import Number, number
from licet.orders.rows import ROW, RowColumns
from licet.orders.shares import Shares
from licet.orders.values import TAKEN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterator

    from licet.orders.book import Book, Column
    from licet.orders.columns import Sorted
    from licet.orders.values import Values
    from licet.statutes import Law, Statutes
    from licet.statutes.forms import Basis
    from licet.statutes.law import Query

MOST_ENTRIES = 1_000_000
OTHER = "\u2026"
"""Stands for every text that no law tells from another."""
ABSENT_DAY = "-infinity"
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_AREA = frozenset({"non_planar", "applicable_die_area_mm2"})
_SPELLED = frozenset({"eccn", "for_eccn", "exporter"})
"""Texts that are read in more than one spelling."""
_TAKEN = ("headquarters", "parent_headquarters")


@dataclass(frozen=True)
class Terms:
    """How a book is asked: which law, where a line does not say, and what may be taken."""

    day: dt.date | None
    basis: Basis
    headquarters_taken: bool


@dataclass
class Patterns:
    """A book made ready: its dimensions, its numbers, its laws, and the query that gives each row its keys."""

    book: Book
    sorted: Sorted
    values: Values
    terms: Terms
    dimensions: list[Dimension] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    laws: list[Law] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    """For each fact with a column of few values, the number of its dimension."""
    chip: int | None = None
    dated: int = 0
    supplied: frozenset[str] = frozenset()
    """Facts that some chip of the book has."""
    joint: frozenset[str] = frozenset()
    """Facts that the chip and a column of the book both state."""
    parts: list[tuple[p.Part, ...]] = field(default_factory=list)
    """What tells rows apart under each law."""
    keys: list[str] = field(default_factory=list)
    radix: list[list[tuple[int, int | None]]] = field(default_factory=list)
    """For each key its digits, the lowest first: how many values one has, and the dimension whose class it is."""
    narrower: list[dict[int, list[int]]] = field(default_factory=list)
    """For each law and dimension, by class: the class among those that this law alone tells apart."""
    resting: list[dict[str, frozenset[int]]] = field(default_factory=list)
    """For each law and clause, the dimensions on which it rests, and :data:`ROW` where it rests on rows too."""
    total: str = ""

    def rows(self, source: str = "") -> str:
        """Return the query of all rows: the book's columns, ``total``, and the keys ``r0``, …: NULL for a reject.

        ``source``: a query of the same columns, and others, instead of the book's.
        """
        joins = "".join(part.join() for part in self._joined())
        added = [column for dimension in self.dimensions for column in dimension.shown()]
        added += [column for item in self.numbers for column in item.shown()]
        first = f"SELECT b.*, {', '.join(added)} FROM ({source or self.book.source}) AS b{joins}"
        second = f"SELECT *, {', '.join([*self.given(), f'{self.unfit()} AS unfit'])} FROM ({first})"
        third = f"SELECT *, {self.total} AS total FROM ({second})"
        found = ", ".join(f"CASE WHEN unfit THEN NULL ELSE {text} END AS r{n}" for n, text in enumerate(self.keys))
        return f"SELECT *, {found} FROM ({third})"

    def _joined(self) -> list[Dimension | Number]:
        return [*self.dimensions, *self.numbers]

    def given(self) -> Iterator[str]:
        """Yield the facts that rows state for themselves, as ``g_name``."""
        yield "0 AS g_none"
        numbers = {item.name: item for item in self.numbers}
        for name in sorted(numbers.keys() | self.joint):
            own = f'"n_{name}"' if name in numbers else self._own(name)
            found = [own, self._of_chip(name)] if name in self.joint else [own]
            kind = numbers[name].kind if name in numbers and name not in self.joint else self._kind(name)
            planar = [text for text in (self._own("non_planar"), self._of_chip("non_planar")) if text]
            if name == "applicable_die_area_mm2" and planar:
                found.append(f"CASE WHEN NOT COALESCE({', '.join(planar)}) THEN CAST(0 AS {kind}) END")
            known = [text for text in found if text]
            value = f"COALESCE({', '.join(known)})" if known else "NULL"
            yield f'CAST({value} AS {kind}) AS "g_{name}"'

    def _kind(self, name: str) -> str:
        return column_type(self.values.vocabulary[name])

    def _own(self, name: str) -> str:
        if name not in self.columns:
            return ""
        dimension = self.dimensions[self.columns[name]]
        return _stated(dimension, name)

    def _of_chip(self, name: str) -> str:
        return _stated(self.dimensions[self.chip], name) if self.chip is not None and name in self.supplied else ""

    def unfit(self) -> str:
        """Return whether a number cannot be read, or contradicts the catalog."""
        found = [item.unfit() for item in self.numbers]
        numbers = {item.name for item in self.numbers}
        for name in sorted(self.joint):
            own = f'"n_{name}"' if name in numbers else self._own(name)
            if own and (figure := self._of_chip(name)):
                found.append(f"COALESCE({own} <> {figure}, FALSE)")
        found += [f"{dimension.alias}_class IS NULL" for dimension in self.dimensions]
        return " OR ".join(found) or "FALSE"


def _stated(dimension: Dimension, name: str) -> str:
    return dimension.column(("stated", name), lambda: [entry.facts.get(name) for entry in dimension.entries])


def prepare(  # noqa: PLR0913, PLR0917 - the book, its columns, and how it is asked
    book: Book, found: Sorted, statutes: Statutes, values: Values, terms: Terms, query: Query
) -> Patterns:
    """Read the values of a book, find its laws, and write the keys of its rows."""
    made = Patterns(book, found, values, terms)
    _days(made, statutes, query)
    _essential(made)
    made.parts = [p.parts(law.program) for law in made.laws]
    for name, column in found.facts.items():
        if name != "date" and values.vocabulary[name].type == "number":
            made.numbers.append(number(name, column, book, values))
    _chips(made)
    for name in _looked_up(made):
        _column(made, name)
    sources = _sources(made)
    written = [
        RowColumns(law, n, sources, dict(enumerate(made.dimensions)), made.dated) for n, law in enumerate(made.laws)
    ]
    shares = [Shares(columns) for columns in written]
    made.resting = [
        {name: columns.support(clause.condition) for name, clause in columns.law.clauses.items()} for columns in written
    ]
    _classify(made, shares)
    _keys(made, shares)
    # Asking for a column adds it to its dimension: all that rows() will name are there before the tables are written.
    list(made.given())
    made.unfit()
    _shown(made)
    for dimension in made.dimensions:
        dimension.write(book.base)
    return made


def _essential(made: Patterns) -> None:
    """Refuse a book that does not say where a line goes or what it is. Raises :class:`BadInput`."""
    read = {name for law in made.laws for name in law.program.facts()}
    if "destination" in read and "destination" not in made.sorted.facts:
        raise BadInput("the book has no column 'destination'", fix="add one, with places by code or name")
    item = {name for name in read if made.values.vocabulary[name].group == "item"}
    if item and made.sorted.chip is None and not item & made.sorted.facts.keys():
        raise BadInput("the book has no column that says what is shipped", fix="add 'chip', or figures such as 'tpp'")


def _shown(made: Patterns) -> None:
    """Add what lines to one account are told by: the day, and the row of the destination."""
    _stated(made.dimensions[made.dated], "date")
    if "destination" in made.columns:
        _stated(made.dimensions[made.columns["destination"]], "destination")


def _days(made: Patterns, statutes: Statutes, query: Query) -> None:
    """Make the dimension of days and bases, and find the law of each."""
    date, basis = made.sorted.facts.get("date"), made.sorted.basis
    keys_of = []
    if date is not None:
        kind = base_type(date)
        empty = f"DATE '{ABSENT_DAY}'" if kind == "DATE" else "''"
        text = date.sql if kind != "TIMESTAMP" else f"CAST({date.sql} AS VARCHAR)"
        keys_of.append(Key(f"COALESCE({text}, {empty})", "DATE" if kind == "DATE" else "VARCHAR"))
    if basis is not None:
        keys_of.append(Key(f"COALESCE({basis.sql}, '')"))
    dimension = Dimension(0, tuple(keys_of), frozenset({"date"}))
    made.dimensions.append(dimension)
    if date is None and made.terms.day is None:
        raise BadInput("the book has no column 'date'", fix="add one, or give --on for all lines")
    known: dict[int, int] = {}
    for raw in _distinct(made.book, dimension.keys):
        texts = iter(raw)
        try:
            day = made.values.day(_day_text(next(texts)) if date is not None else None, made.terms.day)
            chosen = made.values.basis(next(texts) or "" if basis is not None else "", made.terms.basis)
        except BadInput:
            continue
        asked = _on(query, day, chosen)
        law = statutes.law(asked)
        place = known.setdefault(id(law), len(known))
        if place == len(made.laws):
            made.laws.append(law)
            made.queries.append(asked)
        dimension.entries.append(Entry(raw, {"date": day}, place))


def _day_text(raw: str | None) -> str | None:
    return None if raw == ABSENT_DAY else raw


def _on(query: Query, day: dt.date, basis: Basis) -> Query:
    return replace(query, on=day, basis=basis)


def _distinct(book: Book, keys_of: tuple[Key, ...], where: str = "TRUE") -> Iterator[tuple[str | None, ...]]:
    """Yield the different values of a key, as text and in order."""
    if not keys_of:
        yield ()
        return
    yield from book.distinct([key.text for key in keys_of], where)


def _chips(made: Patterns) -> None:
    """Make the dimension of the catalog's chips."""
    if _AREA & made.sorted.facts.keys():
        # No die area where no die is made on a non-planar node, wherever that is stated: both stand in each row.
        made.joint = _AREA if made.sorted.chip or "non_planar" in made.sorted.facts else frozenset()
    column = made.sorted.chip
    if column is None:
        return
    keys_of, entries = _named(made, column)
    if not made.joint & _AREA:
        for entry in entries:
            made.values.counted(entry.facts)
    made.supplied = frozenset(name for entry in entries for name in entry.facts)
    made.joint |= made.supplied & (set(made.sorted.facts) | made.joint)
    made.chip = len(made.dimensions)
    made.dimensions.append(Dimension(made.chip, keys_of, made.supplied - made.joint, entries))


def _named(made: Patterns, column: Column) -> tuple[tuple[Key, ...], list[Entry]]:
    """Return by what an item of the catalog is looked up, and its figures: the kind that is stated counts for them."""
    kind = made.sorted.facts.get("kind")
    if kind is None:
        keys_of: tuple[Key, ...] = (Key(_as_text(column)),)
        entries = [Entry((None,), {})]
    else:
        keys_of = (Key(f"COALESCE({_as_text(column)}, '')"), Key(f"COALESCE({_as_text(kind)}, '')"))
        entries = []
    for raw in _distinct(made.book, keys_of):
        if raw[0] is None:
            continue
        try:
            stated = made.values.read("kind", raw[1]) if kind is not None else None
            figures = dict(made.values.chip(raw[0], stated))
        except BadInput:
            continue
        entries.append(Entry(raw, figures))
    return keys_of, entries


def _looked_up(made: Patterns) -> list[str]:
    names = [name for name in made.sorted.facts if name != "date" and made.values.vocabulary[name].type != "number"]
    if made.terms.headquarters_taken and "destination" in made.sorted.facts:
        names += [name for name in _TAKEN if name not in names]
    return names


def _as_text(column: Column) -> str:
    return column.sql if column.type == "VARCHAR" else f"CAST({column.sql} AS VARCHAR)"


def key_of(made: Patterns, name: str) -> str:
    """Return the text by which a fact's column is looked up; an omitted headquarters may be the destination's."""
    column = made.sorted.facts.get(name)
    own = _as_text(column) if column is not None else "CAST(NULL AS VARCHAR)"
    if name in _TAKEN and made.terms.headquarters_taken and "destination" in made.sorted.facts:
        own = f"CASE WHEN trim({own}, {quoted_text(_SPACES)}) = '' THEN NULL ELSE {own} END"
        destination = _as_text(made.sorted.facts["destination"])
        return f"COALESCE({own}, {quoted_text(TAKEN)} || {destination})"
    return own


def _column(made: Patterns, name: str) -> None:
    """Make the dimension of one fact with few values, or of one text of any wording."""
    fact = made.values.vocabulary[name]
    free = fact.type == "text" and not fact.values
    key = Key(key_of(made, name))
    facts = frozenset() if name in made.joint else frozenset({name})
    dimension = Dimension(len(made.dimensions), (key,), facts, [Entry((None,), {})], open=free)
    if free:
        dimension.entries.append(Entry((None,), {name: OTHER}))
    told = _told(made, name) if free else frozenset()
    for (raw,) in _distinct(
        made.book, (key,), _worth_reading(key.text, name, told) if free and name not in made.joint else "TRUE"
    ):
        if raw is None:
            continue
        try:
            value = made.values.read(
                name, _listed(raw) if fact.many and made.sorted.facts[name].type != "VARCHAR" else raw
            )
        except BadInput:
            if free:
                dimension.unfit.append(raw)
            continue
        if free and value is not None and value not in told and name not in made.joint:
            continue
        entry = Entry((raw,), {} if value is None else made.values.counted({name: value}))
        entry.facts = {name: entry.facts[name]} if name in entry.facts else {}
        dimension.entries.append(entry)
    if len(dimension.entries) > MOST_ENTRIES:
        raise BadInput(
            f"{name} has more than {MOST_ENTRIES} different values", fix="screen a part of the book at a time"
        )
    made.columns[name] = dimension.number
    made.dimensions.append(dimension)


def _worth_reading(text: str, name: str, told: frozenset[str]) -> str:
    """Return which values of a text of any wording can matter: told apart, blank, or too long."""
    if told and name in _SPELLED:
        return "TRUE"
    bare = f"trim({text}, {quoted_text(_SPACES)})"
    if not told:  # what is blank begins so: few texts are looked at to their end
        return f"length({text}) > {LONGEST_TEXT} OR (contains({quoted_text(_SPACES)}, left({text}, 1)) AND {bare} = '')"
    return f"length({text}) > {LONGEST_TEXT} OR {bare} IN ({', '.join(literal(item) for item in ('', *sorted(told)))})"


def _listed(raw: str) -> tuple[str, ...]:
    """Return the members of a list as DuckDB writes it."""
    return tuple(item.strip().strip("'") for item in raw.strip("[]").split(",") if item.strip())


def _told(made: Patterns, name: str) -> frozenset[str]:
    """Return the texts of a fact that some law tells from others."""
    every = (part for parts in made.parts for part in parts)
    classes = (part.classes for part in every if isinstance(part, p.Alone) and part.fact == name)
    return frozenset(text for found in classes for text, _ in found)


def _sources(made: Patterns) -> dict[str, int]:
    """Return where each fact stands: in which dimension, or in each row."""
    found = {name: dimension.number for dimension in made.dimensions for name in dimension.facts}
    found |= dict.fromkeys([item.name for item in made.numbers], ROW) | dict.fromkeys(made.joint, ROW)
    return found


def _classify(made: Patterns, shares: list[Shares]) -> None:
    """Class the values of each dimension by what any law of the book can tell of them, and by what each law can."""
    made.narrower = [{} for _ in shares]
    for dimension in made.dimensions:
        dated = dimension.number == made.dated
        told: list[list[Hashable]] = []
        for share in shares:
            ask = share.asking(dimension.number)
            law = share.columns.number
            told.append([ask(entry) if not dated or entry.law == law else None for entry in dimension.entries])
        laws = [entry.law for entry in dimension.entries]
        dimension.classify(list(zip(laws, *told, strict=True)))
        for law, vectors in enumerate(told):
            known: dict[Hashable, int] = {}
            narrower = [0] * dimension.size
            for place, vector in zip(dimension.classes, vectors, strict=True):
                narrower[place] = known.setdefault(vector, len(known))
            made.narrower[law][dimension.number] = narrower


def _keys(made: Patterns, shares: list[Shares]) -> None:
    """Write the keys of a row: the classes of its dimensions, and what is worked out row by row."""
    digits = [keys.Digit(f"{dimension.alias}_class", dimension.size) for dimension in made.dimensions]
    by_row: dict[keys.Digit, set[int]] = {}
    totals: dict[str, set[int]] = {}
    for share in shares:
        for digit in share.digits():
            by_row.setdefault(digit, set()).add(share.columns.number)
        totals.setdefault(share.columns.fact("total_tpp"), set()).add(share.columns.number)
    for digit, laws in by_row.items():
        digits.append(keys.Digit(_where(made, laws, digit.text, "0"), digit.size))
    digits = [digit for digit in digits if digit.size > 1]
    made.keys = keys.packed(digits)
    places = {f"{dimension.alias}_class": dimension.number for dimension in made.dimensions}
    made.radix = [[(digit.size, places.get(digit.text)) for digit in group] for group in keys.grouped(digits)]
    texts = [_where(made, laws, text, "NULL") for text, laws in totals.items()]
    made.total = (
        f"COALESCE({', '.join(texts)})" if len(texts) > 1 else texts[0] if texts else "CAST(NULL AS DECIMAL(38, 3))"
    )


def _where(made: Patterns, laws: set[int], text: str, otherwise: str) -> str:
    """Return an expression that is worked out only for lines under some of the laws."""
    if len(laws) == len(made.laws):
        return text
    days = made.dimensions[made.dated]
    found = days.column(("laws", frozenset(laws)), lambda: [entry.law in laws for entry in days.entries])
    return f"CASE WHEN {found} THEN {text} ELSE {otherwise} END"


ORDER = f"{FILE}, {LINE}"
