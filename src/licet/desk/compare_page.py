"""Two laws side by side: acts, tiers, verdicts, clauses, lists and tables that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.catalog import items
from licet.catalog.places import places
from licet.desk import labels
from licet.desk.ask import chip_suggestions, place_suggestions
from licet.desk.changes import ChangeWords
from licet.desk.compare_form import EVERY_CHIP, Comparison, read_comparison
from licet.desk.forms import Trouble, proposals_of
from licet.desk.law_words import LawWords
from licet.desk.place_page import DIRECTIONS, TONES
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.errors import BadInput
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.decisions.difference import Difference, Tiers
    from licet.decisions.gains import Effect
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes
    from licet.statutes.difference import ClauseChange, MaskText

SIGNS = {
    "added": (N_("new in the law"), "free"),
    "gone": (N_("gone"), "stop"),
    "changed": (N_("changed"), "way"),
}
MOST_NAMED = 40
"""Of a group of places that change alike so many are named; the others are counted."""


@get("/law/compare", include_in_schema=False)
@threaded
def compare_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Compare the laws of two days, or lay proposals over one."""
    tongue = tongue_of(request)
    asked = read_comparison(list(request.query_params.multi_items()), desk.statutes, tongue, desk.today())
    trouble = dict(asked.trouble)
    found: dict[str, Any] | None = None
    if not trouble and not asked.same:
        try:
            found = Told(desk.statutes, asked, tongue).told()
        except BadInput as error:
            trouble["form"] = Trouble(error.message, error.fix)
    return page(
        request,
        desk,
        "compare.html",
        status=400 if trouble else 200,
        asked=asked,
        trouble=trouble,
        found=found,
        title=_title(asked, desk.statutes, tongue),
        place=labels.place_words(tongue, asked.place) if asked.place else "",
        proposals=[
            (name, tongue.pick(titles), name in asked.proposals) for name, titles in proposals_of(desk.statutes).items()
        ],
        turned=address("/law/compare", asked.parameters(basis="written" if asked.basis == "enforced" else "enforced")),
        every=address("/law/compare", asked.parameters(chip=EVERY_CHIP, quantity="")),
        every_chip=EVERY_CHIP,
        suggestions=chip_suggestions(tongue),
        places=place_suggestions(tongue),
    )


def _title(asked: Comparison, statutes: Statutes, tongue: Tongue) -> str:
    if asked.proposals:
        titles = proposals_of(statutes)
        named = tongue.joined([tongue.pick(titles[name]) for name in asked.proposals])
        if asked.first == asked.second:
            return tongue.text(N_("%(proposal)s: the law of %(day)s with it and without")) % {
                "proposal": named,
                "day": tongue.date(asked.second),
            }
    days = {"first": tongue.date(asked.first), "second": tongue.date(asked.second)}
    return tongue.text(N_("The law of %(first)s and of %(second)s")) % days


