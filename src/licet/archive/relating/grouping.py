"""Groups reports as they come: copies of one text, and stories, the reports of one event.

One pass (Allan, Papka, Lavrenko 1998): a report joins the story to whose reports it is most alike on average, or begins
one. Then that story and those near it are looked over: each report goes where it fits best, stories whose reports are
alike on average become one. The same reports in the same order give the same
groups, however they are cut into batches.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.relating.copies import bands, shared, text_of
from licet.archive.relating.frequencies import terms
from licet.archive.relating.likeness import Weighed, event
from licet.archive.relating.neighborhood import Bounds, Neighborhood
from licet.archive.relating.profiles import profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from licet.archive.finding.terms import Words
    from licet.archive.relating.store import Fresh, Known, Store

JOIN_AT = {"zh": 0.35, "en": 0.42}
"""The average chance of one event from which a report joins a story."""

MERGE_AT = {"zh": 0.40, "en": 0.42}
LEAVE_BELOW = {"zh": 0.14, "en": 0.42}
"""The average chance below which a report leaves the story. Of Chinese stories there was no data: it is left wide."""

NEAR = 0.2
"""Stories are looked over with the one joined if the average is at least this share of what joining takes."""

NEIGHBORS = 8
LEAST_LINK = 0.02

WINDOW_DAYS = 21
KEYS = 16
CANDIDATES = 40
COPY_CANDIDATES = 60
COMPARED = 24
"""So many reports of a story are compared, the latest; copies count once."""

_DAY = 86_400


class _Place(NamedTuple):
    """A story that a report could join: its average chance, its number."""

    chance: float
    story: int


class Grouping:
    """Puts reports into groups. Call it inside one write."""

    def __init__(self, store: Store, words: Words) -> None:
        self._store = store
        self._words = words

    def update(self, item: str) -> None:
        """Bring the report of an item in line with what is listed of it; a new version takes the place of the old."""
        before, now = self._store.by_item(item), self._store.listed(item)
        if before and now and (before.snapshot, before.text, before.moment) == (now.snapshot, now.text, now.moment):
            return
        if before and now:
            self._replace(before, now)
        elif before:
            self._store.remove(before)
        elif now:
            self._add(now, None)

    def _replace(self, before: Known, now: Fresh) -> None:
        """Let a new version go on in the story of the one before, where it still fits or where it is alone."""
        alone = len(self._store.members(before.story)) == 1
        story = self._store.story_id(before.story)
        self._store.remove(before)
        if alone and story:
            self._add(now, self._store.new_story(story))
        else:
            self._add(now, None)

    def _add(self, fresh: Fresh, story: int | None) -> None:
        made = profile(fresh.article, self._words)
        number = self._store.insert(fresh, made)
        own = self._weighed(number, fresh.moment)
        group = self._join_copies(fresh, number)
        candidates = self._candidates(own, number, fresh.moment)
        self._store.put_keys(number, fresh.moment, own.keys(KEYS))
        self._settle(number, own, story, group, candidates)

    def _weighed(self, number: int, moment: int) -> Weighed:
        made = self._store.profile(number)
        self._store.frequencies.read(terms(made))
        return Weighed(made, self._store.frequencies.idf, moment)

    def _join_copies(self, fresh: Fresh, number: int) -> list[Known]:
        """Find the copies among earlier reports and make one group of them; return them."""
        text = text_of(fresh.article)
        signature = bands(text.pieces)
        candidates = self._store.sharing_bands(signature, COPY_CANDIDATES) if text.pieces != {""} else []
        found = [one for one in candidates if shared(text, self._store.text(one))]
        self._store.put_bands(number, signature)
        if found:
            self._store.join_copies([number, *(one.copies for one in found)])
        return found

    def _candidates(self, own: Weighed, number: int, moment: int) -> list[Known]:
        span = WINDOW_DAYS * _DAY
        numbers = self._store.sharing_keys(own.keys(KEYS), moment - span, moment + span, CANDIDATES)
        return [one for one in self._store.numbered(numbers) if one.number != number]

    def _settle(
        self, number: int, own: Weighed, kept: int | None, copies: Sequence[Known], candidates: Sequence[Known]
    ) -> None:
        """Choose the story: that of the copies, else the one most alike, else the one kept, else a new one."""
        stories = sorted({one.story for one in copies}) or sorted({one.story for one in candidates})
        places = sorted(
            (self._place(own, number, story) for story in stories), key=lambda one: (-one.chance, one.story)
        )
        bounds = self._bounds(own.profile.lang)
        if copies or (places and places[0].chance >= bounds.join):
            best = places[0].story
            self._store.move([number], best)
            if kept:
                self._store.drop_if_empty(kept)
        else:
            best = kept or self._begin(number)
            self._store.move([number], best)
        for other in places[1:] if copies else ():
            best = self._merged(best, other.story)
        near = [one.story for one in places if one.chance >= bounds.join * NEAR][:NEIGHBORS]
        self._look_over(dict.fromkeys([best, *(() if copies else near)]), bounds)

    def _bounds(self, lang: str) -> Bounds:
        return Bounds(JOIN_AT[lang], MERGE_AT[lang], LEAVE_BELOW[lang])

    def _place(self, own: Weighed, number: int, story: int) -> _Place:
        """Compare a report with those of a story, and keep the links."""
        links = {
            (max(number, one.number), min(number, one.number)): event(own, self._weighed(one.number, one.moment))
            for one in self._compared(story)
        }
        self._store.put_links({pair: chance for pair, chance in links.items() if chance >= LEAST_LINK})
        return _Place(sum(links.values()) / len(links) if links else 0.0, story)

    def _compared(self, story: int) -> list[Known]:
        """Return the reports of a story that are compared: of copies the earliest, of all the latest."""
        seen: set[int] = set()
        found = []
        for one in self._store.members(story):
            if one.copies not in seen:
                seen.add(one.copies)
                found.append(one)
        return found[-COMPARED:]

    def _begin(self, number: int) -> int:
        """Begin a story with a report; its id is made from the snapshot's."""
        snapshot = self._store.numbered([number])[0].snapshot
        for more in range(1000):
            digest = hashlib.sha256(f"story {snapshot} {more}".encode()).digest()
            identity = base64.b32encode(digest)[:12].decode("ascii").lower()
            if self._store.story_number(identity) is None:
                return self._store.new_story(identity)
        raise AssertionError(snapshot)

    def _merged(self, one: int, other: int) -> int:
        """Make one story of two; return the one that is left, the earlier."""
        if one == other:
            return one
        stays, goes = min(one, other), max(one, other)
        self._store.move([member.number for member in self._store.members(goes)], stays)
        self._store.drop_if_empty(goes)
        return stays

    def _look_over(self, stories: Iterable[int], bounds: Bounds) -> None:
        """Let the reports of neighboring stories go where they fit best; copies go together."""
        before = {story: [one.number for one in self._compared(story)] for story in stories}
        numbers = [number for members in before.values() for number in members]
        if len(numbers) < 3:
            return
        after = Neighborhood(before, self._store.links(numbers)).settle(bounds)
        places = {number: story for story, members in after.items() for number in members}
        begun = {story: self._begin(min(members)) for story, members in after.items() if story < 0}
        for story, members in before.items():
            if any(places[number] != story for number in members):
                self._scatter(story, {number: begun.get(places[number], places[number]) for number in members})

    def _scatter(self, story: int, places: Mapping[int, int]) -> None:
        """Move the reports of a story to their places; those that were not compared stay, or go with the most."""
        for known in self._store.numbered(list(places)):
            copies = [one.number for one in self._store.copies(known.copies) if one.story == story]
            self._store.move(copies, places[known.number])
        if story not in places.values():
            rest = [one.number for one in self._store.members(story)]
            self._store.move(rest, Counter(places.values()).most_common(1)[0][0])
            self._store.drop_if_empty(story)
