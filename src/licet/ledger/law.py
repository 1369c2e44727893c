"""The accounts that the law speaks of: from a verdict's volumes, a UVEU's shares, a license that the agency granted."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from licet.clauses import expression as e
from licet.errors import BadValue, LawError, LicetError, NoSuchAccount
from licet.ledger.model import Limit, Open, SetLimit, Share
from licet.ledger.values import LONGEST_NAME, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.evaluate import Table
    from licet.clauses.vocabulary import FactValue
    from licet.decisions import Verdict
    from licet.decisions.verdict import Volume
    from licet.ledger.ledger import Ledger
    from licet.statutes.forms import Draw
    from licet.statutes.law import Clause, Law

_HOLDERS: dict[str, tuple[str, ...]] = {
    "destination": ("destination",),
    "ultimate parent": ("ultimate_parent",),
    "company and place": ("ultimate_consignee", "destination"),
}
_YEARS = re.compile(r"(\d{4}) to (\d{4})")
UVEU_SHARES = {
    "uveu_outside_tier_1_share": "outside Tier 1",
    "uveu_country_share": "one place",
    "uveu_outside_us_share": "outside the United States",
}


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """An account of the law, as it is to be opened, and what the transaction of a verdict would draw from it.

    ``amount`` is in TPP, None where the clause is not open to this quantity; ``limit``: what the clause allows on the
    day ``on``; ``used``: the fact of the vocabulary that says how much has been used.
    """

    clause: str
    cite: str
    used: str
    on: dt.date
    amount: Decimal | None
    limit: Decimal
    account: Open


def accounts_of(law: Law, verdict: Verdict) -> tuple[Drawn, ...]:
    """Return the accounts of every clause that the verdict could draw on, in its order.

    Raises :class:`~licet.errors.BadValue` where the transaction does not say who the holder is.
    """
    return tuple(account_of(law, verdict, volume) for volume in verdict.volumes)


def account_of(law: Law, verdict: Verdict, volume: Volume) -> Drawn:
    """Return the account of one volume: ``national allocation/CH/2025 to 2027``, ``lpp/PARENT/2025``, ``nveu/…``."""
    clause, on = law.clauses[volume.clause], verdict.law.on
    opened = account_for(law, clause, verdict.facts, on)
    facts = {"clause": clause.id, "cite": clause.form.cite, "used": _draws(clause).used}
    return Drawn(**facts, on=on, amount=volume.amount, limit=volume.limit, account=opened)


def account_for(law: Law, clause: Clause, facts: Mapping[str, FactValue], on: dt.date) -> Open:
    """Return the account on which a clause draws on the day ``on`` for the holder that ``facts`` name.

    Raises :class:`~licet.errors.BadValue` where they do not say who the holder is.
    """
    draws = _draws(clause)
    plainest = _plainest(law, clause, on)
    first, last = _period(law, plainest, draws.period, on)
    stock = draws.period == "quarter"
    names = [draws.account, *_holder(facts, draws.holder), *([] if stock else [_period_name(draws.period, on)])]
    return Open(
        name="/".join(_part(name) for name in names),
        limits=_limits(law, plainest, first, last),
        kind="stock" if stock else "flow",
        first=first,
        last=last,
        details={"clause": plainest.id, "cite": plainest.form.cite, "system": law.system},
    )


def holders(clause: Clause) -> tuple[str, ...]:
    """Return the facts that say who holds the account of a clause."""
    holder = _draws(clause).holder
    return _HOLDERS.get(holder, (holder.replace(" ", "_"),))


def limit_of(law: Law, clause: Clause, on: dt.date) -> Decimal:
    """Return what a clause allows on a day, zero where its table says nothing of the day."""
    return _limit_on(law, clause, on)


def ensure(ledger: Ledger, drawn: Drawn) -> str:
    """Open the account if it is not there, and give it the limit of the day if that is another; return its name.

    It is another from the day on which another clause gives more of the same account: when assurances double it.
    """
    name = drawn.account.name
    try:
        ledger.account(name)
    except NoSuchAccount:
        _done(ledger, drawn.account)
    limit = ledger.balance(name, on=drawn.on).limit
    if limit != drawn.limit:
        key = f"limit of {name} from {drawn.on}: {drawn.limit:f}"
        _done(ledger, SetLimit(account=name, limit=drawn.limit, start=drawn.on, key=key))
    return name


def _done(ledger: Ledger, request: Open | SetLimit) -> None:
    outcome = ledger.batch([request])[0]
    if isinstance(outcome, LicetError):
        raise outcome


def used(ledger: Ledger, drawn: Drawn) -> tuple[str, Decimal]:
    """Return the fact that says how much has been used, and what the ledger says it is: reserved and posted."""
    try:
        balance = ledger.balance(drawn.account.name, on=drawn.on)
    except NoSuchAccount:
        return drawn.used, Decimal(0)
    return drawn.used, balance.reserved + balance.posted


def uveu(law: Law, entity: str, *, us_headquartered: bool) -> Open:
    """Return the account of a universal validated end user: its installed base, all places, and its shares.

    The limits are those of the law's clause ``uveu``, the places those of its Supplement No. 5(a) on that day.
    """
    if "uveu" not in law.clauses:
        raise BadValue("this law has no UVEU", fix="ask for a day on which 15 CFR 748.15(a)(2)(ii) is in force")
    percents = _bounds(law.conditions["uveu"])
    tier_1 = tuple(sorted(law.sets["supplement_5a"]))
    shares = []
    for fact, name in UVEU_SHARES.items():
        if fact not in percents:
            raise LawError(f"the clause uveu has no bound for {fact}", where=law.clauses["uveu"].place)
        at_home = fact == "uveu_outside_us_share"
        if at_home and not us_headquartered:
            continue
        within = ("US",) if at_home else tier_1
        each = fact == "uveu_country_share"
        shares.append(Share(name=name, percent=percents[fact], within=within, each_place=each))
    details = {"clause": "uveu", "cite": law.clauses["uveu"].form.cite, "system": law.system}
    return Open(name=uveu_name(entity), kind="shares", shares=tuple(shares), details=details)


def uveu_name(entity: str) -> str:
    """Return the name of the account of a universal validated end user."""
    return f"uveu/{_part(entity)}"


def license_name(number: str, item: str) -> str:
    """Return the name of the account of an item on a license."""
    return f"license/{_part(number)}/{_part(item)}"


def granted(  # noqa: PLR0913 - what stands on a license, each by name
    number: str, *, item: str, consignee: str, quantity: int, first: dt.date, last: dt.date
) -> Open:
    """Return the account of a license that the agency granted: ``quantity`` units of an item, within its validity."""
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise BadValue("the quantity of a license is no whole number", fix="give the units")
    details = {"license": number, "item": item, "consignee": consignee}
    for name, value in details.items():
        text(value, f"the {name}", LONGEST_NAME)
    limits = (Limit(first, Decimal(quantity)),)
    name = license_name(number, item)
    return Open(name=name, limits=limits, unit="unit", first=first, last=last, details=details)


def _part(name: str) -> str:
    """Return a part of a name: slashes within it do not divide it."""
    return " ".join(name.replace("%", "%25").replace("/", "%2F").split())


def _draws(clause: Clause) -> Draw:
    draws = clause.form.draws
    if draws is None:
        raise LawError(f"{clause.id} draws on no account", where=clause.place, fix="give the clause its draws")
    return draws


def _holder(facts: Mapping[str, FactValue], holder: str) -> list[str]:
    found = []
    for fact in _HOLDERS.get(holder, (holder.replace(" ", "_"),)):
        value = facts.get(fact)
        if not isinstance(value, str) or not value.strip():
            raise BadValue(f"the account is counted by {holder}, and {fact} is not known", fix=f"give the fact {fact}")
        found.append(value)
    return found


def _plainest(law: Law, clause: Clause, on: dt.date) -> Clause:
    """Return, of the clauses that draw on one account, the one with the least limit: that of a holder without more."""
    draws = _draws(clause)
    same = (draws.account, draws.holder, draws.period)
    alike = [
        one
        for one in law.clauses.values()
        if (other := one.form.draws) and (other.account, other.holder, other.period) == same
    ]
    return min(alike, key=lambda one: _limit_on(law, one, on))


def _limit_on(law: Law, clause: Clause, on: dt.date) -> Decimal:
    table, term = _table(law, clause), law.limits[clause.id]
    if table is not None:
        return table.at(on) or Decimal(0)
    if isinstance(term, e.Constant) and isinstance(term.value, Decimal):
        return term.value
    raise LawError(f"{clause.id}: its limit is neither a number nor a table by day", where=clause.place)


def _period(law: Law, clause: Clause, period: str, on: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of an account's period."""
    if years := _YEARS.fullmatch(period):
        return dt.date(int(years[1]), 1, 1), dt.date(int(years[2]), 12, 31)
    if period == "calendar year":
        return dt.date(on.year, 1, 1), dt.date(on.year, 12, 31)
    table = _table(law, clause)
    if period == "quarter" and table is not None and table.rows:
        firsts = [row.first for row in table.rows if isinstance(row.first, dt.date)]
        lasts = [row.last for row in table.rows if isinstance(row.last, dt.date)]
        return min(firsts, default=dt.date.min), max(lasts, default=dt.date.max)
    raise LawError(f"{clause.id}: no account has the period {period!r}", where=clause.place)


