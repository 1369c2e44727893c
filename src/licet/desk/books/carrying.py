"""What becomes of a plan: posted in the ledger, all of it or nothing, or thrown away; and a book taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import Conflict, UnknownName

if TYPE_CHECKING:
    from licet.desk.books.store import Stored
    from licet.desk.state import Desk
    from licet.orders.allocation import Plan


def taken_in(desk: Desk, book: Stored, person: str) -> None:
    """Note a book that was brought, and begin to screen it."""
    desk.noted("book uploaded", person=person, book=book.id, size=book.size)
    desk.work.screen(book)


def working(book: Stored) -> bool:
    """Say whether something is being done with a book, or waits to be."""
    tasks = (book.screening, book.planning)
    return any(task is not None and task.state in ("waiting", "working") for task in tasks)


def planned(desk: Desk, book: Stored) -> Plan:
    """Return the plan of a book. Raises :class:`UnknownName` where there is none."""
    from licet.orders.allocation import read_plan  # noqa: PLC0415 - loads the engine

    path = desk.books.path(book.id, "plan.jsonl")
    if book.planning is None or book.planning.state != "done" or not path.is_file():
        raise UnknownName(f"the book {book.id} has no plan", fix="make one first, and wait until it is done")
    return read_plan(path)


def post(desk: Desk, book: Stored, person: str) -> dict[str, Any]:
    """Carry the plan of a book out in the ledger, all of it or nothing; asked again, nothing is done twice."""
    from licet.orders import allocation as plans  # noqa: PLC0415 - loads the engine

    plan = planned(desk, book)
    if book.carried == "discarded":
        raise Conflict("this plan was discarded", fix="make another")
    done = plans.post(plan, desk.ledger_to_write())
    desk.books.change(book.id, carried="posted")
    desk.noted("plan posted", person=person, book=book.id, plan=plan.head.digest, draws=done.done)
    return {"plan": plan.head.digest, **msgspec.to_builtins(done)}


def discard(desk: Desk, book: Stored, person: str) -> dict[str, Any]:
    """Throw the plan of a book away."""
    from licet.orders import allocation as plans  # noqa: PLC0415 - loads the engine

    plan = planned(desk, book)
    if (ledger := desk.ledger()) is not None:
        plans.discard(plan, ledger)
    desk.books.change(book.id, carried="discarded")
    desk.noted("plan discarded", person=person, book=book.id, plan=plan.head.digest)
    return {"plan": plan.head.digest}
