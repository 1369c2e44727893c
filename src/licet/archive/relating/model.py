"""What the archive says of reports that belong together."""

from __future__ import annotations

import msgspec

from licet.archive.model import Snapshot  # noqa: TC001 - msgspec reads the annotations


class Copy(msgspec.Struct, frozen=True):
    """A near-copy: ``shared`` is the share (0 to 1) of the shorter text that is in the other."""

    snapshot: Snapshot
    shared: float


class Copies(msgspec.Struct, frozen=True):
    """The copies of a report, earliest first, and which of them all, the report included, is probably the origin."""

    origin: Snapshot
    copies: list[Copy]


class Member(msgspec.Struct, frozen=True):
    """A report of a story, with its copies, earliest first."""

    snapshot: Snapshot
    copies: list[Snapshot]


class Report(msgspec.Struct, frozen=True):
    """A report on the timeline: ``news`` are sentences that no earlier report of the story had."""

    snapshot: Snapshot
    news: list[str]


class Day(msgspec.Struct, frozen=True):
    """A day (``YYYY-MM-DD``, the reader's zone being China's) and what was reported, in the order of time."""

    day: str
    reports: list[Report]


class Story(msgspec.Struct, frozen=True):
    """The reports of one event.

    ``title`` is the headline nearest to all; ``first`` and ``last`` are times as printed.
    """

    id: str
    title: str
    first: str
    last: str
    members: list[Member]
    timeline: list[Day]
