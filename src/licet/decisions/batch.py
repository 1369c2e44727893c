"""Cases as JSON lines: a line in, a verdict line out, an unusable line answered by its error in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from licet.decisions import ask
from licet.decisions.line import verdict_line
from licet.errors import BadInput, BadValue, LicetError

if TYPE_CHECKING:
    import datetime as dt

    from licet.statutes import Statutes
    from licet.statutes.forms import Basis

LONGEST_LINE = 100_000


@dataclass(frozen=True)
class Terms:
    """Which law the lines are asked of, where a line does not say."""

    on: str | None = None
    basis: str = "enforced"
    system: str = "us-ear"
    known: dt.date | None = None
    proposals: tuple[str, ...] = ()
    readings: dict[str, str] | None = None


def answer_line(loaded: Statutes, line: str, number: int, terms: Terms, language: str) -> dict[str, Any]:
    """Answer one line; what is wrong with it is the answer, with its ``number``, and its ``id`` where it has one."""
    name: Any = None
    try:
        case = _parsed(line)
        name = case.get("id")
        system, basis = str(case.pop("law", None) or terms.system), str(case.pop("basis", None) or terms.basis)
        case.pop("expect", None)
        if terms.on and case.get("date") is None:
            case["date"] = terms.on
        verdict = ask(
            loaded,
            case,
            system=system,
            basis=_basis(basis),
            known=terms.known,
            readings=terms.readings or {},
            proposals=terms.proposals,
        )
    except LicetError as error:
        shown = None if name is None else str(name)[:200]
        return {"id": shown, "line": number, "error": {"message": error.message, "fix": error.fix}}
    return verdict_line(verdict, language)


def written(line: dict[str, Any]) -> str:
    """Return an answer as a line of JSON, without its end."""
    # Half a surrogate pair, which JSON may carry as an escape, goes out as the same escape.
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def _basis(basis: str) -> Basis:
    if basis == "written":
        return "written"
    if basis == "enforced":
        return "enforced"
    raise BadValue(f"no basis is called '{basis[:40]}'", fix="written or enforced")


def _parsed(line: str) -> dict[str, Any]:
    if len(line) >= LONGEST_LINE:
        raise BadInput(f"the line is longer than {LONGEST_LINE} characters", fix="one case a line")
    try:
        case = json.loads(line, parse_float=_number, parse_int=_number, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"the line is not JSON: {str(error)[:80]}", fix='write it as {"destination": "CH", …}'
        ) from error
    if not isinstance(case, dict):
        raise BadInput("a case is an object", fix='write it as {"destination": "CH", …}')
    return case


def _number(text: str) -> Decimal:
    # Exact, and without Python's limit of 4,300 digits; the range is the vocabulary's to check.
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BadInput(f"{text[:40]} is out of every range", fix="leave out what is not known") from error


def _constant(text: str) -> float:
    raise BadInput(f"{text[:20]} is no number", fix="leave out what is not known")
