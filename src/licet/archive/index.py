"""The index, by its old name; see :mod:`licet.archive.finding.index`."""

from licet.archive.finding.index import Entry, Filters, SearchIndex

__all__ = ["Entry", "Filters", "SearchIndex"]
