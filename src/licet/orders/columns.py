"""Which columns of a book are facts: by the names of the vocabulary, and a few short ones."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licet.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from licet.clauses.vocabulary import Fact, Vocabulary
    from licet.orders.book import Book, Column

SHORT = {"to": "destination", "hq": "headquarters", "parent": "parent_headquarters", "from": "origin"}
"""The names of the options of ``licet check``, which a column may have as well."""
CHIP, BASIS, ID = "chip", "basis", "id"
NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
_FITS = {
    "number": (*NUMBERS, "DECIMAL", "FLOAT", "DOUBLE", "VARCHAR"),
    "boolean": ("BOOLEAN", "VARCHAR"),
    "date": ("DATE", "TIMESTAMP", "VARCHAR"),
    "text": ("VARCHAR",),
    "place": ("VARCHAR",),
}


@dataclass(frozen=True)
class Sorted:
    """The columns of a book by what they are: ``facts`` by name, the catalog's ``chip``, ``basis``, ``id``.

    ``unread``: the others, each with the fact that its name looks like, if there is one; they are carried along.
    """

    facts: Mapping[str, Column]
    chip: Column | None
    basis: Column | None
    id: Column | None
    unread: tuple[tuple[str, str], ...]


def sort(book: Book, vocabulary: Vocabulary) -> Sorted:
    """Sort the columns. Raises :class:`BadInput` for a fact in two columns, or in one of a type that it cannot have."""
    facts: dict[str, Column] = {}
    others: dict[str, Column] = {}
    unread = []
    for column in book.columns:
        name = column.name.casefold()
        name = SHORT.get(name, name)
        if name in facts:
            message = f"the columns '{facts[name].name}' and '{column.name}' are both {name}"
            raise BadInput(message, fix="rename or drop one of them")
        if name in vocabulary:
            facts[name] = column
        elif name in (CHIP, BASIS, ID):
            others[name] = column
        else:
            unread.append((column.name, _near(name, vocabulary.facts)))
    facts = {name: column for name, column in facts.items() if _fits(book, column, vocabulary[name], name)}
    for name in (CHIP, BASIS):
        if name in others and not _fits_types(book, others[name], _FITS["text"], name, "text"):
            del others[name]
    return Sorted(facts, others.get(CHIP), others.get(BASIS), others.get(ID), tuple(unread))


def _near(name: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(name[:60], [*known, *SHORT, CHIP, BASIS], n=1, cutoff=0.75)), "")


def _fits(book: Book, column: Column, fact: Fact, name: str) -> bool:
    fits = (*_FITS[fact.type], "VARCHAR[]") if fact.many else _FITS[fact.type]
    return _fits_types(book, column, fits, name, fact.type)


def _fits_types(book: Book, column: Column, fits: Collection[str], name: str, kind: str) -> bool:
    """Return whether a column has a type that the fact can have; False where it is empty, and so without a type."""
    if base_type(column) in fits:
        return True
    if book.filled(column.sql) == 0:
        return False
    words = {"number": "a number", "boolean": "true or false", "date": "a date without a time", "place": "a place"}
    shown = column.type if len(column.type) <= 40 else column.type[:37] + "..."
    raise BadInput(
        f"the column '{column.name}' is {shown}, and {name} is {words.get(kind, 'text')}",
        fix=f"write {column.name} as {fits[-1] if isinstance(fits, tuple) else 'VARCHAR'}, or rename the column",
    )


def base_type(column: Column) -> str:
    """Return the type of a column without its parameters; an enumeration counts as text."""
    kind = column.type.upper()
    if kind.endswith("[]"):
        return "VARCHAR[]" if kind == "VARCHAR[]" or kind.startswith("ENUM") else kind
    kind = kind.partition("(")[0].strip()
    if kind.startswith("TIMESTAMP") and "ZONE" not in kind:
        return "TIMESTAMP"
    return "VARCHAR" if kind == "ENUM" else kind
