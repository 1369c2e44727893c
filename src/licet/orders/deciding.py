"""Decides the patterns of a book, each once on a line that has it, and keeps the answers for all its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from licet.decisions.compiled import Briefs
from licet.orders.book import ANSWER, FILE, IN_A_FILE, LINE, quoted_text
from licet.orders.columns import base_type
from licet.orders.patterns import key_of
from licet.orders.rows import ROW

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import duckdb

    from licet.clauses.vocabulary import FactValue
    from licet.decisions.compiled import Pattern
    from licet.orders.patterns import Patterns

_FETCHED = 10_000
MOST_KNOWN = 100_000
MOST_DECIDED = 1_000_000
DRAWS, ALLOCATES = 1, 2
"""Bits of ``takes``: a line draws on an account with a limit; a license for it would draw on an allocation."""
FIELDS = ("outcome", "classification", "tier", "controlled", "exception", "review_policy", "duty_pct", "band")
"""The scalar fields of an answer that are the same for every line of a pattern."""
LISTED = ("clauses", "missing")
TEXTS = ("outcome", "classification", "exception", "review_policy", "law_digest", *LISTED)
"""The fields that are texts: a few hundred different ones in millions of lines."""


@dataclass
class Answers:
    """Tables of what was decided: ``map`` from keys to the number of an answer, ``answers`` by number.

    The same answers may decide one part of a book after the other: ``seen`` then remembers what keys were answered.
    """

    made: Patterns
    deciders: dict[int, Briefs] = field(default_factory=dict)
    numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)
    takes: list[int] = field(default_factory=list)
    patterns: int = 0
    seen: dict[tuple[int, ...], int] | None = None

    @property
    def keys(self) -> list[str]:
        """The names of the keys."""
        return [f"r{n}" for n in range(len(self.made.keys))]

    def decide(self, base: duckdb.DuckDBPyConnection) -> None:
        """Find the patterns among the rows, decide each on one line, and write both tables."""
        keys = ", ".join(self.keys)
        base.execute(
            f"CREATE TABLE keyed AS SELECT {FILE} AS file, {LINE} AS line, total, {keys} FROM ({self.made.rows()})"
        )
        base.execute(
            f"CREATE TABLE found AS SELECT {keys}, min(file * {IN_A_FILE} + line) AS first, count(*) AS lines "
            f"FROM keyed WHERE r0 IS NOT NULL GROUP BY {keys}"
        )
        base.execute(
            f"CREATE TABLE map({', '.join(f'{key} BIGINT' for key in self.keys)}, answer INTEGER, takes TINYINT)"
        )
        cursor = base.cursor().execute(
            f"SELECT {keys}, {self.asked()} AS asked FROM ({self.made.rows(self._firsts())})"
        )
        while rows := cursor.fetchmany(_FETCHED):
            self.patterns += len(rows)
            answers = [self._answered(row[:-1], row[-1]) for row in rows]
            columns = {key: pa.array([row[n] for row in rows], pa.int64()) for n, key in enumerate(self.keys)}
            columns |= {"answer": pa.array(answers, pa.int32())}
            columns |= {"takes": pa.array([self.takes[answer] for answer in answers], pa.int8())}
            base.register("decided", pa.table(columns))
            base.execute(f"INSERT INTO map SELECT {keys}, answer, takes FROM decided")
            base.unregister("decided")
        self._write(base)
        self._by_row(base)

    def _by_row(self, base: duckdb.DuckDBPyConnection) -> None:
        """Write the table ``byrow``: the answer and the amount of each row, in the order of the book.

        A join gives up the order of rows. These few columns are sorted instead of the whole book, which is then read
        in its order beside them.
        """
        on = " AND ".join(f"m.{key} = x.{key}" for key in self.keys)
        base.execute(
            "CREATE TABLE byrow AS SELECT x.file AS file, x.line AS line, m.answer AS answer, m.takes AS takes, "
            f"x.total AS total FROM keyed AS x LEFT JOIN map AS m ON {on} ORDER BY file, line"
        )
        base.execute("DROP TABLE keyed")

    def _firsts(self) -> str:
        """Return the query of the first row of each pattern: what is asked of it is worked out for no other."""
        position = f"s.{FILE} * {IN_A_FILE} + s.{LINE}"
        return f"SELECT s.* FROM ({self.made.book.source}) AS s SEMI JOIN found AS f ON {position} = f.first"

    def asked(self) -> str:
        """Return what is asked of a line: the texts of its dimensions, and its numbers."""
        return f"{{{', '.join(f'{name!r}: {text}' for name, text in self._told())}}}"

    def _told(self) -> Iterator[tuple[str, str]]:
        made = self.made
        yield "none", "0"
        for n, key in enumerate(made.dimensions[made.dated].keys):
            yield f"day{n}", f"CAST({key.text} AS VARCHAR)"
        if made.sorted.chip is not None:
            yield "chip", made.dimensions[made.chip or 0].keys[0].text
        for name in made.columns:
            column = made.sorted.facts.get(name)
            listed = column is not None and base_type(column) == "VARCHAR[]"
            yield f"f_{name}", column.sql if column is not None and listed else key_of(made, name)
        for item in made.numbers:
            yield f"n_{item.name}", f'"n_{item.name}"'

    def _answered(self, keys: tuple[int, ...], asked: dict[str, Any]) -> int:
        if self.seen is None:
            return self._known_or_decided(keys, asked)
        found = self.seen.get(keys)
        if found is None:
            if len(self.seen) >= MOST_DECIDED:
                self.seen.clear()
            found = self.seen[keys] = self._known_or_decided(keys, asked)
        return found

    def _known_or_decided(self, keys: tuple[int, ...], asked: dict[str, Any]) -> int:
        """Return the answer to a pattern: many differ only in what other laws of the book tell apart."""
        law = self._law(asked)
        narrower, classes, by_row = self.made.narrower[law], {}, []
        for key, radix in zip(keys, self.made.radix, strict=True):
            rest = key
            for size, dimension in radix:
                rest, digit = divmod(rest, size)
                if dimension is None:
                    by_row.append(digit)
                else:
                    classes[dimension] = narrower[dimension][digit]
        pattern = (law, *classes.values(), *by_row)
        found = self._decided.get(pattern)
        if found is None:
            if len(self._decided) >= MOST_DECIDED:
                self._decided.clear()
            found = self._decided[pattern] = self._answer(asked, classes, tuple(by_row))
        return found

    def _law(self, asked: dict[str, Any]) -> int:
        return self._days[self._day(asked)].law

    def _day(self, asked: dict[str, Any]) -> tuple[str | None, ...]:
        return tuple([asked[name] for name in self._day_names])

    def _answer(self, asked: dict[str, Any], classes: dict[int, int], by_row: tuple[int, ...]) -> int:
        facts, law = self.transaction(asked)
        decider = self.deciders.get(law)
        if decider is None:
            decider = self.deciders[law] = Briefs(self.made.laws[law], self.made.queries[law])
        resting = self.made.resting[law]

        def alike(clause: str) -> Hashable:
            """Return all that a clause can tell of the line: the classes of the dimensions on which it rests."""
            on = resting[clause]
            alone = tuple([number for dimension, number in classes.items() if dimension in on])
            return (alone, by_row) if ROW in on or len(on) > 1 else alone

        found = decider.decide(facts, alike)
        known = self._known.get(id(found))
        if known is not None and known[0] is found:
            return known[1]
        drawn = _drawn(decider, found)
        answer = (law, *(getattr(found, name) for name in FIELDS), found.allocates, found.clauses, found.missing, drawn)
        number = self.numbers.setdefault(answer, len(self.numbers))
        if number == len(self.takes):
            self.takes.append((DRAWS if drawn else 0) + (ALLOCATES if found.allocates else 0))
        if len(self._known) < MOST_KNOWN:
            self._known[id(found)] = (found, number)
        return number

    def transaction(self, asked: dict[str, Any]) -> tuple[dict[str, FactValue], int]:
        """Return the facts of a row from what :meth:`asked` gave of it, and the number of its law."""
        made = self.made
        stated = {name: asked[f"f_{name}"] for name in made.columns}
        for name, value in stated.items():
            if isinstance(value, list):
                stated[name] = tuple(value)
        facts = made.values.transaction(
            stated,
            asked.get("chip"),
            numbers={item.name: value for item in made.numbers if (value := asked[f"n_{item.name}"]) is not None},
        )
        entry = self._days[self._day(asked)]
        return facts | entry.facts, entry.law

    def __post_init__(self) -> None:
        self._decided: dict[tuple[int, ...], int] = {}
        self._day_names = [f"day{n}" for n in range(len(self.made.dimensions[self.made.dated].keys))]
        self._known: dict[int, tuple[Pattern, int]] = {}
        self._days = {entry.raw: entry for entry in self.made.dimensions[self.made.dated].entries}

    def lookup(self, name: str, *, listed: bool = False) -> str:
        """Return a field of the answer of rows: by its place in a list of all answers, which keeps their order.

        ``listed``: texts as values of an enumeration, which a file of columns takes over without looking at each.
        """
        kind = "listed" if listed and name in TEXTS else "answers"
        return f"list_extract(getvariable('{kind}_{name}'), {ANSWER} + 1)"

    def share(self, base: duckdb.DuckDBPyConnection) -> None:
        """Give another connection to the same tables what :meth:`lookup` looks into."""
        for name in (*FIELDS, "allocates", "clauses", "missing", "draws", "law_digest"):
            base.execute(f"SET VARIABLE answers_{name} = (SELECT list({name} ORDER BY answer) FROM answers)")
        for name in TEXTS:
            many = "[]" if name in LISTED else ""
            base.execute(
                f"SET VARIABLE listed_{name} = "
                f"(SELECT list(CAST({name} AS told_{name}{many}) ORDER BY answer) FROM answers)"
            )

    def _write(self, base: duckdb.DuckDBPyConnection) -> None:
        rows = list(self.numbers)
        text, listed = pa.string(), pa.list_(pa.string())
        types = {
            "law": pa.int32(),
            "outcome": text,
            "classification": text,
            "tier": pa.int32(),
            "controlled": pa.bool_(),
            "exception": text,
            "review_policy": text,
            "duty_pct": pa.decimal128(6, 3),
            "band": pa.int32(),
            "allocates": pa.bool_(),
            "clauses": listed,
            "missing": listed,
            "draws": text,
        }
        columns = {
            name: pa.array([_plain(row[n]) for row in rows], kind) for n, (name, kind) in enumerate(types.items())
        }
        digests = [law.digest for law in self.made.laws]
        columns["law_digest"] = pa.array([digests[row[0]] for row in rows], text)
        columns["answer"] = pa.array(range(len(rows)), pa.int32())
        base.register("given", pa.table(columns))
        base.execute("CREATE TABLE answers AS SELECT * FROM given")
        base.unregister("given")
        for name in TEXTS:
            told = f"unnest({name})" if name in LISTED else name
            found = f"SELECT DISTINCT v FROM (SELECT {told} AS v FROM answers) WHERE v IS NOT NULL ORDER BY v"
            words = [word for (word,) in base.execute(found).fetchall()] or [""]
            base.execute(f"DROP TYPE IF EXISTS told_{name}")  # of a part that was decided before
            base.execute(f"CREATE TYPE told_{name} AS ENUM ({', '.join(map(quoted_text, words))})")
        self.share(base)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _drawn(decider: Briefs, found: Pattern) -> str | None:
    """Return the clause on whose account a line draws: the exception's that is used, else the allocation's."""
    if found.outcome not in ("license_exception", "license_required"):
        return None
    kinds = ("allocation",) if found.outcome == "license_required" else ("exception", "authorization")
    clauses = decider.law.clauses
    return next((name for name in found.clauses if clauses[name].kind in kinds and clauses[name].form.draws), None)
