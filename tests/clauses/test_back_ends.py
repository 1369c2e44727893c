"""Generated Python and SQL against the oracle, on random conditions and facts."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.laws import QUANTITY, TPP, WORDS, Taken, by_oracle, laws, program
from licet.clauses import expression as e
from licet.clauses import python
from licet.clauses.keys import keys
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


def by_keys(law, rows):
    names = law.facts()
    found = keys(law, names)
    stated = [
        ", ".join(f"CAST({literal(v[n]) if n in v else 'NULL'} AS {column_type(WORDS[n])})" for n in names)
        for v in rows
    ]
    values = ", ".join(f"({number}{', ' + row if row else ''})" for number, row in enumerate(stated))
    table = f"(VALUES {values}) AS t({', '.join(['number', *names])})"
    layers = [*map(list, found.layers), [f"{key} AS key_{number}" for number, key in enumerate(found.keys)]]
    columns = ", ".join(f"key_{number}" for number in range(len(found.keys)))
    text = f"WITH {nested(layers, table)} SELECT {columns} FROM l{len(layers) - 1} ORDER BY number"  # noqa: S608
    return duckdb.sql(text).fetchall()


@settings(max_examples=40)
@given(laws, st.lists(facts, min_size=2, max_size=12))
def test_keys_are_equal_where_patterns_are_and_never_where_truths_differ(law, rows):
    of = pattern(law)
    patterns = [of(values.get)[0] for values in rows]
    found = by_keys(law, rows)
    for first, key in zip(rows, found, strict=True):
        for second, other in zip(rows, found, strict=True):
            if key == other:
                assert by_oracle(law, first) == by_oracle(law, second)
            else:
                assert patterns[found.index(key)] != patterns[found.index(other)]


def test_keys_are_packed_into_as_few_numbers_as_hold_them():
    leaves = {f"c{n}": e.Compare(">", TPP, e.Constant(Decimal(n), "number")) for n in range(40)}
    assert len(keys(program(leaves), ["tpp"]).keys) == 1
    many = {
        f"d{n}": e.Compare("<", e.Arithmetic("*", TPP, e.Constant(Decimal(n), "number")), QUANTITY) for n in range(60)
    }
    assert len(keys(program(many), ["tpp", "quantity"]).keys) == 2


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
