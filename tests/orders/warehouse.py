"""Runs the written queries where they can be run: on DuckDB, on PostgreSQL, and read back into DuckDB by sqlglot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pyarrow as pa
import sqlglot
from sqlglot import exp

from licet.clauses.dialects import DIALECTS
from licet.decisions import read_transaction
from licet.decisions.compiled import Decider
from licet.decisions.query import FIELDS
from licet.orders import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.decisions import Query, Transaction
    from licet.statutes import Law

Row = tuple[Any, ...]


def asked_of(law: Law, asked: Query, engine: str, **options: Any) -> sql.Lines:
    return sql.lines(law, asked, DIALECTS[engine], **options)


def rows_of(given: sql.Lines, transactions: Iterable[Transaction]) -> list[Row]:
    """The lines of the table: a number, and each fact that it has; several texts as the engine keeps them."""

    def value(transaction: Transaction, name: str) -> Any:
        found = transaction.facts.get(name)
        if not isinstance(found, tuple):
            return found
        return (",".join(found) or "none") if given.dialect.name == "bigquery" else list(found)

    return [
        (f"{number}", *(value(transaction, name) for name in given.columns))
        for number, transaction in enumerate(transactions)
    ]


def expected(law: Law, asked: Query, transactions: Sequence[Transaction]) -> list[Row]:
    """What generated Python answers to the facts as they are read from a case, as the query's rows have it."""
    decider = Decider(law, asked)
    found = []
    for number, transaction in enumerate(transactions):
        decision = decider.decide(read_transaction(transaction.facts, law.vocabulary))
        amounts = {"total_tpp": decision.total_tpp, "allocation_tpp": decision.allocation_tpp}
        values = [amounts[name] if name in amounts else getattr(decision.pattern, name) for name in FIELDS]
        found.append((f"{number}", *values))
    return sorted(found)


def answers(rows: Iterable[Row]) -> list[Row]:
    return sorted((*row[:-1], tuple(row[-1])) for row in rows)


def on_duckdb(given: sql.Lines, rows: Sequence[Row], text: str, ddl: str = "") -> list[Row]:
    """Run a text of DuckDB's on a table of its own."""
    with duckdb.connect() as base:
        base.execute(ddl or sql.table(given))
        if rows:
            columns = {f"c{number}": _arrow(values) for number, values in enumerate(zip(*rows, strict=True))}
            base.register("stated", pa.table(columns))
            base.execute("INSERT INTO order_lines SELECT * FROM stated")
        return base.execute(text).fetchall()


def _arrow(values: Sequence[Any]) -> pa.Array:
    """A column as texts, or as lists of texts; DuckDB reads them as the types of its table."""
    if any(isinstance(value, list) for value in values):
        return pa.array(values, pa.list_(pa.string()))
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def on_postgres(url: str, given: sql.Lines, rows: Sequence[Row], *texts: str) -> list[list[Row]]:
    """Run texts of PostgreSQL's on a table of its own; what they return, in order."""
    with psycopg.connect(url) as base:
        base.execute("DROP TABLE IF EXISTS order_lines")
        base.execute(sql.table(given))
        if rows:
            marks = ", ".join(["%s"] * len(rows[0]))
            base.cursor().executemany(f"INSERT INTO order_lines VALUES ({marks})", rows)  # noqa: S608 - marks
        found = [base.execute(text.encode()).fetchall() for text in texts]
        base.rollback()
        return found


def read_back(text: str, engine: str) -> str:
    """Read a text as the engine's, and write it for DuckDB: an independent reader's view of what it means."""
    return sqlglot.parse_one(text, read=engine).transform(_for_duckdb).sql("duckdb", comments=False)


def _for_duckdb(node: exp.Expression) -> exp.Expression:
    """What sqlglot leaves as it is: types and a function that DuckDB has under other names, and brackets."""
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.to.this == exp.DType.BIGDECIMAL:
        return exp.Literal.number(node.this.this)
    if isinstance(node, exp.DataType) and node.this == exp.DType.BIGDECIMAL:
        return exp.DataType(this=exp.DType.DECIMAL, expressions=node.expressions)
    if isinstance(node, exp.DataType) and node.this == exp.DType.ARRAY and not node.expressions:
        return exp.DataType.build("VARCHAR[]", dialect="duckdb")
    if isinstance(node, exp.Anonymous) and node.name.lower() == "arrays_overlap":
        return exp.ArrayOverlaps(this=node.expressions[0], expression=node.expressions[1])
    if isinstance(node, exp.ArrayOverlaps) and not isinstance(node.parent, exp.Paren):
        return exp.Paren(this=node.copy())  # Snowflake's is written with an OR that needs the brackets
    return node
