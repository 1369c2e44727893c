"""What every worker has to know of the whole book: the different values of its columns, asked of all parts at once.

The columns of a book are read by :func:`licet.orders.screening.prepared`, which asks the book a few questions. Here the
answers of all parts are joined, and each worker reads the columns with the very answers that one machine would get.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from licet.errors import BadInput
from licet.orders.book import Book, connect
from licet.orders.parts.plan import load
from licet.orders.screening import prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from licet.cluster import Cluster, Told
    from licet.orders.parts.plan import Part, Plan
    from licet.orders.patterns import Patterns
    from licet.orders.screening import Asked
    from licet.statutes import Statutes

Question = tuple[str, ...]
"""``distinct``, the condition, the expressions; ``filled`` or ``largest`` and the column."""
_DISTINCT, _FILLED, _LARGEST = "distinct", "filled", "largest"


class _Unanswered(Exception):
    """Nothing is known yet, and all else hangs on the answer."""


@dataclass(frozen=True)
class Surveyed(Book):
    """A book whose rows are elsewhere: it answers from what is ``known``, and notes in ``missing`` what is not."""

    known: dict[Question, Any] = field(default_factory=dict)
    missing: list[Question] = field(default_factory=list)

    def distinct(self, texts: Sequence[str], where: str = "TRUE") -> Iterator[tuple[str | None, ...]]:
        """Yield the different values as :meth:`Book.distinct` does; nothing while they are missing."""
        yield from self._answer((_DISTINCT, where, *texts), ())

    def filled(self, column: str) -> int:
        """Return in how many rows a column says something; 0 while that is missing."""
        return int(self._answer((_FILLED, column), 0))

    def largest(self, column: str) -> int:
        """Return the largest of a column; 0 while that is missing."""
        return int(self._answer((_LARGEST, column), 0))

    def _answer(self, question: Question, otherwise: Any) -> Any:
        if question in self.known:
            return self.known[question]
        self.missing.append(question)
        # The first that is asked is the day of each line: which laws count, and so what else is worth asking.
        if question[0] == _DISTINCT and not any(asked[0] == _DISTINCT for asked in self.known):
            raise _Unanswered
        return otherwise


def survey(
    cluster: Cluster, made: Plan, statutes: Statutes, asked: Asked, told: Told = None
) -> tuple[dict[Question, Any], Patterns]:
    """Return all that has to be known of a book, and the book prepared by it. Raises :class:`BadInput` as one machine.

    Each round asks every part all questions that are open: first the days, then what the laws of those days ask.
    """
    known: dict[Question, Any] = {}
    while True:
        missing, patterns = _tried(made, statutes, asked, known)
        if patterns is not None:
            return known, patterns
        found = cluster.each(answers, made.parts, made, missing, told=told)
        known |= {question: _joined(question, [row[n] for row in found]) for n, question in enumerate(missing)}


def _tried(
    made: Plan, statutes: Statutes, asked: Asked, known: dict[Question, Any]
) -> tuple[list[Question], Patterns | None]:
    """Prepare the book by what is known; return what was missing, or the book."""
    with connect() as base:
        book = Surveyed(base, "", made.columns, made.files, known)
        try:
            patterns = prepared(book, statutes, asked)
        except (_Unanswered, BadInput):
            if not book.missing:
                raise
            return list(dict.fromkeys(book.missing)), None
    return (list(dict.fromkeys(book.missing)), None) if book.missing else ([], patterns)


def surveyed(base: duckdb.DuckDBPyConnection, made: Plan, known: dict[Question, Any]) -> Surveyed:
    """Return a book that answers all questions from what is known; ``base`` gets the tables of its values."""
    return Surveyed(base, "", made.columns, made.files, known)


def answers(part: Part, made: Plan, questions: Sequence[Question]) -> list[Any]:
    """Return what a part of the book answers to questions."""
    with connect() as base:
        base.execute("SET threads = 1")
        book = load(base, made, part)
        return [_asked(book, question) for question in questions]


def _asked(book: Book, question: Question) -> Any:
    kind, first, *texts = question
    if kind == _DISTINCT:
        return list(book.distinct(texts, first))
    return book.filled(first) if kind == _FILLED else book.largest(first)


def _joined(question: Question, found: Sequence[Any]) -> Any:
    """Return the answer of the whole book: values in the order in which the engine has them."""
    if question[0] == _FILLED:
        return sum(found)
    if question[0] == _LARGEST:
        return max(found, default=0)
    return sorted(
        {row for rows in found for row in rows}, key=lambda row: [(cell is None, (cell or "").encode()) for cell in row]
    )
