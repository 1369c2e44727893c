"""The plain sentences of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from licet.desk import labels
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.decisions import Verdict
    from licet.decisions.verdict import Otherwise, Volume
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Clause, Law


_REVIEWS = {
    "presumption_of_approval": N_("An application would be reviewed under a presumption of approval"),
    "case_by_case": N_("An application would be reviewed case by case"),
    "presumption_of_denial": N_("An application would be reviewed under a presumption of denial"),
    "policy_of_denial": N_("An application would be reviewed under a policy of denial"),
}
_ASSOCIATED = {"software": N_("software for %(eccn)s"), "technology": N_("technology for %(eccn)s")}
_KINDS = {
    "computer": N_("a computer"),
    "hbm": N_("high-bandwidth memory"),
    "model_weights": N_("model weights"),
    "software": N_("software"),
    "technology": N_("technology"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells a verdict of one law. ``to`` is a place code."""

    verdict: Verdict
    law: Law
    tongue: Tongue
    to: str = ""

    def question(self) -> str:
        """Return what was asked, as a heading."""
        _ = self.tongue.text
        quantity = self.verdict.facts.get("quantity")
        values = {"quantity": self.tongue.number(_decimal(quantity)), "item": self.item(), "place": self.place()}
        if quantity is None:
            return (_("%(item)s to %(place)s") if values["place"] else "%(item)s") % values
        return (_("%(quantity)s × %(item)s to %(place)s") if values["place"] else _("%(quantity)s × %(item)s")) % values

    def item(self) -> str:
        """Return what the item is called."""
        name = self.verdict.facts.get("name")
        return str(name) if name else self.described()

    def described(self) -> str:
        """Return what an item without a name is, by its kind, its figures or its classification."""
        facts = self.verdict.facts
        kind, tpp, circuits = facts.get("kind"), facts.get("tpp"), facts.get("circuits")
        values = {"tpp": self.tongue.number(_decimal(tpp)), "circuits": self.tongue.number(_decimal(circuits))}
        values["eccn"] = str(facts.get("for_eccn" if kind in _ASSOCIATED else "eccn") or "")
        if kind == "computer" and tpp and circuits:
            words = N_("a computer with %(circuits)s circuits of %(tpp)s TPP")
        elif kind in _ASSOCIATED and values["eccn"]:
            words = _ASSOCIATED[str(kind)]
        elif tpp and kind in (None, "chip", "logic_ic"):
            words = N_("a chip of %(tpp)s TPP")
        elif values["eccn"] and kind not in _ASSOCIATED:
            words = N_("an item of ECCN %(eccn)s")
        else:
            words = _KINDS.get(str(kind), N_("an item not described"))
        return self.tongue.text(words) % values

    def place(self) -> str:
        """Return the name of the destination as stated, and under which other place it counts, if under one."""
        counted = str(self.verdict.facts.get("destination", ""))
        code = self.verdict.stated_places.get("destination", counted) or self.to
        name = labels.place_words(self.tongue, code) if code else ""
        if not counted or counted == code:
            return name
        values = {"name": name, "place": labels.place_words(self.tongue, counted)}
        _ = self.tongue.text
        return _("%(name)s (counts under %(place)s)") % values

    def sentences(self) -> list[str]:  # noqa: PLR0911 - one case an outcome
        """Return the answer, the first sentence the outcome itself."""
        match self.verdict.outcome:
            case "license_required":
                return [self.tongue.text(N_("A license is required.")), *self.license(), *self.smaller()]
            case "license_exception":
                return [self.way(self.verdict.exception or ""), *self.drawn()]
            case "no_license_required":
                none = self.tongue.text(N_("No license is required under these controls."))
                return [none, *self.why_none(), *self.duty()]
            case "prohibited":
                return [self.tongue.text(N_("This is prohibited.")), *self.prohibitions()]
            case "not_subject":
                return [self.tongue.text(N_("The item is not subject to these controls."))]
            case "not_an_export":
                return [self.tongue.text(N_("This is not an export: the regulations do not reach it."))]
            case _:
                return [self.tongue.text(N_("This cannot be decided yet.")), self.open()]

    def prohibitions(self) -> list[str]:
        """Name what prohibits it."""
        found = [c for c in self.law.of_kind("prohibition") if self.verdict.trace.get(c.id)]
        stop = self.tongue.text(N_("%(title)s (%(cite)s)."))
        return [stop % {"title": self.tongue.pick(c.form.title), "cite": c.form.cite} for c in found]

    def duty(self) -> list[str]:
        """Say what duty is owed, where the law has duties."""
        _ = self.tongue.text
        if not self.verdict.dutiable:
            return []
        clause = next((c for c in self.law.of_kind("duty") if self.verdict.trace.get(c.id)), None)
        if self.verdict.duty_pct is None or clause is None:
            return [_("Whether a duty is owed depends on facts that are not known.")]
        named = {"title": self.tongue.pick(clause.form.title), "cite": clause.form.cite}
        rate = _("The duty is %(duty)s percent.") % {"duty": self.tongue.number(self.verdict.duty_pct)}
        return [rate, _("%(title)s (%(cite)s).") % named]

    def rests(self) -> list[str]:
        """Say on which readings of unclear texts the answer rests, and what it would be otherwise."""
        _ = self.tongue.text
        told = []
        for item in self.verdict.rests_on:
            for other in item.otherwise:
                values = {
                    "question": self.tongue.pick(item.question),
                    "taken": self.tongue.pick(item.taken),
                    "other": self.tongue.pick(other.words),
                    "outcome": self.otherwise(other),
                    "name": f"{item.reading}={other.choice}",
                }
                told.append(_("%(question)s Taken: %(taken)s. If “%(other)s”: %(outcome)s (%(name)s).") % values)
        return told

    def otherwise(self, other: Otherwise) -> str:
        """Return another outcome in words, with its exception or its review policy."""
        detail = other.exception or (
            self.tongue.text(labels.POLICIES[other.review_policy]) if other.review_policy else ""
        )
        outcome = self.tongue.text(labels.OUTCOMES[other.outcome])
        return self.tongue.joined([outcome, detail]) if detail else outcome

    def way(self, name: str) -> str:
        """Say that an exception or authorization can be used."""
        return self.tongue.text(N_("No license is needed if %(way)s is used.")) % {"way": self.way_name(name)}

    def way_name(self, name: str) -> str:
        """Return an exception or authorization as it is called."""
        _ = self.tongue.text
        clause = self.yielding(name)
        if clause is not None and clause.kind == "authorization":
            return _("the %(name)s authorization") % {"name": name}
        return _("License Exception %(name)s") % {"name": name}

    def yielding(self, name: str) -> Clause | None:
        """Return the clause of an exception or authorization."""
        ways = self.law.of_kind("exception", "authorization")
        return next((clause for clause in ways if clause.form.yields == name), None)

    def license(self) -> list[str]:
        """Say how an application would be reviewed, and what it would draw."""
        _ = self.tongue.text
        policy = self.verdict.review_policy
        if policy is None and not self.verdict.missing and self.review_in_doubt():
            return [
                _("How an application would be reviewed is open: nobody could tell whether its policy is in force.")
            ]
        if policy is None and not self.verdict.missing:
            return [_("The text says nothing of this day: its ceilings end before it.")]
        if policy is None:
            return [_("How an application would be reviewed depends on facts that are not known.")]
        if policy not in _REVIEWS:
            return [_("The law does not state how an application would be reviewed.")]
        review = _(_REVIEWS[policy])
        account = self.allocation()
        if account is None or not account.amount:
            return [_("%(review)s.") % {"review": review}]
        values = {
            "review": review,
            "place": self.place(),
            "amount": self.tongue.number(account.amount),
            "limit": self.tongue.number(account.limit),
        }
        told = [_("%(review)s; it would draw %(amount)s of the %(limit)s TPP allotted to %(place)s.") % values]
        if account.used:
            told.append(_("Of these, %(left)s TPP are left.") % {"left": self.tongue.number(account.available)})
        return told

    def review_in_doubt(self) -> bool:
        """Whether it is an act's status that leaves the review open, and not a table that ends before the day."""
        cited = {citation.clause for citation in self.verdict.citations}
        return any(clause.id in cited and clause.form.status == "unknown" for clause in self.law.of_kind("review"))

    def allocation(self) -> Volume | None:
        """Return the national account."""
        national = {clause.id for clause in self.law.of_kind("allocation")}
        return next((volume for volume in self.verdict.volumes if volume.clause in national), None)

    def smaller(self) -> list[str]:
        """Say which exceptions a smaller quantity would have."""
        quantity = self.verdict.facts.get("quantity")
        national = self.allocation()
        told = []
        for volume in self.verdict.volumes:
            if volume is not national and volume.units and isinstance(quantity, Decimal) and volume.units < quantity:
                clause = self.law.clauses[volume.clause]
                values = {"way": self.way_name(clause.form.yields), "units": self.tongue.number(volume.units)}
                sentence = self.tongue.ngettext(
                    "%(way)s would still allow %(units)s unit.",
                    "%(way)s would still allow %(units)s units.",
                    volume.units,
                )
                told.append(_sentence(sentence % values))
        return told

    def drawn(self) -> list[str]:
        """Say what the exception in use draws and leaves."""
        clause = self.yielding(self.verdict.exception or "")
        for volume in self.verdict.volumes:
            if clause is not None and volume.clause == clause.id and volume.amount is not None:
                left = max(volume.available - volume.amount, Decimal(0))
                values = {
                    "amount": self.tongue.number(volume.amount),
                    "limit": self.tongue.number(volume.limit),
                    "left": self.tongue.number(left),
                }
                return [
                    self.tongue.text(
                        N_("It draws %(amount)s TPP of the %(limit)s TPP allowed, and leaves %(left)s TPP.")
                    )
                    % values
                ]
        return []

    def why_none(self) -> list[str]:
        """Say why no license is required."""
        _ = self.tongue.text
        masked = next((citation for citation in self.verdict.citations if citation.masked), None)
        if masked is not None:
            return [
                _("A requirement is printed in %(cite)s, and the agency says that it does not enforce it (%(by)s).")
                % {"cite": masked.cite, "by": masked.masked}
            ]
        if not self.law.of_kind("classification"):
            return [_("No requirement of this law applies on this day.")]
        unknown = [c for c in self.law.of_kind("classification") if self.verdict.trace.get(c.id) is None]
        if self.verdict.classification is None and unknown:
            return [_("Whatever its classification, which is not known, no requirement applies on this day.")]
        if self.verdict.classification is None:
            return [_("On this day the item meets none of the classifications of the law.")]
        values = {"eccn": self.verdict.classification, "place": self.place()}
        return [_("No requirement of this law applies to %(eccn)s for %(place)s on this day.") % values]

    def open(self) -> str:
        """Say how much is to be answered."""
        count = len(self.verdict.missing)
        if not self.law.acts:
            return self.tongue.text(N_("No act of this law was in force on this day, or none was known."))
        if not count:
            return self.tongue.text(
                N_(
                    "No fact would settle it: what a requirement names is not held here, or nobody could tell whether "
                    "it is in force. The clauses are below."
                )
            )
        return self.tongue.ngettext(
            "The answer depends on %(count)s fact that is not known.",
            "The answer depends on %(count)s facts that are not known.",
            count,
        ) % {"count": count}


def _sentence(text: str) -> str:
    """Return a sentence that may begin with a name written small, such as "the NVEU authorization"."""
    return text[:1].upper() + text[1:]


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
