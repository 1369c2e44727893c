"""The vocabulary: every fact that a clause may name, with its type, unit, scale, question, and what may be assumed."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from licet.clauses import source as sources
from licet.errors import BadValue, LawError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

FactType = Literal["number", "boolean", "text", "place", "date"]
FactValue = Decimal | bool | str | dt.date | tuple[str, ...]
"""The last is the value of a text fact that may hold several at once: its members, sorted, none twice."""

MOST_DIGITS = 36
LONGEST_TEXT = 300
MOST_MEMBERS = 100
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_GROUPED = r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"
_TRUE = {"true", "yes", "是"}
_FALSE = {"false", "no", "否"}


class Ratio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact that is one number over another; a comparison of it is made as ``of`` against ``over`` times the bound."""

    of: str
    over: str


class Assumption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is taken where the fact is not given: a value, and the condition under which it may be taken.

    ``systems``: the systems of law in which it may be taken, all where none is named.
    """

    value: str
    when: str = ""
    systems: tuple[str, ...] = ()
    because: dict[str, str] = {}


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the vocabulary.

    ``scale``: decimals that a number keeps; ``values``: the closed list of a text; ``many``: a text that may have
    several values at once, as an item stands on several lists; ``derive``: how it follows from other facts;
    ``group``: item, parties, transaction, state, certification; ``least``/``most``: the range of a number.
    """

    type: FactType
    title: dict[str, str]
    question: dict[str, str]
    group: str = "transaction"
    unit: str = ""
    scale: int = 0
    values: tuple[str, ...] = ()
    many: bool = False
    assume: Assumption | None = None
    derive: str = ""
    ratio: Ratio | None = None
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(10) ** 30


class Vocabulary:
    """The facts by name. ``places`` are the codes that a fact of type place may have."""

    def __init__(self, facts: Mapping[str, Fact], places: Collection[str], source: sources.Source) -> None:
        self.facts = dict(facts)
        self.places = frozenset(places)
        self.source = source

    def __contains__(self, name: str) -> bool:
        return name in self.facts

    def __getitem__(self, name: str) -> Fact:
        return self.facts[name]

    def read(self, name: str, raw: Any) -> FactValue | None:
        """Return the exact value of a fact as a caller gave it; ``None`` and empty text are unknown.

        Raises :class:`UnknownName` for a fact that is not in the vocabulary, :class:`BadValue` for one of the wrong
        type, range or precision.
        """
        fact = self.facts.get(name)
        if fact is None:
            near = _near(name, self.facts)
            raise UnknownName(
                f"no fact is called '{name[:60]}'", near=near, fix="" if near else "see law/vocabulary.yaml"
            )
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if fact.many:
            return _members(self, name, fact, raw)
        return _READERS[fact.type](self, name, fact, raw)


def load(path: Path, places: Collection[str]) -> Vocabulary:
    """Read ``vocabulary.yaml``: a mapping ``facts`` of name to :class:`Fact`. Raises :class:`LawError`."""
    return made_of(sources.read(path), places)


def made_of(source: sources.Source, places: Collection[str]) -> Vocabulary:
    """Return the vocabulary that a file holds. Errors as :func:`load`."""
    entries = source.value.get("facts")
    if not isinstance(entries, dict):
        raise LawError("no facts", where=source.at(""), fix="write a mapping 'facts:'")
    facts = {}
    for name, value in entries.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise LawError(f"'{name}' is no fact name", where=source.at(f"facts.{name}"), fix="use a-z, 0-9 and _")
        facts[name] = sources.shape(source, value, Fact, f"facts.{name}")
        if facts[name].many and facts[name].type != "text":
            where = source.at(f"facts.{name}.many")
            raise LawError(f"{name} is a {facts[name].type}", where=where, fix="only a text may have many values")
    return Vocabulary(facts, places, source)


def _near(name: str, known: Collection[str]) -> list[str]:
    import difflib  # noqa: PLC0415 - only on the way to an error

    return difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6)


