"""What a request or a hold names: a snapshot by its id, or the item at an address, whatever state they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from licet.archive.takedowns.register import mark
from licet.errors import NoSuchSnapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures
    from licet.archive.takedowns.model import Scope
    from licet.archive.takedowns.register import Tables

LONGEST = 2048


class Subject(NamedTuple):
    """A snapshot and its item; ``snapshots`` are those that the scope covers today."""

    snapshot: str
    item: str
    snapshots: tuple[str, ...]


def subject(catalogue: Catalogue, captures: Captures, target: str, scope: Scope) -> Subject:
    """Find what is named; an address means its latest version. :class:`~licet.errors.NoSuchSnapshot` if nothing is."""
    wanted = target.strip()
    if "://" in wanted and len(wanted) <= LONGEST:
        item = captures.item_at(wanted)
        rows = catalogue.rows(
            "SELECT id, item FROM snapshots WHERE item = ? ORDER BY latest DESC, version DESC LIMIT 1", (item,)
        )
    else:
        rows = catalogue.rows("SELECT id, item FROM snapshots WHERE id = ?", (wanted,))
    if not rows:
        fix = "give the id of a snapshot, or its original address"
        raise NoSuchSnapshot(f"there is no snapshot {wanted[:80]!r}", fix=fix)
    snapshot, item = rows[0]
    return Subject(snapshot, item, versions(catalogue, item) if scope == "item" else (snapshot,))


def versions(catalogue: Catalogue, item: str) -> tuple[str, ...]:
    """Return the ids of every version of an item, whatever its state."""
    return tuple(row[0] for row in catalogue.rows("SELECT id FROM snapshots WHERE item = ? ORDER BY version", (item,)))


def item_of(catalogue: Tables, snapshot: str) -> str:
    """Return the item of a snapshot, nothing where it is not known."""
    rows = catalogue.rows("SELECT item FROM snapshots WHERE id = ?", (snapshot,))
    return str(rows[0][0]) if rows else ""


def marks(catalogue: Catalogue, snapshots: Sequence[str], scope: Scope) -> list[str]:
    """Return the marks of what must not come back: the bytes, the texts, and with scope "item" the item itself."""
    found = []
    for snapshot in snapshots:
        for item, text in catalogue.rows("SELECT item, text FROM snapshots WHERE id = ?", (snapshot,)):
            found += [mark("text", f"{item}\n{text}")] + ([mark("item", item)] if scope == "item" else [])
        for (digest,) in catalogue.rows("SELECT digest FROM captures WHERE snapshot = ?", (snapshot,)):
            found.append(mark("bytes", digest))
    return found
