"""The law as a query: the same answers as generated Python, wherever the text runs."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import duckdb
import msgspec
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from licet import statutes
from licet.clauses.dialects import DIALECTS
from licet.decisions import Query, decide, read_transaction
from licet.decisions.query import FIELDS
from licet.errors import BadValue, LawError, UnknownName
from licet.home import law_folder
from licet.orders import sql
from licet.orders.sql_lines import wrapped
from orders import warehouse

LAW = statutes.load(law_folder())
JUNE = Query(on=dt.date(2025, 6, 2), basis="written")
ELSEWHERE = ("spark", "bigquery", "snowflake")


def of(asked, engine="duckdb", **options):
    return warehouse.asked_of(LAW.law(asked), asked, engine, **options)


def sample(differential, number, of_laws):
    """Every so-manieth law of all systems, and hostile transactions under it."""
    every = list(differential.laws(LAW))
    asked, law = every[(len(every) - 1) * number // (of_laws - 1)]
    return asked, law, list(differential.Dice(law, number).transactions(120))


@pytest.mark.parametrize("number", range(7))
def test_the_query_answers_as_python_does_on_duckdb_and_on_postgres(differential, postgres, number):
    asked, law, drawn = sample(differential, number, 7)
    wanted = warehouse.expected(law, asked, drawn)
    ours = warehouse.asked_of(law, asked, "duckdb")
    assert warehouse.answers(warehouse.on_duckdb(ours, warehouse.rows_of(ours, drawn), sql.query(ours))) == wanted
    theirs = warehouse.asked_of(law, asked, "postgres")
    rows = warehouse.rows_of(theirs, drawn)
    found, rejected = warehouse.on_postgres(postgres.url(), theirs, rows, sql.query(theirs), sql.rejects(theirs))
    assert warehouse.answers(found) == wanted
    assert rejected == []


@pytest.mark.parametrize("engine", ELSEWHERE)
@pytest.mark.parametrize("number", [2, 3])
def test_what_the_other_engines_are_given_means_the_same(differential, engine, number):
    asked, law, drawn = sample(differential, number, 5)
    lines = warehouse.asked_of(law, asked, engine)
    rows, table = warehouse.rows_of(lines, drawn), warehouse.read_back(sql.table(lines), engine)
    found = warehouse.on_duckdb(lines, rows, warehouse.read_back(sql.query(lines), engine), table)
    assert warehouse.answers(found) == warehouse.expected(law, asked, drawn)


LISTS = Query(on=dt.date(2024, 6, 2), system="jp")


@pytest.mark.parametrize("engine", ELSEWHERE)
def test_columns_of_several_texts_mean_the_same_in_the_other_engines(differential, engine):
    law = LAW.law(LISTS)
    drawn = list(differential.Dice(law, 3).transactions(150))
    lines = warehouse.asked_of(law, LISTS, engine)
    rows, table = warehouse.rows_of(lines, drawn), warehouse.read_back(sql.table(lines), engine)
    found = warehouse.on_duckdb(lines, rows, warehouse.read_back(sql.query(lines), engine), table)
    assert warehouse.answers(found) == warehouse.expected(law, LISTS, drawn)


# What each engine's manual has, of that meaning: nothing else may stand in a text.
SHARED = {"cast", "coalesce", "concat", "in", "lower", "substring", "trim", "upper", "and", "or", "not", "as", "when"}
ALLOWED = {
    "duckdb": {"concat_ws", "string_split", "nullif", "list_has_any", "list_has_all", "len", "list_count", "decimal"},
    "postgres": {"array_remove", "numeric"},
    "spark": {"array", "array_compact", "array_except", "arrays_overlap", "size", "decimal"},
    "bigquery": {"array", "unnest", "bignumeric", "regexp_contains", "strpos"},
    "snowflake": {
        *("array_construct", "array_construct_compact", "array_except", "array_size", "arrays_overlap", "number"),
    },
}
TYPES = {
    "duckdb": {"VARCHAR", "BOOLEAN", "INTEGER", "DECIMAL"},
    "postgres": {"TEXT", "BOOLEAN", "INTEGER", "NUMERIC"},
    "spark": {"STRING", "BOOLEAN", "INT", "DECIMAL"},
    "bigquery": {"STRING", "BOOL", "INT64", "BIGNUMERIC"},
    "snowflake": {"VARCHAR", "BOOLEAN", "INTEGER", "NUMBER"},
}


@pytest.mark.parametrize("engine", DIALECTS)
@pytest.mark.parametrize("asked", [JUNE, LISTS, Query(on=dt.date(2026, 6, 2), system="us-tariff-232")])
def test_only_functions_and_types_of_the_engine_are_used(engine, asked):
    text = sql.query(of(asked, engine, columns=["date", "tpp", "listed_by", "eccn", "destination"]))
    bare = re.sub(r"'(?:[^'\\]|''|\\.)*'", "''", re.sub(r"--.*", "", text))
    called = {name.lower() for name in re.findall(r"([A-Za-z_0-9]+)\(", bare)}
    assert called - SHARED - ALLOWED[engine] - {"values", "places", "from"} == set()
    assert set(re.findall(r"\bAS ([A-Z0-9]+)\b", bare)) - {"SELECT", "ARRAY"} <= TYPES[engine]
    assert isinstance(sqlglot.parse_one(text, read=engine), exp.Select)


@pytest.fixture(scope="module")
def june():
    """Answers to a test's own lines: ``run(lines, write=sql.query, asked=JUNE, **options)`` returns rows as dicts."""

    def run(lines, write=sql.query, asked=JUNE, types=None, **options):
        columns = options.pop("columns", None) or list(dict.fromkeys(name for line in lines for name in line))
        facts = [name for name in columns if name in LAW.vocabulary]
        given_lines = of(asked, columns=facts, **options)
        with duckdb.connect() as base:
            base.execute(sql.table(given_lines))
            for name, kind in (types or {}).items():
                base.execute(f"ALTER TABLE order_lines ALTER {name} TYPE {kind}")
            base.execute("ALTER TABLE order_lines ALTER date DROP NOT NULL") if "date" in facts else None
            for number, line in enumerate(lines):
                row = {"id": f"{number}", **line}
                marks = ", ".join("?" * len(row))
                insert = f"INSERT INTO order_lines ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - names of facts
                base.execute(insert, list(row.values()))
            found = base.execute(write(given_lines))
            names = [item[0] for item in found.description]
            return sorted((dict(zip(names, row, strict=True)) for row in found.fetchall()), key=lambda row: row["id"])

    return run


