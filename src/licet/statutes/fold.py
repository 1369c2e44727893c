"""Folds acts into the law on a date."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.evaluate import Interval, Table
from licet.clauses.names import Names
from licet.errors import BadInput, BadValue, LawError, UnknownName
from licet.statutes import forms
from licet.statutes.law import Assumed, Clause, Law, Mask, Query, SetState
from licet.statutes.parsed import Parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from licet.clauses.vocabulary import Vocabulary
    from licet.statutes.library import Act, Library
    from licet.statutes.parsed import Kept


@dataclass(frozen=True, slots=True)
class Step:
    """One amendment as it takes effect."""

    start: dt.date
    order: tuple[int, int]
    act: Act
    amendment: forms.AnyAmendment
    where: str


class Statutes:
    """The acts of one library, and the law that they make on any date. ``kept``: conditions already read, by system."""

    def __init__(self, library: Library, kept: Mapping[str, Kept] | None = None) -> None:
        self.library = library
        self.vocabulary = library.vocabulary
        self._kept = kept or {}
        self._steps = {name: _steps(acts) for name, acts in library.systems.items()}
        self.parsed = cache(self._parsed)
        self._derived = cache(self._all_derived)
        self._assumed = cache(self._all_assumed)
        self._fold = lru_cache(maxsize=256)(self._folded)

    def acts(self, system: str = "us-ear") -> tuple[Act, ...]:
        """Return the acts and proposals of a system in the order of release."""
        return self.library.acts(system)

    def act(self, name: str, system: str = "us-ear") -> Act:
        """Return one act by id. Raises :class:`UnknownName`."""
        for act in self.acts(system):
            if act.id == name:
                return act
        near = [act.id for act in self.acts(system) if name.lower() in act.id.lower()]
        raise UnknownName(f"no act is called '{name[:80]}'", near=near[:5], fix="" if near else "see 'licet law show'")

    def days_of_change(self, system: str = "us-ear") -> tuple[dt.date, ...]:
        """Return every day on which something of the system begins, or has ended the day before."""
        self.acts(system)
        days = {step.start for step in self._steps[system]}
        day = dt.timedelta(days=1)
        days |= {step.amendment.end + day for step in self._steps[system] if step.amendment.end}
        return tuple(sorted(days))

    def periods(self, system: str = "us-ear") -> tuple[tuple[dt.date, dt.date | None], ...]:
        """Return the periods between two changes: first and last day, the last of all open (None)."""
        days = self.days_of_change(system)
        return tuple(zip(days, [*(day - dt.timedelta(days=1) for day in days[1:]), None], strict=True))

    def law(self, query: Query) -> Law:
        """Return the law that ``query`` asks for.

        Raises :class:`UnknownName` for a system, reading or proposal that is not there, :class:`BadValue` for a choice
        that the reading does not have, :class:`BadInput` for a proposal that amends what is not in force on the day,
        :class:`LawError` where the data does not fold.
        """
        self._check(query)
        change = max((day for day in self.days_of_change(query.system) if day <= query.on), default=dt.date.min)
        released = [act.head.dates.released for act in self.acts(query.system)]
        known = max((day for day in released if query.known is None or day <= query.known), default=dt.date.min)
        proposals = tuple(dict.fromkeys(query.proposals))
        try:
            return self._fold(query.system, change, query.basis, known, query.readings, proposals)
        except LawError as error:
            if not proposals:
                raise
            message = f"{', '.join(proposals)} cannot be laid over the law of {query.on}: {error.message}"
            raise BadInput(message, fix="ask for a day on which what it amends is in force") from error

    def _check(self, query: Query) -> None:
        choices = {name: reading for act in self.acts(query.system) for name, reading in act.head.readings.items()}
        for name, choice in query.readings:
            if name not in choices:
                raise UnknownName(f"no reading is called '{name[:60]}'", fix=f"one of: {', '.join(sorted(choices))}")
            if choice not in choices[name].choices:
                fix = f"one of: {', '.join(choices[name].choices)}"
                raise BadValue(f"the reading '{name}' has no choice '{choice[:60]}'", fix=fix)
        for name in query.proposals:
            if self.act(name, query.system).head.kind != "proposal":
                raise BadValue(f"{name} is no proposal; it is law from its date", fix="ask with --on instead")

    def _folded(  # noqa: PLR0913, PLR0917 - the six parts of a query, as a cache key
        self,
        system: str,
        on: dt.date,
        basis: forms.Basis,
        known: dt.date,
        readings: tuple[tuple[str, str], ...],
        proposals: tuple[str, ...],
    ) -> Law:
        acts = [act for act in self.acts(system) if act.head.dates.released <= known or act.id in proposals]
        released = {act.id for act in acts}
        chosen = choices(acts, dict(readings))
        state = _State(self.vocabulary, self.parsed(system))
        used: dict[str, Act] = {}
        for step in (*self._steps[system], *self._overlay(system, proposals, on)):
            if step.act.id in released and step.start <= on and _holds(step.amendment, on, basis, chosen):
                state.apply(step)
                used[step.act.id] = step.act
        days = self.days_of_change(system)
        following = [day for day in days if day > on]
        clauses = state.clauses_in_order()
        sets = state.sets()
        _check_references(clauses, sets, state.tables, self.parsed(system))
        in_force = [act for act in acts if act.id in used]
        derived, assumed = self._derived(system), self._assumed(system)
        return Law(
            system=system,
            basis=basis,
            vocabulary=self.vocabulary,
            clauses=clauses,
            set_states=sets,
            tables=state.tables,
            table_forms=state.table_forms,
            acts=tuple(in_force),
            readings={name: choice for act in in_force for name, choice in chosen.items() if name in act.head.readings},
            settled=_settled(acts).keys() - dict(readings).keys(),
            proposals=proposals,
            first=on,
            last=following[0] - dt.timedelta(days=1) if following else None,
            derived=derived,
            limits=_limits(clauses, self.parsed(system)),
            assumed={name: a for name, a in assumed.items() if a.when is None or _in_force(a.when, clauses, sets)},
        )

    def _parsed(self, system: str) -> Parsed:
        return Parsed(self.vocabulary, _names(self.acts(system)), self._kept.get(system))

    def _all_derived(self, system: str) -> Mapping[str, e.Term]:
        where = self.vocabulary.source
        return {
            name: self.parsed(system).term(fact.derive, where.at(f"facts.{name}.derive"))
            for name, fact in self.vocabulary.facts.items()
            if fact.derive
        }

    def _all_assumed(self, system: str) -> Mapping[str, Assumed]:
        found = {}
        parsed = self.parsed(system)
        for name, fact in self.vocabulary.facts.items():
            if fact.assume is None or (fact.assume.systems and system not in fact.assume.systems):
                continue
            if _known_to(fact.assume.when, parsed.names):
                where = self.vocabulary.source.at(f"facts.{name}.assume")
                when = fact.assume.when
                condition = parsed.condition(when, where) if when else None
                value = self.vocabulary.read(name, fact.assume.value)
                if value is None:
                    raise LawError(f"{name} assumes nothing", where=where, fix="give the value to be assumed")
                found[name] = Assumed(value, condition)
        return found

    def _overlay(self, system: str, proposals: Sequence[str], on: dt.date) -> Iterable[Step]:
        for number, name in enumerate(proposals):
            act = self.act(name, system)
            for index, (amendment, where) in enumerate(zip(act.amendments, act.places, strict=True)):
                yield Step(on, (1_000_000 + number, index), act, amendment, where)


def _steps(acts: Sequence[Act]) -> tuple[Step, ...]:
    """Sort dated amendments as they take effect; on one day, in the order of release and of the file."""
    steps = []
    for number, act in enumerate(acts):
        for index, (amendment, where) in enumerate(zip(act.amendments, act.places, strict=True)):
            start = act.start(amendment)
            if start is not None:
                steps.append(Step(start, (number, index), act, amendment, where))
    return tuple(sorted(steps, key=lambda step: (step.start, step.order)))


def _names(acts: Sequence[Act]) -> Names:
    """Every id that the acts ever define."""
    amendments = [amendment for act in acts for amendment in act.amendments]
    return Names(
        clauses=frozenset(a.id for a in amendments if isinstance(a, forms.ClauseForm)),
        sets=frozenset(a.set for a in amendments if isinstance(a, forms.SetForm)),
        tables=frozenset(a.table for a in amendments if isinstance(a, forms.TableForm)),
    )


def choices(acts: Sequence[Act], asked: Mapping[str, str]) -> dict[str, str]:
    """Return the choice of each reading: the asker's, else a later act's, else the default."""
    chosen = {name: reading.default for act in acts for name, reading in act.head.readings.items()}
    asked = {name: choice for name, choice in asked.items() if name in chosen}
    return {**chosen, **_settled(acts), **asked}


def _settled(acts: Sequence[Act]) -> dict[str, str]:
    """Return the choices that later acts made between readings."""
    amendments = [a for act in acts if act.head.kind != "proposal" for a in act.amendments]
    return {a.settles: a.choice for a in amendments if isinstance(a, forms.SettleForm)}


def _holds(amendment: forms.AnyAmendment, on: dt.date, basis: forms.Basis, readings: Mapping[str, str]) -> bool:
    if amendment.end is not None and on > amendment.end:
        return False
    wanted = "enforced" if isinstance(amendment, forms.MaskForm) else amendment.basis
    if wanted is not None and wanted != basis:
        return False
    return all(readings.get(name) == choice for name, choice in amendment.reading.items())


@dataclass(frozen=True, slots=True)
class _Draft:
    """A set as amended so far: its own members, and the sets it is made of."""

    own: frozenset[str]
    union: tuple[str, ...]
    less: tuple[str, ...]
    form: forms.SetForm
    step: Step


@dataclass
class _State:
    """What has been folded so far."""

    vocabulary: Vocabulary
    parsed: Parsed
    clauses: dict[str, Clause] = field(default_factory=dict)
    drafts: dict[str, _Draft] = field(default_factory=dict)
    masks: list[tuple[str, Mask]] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    table_forms: dict[str, forms.TableForm] = field(default_factory=dict)

    def apply(self, step: Step) -> None:
        match step.amendment:
            case forms.ClauseForm() as form:
                self.clause(form, step)
            case forms.RepealForm(repeal=name):
                self.end(name, step)
            case forms.SetForm() as form:
                self.change_set(form, step)
            case forms.TableForm() as form:
                self.tables[form.table] = _table(form, step)
                self.table_forms[form.table] = form
            case forms.MaskForm() as form:
                self.mask(form, step)
            case _:
                pass

    def clause(self, form: forms.ClauseForm, step: Step) -> None:
        if form.replacing != (form.id in self.clauses):
            state, verb = ("in force", "replace") if form.id in self.clauses else ("not in force", "clause")
            raise LawError(
                f"{form.id} is {state} on {step.start}", where=step.where, fix=f"begin the amendment with '{verb}:'"
            )
        for name in form.replaces:
            self.end(name, step)
        self.check_by(form, step)
        printed = self.parsed.condition(form.when, step.where)
        if form.binds:
            printed = e.And((e.Compare("=", e.FactTerm("exporter", "text"), e.Constant(form.binds, "text")), printed))
        if form.status == "unknown":
            printed = e.And((printed, e.Always(None)))
        self.clauses[form.id] = Clause(form, step.act, step.where, printed)

    def check_by(self, form: forms.ClauseForm, step: Step) -> None:
        """Check that only a classification says its ECCN by a fact, and that the fact is a text with these values."""
        if not (form.by or form.names):
            return
        fact = self.vocabulary.facts.get(form.by)
        if form.kind != "classification" or fact is None or fact.type != "text" or fact.many:
            fix = "name a text fact with one value, and only in a classification"
            raise LawError(f"{form.id} cannot yield by '{form.by}'", where=step.where, fix=fix)
        strangers = [value for value in form.names if fact.values and value not in fact.values]
        if strangers:
            raise LawError(
                f"{form.by} is never '{strangers[0]}'", where=step.where, fix=f"one of: {', '.join(fact.values)}"
            )

    def end(self, name: str, step: Step) -> None:
        if name not in self.clauses:
            raise LawError(
                f"{name} is not in force on {step.start}", where=step.where, fix="end only a clause that holds"
            )
        del self.clauses[name]

    def mask(self, form: forms.MaskForm, step: Step) -> None:
        """Mask a clause in force; one that is not there (yet) is masked when it comes, by :meth:`clauses_in_order`."""
        where = self.parsed.condition(form.where, step.where)
        self.masks.append((form.mask, Mask(step.act.id, form.cite, form.where, where)))

    def change_set(self, form: forms.SetForm, step: Step) -> None:
        """Note a set's own members, and the sets that it is made of; these are joined when all has been folded."""
        before = self.drafts.get(form.set)
        defines = form.members is not None or bool(form.union)
        if before is None and not defines:
            raise LawError(
                f"'{form.set}' is no set on {step.start}", where=step.where, fix="define it before it is changed"
            )
        own = set(form.members or ()) if defines or before is None else set(before.own)
        for item in form.remove:
            if item not in own:
                raise LawError(f"{item} is not in {form.set}", where=step.where, fix="remove only a member")
        own = (own | set(form.add)) - set(form.remove)
        strangers = sorted(own - self.vocabulary.places) if form.of == "place" else []
        if strangers:
            raise LawError(f"{strangers[0]} in {form.set} is no place", where=step.where, fix="use two-letter codes")
        union, less = (form.union, form.less) if defines or before is None else (before.union, before.less)
        self.drafts[form.set] = _Draft(frozenset(own), union, less, form, step)

    def sets(self) -> dict[str, SetState]:
        """Join the sets: the own members, with those of ``union``, without those of ``less``."""
        return {
            name: SetState(self._members(name, ()), draft.form, draft.step.act.id)
            for name, draft in self.drafts.items()
        }

    def _members(self, name: str, path: tuple[str, ...]) -> frozenset[str]:
        draft = self.drafts[name]
        parts = {}
        for other in (*draft.union, *draft.less):
            if other not in self.drafts or other in (*path, name):
                fix = "define it before it is used, and never by itself"
                raise LawError(f"{name} is made of '{other}', which is not there", where=draft.step.where, fix=fix)
            parts[other] = self._members(other, (*path, name))
        joined = draft.own.union(*(parts[other] for other in draft.union))
        return joined.difference(*(parts[other] for other in draft.less))

    def clauses_in_order(self) -> dict[str, Clause]:
        masked = {
            name: Clause(
                c.form, c.act, c.place, c.printed, tuple(mask for target, mask in self.masks if target == name)
            )
            for name, c in self.clauses.items()
        }
        return {name: masked[name] for name in _ordered(masked)}


