"""Folding, by its old name; see :mod:`licet.archive.finding.folding`."""

from licet.archive.finding.folding import CJK, fold, fold_with_offsets, has_cjk

__all__ = ["CJK", "fold", "fold_with_offsets", "has_cjk"]
