"""Conditions to generated Python: straight-line code that computes the truth of every clause of a law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.clauses import expression as e
from licet.clauses.evaluate import EXACT, Table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from licet.clauses.evaluate import Verity
    from licet.clauses.program import Program
    from licet.clauses.vocabulary import FactValue

Get = "Callable[[str], FactValue | None]"
_SIGNS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_EXACT = {"+": "add", "-": "subtract", "*": "multiply"}


class Writer:
    """Writes Python: lines, fresh names, and constants by name."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {f"{name}_": getattr(EXACT, name) for name in _EXACT.values()}
        self._pool: dict[Any, str] = {}
        self._written: dict[e.Term, str] = {}
        self._fresh = 0
        self.clause_names = {name: f"c{number}" for number, name in enumerate(program.conditions)}
        self.fact_names = {name: f"f{number}" for number, name in enumerate(program.vocabulary.facts)}

    def put(self, depth: int, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * depth + text)

    def fresh(self) -> str:
        """Return a name that is not used yet."""
        self._fresh += 1
        return f"t{self._fresh}"

    def constant(self, value: Any) -> str:
        """Return the name under which the code finds ``value``."""
        key = (type(value).__name__, id(value) if isinstance(value, Table | _ByDay) else value)
        if key not in self._pool:
            self._pool[key] = f"k{len(self._pool)}"
            self.constants[self._pool[key]] = value
        return self._pool[key]

    def compile(self, name: str, returned: str) -> Callable[..., Any]:
        """Return the function ``name(get)`` of the lines written so far."""
        source = "\n".join([f"def {name}(get):", *self.lines, f"    return {returned}"])
        namespace = dict(self.constants)
        # The text is made here of parsed expressions and numbered names; nothing of a law file's text is in it.
        exec(compile(source, f"<{name}>", "exec"), namespace)  # noqa: S102
        found: Callable[..., Any] = namespace[name]
        return found

    def fact(self, name: str, depth: int, given: str) -> None:
        """Set a fact: as ``given``, else derived, else assumed."""
        local = self.fact_names[name]
        self.put(depth, f"{local} = {given}")
        if name in self.program.derived:
            self.put(depth, f"if {local} is None:")
            value = self.term(self.program.derived[name], depth + 1)
            self.put(depth + 1, f"{local} = {value}")
        elif name in self.program.assumed:
            self._assume(name, local, depth)

    def _assume(self, name: str, local: str, depth: int) -> None:
        may = self.program.assumed[name]
        self.put(depth, f"if {local} is None:")
        if may.when is None:
            self.put(depth + 1, f"{local} = {self.constant(may.value)}")
            return
        truth = self.fresh()
        self.condition(may.when, truth, depth + 1)
        self.put(depth + 1, f"if {truth} is True: {local} = {self.constant(may.value)}")

    def condition(self, node: e.Condition, target: str, depth: int) -> None:  # noqa: C901 - one branch a kind of node
        """Write lines that set ``target`` to the truth of ``node``: True, False or None."""
        match node:
            case e.And(parts):
                self._joined(parts, target, depth, settles="False", neutral="True")
            case e.Or(parts):
                self._joined(parts, target, depth, settles="True", neutral="False")
            case e.Not(part):
                self.condition(part, target, depth)
                self.put(depth, f"if {target} is not None: {target} = not {target}")
            case e.Refer(clause):
                self.put(depth, f"{target} = {self.clause_names[clause]}")
            case e.Always(value):
                self.put(depth, f"{target} = {value}")
            case e.Truth(fact):
                self.put(depth, f"{target} = {self.fact_names[fact]}")
            case e.Known(fact):
                self.put(depth, f"{target} = {self.fact_names[fact]} is not None")
            case e.Member():
                self._member(node, target, depth)
            case e.Compare(sign, left, right):
                first, second = self.term(left, depth), self.term(right, depth)
                self.put(depth, f"{target} = {self.compared(sign, first, second)}")
            case e.CompareRatio():
                self._ratio(node, target, depth)

    def _joined(self, parts: tuple[e.Condition, ...], target: str, depth: int, *, settles: str, neutral: str) -> None:
        """Join parts as Kleene does: one that settles wins, else one that is unknown."""
        if not parts:
            self.put(depth, f"{target} = {neutral}")
            return
        self.condition(parts[0], target, depth)
        for part in parts[1:]:
            other = self.fresh()
            self.put(depth, f"if {target} is not {settles}:")
            self.condition(part, other, depth + 1)
            self.put(depth + 1, f"if {other} is not {neutral}: {target} = {other}")

    def _member(self, node: e.Member, target: str, depth: int) -> None:
        value = self.term(node.term, depth)
        among = self.constant(self.program.sets[node.set] if node.set else frozenset(node.values))
        many = isinstance(node.term, e.FactTerm) and self.program.vocabulary[node.term.name].many
        inside = f"not {among}.isdisjoint({value})" if many else f"{value} in {among}"
        self.put(depth, f"{target} = None if {value} is None else {inside}")

    @staticmethod
    def compared(sign: str, first: str, second: str) -> str:
        """Return the comparison of two values that may be unknown."""
        return f"None if {first} is None or {second} is None else {first} {_SIGNS[sign]} {second}"

    def _ratio(self, node: e.CompareRatio, target: str, depth: int) -> None:
        stated, of, over = (self.fact_names[fact.name] for fact in (node.stated, node.of, node.over))
        bound = self.term(node.bound, depth)
        self.put(depth, f"if {over} is None: {target} = {self.compared(node.operator, stated, bound)}")
        self.put(depth, f"elif {over} == 0: {target} = False")
        self.put(depth, f"elif {of} is None or {bound} is None: {target} = None")
        self.put(depth, f"else: {target} = {of} {_SIGNS[node.operator]} multiply_({bound}, {over})")

    def term(self, node: e.Term, depth: int) -> str:
        """Write what a term needs; return the name that holds its value."""
        if isinstance(node, e.Constant):
            return self.constant(node.value)
        if isinstance(node, e.FactTerm):
            return self.fact_names[node.name]
        if node in self._written:
            return self._written[node]
        found = self._lookup(node, depth) if isinstance(node, e.Lookup) else self._arithmetic(node, depth)
        if depth == 1:
            # Nothing encloses this line, so that all that follow may use what it set.
            self._written[node] = found
        return found

    def _lookup(self, node: e.Lookup, depth: int) -> str:
        at, found = self.term(node.key, depth), self.fresh()
        table = self.program.tables[node.table]
        rows = self.constant(_ByDay(table) if node.key.type == "date" else table)
        self.put(depth, f"{found} = None if {at} is None else {rows}.at({at})")
        return found

    def _arithmetic(self, node: e.Arithmetic, depth: int) -> str:
        first, second, found = self.term(node.left, depth), self.term(node.right, depth), self.fresh()
        exact = f"{_EXACT[node.operator]}_({first}, {second})"
        self.put(depth, f"{found} = None if {first} is None or {second} is None else {exact}")
        return found


