"""Columns with few different values: each value is read and classed once, and joined to the rows as small numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from licet.clauses.sql import MOST_DECIMALS
from licet.orders.book import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    import duckdb

    from licet.clauses.vocabulary import FactValue

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Key:
    """A column of the rows that a dimension is looked up by: an expression, and its type (``VARCHAR`` or ``DATE``)."""

    text: str
    type: str = "VARCHAR"


@dataclass(slots=True)
class Entry:
    """One value that can be read: as it stands in the book, the facts it states, and the law of its day."""

    raw: tuple[str | None, ...]
    facts: dict[str, FactValue]
    law: int = -1


@dataclass
class Dimension:
    """A column, or two that are read together, by whose values rows are classed.

    ``facts``: those that it alone states; ``entries``: its values, the empty one first; what is in the book and not
    here cannot be read. ``open``: a text of any wording, of which only values that are told apart are listed, and
    those that cannot be read (``unfit``); all others are as the second entry.
    """

    number: int
    keys: tuple[Key, ...]
    facts: frozenset[str]
    entries: list[Entry] = field(default_factory=list)
    open: bool = False
    unfit: list[str] = field(default_factory=list)
    classes: list[int] = field(default_factory=list)
    values: dict[Hashable, tuple[str, list[Any]]] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        """The name of its table."""
        return f"d{self.number}"

    @property
    def size(self) -> int:
        """How many classes there are."""
        return max(self.classes, default=0) + 1

    def classify(self, vectors: Sequence[Hashable]) -> None:
        """Class the entries: those of one vector share a class."""
        known: dict[Hashable, int] = {}
        self.classes = [known.setdefault(vector, len(known)) for vector in vectors]

    def column(self, key: Hashable, values: Callable[[], list[Any]]) -> str:
        """Return the column that holds a value for each entry, made when it is first asked for."""
        if key not in self.values:
            found = values()
            # With its type, for True is 1 to Python, and is not to SQL.
            content = ("content", tuple((type(value), value) for value in found))
            if content not in self.values:
                self.values[content] = (f"v{self.number}_{len(self.values)}", found)
            self.values[key] = self.values[content]
        return quoted(self.values[key][0])

    def shared(self, key: Hashable, filled: list[Any]) -> str:
        """Return the column of a key, with what is ``filled`` in laid over it: each law fills in its own days."""
        name, values = self.values.setdefault(key, (f"v{self.number}_{len(self.values)}", [None] * len(filled)))
        values[:] = [old if new is None else new for old, new in zip(values, filled, strict=True)]
        return quoted(name)

    def columns(self) -> dict[str, list[Any]]:
        """Return the columns of values by name."""
        return dict(self.values.values())

    def write(self, base: duckdb.DuckDBPyConnection) -> None:
        """Make its table: keys, class (none: it cannot be read), values."""
        if not self.keys:
            return
        shown = [f"CAST(k{n} AS {key.type}) AS k{n}" for n, key in enumerate(self.keys)]
        arrays = {f"k{n}": [entry.raw[n] for entry in self.entries] for n in range(len(self.keys))}
        columns = {name: pa.array(values, pa.string()) for name, values in arrays.items()}
        columns["class"] = pa.array(self.classes, pa.int32())
        for name, values in self.columns().items():
            kind, texts = typed(values)
            columns[name] = pa.array(texts, pa.string())
            shown.append(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}")
        base.register("entries", pa.table(columns))
        base.execute(f"CREATE TABLE {self.alias} AS SELECT {', '.join(shown)}, class FROM entries WHERE k0 IS NOT NULL")
        base.unregister("entries")
        for start in range(0, len(self.unfit), _CHUNK):
            base.register("unfit", pa.table({"k0": self.unfit[start : start + _CHUNK]}))
            base.execute(f"INSERT INTO {self.alias}(k0) SELECT k0 FROM unfit")
            base.unregister("unfit")

    def join(self) -> str:
        """Return the join of its table to the rows."""
        if not self.keys:
            return ""
        on = " AND ".join(f"{self.alias}.k{n} = {key.text}" for n, key in enumerate(self.keys))
        return f" LEFT JOIN {self.alias} ON {on}"

    def shown(self) -> Iterator[str]:
        """Yield what it adds to each row: its class, and its values."""
        yield f"{self._filled(f'{self.alias}.class', self.classes, 'INTEGER')} AS {self.alias}_class"
        for name, values in self.columns().items():
            kind, texts = typed(values)
            yield f"{self._filled(f'{self.alias}.{quoted(name)}', texts, kind)} AS {quoted(name)}"

    def _filled(self, found: str, values: Sequence[Any], kind: str) -> str:
        """Return a column of its table, with what an empty cell has, and a text that is not listed."""
        if not self.keys:
            return _constant(values[0] if values else None, kind)
        if self.open:
            found = f"CASE WHEN {self.alias}.k0 IS NULL THEN {_constant(values[1], kind)} ELSE {found} END"
        empty = self.entries[0] if self.entries else None
        # What nobody stated stands in no table; only a day has its own value for an empty cell.
        if empty is None or empty.raw[0] is not None or (values[0] is None and not self.open):
            return found
        return f"CASE WHEN {self.keys[0].text} IS NULL THEN {_constant(values[0], kind)} ELSE {found} END"


def _constant(value: Any, kind: str) -> str:
    return "CAST(NULL AS " + kind + ")" if value is None else f"CAST('{value}' AS {kind})"


def typed(values: Sequence[Any]) -> tuple[str, list[str | None]]:
    """Return the type of a column of values, and these as text: exact, and no wider than they need."""
    known = [value for value in values if value is not None]
    if any(isinstance(value, Decimal) for value in known):
        texts = [None if value is None else f"{value:f}" for value in values]
        parts = [text.lstrip("-").partition(".") for text in texts if text is not None]
        scale = max(len(part) for _, _, part in parts)
        width = max(len(whole.lstrip("0")) for whole, _, _ in parts) + scale
        return f"DECIMAL({min(max(width, 1), MOST_DECIMALS)}, {scale})", texts
    kind = "BOOLEAN" if any(isinstance(v, bool) for v in known) else "VARCHAR"
    kind = "DATE" if any(isinstance(value, dt.date) for value in known) else kind
    if any(isinstance(value, tuple) for value in known):
        kind = "VARCHAR[]"
    return kind, [None if value is None else _text(value) for value in values]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value)
