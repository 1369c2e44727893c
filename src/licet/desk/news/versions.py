"""The versions of an article: the list, and what changed between two of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.archive.versions import compare
from licet.desk.news.items import categories, language_tag
from licet.desk.news.snapshot import replay_of
from licet.desk.render import page
from licet.desk.state import Desk
from licet.desk.tongue import tongue_of
from licet.errors import BadValue, NoSuchSnapshot, NotShown
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive import Snapshot
    from licet.archive.versions import Change

FIELDS = {"title": N_("Title"), "published": N_("Published"), "source": N_("Source"), "author": N_("Author")}
MOST_COUNTED = 30
"""How many of the latest versions say what changed since the one before."""

_SPAN = re.compile(r"(\d{1,6})\.\.(\d{1,6})", re.ASCII)


@get("/news/{identity:str}/versions", include_in_schema=False, sync_to_thread=False)
def versions_page(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]
) -> Response[str]:
    """List the versions of an article, newest first, each with what changed in it."""
    tongue = tongue_of(request)
    found = desk.archive.versions(identity)
    latest = found[-1]
    rows = []
    for before, version in zip([None, *found], found, strict=False):
        counted = before is not None and version.version > latest.version - MOST_COUNTED and whole(found)
        change = compare(before.article, version.article) if before and counted else None
        rows.append(
            {
                "snapshot": version,
                "before": before,
                "replay": replay_of(version),
                "fields": [tongue.text(FIELDS[part.field]) for part in change.fields] if change else [],
                "counts": change.counts() if change else None,
            }
        )
    return page(
        request,
        desk,
        "versions.html",
        latest=latest,
        lang=language_tag(latest.article.lang),
        rows=rows[::-1],
        whole=whole(found),
        categories=categories(desk, latest.article.category),
    )


@get("/news/{identity:str}/versions/{span:str}", include_in_schema=False, sync_to_thread=False)
def difference_page(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str], span: FromPath[str]
) -> Response[str]:
    """Show what changed between two versions, word by word, in Chinese character by character."""
    found = desk.archive.versions(identity)
    before, after = two_of(found, span)
    change = compare(before.article, after.article)
    return page(
        request,
        desk,
        "difference.html",
        before=before,
        after=after,
        count=len(found),
        last=found[-1].version,
        change=change,
        counts=change.counts(),
        names=FIELDS,
        lang=language_tag(after.article.lang),
        categories=categories(desk, after.article.category),
    )


def whole(found: Sequence[Snapshot]) -> bool:
    """Say whether the text of every version may be shown in full: a difference shows it."""
    return all(version.display == "full" for version in found)


def two_of(found: Sequence[Snapshot], span: str) -> tuple[Snapshot, Snapshot]:
    """Return the two versions that ``3..5`` names; :class:`NoSuchSnapshot` where one is not there."""
    named = _SPAN.fullmatch(span)
    if named is None:
        raise BadValue("two versions are named as in 1..2", fix="write their numbers with two dots between them")
    numbered = {version.version: version for version in found}
    chosen = [numbered.get(int(number)) for number in named.groups()]
    if chosen[0] is None or chosen[1] is None:
        known = ", ".join(map(str, numbered))
        raise NoSuchSnapshot(f"there are no versions {span} of this article", fix=f"its versions are {known}")
    if not whole([chosen[0], chosen[1]]):
        raise NotShown("the texts may not be shown in full: their source allows less", fix="follow the original")
    return chosen[0], chosen[1]


def as_data(change: Change) -> dict[str, Any]:
    """Return what changed as JSON values."""
    return {**msgspec.to_builtins(change), "changed": change.changed, "counts": change.counts()}


HANDLERS = (versions_page, difference_page)
