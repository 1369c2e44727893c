"""What the archive knows of reports that belong together: kept up to date, and asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.articles import moment_of
from licet.archive.relating.copies import shared, text_of
from licet.archive.relating.grouping import Grouping
from licet.archive.relating.listing import Listing
from licet.archive.relating.model import Copies, Copy, Member, Story
from licet.archive.relating.store import Store
from licet.archive.relating.telling import central_title, timeline
from licet.errors import NoSuchSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.catalogue import Catalogue
    from licet.archive.finding.terms import Words
    from licet.archive.model import Hit, Snapshot
    from licet.archive.relating.store import Known
    from licet.archive.searching import Search

BATCH = 100
"""So many reports are grouped in one write."""


class Relations:
    """The related reports, copies and stories of one archive. Nothing hidden or replaced comes out of it."""

    def __init__(self, catalogue: Catalogue, search: Search, words: Words) -> None:
        self._catalogue = catalogue
        self._search = search
        self._words = words
        self._store = Store(catalogue)

    def refresh(self) -> int:
        """Group what was added, changed or hidden since; return how many items were looked at. Idempotent."""
        done = 0
        while self._store.waiting(1):
            with self._catalogue.writing():
                done += self._batch()
        return done

    def rebuild(self) -> int:
        """Forget all groups and group every listed report anew, in the order of capture; return how many."""
        with self._catalogue.writing():
            self._store.clear()
        return self.refresh()

    def _batch(self) -> int:
        items = self._store.waiting(BATCH)
        self._store.frequencies.forget()
        grouping = Grouping(self._store, self._words)
        for item in items:
            grouping.update(item)
            self._store.done(item)
        self._store.frequencies.save()
        return len(items)

    def copies(self, identity: str) -> Copies:
        """Return the near-copies of a snapshot, earliest first.

        :class:`~licet.errors.NoSuchSnapshot` and :class:`~licet.errors.TakenDown` as for the snapshot itself.
        """
        own = self._catalogue.snapshot(identity)
        self.refresh()
        known = self._store.by_snapshot(identity)
        text = text_of(own.article)
        group = self._store.copies(known.copies) if known else []
        others = self._public(one.snapshot for one in group if one.item != own.item)
        found = [Copy(other, round(share, 3)) for other in others if (share := shared(text, text_of(other.article)))]
        origin = min(
            [own, *(copy.snapshot for copy in found)], key=lambda one: (moment_of(one.article, one.captured_at), one.id)
        )
        return Copies(origin, found)

    def story(self, identity: str) -> Story:
        """Return the story that a snapshot belongs to, or the story of that id.

        :class:`~licet.errors.NoSuchSnapshot` if there is neither; :class:`~licet.errors.TakenDown` for a snapshot that
        is hidden. An older version of an item has the story of the listed one.
        """
        self.refresh()
        number = self._store.story_number(identity)
        if number is None:
            own = self._catalogue.snapshot(identity)
            known = self._store.by_item(own.item)
            if known is None:
                raise NoSuchSnapshot(f"snapshot {identity} belongs to no story", fix="licet archive show ID shows it")
            number = known.story
        return self._told(number)

    def _told(self, number: int) -> Story:
        members = self._store.members(number)
        snapshots = {one.id: one for one in self._public(known.snapshot for known in members)}
        shown = [known for known in members if known.snapshot in snapshots]
        if not shown:
            identity = self._store.story_id(number)
            raise NoSuchSnapshot(f"story {identity} has no report left", fix="licet archive search finds others")
        groups: dict[int, list[Snapshot]] = {}
        for known in shown:
            groups.setdefault(known.copies, []).append(snapshots[known.snapshot])
        told = [Member(first, rest) for first, *rest in groups.values()]
        ordered = [snapshots[known.snapshot] for known in shown]
        return Story(
            id=self._store.story_id(number) or "",
            title=central_title([member.snapshot for member in told], self._words),
            first=ordered[0].time,
            last=ordered[-1].time,
            members=told,
            timeline=timeline([(snapshots[one.snapshot], one.moment) for one in shown if _first(one, shown)]),
        )

    def related(self, identity: str, limit: int) -> list[Hit]:
        """Return other listed snapshots on the topic: see :func:`licet.archive.relating.listing.related`."""
        own = self._catalogue.snapshot(identity)
        self.refresh()
        self._search.refresh()
        self._store.frequencies.forget()
        return Listing(self._catalogue, self._search.index, self._store, self._words).related(own, limit)

    def _public(self, identities: Iterable[str]) -> list[Snapshot]:
        return self._catalogue.snapshots(list(identities))


def _first(known: Known, shown: Sequence[Known]) -> bool:
    """Say whether a report is the earliest of its copies."""
    return next(one for one in shown if one.copies == known.copies).number == known.number
