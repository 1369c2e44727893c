"""Shared Hypothesis strategies: a small vocabulary, facts, and random conditions over them."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from licet.clauses import expression as e
from licet.clauses import source
from licet.clauses.names import Names
from licet.clauses.vocabulary import Fact, Vocabulary

TEXT = """
facts:
  tpp: {type: number, scale: 3, unit: TPP, title: {en: TPP, zh: TPP}, question: {en: TPP, zh: TPP}}
  quantity: {type: number, least: 1, title: {en: quantity, zh: 数量}, question: {en: How many, zh: 多少}}
  area: {type: number, scale: 3, unit: mm2, title: {en: area, zh: 面积}, question: {en: area, zh: 面积}}
  density: {type: number, scale: 6, ratio: {of: tpp, over: area}, title: {en: d, zh: d}, question: {en: d, zh: d}}
  datacenter: {type: boolean, title: {en: dc, zh: dc}, question: {en: dc, zh: dc}}
  movement: {type: text, values: [export, reexport], title: {en: m, zh: m}, question: {en: m, zh: m}}
  lists: {type: text, many: true, values: [A, B, C], title: {en: l, zh: l}, question: {en: l, zh: l}}
  destination: {type: place, title: {en: to, zh: to}, question: {en: to, zh: to}}
  date: {type: date, title: {en: on, zh: on}, question: {en: on, zh: on}}
"""
PLACES = ("CH", "CN", "DE", "NO")
NAMES = Names(clauses=frozenset({"other"}), sets=frozenset({"d5"}), tables=frozenset({"quota"}))
SETS = {"d5": frozenset({"CN"})}


def vocabulary() -> Vocabulary:
    read = source.parse(TEXT, "vocabulary.yaml")
    facts = {name: source.shape(read, value, Fact, f"facts.{name}") for name, value in read.value["facts"].items()}
    return Vocabulary(facts, PLACES, read)


numbers = st.integers(0, 60_000_000).map(lambda n: Decimal(n) / 1000)
whole = st.integers(1, 10_000).map(Decimal)
facts = st.fixed_dictionaries(
    {},
    optional={
        "tpp": numbers,
        "quantity": whole,
        "area": st.integers(0, 2_000_000).map(lambda n: Decimal(n) / 1000),
        "density": st.integers(0, 50_000_000).map(lambda n: Decimal(n) / 1_000_000),
        "datacenter": st.booleans(),
        "movement": st.sampled_from(["export", "reexport"]),
        "lists": st.sets(st.sampled_from(["A", "B", "C"])).map(lambda found: tuple(sorted(found))),
        "destination": st.sampled_from(PLACES),
        "date": st.dates(dt.date(2022, 1, 1), dt.date(2028, 1, 1)),
    },
)
_sign = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_number_terms = st.one_of(
    numbers.map(lambda n: e.Constant(n, "number")),
    st.just(e.FactTerm("tpp", "number")),
    st.just(e.Arithmetic("*", e.FactTerm("tpp", "number"), e.FactTerm("quantity", "number"))),
)
_leaves = st.one_of(
    st.builds(e.Compare, _sign, st.just(e.FactTerm("tpp", "number")), _number_terms),
    st.builds(
        e.CompareRatio,
        _sign,
        st.just(e.FactTerm("density", "number")),
        st.just(e.FactTerm("tpp", "number")),
        st.just(e.FactTerm("area", "number")),
        numbers.map(lambda n: e.Constant(n, "number")),
    ),
    st.just(e.Truth("datacenter")),
    st.just(e.Member(e.FactTerm("destination", "place"), set="d5")),
    st.just(e.Member(e.FactTerm("destination", "place"), ("CH", "NO"))),
    st.sampled_from([("A",), ("A", "C")]).map(lambda values: e.Member(e.FactTerm("lists", "text"), values)),
    st.just(e.Compare("=", e.FactTerm("movement", "text"), e.Constant("export", "text"))),
    st.builds(
        e.Compare,
        _sign,
        st.just(e.FactTerm("date", "date")),
        st.dates(dt.date(2022, 1, 1), dt.date(2028, 1, 1)).map(lambda d: e.Constant(d, "date")),
    ),
    st.sampled_from(["tpp", "datacenter", "destination"]).map(lambda name: e.Not(e.Known(name))),
)


def _negated(part):
    # Written as the parser reads it: no NOT of a NOT, no AND within an AND.
    return part.part if isinstance(part, e.Not) else e.Not(part)


def _joined(kind):
    return lambda parts: kind(tuple(inner for p in parts for inner in (p.parts if isinstance(p, kind) else (p,))))


conditions = st.recursive(
    _leaves,
    lambda parts: st.one_of(
        parts.map(_negated),
        st.lists(parts, min_size=2, max_size=3).map(_joined(e.And)),
        st.lists(parts, min_size=2, max_size=3).map(_joined(e.Or)),
    ),
    max_leaves=8,
)
