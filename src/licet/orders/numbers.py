"""Columns of numbers: exact values in SQL, and those that are written in an unusual way read one by one in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from licet.clauses.sql import column_type, literal
from licet.clauses.vocabulary import MOST_DIGITS
from licet.errors import BadInput
from licet.orders.columns import NUMBERS, base_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.clauses.vocabulary import Fact
    from licet.orders.book import Book, Column
    from licet.orders.values import Values

_CHUNK = 20_000
_EXACT_BELOW = 2**53
"""Below it each whole number is a DOUBLE of its own."""


@dataclass(frozen=True)
class Number:
    """A column that states a number.

    ``odd``: there are texts that only Python can read, in a table of their own; ``digits``: so many stand before the
    point in any value (0: not known).
    """

    name: str
    fact: Fact
    column: Column
    odd: bool = False
    digits: int = 0

    @property
    def kind(self) -> str:
        """The type of its values: no wider than the book's numbers are, for narrow numbers are quick ones."""
        return f"DECIMAL({self.digits + self.fact.scale}, {self.fact.scale})" if self.digits else column_type(self.fact)

    @property
    def alias(self) -> str:
        """The name of the table of odd texts."""
        return f"odd_{self.name}"

    @property
    def text(self) -> str:
        """The number as text: of a binary fraction the shortest, which is what its writer typed."""
        return self.column.sql if self.column.type == "VARCHAR" else f"CAST({self.column.sql} AS VARCHAR)"

    def value(self) -> str:
        """Return the value, NULL where it is unknown or cannot be read."""
        plain, cast = self._plain()
        odd = f"{self.alias}.value" if self.odd else "NULL"
        kind = self.kind
        return f"CASE WHEN {plain} THEN TRY_CAST({cast} AS {kind}) ELSE {odd} END"

    def unfit(self) -> str:
        """Return whether something cannot be read, or is out of range, from the columns of :meth:`shown`."""
        found = f'"n_{self.name}"'
        least, most = literal(self.fact.least), literal(self.fact.most)
        blank = f' AND NOT "o_{self.name}"' if self.odd else ""
        return (
            f"({self.column.sql} IS NOT NULL AND CASE WHEN {found} IS NULL THEN TRUE{blank} "
            f"ELSE NOT ({found} BETWEEN {least} AND {most}) END)"
        )

    def shown(self) -> Iterator[str]:
        """Yield what it adds to each row: the value as stated, and whether its text is a known odd one."""
        yield f'{self.value()} AS "n_{self.name}"'
        if self.odd:
            yield f'{self.alias}.k IS NOT NULL AS "o_{self.name}"'

    def join(self) -> str:
        """Return the join of the table of odd texts."""
        return f" LEFT JOIN {self.alias} ON {self.alias}.k = {self.text}" if self.odd else ""

    def _plain(self) -> tuple[str, str]:
        """Return when a value is read by SQL, and what is then cast."""
        column, kind = self.column.sql, base_type(self.column)
        if kind in NUMBERS or (kind == "DECIMAL" and self._decimals() <= self.fact.scale):
            return "TRUE", column
        pattern = rf"[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{0,{self.fact.scale}}}0*)?"
        as_text = f"(regexp_full_match({self.text}, '{pattern}') AND length({self.text}) <= {MOST_DIGITS})"
        if kind not in ("FLOAT", "DOUBLE"):
            return as_text, self.text
        whole = f"({column} = floor({column}) AND abs({column}) <= {_EXACT_BELOW})"
        as_whole = f"CASE WHEN {whole} THEN CAST(TRY_CAST({column} AS BIGINT) AS VARCHAR) ELSE {self.text} END"
        return f"({whole} OR {as_text})", as_whole

    def _decimals(self) -> int:
        return int(self.column.type.partition(",")[2].rstrip(") ") or 0)

    def odd_texts(self, book: Book) -> Iterator[str]:
        """Yield each different text that is not read by SQL."""
        plain, _ = self._plain()
        if plain == "TRUE":
            return
        for (text,) in book.distinct([self.text], f"{self.column.sql} IS NOT NULL AND NOT {plain}"):
            assert text is not None  # noqa: S101 - so it was asked
            yield text


def number(name: str, column: Column, book: Book, values: Values) -> Number:
    """Return how a column of numbers is read; what is odd in it is read here."""
    made = Number(name, values.vocabulary[name], column)
    known: dict[str, str | None] = {}
    odd = False
    for text in made.odd_texts(book):
        try:
            value = values.read(name, text)
        except BadInput:
            continue
        known[text] = None if value is None else f"{value:f}"
        if len(known) >= _CHUNK:
            odd = _write(book, made, known, made_before=odd)
            known = {}
    if known:
        odd = _write(book, made, known, made_before=odd)
    return Number(name, made.fact, column, odd, 0 if odd else _digits(book, made))


def _digits(book: Book, made: Number) -> int:
    """Return how many digits stand before the point in the largest value, 0 where that would have to be read."""
    if base_type(made.column) not in NUMBERS:
        return 0
    return len(str(min(max(book.largest(made.column.sql), 1), int(made.fact.most))))


def _write(book: Book, made: Number, known: dict[str, str | None], *, made_before: bool) -> bool:
    kind = column_type(made.fact)
    if not made_before:
        book.base.execute(f"CREATE TABLE {made.alias}(k VARCHAR, value {kind})")
    texts = pa.table({"k": pa.array(known.keys(), pa.string()), "value": pa.array(known.values(), pa.string())})
    book.base.register("odd", texts)
    book.base.execute(f"INSERT INTO {made.alias} SELECT k, CAST(value AS {kind}) FROM odd")
    book.base.unregister("odd")
    return True
