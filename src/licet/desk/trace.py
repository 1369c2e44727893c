"""The readable tree of one decision: every clause with its truth, its condition, and the facts that it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licet.clauses import expression as e
from licet.clauses.words import sql
from licet.decisions.facts import Facts
from licet.desk import labels
from licet.desk.conditions import Wording

if TYPE_CHECKING:
    from licet.clauses.evaluate import Verity
    from licet.decisions import Verdict
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Clause, Law

# The order in which a reader follows a decision; definitions stand inside the clauses that use them.
ORDER = (
    "jurisdiction",
    "classification",
    "tier",
    "prohibition",
    "requirement",
    "bar",
    "exception",
    "authorization",
    "review",
    "allocation",
    "obligation",
    "permission",
    "duty",
    "warning",
    "definition",
)


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact that a condition read: its title, its value in words, and how it was known."""

    title: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a condition: its words, its truth, and the clauses that it names."""

    words: str
    truth: Verity
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One clause in the trace."""

    id: str
    title: str
    cite: str
    seen: str
    truth: Verity
    text: str
    any_of: bool
    parts: tuple[Part, ...]
    facts: tuple[ReadFact, ...]
    masked: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The clauses of one kind."""

    title: str
    steps: tuple[Step, ...]
    held: int


class Tracing:
    """Rebuilds the tree of a verdict under the law that it was made with."""

    def __init__(self, law: Law, verdict: Verdict, tongue: Tongue) -> None:
        self.law = law
        self.verdict = verdict
        self.tongue = tongue
        self.wording = Wording(law, tongue)
        self.facts = Facts(law, verdict.facts)
        self.deciding = {citation.clause for citation in verdict.citations}

    def groups(self) -> list[Group]:
        """Return every clause, by kind, in the order of a decision."""
        found = []
        for kind in ORDER:
            steps = tuple(self.step(clause) for clause in self.law.of_kind(kind))  # type: ignore[arg-type]  # literals above
            if steps:
                title = self.tongue.text(labels.KINDS[kind])
                found.append(Group(title, steps, sum(step.truth is True for step in steps)))
        return found

    def step(self, clause: Clause) -> Step:
        """Return one clause of the trace."""
        condition = clause.condition
        parts = condition.parts if isinstance(condition, e.And | e.Or) else (condition,)
        masked = [mask.cite for mask in clause.masks if self.facts.oracle.truth(mask.where)]
        return Step(
            id=clause.id,
            title=self.tongue.pick(clause.form.title),
            cite=clause.form.cite,
            seen=self.tongue.text(labels.SEEN[clause.form.seen]),
            truth=self.verdict.trace.get(clause.id),
            text=sql(condition),
            any_of=isinstance(condition, e.Or),
            parts=tuple(self.part(part) for part in parts),
            facts=tuple(self.read(name) for name in e.facts_in(condition)),
            masked=masked[0] if masked else "",
            decides=clause.id in self.deciding,
        )

    def part(self, node: e.Condition) -> Part:
        """Return one part of a condition."""
        return Part(self.wording.words(node), self.facts.oracle.truth(node), e.clauses_in(node))

    def read(self, name: str) -> ReadFact:
        """Return what was known of a fact."""
        value = self.facts.value(name)
        words = labels.value_words(self.tongue, self.law.vocabulary[name], value)
        return ReadFact(self.wording.fact(name), words, self.how(name, value))

    def how(self, name: str, value: Any) -> str:
        """Say where the value of a fact came from."""
        _ = self.tongue.text
        if value is None:
            return _("not known")
        if name in self.verdict.facts:
            return _("assumed") if name in self.verdict.assumed else _("given")
        return _("derived") if name in self.law.derived else _("assumed")
