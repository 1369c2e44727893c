"""A book through the law: patterns are found in SQL, decided once each in Python, and joined back to their lines."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from licet.decisions.facts import CHARTED
from licet.errors import BadFile, BadInput
from licet.orders.book import ANSWER, FILE, LINE, TAKES, TOTAL, Book, one, quoted
from licet.orders.columns import Sorted, sort
from licet.orders.deciding import DRAWS, Answers
from licet.orders.patterns import Patterns, Terms, prepare
from licet.orders.reading import said
from licet.orders.values import Values
from licet.statutes.law import Query

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from licet.statutes import Statutes
    from licet.statutes.forms import Basis

T = TypeVar("T")
TPP = "DECIMAL(38, 3)"
"""The type of amounts in an answer."""
SCALARS = ("outcome", "classification", "tier", "controlled", "exception", "review_policy")
AMOUNTS = ("allocation_tpp", "total_tpp")
DUTIES = ("duty_pct", "band")
LISTS = ("clauses", "missing")
LAW, PLACE, SOURCE = "law_digest", "line", "file"


@dataclass(frozen=True)
class Asked:
    """Which law a book is asked of, where its lines do not say.

    ``day`` and ``basis``: of lines that name none; ``headquarters_taken``: an omitted headquarters is the destination.
    """

    day: dt.date | None = None
    basis: Basis = "enforced"
    system: str = CHARTED
    known: dt.date | None = None
    readings: Mapping[str, str] | None = None
    proposals: Sequence[str] = ()
    headquarters_taken: bool = False

    def query(self) -> Query:
        """Return the query, of which only the day and the basis differ from line to line."""
        import datetime as dt  # noqa: PLC0415 - a day that each line overrides

        readings = tuple(sorted((self.readings or {}).items()))
        return Query(self.day or dt.date.min, self.system, self.basis, self.known, readings, tuple(self.proposals))


Told = "Callable[[str, float], None]"
"""Is told what is being done, and how far it is in percent; -1 where that is not known."""


@dataclass(frozen=True)
class Screened:
    """A book whose patterns have been decided: ``lines`` rows, of which ``rejected`` cannot be read."""

    book: Book
    made: Patterns
    answers: Answers
    lines: int
    rejected: int

    @property
    def sorted(self) -> Sorted:
        """The columns of the book by what they are."""
        return self.made.sorted

    @property
    def dutiable(self) -> bool:
        """Whether a law of the book has duties."""
        return any(law.of_kind("duty") for law in self.made.laws)

    def fields(self) -> tuple[str, ...]:
        """Return the names of the columns that are added, in order."""
        duties = DUTIES if self.dutiable else ()
        file = (SOURCE,) if len(self.book.files) > 1 else ()
        return (*SCALARS, *AMOUNTS, *duties, *LISTS, LAW, PLACE, *file)

    def answered(self, *, listed: bool = False) -> str:
        """Return the query of all answered lines in order: the book's columns by their names, then :meth:`fields`.

        ``listed``: see :meth:`Answers.lookup`; for files only.
        """
        carried = [
            f"x.{column.sql} AS {quoted(column.name)}"
            for column in self.book.columns
            if column.name.casefold() not in AMOUNTS
        ]
        shown = ", ".join([*carried, *self._answer(listed=listed)])
        return f"SELECT {shown} FROM ({self.beside()}) AS x WHERE {ANSWER} IS NOT NULL"

    def beside(self) -> str:
        """Return the query of the book's rows in order, with :data:`ANSWER` (NULL: a reject) and the rest beside."""
        moved = "error('the rows of the book came in another order')"
        return (
            f"SELECT s.*, CASE WHEN s.{LINE} = r.line AND s.{FILE} = r.file THEN r.answer ELSE {moved} END "
            f"AS {ANSWER}, "
            f"r.takes AS {TAKES}, r.total AS {TOTAL} FROM ({self.book.source}) AS s POSITIONAL JOIN byrow AS r"
        )

    def drawing(self) -> str:
        """Return rows ``x`` that draw on an account, with all that was read of them, and their answers ``a``."""
        found = f"SELECT * FROM ({self.beside()}) WHERE {TAKES} & {DRAWS} = {DRAWS}"
        return f"FROM ({self.made.rows(found)}) AS x JOIN answers AS a ON a.answer = x.{ANSWER}"

    def _answer(self, *, listed: bool) -> Iterator[str]:
        duties = DUTIES if self.dutiable else ()

        def look(name: str) -> str:
            return self.answers.lookup(name, listed=listed)

        yield from (f"{look(name)} AS {name}" for name in SCALARS)
        total = f"CAST({TOTAL} AS {TPP})"
        draws = look("allocates")
        yield f"CASE WHEN {draws} THEN {total} WHEN NOT {draws} THEN CAST(0 AS {TPP}) END AS allocation_tpp"
        yield f"{total} AS total_tpp"
        yield from (f"{look(name)} AS {name}" for name in (*duties, *LISTS, LAW))
        yield f"x.{LINE} AS {PLACE}"
        if len(self.book.files) > 1:
            names = ", ".join("'" + name.replace("'", "''") + "'" for name in self.book.files)
            yield f"list_extract([{names}], x.{FILE} + 1) AS {SOURCE}"


