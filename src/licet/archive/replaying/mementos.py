"""Which captures of an address may be replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.addresses import canonical
from licet.errors import TakenDown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive.catalogue import Catalogue
    from licet.archive.model import Memento


def replayable(catalogue: Catalogue, url: str, visits: Sequence[Memento]) -> list[Memento]:
    """Return the visits that may be replayed, one a second, oldest first.

    A page that may be shown in part, or by its title alone, is not replayed. :class:`TakenDown` where nothing is left
    and something of this address was taken down.
    """
    address = canonical(url)
    rows = catalogue.rows(
        "SELECT DISTINCT s.id FROM visits AS v JOIN captures AS c ON c.id = v.capture JOIN snapshots AS s"
        " ON s.id = c.snapshot WHERE v.canonical = ? AND s.display <> 'full'",
        (address,),
    )
    withheld = {identity for (identity,) in rows}
    found = {visit.at.replace(microsecond=0): visit for visit in visits if visit.snapshot not in withheld}
    if not found and not withheld:
        _refuse_taken_down(catalogue, address)
    return list(found.values())


def _refuse_taken_down(catalogue: Catalogue, address: str) -> None:
    rows = catalogue.rows(
        "SELECT s.ground, s.state_at, c.digest FROM visits AS v JOIN captures AS c ON c.id = v.capture"
        " JOIN snapshots AS s ON s.id = c.snapshot WHERE v.canonical = ? AND s.state <> 'public'"
        " ORDER BY v.visited_at DESC LIMIT 1",
        (address,),
    )
    for ground, at, digest in rows:
        raise TakenDown("what was captured at this address was taken down", ground=ground, at=at, digest=digest)
