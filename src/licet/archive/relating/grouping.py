"""Groups reports as they come: copies of one text, and stories, the reports of one event.

One pass (Allan, Papka, Lavrenko 1998): a report joins the story to whose reports it is most alike on average, or begins
one. Where it is alike to two stories, they are one if their reports are alike on average. Each time a story has
doubled it is looked over: what no longer fits the others moves out. The same reports in the same order give the same
groups, however they are cut into batches.
"""

from __future__ import annotations

import base64
import hashlib
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.relating.copies import bands, shared, text_of
from licet.archive.relating.frequencies import terms
from licet.archive.relating.likeness import Weighed, event
from licet.archive.relating.profiles import profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.finding.terms import Words
    from licet.archive.relating.store import Fresh, Known, Store

JOIN_AT = {"zh": 0.35, "en": 0.30}
"""The average chance of one event from which a report joins a story."""

MERGE_AT = {"zh": 0.40, "en": 0.30}
LEAVE_BELOW = 0.4
"""A report leaves the story if its average is less than this share of what joining takes."""

WINDOW_DAYS = 21
KEYS = 16
CANDIDATES = 40
COPY_CANDIDATES = 60
COMPARED = 24
"""So many reports of a story are compared, the latest; copies count once."""

_DAY = 86_400


class _Place(NamedTuple):
    """A story that a report could join: its average chance, its number, its reports that are compared."""

    chance: float
    story: int
    members: list[Known]


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
        lang = own.profile.lang
        stories = sorted({one.story for one in copies}) or sorted({one.story for one in candidates})
        places = [self._place(own, story) for story in stories]
        fitting = sorted(
            (one for one in places if copies or one.chance >= JOIN_AT[lang]), key=lambda one: (-one.chance, one.story)
        )
        if not fitting:
            self._store.move([number], kept or self._begin(number))
            return
        best = fitting[0].story
        self._store.move([number], best)
        if kept:
            self._store.drop_if_empty(kept)
        for other in fitting[1:]:
            best = self._merged(best, other.story, certain=bool(copies))
        self._look_over(best)

    def _place(self, own: Weighed, story: int) -> _Place:
        members = self._compared(story)
        chances = [event(own, self._weighed(one.number, one.moment)) for one in members]
        return _Place(sum(chances) / len(chances) if chances else 0.0, story, members)

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

    def _merged(self, one: int, other: int, *, certain: bool) -> int:
        """Make one story of two if their reports are alike on average; return the one that is left, the earlier."""
        first, second = self._compared(one), self._compared(other)
        if not first or not second or one == other:
            return one
        if not certain and self._between(first, second) < MERGE_AT[self._store.profile(first[0].number).lang]:
            return one
        stays, goes = min(one, other), max(one, other)
        self._store.move([member.number for member in self._store.members(goes)], stays)
        self._store.drop_if_empty(goes)
        return stays

    def _between(self, first: Iterable[Known], second: Iterable[Known]) -> float:
        ours = [self._weighed(one.number, one.moment) for one in first]
        theirs = [self._weighed(one.number, one.moment) for one in second]
        chances = [event(one, other) for one, other in product(ours, theirs)]
        return sum(chances) / len(chances)

    def _look_over(self, story: int) -> None:
        """Move out what no longer fits, the worst first; only where the story has doubled, so that it stays cheap."""
        members = self._compared(story)
        if len(members) < 4 or len(members) & (len(members) - 1) or len(members) > COMPARED:
            return
        weighed = [self._weighed(one.number, one.moment) for one in members]
        least = JOIN_AT[weighed[0].profile.lang] * LEAVE_BELOW
        averages = []
        for at, own in enumerate(weighed):
            others = [event(own, other) for place, other in enumerate(weighed) if place != at]
            averages.append((sum(others) / len(others), -members[at].number, members[at]))
        worst = min(averages)
        if worst[0] < least:
            leaving = [one.number for one in self._store.copies(worst[2].copies) if one.story == story]
            self._store.move(leaving, self._begin(min(leaving)))