H100 = {
    "date": dt.date(2025, 6, 2),
    "destination": "CH",
    "headquarters": "CH",
    "parent_headquarters": "CH",
    "quantity": 2000,
    "tpp": 15832,
    "datacenter": True,
    "applicable_die_area_mm2": 814,
}


def test_the_question_of_the_readme(june):
    (row,) = june([H100])
    assert list(row) == ["id", *FIELDS]
    assert (row["outcome"], row["tier"], row["review_policy"]) == ("license_required", 2, "presumption_of_approval")
    assert row["allocation_tpp"] == row["total_tpp"] == Decimal(31_664_000)
    verdict = decide(LAW.law(JUNE), read_transaction(H100, LAW.vocabulary), JUNE)
    assert row["clauses"] == [citation.clause for citation in verdict.citations]


def test_a_territory_counts_under_its_row_of_the_chart_and_one_without_a_row_is_unknown(june):
    danish = {"headquarters": "DK", "parent_headquarters": "GL"}
    rows = june([H100 | danish | {"destination": code} for code in ("GL", "DK", "HK", "CN", "AQ")])
    assert [row["tier"] for row in rows] == [1, 1, 3, 3, None]


def test_other_systems_read_a_territory_as_itself(june):
    asked = Query(on=dt.date(2024, 12, 20), system="cn-mofcom")
    line = {"date": asked.on, "origin": "HK", "destination": "US", "listed_by": ["CN-DUAL-USE"]}
    (row,) = june([line], asked=asked)
    wanted = decide(LAW.law(asked), read_transaction(line, LAW.vocabulary), asked)
    assert row["outcome"] == wanted.outcome == "not_subject"


def test_a_chip_without_a_non_planar_die_has_no_applicable_area(june):
    line = {**H100, "tpp": 3000, "non_planar": False, "performance_density": 9}
    line.pop("applicable_die_area_mm2")
    (row,) = june([line])
    wanted = decide(LAW.law(JUNE), read_transaction(line, LAW.vocabulary), JUNE)
    assert (row["outcome"], row["classification"]) == (wanted.outcome, wanted.classification)
    assert row["classification"] is None


def test_lines_of_other_days_wait_for_the_query_of_theirs(june):
    days = [dt.date(2025, 5, 14), dt.date(2025, 5, 15), dt.date(2025, 9, 28), dt.date(2025, 9, 29)]
    lines = [H100 | {"date": day} for day in days]
    assert [row["id"] for row in june(lines)] == ["1", "2"]
    others = [june(lines, asked=Query(on=day, basis="written")) for day in (days[0], days[3])]
    assert [row["id"] for rows in others for row in rows] == ["0", "3"]


def test_without_a_date_every_line_ships_on_the_day_that_is_asked_for(june):
    line = {name: value for name, value in H100.items() if name != "date"}
    (row,), (dated,) = june([line]), june([H100])
    assert row == dated


