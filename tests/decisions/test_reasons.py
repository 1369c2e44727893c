"""Why a way is closed, and by how much it was missed."""

import datetime as dt
from decimal import Decimal

import pytest

from licet import statutes
from licet.clauses.words import sql
from licet.decisions import Query, decide, read_transaction, take_headquarters
from licet.decisions.counterfactuals import asked
from licet.decisions.explained import explain, explained_line
from licet.decisions.facts import Facts
from licet.decisions.reasons import shortfalls
from licet.home import law_folder

STATUTES = statutes.load(law_folder())


def why(name, *, on="2025-06-02", basis="written", **facts):
    """The parts that close the exception or authorization of a clause."""
    query = Query(on=dt.date.fromisoformat(on), basis=basis)
    law = STATUTES.law(query)
    transaction = take_headquarters(read_transaction({"date": query.on, **facts}, STATUTES.vocabulary))
    verdict = decide(law, transaction, query)
    miss = next(miss for miss in verdict.near_misses if miss.clause == name)
    parts = shortfalls(law, Facts(law, transaction.facts), miss)
    for part in parts:
        assert part.lacks, sql(part.needed)
    return parts


def lacks(parts):
    return {sql(lack.needed): dict(lack.facts) for part in parts for lack in part.lacks}


H100 = {"chip": "h100-sxm", "destination": "CH"}


def test_a_volume_is_missed_by_so_much():
    (part,) = why("lpp", **H100, quantity=2000)
    (lack,) = part.lacks
    assert (lack.has, lack.bound, lack.by) == (31_664_000, 26_900_000, 4_764_000)
    assert dict(lack.facts) == {"lpp_used_tpp": 0, "total_tpp": 31_664_000}


def test_each_of_two_parts_is_told():
    assert lacks(why("lpp", **H100, quantity=2000, direct_to_ultimate_consignee=False)) == {
        "direct_to_ultimate_consignee": {"direct_to_ultimate_consignee": False},
        "lpp_used_tpp + total_tpp <= 26900000": {"lpp_used_tpp": Decimal(0), "total_tpp": Decimal(31_664_000)},
    }


def test_what_stands_in_a_clause_that_is_named_is_found_and_turned_round():
    found = why("lpp", **H100, quantity=20, headquarters="CN")
    assert sql(found[0].needed) == "NOT headed_in_d5_macau"
    assert {sql(lack.needed): dict(lack.facts) for lack in found[0].lacks} == {
        "headquarters NOT IN d5_macau": {"headquarters": "CN"}
    }
    # The bar rests on the same headquarters, and on the item.
    bar = next(part for part in found if part.barred)
    assert {"headquarters": "CN"} in [dict(lack.facts) for lack in bar.lacks]


def test_a_number_that_must_not_be_so_is_turned_round():
    # Tier 1 is closed by places; NAC, for a data center chip, by its performance among others.
    found = lacks(why("nac", **H100, quantity=20))
    assert found["NOT datacenter"] == {"datacenter": True}
    assert found["tpp < 4800"] == {"tpp": 15832}


def test_a_mask_is_a_part_of_its_own():
    parts = [sql(part.needed) for part in why("lpp", **{**H100, "destination": "VN"}, quantity=2000, basis="enforced")]
    assert parts[0] == "lpp_used_tpp + total_tpp <= 26900000"
    assert "NOT TRUE" in parts


@pytest.mark.parametrize("destination", ["CH", "CN", "VN", "RU"])
@pytest.mark.parametrize("basis", ["written", "enforced"])
def test_an_explanation_holds_every_near_miss_of_its_verdict(destination, basis):
    query = Query(on=dt.date(2026, 6, 1), basis=basis)
    facts = {"chip": "h100-sxm", "quantity": 2000, "destination": destination, "date": query.on}
    verdict = decide(STATUTES.law(query), take_headquarters(read_transaction(facts, STATUTES.vocabulary)), query)
    found = explain(STATUTES.law(asked(verdict)[1]), verdict)
    line = explained_line(found)
    assert [miss["clause"] for miss in line["near_misses"]] == [miss.clause for miss in verdict.near_misses]
    for miss, (failure, parts) in zip(line["near_misses"], found.near_misses, strict=True):
        assert len([part for part in parts if not part.barred]) == len(failure.failed) == len(miss["failed"])
        assert {lack["barred"] for lack in miss["lacks"]} == {part.barred for part in parts if part.lacks}