def _ordered(clauses: Mapping[str, Clause]) -> list[str]:
    """Clause ids in order of coming, each moved before those that it overrides, and behind those that it lets go."""
    order = list(clauses)
    for name, clause in clauses.items():
        targets = [order.index(other) for other in clause.form.overrides if other in clauses]
        if targets and min(targets) < order.index(name):
            order.remove(name)
            order.insert(min(targets), name)
    for name, clause in clauses.items():
        ahead = [order.index(other) for other in clause.form.behind if other in clauses]
        if ahead and max(ahead) > order.index(name):
            order.insert(max(ahead) + 1, name)
            order.remove(name)
    return order


def _table(form: forms.TableForm, step: Step) -> Table:
    try:
        rows = tuple(Interval(row.start, row.end, Decimal(row.value)) for row in form.rows)
        outside = None if form.outside in (None, forms.NOT_SAID) else Decimal(form.outside)
    except ArithmeticError as error:
        raise LawError(
            f"a value of the table {form.table} is no number", where=step.where, fix="write digits"
        ) from error
    for before, after in itertools.pairwise(form.rows):
        if before.end is None or after.start is None or not before.end < after.start:
            raise LawError(
                f"two rows of {form.table} overlap or are out of order", where=step.where, fix="sort the rows by date"
            )
    return Table(rows, outside)


