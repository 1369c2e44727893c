"""The law as one SQL query: each row of a table of transactions to its verdict's scalar fields and deciding clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from licet.clauses import expression as e
from licet.clauses.dialects import Width
from licet.clauses.sql import Columns, nested
from licet.errors import LawError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from licet.statutes.law import Clause, Law

FIELDS = (
    "outcome",
    "classification",
    "tier",
    "controlled",
    "exception",
    "review_policy",
    "allocation_tpp",
    "total_tpp",
    "duty_pct",
    "band",
    "clauses",
)
DUTY = Width(3, 3)
"""A percentage."""


class Layer(NamedTuple):
    """Columns that are added in one step, each as ``expression AS name``; ``name`` says what they are."""

    name: str
    columns: list[str]


def query(law: Law, table: str, columns: Collection[str], *, keep: Collection[str] = (), traced: bool = False) -> str:
    """Return the query in DuckDB's dialect.

    ``table``: where the transactions are, a name or a query in brackets; ``columns``: the facts that it has, each of
    the type of :func:`licet.clauses.sql.column_type`, places as rows of the country chart; ``keep``: columns to carry
    over; ``traced``: the truth of every clause too, as ``c_id``. Further columns are :data:`FIELDS`.
    """
    writing = Columns(law.program, columns, named_sets=True)
    layers = [layer.columns for layer in answer(law, writing)]
    shown = [f'"{name}"' for name in keep] + [f'{answered(name)} AS "{name}"' for name in FIELDS]
    shown += [writing.clause(name) for name in law.clauses] if traced else []
    return f"WITH {nested(layers, table)}\nSELECT {', '.join(shown)} FROM l{len(layers) - 1}"


def answer(law: Law, columns: Columns) -> list[Layer]:
    """Return the layers of columns that add the answer to a table of transactions, in the dialect of ``columns``.

    The last has a column for each of :data:`FIELDS`, named by :func:`answered`. Raises :class:`LawError` for an id that
    could not be told from two: some engines part a list at commas.
    """
    if parted := [clause for clause in law.clauses.values() if "," in clause.id]:
        raise LawError(f"the id '{parted[0].id}' has a comma", where=parted[0].place, fix="leave the comma out")
    clauses = [Layer(f"law_{number}", layer) for number, layer in enumerate(columns.layers(), 1)]
    return [*clauses, *_Answer(law, columns).layers()]


def answered(field: str) -> str:
    """Return the column that holds a field of the answer."""
    return f"d_{field}"


class _Answer:
    """Writes what :class:`licet.decisions.decide.Case` works out, as columns ``d_name``."""

    def __init__(self, law: Law, columns: Columns) -> None:
        self.law = law
        self.columns = columns
        self.dialect = columns.dialect
        self.unbarred = self._unbarred()

    def layers(self) -> list[Layer]:
        kinds = ("jurisdiction", "tier", "classification", "review", "allocation", "duty")
        first = [f"{self.first(kind)} AS i_{kind}" for kind in kinds]
        first += [f"{self.any('requirement')} AS i_required", f"{self.any('prohibition')} AS i_prohibited"]
        first += [f"{self.unknown('requirement')} AS i_unsure", f"{self.doubtful()} AS i_doubtful"]
        first += [f"{text} AS {name}" for name, text in self.unbarred.values()]
        parts = [f"{self.part(name)} AS i_has_{name}" for name in ("review", "allocation", "duty", "tier")]
        return [
            Layer("gates", first),
            Layer("ways", [f"{self.way()} AS i_way"]),
            Layer("outcomes", [f"{self.outcome()} AS d_outcome", f"{self.controlled()} AS d_controlled"]),
            Layer("parts", parts),
            Layer("answers", [*self.fields(), f"{self.clauses()} AS d_clauses"]),
        ]

    def truth(self, clause: Clause) -> str:
        return self.columns.clause(clause.id)

    def of_kind(self, *kinds: str) -> tuple[Clause, ...]:
        return self.law.of_kind(*kinds)  # type: ignore[arg-type]  # kinds are literals where this is called

    def text(self, value: str) -> str:
        return f"CAST({value} AS {self.dialect.text})"

    def first(self, kind: str) -> str:
        """Return the id of the first clause that is true, unless one before it is unknown."""
        cases = [
            f"WHEN {self.truth(c)} IS NULL THEN NULL WHEN {self.truth(c)} THEN {self.id(c)}" for c in self.of_kind(kind)
        ]
        return _case(cases, self.text("NULL"))

    def id(self, clause: Clause) -> str:
        return self.dialect.string(clause.id)

    def any(self, kind: str) -> str:
        """Return whether a clause of a kind is true; never NULL."""
        return " OR ".join(f"COALESCE({self.truth(c)}, FALSE)" for c in self.of_kind(kind)) or "FALSE"

    def unknown(self, kind: str) -> str:
        """Return whether a clause of a kind is unknown."""
        return " OR ".join(f"{self.truth(c)} IS NULL" for c in self.of_kind(kind)) or "FALSE"

    def doubtful(self) -> str:
        required = f"(NOT ({self.any('requirement')}) AND ({self.unknown('requirement')}))"
        return f"({self.unknown('jurisdiction')}) OR ({self.unknown('prohibition')}) OR {required}"

    def bars(self, clause: Clause) -> tuple[str, ...]:
        """Return the columns of the bars that reach an exception or authorization."""
        return tuple(
            self.truth(bar)
            for bar in self.of_kind("bar")
            if (clause.kind == "exception" or bar.form.yields == "everything")
            and clause.id not in (bar.form.allows or ())
        )

    def _unbarred(self) -> dict[tuple[str, ...], tuple[str, str]]:
        """Return, for bars that reach the same exceptions, a column that says that none of them holds or might."""
        found: dict[tuple[str, ...], tuple[str, str]] = {}
        for clause in self.of_kind("exception", "authorization"):
            bars = self.bars(clause)
            if bars and bars not in found:
                text = " AND ".join(f"COALESCE(NOT {bar}, FALSE)" for bar in bars)
                found[bars] = (f"i_unbarred_{len(found) + 1}", text)
        return found

    def way(self) -> str:
        """Return the id of the first exception or authorization that is open."""
        cases = [f"WHEN {self.open(c)} THEN {self.id(c)}" for c in self.of_kind("exception", "authorization")]
        return _case(cases, self.text("NULL"))

    def open(self, clause: Clause) -> str:
        bars = self.bars(clause)
        return f"{self.truth(clause)} AND {self.unbarred[bars][0]}" if bars else self.truth(clause)

    def outcome(self) -> str:
        if not self.law.acts:
            return "'undecided'"
        yields = self.yields("jurisdiction", "i_jurisdiction")
        return (
            f"CASE WHEN i_jurisdiction IS NOT NULL THEN {yields} WHEN i_prohibited THEN 'prohibited' "
            "WHEN i_doubtful THEN 'undecided' WHEN NOT i_required THEN 'no_license_required' "
            "WHEN i_way IS NOT NULL THEN 'license_exception' ELSE 'license_required' END"
        )

    def controlled(self) -> str:
        unsure = "i_unsure" if self.law.acts else "TRUE"
        return (
            "CASE WHEN i_jurisdiction IS NOT NULL THEN FALSE WHEN i_required THEN TRUE "
            f"WHEN {unsure} THEN CAST(NULL AS {self.dialect.boolean}) ELSE FALSE END"
        )

    def part(self, name: str) -> str:
        """Return the clause of a kind where the outcome asks for it."""
        asked = {
            "review": "d_outcome = 'license_required'",
            "allocation": "d_outcome = 'license_required'",
            "duty": "i_jurisdiction IS NULL",
            "tier": "d_outcome NOT IN ('not_subject', 'not_an_export')",
        }
        return f"CASE WHEN {asked[name]} THEN i_{name} END"

    def yields(self, kind: str, column: str, cast: str = "") -> str:
        """Return what the clause named in a column yields."""
        cases = [
            f"WHEN {column} = {self.id(c)} THEN {c.form.yields if cast else self.dialect.string(c.form.yields)}"
            for c in self.of_kind(kind)
        ]
        return f"CAST({_case(cases, 'NULL')} AS {cast or self.dialect.text})"

    def eccn(self) -> str:
        """Return the ECCN that the classification yields: by a fact where it says so, as :meth:`Clause.eccn`."""
        cases = [
            f"WHEN i_classification = {self.id(c)} THEN {self.named_by(c)}" for c in self.of_kind("classification")
        ]
        return _case(cases, self.text("NULL"))

    def named_by(self, clause: Clause) -> str:
        form, string = clause.form, self.dialect.string
        otherwise = string(form.yields)
        if not form.by:
            return otherwise
        value = self.columns.fact(form.by)
        if not form.names:
            return f"COALESCE({value}, {otherwise})"
        named = [f"WHEN {value} = {string(key)} THEN {string(name)}" for key, name in form.names.items()]
        return f"CASE {' '.join(named)} ELSE {otherwise} END"

    def fields(self) -> list[str]:
        stated = self.yields("review", "i_has_review")
        nowhere = f"d_outcome = 'license_required' AND NOT ({self.unknown('review')})"
        return [
            f"{self.eccn()} AS d_classification",
            f"{self.yields('tier', 'i_has_tier', self.dialect.integer)} AS d_tier",
            f"{self.exception()} AS d_exception",
            f"CASE WHEN i_has_review IS NOT NULL THEN {stated} WHEN {nowhere} THEN 'not_stated' END AS d_review_policy",
            f"{self.allocation()} AS d_allocation_tpp",
            f"{self.total()} AS d_total_tpp",
            f"{self.yields('duty', 'i_has_duty', self.dialect.decimal(DUTY))} AS d_duty_pct",
            f"{self.band()} AS d_band",
        ]

    def exception(self) -> str:
        ways = self.of_kind("exception", "authorization")
        cases = [f"WHEN i_way = {self.id(c)} THEN {self.dialect.string(c.form.yields)}" for c in ways]
        return (
            f"CASE WHEN d_outcome = 'license_exception' THEN {_case(cases, 'NULL')} END" if ways else self.text("NULL")
        )

    def total(self) -> str:
        return self.columns.fact("total_tpp")

    def allocation(self) -> str:
        """Return what a granted license would draw; unknown where its limit says nothing of the day."""
        cases = [
            f"WHEN i_has_allocation = {self.id(c)} AND {self.columns.value(self.law.limits[c.id])} IS NOT NULL "
            f"THEN {self.total()}"
            for c in self.of_kind("allocation")
        ]
        none = "WHEN d_outcome = 'undecided' THEN NULL WHEN i_has_allocation IS NULL THEN 0"
        return f"CASE {none} {' '.join(cases)} END"

    def band(self) -> str:
        bands = [c for c in self.of_kind("duty") if c.form.band is not None]
        none = f"CAST(NULL AS {self.dialect.integer})"
        return _case([f"WHEN i_has_duty = {self.id(c)} THEN {c.form.band}" for c in bands], none)

    def clauses(self) -> str:
        """Return the ids of the clauses that decided, in the order of :attr:`Case.deciding`."""
        named = ["i_has_tier", "i_classification"]
        named += [self.named(c, self.truth(c)) for kind in ("prohibition", "requirement") for c in self.of_kind(kind)]
        named += [self.named(c, f"d_outcome = 'no_license_required' AND {self.masked(c)}") for c in self.masks()]
        named += [
            "CASE WHEN d_outcome = 'license_exception' THEN i_way END",
            self.review(),
            "i_has_allocation",
            "i_has_duty",
        ]
        for kind in ("jurisdiction", "prohibition"):
            named += [self.named(c, f"d_outcome = 'undecided' AND {self.truth(c)} IS NULL") for c in self.of_kind(kind)]
        named += [
            self.named(c, f"d_outcome = 'undecided' AND NOT i_required AND {self.truth(c)} IS NULL")
            for c in self.of_kind("requirement")
        ]
        alone = f"WHEN i_jurisdiction IS NOT NULL THEN {self.dialect.alone('i_jurisdiction')}"
        return f"CASE {alone} ELSE {self.dialect.kept(named)} END"

    def named(self, clause: Clause, condition: str) -> str:
        return f"CASE WHEN {condition} THEN {self.id(clause)} END"

    def masks(self) -> list[Clause]:
        return [clause for clause in self.of_kind("requirement") if clause.masks]

    def masked(self, clause: Clause) -> str:
        """Return whether a clause is printed here and not enforced."""
        wheres = " OR ".join(f"COALESCE({self.columns.truth(mask.where)}, FALSE)" for mask in clause.masks)
        return f"{self.columns.truth(clause.printed)} AND ({wheres})"

    def review(self) -> str:
        """Return the review policy, else the one of which nobody could tell whether it is in force."""
        reviews = self.of_kind("review")
        if all(self.tied(c.condition) for c in reviews):
            return "i_has_review"
        cases = [f"WHEN {self.truth(c)} IS NULL THEN {self.unwanting(c)}" for c in reviews]
        doubtful = f"WHEN d_outcome = 'license_required' THEN {_case(cases, 'NULL')}"
        return f"CASE WHEN i_has_review IS NOT NULL THEN i_has_review {doubtful} END"

    def unwanting(self, clause: Clause) -> str:
        """Return the id of an unknown clause if no fact would settle it."""
        return "NULL" if self.tied(clause.condition) else self.named(clause, f"NOT {self.wanting(clause.condition)}")

    def tied(self, node: e.Node) -> bool:
        """Return whether ``node`` is unknown only where a fact is: no status and no table leaves it so by itself."""
        match node:
            case e.Always(None):
                return False
            case e.Lookup(table) if self.law.tables[table].outside is None:
                return False
            case e.Refer(clause):
                return self.tied(self.law.conditions[clause])
        return all(map(self.tied, e.children(node)))

    def wanting(self, node: e.Node) -> str:
        """Return whether an unknown condition wants a fact, as :meth:`Oracle.wanted` finds one."""
        columns = self.columns
        match node:
            case e.FactTerm(name) | e.Truth(name):
                return f"({columns.fact(name)} IS NULL)"
            case e.And() | e.Or() | e.Not() | e.Compare() | e.CompareRatio() | e.Member() | e.Refer() if self.tied(
                node
            ):
                return f"({columns.truth(node)} IS NULL)"
            case e.Refer(clause):
                inner = self.wanting(self.law.conditions[clause])
                return f"({columns.clause(clause)} IS NULL AND {inner})"
            case e.CompareRatio(_, stated, of, over):
                by = f"CASE WHEN {columns.value(over)} IS NULL THEN {self.wanting(stated)} ELSE {self.wanting(of)} END"
                return f"({columns.truth(node)} IS NULL AND {by})"
            case e.And() | e.Or() | e.Not() | e.Compare() | e.Member():
                return f"({columns.truth(node)} IS NULL AND ({_or(self.wanting, e.children(node))}))"
        return _or(self.wanting, e.children(node))


def _or(write: Callable[[e.Node], str], nodes: Iterable[e.Node]) -> str:
    return " OR ".join(write(node) for node in nodes) or "FALSE"


def _case(cases: list[str], otherwise: str) -> str:
    return f"CASE {' '.join(cases)} END" if cases else otherwise
