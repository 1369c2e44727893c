"""Excerpts, by their old name; see :mod:`licet.archive.finding.excerpts`."""

from licet.archive.finding.excerpts import excerpt, marked_terms

__all__ = ["excerpt", "marked_terms"]
