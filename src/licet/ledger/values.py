"""How amounts, days, times and keys are checked and stored: thousandths, ISO days, UTC times of one length."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from licet.errors import BadValue

MOST = 10**18
"""The largest amount, in thousandths: the sum of two still fits the 64 bits of the databases."""
MOST_SHARED = 10**16
"""The largest amount of an account of shares, in thousandths: a hundred times a row of it still fits."""
LONGEST_KEY = 200
LONGEST_NAME = 300
LONGEST_NOTE = 2_000


def thousandths(amount: Decimal | int, what: str = "the amount", *, zero: bool = False, most: int = MOST) -> int:
    """Return an amount in thousandths. :class:`BadValue` for more decimals, none or less, or too much."""
    if type(amount) is int and 0 < amount <= most // 1000:
        return amount * 1000
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise BadValue(f"{what} is no exact number", fix="give an int or a Decimal, never a float")
    if isinstance(amount, Decimal):
        if not amount.is_finite() or amount.adjusted() > 20:
            raise BadValue(f"{what} is no number of TPP: {str(amount)[:40]}", fix="give a finite number")
        scaled = amount.scaleb(3)
        if scaled != scaled.to_integral_value():
            raise BadValue(f"{what} has more than three decimals: {str(amount)[:40]}", fix="round it yourself")
        found = int(scaled)
    else:
        found = amount * 1000
    if found < 0 or (found == 0 and not zero):
        raise BadValue(f"{what} is {str(amount)[:40]}", fix="give a number above zero")
    if found > most:
        raise BadValue(f"{what} is more than {most // 1000}: {str(amount)[:40]}", fix="check the unit: TPP")
    return found


def units(stored: int) -> Decimal:
    """Return a stored amount in its unit, exactly."""
    if stored % 1000:
        return Decimal(stored).scaleb(-3).normalize()
    return Decimal(stored // 1000)


def shown(amount: Decimal | int) -> str:
    """Return an amount for a message, as 26,900,000 or 0.5."""
    return f"{amount:,f}"


def a_day(day: dt.date, what: str) -> str:
    """Return a day as it is stored."""
    if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
        raise BadValue(f"{what} is no day", fix="give a datetime.date")
    return day.isoformat()


def the_day(stored: str | None) -> dt.date | None:
    """Return a stored day."""
    return dt.date.fromisoformat(stored) if stored else None


def moment(time: dt.datetime) -> str:
    """Return a time as it is stored: UTC, microseconds, always of one length."""
    if not isinstance(time, dt.datetime) or time.tzinfo is None:
        raise BadValue("a time of entry needs a time zone", fix="give it as 2025-06-02T09:00:00+00:00")
    universal = time if time.tzinfo is dt.UTC else time.astimezone(dt.UTC)
    return universal.isoformat(timespec="microseconds")[:-6] + "Z"


def text(value: str, what: str, longest: int) -> str:
    """Return a text that is one line and not too long. :class:`BadValue` otherwise."""
    if not isinstance(value, str) or not value or value != value.strip():
        raise BadValue(f"{what} is empty, or begins or ends with a space", fix="give a text")
    if len(value) > longest:
        raise BadValue(f"{what} has {len(value)} characters", fix=f"at most {longest}")
    if not value.isprintable():
        raise BadValue(f"{what} holds control characters", fix="write it on one line")
    return value


def a_key(key: str) -> str:
    """Return an idempotency key, checked."""
    return text(key, "the key", LONGEST_KEY)


def is_key(key: object) -> bool:
    """Say whether :func:`a_key` would take it; the databases are asked for no other."""
    return isinstance(key, str) and 0 < len(key) <= LONGEST_KEY and key.isprintable() and key == key.strip()
