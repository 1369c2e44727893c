"""A small Memento client (RFC 7089): from an original address by its TimeGate to a memento and the TimeMap."""

from __future__ import annotations

import re
from typing import NamedTuple

import httpx

LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)')


class Walked(NamedTuple):
    """Where the walk led: the memento with its time and its original, and all that the TimeMap lists."""

    uri: str
    moment: str
    original: str
    mementos: list[str]
    moments: list[str]


def links(text: str) -> list[tuple[str, dict[str, str]]]:
    """Read a ``Link`` header or a TimeMap in link format."""
    return [(target, dict(re.findall(r'([\w-]+)="([^"]*)"', rest))) for target, rest in LINK.findall(text)]


def _one(found: list[tuple[str, dict[str, str]]], relation: str) -> str:
    return next(target for target, link in found if relation in link.get("rel", "").split())


def walk(timegate: str, original: str, wanted: str) -> Walked:
    """Ask the TimeGate, follow it to the memento, and read the TimeMap that this names, all its pages."""
    with httpx.Client(timeout=30) as client:
        gate = client.head(timegate + original, headers={"accept-datetime": wanted})
        assert gate.status_code == 302
        assert "accept-datetime" in gate.headers["vary"].lower()
        memento = client.get(gate.headers["location"])
        assert memento.status_code == 200
        named = links(memento.headers["link"])
        assert _one(named, "timegate") == timegate + original
        listed: list[tuple[str, dict[str, str]]] = []
        waiting, seen = [_one(named, "timemap")], set()
        while waiting:
            page = waiting.pop()
            seen.add(page)
            answer = client.get(page, headers={"accept": "application/link-format"})
            assert answer.headers["content-type"].startswith("application/link-format")
            found = links(answer.text)
            assert _one(found, "original") == original
            listed += [one for one in found if "memento" in one[1]["rel"].split()]
            waiting += [target for target, link in found if link["rel"] == "timemap" and target not in seen]
        listed.sort(key=lambda one: one[0])
        return Walked(
            gate.headers["location"],
            memento.headers["memento-datetime"],
            _one(named, "original"),
            [target for target, _ in listed],
            [link["datetime"] for _, link in listed],
        )