class _ByDay:
    """A table that remembers the days it was asked for; the vocabulary's calendar bounds them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.days: dict[dt.date, Decimal | None] = {}

    def at(self, day: dt.date) -> Decimal | None:
        """Return the value on a day."""
        try:
            return self.days[day]
        except KeyError:
            found = self.days[day] = self.table.at(day)
            return found


def truths(program: Program) -> Callable[[Callable[[str], FactValue | None]], tuple[Verity, ...]]:
    """Return a function from the facts as given to the truth of each clause, in the order of ``conditions``.

    The function takes ``get(name) -> value or None``, such as ``dict.get``. Raises :class:`licet.errors.LawError` where
    a clause or a fact needs itself.
    """
    writer = Writer(program)
    for kind, name in program.steps():
        if kind == "fact":
            writer.fact(name, 1, f"get({name!r})")
        else:
            writer.condition(program.conditions[name], writer.clause_names[name], 1)
    returned = ", ".join(writer.clause_names.values())
    return writer.compile("truths", f"({returned}{',' if returned else ''})")


def values(program: Program, nodes: Sequence[e.Node]) -> Callable[[Callable[[str], FactValue | None]], tuple[Any, ...]]:
    """Return a function from the facts as given to the truth or the value of each of some conditions and terms."""
    wanted = {step for node in nodes for step in program.reached(node)}
    writer = Writer(program)
    for step in program.steps():
        if step in wanted and step.kind == "fact":
            writer.fact(step.name, 1, f"get({step.name!r})")
        elif step in wanted:
            writer.condition(program.conditions[step.name], writer.clause_names[step.name], 1)
    found = []
    for node in nodes:
        if isinstance(node, e.Constant | e.FactTerm | e.Arithmetic | e.Lookup):
            found.append(writer.term(node, 1))
        else:
            found.append(writer.fresh())
            writer.condition(node, found[-1], 1)
    return writer.compile("values", f"({', '.join(found)}{',' if found else ''})")
