"""Reading a page: from its bytes to an :class:`~licet.archive.model.Article`, by rules for Chinese and English."""

from licet.archive.extraction.reading import EXTRACTOR, extract

__all__ = ["EXTRACTOR", "extract"]
