"""The index, by its old name; see :mod:`licet.archive.finding.index`."""

from licet.archive.finding.index import Entry, Filters, Found, SearchIndex

__all__ = ["Entry", "Filters", "Found", "SearchIndex"]
