"""From bytes to an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.archive.extraction import authors, bodies, dates, published, sources, surroundings, timezones, titles, zones
from licet.archive.extraction.encoding import decode
from licet.archive.extraction.overrides import Overrides, built_in
from licet.archive.extraction.page import Page, clean, visible
from licet.archive.model import Article
from licet.errors import NotExtractable

if TYPE_CHECKING:
    from licet.archive.extraction.overrides import Override

EXTRACTOR = "licet-3"
"""The version of the rules: it changes whenever they may read a page otherwise."""

# A page may hold anything: what is longer is no headline and no article.
LONGEST_TITLE, LONGEST_BODY = 500, 2_000_000
_LEAST = 20
_LONGEST_VALUE = 400
_BY_OVERRIDE = 0.97
_BYLINES = 30_000


def extract(
    data: bytes,
    *,
    url: str | None = None,
    charset: str | None = None,
    zone: str | None = None,
    sites: Overrides | None = None,
) -> Article:
    """Read the article in ``data``; the same bytes always give the same article.

    ``url`` is the page's address if known, ``charset`` what the server declared, ``zone`` the IANA name of the zone in
    which the source prints its times, for those that it prints without one; ``sites`` the overrides that count, those
    that come with Licet if not given. Where one is used, its digest stands in ``extractor``.
    :class:`~licet.errors.NotExtractable` if there is neither a headline nor a text.
    """
    override = (sites if sites is not None else _came_with()).of(url)
    place = zone or (override.zone if override else None)
    given = timezones.named(place) if place else None
    text, encoding = decode(data, charset)
    if not text.strip() or text.count("�") * 5 > len(text):
        raise NotExtractable("there is no text in it", fix="give the HTML of a news page")
    page = Page(text, url, given)
    if override and page.deep:
        override = None
    article = _read(page, override)
    if "�" in text or not encoding.startswith("utf"):
        article.confidence["encoding"] = 0.3 if "�" in text else 0.9
    return article


def version(url: str | None, sites: Overrides | None = None) -> str:
    """Return the version that a page of this address would be read with now: rules, and the override used."""
    override = (sites if sites is not None else _came_with()).of(url)
    return f"{EXTRACTOR}+{override.digest}" if override else EXTRACTOR


def _came_with() -> Overrides:
    return Overrides(built_in())


def _read(page: Page, override: Override | None) -> Article:
    told = _told(page, override)
    title, title_sure = (told["title"], _BY_OVERRIDE) if "title" in told else titles.find(page)
    places = zones.find(page, title)
    body = bodies.within(page, title, override) if override else bodies.find(page, title)
    if len(body.text) < _LEAST and not title:
        raise NotExtractable("there is no article in it", fix="give the HTML of a news page")
    moment, moment_sure = published.find(page, places)
    if "published" in told and (printed := dates.find(told["published"])):
        moment, moment_sure = printed, _BY_OVERRIDE
    source, source_sure = (told["source"], _BY_OVERRIDE) if "source" in told else sources.find(page, places)
    author, author_sure = authors.find(page, places, _ends(body.own), source)
    if "author" in told and (names := authors.split(told["author"], page.lang)):
        author, author_sure = names, _BY_OVERRIDE
    category, category_sure = surroundings.category(page, places)
    if "category" in told:
        category, category_sure = told["category"], _BY_OVERRIDE
    sure = {
        "title": title_sure,
        "body": body.sure,
        "published": moment_sure,
        "author": author_sure,
        "source": source_sure,
        "category": category_sure,
        "encoding": 1.0,
    }
    return Article(
        url=page.url,
        lang=page.lang,
        title=title[:LONGEST_TITLE],
        body=body.text[:LONGEST_BODY],
        published=moment.printed if moment else None,
        published_at=moment.at(page.lang, page.local) if moment else None,
        author=author,
        source=source,
        category=category,
        images=surroundings.images(page, body.box, body.without),
        confidence={field: round(value, 2) for field, value in sure.items() if value},
        extractor=f"{EXTRACTOR}+{override.digest}" if override else EXTRACTOR,
    )


def _told(page: Page, override: Override | None) -> dict[str, str]:
    """Return the fields that the site's override finds on the page, as text."""
    told: dict[str, str] = {}
    for field in ("title", "published", "author", "source", "category") if override else ():
        values = [_value(element) for element in override.found(page.root, field)] if override else []
        text = "、".join(filter(None, values)) if field == "author" else next(filter(None, values), "")
        if field == "source" and text:
            text = sources.named(text) or text
        if text:
            told[field] = text[:_LONGEST_VALUE]
    if override and override.name and "source" not in told:
        told["source"] = override.name
    return told


def _ends(text: str) -> str:
    """Return the beginning and the end of a long text: where bylines stand."""
    return text if len(text) <= 2 * _BYLINES else f"{text[:_BYLINES]}\n{text[-_BYLINES:]}"


def _value(element: Any) -> str:
    return clean(element.get("datetime") or element.get("content") or visible(element))
