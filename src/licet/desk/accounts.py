"""The ledger at the desk: accounts with what is held and left, and one account over time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.desk.charts import Steps, steps
from licet.desk.forms import day as day_of
from licet.desk.people.guards import needs
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.errors import NoSuchAccount
from licet.i18n import N_
from licet.ledger.words import ENTRIES

if TYPE_CHECKING:
    from markupsafe import Markup

    from licet.desk.tongue import Tongue
    from licet.ledger import Account, Balance, Ledger

PAGE = 100
READS = needs("reader", "ledger:read")
KINDS = {
    "flow": N_("used up in its period"),
    "stock": N_("what is installed"),
    "shares": N_("shares of an installed base"),
}


@get("/ledger", include_in_schema=False, guards=[READS])
@threaded
def ledger_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show every account as it stands on a day."""
    ledger = desk.ledger()
    day = day_of(request.query_params.get("on", "")) or desk.today()
    wanted = request.query_params.get("q", "").strip()[:100].casefold()
    accounts = ledger.accounts() if ledger else []
    rows = [row(ledger, account, day) for account in accounts if wanted in account.name.casefold()] if ledger else []
    number = _page_number(request)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    return page(
        request,
        desk,
        "ledger.html",
        rows=shown,
        total=len(rows),
        day=day,
        q=request.query_params.get("q", "").strip()[:100],
        kinds=KINDS,
        more=address("/ledger", {"q": wanted, "on": day, "page": number + 1}) if len(rows) > number * PAGE else "",
    )


def row(ledger: Ledger, account: Account, day: dt.date) -> dict[str, Any]:
    """Return how an account stands on a day, or on the day of its period that is nearest."""
    on = min(max(day, account.first), account.last)
    balance = ledger.balance(account.name, on=None if account.kind == "shares" else on)
    held = balance.reserved + balance.posted
    return {
        "account": account,
        "balance": balance,
        "held": held,
        "share": int(min(held / balance.limit, Decimal(1)) * 100) if balance.limit else None,
        "on": on,
        "href": address("/ledger/account", {"name": account.name}),
    }


@get("/ledger/account", include_in_schema=False, guards=[READS])
@threaded
def account_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show one account: its limits, what is held over time, its entries."""
    ledger, name = desk.ledger(), request.query_params.get("name", "")
    if ledger is None:
        raise NoSuchAccount(f"there is no account {name[:100]!r}", fix="the ledger lists them")
    account = ledger.account(name)
    tongue = tongue_of(request)
    entries = ledger.entries(name, before=_before(request), count=PAGE + 1)
    found = row(ledger, account, desk.today())
    return page(
        request,
        desk,
        "ledger_account.html",
        **found,
        plot=_plot(ledger, account, found["balance"], tongue),
        limits=ledger.stretches(name) if account.kind != "shares" else [],
        parts=ledger.parts(name) if account.kind == "shares" else [],
        days=_days(ledger, name),
        entries=entries[:PAGE],
        earlier=address("/ledger/account", {"name": name, "before": entries[PAGE - 1].sequence})
        if len(entries) > PAGE
        else "",
        kinds=KINDS,
        words=ENTRIES,
    )


def _before(request: Request[Any, Any, Any]) -> int | None:
    text = request.query_params.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _days(ledger: Ledger, name: str) -> list[Any]:
    """Return what was held from each of the last days on which that changed."""
    return ledger.days(name)[-PAGE:]


def _plot(ledger: Ledger, account: Account, balance: Balance, tongue: Tongue) -> Markup:
    """Return what is posted, what is held, and the limit, over the days of the period."""
    days = ledger.days(account.name)
    limits = [(one.first, one.limit) for one in ledger.stretches(account.name)] if account.kind != "shares" else []
    marked = [one.day for one in days] + [start for start, _ in limits if start > dt.date.min]
    first = account.first if account.first > dt.date(1990, 1, 1) else min(marked, default=dt.date(2025, 1, 1))
    last = account.last if account.last < dt.date(2100, 1, 1) else max(marked, default=first) + dt.timedelta(days=30)
    lines = [
        Steps("limit", tongue.text(N_("Limit")), limits),
        Steps("held", tongue.text(N_("Reserved and posted")), [(one.day, one.reserved + one.posted) for one in days]),
        Steps("posted", tongue.text(N_("Posted")), [(one.day, one.posted) for one in days]),
    ]
    title = tongue.text(N_("{account} over time: {held} held, {limit} allowed")).format(
        account=account.name,
        held=tongue.number(balance.reserved + balance.posted),
        limit=tongue.number(balance.limit) or "–",
    )
    return steps(lines, first, max(last, first), title, tongue.number)


def _page_number(request: Request[Any, Any, Any]) -> int:
    text = request.query_params.get("page", "1")
    return min(max(int(text), 1), 1000) if text.isascii() and text.isdigit() and len(text) < 5 else 1


HANDLERS = (ledger_page, account_page)
