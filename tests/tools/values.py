"""Values of a fact of the vocabulary, with those near to the bounds of the law among them."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

NEAR = [
    "0",
    "0.5",
    "1",
    "1600",
    "2400",
    "4000",
    "4799.999",
    "4800",
    "5000",
    "15832",
    "20800",
    "21000",
    "26900000",
    "790000000",
]
PLACES = ["US", "CH", "DE", "CN", "MO", "VN", "AE", "RU", "KH", "CY", "SG", "TW", "NL", "JP"]
NAMES = ["NVIDIA", "AMD", "Acme", "Huawei", "5nm"]


def values_of(fact):
    match fact.type:
        case "number":
            edges = [Decimal(text) for text in NEAR if fact.least <= Decimal(text) <= fact.most]
            return st.sampled_from(edges) | st.integers(int(fact.least), int(min(fact.most, 10**9))).map(Decimal)
        case "boolean":
            return st.booleans()
        case "place":
            return st.sampled_from(PLACES)
        case "date":
            return st.dates(dt.date(2022, 1, 1), dt.date(2030, 1, 1))
        case _ if fact.many:
            return st.sets(st.sampled_from(fact.values)).map(lambda found: tuple(sorted(found)))
        case _:
            return st.sampled_from(fact.values or NAMES)
