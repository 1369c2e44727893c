"""Acts and their amendments as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.catalog.places import places
from licet.desk import labels
from licet.i18n import N_
from licet.statutes import forms

if TYPE_CHECKING:
    from licet.desk.tongue import Tongue
    from licet.statutes import Act


@dataclass(frozen=True, slots=True)
class Change:
    """One amendment of an act, for its page."""

    anchor: str
    verb: str
    title: str
    kind: str
    cite: str
    seen: str
    condition: str
    yields: str
    text: str
    members: list[str]
    rows: list[tuple[str, str]]
    limits: str
    note: str


def head(act: Act, tongue: Tongue) -> dict[str, Any]:
    """Return an act without its amendments."""
    own = act.head
    return {
        "id": act.id,
        "title": tongue.pick(own.titles),
        "summary": tongue.pick(own.summary),
        "citation": own.citation,
        "issuer": tongue.text(own.issuer),
        "kind": tongue.text(labels.ACT_KINDS[own.kind]),
        "proposal": own.kind == "proposal",
        "dates": _dates(act, tongue),
        "released": own.dates.released,
        "consultation": own.consultation,
        "checked_through": own.checked_through,
        "sources": [(item.url, tongue.text(labels.SEEN[item.seen])) for item in own.sources],
        "count": len(act.amendments),
    }


def _dates(act: Act, tongue: Tongue) -> list[tuple[str, str, str]]:
    """Return the dates of an act: what happened, the ISO date, the date in words."""
    _ = tongue.text
    dates = act.head.dates
    named = (
        (_("released"), dates.released),
        (_("officially published"), dates.published),
        (_("effective"), dates.effective),
        (_("compliance"), dates.compliance),
    )
    return [(name, day.isoformat(), tongue.date(day)) for name, day in named if day]


def change(item: forms.AnyAmendment, tongue: Tongue) -> Change:
    """Return one amendment for the page of its act."""
    match item:
        case forms.ClauseForm():
            return _clause(item, tongue)
        case forms.SetForm():
            return _set(item, tongue)
        case forms.TableForm():
            rows = [(_interval(row, tongue), f"{tongue.number(Decimal(row.value))} {item.unit}") for row in item.rows]
            title = tongue.pick(item.title) or item.table
            return _made(tongue, item.table, tongue.text(N_("sets values by date")), title, item, rows=rows)
        case forms.RepealForm():
            return _made(tongue, item.repeal, tongue.text(N_("repeals")), item.repeal, item)
        case forms.MaskForm():
            verb = tongue.text(N_("prints but does not enforce"))
            return _made(tongue, item.mask, verb, item.mask, item, condition=item.where)
        case forms.SettleForm():
            return _made(
                tongue, item.settles, tongue.text(N_("settles a reading")), f"{item.settles}: {item.choice}", item
            )


def _clause(item: forms.ClauseForm, tongue: Tongue) -> Change:
    verb = tongue.text(N_("replaces")) if item.replacing else tongue.text(N_("adds"))
    yields = item.yields
    if yields in labels.POLICIES:
        yields = tongue.text(labels.POLICIES[yields])
    elif yields in labels.OUTCOMES:
        yields = tongue.text(labels.OUTCOMES[yields])
    return _made(
        tongue,
        item.id,
        verb,
        tongue.pick(item.title),
        item,
        kind=tongue.text(labels.KINDS[item.kind]),
        condition=item.when,
        yields=yields,
        text=tongue.pick(item.text),
    )


def _set(item: forms.SetForm, tongue: Tongue) -> Change:
    def names(codes: tuple[str, ...] | None) -> list[str]:
        return [labels.place_words(tongue, code) if code in places() else code for code in codes or ()]

    members = names(item.members)
    members += [f"+ {name}" for name in (*names(item.add), *item.union)]
    members += [f"− {name}" for name in (*names(item.remove), *item.less)]
    verb = (
        tongue.text(N_("defines a list"))
        if item.members is not None or item.union
        else tongue.text(N_("changes a list"))
    )
    return _made(tongue, item.set, verb, tongue.pick(item.title) or item.set, item, members=members)


def _made(tongue: Tongue, anchor: str, verb: str, title: str, item: forms.AnyAmendment, **more: Any) -> Change:
    limits = []
    if item.start:
        limits.append(tongue.text(N_("from %(day)s")) % {"day": tongue.date(item.start)})
    if item.end:
        limits.append(tongue.text(N_("to %(day)s")) % {"day": tongue.date(item.end)})
    if item.basis:
        limits.append(tongue.text(labels.BASES[item.basis]))
    limits += [
        tongue.text(N_("if read so: %(reading)s")) % {"reading": f"{name} = {choice}"}
        for name, choice in item.reading.items()
    ]
    empty: dict[str, Any] = {"kind": "", "condition": "", "yields": "", "text": "", "members": [], "rows": []}
    seen = getattr(item, "seen", "")
    return Change(
        anchor=anchor,
        verb=verb,
        title=title,
        cite=getattr(item, "cite", ""),
        seen=tongue.text(labels.SEEN[seen]) if seen else "",
        limits=tongue.joined(limits),
        note=getattr(item, "note", ""),
        **{**empty, **more},
    )


def _interval(row: forms.RowForm, tongue: Tongue) -> str:
    return f"{tongue.date(row.start) or '…'} – {tongue.date(row.end) or '…'}"
