"""Terms, by their old name; see :mod:`licet.archive.finding.terms`."""

from licet.archive.finding.terms import Words, grams, is_cjk, needed, runs

__all__ = ["Words", "grams", "is_cjk", "needed", "runs"]
