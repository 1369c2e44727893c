"""What differs between SQL engines: names, types, literals, lists, and how wide an exact number may become.

Conditions are written with what every engine shares (CASE, COALESCE, AND, OR, NOT, IN, IS NULL, comparisons); the rest
is written by a :class:`Dialect`. Each stands for the engine as its manual describes it: DuckDB 1.4, PostgreSQL 14,
Spark 3.4, BigQuery (GoogleSQL) and Snowflake, and later.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from licet.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from licet.clauses.vocabulary import Fact, FactValue

MOST_DECIMALS = 38
"""The widest DECIMAL of DuckDB, Spark and Snowflake."""


class Width(NamedTuple):
    """How many digits an exact number may have before and after the decimal point."""

    whole: int
    scale: int


class Dialect:
    """DuckDB's, and what others share with it."""

    name = "duckdb"
    text = "VARCHAR"
    boolean = "BOOLEAN"
    integer = "INTEGER"
    fence = ""
    """What ends a layer of a query, so that the engine does not copy its expressions into the next."""

    def quoted(self, name: str) -> str:
        """Return a name as the engine folds a plain one, between quotes, so that no word is a keyword."""
        return '"' + name.replace('"', '""') + '"'

    def exactly(self, name: str) -> str:
        """Return a name of the user's as it stands, not folded."""
        return self.quoted(name)

    def string(self, value: str) -> str:
        """Return a text constant."""
        return "'" + value.replace("'", "''") + "'"

    def number(self, value: Decimal) -> str:
        """Return a number as a DECIMAL of exactly its digits."""
        width = width_of(value)
        return f"CAST({value:f} AS {self.decimal(width)})"

    def plain(self, value: Decimal) -> str:
        """Return a number to be compared with a DECIMAL: as it is written, where the engine keeps that exact."""
        short = sum(width_of(value)) <= 18  # a whole number of 18 digits fits 64 bits in every engine
        return f"{value:f}" if short else self.number(value)

    def literal(self, value: FactValue) -> str:
        """Return a constant; a number as exactly as it is written."""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            return self.number(value)
        if isinstance(value, dt.date):
            return f"DATE '{value}'"
        return self.some(value) if isinstance(value, tuple) else self.string(value)

    def decimal(self, width: Width) -> str:
        """Return the type of a number of some width."""
        return f"DECIMAL({width.whole + width.scale}, {width.scale})"

    def fits(self, width: Width) -> bool:
        """Return whether no number of this width is rounded: it is kept, or the engine ends with an error."""
        return width.scale < MOST_DECIMALS

    def product(self, left: Width, right: Width) -> Width:
        """Return the width that the engine gives a product."""
        return Width(left.whole + right.whole, left.scale + right.scale)

    def sum(self, left: Width, right: Width) -> Width:
        """Return the width that the engine gives a sum or a difference."""
        both = either(left, right)
        return Width(both.whole + 1, both.scale)

    def column(self, fact: Fact) -> str:
        """Return the type of the column of a fact."""
        if fact.type == "number":
            return self.decimal(width_of_fact(fact))
        if fact.many:
            return self.many
        return {"boolean": self.boolean, "date": "DATE"}.get(fact.type, self.text)

    @property
    def many(self) -> str:
        """The type of a column that holds several texts."""
        return f"{self.text}[]"

    def some(self, values: Iterable[str]) -> str:
        """Return a constant list of texts."""
        return f"CAST([{', '.join(map(self.string, values))}] AS {self.many})"

    def has_any(self, value: str, among: Sequence[str]) -> str:
        """Return whether a column of several texts has one of ``among``, NULL where the column is."""
        return f"list_has_any({value}, {self._items(map(self.string, among))})"

    def only(self, value: str, allowed: Sequence[str]) -> str:
        """Return whether a column of several texts has no others than ``allowed``."""
        among = self._items(map(self.string, allowed))
        # list_has_all passes over a NULL among the members; the count does not.
        return f"(list_has_all({among}, {value}) AND len({value}) = list_count({value}))"

    def kept(self, parts: Sequence[str]) -> str:
        """Return the list of those ``parts`` that are not NULL, in their order. None has a comma in it."""
        joined = f"concat_ws(',', {', '.join(parts)})"
        return f"COALESCE(string_split(NULLIF({joined}, ''), ','), {self.some(())})"

    def alone(self, part: str) -> str:
        """Return the list of one text."""
        return self._items([part])

    @staticmethod
    def _items(items: Iterable[str]) -> str:
        return f"[{', '.join(items)}]"

    def rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """Return a query that yields constant rows of texts, a line each."""
        values = ",\n    ".join(f"({', '.join(row)})" for row in rows)
        return f"SELECT * FROM (VALUES\n    {values}\n  ) AS {name}({', '.join(columns)})"  # noqa: S608 - constants


