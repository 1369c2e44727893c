"""Worked cases, as they stand beside the law in ``law/cases/*.yaml``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec

from licet.clauses import source as sources
from licet.decisions.verdict import Verdict
from licet.errors import LawError
from licet.statutes.forms import Basis, Strict, Words

if TYPE_CHECKING:
    from pathlib import Path


class WorkedCase(Strict, frozen=True, forbid_unknown_fields=True):
    """One case: ``facts`` by the names of the vocabulary; ``expect`` the keys of a verdict that it is about.

    ``readings``: choices of readings other than the defaults.
    """

    id: str
    title: Words
    facts: dict[str, str]
    on: dt.date
    basis: Basis
    expect: dict[str, str | None]
    cite: str
    system: str = "us-ear"
    readings: dict[str, str] = msgspec.field(default_factory=dict)


def read_cases(folder: Path) -> list[WorkedCase]:
    """Read every case of a folder. Raises :class:`LawError` with file and line; an id stands for one case only."""
    cases: dict[str, WorkedCase] = {}
    for path in sorted(folder.glob("*.yaml")):
        source = sources.read(path)
        listed = source.value.get("cases")
        if not isinstance(listed, list):
            raise LawError("no cases", where=source.at(""), fix="write a list 'cases:'")
        for index, value in enumerate(listed):
            where = f"cases[{index}]"
            case = sources.shape(source, value, WorkedCase, where)
            if case.id in cases:
                raise LawError(f"two cases are called {case.id}", where=source.at(where), fix="give each its own id")
            for key in sorted(set(case.expect) - set(Verdict.__struct_fields__)):
                raise LawError(
                    f"a verdict has no '{key[:40]}'", where=source.at(f"{where}.expect"), fix="name a key of a verdict"
                )
            cases[case.id] = case
    return list(cases.values())


def differences(case: WorkedCase, verdict: Verdict) -> dict[str, tuple[str | None, Any]]:
    """Return what a case expects and the verdict answers otherwise, as ``{key: (expected, found)}``."""
    found = msgspec.structs.asdict(verdict)
    return {key: (value, found[key]) for key, value in case.expect.items() if not _same(value, found[key])}


def _same(expected: str | None, found: Any) -> bool:
    if expected is None or found is None:
        return expected is None and found is None
    if isinstance(found, bool):
        return expected == str(found).lower()
    if isinstance(found, Decimal | int):
        try:
            return Decimal(expected) == found
        except InvalidOperation:
            return False
    return bool(expected == found)
