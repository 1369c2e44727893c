"""The questions that the demonstration asks, as flags of ``licet check``."""

from __future__ import annotations

import itertools
import shlex
from dataclasses import dataclass, fields, replace
from typing import Any

from licet.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One transaction; an empty field is a flag that is not given. Dates are ISO days."""

    chip: str
    quantity: int
    to: str
    hq: str = ""
    parent: str = ""
    on: str
    basis: str = "enforced"
    exporter: str = ""
    fact: tuple[str, ...] = ()

    def flags(self) -> dict[str, Any]:
        """Return the flags that are given, by name; ``fact`` is a list of ``name=value``, as it may be given often."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if name == "fact" else value for name, value in values.items() if value}

    def command(self) -> str:
        """Return the command line that asks this."""
        given = [(f"--{name}", str(value)) for name, value in self.flags().items() if name != "fact"]
        facts = [("--fact", fact) for fact in self.fact]
        return shlex.join(["licet", "check", *itertools.chain(*given, *facts)])


def _framework() -> tuple[Question, ...]:
    places = (("CH", ""), ("DE", ""), ("AE", ""), ("CN", ""), ("SG", "CN"))
    return tuple(
        Question(chip="h100-sxm", quantity=2000, to=to, hq=seat, parent=seat, on="2025-06-02", basis=basis)
        for to, seat in places
        for basis in ("written", "enforced")
    )


# What an applicant certifies under 91 FR 1684 (742.6(b)(10)(iii)(A)(1) as of 2026-01-15).
CERTIFIED = (
    "commercially_available_in_us=true",
    "us_supply_sufficient=true",
    "no_foundry_diversion=true",
    "kyc_and_remote_access_controls=true",
    "third_party_us_test=true",
    "end_user_not_prohibited=true",
    "share_of_us_tpp=0.4",
)


def _china(chip: str, *days: str, exporter: str = "") -> tuple[Question, ...]:
    return tuple(Question(chip=chip, quantity=100, to="CN", on=day, exporter=exporter) for day in days)


H200 = _china("h200-sxm", "2026-01-14", "2026-01-15")
QUESTIONS: tuple[tuple[str, tuple[Question, ...]], ...] = (
    (N_("2,000 H100 on 2025-06-02, as the regulation is written and as it is enforced"), _framework()),
    (N_("RTX 4090 to China, before and after the rule of 2023-11-17"), _china("rtx-4090", "2023-11-16", "2023-11-17")),
    (
        N_("H20 to China, before and after the letter of April 2025"),
        _china("h20", "2025-04-08", "2025-04-15", exporter="NVIDIA"),
    ),
    (
        N_("H200 to China, before and after the rule of 2026-01-15, and then with its conditions certified"),
        (*H200, replace(H200[-1], fact=CERTIFIED)),
    ),
)
