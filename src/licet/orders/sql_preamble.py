"""What stands above each text as comments: which law and period, what is read, what is taken where it is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet import __version__
from licet.clauses.vocabulary import EARLIEST
from licet.clauses.words import sql
from licet.decisions.facts import CHARTED, PLACE_FACTS
from licet.i18n import gettext, pick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.clauses.vocabulary import FactValue
    from licet.orders.sql_lines import Lines


def of_query(given: Lines, language: str) -> str:
    """Return the comments above the query."""
    return _comment([*_law(given, language), *_reading(given, language), *_columns(given, language)])


def of_rejects(given: Lines, language: str) -> str:
    """Return the comments above the query of what cannot be read."""
    told = gettext(
        language, "Lines that the query of this law leaves out since a column cannot be read, with the columns."
    )
    return _comment([*_law(given, language), told, *_columns(given, language)])


def of_table(given: Lines, language: str) -> str:
    """Return the comments above the table of the input."""
    return _comment([*_law(given, language), *_columns(given, language)])


def of_catalog(given: Lines, language: str) -> str:
    """Return the comments above the table of chips."""
    told = gettext(language, "Figures of the chips in the catalog; NULL: not known. Join them by chip.")
    return _comment([_head(given, language), told])


def _comment(lines: Iterable[str]) -> str:
    return "\n".join(
        f"-- {line[: len(line) - len(line.lstrip())]}{' '.join(line.split())}" if line.strip() else "--"
        for line in lines
    )


def _head(given: Lines, language: str) -> str:
    told = gettext(language, "Licet {version}, for {engine}. This is no legal advice.")
    return told.format(version=__version__, engine=given.dialect.name)


def _law(given: Lines, language: str) -> list[str]:
    law = given.law
    days = {"first": law.first, "last": law.last or ""}
    if law.first < EARLIEST:
        period = gettext(language, "It holds through {last}.")
    elif law.last is None:
        period = gettext(language, "It holds from {first}.")
    else:
        period = gettext(language, "It holds from {first} through {last}.")
    asked = gettext(language, "The law: {system}, basis {basis}, as of {on}.")
    lines = [
        _head(given, language),
        f"{asked.format(system=law.system, basis=law.basis, on=given.asked.on)} {period.format(**days)}",
    ]
    if law.acts:
        told = gettext(language, "The status of its acts was checked through {day}; digest sha256:{digest}.")
        lines.append(told.format(day=law.checked_through, digest=law.digest))
    else:
        lines.append(gettext(language, "No act of this system is in force then: every answer is undecided."))
    if given.asked.known:
        lines.append(gettext(language, "Only acts released through {day} count.").format(day=given.asked.known))
    if law.readings:
        readings = ", ".join(f"{name}={choice}" for name, choice in sorted(law.readings.items()))
        lines.append(gettext(language, "Readings: {readings}.").format(readings=readings))
    if law.proposals:
        lines.append(gettext(language, "Proposals laid over it: {names}.").format(names=", ".join(law.proposals)))
    return lines


def _reading(given: Lines, language: str) -> list[str]:
    lines = []
    if "date" in given.columns:
        lines.append(
            gettext(language, "Lines of other days are left out: ask for the law of theirs, one query for each period.")
        )
    else:
        told = gettext(language, "There is no column date: every line is taken to ship on {on}.")
        lines.append(told.format(on=given.asked.on))
    lines += [
        gettext(language, "A line that cannot be read is left out too; 'licet orders sql --rejects' finds it."),
        gettext(language, "Parties are not screened here."),
    ]
    if given.law.system == CHARTED:
        lines.append(
            gettext(
                language, "Places are ISO codes; a territory counts under its row of the country chart: {facts}."
            ).format(facts=", ".join(PLACE_FACTS))
        )
    return lines


def _columns(given: Lines, language: str) -> list[str]:
    lines = ["", gettext(language, "Columns read, with what is taken where one is NULL:")]
    lines += [f"  {name} {_told(given, name, language)}" for name in given.stated]
    absent = [name for name in given.read if name not in given.columns and name != "date"]
    if absent:
        lines += ["", gettext(language, "Facts that the law reads and the table does not have:")]
        lines += [f"  {name}: {_otherwise(given, name, language)}" for name in absent]
    return lines


def _told(given: Lines, name: str, language: str) -> str:
    fact = given.fact(name)
    unit = f" ({fact.unit})" if fact.unit else ""
    values = f" [{', '.join(fact.values)}]" if fact.values else ""
    otherwise = "" if name == "date" else f"; {_otherwise(given, name, language)}"
    return f"{given.dialect.column(fact)}: {pick(language, fact.title)}{unit}{values}{otherwise}"


def _otherwise(given: Lines, name: str, language: str) -> str:
    law = given.law
    if name in law.derived:
        return gettext(language, "follows, {term}").format(term=sql(law.derived[name]))
    may = law.assumed.get(name)
    if may is None:
        return gettext(language, "counts as unknown")
    value = _value(may.value)
    if may.when is None:
        return gettext(language, "taken to be {value}").format(value=value)
    return gettext(language, "taken to be {value} where {condition}").format(value=value, condition=sql(may.when))


def _value(value: FactValue) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