def _period_name(period: str, on: dt.date) -> str:
    return str(on.year) if period == "calendar year" else period


def _table(law: Law, clause: Clause) -> Table | None:
    term = law.limits[clause.id]
    return law.tables[term.table] if isinstance(term, e.Lookup) else None


def _limits(law: Law, clause: Clause, first: dt.date, last: dt.date) -> tuple[Limit, ...]:
    """Return the limits of a period by the day they begin; where a table says nothing, nothing may be drawn."""
    table = _table(law, clause)
    starts = {first}
    for row in table.rows if table else ():
        starts |= {row.first} if isinstance(row.first, dt.date) else set()
        starts |= {row.last + dt.timedelta(days=1)} if isinstance(row.last, dt.date) and row.last < last else set()
    found: list[Limit] = []
    for start in sorted(start for start in starts if first <= start <= last):
        amount = _limit_on(law, clause, start)
        if not found or found[-1].amount != amount:
            found.append(Limit(start, amount))
    return tuple(found)


def _bounds(condition: e.Condition) -> dict[str, int]:
    """Return the upper bounds, in percent, of the share facts that a condition compares with a number."""
    found: dict[str, int] = {}
    for node in e.walk(condition):
        match node:
            case e.Compare("<=", e.FactTerm(name), e.Constant(Decimal() as bound)) if name in UVEU_SHARES:
                if (percent := bound * 100) != percent.to_integral_value():
                    raise LawError(f"the bound of {name} is no whole percent: {bound}")
                found[name] = int(percent)
            case _:
                pass
    return found
