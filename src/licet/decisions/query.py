"""The law as one SQL query: each row of a table of transactions to its verdict's scalar fields and deciding clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.sql import Columns, literal, nested

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


def query(law: Law, table: str, columns: Collection[str], *, keep: Collection[str] = (), traced: bool = False) -> str:
    """Return the query in DuckDB's dialect.

    ``table``: where the transactions are, a name or a query in brackets; ``columns``: the facts that it has, each of
    the type of :func:`licet.clauses.sql.column_type`, places as rows of the country chart; ``keep``: columns to carry
    over; ``traced``: the truth of every clause too, as ``c_id``. Further columns are :data:`FIELDS`.
    """
    writing = _Query(law, Columns(law.program, columns))
    layers = [*writing.columns.layers(), *writing.layers()]
    shown = [f'"{name}"' for name in keep] + [f'd_{name} AS "{name}"' for name in FIELDS]
    shown += [writing.columns.clause(name) for name in law.clauses] if traced else []
    return f"WITH {nested(layers, table)}\nSELECT {', '.join(shown)} FROM l{len(layers) - 1}"


class _Query:
    """Writes what :class:`licet.decisions.decide.Case` works out, as columns ``d_name``."""

    def __init__(self, law: Law, columns: Columns) -> None:
        self.law = law
        self.columns = columns

    def layers(self) -> list[list[str]]:
        kinds = ("jurisdiction", "tier", "classification", "review", "allocation", "duty")
        first = [f"{self.first(kind)} AS i_{kind}" for kind in kinds]
        first += [
            f"{self.any('requirement', 'IS TRUE')} AS i_required",
            f"{self.any('prohibition', 'IS TRUE')} AS i_prohibited",
        ]
        first += [f"{self.any('requirement', 'IS NULL')} AS i_unsure", f"{self.doubtful()} AS i_doubtful"]
        first += [f"{self.way()} AS i_way"]
        return [
            first,
            [f"{self.outcome()} AS d_outcome", f"{self.controlled()} AS d_controlled"],
            [f"{self.part(name)} AS i_has_{name}" for name in ("review", "allocation", "duty", "tier")],
            self.fields(),
            [f"{self.clauses()} AS d_clauses"],
        ]

    def truth(self, clause: Clause) -> str:
        return self.columns.clause(clause.id)

    def of_kind(self, *kinds: str) -> tuple[Clause, ...]:
        return self.law.of_kind(*kinds)  # type: ignore[arg-type]  # kinds are literals where this is called

    def first(self, kind: str) -> str:
        """Return the id of the first clause that is true, unless one before it is unknown."""
        cases = [
            f"WHEN {self.truth(c)} IS NULL THEN NULL WHEN {self.truth(c)} THEN {literal(c.id)}"
            for c in self.of_kind(kind)
        ]
        return _case(cases, "CAST(NULL AS VARCHAR)")

    def any(self, kind: str, state: str) -> str:
        return " OR ".join(f"{self.truth(c)} {state}" for c in self.of_kind(kind)) or "FALSE"

    def doubtful(self) -> str:
        required = f"(NOT ({self.any('requirement', 'IS TRUE')}) AND ({self.any('requirement', 'IS NULL')}))"
        unsure = f"({self.any('jurisdiction', 'IS NULL')}) OR ({self.any('prohibition', 'IS NULL')})"
        return f"({unsure} OR {required})"

    def way(self) -> str:
        """Return the id of the first exception or authorization that is open."""
        cases = [f"WHEN {self.open(c)} THEN {literal(c.id)}" for c in self.of_kind("exception", "authorization")]
        return _case(cases, "CAST(NULL AS VARCHAR)")

    def open(self, clause: Clause) -> str:
        bars = [
            bar
            for bar in self.of_kind("bar")
            if (clause.kind == "exception" or bar.form.yields == "everything")
            and clause.id not in (bar.form.allows or ())
        ]
        return " AND ".join([f"{self.truth(clause)} IS TRUE", *(f"{self.truth(bar)} IS FALSE" for bar in bars)])

    def outcome(self) -> str:
        if not self.law.acts:
            return "'undecided'"
        yields = self.yields("jurisdiction")
        return (
            f"CASE WHEN i_jurisdiction IS NOT NULL THEN {yields} WHEN i_prohibited THEN 'prohibited' "
            "WHEN i_doubtful THEN 'undecided' WHEN NOT i_required THEN 'no_license_required' "
            "WHEN i_way IS NOT NULL THEN 'license_exception' ELSE 'license_required' END"
        )

    def controlled(self) -> str:
        unsure = "i_unsure" if self.law.acts else "TRUE"
        return (
            "CASE WHEN i_jurisdiction IS NOT NULL THEN FALSE WHEN i_required THEN TRUE "
            f"WHEN {unsure} THEN CAST(NULL AS BOOLEAN) ELSE FALSE END"
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

    def yields(self, kind: str, column: str = "", cast: str = "VARCHAR") -> str:
        """Return what the clause named in a column yields."""
        cases = [
            f"WHEN {column or 'i_' + kind} = {literal(c.id)} THEN {_as(c.form.yields, cast)}"
            for c in self.of_kind(kind)
        ]
        return _case(cases, f"CAST(NULL AS {cast})")

    def eccn(self) -> str:
        """Return the ECCN that the classification yields: by a fact where it says so, as :meth:`Clause.eccn`."""
        cases = [
            f"WHEN i_classification = {literal(c.id)} THEN {self.named_by(c)}" for c in self.of_kind("classification")
        ]
        return _case(cases, _text("NULL"))

    def named_by(self, clause: Clause) -> str:
        form = clause.form
        if not form.by:
            return literal(form.yields)
        value = self.columns.fact(form.by)
        if not form.names:
            return f"COALESCE({value}, {literal(form.yields)})"
        named = [f"WHEN {value} = {literal(key)} THEN {literal(name)}" for key, name in form.names.items()]
        return f"CASE {' '.join(named)} ELSE {literal(form.yields)} END"

    def fields(self) -> list[str]:
        stated = self.yields("review", "i_has_review")
        nowhere = f"d_outcome = 'license_required' AND NOT ({self.any('review', 'IS NULL')})"
        return [
            f"{self.eccn()} AS d_classification",
            f"{self.yields('tier', 'i_has_tier', 'INTEGER')} AS d_tier",
            f"{self.exception()} AS d_exception",
            f"CASE WHEN i_has_review IS NOT NULL THEN {stated} WHEN {nowhere} THEN 'not_stated' END AS d_review_policy",
            f"{self.allocation()} AS d_allocation_tpp",
            f"{self.total()} AS d_total_tpp",
            f"{self.yields('duty', 'i_has_duty', 'DECIMAL(6, 3)')} AS d_duty_pct",
            f"{self.band()} AS d_band",
        ]

    def exception(self) -> str:
        ways = self.of_kind("exception", "authorization")
        cases = [f"WHEN i_way = {literal(c.id)} THEN {literal(c.form.yields)}" for c in ways]
        return f"CASE WHEN d_outcome = 'license_exception' THEN {_case(cases, 'NULL')} END" if ways else _text("NULL")

    def total(self) -> str:
        return self.columns.fact("total_tpp")

    def allocation(self) -> str:
        """Return what a granted license would draw; unknown where its limit says nothing of the day."""
        cases = [
            f"WHEN i_has_allocation = {literal(c.id)} AND {self.columns.value(self.law.limits[c.id])} IS NOT NULL "
            f"THEN {self.total()}"
            for c in self.of_kind("allocation")
        ]
        none = "WHEN d_outcome = 'undecided' THEN NULL WHEN i_has_allocation IS NULL THEN 0"
        return f"CASE {none} {' '.join(cases)} END"

    def band(self) -> str:
        bands = [c for c in self.of_kind("duty") if c.form.band is not None]
        return _case([f"WHEN i_has_duty = {literal(c.id)} THEN {c.form.band}" for c in bands], "CAST(NULL AS INTEGER)")

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
        # Every engine has concat_ws, which leaves NULLs out; how lists are filtered differs from one to the next.
        listed = f"string_split(NULLIF(concat_ws(',', {', '.join(named)}), ''), ',')"
        alone = "WHEN i_jurisdiction IS NOT NULL THEN [i_jurisdiction]"
        return f"CASE {alone} ELSE COALESCE({listed}, CAST([] AS VARCHAR[])) END"

    @staticmethod
    def named(clause: Clause, condition: str) -> str:
        return f"CASE WHEN {condition} THEN {literal(clause.id)} END"

    def masks(self) -> list[Clause]:
        return [clause for clause in self.of_kind("requirement") if clause.masks]

    def masked(self, clause: Clause) -> str:
        """Return whether a clause is printed here and not enforced."""
        wheres = " OR ".join(f"({self.columns.truth(mask.where)}) IS TRUE" for mask in clause.masks)
        return f"({self.columns.truth(clause.printed)}) IS TRUE AND ({wheres})"

    def review(self) -> str:
        """Return the review policy, else the one of which nobody could tell whether it is in force."""
        cases = [
            f"WHEN {self.truth(c)} IS NULL THEN {self.named(c, f'NOT {self.wanting(c.condition)}')}"
            for c in self.of_kind("review")
        ]
        doubtful = f"WHEN d_outcome = 'license_required' THEN {_case(cases, 'NULL')}"
        return f"CASE WHEN i_has_review IS NOT NULL THEN i_has_review {doubtful} END" if cases else "i_has_review"

    def wanting(self, node: e.Node) -> str:
        """Return whether an unknown condition wants a fact, as :meth:`Oracle.wanted` finds one."""
        columns = self.columns
        match node:
            case e.FactTerm(name) | e.Truth(name):
                return f"({columns.fact(name)} IS NULL)"
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


def _as(text: str, cast: str) -> str:
    return literal(text) if cast == "VARCHAR" else f"CAST({text} AS {cast})"


def _text(value: str) -> str:
    return f"CAST({value} AS VARCHAR)"
