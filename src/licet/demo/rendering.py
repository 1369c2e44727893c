"""The pages of the demo newsroom as bytes: layouts, pictures, feed, sitemap and robots file."""

from __future__ import annotations

import json
import struct
import zlib
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import jinja2

from licet.demo.resources import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from licet.demo.stories import Page

NOTICE = {
    "zh": "本站为演示软件而设，媒体和事件均为虚构；关于法规和芯片的陈述属实。",
    "en": "This site was made to demonstrate software. Its outlets and events are invented; "
    "what it says about the law and about chips is not.",
}
BAY_NOTICE = "本站為演示軟件而設，媒體和事件均為虛構；關於法規和晶片的陳述屬實。"
ROBOTS = "User-agent: *\nDisallow: /drafts/\n\nSitemap: {address}/sitemap.xml\nSitemap: {address}/news-sitemap.xml\n"


def _png(rows: Sequence[bytes], width: int) -> bytes:
    """Return a PNG of rows of RGB bytes (ISO/IEC 15948: signature, IHDR, IDAT, IEND)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _drawing(color: Callable[[int, int], tuple[int, int, int]], width: int = 320, height: int = 180) -> bytes:
    return _png([bytes(part for x in range(width) for part in color(x, y)) for y in range(height)], width)


def _rack(x: int, y: int) -> tuple[int, int, int]:
    shelf = y % 30 < 24 and 40 < x < 280
    lamp = shelf and 8 <= y % 30 < 16 and 60 < x < 120 and x % 16 < 8
    return (90, 220, 160) if lamp else (52, 60, 74) if shelf else (226, 230, 236)


def _chip(x: int, y: int) -> tuple[int, int, int]:
    die, package = 120 < x < 200 and 50 < y < 130, 90 < x < 230 and 20 < y < 160
    return (196, 160, 84) if die else (46, 92, 70) if package else (236, 236, 230)


def _sky(x: int, y: int) -> tuple[int, int, int]:
    sun = (x - 250) ** 2 + (y - 45) ** 2 < 24**2
    return (250, 208, 90) if sun else (120 + y // 2, 180 + y // 4, 235)


def pictures() -> dict[str, Resource]:
    """Return the site's pictures by path: three PNG and one SVG, all drawn here."""
    columns = zip(("Tier 1", "Tier 2", "Tier 3"), ("#2f7d5b", "#c08a2b", "#a33c3c"), (10, 115, 220), strict=True)
    bars = "".join(
        f'<rect x="{left}" y="20" width="90" height="120" fill="{fill}"/><text x="{left + 45}" y="165" '
        f'text-anchor="middle" font-family="sans-serif" font-size="16">{name}</text>'
        for name, fill, left in columns
    )
    tiers = f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180" viewBox="0 0 320 180">{bars}</svg>\n'
    drawn = {"rack": _rack, "chip": _chip, "sky": _sky}
    return {
        "/media/tiers.svg": Resource(tiers.encode(), "image/svg+xml"),
        **{f"/media/{name}.png": Resource(_drawing(color), "image/png") for name, color in drawn.items()},
    }


def _templates() -> jinja2.Environment:
    loader = jinja2.PackageLoader("licet.demo", "layouts")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def _linked_data(page: Page, address: str) -> dict[str, Any]:
    """Return the article in the terms of schema.org ``NewsArticle``."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "articleSection": page.category,
        "inLanguage": page.outlet.locale,
        "datePublished": page.published.isoformat(),
        "author": [{"@type": "Organization", "name": name} for name in page.author],
        "publisher": {"@type": "Organization", "name": page.outlet.name},
        "image": [address + page.picture],
        "mainEntityOfPage": address + page.path,
        **({"dateModified": page.updated.isoformat()} if page.updated else {}),
    }


def _article(templates: jinja2.Environment, page: Page, every: Sequence[Page], address: str) -> Resource:
    here = every.index(page)
    text = templates.get_template(page.outlet.layout).render(
        page=page,
        address=address,
        others=[*every[here + 1 :], *every[:here]][:4],
        notice=BAY_NOTICE if page.outlet.locale == "zh-Hant" else NOTICE[page.language],
        linked_data=_linked_data(page, address),
    )
    kind = f"text/html; charset={page.outlet.header}" if page.outlet.header else "text/html"
    return Resource(text.encode(page.encoding), kind, format_datetime(page.changed.astimezone(UTC), usegmt=True))


def _json_feed(every: Sequence[Page], address: str) -> bytes:
    """Return the site as a JSON Feed, version 1.1."""
    items = [
        {
            "id": address + page.path,
            "url": address + page.path,
            "title": page.title,
            "content_text": page.body[0],
            "date_published": page.published.isoformat(),
            "date_modified": page.changed.isoformat(),
            "authors": [{"name": page.outlet.name}],
            "tags": [page.category],
            "language": page.outlet.locale,
        }
        for page in reversed(every)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Demo newsroom",
        "home_page_url": f"{address}/",
        "feed_url": f"{address}/feed.json",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def site_resources(every: Sequence[Page], address: str) -> dict[str, Resource]:
    """Return everything that the site serves, by path; ``address`` is the site's own, without a final slash."""
    templates = _templates()
    outlets = {page.outlet.name: [each for each in every if each.outlet == page.outlet] for page in every}
    lists = {
        "/": ("front.html", "text/html; charset=utf-8"),
        "/latest.html": ("latest.html", "text/html; charset=utf-8"),
        "/atom.xml": ("atom.xml", "application/atom+xml; charset=utf-8"),
        "/news-sitemap.xml": ("news-sitemap.xml", "application/xml; charset=utf-8"),
        "/feed.xml": ("feed.xml", "application/rss+xml; charset=utf-8"),
        "/sitemap.xml": ("sitemap.xml", "application/xml; charset=utf-8"),
    }
    rendered = {
        path: Resource(
            templates.get_template(name)
            .render(pages=every, outlets=outlets, address=address, notice=NOTICE, mail_date=format_datetime)
            .encode(),
            kind,
        )
        for path, (name, kind) in lists.items()
    }
    articles = {page.path: _article(templates, page, every, address) for page in every}
    robots = Resource(ROBOTS.format(address=address).encode(), "text/plain; charset=utf-8")
    feed = Resource(_json_feed(every, address), "application/feed+json")
    return {**rendered, **articles, **pictures(), "/robots.txt": robots, "/feed.json": feed}
