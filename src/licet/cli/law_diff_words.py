"""The difference of two laws on the terminal."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from licet.cli.answer import speech_of
from licet.desk import labels
from licet.desk.changes import MOST_PLACES, ChangeWords
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from licet.decisions.difference import Difference, Tier, Tiers
    from licet.decisions.gains import Change, Effect
    from licet.desk.tongue import Tongue
    from licet.statutes.difference import ClauseChange, MaskText, ReadingChange, SetChange, Side, TableChange
    from licet.statutes.law import Law

_SIGNS = {"added": "+", "gone": "−", "changed": "~"}
_DIRECTIONS = {"gain": N_("Freer"), "loss": N_("Less free"), "sideways": N_("Otherwise")}
_SHOWN_ELSEWHERE = frozenset({"act", "title"})


def render(found: Difference, laws: tuple[Law, Law], language: str, console: Console) -> None:
    """Print a difference; ``laws`` are the two that it is of."""
    speech = speech_of(language)
    lines = _Lines(found, laws, speech)
    before, after = lines.side(found.law.before), lines.side(found.law.after)
    _print(console, f"{found.law.before.system}: {before} → {after}", style="bold")
    if found.law.empty and not found.effective:
        _print(console, speech.text(N_("The two laws do not differ.")))
    for heading, items in lines.sections():
        if items:
            _print(console, speech.text(heading), style="bold dim")
        for item in items:
            _print(console, item)


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(text, style=style, markup=False, highlight=False)


class _Lines(ChangeWords):
    """The lines of each section."""

    def __init__(self, found: Difference, laws: tuple[Law, Law], speech: Tongue) -> None:
        titles = {name: clause.form.title for law in laws for name, clause in law.clauses.items()}
        super().__init__(speech, titles, (found.tiers.after or found.tiers.before) if found.tiers else ())
        self.found = found
        self.proposed = [act for act in found.law.acts if act.kind == "proposal"]
        told = Counter(change.places for effect in found.gains.effects for change in effect.changes)
        often = [codes for codes, times in told.items() if times > 1 and len(codes) > MOST_PLACES]
        self.groups = {codes: number for number, codes in enumerate(often, 1)}

    def sections(self) -> list[tuple[str, list[str]]]:
        law = self.found.law
        pick = self.speech.pick
        return [
            (N_("Acts"), [f"{_SIGNS[a.change]} {a.act}  {pick(a.titles)} [{a.citation}]" for a in law.acts]),
            (N_("Readings of unclear texts"), [self.reading(item) for item in law.readings]),
            (N_("Tiers"), self.tier_lines(self.found.tiers) if self.found.tiers else []),
            (N_("Clauses"), [line for item in law.clauses for line in self.clause(item)]),
            (N_("Sets"), [self.set(item) for item in law.sets]),
            (N_("Tables"), [line for item in law.tables for line in self.table(item)]),
            (N_("Who gains and who loses"), list(self.gains())),
        ]

    def side(self, side: Side) -> str:
        parts = [f"{side.on} {self.speech.text(labels.BASES[side.basis])}"]
        parts += [self.told(N_("known on {day}"), day=side.known)] if side.known else []
        parts += [f"{name}={choice}" for name, choice in side.readings.items()]
        parts += [self.told(N_("with {proposal}"), proposal=name) for name in side.proposals]
        return self.speech.joined(parts)

    def reading(self, item: ReadingChange) -> str:
        if item.before == item.after and item.after is not None:
            settled, taken = item.settled_after or item.settled_before, self.speech.pick(item.words_after)
            told = N_("{reading} = {choice}, settled by {act}: {words}")
            if not item.settled_after:
                told = N_("{reading} = {choice}, settled by {act} in the first law only: {words}")
            return "~ " + self.told(told, reading=item.reading, choice=item.after, act=settled, words=taken)
        sign = "+" if item.before is None else "−" if item.after is None else "~"
        words = [self.speech.pick(text) for text in (item.words_before, item.words_after) if text]
        return f"{sign} {self.named(item.reading, ' → '.join(words))}"

    # Tiers

    def tier_lines(self, tiers: Tiers) -> list[str]:
        if not tiers.moved:
            counts = [self.noted(self.tier_name(t.tier), self.count(t)) for t in tiers.after]
            return ["  " + self.told(N_("as before: {counts}"), counts=self.speech.joined(counts))]
        if not (tiers.before and tiers.after):
            return list(self.tier_lists(tiers))
        lines = []
        for old, new in zip(tiers.before, tiers.after, strict=True):
            counts = [self.count(old), self.count(new)]
            lines.append("  " + self.named(self.tier_name(old.tier), " → ".join(dict.fromkeys(counts))))
        for move in tiers.moved:
            way = f"{self.tier_name(move.before)} → {self.tier_name(move.after)}"
            following = [code for row in move.places for code in tiers.territories.get(row, ())]
            lines.append("  " + self.named(way, self.noted(self.names(move.places), self.names(following))))
        return lines

    def tier_lists(self, tiers: Tiers) -> Iterable[str]:
        """Tell every tier in full, where only one of the laws has tiers."""
        if tiers.after:
            yield "  " + self.speech.text(N_("The first law has no tiers."))
        else:
            yield "  " + self.speech.text(N_("The second law has no tiers. Those of the first:"))
        for tier in tiers.after or tiers.before:
            name = self.noted(self.tier_name(tier.tier), self.count(tier))
            yield "  " + self.named(name, self.names(tier.places))
        rows = [
            self.noted(labels.place_words(self.speech, row), self.names(them))
            for row, them in tiers.territories.items()
        ]
        yield "  " + self.told(N_("Territories go with {rows}"), rows=self.speech.joined(rows))
        if tiers.no_row:
            told = N_("No tier, since the country chart gives them no row: {places}")
            yield "  " + self.told(told, places=self.names(tiers.no_row))

    def count(self, tier: Tier) -> str:
        return self.told(N_("{count} and the US"), count=tier.count) if tier.with_us else str(tier.count)

    # The texts

    def clause(self, item: ClauseChange) -> list[str]:
        title = self.speech.pick(item.title)
        idle = {item.enforced_before, item.enforced_after} <= {"not", None}
        shown = f"{_SIGNS[item.change]} {item.clause}  {title} [{item.cite}; {item.act}]"
        lines = [self.noted(shown, self.speech.text(N_("not enforced")) if idle else "")]
        for field in (field for field in item.fields if field.name not in _SHOWN_ELSEWHERE):
            lines.append(f"    {field.name}: {self.value(field.before)}")
            lines.append(f"      → {self.value(field.after)}")
        if item.change != "gone" and not idle:
            masked = N_("no longer enforced"), N_("no longer enforced where {where}")
            if item.change == "added":
                masked = N_("not enforced"), N_("not enforced where {where}")
            lines += [self.mask(mask, *masked) for mask in item.masked]
            again = N_("enforced again"), N_("enforced again where {where}")
            lines += [self.mask(mask, *again) for mask in item.unmasked]
        return lines

    def mask(self, mask: MaskText, everywhere: str, somewhere: str) -> str:
        told = self.speech.text(everywhere) if mask.where == "TRUE" else self.told(somewhere, where=mask.where)
        return f"    {told} [{mask.cite}]"

    def value(self, value: Any) -> str:
        if isinstance(value, dict):
            texts = self.speech.pick(value) if set(value) == {"en", "zh"} else ""
            return texts or ", ".join(f"{key}: {item}" for key, item in value.items())
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value))
        return "–" if value is None else str(value)

    def set(self, item: SetChange) -> str:
        named = self.names if item.of == "place" else self.speech.joined
        parts = [f"{sign} {named(list(codes))}" for sign, codes in (("+", item.added), ("−", item.removed)) if codes]
        name = f"{_SIGNS[item.change]} {item.set}  {self.speech.pick(item.title)}"
        return self.named(name, self.parted(parts) or "–")

    def table(self, item: TableChange) -> list[str]:
        lines = [f"{_SIGNS[item.change]} {item.table}  {self.speech.pick(item.title)} [{item.cite}] ({item.unit})"]
        for row in item.rows:
            days = f"{row.start or ''} … {row.end or ''}" if row.start or row.end else self.speech.text(N_("outside"))
            lines.append(f"    {days}: {self.amount(row.before)} → {self.amount(row.after)}")
        return lines

    def amount(self, text: str | None) -> str:
        return self.speech.number(Decimal(text)) if text else "–"

    # Who gains and who loses

    def gains(self) -> Iterable[str]:
        gains = self.found.gains
        yield "  " + self.asked()
        if gains.undecided:
            told = N_("Undecided under both laws: {number}.")
            yield "  " + self.told(told, number=self.speech.number(gains.undecided))
        if not self.found.effective:
            yield "  " + self.no_effect()
            return
        for item in gains.reclassified:
            count = len(item.items)
            counted = self.speech.ngettext("{count} item", "{count} items", count).format(count=count)
            changed = f"ECCN {item.before or '–'} → {item.after or '–'}"
            yield "  " + self.named(changed, self.noted(counted, self.items(item.items)))
        told = N_("{changed} of {questions} verdicts change.")
        changed, questions = self.speech.number(gains.changed), self.speech.number(gains.questions)
        yield "  " + self.told(told, changed=changed, questions=questions)
        for heading, codes in (
            (N_("Gain only"), gains.gaining),
            (N_("Lose only"), gains.losing),
            (N_("Gain and lose"), gains.both),
            (N_("Neither gain nor lose"), gains.otherwise),
        ):
            if codes:
                yield "  " + self.named(self.speech.text(heading), self.who(codes))
        for codes, number in self.groups.items():
            yield "  " + self.named(self.told(N_("Group {number}"), number=number), self.who(codes))
        for _, effects in groupby(gains.effects, key=lambda effect: effect.items):
            yield from self.effects(list(effects))

    def asked(self) -> str:
        gains = self.found.gains
        told = N_(
            "Asked: {items}, to {places}, headquarters and ultimate parent there unless stated; {quantities}; {facts}."
        )
        what = self.told(N_("{count} chips"), count=len(gains.items))
        if len(gains.items) == 1:
            what = self.items(gains.items)
        where = self.told(N_("{count} places"), count=len(gains.places))
        if len(gains.places) == 1:
            where = self.names(gains.places)
        facts = self.speech.text(N_("all else as it is assumed"))
        if gains.facts:
            facts = f"{self.speech.joined([f'{name}={value}' for name, value in gains.facts.items()])}, {facts}"
        return self.told(told, items=what, places=where, quantities=self.quantities(gains.quantities), facts=facts)

    def no_effect(self) -> str:
        number = self.speech.number(self.found.gains.questions)
        basis = self.speech.text(labels.BASES[self.found.law.after.basis])
        if self.proposed:
            names = self.speech.joined([self.speech.pick(act.titles) for act in self.proposed])
            told = N_("No effect {basis}: with “{proposals}”, no verdict changes ({number} asked).")
            return self.told(told, basis=basis, proposals=names, number=number)
        return self.told(N_("No effect {basis}: no verdict changes ({number} asked)."), basis=basis, number=number)

    def effects(self, effects: Sequence[Effect]) -> Iterable[str]:
        """Tell the effects on one group of items, quantity by quantity."""
        asked = {quantity.id: quantity for quantity in self.found.gains.quantities}
        items, eccns = self.items(effects[0].items), self.speech.joined(list(effects[0].classified))
        yield "  " + (self.named(eccns, items) if eccns else items)
        for effect in effects:
            yield f"    {self.quantities([asked[name] for name in effect.quantities], brief=True)}"
            for change in effect.changes:
                yield "      " + self.named(self.speech.text(_DIRECTIONS[change.direction]), self.change(change))

    def change(self, change: Change) -> str:
        before, after = self.answer(change.before), self.answer(change.after)
        told = before if before == after else f"{before} → {after}"
        duties = self.duties(change.before.obligations, change.after.obligations)
        group = self.groups.get(change.places)
        where = self.told(N_("Group {number}"), number=group) if group else self.who(change.places)
        return self.named(f"{told} [{duties}]" if duties else told, where)
