"""The first part of the law's query: the lines of the user's table as the law reads them, and those it cannot read.

What :func:`licet.decisions.read_transaction` does with a value is done here in SQL: places become rows of the country
chart, a line with a value that the vocabulary does not let in is left out and told by a query of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from licet.catalog.places import places
from licet.clauses import expression as e
from licet.clauses.vocabulary import EARLIEST, LATEST
from licet.decisions.facts import CHARTED, PLACE_FACTS
from licet.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.clauses.dialects import Dialect
    from licet.clauses.vocabulary import Fact
    from licet.statutes.law import Law, Query

MOST_COLUMNS = 300
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]{0,127}")
_WIDTH = 116
_WORDS = re.compile(r"\s+|(?:'(?:[^'\\]|''|\\.)*'|[^\s'])+")
_ECCNS = ("eccn", "for_eccn")


@dataclass(frozen=True)
class Lines:
    """What is read: a table of the user's, under one law.

    ``columns``: the facts that the table has; ``keep``: further columns of it that are carried over to the answer.
    """

    law: Law
    asked: Query
    dialect: Dialect
    table: str
    columns: tuple[str, ...]
    keep: tuple[str, ...]

    @cached_property
    def read(self) -> tuple[str, ...]:
        """The facts that the law reads, and the date, which says whether a line is of its period."""
        return tuple(dict.fromkeys(("date", *self.law.program.facts())))

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The facts that the law reads and the table has."""
        return tuple(name for name in self.read if name in self.columns)

    def fact(self, name: str) -> Fact:
        """Return the entry of the vocabulary."""
        return self.law.vocabulary[name]

    @property
    def source(self) -> str:
        """The table as the dialect names it."""
        return ".".join(_part(part, self.dialect) for part in _parts(self.table))

    def given(self, name: str) -> str:
        """Return a column of the table."""
        return f"t.{self.dialect.quoted(name)}"

    def _placed(self) -> tuple[str, ...]:
        return tuple(name for name in self.stated if self.fact(name).type == "place")

    def ctes(self) -> list[str]:
        """Return ``places``, where a place is read, and ``lines``: typed, of the period, and readable."""
        carried = [f"{self.given(name)} AS {kept(name)}" for name in self.keep]
        facts = [f"{self.value(name)} AS {self.dialect.quoted(name)}" for name in self.read]
        where = [*self.period(), *(self.readable(name) for name in self.stated if name != "date")]
        lines = (
            f"lines AS (\n  SELECT\n    {_listed([*carried, *facts])}\n  {self.origin()}\n"
            f"  WHERE\n{_all([text for text in where if text])}\n)"
        )
        return [*self.tables(), lines]

    def tables(self) -> list[str]:
        """Return the table of places as a CTE, where a place is read."""
        if not self._placed():
            return []
        string = self.dialect.string
        rows = [(string(item.code), string(item.row) if item.row else "NULL") for item in places().values()]
        # The first row has a row of the chart, so that the column has a type.
        return [f"places AS (\n  {self.dialect.rows('places', ('code', 'place'), rows)}\n)"]

    def origin(self) -> str:
        """Return FROM with the joins that find the places."""
        joins = [f"\n  LEFT JOIN places AS p_{n} ON p_{n}.code = {self.given(n)}" for n in self._placed()]
        return f"FROM {self.source} AS t{''.join(joins)}"

    def value(self, name: str) -> str:
        """Return a fact as the law reads it, of its type; NULL where it is unknown."""
        kind, dialect = self.fact(name), self.dialect
        if name not in self.columns:
            value = dialect.literal(self.asked.on) if name == "date" else f"CAST(NULL AS {dialect.column(kind)})"
        elif kind.type == "place" and name in PLACE_FACTS and self.law.system == CHARTED:
            value = f"p_{name}.place"
        else:
            stated = self.given(name)
            value = f"CAST({stated} AS {dialect.column(kind)})" if kind.type == "number" else stated
        if name == "applicable_die_area_mm2" and "non_planar" in self.columns:
            # No logic die on a non-planar node: the applicable die area is nothing.
            value = f"COALESCE({value}, CASE WHEN NOT {self.given('non_planar')} THEN 0 END)"
        return value

    def period(self) -> list[str]:
        """Return the conditions that a line is of the days on which this law holds."""
        if "date" not in self.columns:
            return []
        first, last = max(self.law.first, EARLIEST), self.law.last or LATEST
        return [f"{self.given('date')} BETWEEN DATE '{first}' AND DATE '{last}'"]

    def readable(self, name: str) -> str:
        """Return whether the vocabulary lets a value in, empty where it lets all in; never NULL."""
        given, kind = self.given(name), self.fact(name)
        tests = self._tests(name, given, kind)
        test = " AND ".join(tests)
        if kind.type == "number" or kind.many:
            test = f"COALESCE({test}, FALSE)"  # a value that has no such type, or a list with a NULL in it
        return f"({given} IS NULL OR {test})" if tests else ""

    def _tests(self, name: str, given: str, kind: Fact) -> list[str]:
        dialect = self.dialect
        if kind.type == "number":
            ends = f"{dialect.plain(kind.least)} AND {dialect.plain(kind.most)}"
            return [f"{given} BETWEEN {ends}", f"CAST({given} AS {dialect.column(kind)}) = {given}"]
        if kind.type == "date":
            return [f"{given} BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'"]
        if kind.type == "place":
            return [f"p_{name}.code IS NOT NULL"]
        return self._text_tests(name, given, kind) if kind.type == "text" else []

    def _text_tests(self, name: str, given: str, kind: Fact) -> list[str]:
        dialect = self.dialect
        if kind.many:
            return [dialect.only(given, kind.values)] if kind.values else []
        if kind.values:
            return [f"{given} IN ({', '.join(map(dialect.string, kind.values))})"]
        return [f"{given} <> ''", *self._written(name, given)]

    def _written(self, name: str, given: str) -> list[str]:
        """Return tests that a text stands as the law writes it, where case would make it another."""
        if name in _ECCNS:
            entry, paragraphs = f"UPPER(SUBSTRING({given}, 1, 5))", f"LOWER(SUBSTRING({given}, 6))"
            digits = ", ".join(f"'{digit}'" for digit in range(10))
            other = f"SUBSTRING({given}, 1, 1) NOT IN ({digits}) AND UPPER({given}) NOT LIKE 'EAR99%'"
            return [f"{given} NOT LIKE '% %'", f"({given} = CONCAT({entry}, {paragraphs}) OR {other})"]
        known = sorted(texts(self.law, name))
        if not known:
            return []
        string = self.dialect.string
        exact, folded = ", ".join(map(string, known)), ", ".join(string(text.upper()) for text in known)
        return [f"({given} IN ({exact}) OR UPPER(TRIM({given})) NOT IN ({folded}))"]

    def rejects(self) -> str:
        """Return the query of the lines that cannot be read, each with the names of the columns for which it cannot."""
        faults = {name: f"NOT {test}" for name in self.stated if name != "date" and (test := self.readable(name))}
        if "date" in self.columns:
            faults["date"] = f"NOT COALESCE({self._tests('date', self.given('date'), self.fact('date'))[0]}, FALSE)"
        named = [f"CASE WHEN {test} THEN {self.dialect.string(name)} END" for name, test in faults.items()]
        shown = [f"{self.given(name)} AS {self.dialect.quoted(name)}" for name in self.keep]
        shown.append(f"{self.dialect.kept(named or ['NULL'])} AS {self.dialect.quoted('unreadable')}")
        where = "\n    OR ".join(map(str.strip, map(wrapped, faults.values()))) or "FALSE"
        ctes = ",\n".join(self.tables())
        select = f"SELECT\n    {_listed(shown)}\n  {self.origin()}\n  WHERE {where}"
        return f"WITH {ctes}\n{select}" if ctes else select