class Postgres(Dialect):
    """PostgreSQL: its numbers are as wide as they must be, its subqueries are merged unless something forbids it."""

    name = "postgres"
    text = "TEXT"
    fence = "OFFSET 0"

    def quoted(self, name: str) -> str:
        return self.exactly(name.lower())

    def exactly(self, name: str) -> str:
        return super().quoted(name)

    def decimal(self, width: Width) -> str:
        return f"NUMERIC({width.whole + width.scale}, {width.scale})"

    def fits(self, width: Width) -> bool:
        return sum(width) <= 1000

    def some(self, values: Iterable[str]) -> str:
        return f"CAST({self._items(map(self.string, values))} AS {self.many})"

    def has_any(self, value: str, among: Sequence[str]) -> str:
        return f"({value} && {self.some(among)})"

    def only(self, value: str, allowed: Sequence[str]) -> str:
        return f"({value} <@ {self.some(allowed)})"

    def kept(self, parts: Sequence[str]) -> str:
        return f"array_remove({self._items(parts)}, NULL)"

    @staticmethod
    def _items(items: Iterable[str]) -> str:
        return f"ARRAY[{', '.join(items)}]"


class Spark(Dialect):
    """Spark SQL, Databricks too: a product has one digit more, and beyond 38 digits it would be rounded."""

    name = "spark"
    text = "STRING"
    integer = "INT"

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def string(self, value: str) -> str:
        return _escaped(value)

    def fits(self, width: Width) -> bool:
        return sum(width) <= MOST_DECIMALS

    def product(self, left: Width, right: Width) -> Width:
        return Width(left.whole + right.whole + 1, left.scale + right.scale)

    @property
    def many(self) -> str:
        return "ARRAY<STRING>"

    def some(self, values: Iterable[str]) -> str:
        return f"CAST({self._items(map(self.string, values))} AS {self.many})"

    def has_any(self, value: str, among: Sequence[str]) -> str:
        return f"arrays_overlap({value}, {self._items(map(self.string, among))})"

    def only(self, value: str, allowed: Sequence[str]) -> str:
        return f"(size(array_except({value}, {self._items(map(self.string, allowed))})) = 0)"

    def kept(self, parts: Sequence[str]) -> str:
        return f"array_compact({self._items(parts)})"

    @staticmethod
    def _items(items: Iterable[str]) -> str:
        return f"array({', '.join(items)})"


