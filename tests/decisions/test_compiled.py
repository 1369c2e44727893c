"""Decisions at speed equal the oracle's."""

import datetime as dt
import importlib.util
import sys
from pathlib import Path

import pytest

from licet import statutes
from licet.decisions import Query, compiled, decide, read_transaction, take_headquarters
from licet.decisions.compiled import Decider
from licet.home import law_folder

BENCH = Path(__file__).resolve().parents[2] / "bench"
LAW = statutes.load(law_folder())


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCH))
    try:
        spec = importlib.util.spec_from_file_location("differential_bench", BENCH / "differential.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCH))
    return module


@pytest.mark.parametrize("start", range(8))
def test_the_three_back_ends_agree_on_random_transactions(bench, start):
    # Of every chain some laws; bench/differential.py asks all of them, 200,000 times.
    every = list(bench.laws(LAW))
    for number in range(start * 4, len(every), len(every) // 2 - 1):
        asked, law = every[number]
        drawn = list(bench.Dice(law, number).transactions(120))
        assert bench.compare(law, asked, drawn, 0.5) == []


def test_the_bench_tells_a_difference_when_there_is_one(bench, monkeypatch):
    asked, law = next(iter(bench.laws(LAW)))
    drawn = list(bench.Dice(law, 1).transactions(5))
    monkeypatch.setattr(bench, "by_sql", lambda law, rows: [(("nothing",), ()) for _ in rows])
    monkeypatch.setattr(bench, "_apart", lambda law, ours, theirs: "apart")
    assert len(bench.compare(law, asked, drawn, 0)) == 5


QUERY = Query(on=dt.date(2025, 6, 2), basis="written")


def asked(**facts):
    given = {"chip": "h100-sxm", "quantity": 2000, "destination": "CH", "date": QUERY.on, **facts}
    return take_headquarters(read_transaction(given, LAW.vocabulary))


def test_a_decision_has_the_verdict_s_fields_and_trace():
    law = LAW.law(QUERY)
    decision, verdict = Decider(law, QUERY).decide(asked()), decide(law, asked(), QUERY)
    assert decision.pattern.outcome == verdict.outcome == "license_required"
    assert decision.allocation_tpp == verdict.allocation_tpp == 31_664_000
    assert decision.pattern.trace == tuple(verdict.trace.values())
    assert decision.pattern.exception is verdict.exception is None


def test_alike_transactions_share_a_pattern_and_keep_their_own_amounts():
    decider = Decider(LAW.law(QUERY), QUERY)
    few, fewer = decider.decide(asked(quantity=20)), decider.decide(asked(quantity=10))
    assert few.pattern is fewer.pattern
    assert (few.total_tpp, fewer.total_tpp) == (316_640, 158_320)
    assert decider.patterns == 1


def test_what_is_remembered_has_a_limit(monkeypatch):
    monkeypatch.setattr(compiled, "MOST_PATTERNS", 3)
    decider = Decider(LAW.law(QUERY), QUERY)
    answers = [decider.decide(asked(destination=code)).pattern for code in ("CH", "CN", "DE", "US", "NO", "AE")]
    assert decider.patterns <= 3
    again = [decider.decide(asked(destination=code)).pattern for code in ("CH", "CN", "DE", "US", "NO", "AE")]
    assert answers == again


def test_places_count_as_stated_outside_the_country_chart():
    query = Query(on=dt.date(2024, 12, 10), system="cn-mofcom")
    law = LAW.law(query)
    transaction = read_transaction({"destination": "HK", "origin": "CN", "date": query.on}, LAW.vocabulary)
    assert Decider(law, query).decide(transaction).pattern.outcome == decide(law, transaction, query).outcome
