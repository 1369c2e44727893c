"""Kinds of files in and out, several files as one book, and what is held of every run."""

import csv
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from licet.errors import BadInput
from licet.orders import Asked, Reject, screen, screen_files
from tools import books

DAYS = [dt.date(2025, 1, 20), dt.date(2025, 6, 2), dt.date(2026, 1, 20)]
ROW = {
    "id": "L1",
    "date": "2025-06-02",
    "basis": "written",
    "chip": "H100 SXM",
    "quantity": "2000",
    "destination": "Switzerland",
}


def large(tmp_path, count, seed=3):
    """A book as Parquet, with typed columns."""
    rows = list(books.trade(random.Random(seed), count, DAYS))
    table = {name: [row[name] or None for row in rows] for name in rows[0]}
    path = tmp_path / "book.parquet"
    pq.write_table(pa.table(table), path, row_group_size=500)
    return path


def test_outputs_of_every_kind_say_the_same(tmp_path, run):
    path = books.write_csv(tmp_path / "book.csv", [ROW, ROW | {"id": "L2", "destination": "CN"}])
    answers, _, _ = run(path, headquarters_taken=True)
    assert [answer["review_policy"] for answer in answers] == ["presumption_of_approval", "presumption_of_denial"]
    assert answers[0]["total_tpp"] == answers[0]["allocation_tpp"] == Decimal(31_664_000)
    as_csv, _, _ = run(path, output="out.csv", headquarters_taken=True)
    with as_csv.open(encoding="utf-8") as stream:
        flat = list(csv.DictReader(stream))
    assert [row["clauses"].split(";") for row in flat] == [answer["clauses"] for answer in answers]
    assert flat[0]["total_tpp"] == "31664000"
    as_json, _, _ = run(path, output="out.jsonl", headquarters_taken=True)
    lines = [json.loads(line) for line in as_json.read_text(encoding="utf-8").splitlines()]
    assert [line["clauses"] for line in lines] == [answer["clauses"] for answer in answers]
    assert list(lines[0])[: len(ROW)] == list(ROW)


def test_typed_columns_of_parquet_are_read_exactly(tmp_path, run, loaded):
    rows = [
        {"tpp": 4799.999, "quantity": 3, "date": dt.date(2025, 6, 2), "destination": "CH", "datacenter": True},
        {"tpp": 4800.0, "quantity": 2**40, "date": dt.date(2025, 6, 2), "destination": "CH", "datacenter": None},
        {"tpp": 0.1 + 0.2, "quantity": 1, "date": None, "destination": "CH", "datacenter": False},
        {"tpp": 15831.2, "quantity": None, "date": dt.date(2025, 6, 2), "destination": None, "datacenter": False},
        {"tpp": float("nan"), "quantity": 1, "date": dt.date(2025, 6, 2), "destination": "CH", "datacenter": False},
    ]
    path = tmp_path / "book.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    answers, refused, _ = run(path, day=dt.date(2025, 6, 3))
    assert [answer["line"] for answer in answers] == [1, 4]
    assert [answer["total_tpp"] for answer in answers] == [Decimal("14399.997"), None]
    reasons = {item["line"]: item["reason"] for item in refused}
    assert "quantity is" in reasons[2]
    assert "17 decimals" in reasons[3]
    assert "finite" in reasons[5]


def test_decimals_timestamps_and_dictionaries(tmp_path, run):
    table = pa.table(
        {
            "tpp": pa.array([Decimal("4800.00000"), Decimal("4800.00010")], pa.decimal128(20, 5)),
            "quantity": pa.array([7, 7], pa.uint64()),
            "date": pa.array([dt.date(2025, 6, 2)] * 2, pa.date32()).cast(pa.timestamp("us")),
            "destination": pa.array(["CH", "CH"]).dictionary_encode(),
            "listed_by": pa.array([["none"], ["none"]], pa.list_(pa.string())),
        }
    )
    path = tmp_path / "book.parquet"
    pq.write_table(table, path)
    answers, refused, _ = run(path, system="nl")
    assert [answer["total_tpp"] for answer in answers] == [None]
    assert "4 decimals" in refused[0]["reason"]