def _limits(clauses: Mapping[str, Clause], parsed: Parsed) -> dict[str, e.Term]:
    """Return the limit of the account of each clause that draws on one."""
    drawing = {name: (c.form.draws, c.place) for name, c in clauses.items() if c.form.draws}
    return {name: parsed.term(draws.limit, place) for name, (draws, place) in drawing.items() if draws}


def _known_to(text: str, names: Names) -> bool:
    """Whether a system defines the sets that the condition of an assumption names: another system's may not."""
    words = set(re.findall(r"IN ([a-z][a-z0-9_]*)", text))
    return words <= set(names.sets)


def _in_force(condition: e.Condition, clauses: Mapping[str, Clause], sets: Mapping[str, SetState]) -> bool:
    nodes = list(e.walk(condition))
    return all(n.set in sets for n in nodes if isinstance(n, e.Member) and n.set) and all(
        name in clauses for name in e.clauses_in(condition)
    )


def _check_references(
    clauses: Mapping[str, Clause], sets: Mapping[str, SetState], tables: Mapping[str, Table], parsed: Parsed
) -> None:
    """Every clause, set and table that a condition names is in force, and no clause needs itself."""
    needs = {}
    for name, clause in clauses.items():
        texts = (clause.form.when, *(mask.text for mask in clause.masks))
        named = [parsed.references(text, clause.place) for text in texts]
        needs[name] = list(dict.fromkeys(other for found in named for other in found.clauses))
        missing = [other for other in needs[name] if other not in clauses]
        missing += [other for found in named for other in found.sets if other not in sets]
        missing += [other for found in named for other in found.tables if other not in tables]
        if missing:
            raise LawError(
                f"{name} names '{missing[0]}', which is not in force", where=clause.place, fix="amend both together"
            )
    done: set[str] = set()
    for name in needs:
        _visit(name, needs, done, [], clauses)


def _visit(
    name: str, needs: Mapping[str, Sequence[str]], done: set[str], path: list[str], clauses: Mapping[str, Clause]
) -> None:
    if name in path:
        circle = " -> ".join([*path[path.index(name) :], name])
        raise LawError(
            f"clauses in a circle: {circle}", where=clauses[name].place, fix="let one stand without the others"
        )
    if name not in done:
        for other in needs[name]:
            _visit(other, needs, done, [*path, name], clauses)
        done.add(name)