def _number(_: Vocabulary, name: str, fact: Fact, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise BadValue(f"{name} is a number, not {_shown(raw)}", fix=_example(name, fact))
    if isinstance(raw, str) and "," in raw and not re.fullmatch(_GROUPED, raw.strip()):
        # A comma may stand for the decimal point: 15831,2 read without it would be ten times as much.
        raise BadValue(f"{name} has a comma that parts no thousands: {_shown(raw)}", fix="write 15831.2 or 15,831.2")
    try:
        # A float's shortest text is what its writer typed; its binary value would put 15831.2 off by 1e-12.
        value = Decimal(raw if isinstance(raw, int) else str(raw).strip().replace("_", "").replace(",", ""))
    except InvalidOperation as error:
        raise BadValue(f"{name} is a number, not {_shown(raw)}", fix=_example(name, fact)) from error
    if not value.is_finite():
        raise BadValue(f"{name} must be finite, not {_shown(raw)}", fix="leave it out if it is not known")
    if not fact.least <= value <= fact.most:
        raise BadValue(
            f"{name} is {_shown(raw)}, outside {fact.least:f} to {fact.most:f}",
            fix=f"give {name} in {fact.unit or 'units'}",
        )
    return _at_scale(name, fact, value)


def _at_scale(name: str, fact: Fact, value: Decimal) -> Decimal:
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - callers let no infinite number through
    if len(digits) + max(exponent, 0) > MOST_DIGITS or exponent < -MOST_DIGITS:
        raise BadValue(f"{name} has too many digits", fix=f"give at most {MOST_DIGITS}")
    plain = Decimal(f"{value:f}")
    trimmed = plain.normalize() if plain else Decimal(0)
    decimals = -min(int(trimmed.as_tuple().exponent), 0)
    if decimals > fact.scale:
        raise BadValue(
            f"{name} has {decimals} decimals, Licet keeps {fact.scale}",
            fix=f"round it yourself to {fact.scale} decimals",
        )
    return Decimal(f"{trimmed:f}")


def _boolean(_: Vocabulary, name: str, __: Fact, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower() if isinstance(raw, str) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise BadValue(f"{name} is true or false, not {_shown(raw)}", fix=f"write {name}=true or {name}=false")


def _text(_: Vocabulary, name: str, fact: Fact, raw: Any) -> str:
    if not isinstance(raw, str):
        raise BadValue(f"{name} is text, not {_shown(raw)}", fix=_example(name, fact))
    word = raw.strip()
    if len(word) > LONGEST_TEXT:
        raise BadValue(f"{name} is longer than {LONGEST_TEXT} characters", fix="shorten it")
    if fact.values and word not in fact.values:
        raise BadValue(f"{name} cannot be {_shown(raw)}", fix=f"one of: {', '.join(fact.values)}")
    return word


def _members(vocabulary: Vocabulary, name: str, fact: Fact, raw: Any) -> tuple[str, ...]:
    """Read a text, or a list of texts, of a closed list also with commas; an empty list is known to hold none."""
    if isinstance(raw, list | tuple):
        listed = list(raw)
    else:
        listed = raw.split(",") if isinstance(raw, str) and fact.values else [raw]
    if len(listed) > MOST_MEMBERS:
        raise BadValue(f"{name} has more than {MOST_MEMBERS} values", fix="give those that matter")
    return tuple(sorted({_text(vocabulary, name, fact, item) for item in listed}))


def _place(vocabulary: Vocabulary, name: str, _: Fact, raw: Any) -> str:
    code = raw.strip().upper() if isinstance(raw, str) else ""
    if code not in vocabulary.places:
        raise BadValue(f"{name} is a place, not {_shown(raw)}", fix="give its two-letter code, such as CH")
    return code


def _date(_: Vocabulary, name: str, __: Fact, raw: Any) -> dt.date:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return _in_calendar(name, raw)
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw.strip()):
        try:
            return _in_calendar(name, dt.date.fromisoformat(raw.strip()))
        except ValueError:
            pass
    raise BadValue(f"{name} is a date, not {_shown(raw)}", fix="write it as 2025-06-02")


def _in_calendar(name: str, day: dt.date) -> dt.date:
    """Keep days far enough from the calendar's ends that a due date can be counted from each."""
    if not EARLIEST <= day <= LATEST:
        raise BadValue(f"{name} is {day}, outside {EARLIEST} to {LATEST}", fix="check the year")
    return day


_READERS: dict[FactType, Callable[[Vocabulary, str, Fact, Any], FactValue]] = {
    "number": _number,
    "boolean": _boolean,
    "text": _text,
    "place": _place,
    "date": _date,
}


def _shown(raw: Any) -> str:
    text = f"{Decimal(raw)}" if isinstance(raw, int) and not isinstance(raw, bool) else repr(raw)
    return text if len(text) <= 40 else text[:37] + "..."


def _example(name: str, fact: Fact) -> str:
    sample = fact.values[0] if fact.values else {"number": "4800"}.get(fact.type, "...")
    return f"for example {name}={sample}{' ' + fact.unit if fact.unit else ''}"
