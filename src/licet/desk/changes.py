"""Changes of verdicts in words: answers, items, quantities, and whom they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.catalog.items import every
from licet.catalog.places import places
from licet.decisions.gains import STATED_ITEM
from licet.desk import labels
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from licet.decisions.difference import Tier
    from licet.decisions.gains import Answer, Quantity
    from licet.desk.tongue import Tongue
    from licet.statutes.forms import Words

MOST_CHIPS = 8
"""How many chips of a group are named; the rest are counted. JSON names all."""
MOST_PLACES = 6
"""Past so many, places whose answers change alike more than once are named once, as a group."""


class ChangeWords:
    """Tells changes in one language: ``titles`` of clauses by id, ``tiers`` by which many places are named."""

    def __init__(self, speech: Tongue, titles: Mapping[str, Words], tiers: Sequence[Tier]) -> None:
        self.speech = speech
        self.titles = titles
        self.tiers = tiers

    def told(self, message: str, **values: Any) -> str:
        """Return a message in the reader's language, its places filled in."""
        return self.speech.text(message).format(**values)

    def named(self, name: str, value: str) -> str:
        """Return a name and what it stands for."""
        return f"{name}：{value}" if self.speech.code == "zh" else f"{name}: {value}"

    def noted(self, text: str, note: str) -> str:
        """Return a text with a note in brackets; without a note the text alone."""
        if not note:
            return text
        return f"{text}（{note}）" if self.speech.code == "zh" else f"{text} ({note})"

    def parted(self, items: Iterable[str]) -> str:
        """Return items that have commas of their own as one enumeration."""
        return ("；" if self.speech.code == "zh" else "; ").join(items)

    def tier_name(self, number: int | None) -> str:
        """Return the name of a tier."""
        return self.told(N_("Tier {number}"), number=number) if number else self.speech.text(N_("no tier"))

    def names(self, codes: Iterable[str]) -> str:
        """Return the names of places, in their order."""
        names = [labels.place_words(self.speech, code) for code in codes]
        return self.speech.joined(sorted(names, key=self.collated))

    def collated(self, name: str) -> bytes:
        """Return a key that puts Chinese names in the order of pinyin: GB 2312 has its common characters so."""
        return name.encode("gb18030") if self.speech.code == "zh" else name.casefold().encode()

    def items(self, names: Sequence[str]) -> str:
        """Return the names of items, the first few of many."""
        told = [every()[name].name if name != STATED_ITEM else self.speech.text(N_("the item")) for name in names]
        if len(told) <= MOST_CHIPS:
            return self.speech.joined(told)
        more = self.told(N_("and {count} more"), count=len(told) - MOST_CHIPS)
        return f"{self.speech.joined(told[:MOST_CHIPS])} {more}"

    def quantities(self, quantities: Sequence[Quantity], *, brief: bool = False) -> str:
        """Return the quantities that are asked; ``brief`` as for :meth:`limit`."""
        units = [q.units for q in quantities if q.units is not None]
        limits = [self.limit(q, brief=brief) for q in quantities if q.limit is not None]
        parts = []
        if units:
            told = self.speech.ngettext("{units} unit", "{units} units", max(units))
            parts.append(told.format(units=self.speech.joined([self.speech.number(n) for n in units])))
        if limits:
            parts.append(self.told(N_("just above {limits} TPP"), limits=self.speech.joined(limits)))
        return self.speech.joined(parts)

    def limit(self, quantity: Quantity, *, brief: bool) -> str:
        """Return the limit of an account, with its name unless ``brief``."""
        amount = self.speech.number(quantity.limit)
        words = [labels.ACCOUNTS.get(name.replace(" ", "_"), name) for name in quantity.accounts]
        return amount if brief else self.noted(amount, self.speech.joined([self.speech.text(name) for name in words]))

    def answer(self, answer: Answer) -> str:
        """Return an answer with its exceptions, its review policy, its duty."""
        parts = [labels.POLICIES[answer.review_policy]] if answer.review_policy else []
        told = [*answer.exceptions, *(self.speech.text(part) for part in parts)]
        told += [self.speech.text(N_("drawing on the allocation"))] if answer.allocates else []
        told += [f"{self.speech.number(answer.duty_pct)} %"] if answer.duty_pct is not None else []
        told += [f"{self.speech.text(N_('Band'))} {answer.band}"] if answer.band is not None else []
        outcome = self.speech.text(labels.OUTCOMES[answer.outcome])
        return self.noted(outcome, self.speech.joined(told))

    def duties(self, before: Sequence[str], after: Sequence[str]) -> str:
        """Return the obligations that come (+) and go (−)."""
        parts = [f"+ {self.speech.pick(self.titles[name])}" for name in after if name not in before]
        parts += [f"− {self.speech.pick(self.titles[name])}" for name in before if name not in after]
        return self.parted(parts)

    def who(self, codes: Sequence[str]) -> str:
        """Name places: by tier where most of one is meant, else one by one; territories go with their row."""
        left = {code for code in codes if _own_row(code, codes)}
        count, parts = len(left), []
        for tier in self.tiers:
            members, ours = set(tier.places), left & set(tier.places)
            without = members - ours - {"US"}
            if len(ours) > MOST_PLACES and len(without) * 2 < len(ours):
                name = self.tier_name(tier.tier)
                told = self.told(N_("{tier} without {places}"), tier=name, places=self.names(without))
                parts.append(told if without else name)
                left -= ours
                parts += [self.names(["US"])] if "US" in ours else []
        named = self.names(left)
        told = self.parted([*parts, *([named] if named else [])])
        return self.noted(told, str(count) if count > 1 else "")


def _own_row(code: str, codes: Sequence[str]) -> bool:
    row = places()[code].row
    return row in (None, code) or row not in codes
