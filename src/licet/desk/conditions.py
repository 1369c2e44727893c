"""Conditions of the law in words of the reader's language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from licet.clauses import expression as e
from licet.desk.labels import choice_words, place_words, unit_words
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law

_SIGNS = {
    "=": N_("%(left)s is %(right)s"),
    "<>": N_("%(left)s is not %(right)s"),
    "<": N_("%(left)s is less than %(right)s"),
    "<=": N_("%(left)s is at most %(right)s"),
    ">": N_("%(left)s is more than %(right)s"),
    ">=": N_("%(left)s is at least %(right)s"),
}
MOST_LISTED = 12


class Wording:
    """Puts the conditions of one law in words."""

    def __init__(self, law: Law, tongue: Tongue) -> None:
        self.law = law
        self.tongue = tongue

    def words(self, node: e.Condition) -> str:  # noqa: C901, PLR0911, PLR0912 - one case a kind of condition
        """Return a condition in words."""
        _ = self.tongue.text
        match node:
            case e.And(parts):
                return self._joined(parts, _(" and "))
            case e.Or(parts):
                return self._joined(parts, _(" or "))
            case e.Not(e.Member() as member):
                return self._member(member, _("%(left)s is not in %(right)s"), _("%(left)s is none of %(right)s"))
            case e.Not(e.Not(part)):
                return self.words(part)
            case e.Not(e.Known(fact)):
                return _("%(fact)s is not known") % {"fact": self.fact(fact)}
            case e.Not(e.Always(True)):
                # What a mask over all transactions leaves of a clause: printed, and never enforced.
                return _("the clause is enforced, not only printed")
            case e.Not(part):
                return _("not: %(condition)s") % {"condition": self._inner(part)}
            case e.Member():
                return self._member(node, _("%(left)s is in %(right)s"), _("%(left)s is one of %(right)s"))
            case e.Compare(sign, left, right):
                return self._compared(sign, left, right)
            case e.CompareRatio(sign, stated, _of, _over, bound):
                return self._compared(sign, stated, bound)
            case e.Truth(fact):
                return self.fact(fact)
            case e.Known(fact):
                return _("%(fact)s is known") % {"fact": self.fact(fact)}
            case e.Refer(clause):
                return self.clause(clause)
            case e.Always(value):
                return _("always") if value else _("never")
        assert_never(node)

    def clause(self, name: str) -> str:
        """Return the title of a clause."""
        clause = self.law.clauses.get(name)
        return f"“{self.tongue.pick(clause.form.title)}”" if clause else name

    def fact(self, name: str) -> str:
        """Return the title of a fact."""
        return self.tongue.pick(self.law.vocabulary[name].title) if name in self.law.vocabulary else name

    def set(self, name: str) -> str:
        """Return the title of a set."""
        state = self.law.set_states.get(name)
        return (self.tongue.pick(state.form.title) if state else "") or name

    def _joined(self, parts: tuple[e.Condition, ...], word: str) -> str:
        return word.join(self._inner(part) for part in parts)

    def _inner(self, node: e.Condition) -> str:
        text = self.words(node)
        return f"({text})" if isinstance(node, e.And | e.Or) else text

    def _compared(self, sign: e.Operator, left: e.Term, right: e.Term) -> str:
        return self.tongue.text(_SIGNS[sign]) % {"left": self._term(left), "right": self._term(right, beside=left)}

    def _member(self, node: e.Member, among: str, listed: str) -> str:
        left = self._term(node.term)
        if node.set:
            return among % {"left": left, "right": self.set(node.set)}
        values = [self._value(value, node.term) for value in node.values[:MOST_LISTED]]
        values += ["…"] if len(node.values) > MOST_LISTED else []
        return listed % {"left": left, "right": self.tongue.joined(values)}

    def _term(self, node: e.Term, beside: e.Term | None = None) -> str:
        match node:
            case e.FactTerm(name):
                return self.fact(name)
            case e.Constant(value):
                return self._value(value, beside)
            case e.Arithmetic(sign, left, right):
                return f"{self._term(left)} {'×' if sign == '*' else sign} {self._term(right)}"
            case e.Lookup(table, key):
                form = self.law.table_forms.get(table)
                title = (self.tongue.pick(form.title) if form else "") or table
                return f"{title} [{self._term(key)}]"
        assert_never(node)

    def _value(self, value: Decimal | str | dt.date, beside: e.Term | None) -> str:
        name = beside.name if isinstance(beside, e.FactTerm) else ""
        fact = self.law.vocabulary.facts.get(name)
        if isinstance(value, Decimal):
            return f"{self.tongue.number(value)} {unit_words(self.tongue, fact.unit) if fact else ''}".strip()
        if isinstance(value, dt.date):
            return self.tongue.date(value)
        return place_words(self.tongue, value) if fact and fact.type == "place" else choice_words(self.tongue, value)
