"""When to look again: oftener where things change, less often where they do not; and after a failure.

The rule is that of an adaptive revisit schedule: the interval is divided when a visit found a change and multiplied
when it found none, within bounds (K. Sigurðsson, *Incremental crawling with Heritrix*, IWAW 2005; the question is that
of J. Cho and H. Garcia-Molina, *Effective page refresh policies for Web crawlers*, ACM TODS 28(4), 2003)::

    changed:    next = max(least, interval / 2)
    unchanged:  next = min(most,  interval × 3/2)

It settles where ln 2 · p = ln 1.5 · (1 − p): about 37 of 100 visits find something new. Nothing here reads a clock or
throws dice: the same history gives the same schedule.
"""

from __future__ import annotations

CHANGED = 0.5
UNCHANGED = 1.5

RETRIES = 5
"""How often in a row a fetch may fail before the address waits for its next turn, or is given up if it never worked."""
FIRST_WAIT = 60.0
LONGEST_WAIT = 6 * 3600.0
RETRY_AFTER_LIMIT = 86400.0


def next_interval(interval: float, *, changed: bool, least: float, most: float) -> float:
    """Return the seconds to the next visit after one that did or did not find a change."""
    factor = CHANGED if changed else UNCHANGED
    return min(most, max(least, interval * factor))


def wait_after_failure(failures: int, retry_after: float | None = None) -> float:
    """Return the seconds to wait after the ``failures``-th failure in a row (from 1).

    It doubles each time: 1, 2, 4 … minutes, at most six hours. A ``Retry-After`` (RFC 9110, section 10.2.3) goes
    before it where it is longer, up to a day.
    """
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (min(failures, 20) - 1))
    return max(wait, min(retry_after or 0.0, RETRY_AFTER_LIMIT))
