"""The summary of an order book in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from rich.console import Console

MOST_SHOWN = 10
_STEPS = {
    "reading": N_("Reading"),
    "surveying": N_("Surveying"),
    "deciding": N_("Deciding"),
    "allocating": N_("Allocating"),
    "writing": N_("Writing"),
    "summing up": N_("Summing up"),
}
_GROUPS = {
    "outcome": N_("Outcome"),
    "place": N_("Place"),
    "chip": N_("Chip"),
    "account": N_("Account"),
}


def step(what: str, language: str) -> str:
    """Return what is being done, in words."""
    return gettext(language, _STEPS[what])


def render(summary: dict[str, Any], language: str, console: Console) -> None:
    """Print the summary: counts, groups, warnings, columns that were not read."""

    def _(message: str) -> str:
        return gettext(language, message)

    counts = {name: f"{summary[name]:,}" for name in ("lines", "answered", "rejected")}
    console.print(_("{lines} lines: {answered} answered, {rejected} rejected").format(**counts), highlight=False)
    console.print(_("Answers: {path}").format(path=summary["output"]), highlight=False, markup=False, soft_wrap=True)
    console.print(_("Rejects: {path}").format(path=summary["rejects"]), highlight=False, markup=False, soft_wrap=True)
    for name, title in _GROUPS.items():
        if rows := summary.get(f"by_{name}"):
            console.print(_table(rows, name, _(title), language))
    for warning in summary["warnings"][:MOST_SHOWN]:
        words = _(
            "{holder}, {period}: {lines} lines draw {total} TPP together, of {limit} allowed ({account}); {ids}"
        ).format(
            holder=warning["holder"],
            period=warning["period"],
            lines=f"{warning['lines']:,}",
            total=f"{warning['total_tpp']:,}",
            limit=f"{warning['limit_tpp']:,}",
            account=warning["account"],
            ids=", ".join(warning["ids"]),
        )
        console.print(words, style="yellow", highlight=False, markup=False)
    _more(summary["warnings"], language, console)
    for column in summary["columns"]["not_read"]:
        words = _("Column not read: {name}").format(name=column["name"])
        near = _(" (is it {name}?)").format(name=column["near"]) if column["near"] else ""
        console.print(words + near, style="dim", highlight=False, markup=False)
    console.print(_("No party was screened."), highlight=False)


def _more(items: list[Any], language: str, console: Console) -> None:
    if len(items) > MOST_SHOWN:
        console.print(gettext(language, "… and {count} more (--json)").format(count=len(items) - MOST_SHOWN))


def _table(rows: list[dict[str, Any]], name: str, title: str, language: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title)
    for heading in (N_("Lines"), N_("TPP drawn on accounts"), N_("TPP that licenses would draw")):
        table.add_column(gettext(language, heading), justify="right")
    for row in rows[:MOST_SHOWN]:
        shown = row[name] if row[name] is not None else gettext(language, "not stated")
        table.add_row(str(shown), *(f"{row[key]:,}" for key in ("lines", "drawn_tpp", "allocation_tpp")))
    if len(rows) > MOST_SHOWN:
        table.add_row(gettext(language, "… and {count} more (--json)").format(count=len(rows) - MOST_SHOWN))
    return table