class Told:
    """A difference in words, for one reader."""

    def __init__(self, statutes: Statutes, asked: Comparison, tongue: Tongue) -> None:
        self.statutes, self.asked, self.tongue = statutes, asked, tongue
        self.difference: Difference = asked.difference(statutes)
        before, after = statutes.law(asked.before), statutes.law(asked.after)
        titles = {name: clause.form.title for law in (before, after) for name, clause in law.clauses.items()}
        tiers = self.difference.tiers
        self.words = ChangeWords(tongue, titles, (tiers.after or tiers.before) if tiers else ())
        self.texts = LawWords(statutes, after, tongue)
        self.earlier = LawWords(statutes, before, tongue)

    def told(self) -> dict[str, Any]:
        """Return all that the page shows."""
        law, gains = self.difference.law, self.difference.gains
        return {
            "acts": [
                (*self.sign(act.change), act.act, self.tongue.pick(act.titles), act.citation, act.released)
                for act in law.acts
            ],
            "moves": list(self.moves(self.difference.tiers)) if self.difference.tiers else [],
            "tiers": self.counts(self.difference.tiers) if self.difference.tiers else [],
            "changed": gains.changed,
            "questions": gains.questions,
            "undecided": gains.undecided,
            "chips": self.words.items(gains.items),
            "quantities": self.words.quantities(gains.quantities),
            "who": [
                (self.tongue.text(name), len(codes), self.words.who(codes))
                for name, codes in (
                    (N_("Gain only"), gains.gaining),
                    (N_("Lose only"), gains.losing),
                    (N_("Gain and lose"), gains.both),
                    (N_("Neither gain nor lose"), gains.otherwise),
                )
                if codes
            ],
            "reclassified": [
                (item.before or "–", item.after or "–", self.words.items(item.items)) for item in gains.reclassified
            ],
            "effects": [self.effect(effect) for effect in gains.effects],
            "clauses": [self.clause(item) for item in law.clauses],
            "sets": [(*self.sign(item.change), self.texts.set(item)) for item in law.sets],
            "tables": [(*self.sign(item.change), self.texts.table(item)) for item in law.tables],
            "readings": [
                (
                    self.tongue.pick(item.question),
                    self.tongue.pick(item.words_before) if item.words_before else "–",
                    self.tongue.pick(item.words_after) if item.words_after else "–",
                )
                for item in law.readings
            ],
            "empty": law.empty and not self.difference.effective,
        }

    def sign(self, change: str) -> tuple[str, str]:
        """Return the word and the tone of a kind of change."""
        word, tone = SIGNS[change]
        return self.tongue.text(word), tone

    def moves(self, tiers: Tiers) -> Iterable[dict[str, Any]]:
        """Yield the places that went from one tier to another."""
        for move in tiers.moved:
            yield {
                "before": self.words.tier_name(move.before),
                "after": self.words.tier_name(move.after),
                **self.linked(move.places),
            }

    def counts(self, tiers: Tiers) -> list[tuple[str, int | None, int | None]]:
        """Return how many places each tier has on each side, without the United States."""
        before, after = ({tier.tier: tier.count for tier in side} for side in (tiers.before, tiers.after))
        return [(self.words.tier_name(n), before.get(n), after.get(n)) for n in sorted({*before, *after})]

    def linked(self, codes: tuple[str, ...]) -> dict[str, Any]:
        """Return places with the addresses of their pages, those first that have a row of their own."""
        own = [code for code in codes if places()[code].row in (None, code)]
        shown = sorted(own or codes, key=lambda code: self.words.collated(labels.place_words(self.tongue, code)))
        about = {"on": self.asked.second, "basis": self.asked.basis}
        return {
            "places": [
                (labels.place_words(self.tongue, code), address(f"/world/{code}", about)) for code in shown[:MOST_NAMED]
            ],
            "more": len(shown) - len(shown[:MOST_NAMED]),
            "count": len(codes),
        }

    def effect(self, effect: Effect) -> dict[str, Any]:
        """Return the changes of the verdicts on one group of items and quantities."""
        asked_of = {quantity.id: quantity for quantity in self.difference.gains.quantities}
        return {
            "named": self.words.items(effect.items),
            "classified": self.tongue.joined(list(effect.classified)),
            "quantities": self.words.quantities([asked_of[name] for name in effect.quantities]),
            "changes": [
                {
                    "direction": self.tongue.text(DIRECTIONS[change.direction]),
                    "tone": TONES[change.direction],
                    "before": self.words.answer(change.before),
                    "after": self.words.answer(change.after),
                    "duties": self.words.duties(change.before.obligations, change.after.obligations),
                    "href": self._example(effect, change.places[0]),
                    **self.linked(change.places),
                }
                for change in effect.changes
            ],
        }

    def _example(self, effect: Effect, code: str) -> str:
        """Return the question about one of the items at one of the places, under the second law."""
        quantity = next(q for q in self.difference.gains.quantities if q.id == effect.quantities[0])
        chip = next((name for name in effect.items if name in items.every()), "")
        given = {"chip": chip, "quantity": quantity.by_item.get(chip, 1), "to": code, "on": self.asked.second}
        laid = [("with", name) for name in self.asked.proposals]
        return address("/", [*given.items(), ("basis", self.asked.basis), *laid]) if chip else ""

    def clause(self, item: ClauseChange) -> dict[str, Any]:
        """Return a clause that differs: its keys before and after, and what is no longer or again enforced."""
        return {
            "id": item.clause,
            "title": self.tongue.pick(item.title),
            "cite": item.cite,
            "kind": self.tongue.text(labels.KINDS[item.kind]),
            "sign": self.sign(item.change),
            "fields": self.texts.fields(item.fields),
            "masked": [self.mask(mask, self.texts) for mask in item.masked],
            "unmasked": [self.mask(mask, self.earlier) for mask in item.unmasked],
        }

    def mask(self, mask: MaskText, words: LawWords) -> tuple[str, str, str]:
        """Return where a clause is not enforced (empty: everywhere), by which citation and act."""
        return ("" if mask.where == "TRUE" else words.condition(mask.where)), mask.cite, mask.act


HANDLERS = (compare_page,)
