"""An explanation in words: quantities, changes of fact, answers to questions, and why other ways are closed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from licet.decisions.alternatives import Values
from licet.desk import labels
from licet.desk.conditions import Wording
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.clauses.vocabulary import Fact, FactValue
    from licet.decisions.alternatives import Branch, Naming
    from licet.decisions.counterfactuals import Answers, Change, Changed, Quantities, Stretch
    from licet.decisions.reasons import Lack, Shortfall
    from licet.decisions.trials import Result
    from licet.decisions.verdict import Failure
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law

MOST_LISTED = 6
CAUTION = N_(
    "This analyzes the law; it is no advice to state facts otherwise. A transaction is decided by what is true of it."
)
_HOW = {
    "given": N_("%(fact)s: %(after)s (now %(before)s)"),
    "assumed": N_("%(fact)s: %(after)s (%(before)s is assumed)"),
    "unknown": N_("%(fact)s: %(after)s (nothing is stated)"),
}


class Analysis:
    """Tells what was found under one law in one language."""

    def __init__(self, law: Law, tongue: Tongue) -> None:
        self.law = law
        self.tongue = tongue
        self.wording = Wording(law, tongue)

    def result(self, result: Result) -> str:
        """Return a result: the outcome, with its exception or its review policy, or the duty."""
        policy = result.review_policy
        parts = [self.tongue.text(labels.OUTCOMES[result.outcome])]
        parts += [result.exception] if result.exception else []
        parts += [self.tongue.text(labels.POLICIES[policy])] if policy else []
        if result.duty_pct is not None:
            parts.append(self.tongue.text(N_("duty %(duty)s%%")) % {"duty": self.tongue.number(result.duty_pct)})
        return self.tongue.joined(parts)

    def quantities(self, found: Quantities) -> list[str]:
        """Return a line for each stretch of quantities, then the largest ones where they say more."""
        if found.fixed_by:
            names = self.tongue.joined([self.wording.fact(name) for name in found.fixed_by])
            return [
                self.tongue.text(N_("Not varied: %(facts)s was stated, and would change with it.")) % {"facts": names}
            ]
        lines = [line for stretch in found.stretches for line in (self.stretch(stretch), *self.obliged(stretch))]
        lines += self.largest(found) if len(found.stretches) > 1 else []
        ended = self.tongue.text(N_("The search along the quantity ended after %(tried)s decisions."))
        return lines if found.complete else [*lines, ended % {"tried": self.tongue.number(found.tried)}]

    def stretch(self, stretch: Stretch) -> str:
        """Return one stretch of quantities with its result."""
        values = Values(Decimal(stretch.first), Decimal(stretch.last))
        return self.told(self.values("quantity", values), self.result(stretch.result))

    def obliged(self, stretch: Stretch) -> list[str]:
        """Return what comes with some quantities of a stretch only."""
        words = self.tongue.text(N_("with it, for %(values)s: %(title)s [%(cite)s]"))
        forms = [(item, self.law.clauses[item.clause].form) for item in stretch.obliged]
        return [
            words
            % {
                "values": self.values("quantity", Values(Decimal(item.first), Decimal(item.last))),
                "title": self.tongue.pick(form.title),
                "cite": form.cite,
            }
            for item, form in forms
        ]

    def largest(self, found: Quantities) -> list[str]:
        """Return the largest quantities of each kind."""
        kinds = (
            (N_("Largest quantity without a license requirement: %(units)s"), found.free),
            (N_("Largest quantity under an exception or authorization: %(units)s"), found.excepted),
            (N_("Largest quantity within what is left of the national allocation: %(units)s"), found.allocated),
        )
        return [
            self.tongue.text(words) % {"units": self.tongue.number(units)}
            for words, units in kinds
            if units is not None and units != found.most
        ]

    def told(self, values: str, result: str) -> str:
        """Return values and what they lead to."""
        return self.tongue.text(N_("%(values)s: %(result)s")) % {"values": values, "result": result}

    def change(self, change: Change) -> str:
        """Return one change of facts, with the result that it leads to."""
        facts = self.tongue.text(N_(" and ")).join(self.changed(changed) for changed in change.facts)
        return self.tongue.text(N_("%(facts)s → %(result)s")) % {"facts": facts, "result": self.result(change.result)}

    def changed(self, changed: Changed) -> str:
        """Return one fact changed: what it is now, and what it would have to be."""
        fact = self.law.vocabulary[changed.fact]
        before = labels.value_words(self.tongue, fact, changed.before)
        names = {"fact": self.wording.fact(changed.fact), "before": before}
        text = self.tongue.text(_HOW[changed.how]) % {**names, "after": self.values(changed.fact, changed.values)}
        if changed.following:
            also = self.tongue.joined([self.wording.fact(name) for name in changed.following])
            text += self.tongue.text(N_(", and with it what was not stated: %(facts)s")) % {"facts": also}
        return text

    def values(self, name: str, values: Values) -> str:
        """Return some of the values of a fact in words."""
        fact = self.law.vocabulary[name]
        if values.first is not None and values.last is not None:
            return self.between(fact, values.first, values.last)
        if values.named:
            return self.named(values.named, values.but)
        shown: list[FactValue] = list(values.values)
        words = [labels.value_words(self.tongue, fact, value) for value in shown[:MOST_LISTED]]
        words += [self.tongue.text(N_("any that the law does not name"))] if values.others else []
        listed = self.tongue.text(N_(" or ")).join(words) or self.tongue.text(N_("none"))
        if len(shown) > MOST_LISTED:
            listed = self.tongue.text(N_("one of %(number)s, such as %(values)s")) % {
                "number": len(shown),
                "values": self.tongue.joined(words),
            }
        return listed

    def between(self, fact: Fact, first: Decimal, last: Decimal) -> str:
        """Return a range of numbers; its end is left out where it is the vocabulary's own."""
        _ = self.tongue.text
        names = {"first": self.tongue.number(first), "last": labels.value_words(self.tongue, fact, last)}
        if first == last:
            return names["last"]
        if first <= fact.least:
            return _("any number") if last >= fact.most else _("at most %(last)s") % names
        if last >= fact.most:
            return _("%(first)s or more") % {"first": labels.value_words(self.tongue, fact, first)}
        return _("%(first)s to %(last)s") % names

    def named(self, named: tuple[Naming, ...], but: tuple[str, ...]) -> str:
        """Return places by the sets of the law that they are in or outside of."""
        _ = self.tongue.text
        words = [
            (_("in “%(set)s”") if naming.inside else _("outside “%(set)s”")) % {"set": self.wording.set(naming.set)}
            for naming in named
        ]
        text = _(" and ").join(words)
        if but:
            places = self.tongue.joined([labels.place_words(self.tongue, code) for code in but])
            text += _(", except %(places)s") % {"places": places}
        return text

    def answers(self, found: Answers) -> list[str]:
        """Return what each answer to one question would lead to."""
        return [self.told(self.answer(found.fact, b), self.led_to(b)) for b in found.branches]

    def answer(self, name: str, branch: Branch) -> str:
        """Return the values of one answer, or that it may be any."""
        fact = self.law.vocabulary[name]
        every = fact.type == "boolean" and len(branch.values.values) > 1
        return self.tongue.text(N_("whatever the answer")) if every else self.values(name, branch.values)

    def led_to(self, branch: Branch) -> str:
        """Return a result, and what it would still want."""
        if not branch.wants:
            return self.result(branch.result)
        facts = self.tongue.joined([self.wording.fact(name) for name in branch.wants])
        still = self.tongue.text(N_("%(result)s, still wanting: %(facts)s"))
        return still % {"result": self.result(branch.result), "facts": facts}

    def near_miss(self, miss: Failure, parts: tuple[Shortfall, ...]) -> list[str]:
        """Return why one exception or authorization is closed: its name, then each part that failed."""
        clause = self.law.clauses[miss.clause]
        return [f"{miss.id} [{clause.form.cite}]", *(self.shortfall(part, miss) for part in parts)]

    def shortfall(self, part: Shortfall, miss: Failure) -> str:
        """Return one part that failed, in words, with the facts as they are."""
        _ = self.tongue.text
        needed = self.wording.words(part.needed)
        if part.barred:
            bar = self.law.clauses[miss.barred_by].form
            needed = _("barred by “%(title)s” [%(cite)s]") % {"title": self.tongue.pick(bar.title), "cite": bar.cite}
        here = self.here(part)
        return _("%(needed)s; here %(facts)s") % {"needed": needed, "facts": here} if here else needed

    def here(self, part: Shortfall) -> str:
        """Return the facts behind a part that failed, each once; of a bare comparison, by how much it was missed."""
        if len(part.lacks) == 1 and part.lacks[0].needed == part.needed:
            return self.bare(part.lacks[0])
        facts = dict.fromkeys(fact for lack in part.lacks for fact in lack.facts if fact[1] is not None)
        # Where the parties or the shipment have a say, the item, of which every clause speaks first, is not the point.
        apart = [(name, value) for name, value in facts if self.law.vocabulary[name].group != "item"] or list(facts)
        told = [self.told(self.wording.fact(name), self.value(name, value)) for name, value in apart]
        return self.tongue.joined([*told[:MOST_LISTED], *(["…"] if len(told) > MOST_LISTED else [])])

    def bare(self, lack: Lack) -> str:
        """Return what stands where one elementary condition wants something else."""
        if lack.has is None or lack.bound is None or not lack.by:
            return self.tongue.joined([self.value(name, value) for name, value in lack.facts])
        names = {"has": self.tongue.number(lack.has), "by": self.tongue.number(lack.by)}
        words = N_("%(has)s, %(by)s too much") if lack.has > lack.bound else N_("%(has)s, %(by)s too little")
        return self.tongue.text(words) % names

    def value(self, name: str, value: FactValue | None) -> str:
        """Return the value of a fact, or that it is not known."""
        words = labels.value_words(self.tongue, self.law.vocabulary[name], value)
        return self.tongue.text(N_("not known")) if value is None else words
