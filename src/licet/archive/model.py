"""What the archive holds: captures, the articles read from them, and what a search finds."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import Literal

import msgspec

from licet.archive.finding.language import Note  # noqa: TC001 - msgspec reads the annotations

TagKind = Literal["place", "chip", "act", "eccn"]
Display = Literal["full", "excerpt", "link"]
State = Literal["public", "hidden", "erased"]
Outcome = Literal["new", "version", "same text", "same bytes"]
VisitKind = Literal["capture", "same bytes", "not modified"]


class Image(msgspec.Struct, frozen=True):
    """A picture of the article: its address, and its caption or alternative text."""

    url: str
    alt: str = ""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says, read from its bytes.

    ``body`` has a paragraph a line, without the signature, notices and lists around it. ``published`` is the time as
    printed, ``YYYY-MM-DD[ HH:MM[:SS]]``; ``published_at`` the same moment in RFC 3339 with its zone, ``None`` where
    only the day is known. ``source`` is the publisher that the page names (来源). ``confidence`` gives a figure from 0
    to 1 for each field that was found. ``extractor`` is the version of the rules that read it.
    """

    url: str | None = None
    lang: str = ""
    title: str = ""
    body: str = ""
    published: str | None = None
    published_at: str | None = None
    author: tuple[str, ...] = ()
    source: str | None = None
    category: str | None = None
    images: tuple[Image, ...] = ()
    confidence: dict[str, float] = {}
    extractor: str = ""

    def headline(self) -> str:
        """Return the title, or the first sentence where there is none."""
        if self.title:
            return self.title
        first = self.body.split("\n", 1)[0]
        for end, character in enumerate(first):
            if character in "。！？!?" and end > 1:
                return first[: end + 1]
        return first[:80]


class Tag(msgspec.Struct, frozen=True):
    """A mention in an article: what is named (``kind``, ``key``), and where.

    ``start`` and ``end`` are character offsets into the article's ``field``.
    """

    kind: TagKind
    key: str
    field: Literal["title", "body"]
    start: int
    end: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A text of an item, in the capture that it was first seen in, and the article read from it.

    ``item`` is the article by its address; its snapshots are its versions, ``version`` counts from 1 in the order of
    capture. ``display`` is how much of it a page may show, ``zone`` the source's time zone (IANA), for times
    that name none, ``state`` whether it may be shown at all.

    Three things are kept apart: who published the text (``article.source``), by way of whom it came (``via``, an
    aggregator), and where the bytes were taken from (``captured_from``, an address or a file's name). ``url`` is the
    original address, ``None`` if unknown. ``digest`` is ``sha256:hex`` over the payload, exactly as captured.
    """

    id: str
    url: str | None
    captured_at: datetime
    captured_from: str
    via: str | None
    digest: str
    content_type: str
    article: Article
    tags: tuple[Tag, ...] = ()
    extracted_with: str = ""
    item: str = ""
    version: int = 1
    display: Display = "full"
    zone: str | None = None
    state: State = "public"

    @property
    def title(self) -> str:
        """The title, or the first sentence of an item without one."""
        return self.article.headline()

    @property
    def time(self) -> str:
        """When it was published, as printed; for a page that does not say, when it was captured (UTC)."""
        return self.article.published or self.captured_at.strftime("%Y-%m-%d %H:%M:%S")


class Taken(msgspec.Struct, frozen=True):
    """What became of a capture.

    ``new``: the first of its item; ``version``: the item was there with another text; ``same text``: other bytes, but
    title, time and body of the ``snapshot`` that is there; ``same bytes``: only the visit was noted.
    """

    snapshot: Snapshot
    outcome: Outcome


class Memento(msgspec.Struct, frozen=True, kw_only=True):
    """A visit to an address (RFC 7089): when, and the number of the capture that has the bytes.

    ``snapshot`` is the id of the snapshot with its text, None for what is no page; ``status`` the HTTP status of the
    visit itself, None for a file; ``digest`` is ``sha256:hex`` of the payload; ``url`` the address as it was asked for.
    """

    at: datetime
    capture: int
    snapshot: str | None
    status: int | None
    digest: str
    content_type: str
    kind: Literal["page", "requisite"]
    visit: VisitKind
    url: str | None


class Response(msgspec.Struct, frozen=True):
    """A captured response: the body after transfer decoding and before content decoding, as it was received.

    For a file the status line is empty and the only header its content type.
    """

    status_line: str
    headers: list[tuple[str, str]]
    body: bytes


class Reading(msgspec.Struct, frozen=True):
    """What a snapshot says by the rules of ``extractor``; ``article`` is None where only its digest is still known."""

    extractor: str
    text: str
    article: Article | None


class Hit(msgspec.Struct, frozen=True):
    """A snapshot that was found; ``excerpt_parts`` is text in pieces, each with whether it is a term looked for."""

    snapshot: Snapshot
    excerpt_parts: list[tuple[str, bool]]
    score: float = 0.0


class SearchResult(msgspec.Struct, frozen=True):
    """``total`` counts every snapshot that fits, ``hits`` holds the asked for page of them, best first.

    ``notes`` say how the query was read where that is not plain; ``facets`` count what fits by category, source and
    year, where asked for; ``meant`` is a query that would find something, where this one found nothing.
    """

    total: int
    hits: list[Hit]
    notes: tuple[Note, ...] = ()
    facets: dict[str, list[tuple[str, int]]] = {}
    meant: str | None = None


class Finding(msgspec.Struct, frozen=True):
    """A stored record that does not hold: ``where`` names it, ``message`` says what is wrong."""

    where: str
    message: str
