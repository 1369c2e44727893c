"""Replay: captured pages shown again, harmless, and found by their time (Memento, RFC 7089)."""

from licet.archive.replaying.neutralising import Use, clean_sheet, neutralised

__all__ = ["Use", "clean_sheet", "neutralised"]
