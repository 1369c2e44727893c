"""One question as the flags of the command line give it; the commands that ask one share them."""

from __future__ import annotations

import functools
import inspect
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from licet import statutes
from licet.catalog.own_names import here
from licet.catalog.places import place
from licet.cli.options import Basis, Known, On, Readings, System, With, chosen, day, pairs, readings_of
from licet.decisions import ask
from licet.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.decisions import Verdict

Chip = Annotated[str | None, typer.Option("--chip", help="A chip or system of the catalog, by id, name or alias.")]
Quantity = Annotated[str | None, typer.Option("--quantity", help="How many units.")]
To = Annotated[str | None, typer.Option("--to", metavar="PLACE", help="The destination.")]
Hq = Annotated[str | None, typer.Option("--hq", metavar="PLACE", help="Headquarters; default: the destination.")]
Parent = Annotated[
    str | None, typer.Option("--parent", metavar="PLACE", help="The ultimate parent's; default: the destination.")
]
From = Annotated[str | None, typer.Option("--from", metavar="PLACE", help="Where it ships from.")]
Exporter = Annotated[str | None, typer.Option("--exporter", help="The exporter, for letters that bind only one.")]
FactOption = Annotated[
    list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="Any fact of the vocabulary.")
]


@dataclass(frozen=True, kw_only=True)
class Question:
    """The flags, in the order of the help. Places by code or name, everything else as text."""

    chip: Chip = None
    quantity: Quantity = None
    to: To = None
    hq: Hq = None
    parent: Parent = None
    origin: From = None
    on: On = None
    basis: Basis = "enforced"
    known: Known = None
    proposals: With = None
    reading: Readings = None
    exporter: Exporter = None
    system: System = "us-ear"
    fact: FactOption = None

    def ask(self) -> Verdict:
        """Decide the question. Raises :class:`BadInput` with the fix."""
        facts = self._facts()
        return ask(
            statutes.load(),
            facts,
            on=day(self.on) if self.on or "date" not in facts else None,
            system=self.system,
            basis=chosen(self.basis),
            known=day(self.known) if self.known else None,
            readings=readings_of(self.reading),
            proposals=self.proposals or (),
            headquarters_taken=True,
            readings_weighed=True,
        )

    def _facts(self) -> dict[str, Any]:
        places = {
            "destination": self.to,
            "headquarters": self.hq,
            "parent_headquarters": self.parent,
            "origin": self.origin,
        }
        facts: dict[str, Any] = {name: place(value, here()).code for name, value in places.items() if value is not None}
        named = {"chip": self.chip, "quantity": self.quantity, "exporter": self.exporter}
        facts |= {name: value for name, value in named.items() if value is not None}
        for name, value in pairs(self.fact, "--fact").items():
            if facts.get(name) not in (None, value):
                raise BadInput(f"{name} is given by two options", fix="give it once")
            facts[name] = value
        return facts


def asking(**instead: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the flags of a :class:`Question` in the place of its first parameter, which receives one.

    ``instead``: another annotation for a flag, as where ``--fact`` takes more.
    """

    def wrap(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(command, include_extras=True)
        flags = get_type_hints(Question, include_extras=True) | instead
        own = list(inspect.signature(command).parameters.values())[1:]
        asked = [_flag(field.name, flags[field.name], field.default) for field in fields(Question)]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            question = Question(**{field.name: given.pop(field.name) for field in fields(Question)})
            command(question, **given)

        parameters = [*asked, *(_flag(item.name, hints[item.name], item.default) for item in own)]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer reads
        run.__annotations__ = {item.name: item.annotation for item in parameters}
        return run

    return wrap


def _flag(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    absent = default in (MISSING, inspect.Parameter.empty)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if absent else default,
        annotation=annotation,
    )
