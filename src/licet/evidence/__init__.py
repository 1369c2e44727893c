"""Where the halves meet: mentions of the law in articles, snapshots behind clauses."""

from licet.evidence.marks import Mark, day_of, marks
from licet.evidence.tagger import entity_names, tagger

__all__ = ["Mark", "day_of", "entity_names", "marks", "tagger"]
