"""``licet ledger``: open, reserve, post, void, expire, balance, statement, verify."""

from __future__ import annotations

import json
import sys
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from licet.cli.ledger_store import Store, opened
from licet.cli.options import AsJson, Language, day, language_of, pairs
from licet.decisions.line import plain
from licet.errors import BadValue
from licet.i18n import N_, gettext
from licet.ledger import Limit
from licet.ledger.words import ENTRIES

if TYPE_CHECKING:
    import datetime as dt

    from licet.ledger import Balance, Ledger, Receipt, Statement

ledger = typer.Typer(no_args_is_help=True, help="Allocations: reserve, post, void; never over a limit.")

_OUT = Console(highlight=False, soft_wrap=True)

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The name of an account.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The key of the reservation.")]
Place = Annotated[str | None, typer.Option(help="The place, for an account of shares.")]
_AMOUNTS = ("amount", "limit", "reserved", "posted", "available")


@ledger.command(name="open")
def open_(  # noqa: PLR0913 - each is an option
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, as in 'national allocation/CH/2025 to 2027'.")],
    *,
    limit: Annotated[
        list[str],
        typer.Option(metavar="TPP|DATE=TPP", help="The limit; or, given several times, the limit from a day."),
    ],
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day of its period.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day of its period.")] = None,
    stock: Annotated[bool, typer.Option("--stock", help="Count what is there: it can be removed again.")] = False,
    store: Store = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Open an account with its limit. Again with the same facts, it changes nothing."""
    language = language_of(language)
    limits = _limits(limit)
    begins, ends = day(first) if first else None, day(last) if last else None
    with opened(store) as book:
        found = book.open_account(name, limits, kind="stock" if stock else "flow", first=begins, last=ends)
        _receipt(found, language, as_json=as_json)


@ledger.command()
def reserve(  # noqa: PLR0913 - each is an option
    account: Account,
    amount: Annotated[str, typer.Argument(metavar="TPP", help="How much, to three decimals.")],
    *,
    key: Annotated[str, typer.Option(help="Your key: asked again with it, the answer is the same.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day it counts for; default: today.")
    ] = None,
    expires: Annotated[str | None, typer.Option(metavar="DATE", help="The last day on which it holds.")] = None,
    place: Place = None,
    store: Store = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Hold an amount until it is posted, voided or expired. Status 1 where it is more than is available."""
    language = language_of(language)
    until = day(expires) if expires else None
    with opened(store) as book:
        found = book.reserve(account, _amount(amount), key=key, on=day(on), expires=until, place=place)
        _receipt(found, language, as_json=as_json)


@ledger.command()
def post(
    key: Key,
    *,
    amount: Annotated[str | None, typer.Option(metavar="TPP", help="Less than was reserved: the rest is free.")] = None,
    store: Store = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Make a reservation final."""
    language = language_of(language)
    with opened(store) as book:
        _receipt(book.post(key, _amount(amount) if amount else None), language, as_json=as_json)


@ledger.command()
def void(key: Key, *, store: Store = None, language: Language = "en", as_json: AsJson = False) -> None:
    """Give a reservation up."""
    language = language_of(language)
    with opened(store) as book:
        _receipt(book.void(key), language, as_json=as_json)


@ledger.command()
def expire(
    *,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day; default: today.")] = None,
    store: Store = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """End the reservations whose last day is before a day."""
    language = language_of(language)
    with opened(store) as book:
        found = book.expire(day(on))
    if as_json:
        _json([_fields(one) for one in found])
        return
    for receipt in found:
        _print_receipt(receipt, language)
    _OUT.print(gettext(language, "{count} expired").format(count=len(found)), style="dim")


@ledger.command()
def balance(  # noqa: PLR0913 - each is an option
    account: Annotated[str | None, typer.Argument(metavar="ACCOUNT", help="An account; default: all of them.")] = None,
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day, where the limit depends on it.")
    ] = None,
    place: Place = None,
    store: Store = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Show the limit, what is reserved and posted, and what is available."""
    language = language_of(language)
    with opened(store) as book:
        if account is not None:
            found = [book.balance(account, on=day(on) if on else None, place=place)]
        else:
            found = _all(book, day(on) if on else None)
    if as_json:
        _json(_fields(found[0]) if account is not None else [_fields(one) for one in found])
    elif not found:
        _OUT.print(gettext(language, "no account is open"), style="dim")
    else:
        _print_balances(found, language)


@ledger.command()
def statement(  # noqa: PLR0913 - each is an option
    account: Account,
    *,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="As the ledger knew it then, RFC 3339; default: now.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="What counts through that day; default: all days.")
    ] = None,
    store: Store = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Show the entries of an account and what they come to, as of any moment."""
    language = language_of(language)
    with opened(store) as book:
        found = book.statement(account, at=at, on=day(on) if on else None)
    if as_json:
        _json({**_fields(found), "lines": [_fields(line) for line in found.lines]})
    else:
        _print_statement(found, language)


@ledger.command()
def verify(*, store: Store = None, language: Language = "en", as_json: AsJson = False) -> None:
    """Read every entry again; name what does not hold. Status 1 when something does not."""
    language = language_of(language)
    with opened(store) as book:
        found = book.verify()
    if as_json:
        _json([msgspec.to_builtins(one) for one in found])
    else:
        for finding in found:
            _OUT.print(Text(f"{finding.where}: {finding.message}"))
        _OUT.print(gettext(language, "{count} findings").format(count=len(found)))
    raise typer.Exit(1 if found else 0)


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.strip().replace(",", "").replace("_", ""))
    except InvalidOperation as error:
        raise BadValue(f"'{text[:40]}' is no amount", fix="write it as 26900000 or 26,900,000.5") from error


def _limits(given: list[str]) -> Decimal | list[Limit]:
    if len(given) == 1 and "=" not in given[0]:
        return _amount(given[0])
    return [Limit(day(start), _amount(amount)) for start, amount in pairs(given, "--limit").items()]


def _all(book: Ledger, on: dt.date | None) -> list[Balance]:
    """Return the balances of all accounts; of one whose period does not hold the day, that of its last day."""
    found = []
    for account in book.accounts():
        several = len(account.limits) > 1 or on is not None
        when = min(max(on or account.last, account.first), account.last) if several else None
        found.append(book.balance(account.name, on=when if account.kind != "shares" else None))
    return found


def _fields(value: Any) -> dict[str, Any]:
    """Return a structure as JSON has it, its amounts as exact numbers."""
    fields: dict[str, Any] = msgspec.to_builtins(value)
    return {
        name: plain(getattr(value, name)) if name in _AMOUNTS else field
        for name, field in fields.items()
    }  # fmt: skip


def _json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _receipt(receipt: Receipt, language: str, *, as_json: bool) -> None:
    if as_json:
        _json(_fields(receipt))
    else:
        _print_receipt(receipt, language)


def _print_receipt(receipt: Receipt, language: str) -> None:
    did = gettext(language, ENTRIES[receipt.kind])
    amount = f"{receipt.amount:,f}" if receipt.amount else ""
    parts = [did, amount, receipt.account, receipt.on.isoformat() if receipt.on else "", receipt.place or ""]
    _OUT.print(Text.assemble((receipt.key, "bold"), "  ", "  ".join(filter(None, parts))))
    _OUT.print(Text(f"{receipt.sequence}  {receipt.time}  {receipt.digest}", style="dim"))


def _number(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,f}"


def _print_balances(found: list[Balance], language: str) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(gettext(language, "account"), overflow="fold")
    for label in (N_("limit"), N_("reserved"), N_("posted"), N_("available")):
        table.add_column(gettext(language, label), justify="right", no_wrap=True)
    table.add_column(gettext(language, "unit"))
    for one in found:
        name = " ".join(filter(None, (one.account, one.place or "", one.on.isoformat() if one.on else "")))
        amounts = (one.limit, one.reserved, one.posted, one.available)
        table.add_row(Text(name), *(_number(amount) for amount in amounts), one.unit)
    _OUT.print(table)


def _print_statement(found: Statement, language: str) -> None:
    table = Table(box=None, pad_edge=False)
    for label in (N_("entry"), N_("entered"), N_("day"), N_("what")):
        table.add_column(gettext(language, label), no_wrap=True)
    table.add_column(gettext(language, "key"), overflow="fold")
    for label in (N_("reserved"), N_("posted")):
        table.add_column(gettext(language, label), justify="right", no_wrap=True)
    for line in found.lines:
        when = line.on.isoformat() if line.on else ""
        did = gettext(language, ENTRIES[line.kind])
        changed = (f"{line.reserved:+,f}" if line.reserved else "", f"{line.posted:+,f}" if line.posted else "")
        table.add_row(str(line.sequence), line.time[:19], when, did, Text(line.key or ""), *changed)
    _OUT.print(Text(found.account, style="bold"))
    _OUT.print(table)
    for label in (N_("limit"), N_("reserved"), N_("posted"), N_("available")):
        amount = getattr(found, label)
        if amount is not None:
            _OUT.print(f"{gettext(language, label)}: {_number(amount)} {found.unit}")


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    app.add_typer(ledger, name="ledger")
