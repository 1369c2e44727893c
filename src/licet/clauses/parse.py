"""Text of the clause language to a typed expression.

The language is SQL's boolean expressions over facts, sets, tables and other clauses, read with sqlglot and then checked
here: every name, type and literal. What is not listed here is not in the language, so a clause cannot do anything but
decide.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from licet.clauses import expression as e
from licet.errors import LawError

if TYPE_CHECKING:
    from licet.clauses.names import Names
    from licet.clauses.vocabulary import Vocabulary

LONGEST_CLAUSE = 4_000
MOST_NODES = 400

_OPERATORS: dict[type[exp.Expression], e.Operator] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_FLIPPED: dict[e.Operator, e.Operator] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: dict[type[exp.Expression], Literal["+", "-", "*"]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}


def condition(text: str, vocabulary: Vocabulary, names: Names, where: str) -> e.Condition:
    """Parse a condition. Raises :class:`LawError` at ``where`` for syntax, an unknown name, or a wrong type."""
    return _Reader(vocabulary, names, where, text).condition(_tree(text, where))


def term(text: str, vocabulary: Vocabulary, names: Names, where: str) -> e.Term:
    """Parse a term, such as ``tpp * quantity``. Errors as :func:`condition`."""
    return _Reader(vocabulary, names, where, text).term(_tree(text, where))


def _tree(text: str, where: str) -> exp.Expression:
    if len(text) > LONGEST_CLAUSE:
        raise LawError(
            f"the condition is longer than {LONGEST_CLAUSE} characters", where=where, fix="name a part of it"
        )
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError) as error:
        first = str(error).splitlines()[0]
        raise LawError(
            f"not a condition: {first}", where=where, fix=f"write SQL's boolean form; read: {text[:80]}"
        ) from error
    if sum(1 for _ in tree.walk()) > MOST_NODES:
        raise LawError(
            f"the condition has more than {MOST_NODES} parts", where=where, fix="name a part as a definition"
        )
    return cast("exp.Expression", tree)


class _Reader:
    def __init__(self, vocabulary: Vocabulary, names: Names, where: str, text: str) -> None:
        self.vocabulary = vocabulary
        self.names = names
        self.where = where
        self.text = text

    def fail(self, message: str, fix: str) -> LawError:
        return LawError(message, where=self.where, fix=fix)

    def condition(self, node: exp.Expression) -> e.Condition:  # noqa: C901, PLR0911 - one branch a kind of node
        match node:
            case exp.Paren():
                return self.condition(node.this)
            case exp.And():
                return e.And(self.parts(node))
            case exp.Or():
                return e.Or(self.parts(node))
            case exp.Not():
                part = self.condition(node.this)
                # IS NOT NULL comes as NOT of IS NULL: one form for one meaning.
                return part.part if isinstance(part, e.Not) else e.Not(part)
            case exp.Boolean():
                return e.Always(bool(node.this))
            case exp.Column():
                return self.named(node)
            case exp.In():
                return self.member(node)
            case exp.Is():
                return self.known(node)
            case exp.Between():
                low, high = node.args["low"], node.args["high"]
                return e.And((self.compare(">=", node.this, low), self.compare("<=", node.this, high)))
        operator = _OPERATORS.get(type(node))
        if operator is None:
            raise self.fail(
                f"'{node.sql()[:60]}' is no condition of the clause language", "use AND, OR, NOT, IN, comparisons"
            )
        return self.compare(operator, node.this, node.expression)

    def parts(self, node: exp.And | exp.Or) -> tuple[e.Condition, ...]:
        return tuple(self.condition(cast("exp.Expression", part)) for part in node.flatten())

    def named(self, node: exp.Column) -> e.Condition:
        name = self.name(node)
        fact = self.vocabulary.facts.get(name)
        if fact is not None:
            if fact.type != "boolean":
                raise self.fail(f"{name} is a {fact.type}, not true or false", f"compare it, as in {name} = ...")
            return e.Truth(name)
        if name in self.names.clauses:
            return e.Refer(name)
        raise self.fail(f"'{name}' is no fact and no clause", "add it to law/vocabulary.yaml, or mend the spelling")

    def name(self, node: exp.Expression) -> str:
        if not isinstance(node, exp.Column) or len(node.parts) != 1:
            raise self.fail(f"'{node.sql()[:60]}' is no plain name", "use a name of the vocabulary")
        return str(node.name)

    def known(self, node: exp.Is) -> e.Condition:
        if not isinstance(node.expression, exp.Null):
            raise self.fail(
                f"'{node.sql()[:60]}' is not in the clause language", "write 'fact IS NULL' or 'IS NOT NULL'"
            )
        name = self.name(node.this)
        if name not in self.vocabulary:
            raise self.fail(f"'{name}' is no fact", "IS NULL asks whether a fact is known")
        return e.Not(e.Known(name))

    def member(self, node: exp.In) -> e.Condition:
        subject = self.term(node.this)
        field = node.args.get("field")
        if field is not None:
            name = str(field.name)
            if name not in self.names.sets:
                raise self.fail(f"'{name}' is no set", "define it with 'set:', or list the values in brackets")
            if subject.type not in ("place", "text"):
                raise self.fail(f"a {subject.type} cannot be in the set '{name}'", "sets hold places and texts")
            return e.Member(subject, set=name)
        values = []
        for item in node.expressions:
            value = self.constant(item, subject)
            if not isinstance(value.value, str):
                raise self.fail(f"'{item.sql()}' cannot be listed", "IN lists texts and places")
            values.append(value.value)
        return e.Member(subject, tuple(values))

    def compare(self, operator: e.Operator, left: exp.Expression, right: exp.Expression) -> e.Condition:
        if isinstance(left, exp.Literal):
            left, right, operator = right, left, _FLIPPED[operator]
        first = self.term(left)
        second = self.constant(right, first) if isinstance(right, exp.Literal) else self.term(right)
        if first.type != second.type:
            raise self.fail(
                f"a {first.type} is compared with a {second.type}: {self.text[:80]}", "compare like with like"
            )
        if first.type in ("text", "place") and operator not in ("=", "<>"):
            raise self.fail(f"a {first.type} has no order", "use = or <>")
        self.units(first, second)
        if self.many(first) or self.many(second):
            return self.one_of_many(operator, first, second)
        if isinstance(first, e.FactTerm) and (ratio := self.vocabulary[first.name].ratio):
            return e.CompareRatio(operator, first, self.fact(ratio.of), self.fact(ratio.over), second)
        return e.Compare(operator, first, second)

    def many(self, term: e.Term) -> bool:
        return isinstance(term, e.FactTerm) and self.vocabulary[term.name].many

    def one_of_many(self, operator: e.Operator, first: e.Term, second: e.Term) -> e.Condition:
        """Equality of a fact that has many values is membership: one of them is the text."""
        if operator != "=" or not isinstance(second, e.Constant):
            text = self.text[:80]
            raise self.fail(f"a fact of many values is compared: {text}", "write fact = 'TEXT', IN, or NOT before it")
        return e.Member(first, (str(second.value),))

    def units(self, first: e.Term, second: e.Term) -> None:
        units = {unit for unit in (self.unit(first), self.unit(second)) if unit}
        if len(units) > 1:
            raise self.fail(f"units differ: {' and '.join(sorted(units))}", "compare numbers of one unit")

    def unit(self, term: e.Term) -> str:
        """Return the unit of a term; a bare number has any, a product is not checked."""
        match term:
            case e.FactTerm(name):
                return self.vocabulary[name].unit
            case e.Arithmetic("+" | "-", left, right):
                self.units(left, right)
                return self.unit(left) or self.unit(right)
        return ""

    def constant(self, node: exp.Expression, like: e.Term) -> e.Constant:
        """Read a literal as the type of the term that it stands against."""
        if isinstance(node, exp.Literal) and node.is_string:
            text = str(node.this)
            self.allowed(text, like)
            return e.Constant(text, "place" if like.type == "place" else "text")
        read = self.term(node)
        if not isinstance(read, e.Constant):
            raise self.fail(f"'{node.sql()[:60]}' is no literal", "list plain values")
        return read

    def allowed(self, text: str, like: e.Term) -> None:
        if like.type == "place" and text not in self.vocabulary.places:
            raise self.fail(f"'{text}' is no place", "use a two-letter code, such as CH")
        if isinstance(like, e.FactTerm):
            values = self.vocabulary[like.name].values
            if values and text not in values:
                raise self.fail(f"{like.name} is never '{text}'", f"one of: {', '.join(values)}")

    def term(self, node: exp.Expression) -> e.Term:
        match node:
            case exp.Paren():
                return self.term(node.this)
            case exp.Column():
                return self.fact(self.name(node))
            case exp.Literal():
                return self.literal(node)
            case exp.Cast():
                return self.date(node)
            case exp.Anonymous():
                return self.lookup(node)
        operator = _ARITHMETIC.get(type(node))
        if operator is None:
            raise self.fail(f"'{node.sql()[:60]}' is no value of the clause language", "use facts, numbers, +, - and *")
        left, right = self.term(node.this), self.term(node.expression)
        if left.type != "number" or right.type != "number":
            raise self.fail(f"only numbers are added or multiplied: {node.sql()[:60]}", "use number facts")
        return e.Arithmetic(operator, left, right)

    def fact(self, name: str) -> e.FactTerm:
        fact = self.vocabulary.facts.get(name)
        if fact is None:
            raise self.fail(f"'{name}' is no fact", "add it to law/vocabulary.yaml, or mend the spelling")
        if fact.type == "boolean":
            raise self.fail(f"{name} is true or false, it has no value to compare", f"write {name} or NOT {name}")
        return e.FactTerm(name, fact.type)

    def literal(self, node: exp.Literal) -> e.Constant:
        if node.is_string:
            return e.Constant(str(node.this), "text")
        text = str(node.this)
        if not re.fullmatch(r"\d+(\.\d+)?", text):
            raise self.fail(f"'{text}' is no exact number", "write it out in digits, without an exponent")
        return e.Constant(Decimal(text), "number")

    def date(self, node: exp.Cast) -> e.Constant:
        try:
            return e.Constant(dt.date.fromisoformat(str(node.this.this)), "date")
        except (ValueError, AttributeError) as error:
            raise self.fail(f"'{node.sql()[:60]}' is no date", "write DATE '2025-05-15'") from error

    def lookup(self, node: exp.Anonymous) -> e.Lookup:
        name = str(node.this).lower()
        if name not in self.names.tables:
            raise self.fail(f"'{name}' is no table", "define it with 'table:'")
        if len(node.expressions) != 1:
            raise self.fail(f"the table '{name}' takes one key", f"write {name}(on_date)")
        return e.Lookup(name, self.term(node.expressions[0]))
