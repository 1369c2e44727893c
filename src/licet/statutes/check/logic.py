"""Clauses that cannot both be right: overlaps, gaps, and what can never be true or never be used.

Every finding here is certain: an overlap or a gap comes with a transaction that the oracle has confirmed, and what is
said to be impossible was refuted for all facts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.search import FALSE, TRUE, UNKNOWN
from licet.statutes import forms
from licet.statutes.check.finding import Finding
from licet.statutes.check.questions import Memory, Questions, alternatives, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.clauses.search import Goal
    from licet.statutes.law import Clause, Law
    from licet.statutes.library import Act

ONE_MUST: tuple[forms.ClauseKind, ...] = ("tier", "duty")
"""Kinds of which one must be true for every transaction, where a law has them at all."""
FIRST_COUNTS: tuple[forms.ClauseKind, ...] = (
    "jurisdiction",
    "classification",
    "tier",
    "review",
    "allocation",
    "duty",
)
STRICTER = ("not_stated", "presumption_of_approval", "case_by_case", "presumption_of_denial", "policy_of_denial")


@dataclass
class Logic:
    """Looks at the laws of one system, in the order of their days; tells each pair, gap or clause once."""

    memory: Memory
    told: set[tuple[str, ...]] = field(default_factory=set)
    possible: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    impossible: dict[str, Finding] = field(default_factory=dict)

    def of_laws(self, laws: Sequence[Law], *, whole: bool = True) -> Iterator[Finding]:
        """Yield what is wrong with any of the laws; where they are the ``whole`` chain, also what none makes right."""
        known: set[str] = set()
        for law in laws:
            if law.digest in known:
                continue
            known.add(law.digest)
            asked = Questions(law, self.memory)
            yield from self.orders(law)
            yield from self.overlaps(asked)
            yield from self.gaps(asked)
            yield from self.tables(asked)
            if whole:
                self.note_possible(asked)
        yield from (found for key, found in self.impossible.items() if key not in self.possible)

    def unseen(self) -> set[str]:
        """Return the places of clauses that nothing refutes, and that were true for no transaction that was tried."""
        keys = {key for key in self.possible - self.seen if key.startswith("clause ")}
        return {key.partition(" ")[2] for key in keys}

    def once(self, *key: str) -> bool:
        """Whether something is to be told now, and never again."""
        new = key not in self.told
        self.told.add(key)
        return new

    def orders(self, law: Law) -> Iterator[Finding]:
        """Yield clauses whose declared order runs in a circle."""
        order = {name: number for number, name in enumerate(law.clauses)}
        for clause in law.clauses.values():
            ahead = [(clause.id, name) for name in clause.form.overrides]
            ahead += [(name, clause.id) for name in clause.form.behind]
            for first, second in ahead:
                broken = first in order and second in order and order[first] > order[second]
                if broken and self.once("order", clause.place, first, second):
                    what = f"{first} cannot stand before {second}: other clauses say the contrary"
                    yield Finding(
                        clause.place, what, "mend 'overrides' and 'behind' of the clauses that count before them"
                    )

    def overlaps(self, asked: Questions) -> Iterator[Finding]:
        """Yield clauses of which the first counts, that are true at once, yield another thing, and have no order."""
        law = asked.law
        before, listed = _declared(law), _listed_by(law)
        for kind in FIRST_COUNTS:
            for first, second in combinations(law.of_kind(kind), 2):
                if _same_yield(first, second) or (first.id, second.id) in before or (second.id, first.id) in before:
                    continue
                if kind == "review" and (listed.get(first.id) == listed.get(second.id) or _stricter(first, second)):
                    continue
                if ("overlap", first.place, second.place) in self.told:
                    continue
                goals = [(e.Refer(first.id), TRUE), (e.Refer(second.id), TRUE), *_asked_for(law, kind)]
                answer = asked.ask(*goals)
                if answer.facts is not None and self.once("overlap", first.place, second.place):
                    yield _overlap(first, second, asked.shown(goals, answer.facts))

    def gaps(self, asked: Questions) -> Iterator[Finding]:
        """Yield transactions for which one clause must be true, and none is."""
        law = asked.law
        if not law.acts:
            return
        for kind in ONE_MUST:
            clauses = law.of_kind(kind)
            goals = [*alternatives(clauses, FALSE), *_asked_for(law, kind)]
            if clauses and ("gap", kind) not in self.told and (facts := asked.ask(*goals).facts) is not None:
                self.once("gap", kind)
                what = f"no {kind} is given where {asked.shown(goals, facts)}"
                yield Finding(clauses[0].place, what, f"add a {kind} for the rest, or widen a condition")
        for clause in law.of_kind("requirement"):
            yield from self.reviews(clause, asked)

    def reviews(self, clause: Clause, asked: Questions) -> Iterator[Finding]:
        """Yield a transaction that needs a license by ``clause``, and for which no review policy is given."""
        if clause.form.review or clause.form.status == "unknown" or ("review", clause.place) in self.told:
            return
        law = asked.law
        goals = [(e.Refer(clause.id), TRUE), *alternatives(law.of_kind("review"), FALSE), *_reached(law)]
        facts = asked.ask(*goals).facts
        if facts is not None and self.once("review", clause.place):
            what = f"no review policy is given for {clause.id} where {asked.shown(goals, facts)}"
            fix = f"add a review clause, or say 'review: not_stated' in {clause.id}"
            yield Finding(clause.place, what, fix)

    def tables(self, asked: Questions) -> Iterator[Finding]:
        """Yield days on which a clause asks a table that has no value for them and does not say so."""
        law = asked.law
        for clause in law.clauses.values():
            for table in _tables_asked(clause, law):
                day = _without_value(law.table_forms[table], asked.days)
                if day is None or ("table", table) in self.told:
                    continue
                answer = asked.ask((e.Refer(clause.id), TRUE | UNKNOWN), days=(day, day))
                if not answer.refuted and self.once("table", table):
                    what = f"the table {table} has no value on {day}, when {clause.id} asks for it"
                    yield Finding(_place_of(law, table), what, "add a row, or 'outside:' with a number or 'unknown'")

    def note_possible(self, asked: Questions) -> None:
        """Note what can be true here, and what would be told of it if it can be nowhere."""
        for clause in asked.law.clauses.values():
            self._note_clause(clause, asked)
        for clause in asked.law.of_kind("exception", "authorization"):
            self._note_way(clause, asked)
        for clause in asked.law.of_kind("obligation"):
            self._note_obligation(clause, asked)
        if asked.law.basis == "enforced":
            for clause in asked.law.clauses.values():
                self._note_masks(clause, asked)

    def _note(self, key: str, finding: Finding, asked: Questions, *goals: Goal) -> bool:
        """Ask whether goals can be met; note the finding where they cannot. Returns whether they can, or may."""
        if key not in self.seen:
            answer = asked.ask(*goals)
            if answer.facts is not None:
                self.seen.add(key)
            if not answer.refuted:
                self.possible.add(key)
            else:
                self.impossible.setdefault(key, finding)
        return key in self.possible

    def _note_clause(self, clause: Clause, asked: Questions) -> None:
        finding = Finding(clause.place, f"{clause.id} can never be true", "mend its condition, or repeal it")
        want = TRUE if clause.form.status == "in_force" else TRUE | UNKNOWN
        self._note(f"clause {clause.place}", finding, asked, (e.Refer(clause.id), want))

    def _note_way(self, way: Clause, asked: Questions) -> None:
        if f"clause {way.place}" not in self.possible:
            return
        bars = [bar for bar in asked.law.of_kind("bar") if _bars(bar, way)]
        what = f"{way.id} can never be used: where it is true, a bar forbids it"
        fix = f"name it under 'allows' of {' or '.join(bar.id for bar in bars) or 'a bar'}, or mend its condition"
        goals = [(e.Refer(way.id), TRUE), *alternatives(bars, FALSE)]
        self._note(f"way {way.place}", Finding(way.place, what, fix), asked, *goals)

    def _note_obligation(self, clause: Clause, asked: Questions) -> None:
        law = asked.law
        for name in clause.form.attends:
            attended = [law.clauses[name]] if name in law.clauses else list(law.of_kind("requirement"))
            if f"clause {clause.place}" not in self.possible or not attended:
                continue
            if name != "license" and f"clause {attended[0].place}" not in self.possible:
                continue
            what = f"{clause.id} attends {name}, and the two are never true together"
            finding = Finding(clause.place, what, f"leave {name} out, or mend the condition")
            goals = [(e.Refer(clause.id), TRUE | UNKNOWN), (any_of(attended), TRUE)]
            self._note(f"attends {clause.place} {name}", finding, asked, *goals)

    def _note_masks(self, clause: Clause, asked: Questions) -> None:
        for mask in clause.masks:
            act = next(act for act in asked.law.acts if act.id == mask.act)
            where = _mask_place(act, clause.id, mask.text)
            what = f"the mask of {clause.id} is never true where {clause.id} is"
            finding = Finding(where, what, "mend 'where', or leave the mask out")
            self._note(f"mask {where} {clause.id}", finding, asked, (clause.printed, TRUE), (mask.where, TRUE))


def _declared(law: Law) -> set[tuple[str, str]]:
    """Return the pairs of clauses that stand one before the other because the data says so, also through others."""
    after: dict[str, set[str]] = {}
    for clause in law.clauses.values():
        after.setdefault(clause.id, set()).update(clause.form.overrides)
        for name in clause.form.behind:
            after.setdefault(name, set()).add(clause.id)
    return {(name, other) for name in after for other in _reach(name, after)}


def _reach(name: str, after: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    queue = [name]
    while queue:
        more = after.get(queue.pop(), set()) - found
        found |= more
        queue += more
    return found


def _same_yield(first: Clause, second: Clause) -> bool:
    return all(
        getattr(first.form, key) == getattr(second.form, key) for key in ("yields", "by", "names", "draws", "band")
    )


def _listed_by(law: Law) -> dict[str, str]:
    """Return the act in whose list each clause came to stand; what replaces a clause takes its place there."""
    listed = {}
    for act in law.acts:
        for amendment in act.amendments:
            if isinstance(amendment, forms.ClauseForm) and not amendment.replacing:
                start = act.start(amendment)
                if start is None or start <= law.first:
                    listed[amendment.id] = act.id
    return listed


def _stricter(first: Clause, second: Clause) -> bool:
    """Whether of two reviews the first is at least as strict: where both are true, it is what an application meets."""
    return STRICTER.index(first.form.yields) >= STRICTER.index(second.form.yields)


def _reached(law: Law) -> list[Goal]:
    return list(alternatives(law.of_kind("jurisdiction", "prohibition"), FALSE))


def _asked_for(law: Law, kind: forms.ClauseKind) -> list[Goal]:
    """Return when a clause of a kind is asked for at all: the item is subject, and for a license one is required."""
    if kind == "jurisdiction":
        return []
    if kind not in ("review", "allocation"):
        return list(alternatives(law.of_kind("jurisdiction"), FALSE))
    return [(any_of(law.of_kind("requirement")), TRUE), *_reached(law)]


def _overlap(first: Clause, second: Clause, shown: str) -> Finding:
    dates = [clause.act.head.dates.released for clause in (first, second)]
    later, other = (first, second) if dates[0] > dates[1] else (second, first)
    what = f"{first.id} and {second.id} are both true where {shown}, and nothing says which counts"
    fix = f"write 'overrides: [{other.id}]' or 'behind: [{other.id}]' in {later.id}, or make their conditions disjoint"
    return Finding(later.place, what, fix)


def _bars(bar: Clause, way: Clause) -> bool:
    reaches = way.kind == "exception" or bar.form.yields == "everything"
    return reaches and way.id not in (bar.form.allows or ())


def _tables_asked(clause: Clause, law: Law) -> list[str]:
    """Return the tables that a clause, or the limit of its account, asks for the day of the transaction."""
    limit = law.limits.get(clause.id)
    roots: list[e.Node] = [clause.condition] if limit is None else [clause.condition, limit]
    nodes = [node for root in roots for node in e.walk(root) if isinstance(node, e.Lookup)]
    return list(dict.fromkeys(node.table for node in nodes if node.key == e.FactTerm("date", "date")))


def _without_value(form: forms.TableForm, days: tuple[dt.date, dt.date]) -> dt.date | None:
    """Return the first of ``days`` for which a table has no value and does not say that it has none."""
    day, last = days
    if form.outside is not None:
        return None
    for row in form.rows:
        if row.start and row.start > day:
            break
        if row.end is None or row.end >= last:
            return None
        day = max(day, row.end + dt.timedelta(days=1))
    return day


def _place_of(law: Law, table: str) -> str:
    """Return the ``file:line`` of a table in force."""
    form = law.table_forms[table]
    listed = [pair for act in law.acts for pair in zip(act.amendments, act.places, strict=True)]
    return next((where for amendment, where in listed if amendment is form), table)


def _mask_place(act: Act, target: str, text: str) -> str:
    listed = [(a, w) for a, w in zip(act.amendments, act.places, strict=True) if isinstance(a, forms.MaskForm)]
    return next((where for mask, where in listed if mask.mask == target and mask.where == text), act.places[0])
