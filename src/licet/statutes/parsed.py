"""The conditions and terms of one system of law: each text is read once, or comes from the cache already read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec

from licet.clauses import expression as e
from licet.clauses.packed import pack, unpack
from licet.errors import LawError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.clauses.names import Names
    from licet.clauses.vocabulary import Vocabulary


class Kept(msgspec.Struct, frozen=True):
    """Packed conditions and terms by their text."""

    conditions: dict[str, Any]
    terms: dict[str, Any]


class References(NamedTuple):
    """What a condition names besides facts, each once, in order."""

    clauses: tuple[str, ...]
    sets: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Parsed:
    """Reads text under one vocabulary and the names of one system; the same text gives the same expression."""

    vocabulary: Vocabulary
    names: Names
    kept: Kept | None = None
    _conditions: dict[str, e.Condition] = field(default_factory=dict)
    _terms: dict[str, e.Term] = field(default_factory=dict)
    _references: dict[str, References] = field(default_factory=dict)

    def condition(self, text: str, where: str) -> e.Condition:
        """Return a condition. Raises :class:`LawError` at ``where``, as :func:`licet.clauses.parse.condition`."""
        found = self._conditions.get(text)
        if found is None:
            found = _unpacked(self.kept and self.kept.conditions.get(text), e.Condition)
            if found is None:
                from licet.clauses import parse  # noqa: PLC0415 - where all is kept, the parser is not loaded

                found = parse.condition(text, self.vocabulary, self.names, where)
            self._conditions[text] = found
        return found

    def term(self, text: str, where: str) -> e.Term:
        """Return a term. Errors as :meth:`condition`."""
        found = self._terms.get(text)
        if found is None:
            found = _unpacked(self.kept and self.kept.terms.get(text), e.Term)
            if found is None:
                from licet.clauses import parse  # noqa: PLC0415 - as above

                found = parse.term(text, self.vocabulary, self.names, where)
            self._terms[text] = found
        return found

    def references(self, text: str, where: str) -> References:
        """Return what the condition ``text`` names."""
        found = self._references.get(text)
        if found is None:
            nodes = list(e.walk(self.condition(text, where)))
            found = self._references[text] = References(
                tuple(dict.fromkeys(n.clause for n in nodes if isinstance(n, e.Refer))),
                tuple(dict.fromkeys(n.set for n in nodes if isinstance(n, e.Member) and n.set)),
                tuple(dict.fromkeys(n.table for n in nodes if isinstance(n, e.Lookup))),
            )
        return found

    def keep(self, conditions: Iterable[str], terms: Iterable[str]) -> Kept:
        """Return all that can be read of some texts; what is wrong with another is said when it is asked for."""
        return Kept(
            {text: pack(found) for text in conditions if (found := _try(self.condition, text)) is not None},
            {text: pack(found) for text in terms if (found := _try(self.term, text)) is not None},
        )


def _unpacked(data: Any, kind: Any) -> Any:
    """Return what was packed; None where nothing was, or where it is no expression of the kind."""
    if data is None:
        return None
    try:
        found = unpack(data)
    except (ValueError, TypeError, ArithmeticError, KeyError, AttributeError):
        return None
    return found if isinstance(found, get_args(kind)) else None


def _try(read: Any, text: str) -> Any:
    try:
        return read(text, "")
    except LawError:
        return None
