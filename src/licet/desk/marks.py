"""Marks of the law in a captured article: which places and chips it names, and what they were on that day.

Tags stand in the article by offsets; here the text is cut into pieces, so that a template can link each mention.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licet.catalog import chips
from licet.catalog.places import places
from licet.decisions import Query, ask
from licet.desk import labels
from licet.desk.render import address
from licet.desk.world import tiers_on

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from licet.archive import Snapshot, Tag
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes

# Where a chip is asked about from a report that names no place, and the other way round.
_A_CHIP = "h100-sxm"


@dataclass(frozen=True, slots=True)
class Mark:
    """What an article names: a short badge (a tier, an ECCN), the badge in words, and the address of the desk's answer."""

    key: str
    kind: str
    label: str
    badge: str
    words: str
    tone: str
    href: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, with the mark that it carries, if any."""

    text: str
    mark: Mark | None = None


def marks_of(snapshot: Snapshot, statutes: Statutes, on: dt.date, tongue: Tongue) -> dict[tuple[str, str], Mark]:
    """Return the marks of a snapshot by kind and key, in the order in which the article names them."""
    found: dict[tuple[str, str], Mark] = {}
    counts: dict[tuple[str, str], int] = {}
    named = _first_chip(snapshot.tags)
    for tag in snapshot.tags:
        pair = (tag.kind, tag.key)
        counts[pair] = counts.get(pair, 0) + 1
        if pair not in found:
            mark = _mark(tag, statutes, on, tongue, named)
            found |= {pair: mark} if mark else {}
    return {pair: _counted(mark, counts[pair]) for pair, mark in found.items()}


def _counted(mark: Mark, count: int) -> Mark:
    return Mark(mark.key, mark.kind, mark.label, mark.badge, mark.words, mark.tone, mark.href, count)


def _first_chip(tags: Iterable[Tag]) -> str:
    return next((tag.key for tag in tags if tag.kind == "chip" and tag.key in chips.chips()), _A_CHIP)


def _mark(tag: Tag, statutes: Statutes, on: dt.date, tongue: Tongue, chip: str) -> Mark | None:
    if tag.kind == "place" and tag.key in places():
        return _place(tag.key, statutes, on, tongue, chip)
    if tag.kind == "chip" and tag.key in chips.chips():
        return _chip(tag.key, statutes, on, tongue)
    if tag.kind == "act" and any(act.id == tag.key for act in statutes.acts()):
        title = tongue.pick(statutes.act(tag.key).head.titles)
        return Mark(tag.key, "act", title, "§", tongue.text("an act of the law"), "plain", f"/law/{tag.key}")
    return None


def _place(code: str, statutes: Statutes, on: dt.date, tongue: Tongue, chip: str) -> Mark:
    label = labels.place_words(tongue, code)
    tier = tiers_on(statutes, Query(on)).get(code)
    query: dict[str, Any] = {"chip": chip, "quantity": "1", "to": code, "on": on.isoformat(), "basis": "written"}
    if tier is None:
        return Mark(code, "place", label, "", tongue.text("no tier on this day"), "plain", address("/", query))
    words = tongue.text("Tier %(number)s on %(day)s") % {"number": tier, "day": tongue.date(on)}
    return Mark(code, "place", label, str(tier), words, f"tier{tier}", address("/", query))


def _chip(name: str, statutes: Statutes, on: dt.date, tongue: Tongue) -> Mark:
    verdict = ask(
        statutes, {"chip": name, "quantity": "1", "destination": "CN"}, on=on, basis="written", headquarters_taken=True
    )
    query = {"chip": name, "quantity": "1", "to": "CN", "on": on.isoformat(), "basis": "written"}
    eccn = verdict.classification or ""
    words = tongue.text("%(eccn)s on %(day)s") if eccn else tongue.text("not classified here on %(day)s")
    told = words % {"eccn": eccn, "day": tongue.date(on)}
    return Mark(
        name,
        "chip",
        chips.chip(name).name,
        eccn.removeprefix("3A090"),
        told,
        "eccn" if eccn else "plain",
        address("/", query),
    )


def pieces(text: str, tags: Iterable[Tag], marks: dict[tuple[str, str], Mark]) -> list[list[Piece]]:
    """Cut ``text`` into paragraphs, and these into pieces, each with its mark; tags that overlap lose to the first."""
    found: list[list[Piece]] = [[]]
    at = 0
    for tag in sorted(tags, key=lambda tag: (tag.start, -tag.end)):
        if tag.start < at or tag.end > len(text) or (tag.kind, tag.key) not in marks:
            continue
        _add(found, text[at : tag.start], None)
        _add(found, text[tag.start : tag.end], marks[tag.kind, tag.key])
        at = tag.end
    _add(found, text[at:], None)
    return [paragraph for paragraph in found if any(piece.text.strip() for piece in paragraph)]


def _add(found: list[list[Piece]], text: str, mark: Mark | None) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            found.append([])
        if line:
            found[-1].append(Piece(line, mark))