class BigQuery(Dialect):
    """GoogleSQL: 5.92 is a float there, so numbers are BIGNUMERIC.

    A NULL array becomes an empty one there, so a column of several texts is one text with commas, as the vocabulary
    reads it too.
    """

    name = "bigquery"
    text = "STRING"
    boolean = "BOOL"
    integer = "INT64"

    def quoted(self, name: str) -> str:
        return f"`{name}`"

    def string(self, value: str) -> str:
        return _escaped(value)

    def number(self, value: Decimal) -> str:
        return f"BIGNUMERIC '{value:f}'"

    def plain(self, value: Decimal) -> str:
        short = not width_of(value).scale and width_of(value).whole <= 18
        return f"{value:f}" if short else self.number(value)

    def decimal(self, width: Width) -> str:
        return f"BIGNUMERIC({width.whole + width.scale}, {width.scale})"

    @property
    def many(self) -> str:
        return self.text

    def some(self, values: Iterable[str]) -> str:
        return "CAST([] AS ARRAY<STRING>)" if not (listed := list(values)) else self._items(map(self.string, listed))

    def has_any(self, value: str, among: Sequence[str]) -> str:
        found = (f"STRPOS(CONCAT(',', {value}, ','), {self.string(f',{item},')}) > 0" for item in among)
        return f"({' OR '.join(found)})"

    def only(self, value: str, allowed: Sequence[str]) -> str:
        # Allowed members, of letters, digits, '.', '-' and '_', each once or more, with a comma between two.
        one = "|".join(item.replace(".", "[.]") for item in allowed)
        return f"REGEXP_CONTAINS({value}, {self.string(f'^({one})(,({one}))*$')})"

    def kept(self, parts: Sequence[str]) -> str:
        items = f"UNNEST({self._items(parts)}) AS part WITH OFFSET AS place"
        return f"ARRAY(SELECT part FROM {items} WHERE part IS NOT NULL ORDER BY place)"  # noqa: S608 - written here

    def rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        types = ", ".join(f"{column} {self.text}" for column in columns)
        listed = ",\n    ".join(f"({', '.join(row)})" for row in rows)
        return f"SELECT * FROM UNNEST(ARRAY<STRUCT<{types}>>[\n    {listed}\n  ]) AS {name}"  # noqa: S608 - constants


class Snowflake(Dialect):
    """Snowflake: a plain name is folded to capitals; a product keeps at most 12 decimals unless a factor has more."""

    name = "snowflake"

    def quoted(self, name: str) -> str:
        return self.exactly(name.upper())

    def exactly(self, name: str) -> str:
        return super().quoted(name)

    def string(self, value: str) -> str:
        return super().string(value.replace("\\", "\\\\"))

    def decimal(self, width: Width) -> str:
        return f"NUMBER({width.whole + width.scale}, {width.scale})"

    def product(self, left: Width, right: Width) -> Width:
        scale = left.scale + right.scale
        if scale > max(left.scale, right.scale, 12):
            raise too_wide(self, Width(left.whole + right.whole, scale))
        return Width(left.whole + right.whole, scale)

    @property
    def many(self) -> str:
        return "ARRAY"

    def some(self, values: Iterable[str]) -> str:
        return self._items(map(self.string, values))

    def has_any(self, value: str, among: Sequence[str]) -> str:
        return f"ARRAYS_OVERLAP({value}, {self.some(among)})"

    def only(self, value: str, allowed: Sequence[str]) -> str:
        return f"(ARRAY_SIZE(ARRAY_EXCEPT({value}, {self.some(allowed)})) = 0)"

    def kept(self, parts: Sequence[str]) -> str:
        return f"ARRAY_CONSTRUCT_COMPACT({', '.join(parts)})"

    @staticmethod
    def _items(items: Iterable[str]) -> str:
        return f"ARRAY_CONSTRUCT({', '.join(items)})"


DUCKDB = Dialect()
DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect for dialect in (DUCKDB, Postgres(), Spark(), BigQuery(), Snowflake())
}


def dialect(name: str) -> Dialect:
    """Return the dialect of that name. Raises :class:`BadValue`."""
    try:
        return DIALECTS[name]
    except KeyError:
        raise BadValue(f"no dialect is called '{name[:40]}'", fix=f"one of: {', '.join(DIALECTS)}") from None


def width_of(value: Decimal) -> Width:
    """Return the width of a constant, as it is written."""
    whole, _, part = f"{value:f}".lstrip("-").partition(".")
    return Width(len(whole), len(part))


def width_of_fact(fact: Fact) -> Width:
    """Return the width of a number fact: that of its greatest value and its scale."""
    return Width(len(f"{int(fact.most)}"), fact.scale)


def either(left: Width, right: Width) -> Width:
    """Return the width that holds both."""
    return Width(max(left.whole, right.whole), max(left.scale, right.scale))


def too_wide(engine: Dialect, width: Width) -> BadValue:
    """Return the error of a number that an engine would round or refuse."""
    return BadValue(
        f"{width.whole} digits and {width.scale} decimals are more than {engine.name} keeps exact",
        fix="ask for the dialect postgres, or decide with 'licet check --jsonl'",
    )


def _escaped(value: str) -> str:
    """Write a text where a backslash escapes, and a doubled quote does not."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
