"""Options that several commands share, and how their text becomes values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from licet.clauses.vocabulary import EARLIEST, LATEST
from licet.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.statutes.forms import Basis as BasisName

On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of the transaction; default: today.")]
Basis = Annotated[
    str, typer.Option("--basis", metavar="written|enforced", help="What the code prints, or what is enforced.")
]
Known = Annotated[str | None, typer.Option("--known", metavar="DATE", help="Only acts released by that day.")]
With = Annotated[list[str] | None, typer.Option("--with", metavar="PROPOSAL", help="Lay a proposal over the law.")]
Readings = Annotated[
    list[str] | None, typer.Option("--reading", metavar="ID=NAME", help="Choose between readings of a text.")
]
System = Annotated[str, typer.Option("--law", metavar="SYSTEM", help="The system of law.")]
Language = Annotated[
    str, typer.Option("--lang", metavar="en|zh", help="The language of the answer.", envvar="LICET_LANG")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def day(text: str | None) -> dt.date:
    """Return a date option as a date; left out, today: only the command line and the desk read the clock."""
    if text is None:
        return dt.datetime.now().astimezone().date()
    try:
        found = dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadValue(f"'{text[:40]}' is no date", fix="write it as 2025-06-02") from error
    if not EARLIEST <= found <= LATEST:
        raise BadValue(f"{found} is outside {EARLIEST} to {LATEST}", fix="check the year")
    return found


def chosen(basis: str) -> BasisName:
    """Return the basis option, checked."""
    if basis == "written":
        return "written"
    if basis == "enforced":
        return "enforced"
    raise BadValue(f"no basis is called '{basis[:40]}'", fix="written or enforced")


def pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """Return ``NAME=VALUE`` options as a mapping. Raises :class:`BadValue` for one without ``=`` or given twice."""
    found: dict[str, str] = {}
    for text in given or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise BadValue(f"{option} {text[:60]} is no NAME=VALUE", fix=f"write {option} name=value")
        if found.setdefault(name.strip(), value.strip()) != value.strip():
            raise BadValue(f"{option} {name.strip()[:60]} is given twice", fix="give it once")
    return found


def readings_of(given: Sequence[str] | None) -> dict[str, str]:
    """Return the chosen readings."""
    return pairs(given, "--reading")


def language_of(text: str) -> str:
    """Return the language option, checked."""
    if text not in ("en", "zh"):
        raise BadValue(f"no language is called '{text[:20]}'", fix="en or zh")
    return text
