"""What the form asks for: only facts that the law of the day reads, and not what is stated already by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.decisions import Query
from licet.desk.forms import READING, SHORT
from licet.desk.state import SYSTEM
from licet.errors import BadInput

if TYPE_CHECKING:
    from licet.desk.forms import Form
    from licet.desk.state import Desk
    from licet.statutes.forms import Basis
    from licet.statutes.law import Law

# Folded parts of the form with their fields.
GROUPS = {
    "parties": ("hq", "parent", "end_use", "movement", "from", "exporter"),
    "figures": ("tpp", "applicable_die_area_mm2", "performance_density", "datacenter", "memory_bandwidth_gbs"),
    "state": ("lpp_used_tpp", "allocation_used_tpp"),
    "law": ("known",),
}
# What an answer says whatever the law reads: the headquarters and the movement decide whether there is anything to ask.
_ALWAYS = frozenset({"known"})


MOST_KEPT = 64
_kept: dict[str, frozenset[str]] = {}


def facts_read(law: Law) -> frozenset[str]:
    """Return the facts that a person may state and that some clause of the law reads, through what is derived too."""
    if law.digest not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[law.digest] = _facts_read(law)
    return _kept[law.digest]


def _facts_read(law: Law) -> frozenset[str]:
    conditions = [*law.conditions.values(), *(mask.where for c in law.clauses.values() for mask in c.masks)]
    terms = [*law.limits.values(), *(a.when for a in law.assumed.values() if a.when is not None)]
    named = {name for node in (*conditions, *terms) for name in e.facts_in(node)}
    # What an account counts as used stands in no condition of the kind of clause that draws on it.
    named |= {clause.form.draws.used for clause in law.clauses.values() if clause.form.draws}
    named |= {clause.form.by for clause in law.clauses.values() if clause.form.by}
    return frozenset(part for name in named if name in law.vocabulary for part in law.stated_for(name)) | named


def fields(desk: Desk, form: Form) -> frozenset[str]:
    """Return the fields of the form to show: needed on the day that is asked about, or filled in already."""
    filled = frozenset(form.values) | frozenset(form.trouble)
    read = facts_read(_law(desk, form))
    # The catalog has the figures of what it names.
    groups = [name for name in GROUPS if name != "figures" or not form.values.get("chip") or "chip" in form.trouble]
    wanted = {field for group in groups for field in GROUPS[group] if SHORT.get(field, field) in read}
    return frozenset(wanted) | _ALWAYS | filled


def readings(desk: Desk, form: Form) -> frozenset[str]:
    """Return the readings between which a choice matters on the day: those of acts in force, and what was chosen."""
    law = _law(desk, form)
    in_force = {name for act in law.acts for name in act.head.readings}
    troubled = {name.removeprefix(READING) for name in form.trouble if name.startswith(READING)}
    return frozenset(in_force) | frozenset(form.readings) | troubled


def _law(desk: Desk, form: Form) -> Law:
    """Return the law that is asked for; where that cannot be laid together, the law of the day alone."""
    on = form.on or desk.today()
    basis: Basis = "written" if form.values.get("basis") == "written" else "enforced"
    try:
        return desk.statutes.law(Query(on, SYSTEM, basis, form.known, (), form.proposals))
    except BadInput:
        return desk.statutes.law(Query(on, SYSTEM, basis))