def test_a_spreadsheet(tmp_path, run):
    """Written by hand, for the reader is what is tested: a header, a number, a date as Excel counts days."""

    def cell(place, value):
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return (
            f'<c r="{place}"{value[1]}><v>{value[0]}</v></c>'
            if isinstance(value, tuple)
            else f'<c r="{place}"><v>{value}</v></c>'
        )

    rows = [
        ["date", "chip", "quantity", "destination"],
        [(45810, ' s="1"'), "h100-sxm", 2000, "CH"],
        ["2025-06-02", "h100-sxm", 0.5, "CH"],
    ]
    body = "".join(
        f'<row r="{r}">{"".join(cell(f"{chr(64 + c)}{r}", value) for c, value in enumerate(row, 1))}</row>'
        for r, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{doc}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{doc}"><sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{doc}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{doc}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    answers, refused, _ = run(path)
    assert [(answer["date"], answer["quantity"], answer["line"]) for answer in answers] == [("2025-06-02", "2000", 2)]
    assert [(item["line"], item["reason"]) for item in refused] == [(3, "quantity is '0.5', outside 1 to 1000000000")]


def test_several_files_are_one_book(tmp_path, run):
    for number in range(3):
        row = ROW | {"id": f"F{number}"} | ({"note": "x"} if number == 1 else {})
        books.write_csv(tmp_path / f"part{number}.csv", [row, row | {"quantity": "none"}])
    answers, refused, summary = run(tmp_path / "part*.csv")
    assert [answer["id"] for answer in answers] == ["F0", "F1", "F2"]
    assert [answer["file"].rpartition("/")[2] for answer in answers] == [f"part{n}.csv" for n in range(3)]
    assert [(item["file"].rpartition("/")[2], item["line"], item["id"]) for item in refused] == [
        (f"part{n}.csv", 3, f"F{n}") for n in range(3)
    ]
    assert [answer["note"] for answer in answers] == [None, "x", None]
    assert len(summary["files"]) == 3


def test_the_same_book_gives_the_same_bytes_also_with_little_memory(tmp_path, loaded):
    path = large(tmp_path, 6000)
    found = []
    for number, memory in enumerate(("", "", "150MB")):
        out, refused = tmp_path / f"o{number}.parquet", tmp_path / f"r{number}.csv"
        screen_files([str(path)], out, refused, loaded, Asked(), memory=memory)
        found.append((out.read_bytes(), refused.read_bytes()))
    assert found[0] == found[1] == found[2]


def test_a_run_that_is_killed_leaves_no_half_output(tmp_path):
    path = large(tmp_path, 30_000)
    out, refused = tmp_path / "out.parquet", tmp_path / "refused.csv"
    out.write_text("an older answer")
    command = [sys.executable, "-m", "licet", "orders", "screen", str(path), "-o", str(out), "--rejects", str(refused)]
    for wait in (2.0, 3.5, 5.0):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(wait)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
        if out.read_bytes() != b"an older answer":
            assert pq.read_table(out).num_rows + len(refused.read_text(encoding="utf-8").splitlines()) - 1 == 30_000
            break
        assert not refused.exists()


def test_a_table_in_a_table_out(loaded):
    table = pa.table({name: [value, value] for name, value in ROW.items()})
    found = screen(table, take_headquarters=True, statutes=loaded)
    assert found.column_names[: len(ROW)] == list(ROW)
    assert found["outcome"].to_pylist() == ["license_required"] * 2
    assert found["line"].to_pylist() == [1, 2]
    bad = pa.table({name: [value, "none" if name == "quantity" else value] for name, value in ROW.items()})
    with pytest.raises(BadInput, match="row 2: quantity is a number"):
        screen(bad, statutes=loaded)
    apart: list[Reject] = []
    assert len(screen(bad, rejects_to=apart, statutes=loaded)) == 1
    assert [(item.line, item.id) for item in apart] == [(2, "L1")]
    with pytest.raises(BadInput, match="hands out no Arrow data"):
        screen([ROW], statutes=loaded)


def test_a_relation_of_the_engine_is_a_table(loaded):
    relation = duckdb.sql("SELECT DATE '2025-06-02' AS date, 'h100-sxm' AS chip, 2000 AS quantity, 'CH' AS destination")
    found = screen(relation, basis="written", take_headquarters=True, statutes=loaded)
    assert found["review_policy"].to_pylist() == ["presumption_of_approval"]


def test_lines_that_pass_a_limit_only_together_are_warned_of(tmp_path, run):
    """900 H100 are 14,248,800 TPP: one such line to Poland goes under LPP, two in one year do not."""
    base = ROW | {"destination": "PL", "quantity": "900", "headquarters": "PL", "parent_headquarters": "PL"}
    rows = [base | {"id": f"L{n}", "ultimate_parent": parent} for n, parent in enumerate(["A", "A", "B"])]
    rows.append(base | {"id": "next year", "date": "2026-02-01", "ultimate_parent": "B"})
    rows += [base | {"id": f"N{n}", "quantity": "30000", "ultimate_parent": "C"} for n in range(2)]
    answers, _, summary = run(books.write_csv(tmp_path / "book.csv", rows))
    assert [answer["exception"] for answer in answers] == ["LPP"] * 4 + [None] * 2
    lpp, allocation = sorted(summary["warnings"], key=lambda item: item["account"] != "lpp")
    assert (lpp["holder"], lpp["period"], lpp["total_tpp"], lpp["limit_tpp"]) == ("A", "2025", 28_497_600, 26_900_000)
    assert lpp["ids"] == ["L0", "L1"]
    assert (allocation["holder"], allocation["limit_tpp"], allocation["lines"]) == ("PL", 790_000_000, 2)
    assert {row["account"]: row["drawn_tpp"] for row in summary["by_account"]}["A"] == 28_497_600


def test_the_summary_counts_every_answered_line_in_each_group(tmp_path, run):
    rows = list(books.trade(random.Random(8), 300, DAYS))
    answers, _, summary = run(books.write_csv(tmp_path / "book.csv", rows))
    for name in ("by_outcome", "by_place", "by_chip"):
        assert sum(row["lines"] for row in summary[name]) == len(answers)
    allocated = sum((answer["allocation_tpp"] or 0) for answer in answers)
    assert sum(Decimal(str(row["allocation_tpp"])) for row in summary["by_place"]) == allocated
    assert summary["not_examined"] == ["parties"]
    assert {"name": "note", "near": None} in summary["columns"]["not_read"]
