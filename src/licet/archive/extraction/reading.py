"""From bytes to an article."""

from __future__ import annotations

from licet.archive.extraction import authors, bodies, published, sources, surroundings, timezones, titles, zones
from licet.archive.extraction.encoding import decode
from licet.archive.extraction.page import Page
from licet.archive.model import Article
from licet.errors import NotExtractable

EXTRACTOR = "licet-3"
"""The version of the rules: it changes whenever they may read a page otherwise."""

# A page may hold anything: what is longer is no headline and no article.
LONGEST_TITLE, LONGEST_BODY = 500, 2_000_000
_LEAST = 20


def extract(data: bytes, *, url: str | None = None, charset: str | None = None, zone: str | None = None) -> Article:
    """Read the article in ``data``; the same bytes always give the same article.

    ``url`` is the page's address if known, ``charset`` what the server declared, ``zone`` the IANA name of the zone in
    which the source prints its times, for those that it prints without one.
    :class:`~licet.errors.NotExtractable` if there is neither a headline nor a text.
    """
    given = timezones.named(zone) if zone else None
    text, encoding = decode(data, charset)
    if not text.strip() or text.count("�") * 5 > len(text):
        raise NotExtractable("there is no text in it", fix="give the HTML of a news page")
    page = Page(text, url, given)
    title, title_sure = titles.find(page)
    places = zones.find(page, title)
    moment, moment_sure = published.find(page, places)
    body = bodies.find(page, title)
    if len(body.text) < _LEAST and not title:
        raise NotExtractable("there is no article in it", fix="give the HTML of a news page")
    source, source_sure = sources.find(page, places)
    author, author_sure = authors.find(page, places, body.own, source)
    category, category_sure = surroundings.category(page, places)
    images = surroundings.images(page, body.box, body.without)
    sure = {
        "title": title_sure,
        "body": body.sure,
        "published": moment_sure,
        "author": author_sure,
        "source": source_sure,
        "category": category_sure,
        "encoding": 0.3 if "�" in text else (1.0 if encoding.startswith("utf") else 0.9),
    }
    return Article(
        url=url,
        lang=page.lang,
        title=title[:LONGEST_TITLE],
        body=body.text[:LONGEST_BODY],
        published=moment.printed if moment else None,
        published_at=moment.at(page.lang, page.local) if moment else None,
        author=author,
        source=source,
        category=category,
        images=images,
        confidence={field: round(value, 2) for field, value in sure.items() if value},
        extractor=EXTRACTOR,
    )
