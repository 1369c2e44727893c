"""The questions that the demonstration asks, as flags of ``licet check``."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, fields

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

    def flags(self) -> dict[str, str | int]:
        """Return the flags that are given, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value != ""}

    def command(self) -> str:
        """Return the command line that asks this."""
        given = [word for name, value in self.flags().items() for word in (f"--{name}", str(value))]
        return shlex.join(["licet", "check", *given])


def _framework() -> tuple[Question, ...]:
    places = (("CH", ""), ("DE", ""), ("AE", ""), ("CN", ""), ("SG", "CN"))
    return tuple(
        Question(chip="h100-sxm", quantity=2000, to=to, hq=seat, parent=seat, on="2025-06-02", basis=basis)
        for to, seat in places
        for basis in ("written", "enforced")
    )


def _china(chip: str, *days: str, exporter: str = "") -> tuple[Question, ...]:
    return tuple(Question(chip=chip, quantity=100, to="CN", on=day, exporter=exporter) for day in days)


QUESTIONS: tuple[tuple[str, tuple[Question, ...]], ...] = (
    (N_("2,000 H100 on 2025-06-02, as the regulation is written and as it is enforced"), _framework()),
    (N_("RTX 4090 to China, before and after the rule of 2023-11-17"), _china("rtx-4090", "2023-11-16", "2023-11-17")),
    (
        N_("H20 to China, before and after the letter of April 2025"),
        _china("h20", "2025-04-08", "2025-04-15", exporter="NVIDIA"),
    ),
    (N_("H200 to China, before and after the rule of 2026-01-15"), _china("h200-sxm", "2026-01-14", "2026-01-15")),
)