def screened(
    book: Book, statutes: Statutes, asked: Asked, told: Callable[[str, float], None] | None = None
) -> Screened:
    """Decide every pattern of a book.

    Raises :class:`BadInput` for a book whose columns cannot be screened, with the fix; lines that cannot be read are
    rejects.
    """
    try:
        return decided(book, prepared(book, statutes, asked), told)
    except duckdb.Error as error:
        raise failed(error) from error


def prepared(book: Book, statutes: Statutes, asked: Asked) -> Patterns:
    """Read the values of a book's columns, and find its laws and what they tell apart. Raises :class:`BadInput`."""
    values = Values(statutes.vocabulary, charted=asked.system == CHARTED)
    statutes.acts(asked.system)
    terms = Terms(asked.day, asked.basis, headquarters_taken=asked.headquarters_taken)
    made = prepare(book, sort(book, statutes.vocabulary), statutes, values, terms, asked.query())
    _distinct_names(book, made)
    return made


def decided(
    book: Book, made: Patterns, told: Callable[[str, float], None] | None = None, answers: Answers | None = None
) -> Screened:
    """Decide the patterns of the rows of a book that has been prepared, or of a part of it.

    ``answers``: of parts that were decided before.
    """
    answers = answers or Answers(made)
    watched(book.base, answers.decide, told)
    answered = one(book.base, "SELECT sum(lines) FROM found")
    lines, broken = book.count(), book.broken()
    return Screened(book, made, answers, lines + broken, lines + broken - answered)


def failed(error: duckdb.Error) -> BadInput:
    """Return what an engine's error means to the user."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return BadInput("the memory does not suffice", fix="give more with --memory, or free space for temporary files")
    if isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException):
        raise error  # a mistake of ours in SQL, and none of the book
    return BadFile(f"the book cannot be read through: {said(error)}", fix="check the file")


def _distinct_names(book: Book, made: Patterns) -> None:
    """Refuse a book with a column that an answer has too."""
    dutiable = any(law.of_kind("duty") for law in made.laws)
    taken = {*SCALARS, "allocation_tpp", *LISTS, LAW, PLACE, *(DUTIES if dutiable else ())}
    taken |= {SOURCE} if len(book.files) > 1 else set()
    for column in book.columns:
        if column.name.casefold() in taken:
            raise BadInput(
                f"the book has a column '{column.name}', and so has the answer", fix=f"rename or drop '{column.name}'"
            )


def at_once(
    base: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection], T],
    meanwhile: Callable[[], Any],
    told: Callable[[str, float], None] | None,
) -> T:
    """Do some work on another connection to the same tables, and ``meanwhile`` something else; return its result.

    A file in the order of its rows is written by one core: the others are free for what is not.
    """
    other = base.cursor()
    found: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work(other))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        meanwhile()
        while thread.is_alive():
            thread.join(0.2)
            if told is not None:
                told("", other.query_progress())
    except BaseException:
        other.interrupt()
        thread.join()
        raise
    if errors:
        raise errors[0]
    return found[0]


def watched(
    base: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection], Any],
    told: Callable[[str, float], None] | None,
) -> None:
    """Do some work on a connection, and tell how far it is."""
    if told is None:
        work(base)
        return
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work(base)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.2)
            told("", base.query_progress())
    except BaseException:
        base.interrupt()
        thread.join()
        raise
    if errors:
        raise errors[0]
