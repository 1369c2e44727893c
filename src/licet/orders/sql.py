"""The law as a query for a warehouse: the clauses of one period as SQL over a table of order lines.

A query answers the lines whose date is in the period for which its law holds; for several periods there are as many
queries. What an engine could not compute exactly is an error here, never a query that rounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.clauses.sql import Columns
from licet.decisions.query import FIELDS, answer, answered
from licet.orders.sql_lines import Lines, columns_kept, facts_of, kept, wrapped
from licet.orders.sql_preamble import of_catalog, of_query, of_rejects, of_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.clauses.dialects import Dialect
    from licet.decisions.query import Layer
    from licet.statutes.law import Law, Query

TABLE = "order_lines"
KEY = ("id",)


def lines(  # noqa: PLR0913 - what a query is made of
    law: Law,
    asked: Query,
    dialect: Dialect,
    *,
    table: str = TABLE,
    columns: Sequence[str] | None = None,
    keep: Sequence[str] = KEY,
) -> Lines:
    """Return what a query is to read: ``columns`` of ``table`` (None: every fact that the law reads), ``keep`` beside.

    Raises :class:`licet.errors.BadInput` for a name that cannot be one.
    """
    found = Lines(law, asked, dialect, table, facts_of(law, columns), columns_kept(keep, FIELDS))
    assert found.source  # noqa: S101 - reads the name of the table, which is an error here and not later
    return found


def query(given: Lines, language: str = "en") -> str:
    """Return the query: the lines' verdicts (:data:`licet.decisions.query.FIELDS`) beside the columns kept.

    Raises :class:`licet.errors.BadValue` where the engine would round a number of this law.
    """
    dialect, law = given.dialect, given.law
    layers = answer(law, Columns(law.program, given.read, dialect, named_sets=True))
    ctes, source = given.ctes(), "lines"
    for layer in layers:
        ctes.append(_cte(given, layer, source))
        source = layer.name
    shown = [f"{kept(name)} AS {dialect.quoted(name)}" for name in given.keep]
    shown += [f"{answered(name)} AS {dialect.quoted(name)}" for name in FIELDS]
    # Written here from parsed expressions and checked names; texts stand in literals only.
    select = f"SELECT\n  {(',' + chr(10) + '  ').join(shown)}\nFROM {source}"
    return f"{of_query(given, language)}\nWITH {(',' + chr(10)).join(ctes)}\n{select};\n"


def rejects(given: Lines, language: str = "en") -> str:
    """Return the query of the lines that no query of this law reads, with the columns for which."""
    return f"{of_rejects(given, language)}\n{given.rejects()};\n"


def table(given: Lines, language: str = "en") -> str:
    """Return ``CREATE TABLE`` for the input: the columns kept as text, then the facts."""
    dialect = given.dialect
    columns = [f"{dialect.quoted(name)} {dialect.text} NOT NULL" for name in given.keep]
    columns += [
        f"{dialect.quoted(name)} {dialect.column(given.fact(name))}{' NOT NULL' if name == 'date' else ''}"
        for name in given.columns
        if name not in given.keep
    ]
    body = ",\n  ".join(columns)
    return f"{of_table(given, language)}\nCREATE TABLE {given.source} (\n  {body}\n);\n"


def catalog(given: Lines, language: str = "en") -> str:
    """Return a table of the catalog's chips and their figures, to be joined to lines that name a chip."""
    from licet.catalog import chips  # noqa: PLC0415 - read when it is asked for

    dialect, vocabulary = given.dialect, given.law.vocabulary
    figures = {item.id: item.facts() for item in chips.chips().values()}
    names = [name for name in vocabulary.facts if any(name in facts for facts in figures.values())]
    types = [f"{dialect.quoted(name)} {dialect.column(vocabulary[name])}" for name in names]
    rows = []
    for chip, facts in figures.items():
        values = [vocabulary.read(name, facts.get(name)) for name in names]
        shown = ["NULL" if value is None else dialect.literal(value) for value in values]
        rows.append(f"  ({', '.join([dialect.string(chip), *shown])})")
    chips_table, key = dialect.quoted("chips"), dialect.quoted("chip")
    create = f"CREATE TABLE {chips_table} (\n  " + ",\n  ".join([f"{key} {dialect.text} NOT NULL", *types]) + "\n);"
    insert = f"INSERT INTO {chips_table} VALUES\n" + ",\n".join(rows) + ";"
    return f"{of_catalog(given, language)}\n{create}\n{insert}\n"


def _cte(given: Lines, layer: Layer, source: str) -> str:
    columns = ",\n".join(_commented(given.law, column) for column in layer.columns)
    fence = f"\n  {given.dialect.fence}" if given.dialect.fence else ""
    return f"{layer.name} AS (\n  SELECT *,\n{columns}\n  FROM {source}{fence}\n)"


def _commented(law: Law, column: str) -> str:
    """Return a column with the clause that it is, where it is one."""
    name = column.rpartition(" AS ")[2]
    clause = law.clauses.get(name.removeprefix("c_")) if name.startswith("c_") else None
    note = f"    -- {clause.kind}: {' '.join(clause.form.cite.split())}\n" if clause else ""
    return note + wrapped(column)
