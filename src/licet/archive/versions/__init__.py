"""Versions of an article: what changed from one to another."""

from licet.archive.versions.comparing import Change, FieldChange, Paragraph, compare
from licet.archive.versions.pieces import Piece, difference

__all__ = ["Change", "FieldChange", "Paragraph", "Piece", "compare", "difference"]
