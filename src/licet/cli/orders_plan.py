"""``licet orders plan``, ``post``, ``discard``: a plan is looked at, carried out, or given up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from licet.cli.ledger_store import Store, opened
from licet.cli.options import AsJson, Language, language_of
from licet.cli.orders import orders
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from licet.orders.allocation import Plan, Posted

PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan that orders allocate made.")]
WhatFits = Annotated[
    bool, typer.Option("--what-fits", help="Leave out draws that no longer fit, instead of posting nothing.")
]
MOST_SHOWN = 20
_STATUS = {
    "free": N_("need no license"),
    "planned": N_("planned"),
    "waits": N_("wait"),
    "prohibited": N_("prohibited"),
    "undecided": N_("undecided: facts are missing"),
}
_POLICIES = {
    "presumption_of_approval": N_("presumption of approval"),
    "case_by_case": N_("case-by-case review"),
    "presumption_of_denial": N_("presumption of denial"),
    "policy_of_denial": N_("policy of denial"),
    "not_stated": N_("review policy not stated"),
}


@orders.command()
def plan(path: PlanPath, *, as_json: AsJson = False, language: Language = "en") -> None:
    """Show a plan: how many lines go and wait, what each account gives, what is waited for."""
    from licet.orders.allocation import read_plan  # noqa: PLC0415 - loads the engine

    told_of(read_plan(path), language_of(language), Console(), as_json=as_json)


@orders.command()
def post(
    path: PlanPath,
    *,
    what_fits: WhatFits = False,
    store: Store = None,
    as_json: AsJson = False,
    language: Language = "en",
) -> None:
    """Carry a plan out: post in the ledger what it draws, all or nothing. Asked again, nothing is posted twice."""
    from licet.orders import allocation as plans  # noqa: PLC0415 - loads the engine

    language = language_of(language)
    made = plans.read_plan(path)
    with opened(store) as ledger:
        done = plans.post(made, ledger, what_fits=what_fits)
    _told(done, gettext(language, N_("{count} draws posted")), language, as_json=as_json)
    if done.refused:
        raise typer.Exit(1)


@orders.command()
def discard(path: PlanPath, *, store: Store = None, as_json: AsJson = False, language: Language = "en") -> None:
    """Throw a plan away: give up in the ledger what it has reserved."""
    from licet.orders import allocation as plans  # noqa: PLC0415 - loads the engine

    language = language_of(language)
    made = plans.read_plan(path)
    with opened(store) as ledger:
        done = plans.discard(made, ledger)
    _told(done, gettext(language, N_("{count} reservations given up")), language, as_json=as_json)


def told_of(
    made: Plan, language: str, console: Console, *, as_json: bool, refused: tuple[str, int] | None = None
) -> None:
    """Print the head of a plan; ``refused``: the file of rejects, and how many there are."""
    if as_json:
        head = msgspec.to_builtins(made.head)
        more = {"rejects": refused[0], "rejected": refused[1]} if refused else {}
        typer.echo(msgspec.json.encode({"path": str(made.path), **head, **more}).decode())
        return
    _in_words(made, language, console, refused)


def _in_words(made: Plan, language: str, console: Console, refused: tuple[str, int] | None) -> None:
    def _(message: str) -> str:
        return gettext(language, message)

    def say(text: str, **style: Any) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True, **style)

    head = made.head
    say(
        _("Plan {name}: {lines} lines, in the order {order}").format(
            name=made.name, lines=f"{head.counts['lines']:,}", order=head.order
        )
    )
    for status, words in _STATUS.items():
        if count := head.counts.get(status, 0):
            say(f"  {count:,} {_(words)}")
    if head.accounts:
        console.print(_accounts(made, language))
    if head.waiting:
        say(_("Lines wait for:"))
    for wait in head.waiting[:MOST_SHOWN]:
        say(f"  {wait['lines']:,}  {_wait(wait, language)}")
    if len(head.waiting) > MOST_SHOWN:
        say(_("… and {count} more (--json)").format(count=len(head.waiting) - MOST_SHOWN))
    if refused and refused[1]:
        say(_("{count} lines could not be read: {path}").format(count=f"{refused[1]:,}", path=refused[0]))
    say(_("No party was screened."))


def _accounts(made: Plan, language: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(gettext(language, N_("Account")))
    for heading in (N_("Lines"), N_("Held before"), N_("Planned")):
        table.add_column(gettext(language, heading), justify="right")
    for account in made.head.accounts[:MOST_SHOWN]:
        amounts = (f"{Decimal(amount):,f} {account.unit}" for amount in (account.before, account.planned))
        table.add_row(account.name, f"{account.lines:,}", *amounts)
    if len(made.head.accounts) > MOST_SHOWN:
        more = len(made.head.accounts) - MOST_SHOWN
        table.add_row(gettext(language, "… and {count} more (--json)").format(count=more))
    return table


def _wait(wait: dict[str, Any], language: str) -> str:
    def _(message: str) -> str:
        return gettext(language, message)

    match wait["what"]:
        case "account":
            return _("room in {account}").format(account=wait["account"])
        case "facts":
            return _("facts that are not stated: {facts}").format(facts=", ".join(wait["facts"]))
        case "clause":
            return _("what the clause {clause} asks for, which gives more").format(clause=wait["clause"])
        case _:
            policy = _(_POLICIES.get(wait.get("review_policy", ""), N_("review policy not stated")))
            return _("a license ({policy})").format(policy=policy)


def _told(done: Posted, words: str, language: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(done).decode())
        return
    typer.echo(words.format(count=f"{done.done:,}"))
    for key in done.refused[:MOST_SHOWN]:
        typer.echo(gettext(language, N_("no room any more: {key}")).format(key=key))
    if len(done.refused) > MOST_SHOWN:
        typer.echo(gettext(language, "… and {count} more (--json)").format(count=len(done.refused) - MOST_SHOWN))
