"""What was taken down does not come back: the same bytes, the same text of an item, a new version of a whole item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.takedowns.register import Register, mark
from licet.archive.takedowns.tombstone import stamp
from licet.errors import TakenDown

if TYPE_CHECKING:
    from licet.archive.takedowns.register import Tables


def refusal(tables: Tables, digest: str, item: str, text: str | None) -> TakenDown | None:
    """Return why a capture of these bytes, of an item with a text digest, is not taken; None if it is."""
    register = Register(tables)
    reference = register.blocking([mark("bytes", digest), mark("item", item), mark("text", f"{item}\n{text}")])
    if reference is None:
        return None
    case = register.case(reference)
    return TakenDown(
        f"this page was taken down and is not captured again (request {reference})",
        ground=case.ground,
        at=stamp(case.decided_at) if case.decided_at else None,
        digest=digest,
        fix="undo the takedown first, while its period runs",
    )