def texts(law: Law, name: str) -> set[str]:
    """Return the texts that conditions hold a fact against."""
    found: set[str] = set()
    for leaf in law.program.leaves():
        if isinstance(leaf, e.Member) and isinstance(leaf.term, e.FactTerm) and leaf.term.name == name:
            found |= law.sets[leaf.set] if leaf.set else set(leaf.values)
        if isinstance(leaf, e.Compare) and name in e.facts_in(leaf):
            sides = (leaf.left, leaf.right)
            found |= {side.value for side in sides if isinstance(side, e.Constant) and isinstance(side.value, str)}
    return found


def kept(name: str) -> str:
    """Return the name under which a column is carried through the query: no fact's."""
    return f"k_{name.lower()}"


def facts_of(law: Law, columns: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns of the input: those named, else every fact that the law reads, and the date.

    Raises :class:`UnknownName` for what is no fact, :class:`BadValue` for one that stands there twice.
    """
    if columns is None:
        return tuple(dict.fromkeys(("date", *law.program.facts())))
    for number, name in enumerate(columns):
        if name not in law.vocabulary:
            law.vocabulary.read(name, None)  # says which name is near
        if name in columns[:number]:
            raise BadValue(f"the column '{name}' is given twice", fix="give it once")
    return tuple(columns)


def columns_kept(names: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that are carried over. Raises :class:`BadValue` for a name that the answer has itself."""
    if len(names) > MOST_COLUMNS:
        raise BadValue(f"more than {MOST_COLUMNS} columns are kept", fix="keep the key of a line, and join the rest")
    for number, name in enumerate(names):
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,59}", name):
            raise BadValue(f"'{name[:60]}' is no plain column name", fix="use letters, digits and _")
        if name.lower() in taken or name.lower() in {other.lower() for other in names[:number]}:
            raise BadValue(f"the answer has a column '{name}' already", fix="rename it in a view of your table")
    return tuple(names)


def _parts(table: str) -> list[str]:
    """Return the parts of a table's name. Raises :class:`UnknownName` for what is no name."""
    parts = re.findall(r'"(?:[^"\n]|"")+"|[^."\n]+', table)
    plain = all(part.startswith('"') or _PLAIN.fullmatch(part) for part in parts)
    if ".".join(parts) != table or not plain or not 1 <= len(parts) <= 3:
        raise UnknownName(f"'{table[:60]}' is no name of a table", fix='write table, schema.table, or "A Name"')
    return parts


def _part(part: str, dialect: Dialect) -> str:
    """Return a part of a name: as the engine folds it, or exactly as it stands between quotes."""
    return dialect.exactly(part[1:-1].replace('""', '"')) if part.startswith('"') else dialect.quoted(part)


def _listed(columns: Sequence[str]) -> str:
    return ",\n    ".join(columns)


def _all(conditions: Sequence[str]) -> str:
    joined = [f"AND {text}" if number else text for number, text in enumerate(conditions)]
    return "\n".join(map(wrapped, joined)) or "    TRUE"


def wrapped(text: str) -> str:
    """Break a long expression between words, never within a text constant."""
    lines, line = [], " " * 4
    for word in _WORDS.findall(text):
        if len(line) + len(word) > _WIDTH and word.strip() and line.strip():
            lines.append(line.rstrip())
            line = " " * 6
        line += " " if word.isspace() else word
    return "\n".join([*lines, line.rstrip()])
