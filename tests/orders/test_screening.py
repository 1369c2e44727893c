"""Every line of a book has the answer that its transaction would have, asked alone."""

import datetime as dt
import random

import pytest

from licet.catalog import items
from licet.statutes.check import queries
from tools import books

DAYS = [dt.date(2022, 1, 1) + dt.timedelta(days=n) for n in range(0, 1800, 13)]
SYSTEMS = ["us-ear", "cn-mofcom", "nl", "jp", "us-icts", "us-tariff-232"]


def test_a_book_over_the_whole_chain(tmp_path, run, loaded):
    rows = list(books.trade(random.Random(5), 900, DAYS))
    answers, refused, summary = run(books.write_csv(tmp_path / "book.csv", rows))
    books.same(loaded, rows, answers, refused, carried=("note",))
    assert summary["lines"] == len(rows)
    assert 20 < len(refused) < 90
    assert len({answer["outcome"] for answer in answers}) >= 5
    assert {answer["note"] for answer in answers} == {"carried"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_random_facts_of_every_system(system, tmp_path, run, loaded, differential):
    dice = random.Random(system)
    rows = []
    for number, query in enumerate(queries(loaded, system)):
        if query.readings:
            continue
        drawn = differential.Dice(loaded.law(query), number).transactions(12)
        rows += [
            {name: books.text(value) for name, value in item.facts.items()} | {"basis": query.basis} for item in drawn
        ]
    dice.shuffle(rows)
    for row in rows:
        row["date"] = max(row["date"], "1900-01-01")
        row.setdefault("destination", "")
    names = list(dict.fromkeys(name for row in rows for name in row))
    rows = [{name: row.get(name, "") for name in names} for row in rows]
    answers, refused, _ = run(books.write_csv(tmp_path / "book.csv", rows), system=system)
    books.same(loaded, rows, answers, refused, system=system)
    assert not refused


@pytest.mark.parametrize("taken", [False, True])
def test_random_facts_beside_a_chip(tmp_path, run, loaded, taken, differential):
    """Figures beside a chip: what the catalog has is joined to what is stated, and refused where it differs."""
    query = next(q for q in queries(loaded, "us-ear") if q.on.year == 2025 and q.basis == "written")
    dice = random.Random(2)
    rows = []
    for item in differential.Dice(loaded.law(query), 4).transactions(150):
        row = {name: books.text(value) for name, value in item.facts.items()}
        chip = dice.choice(sorted(items.every()))
        for name, value in items.every()[chip].facts().items():
            if dice.random() < 0.8:
                row[name] = dice.choice(["", "", books.text(value)])
        rows.append(row | {"chip": chip, "basis": "written", "destination": row.get("destination", "")})
    names = list(dict.fromkeys(name for row in rows for name in row))
    rows = [{name: row.get(name, "") for name in names} for row in rows]
    answers, refused, _ = run(books.write_csv(tmp_path / "book.csv", rows), headquarters_taken=taken)
    books.same(loaded, rows, answers, refused, headquarters_taken=taken)
    assert answers
    assert refused