def test_facts_that_the_table_does_not_have_are_unknown(june):
    (row,) = june([{name: H100[name] for name in ("date", "destination", "quantity")}])
    assert row["outcome"] == "undecided"
    assert "requirement_3a090_a_worldwide" in row["clauses"]


BROKEN = {
    "destination": ["UK", "ch", ""],
    "headquarters": ["Switzerland"],
    "movement": ["Export", ""],
    "quantity": [0, -1],
    "tpp": [-0.001, 1_000_000_000_001],
    "eccn": ["3a090.a", "3A090.A", "3A090 .a", "", "ear99"],
    "exporter": ["nvidia", "NVIDIA ", ""],
    "date": [None, dt.date(1899, 12, 31)],
}
CASES = [(name, value) for name, values in BROKEN.items() for value in values]


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_line_that_cannot_be_read_is_left_out_and_told_with_its_column(postgres, engine):
    lines = of(JUNE, engine, columns=[*H100, "movement", "eccn", "exporter"])
    sound = [{**H100, "eccn": eccn, "exporter": "Acme"} for eccn in (None, "3A090.a", "EAR99", "5A992.z.1", "other")]
    broken = [{**H100, name: value} for name, value in CASES]
    rows = [
        (f"{number:02}", *(line.get(name) for name in lines.columns)) for number, line in enumerate([*sound, *broken])
    ]
    if engine == "duckdb":
        table = sql.table(lines).replace('"date" DATE NOT NULL', '"date" DATE')
        found = [warehouse.on_duckdb(lines, rows, write(lines), table) for write in (sql.query, sql.rejects)]
    else:
        found = nullable(postgres.url(), lines, rows, sql.query(lines), sql.rejects(lines))
    answered, rejected = found
    assert sorted(row[0] for row in answered) == [f"{number:02}" for number in range(len(sound))]
    assert sorted((key, list(columns)) for key, columns in rejected) == [
        (f"{number + len(sound):02}", [name]) for number, (name, _) in enumerate(CASES)
    ]


def nullable(url, lines, rows, *texts):
    import psycopg  # noqa: PLC0415 - here alone

    with psycopg.connect(url) as base:
        base.execute(sql.table(lines))
        base.execute("ALTER TABLE order_lines ALTER date DROP NOT NULL")
        marks = ", ".join(["%s"] * len(rows[0]))
        base.cursor().executemany(f"INSERT INTO order_lines VALUES ({marks})", rows)  # noqa: S608 - marks
        found = [base.execute(text.encode()).fetchall() for text in texts]
        base.rollback()
    return found


def test_a_float_counts_as_the_number_that_its_writer_typed_and_more_decimals_are_refused(june):
    lines = [H100 | {"tpp": tpp} for tpp in (15831.2, 4799.999, 4800.0, 4799.9996)]
    kind = {"tpp": "DOUBLE"}
    assert [row["total_tpp"] for row in june(lines, types=kind)] == [
        Decimal(31_662_400),
        Decimal("9599998.000"),
        Decimal(9_600_000),
    ]
    assert june(lines, sql.rejects, types=kind) == [{"id": "3", "unreadable": ["tpp"]}]


def test_a_list_with_an_unknown_or_a_null_member_is_refused(june):
    lists = [["NL-2023-09-01"], [], None, ["NL-2023-09-01", "NL"], [None], ["none", None]]
    lines = [{"date": LISTS.on, "destination": "CN", "listed_by": listed} for listed in lists]
    assert [row["id"] for row in june(lines, asked=LISTS)] == ["0", "1", "2"]
    assert [row["id"] for row in june(lines, sql.rejects, asked=LISTS)] == ["3", "4", "5"]


def test_columns_are_carried_over_with_their_own_names(june):
    (row,) = june([H100], keep=["id", "destination"])
    assert list(row)[:2] == ["id", "destination"]
    assert row["destination"] == "CH"


@pytest.mark.parametrize("keep", [["tier"], ["a", "A"], ["x; DROP TABLE y"], ["a b"], ["a\n"], ['"'], [""], ["ü"]])
def test_a_kept_column_is_a_plain_name_and_not_one_of_the_answer(keep):
    with pytest.raises(BadValue):
        of(JUNE, keep=keep)


@pytest.mark.parametrize("table", ["x; DROP TABLE y", "a b", "a.b.c.d", "", '"a', "a..b", "a\n-- b", "t --", "x)"])
def test_a_table_is_a_name(table):
    with pytest.raises(UnknownName, match="is no name of a table"):
        of(JUNE, table=table)


