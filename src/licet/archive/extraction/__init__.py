"""Reading a page: from its bytes to an :class:`~licet.archive.model.Article`, by rules for Chinese and English."""

from licet.archive.extraction.overrides import Overrides
from licet.archive.extraction.reading import EXTRACTOR, extract, version

__all__ = ["EXTRACTOR", "Overrides", "extract", "version"]
