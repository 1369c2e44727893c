"""Tells a story: its title, and by days what each report said first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from licet.archive.finding.folding import has_cjk
from licet.archive.relating.copies import letters, pieces
from licet.archive.relating.frequencies import Frequencies
from licet.archive.relating.likeness import Weighed, cosine
from licet.archive.relating.model import Day, Report
from licet.archive.relating.profiles import profile_of_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.finding.terms import Words
    from licet.archive.model import Snapshot

MOST_NEWS = 3
"""Sentences of a report that the timeline shows."""

COVERED = 0.5
"""The share of a sentence's pieces in earlier reports from which it is no news."""

_CHINA = timezone(timedelta(hours=8))
_SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?]+[”」』\"]?|(?<=[a-z0-9)\"])\.(?=\s|$)|(?=\n)|$)")
_SHORTEST = {True: 10, False: 30}
_LONGEST = 400
_MOST_SENTENCES = 200
_MOST_TITLES = 200


def central_title(snapshots: Sequence[Snapshot], words: Words) -> str:
    """Return the headline that is most like the others on average; of two as like, the earlier."""
    titles = [snapshot.title for snapshot in snapshots][:_MOST_TITLES]
    profiles = [profile_of_text(title, words) for title in titles]
    frequencies = Frequencies.over(profiles)
    weighed = [Weighed(one, frequencies.idf) for one in profiles]
    central = [
        sum(cosine(one.fine, other.fine) + cosine(one.words, other.words) for other in weighed if other is not one)
        for one in weighed
    ]
    return titles[max(range(len(titles)), key=lambda at: (round(central[at], 9), -at))]


def timeline(reports: Iterable[tuple[Snapshot, int]]) -> list[Day]:
    """Return the days of a story, from its reports in the order of time, each with its moment (seconds, UTC)."""
    days: list[Day] = []
    told: set[str] = set()
    for snapshot, moment in reports:
        day = datetime.fromtimestamp(moment, UTC).astimezone(_CHINA).date().isoformat()
        if not days or days[-1].day != day:
            days.append(Day(day, []))
        days[-1].reports.append(Report(snapshot, _news(snapshot, told)))
    return days


def _news(snapshot: Snapshot, told: set[str]) -> list[str]:
    """Return the first sentences that nothing before said; what the report says counts as told from now on.

    Of a source whose text may not be shown in full there are none.
    """
    found: list[str] = []
    for sentence in sentences(snapshot.article.body):
        own = pieces(letters(sentence))
        if len(own & told) < COVERED * len(own):
            found.append(sentence)
        told |= own
    return found[:MOST_NEWS] if snapshot.display == "full" else []


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that are long enough to say something."""
    least = _SHORTEST[has_cjk(text)]
    found = (match.group().strip() for match in _SENTENCE.finditer(text[: _LONGEST * _MOST_SENTENCES]))
    return [one[:_LONGEST] for one in found if len(one) >= least][:_MOST_SENTENCES]
