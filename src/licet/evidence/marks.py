"""What the law says, on the day of publication, of what an article names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licet.catalog import items, places
from licet.decisions.classify import classify
from licet.decisions.places import tier
from licet.i18n import N_, gettext, pick
from licet.statutes.law import Query

if TYPE_CHECKING:
    from licet.archive.model import Snapshot, Tag, TagKind
    from licet.statutes import Law, Statutes


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that an article names: its display name, what the law says of it, and where that can be asked.

    ``badge`` is short ("Tier 2", "3A090.a"); ``tone`` the tier (``tier1`` … ``tier3``), ``controlled``, ``free`` or
    ``open``; ``answer`` the parameters of the desk's answer; ``tags`` where it stands in the article.
    """

    kind: TagKind
    key: str
    label: str
    badge: str
    tone: str
    answer: dict[str, str]
    tags: tuple[Tag, ...]


def day_of(snapshot: Snapshot) -> dt.date:
    """Return the day of publication; for an article that does not say, the day of the capture."""
    printed = snapshot.article.published or ""
    try:
        return dt.date.fromisoformat(printed[:10])
    except ValueError:
        return snapshot.captured_at.date()


def marks(snapshot: Snapshot, statutes: Statutes, *, language: str, on: dt.date | None = None) -> list[Mark]:
    """Return a mark for each place, chip, ECCN and act that a snapshot names, in order of first mention.

    ``on``: the day whose law is asked, by default that of :func:`day_of`; both bases know the tiers, so the basis is
    that of the law as written.
    """
    day = on or day_of(snapshot)
    law = statutes.law(Query(on=day, basis="written"))
    grouped: dict[tuple[TagKind, str], list[Tag]] = {}
    for tag in snapshot.tags:
        grouped.setdefault((tag.kind, tag.key), []).append(tag)
    return [_mark(law, statutes, day, language, kind, key, tuple(tags)) for (kind, key), tags in grouped.items()]


def _mark(  # noqa: PLR0913, PLR0917 - what is marked, and for whom
    law: Law, statutes: Statutes, day: dt.date, language: str, kind: TagKind, key: str, tags: tuple[Tag, ...]
) -> Mark:
    if kind == "place" and key in places.places():
        return _place(law, day, language, key, tags)
    if kind == "chip" and key in items.every():
        return _chip(law, day, language, key, tags)
    if kind == "act" and any(act.id == key for act in statutes.acts()):
        act = statutes.act(key)
        return Mark(kind, key, pick(language, act.head.titles), act.head.citation, "open", {"act": key}, tags)
    if kind == "eccn":
        return _eccn(law, language, key, tags)
    return Mark(kind, key, key, "", "open", {}, tags)


def _eccn(law: Law, language: str, key: str, tags: tuple[Tag, ...]) -> Mark:
    """Mark an ECCN by the act whose clause classifies it on that day; one that the law does not hold leads nowhere."""
    for clause in law.of_kind("classification"):
        if clause.form.yields == key or clause.form.yields.startswith(f"{key}."):
            head = clause.act.head
            return Mark("eccn", key, key, head.citation, "open", {"act": clause.act.id}, tags)
    return Mark("eccn", key, key, gettext(language, N_("not held here")), "open", {}, tags)


def _place(law: Law, day: dt.date, language: str, key: str, tags: tuple[Tag, ...]) -> Mark:
    label = places.display_name(key, language)
    found = tier(law, key)
    if found is None:
        # A place that the country chart gives no row has no tier, though the law sorts the others.
        badge = (
            gettext(language, N_("tier not known")) if law.of_kind("tier") else gettext(language, N_("no tiers yet"))
        )
        return Mark("place", key, label, badge, "open", _answer(day, to=key), tags)
    badge = gettext(language, N_("Tier {number}")).format(number=found)
    return Mark("place", key, label, badge, f"tier{found}", _answer(day, to=key), tags)


def _chip(law: Law, day: dt.date, language: str, key: str, tags: tuple[Tag, ...]) -> Mark:
    chip = items.every()[key]
    found = classify(law, chip.facts())
    if found.eccn:
        badge, tone = found.eccn, "controlled"
    elif found.known:
        badge, tone = gettext(language, N_("not in 3A090")), "free"
    else:
        badge, tone = gettext(language, N_("class not known")), "open"
    return Mark("chip", key, chip.name, badge, tone, _answer(day, chip=key), tags)


def _answer(day: dt.date, **parameters: str) -> dict[str, str]:
    return {**parameters, "on": day.isoformat()}
