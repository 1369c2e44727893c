import msgspec
import pytest
from hypothesis import given

from licet import statutes
from licet.clauses import expression as e
from licet.clauses.packed import pack, unpack
from licet.home import law_folder
from tools.strategies import conditions

ALL_KINDS = set(e.Condition.__args__) | set(e.Term.__args__)


@given(conditions)
def test_what_is_packed_comes_back_equal_also_through_bytes(condition):
    packed = pack(condition)
    assert unpack(packed) == condition
    assert unpack(msgspec.msgpack.decode(msgspec.msgpack.encode(packed))) == condition


def test_every_condition_of_the_law_comes_back_equal_and_every_kind_of_node_is_among_them():
    loaded = statutes.load(law_folder(), anew=True)
    kinds = set()
    for system in loaded.library.systems:
        for day in loaded.days_of_change(system):
            law = loaded.law(statutes.Query(on=day, system=system))
            for node in (*law.conditions.values(), *law.limits.values(), *law.derived.values()):
                assert unpack(pack(node)) == node
                kinds |= {type(part) for part in e.walk(node)}
    assert ALL_KINDS - kinds <= {e.Always}


@pytest.mark.parametrize(
    "data",
    [
        None,
        "And",
        {},
        {"And": []},
        {"And": [], "Or": []},
        {"Nothing": [1]},
        {"Truth": ["a", "b"]},
        {"Constant": ["x", "number"]},
        {"Constant": ["2025-02-30", "date"]},
        {"Constant": ["x"]},
        {"Compare": 7},
    ],
)
def test_what_was_never_packed_is_one_of_the_named_errors(data):
    with pytest.raises((ValueError, TypeError, ArithmeticError, KeyError, AttributeError)):
        unpack(data)