@pytest.mark.parametrize(
    ("engine", "table", "wanted"),
    [
        ("postgres", "Sales.Lines", '"sales"."lines"'),
        ("postgres", '"My Sales".Lines', '"My Sales"."lines"'),
        ("snowflake", "db.sales.lines", '"DB"."SALES"."LINES"'),
        ("snowflake", 'sales."lines"', '"SALES"."lines"'),
        ("bigquery", "my-project.sales.lines", "`my-project`.`sales`.`lines`"),
        ("spark", "sales.lines", "`sales`.`lines`"),
        ("duckdb", '"a.b""c"', '"a.b""c"'),
    ],
)
def test_a_table_is_named_as_the_engine_folds_it(engine, table, wanted):
    assert f"FROM {wanted} AS t" in sql.query(of(JUNE, engine, table=table))


def test_a_column_that_is_no_fact_is_an_error_with_the_one_that_was_meant():
    with pytest.raises(UnknownName) as error:
        of(JUNE, columns=["destinaton"])
    assert "destination" in error.value.near
    with pytest.raises(BadValue, match="given twice"):
        of(JUNE, columns=["tpp", "tpp"])


def test_the_preamble_says_which_law_it_is_and_what_is_taken():
    lines = of(JUNE, "postgres", columns=["date", "destination", "tpp", "circuits", "model_year"])
    text = sql.query(lines)
    head = text[: text.index("\nWITH ")]
    assert all(line.startswith("--") for line in head.splitlines())
    law = LAW.law(JUNE)
    for told in (
        "no legal advice",
        "us-ear, basis written, as of 2025-06-02",
        "It holds from 2025-05-15 through 2025-09-28",
        f"sha256:{law.digest}",
        f"checked through {law.checked_through}",
        "tpp NUMERIC(16, 3): total processing performance (TPP) of one circuit (TPP); counts as unknown",
        "circuits NUMERIC(7, 0): integrated circuits in one unit (circuits); taken to be 1 where kind IN (",
        "total_tpp: follows, unit_tpp * quantity",
        "movement: taken to be export",
    ):
        assert told in head
    assert "model_year" not in head


def test_the_preamble_in_chinese():
    head = sql.query(of(JUNE), "zh").split("\nWITH ")[0]
    assert "不构成法律意见" in head
    assert "未知" in head


def test_a_law_before_the_first_act_decides_nothing(june):
    asked = Query(on=dt.date(2020, 1, 1))
    (row,) = june([H100 | {"date": asked.on}], asked=asked)
    assert row["outcome"] == "undecided"
    assert "No act of this system is in force then" in sql.query(of(asked))


@pytest.mark.parametrize("engine", DIALECTS)
def test_clauses_are_named_where_they_stand(engine):
    text = sql.query(of(JUNE, engine))
    clause = LAW.law(JUNE).clauses["requirement_3a090_a_worldwide"]
    assert f"-- requirement: {clause.form.cite}\n" in text
    assert len(text) < 100_000
    assert max(map(len, text.split("\nWITH ")[1].splitlines())) < 250


QUOTED = st.text(st.sampled_from("ab '"), max_size=9).map(lambda text: "'" + text.replace("'", "''") + "'")


@given(st.lists(st.one_of(QUOTED, st.sampled_from(["AND", "OR", "tpp", "(x", "IN", ","])), min_size=1, max_size=60))
def test_a_long_line_breaks_between_words_and_not_within_a_text(words):
    parts = re.findall(r"\s+|(?:'(?:[^']|'')*'|[^\s'])+", wrapped(" ".join(words)).strip())
    assert " ".join(part for part in parts if part.strip()) == " ".join(words)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_the_catalog_is_a_table_to_join_with(postgres_base, engine):
    text = sql.catalog(of(JUNE, engine))
    joined = "SELECT tpp, datacenter, kind FROM chips WHERE chip = 'h100-sxm'"
    if engine == "postgres":
        assert postgres_base.execute(text.encode()) is not None
        assert postgres_base.execute(joined.encode()).fetchall() == [(Decimal(15832), True, "chip")]
    else:
        with duckdb.connect() as base:
            base.execute(text)
            assert base.execute(joined).fetchall() == [(Decimal(15832), True, "chip")]


@pytest.mark.parametrize("engine", ELSEWHERE)
def test_tables_and_rejects_are_sql_of_the_engine(engine):
    for write in (sql.table, sql.rejects, sql.catalog):
        assert all(sqlglot.parse(write(of(JUNE, engine)), read=engine))


def test_an_id_that_would_be_parted_is_an_error():
    law = LAW.law(JUNE)
    clause = next(iter(law.clauses.values()))
    odd = replace(clause, form=msgspec.structs.replace(clause.form, id="a,b"))
    lines = warehouse.asked_of(replace(law, clauses={**law.clauses, "a,b": odd}), JUNE, "duckdb")
    with pytest.raises(LawError, match="the id 'a,b' has a comma"):
        sql.query(lines)
