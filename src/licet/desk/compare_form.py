"""Which two laws are to be compared, and what is asked of both: read from an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from licet.catalog import items
from licet.desk.chain import USUAL_QUANTITIES, compared, usual_chips
from licet.desk.forms import Trouble, read_form
from licet.desk.render import address
from licet.desk.state import SYSTEM
from licet.statutes.law import Query

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from licet.decisions.difference import Difference
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes
    from licet.statutes.forms import Basis

EVERY_CHIP = "all"
# The form of a question reads the fields, under its own names: the first day is read as the day of knowledge.
_AS_ASKED = {"to": "on", "from": "known", "place": "to"}
_AS_SENT = {asked: sent for sent, asked in _AS_ASKED.items()}
PARAMETERS = ("from", "to", "basis", "with", "chip", "quantity", "place")


@dataclass(frozen=True)
class Comparison:
    """The two laws and what is asked; ``trouble`` by the name of the parameter that cannot be used.

    ``chip`` is an id, ``all`` for the whole catalog, or empty for the usual chips.
    """

    first: dt.date
    second: dt.date
    basis: Basis = "enforced"
    proposals: tuple[str, ...] = ()
    chip: str = ""
    quantity: str = ""
    place: str = ""
    trouble: dict[str, Trouble] = field(default_factory=dict)

    @property
    def before(self) -> Query:
        """The first law: without the proposals."""
        return Query(self.first, SYSTEM, self.basis)

    @property
    def after(self) -> Query:
        """The second law, with the proposals laid over it."""
        return Query(self.second, SYSTEM, self.basis, None, (), self.proposals)

    @property
    def same(self) -> bool:
        """Whether both are one law asked for in one way."""
        return self.before == self.after

    def difference(self, statutes: Statutes) -> Difference:
        """Return what differs. Raises :class:`licet.errors.BadInput` for a proposal that cannot be laid over."""
        chips = () if self.chip == EVERY_CHIP else (self.chip,) if self.chip else usual_chips()
        usual = () if self.chip == EVERY_CHIP else tuple(map(str, USUAL_QUANTITIES))
        quantities = (self.quantity,) if self.quantity else usual
        places = (self.place,) if self.place else ()
        return compared(statutes, self.before, self.after, chips, quantities, places)

    def parameters(self, **changes: str) -> list[tuple[str, str]]:
        """Return the query of the address, with ``changes``."""
        values = {"from": self.first.isoformat(), "to": self.second.isoformat(), "basis": self.basis}
        found = list({**values, **{k: v for k, v in changes.items() if k in values}}.items())
        found += [("with", name) for name in self.proposals]
        own = {"chip": self.chip, "quantity": self.quantity, "place": self.place}
        return [*found, *((k, changes.get(k, v)) for k, v in own.items() if changes.get(k, v))]


def read_comparison(sent: Sequence[tuple[str, str]], statutes: Statutes, tongue: Tongue, today: dt.date) -> Comparison:
    """Read the parameters; what cannot be used is left at its default and stands in ``trouble``."""
    every = ("chip", EVERY_CHIP) in sent
    known = [(_AS_ASKED.get(name, name), value) for name, value in sent if name in PARAMETERS]
    form = read_form([pair for pair in known if not every or pair[0] != "chip"], statutes, tongue)
    trouble = {_AS_SENT.get(name, name): found for name, found in form.trouble.items()}
    good = {name: value for name, value in form.values.items() if name not in form.trouble}
    second = form.on or today
    chip = items.look_up(good["chip"]).item.id if "chip" in good else ""
    return Comparison(
        first=form.known or second,
        second=second,
        basis="written" if good.get("basis") == "written" else "enforced",
        proposals=form.proposals,
        chip=EVERY_CHIP if every else chip,
        quantity=good.get("quantity", ""),
        place=good.get("to", ""),
        trouble=trouble,
    )


def proposal_address(act: str, day: str = "2025-06-02") -> str:
    """Return the address that lays a proposal over the law as it was written on a day that had the framework."""
    return address("/law/compare", {"from": day, "to": day, "basis": "written", "with": act})
