"""A few stories side by side: which report fits which, by the links between their reports.

The passes are those of a k-means with average link: each report goes to the story that it is most alike to, one that
fits none begins its own, and stories whose reports are alike on average become one.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROUNDS = 3
"""So often all reports are looked over; it seldom takes more than two."""


class Bounds(NamedTuple):
    """Average chances: from which a report joins, from which two stories are one, below which a report leaves."""

    join: float
    merge: float
    leave: float


class Neighborhood:
    """Stories and their reports by number; ``links`` has the chance of two reports, the later first, 0 where none."""

    def __init__(self, stories: Mapping[int, Sequence[int]], links: Mapping[tuple[int, int], float]) -> None:
        self.stories = {story: list(reports) for story, reports in stories.items()}
        self._links = links
        self._fresh = -1

    def settle(self, bounds: Bounds) -> dict[int, list[int]]:
        """Return the stories as they fit best; a number below 0 is a story that begins."""
        for _ in range(ROUNDS):
            moved = [self._look_at(report, story, bounds) for story, report in sorted(self._all())]
            if not any([*moved, self._merge(bounds.merge)]):
                break
        return self.stories

    def average(self, report: int, others: Iterable[int]) -> float:
        """Return the average chance of a report and others, itself left out; 0 if there are none."""
        found = [self._link(report, other) for other in others if other != report]
        return sum(found) / len(found) if found else 0.0

    def _all(self) -> list[tuple[int, int]]:
        return [(story, report) for story, reports in self.stories.items() for report in reports]

    def _link(self, one: int, other: int) -> float:
        return self._links.get((one, other) if one > other else (other, one), 0.0)

    def _look_at(self, report: int, story: int, bounds: Bounds) -> bool:
        """Move a report to the story that it is most alike to, or out; say whether it was moved."""
        here = self.average(report, self.stories[story])
        there, best = max((self.average(report, self.stories[one]), -one) for one in self.stories)
        if -best != story and there >= bounds.join and there > here:
            self._move(report, story, -best)
        elif len(self.stories[story]) > 1 and here < bounds.leave:
            self._move(report, story, self._fresh)
            self._fresh -= 1
        else:
            return False
        return True

    def _move(self, report: int, story: int, to: int) -> None:
        self.stories[story].remove(report)
        self.stories.setdefault(to, []).append(report)
        if not self.stories[story]:
            del self.stories[story]

    def _merge(self, least: float) -> bool:
        """Make one of the two stories that are most alike, as long as there are such; the older stays."""
        merged = False
        while (best := max(map(self._alike, combinations(sorted(self.stories), 2)), default=None)) and best[0] >= least:
            stays, goes = sorted((-best[1], -best[2]), key=_age)
            self.stories[stays] += self.stories.pop(goes)
            merged = True
        return merged

    def _alike(self, pair: tuple[int, int]) -> tuple[float, int, int]:
        one, other = pair
        averages = [self.average(report, self.stories[other]) for report in self.stories[one]]
        return sum(averages) / len(averages), -one, -other


def _age(story: int) -> tuple[bool, int]:
    """Sort stories by age: those that just begin come last."""
    return story < 0, abs(story)
