"""How common a term is: counted over the reports that are there, with a prior for the first of them."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from licet.archive.relating.profiles import Profile

PRIOR = 200.0
"""So many reports without any term of interest are taken to be there from the start."""


class Frequencies:
    """In how many of ``documents`` reports each term stands."""

    def __init__(self, documents: int = 0, counts: Mapping[str, int] | None = None) -> None:
        self.documents = documents
        self.counts: Counter[str] = Counter(counts or {})

    @classmethod
    def over(cls, profiles: Iterable[Profile]) -> Frequencies:
        """Count the terms of these reports."""
        made = cls()
        for one in profiles:
            made.add(one)
        return made

    def add(self, one: Profile, times: int = 1) -> None:
        """Count a report, or with ``times=-1`` take it out."""
        self.documents += times
        for term in terms(one):
            self.counts[term] += times

    def idf(self, term: str) -> float:
        """Return the inverse document frequency, above 0."""
        found = max(0, self.counts.get(term, 0))
        return math.log((self.documents + PRIOR + 1.0) / (found + 0.5))


def terms(one: Profile) -> AbstractSet[str]:
    """Return every term of a report that is counted, once: its words, and the characters of a Chinese one."""
    return one.words.keys() | one.fine.keys() if one.lang == "zh" else one.words.keys()
