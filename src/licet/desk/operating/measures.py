"""What this desk has done, as Prometheus reads it (text exposition format 0.0.4).

Labels are routes, methods and statuses, never what somebody asked. Each worker counts for itself; where there are
several, each leaves its counts in a folder that they share, and whichever is asked adds them up.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram of durations, in seconds."""
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_EVERY = 1.0


class Counts(msgspec.Struct):
    """Counts of one worker: requests by method, route and status; durations by route; bytes that were answered."""

    requests: Counter[tuple[str, str, int]] = msgspec.field(default_factory=Counter)
    durations: dict[str, list[int]] = {}
    seconds: dict[str, float] = {}
    limited: int = 0


class Measures:
    """Counts of this worker, left in ``shared`` for the others where there is such a folder."""

    def __init__(self, clock: Callable[[], float], shared: Path | None = None) -> None:
        self.counts = Counts()
        self._clock = clock
        self._shared = shared
        self._left = -_EVERY

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        counts = self.counts
        counts.requests[method, route, status] += 1
        counts.seconds[route] = counts.seconds.get(route, 0.0) + seconds
        counts.durations.setdefault(route, [0] * (len(EDGES) + 1))[bisect_left(EDGES, seconds)] += 1
        if self._shared and self._clock() - self._left > _EVERY:
            self.leave()

    def limited(self) -> None:
        """Count a request that came too soon."""
        self.counts.limited += 1

    def leave(self) -> None:
        """Write the counts where the other workers find them."""
        if self._shared is None:
            return
        self._left = self._clock()
        path = self._shared / f"{os.getpid()}.msgpack"
        draft = path.with_suffix(".partial")
        draft.write_bytes(msgspec.msgpack.encode(_stored(self.counts)))
        draft.replace(path)

    def every(self) -> list[Counts]:
        """Return the counts of all workers, those that have ended too."""
        own = f"{os.getpid()}.msgpack"
        others = sorted(self._shared.glob("*.msgpack")) if self._shared else []
        return [self.counts, *(_read(path.read_bytes()) for path in others if path.name != own)]


def _stored(counts: Counts) -> list[Any]:
    return [list(counts.requests.items()), counts.durations, counts.seconds, counts.limited]


def _read(data: bytes) -> Counts:
    form = tuple[list[tuple[tuple[str, str, int], int]], dict[str, list[int]], dict[str, float], int]
    requests, durations, seconds, limited = msgspec.msgpack.decode(data, type=form)
    return Counts(Counter(dict(requests)), durations, seconds, limited)


def exposition(every: Iterable[Counts], gauges: Iterable[tuple[str, str, float]]) -> str:
    """Return the page that Prometheus reads; ``gauges`` are names, what they tell, and values now."""
    requests: Counter[tuple[str, str, int]] = Counter()
    seconds: dict[str, float] = {}
    durations: dict[str, list[int]] = {}
    limited = 0
    for counts in every:
        requests.update(counts.requests)
        for route, spent in counts.seconds.items():
            seconds[route] = seconds.get(route, 0.0) + spent
        limited += counts.limited
        for route, row in counts.durations.items():
            before = durations.get(route, [0] * len(row))
            durations[route] = [one + other for one, other in zip(before, row, strict=True)]
    lines = _head("licet_requests_total", "counter", "Answers by method, route and status.")
    for (method, route, status), count in sorted(requests.items()):
        labels = f'method="{_label(method)}",route="{_label(route)}",status="{status}"'
        lines.append(f"licet_requests_total{{{labels}}} {count}")
    lines += _head("licet_request_seconds", "histogram", "How long answers took, by route.")
    for route, row in sorted(durations.items()):
        lines += _histogram(_label(route), row, seconds[route])
    lines += _head("licet_requests_limited_total", "counter", "Requests that came too soon.")
    lines.append(f"licet_requests_limited_total {limited}")
    for name, told, value in gauges:
        lines += [*_head(name, "gauge", told), f"{name} {value:g}" if value < 1e6 else f"{name} {int(value)}"]
    return "\n".join(lines) + "\n"


def _head(name: str, kind: str, told: str) -> list[str]:
    return [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]


def _histogram(route: str, row: list[int], seconds: float) -> list[str]:
    lines, total = [], 0
    for edge, count in zip((*map(str, EDGES), "+Inf"), row, strict=True):
        total += count
        lines.append(f'licet_request_seconds_bucket{{route="{route}",le="{edge}"}} {total}')
    lines.append(f'licet_request_seconds_sum{{route="{route}"}} {seconds:.6f}')
    lines.append(f'licet_request_seconds_count{{route="{route}"}} {total}')
    return lines


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
