"""Names in the law data that lead nowhere, and parts that nothing leads to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.statutes import forms
from licet.statutes.check.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.statutes.check.reading import Draft
    from licet.statutes.law import Clause, Law
    from licet.statutes.library import Act


@dataclass
class References:
    """What one system's acts name, seen over all its laws."""

    draft: Draft
    system: str
    laws: list[Law]
    lost: set[str] = field(default_factory=set)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong."""
        for act in self.acts:
            for amendment, where in zip(act.amendments, act.places, strict=True):
                yield from self.readings_named(amendment, where)
                match amendment:
                    case forms.ClauseForm():
                        yield from self.ordered(amendment, where)
                    case forms.MaskForm():
                        yield from self.masks(act, amendment, where)
                    case forms.SetForm():
                        yield from self.members(amendment, where)
            yield from self.unread(act)
        for law in self.laws:
            for clause in law.clauses.values():
                yield from _ways(clause, law)
        for clause, law in self.clauses.values():
            yield from _units(clause, law)
        yield from self.unused()

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """The acts of the system, in the order of release."""
        return self.draft.systems[self.system]

    @cached_property
    def amendments(self) -> list[tuple[forms.AnyAmendment, str]]:
        """Every amendment with its place."""
        return [pair for act in self.acts for pair in zip(act.amendments, act.places, strict=True)]

    @cached_property
    def kinds(self) -> dict[str, set[forms.ClauseKind]]:
        """The kinds that a clause of each id has ever had."""
        found: dict[str, set[forms.ClauseKind]] = {}
        for amendment, _ in self.amendments:
            if isinstance(amendment, forms.ClauseForm):
                found.setdefault(amendment.id, set()).add(amendment.kind)
        return found

    @cached_property
    def clauses(self) -> dict[tuple[str, tuple[str, ...]], tuple[Clause, Law]]:
        """Each clause that was ever in force, with the masks on it, and a law in which it is."""
        return {
            (clause.place, tuple(mask.text for mask in clause.masks)): (clause, law)
            for law in self.laws
            for clause in law.clauses.values()
        }

    @cached_property
    def readings(self) -> dict[str, forms.Reading]:
        """The readings of all acts."""
        return {name: reading for act in self.acts for name, reading in act.head.readings.items()}

    @cached_property
    def together(self) -> set[tuple[str, str]]:
        """The place of each clause with the id of each clause that it overrides or lets go while both are in force."""
        return {
            (clause.place, other)
            for law in self.laws
            for clause in law.clauses.values()
            for other in (*clause.form.overrides, *clause.form.behind)
            if other in law.clauses
        }

    @cached_property
    def in_force(self) -> set[str]:
        """The places of the clauses that were ever in force."""
        return {clause.place for law in self.laws for clause in law.clauses.values()}

    def ordered(self, form: forms.ClauseForm, where: str) -> Iterator[Finding]:
        """Yield what a clause says of its order, and is not so."""
        for key in ("overrides", "behind"):
            for name in getattr(form, key):
                kinds = self.kinds.get(name)
                if kinds is None and name not in self.lost:
                    yield Finding(where, f"{form.id} says '{key}' of '{name}', which is no clause", "mend the name")
                elif kinds and not any(_one_order(form.kind, kind) for kind in kinds):
                    what = f"{form.id} says '{key}' of {name}, which is no {form.kind}"
                    yield Finding(where, what, "only clauses of one kind have an order")
                elif kinds and where in self.in_force and (where, name) not in self.together:
                    what = f"{form.id} says '{key}' of {name}, and the two are never in force together"
                    yield Finding(where, what, f"leave {name} out")

    def masks(self, act: Act, form: forms.MaskForm, where: str) -> Iterator[Finding]:
        """Yield a mask that lies on nothing."""
        if form.mask in self.lost:
            return
        if form.mask not in self.kinds:
            yield Finding(where, f"the mask is of '{form.mask}', which no act made", "mask a clause")
        elif self.laws and (act.id, form.mask, form.where) not in self.masked:
            yield Finding(where, f"the mask is of {form.mask}, which is not in force with it", "mask a clause in force")

    @cached_property
    def masked(self) -> set[tuple[str, str, str]]:
        """The masks that ever lay on a clause: the act, the clause, the condition."""
        clauses = [clause for law in self.laws for clause in law.clauses.values()]
        return {(mask.act, clause.id, mask.text) for clause in clauses for mask in clause.masks}

    def readings_named(self, amendment: forms.AnyAmendment, where: str) -> Iterator[Finding]:
        """Yield choices that are not there."""
        named = dict(amendment.reading)
        if isinstance(amendment, forms.SettleForm):
            named[amendment.settles] = amendment.choice
        for name, choice in named.items():
            if name not in self.readings or choice not in self.readings[name].choices:
                what = f"no reading '{name}' has the choice '{choice}'"
                yield Finding(where, what, "define it under 'readings:' of an act")

    def unread(self, act: Act) -> Iterator[Finding]:
        """Yield readings of an act that no amendment asks for, and choices that none does where others have one."""
        used = {item for amendment, _ in self.amendments for item in amendment.reading.items()}
        for name in act.head.readings:
            if not any(reading == name for reading, _ in used) and not self.lost:
                where = self.draft.sources[act.id].at(f"readings.{name}")
                what = f"the reading '{name}' is asked for by no amendment"
                yield Finding(where, what, f"write 'reading: {{{name}: …}}' in one, or drop it")

    def members(self, form: forms.SetForm, where: str) -> Iterator[Finding]:
        """Yield members that no fact which is tested against the set can have."""
        given = (*(form.members or ()), *form.add)
        repeated = sorted({item for item in given if given.count(item) > 1})
        if repeated:
            yield Finding(where, f"{repeated[0]} is in {form.set} twice", "keep one")
        for name in sorted(self.tested.get(form.set, ())):
            fact = self.draft.vocabulary[name]
            if (fact.type == "place") != (form.of == "place"):
                what = f"{name} is a {fact.type}, and {form.set} is a set of {form.of}s"
                yield Finding(where, what, "test it against a set of its type, or mend 'of'")
            elif fact.values and (strange := [item for item in given if item not in fact.values]):
                what = f"{strange[0][:60]} in {form.set} is no value of {name}"
                yield Finding(where, what, f"one of: {', '.join(fact.values)}")

    @cached_property
    def tested(self) -> dict[str, set[str]]:
        """The facts that are tested against each set, or against one that is made of it."""
        found: dict[str, set[str]] = {}
        for node in (node for clause, _ in self.clauses.values() for node in e.walk(clause.condition)):
            if isinstance(node, e.Member) and node.set and isinstance(node.term, e.FactTerm):
                found.setdefault(node.set, set()).add(node.term.name)
        parts = [
            (form.set, other) for form, _ in self.amendments if isinstance(form, forms.SetForm) for other in form.union
        ]
        for whole, part in parts:
            found.setdefault(part, set()).update(found.get(whole, ()))
        return found

    def unused(self) -> Iterator[Finding]:
        """Yield definitions and tables that nothing in force ever named."""
        if not self.laws or self.lost:
            return
        last = self.laws[-1]
        for clause in last.of_kind("definition"):
            if clause.id not in self.used:
                yield Finding(clause.place, f"the definition {clause.id} is used by no clause", "use it, or repeal it")
        told: set[str] = set()
        for amendment, where in self.amendments:
            name = amendment.table if isinstance(amendment, forms.TableForm) else ""
            if name and name not in self.used | told:
                told.add(name)
                yield Finding(where, f"the table {name} is used by no clause", "use it, or leave it out")

    @cached_property
    def used(self) -> set[str]:
        """The names that anything in force ever named."""
        roots: list[e.Node] = []
        for clause, _ in self.clauses.values():
            roots += [clause.printed, *(mask.where for mask in clause.masks)]
        for law in self.laws:
            roots += law.limits.values()
        roots += [a.when for law in self.laws[-1:] for a in law.assumed.values() if a.when is not None]
        names = (getattr(node, key, "") for root in roots for node in e.walk(root) for key in ("clause", "table"))
        return {name for name in names if name}


def _one_order(first: forms.ClauseKind, second: forms.ClauseKind) -> bool:
    offered = {"exception", "authorization"}
    return first == second or {first, second} <= offered


def _ways(clause: Clause, law: Law) -> Iterator[Finding]:
    ways = {way.id for way in law.of_kind("exception", "authorization")}
    missing = [name for name in clause.form.attends if name not in ways | {"license"}]
    missing += [name for name in clause.form.allows or () if name not in ways | {"none"}]
    for name in missing:
        what = f"{clause.id} names '{name}', no exception or authorization in force"
        yield Finding(clause.place, what, "mend the name")


def _units(clause: Clause, law: Law) -> Iterator[Finding]:
    """Yield comparisons of a fact with a table of another unit; the parser has looked at facts only."""
    compared = [node for node in e.walk(clause.condition) if isinstance(node, e.Compare)]
    for node in compared:
        units = {unit for side in (node.left, node.right) for unit in _units_of(side, law)}
        if len(units) > 1:
            yield Finding(clause.place, f"units differ: {' and '.join(sorted(units))}", "compare numbers of one unit")
    draws, limit = clause.form.draws, law.limits.get(clause.id)
    if draws and limit is not None and draws.used in law.vocabulary:
        units = {*_units_of(limit, law), law.vocabulary[draws.used].unit} - {""}
        if len(units) > 1:
            what = f"{clause.id} draws by {draws.used} on a limit of another unit: {' and '.join(sorted(units))}"
            yield Finding(clause.place, what, "name a fact and a table of one unit")


def _units_of(term: e.Term, law: Law) -> set[str]:
    match term:
        case e.Lookup(table):
            return {law.table_forms[table].unit} - {""}
        case e.FactTerm(name):
            return {law.vocabulary[name].unit} - {""}
        case e.Arithmetic("+" | "-", left, right):
            return _units_of(left, law) | _units_of(right, law)
    return set()
