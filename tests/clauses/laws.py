"""Random small laws of the clause language, and what the oracle answers under them."""

from decimal import Decimal

from hypothesis import strategies as st

from licet.clauses import expression as e
from licet.clauses.evaluate import Interval, Oracle, Table
from licet.clauses.program import Program
from tools.strategies import SETS, conditions, vocabulary

WORDS = vocabulary()
TPP, QUANTITY = e.FactTerm("tpp", "number"), e.FactTerm("quantity", "number")
DAY = e.FactTerm("date", "date")


class Taken:
    def __init__(self, value, when=None):
        self.value = value
        self.when = when


def program(named, **others):
    given_parts = {"derived": {}, "assumed": {}, "tables": {}, **others}
    return Program(WORDS, named, SETS, given_parts["tables"], given_parts["derived"], given_parts["assumed"])


class Completed:
    """Facts as the oracle of a decision reads them: given, derived, assumed."""

    def __init__(self, law, values):
        self.law, self.values = law, values
        self.oracle = Oracle(self, law.conditions, law.sets, law.tables)

    def value(self, name):
        if name in self.values:
            return self.values[name]
        if name in self.law.derived:
            return self.oracle.value(self.law.derived[name])
        may = self.law.assumed.get(name)
        return may.value if may and (may.when is None or self.oracle.truth(may.when) is True) else None


def by_oracle(law, values):
    oracle = Completed(law, values).oracle
    return tuple(oracle.clause(name) for name in law.conditions)


assumptions = st.fixed_dictionaries(
    {},
    optional={
        "movement": st.just(Taken("export")),
        "datacenter": st.just(
            Taken(True, e.Compare("=", e.FactTerm("movement", "text"), e.Constant("export", "text")))
        ),
    },
)
laws = st.builds(
    lambda first, second, third, assumed: program(
        {
            "first": first,
            "second": e.And((e.Refer("first"), second)),
            "third": e.Or((third, e.Not(e.Refer("second")))),
            "capped": e.Compare("<=", e.Arithmetic("*", TPP, QUANTITY), e.Lookup("cap", DAY)),
        },
        assumed=assumed,
        tables={"cap": Table((Interval(None, None, Decimal(26_900_000)),))},
    ),
    conditions,
    conditions,
    conditions,
    assumptions,
)
