"""Generated Python and SQL against the oracle, on random conditions and facts."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.laws import QUANTITY, TPP, WORDS, Taken, by_oracle, laws, program
from licet.clauses import expression as e
from licet.clauses import keys, python
from licet.clauses.pattern import pattern
from licet.clauses.program import Program
from licet.clauses.sql import Columns, column_type, literal, nested
from licet.errors import LawError
from tools.strategies import SETS, facts, vocabulary


def by_sql(law, rows):
    names = law.facts()
    columns = Columns(law, names)
    stated = [
        ", ".join(f"CAST({literal(v[n]) if n in v else 'NULL'} AS {column_type(WORDS[n])})" for n in names)
        for v in rows
    ]
    values = ", ".join(f"({number}{', ' + row if row else ''})" for number, row in enumerate(stated))
    table = f"(VALUES {values}) AS t({', '.join(['number', *names])})"
    layers = columns.layers()
    shown = ", ".join(columns.clause(name) for name in law.conditions)
    last = f"l{len(layers) - 1}"
    text = f"WITH {nested(layers, table)} SELECT {shown} FROM {last} ORDER BY number"  # noqa: S608 - made above
    return duckdb.sql(text).fetchall()


@given(laws, st.lists(facts, min_size=1, max_size=4))
def test_generated_python_gives_the_truths_of_the_oracle(law, rows):
    truths = python.truths(law)
    for values in rows:
        assert truths(values.get) == by_oracle(law, values)


@given(laws, st.lists(facts, min_size=2, max_size=6))
def test_one_pattern_has_one_truth(law, rows):
    of = pattern(law)
    seen = {}
    for values in rows:
        key, _ = of(values.get)
        assert seen.setdefault(key, by_oracle(law, values)) == by_oracle(law, values)


@settings(max_examples=25)
@given(laws, st.lists(facts, min_size=1, max_size=4))
def test_sql_gives_the_truths_of_the_oracle(law, rows):
    assert by_sql(law, rows) == [by_oracle(law, values) for values in rows]


def test_parts_are_packed_into_as_few_numbers_as_hold_them():
    digits = [keys.Digit(f"d{n}", 4) for n in range(40)]
    assert [len(group) for group in keys.grouped(digits)] == [31, 9]
    first, second = keys.packed(digits)
    values = {f"d{n}": n % 4 for n in range(40)}
    row = ", ".join(f"{value} AS {name}" for name, value in values.items())
    text = f"SELECT {first}, {second} FROM (SELECT {row})"  # noqa: S608 - made above
    [found] = duckdb.sql(text).fetchall()
    assert found == tuple(
        sum(values[f"d{n}"] * 4**place for place, n in enumerate(r)) for r in (range(31), range(31, 40))
    )


def test_a_pattern_tells_a_threshold_from_what_lies_beside_it():
    law = program({"big": e.Compare(">=", TPP, e.Constant(Decimal(4800), "number"))})
    of = pattern(law)
    found = [of({"tpp": Decimal(text)}.get)[0] for text in ("4799.999", "4800", "4800.001", "9999")]
    assert len(set(found)) == 3
    assert found[2] == found[3]


def test_the_amount_that_is_asked_for_comes_with_the_pattern():
    law = Program(WORDS, {}, SETS, {}, {"area": e.Arithmetic("*", TPP, QUANTITY)}, {}, amounts=("area",))
    assert pattern(law, "area")({"tpp": Decimal(2), "quantity": Decimal(3)}.get)[1] == 6
    assert pattern(law, "area")({"tpp": Decimal(2)}.get)[1] is None


def test_what_assumes_itself_is_an_error_with_the_circle():
    circle = {"datacenter": Taken(True, e.Truth("datacenter"))}
    law = program({"dc": e.Truth("datacenter")}, assumed=circle)
    with pytest.raises(LawError, match="datacenter -> datacenter"):
        law.steps()


def test_a_fact_is_computed_before_the_clause_that_reads_it():
    law = program({"dc": e.Truth("datacenter")}, assumed={"datacenter": Taken(True, e.Refer("m"))}, tables={})
    law = Program(WORDS, {**law.conditions, "m": e.Not(e.Known("movement"))}, SETS, {}, {}, law.assumed)
    order = [step.name for step in law.steps()]
    assert order.index("movement") < order.index("m") < order.index("datacenter") < order.index("dc")
    assert [name for layer in law.levels() for _, name in layer] == sorted(order, key=order.index)


def test_a_number_too_wide_for_a_column_is_an_error():
    wide = vocabulary()
    with pytest.raises(LawError, match="digits are more than a column keeps"):
        column_type(wide["density"].__class__(type="number", title={}, question={}, scale=9, most=Decimal(10) ** 30))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(4800), "CAST(4800 AS DECIMAL(4, 0))"),
        (Decimal("5.92"), "CAST(5.92 AS DECIMAL(3, 2))"),
        ("O'Hare", "'O''Hare'"),
        (True, "TRUE"),
        (("A",), "CAST(['A'] AS VARCHAR[])"),
    ],
)
def test_constants_are_exact_and_quoted(value, text):
    assert literal(value) == text
