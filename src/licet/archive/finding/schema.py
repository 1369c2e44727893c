"""The fields of the index, and how an article becomes a document in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from licet.archive.finding.folding import fold
from licet.archive.finding.terms import indexed_pairs, pairs, terms

if TYPE_CHECKING:
    from licet.archive.finding.terms import Words
    from licet.archive.model import Article

VERSION = "3"
"""Changes when what is in the index changes; an index of another version is filled again."""

KEPT = 8_000
"""Characters of a text that the second stage of ranking sees."""

SPACES = "spaces"
EXACT = ("id", "lang", "category", "source", "site", "tag", "heading")
"""Fields whose value is one term, as it is."""

_END = "|"
_TALLIED = ("category", "source")


class Entry(NamedTuple):
    """What the index holds of one snapshot; ``moment`` is in seconds since 1970, UTC, ``tags`` are ``kind:key``."""

    id: str
    article: Article
    moment: int
    tags: tuple[str, ...] = ()


def schema() -> Any:
    """Return the fields.

    ``chars`` has every term of title and body with its place, ``pairs`` the pairs and stems of both, ``title`` the
    terms and pairs of the title once more, ``text`` both folded, as the second stage of ranking wants them. ``heading``
    is the title as one term and ``words`` its dictionary words, to be completed.
    """
    builder = tantivy.SchemaBuilder()
    for name in EXACT:
        builder.add_text_field(
            name, stored=name == "id", tokenizer_name="raw", index_option="basic", fast=name in _TALLIED
        )
    builder.add_integer_field("moment", indexed=True, fast=True)
    builder.add_integer_field("year", fast=True)
    for name, option in (("chars", "position"), ("title", "position"), ("pairs", "freq"), ("words", "freq")):
        builder.add_text_field(name, tokenizer_name=SPACES, index_option=option)
    builder.add_bytes_field("text", stored=True)
    return builder.build()


def document(entry: Entry, words: Words) -> Any:
    """Return the document of an entry."""
    article = entry.article
    title = fold(article.title)
    text = f"{title}\n{fold(article.body)}" if title else fold(article.body)
    made = tantivy.Document()
    made.add_text("id", entry.id)
    for name, value in exact_values(article):
        made.add_text(name, value)
    for tag in dict.fromkeys(entry.tags):
        made.add_text("tag", tag.lower())
    made.add_integer("moment", entry.moment)
    made.add_integer("year", _year(entry.moment))
    every = terms(text)
    made.add_text("chars", " ".join(every))
    made.add_text("pairs", " ".join(indexed_pairs(every)))
    if title:
        made.add_text("title", " ".join([*terms(title), _END, *pairs(title)]))
        made.add_text("words", " ".join(words.cut(title)))
        made.add_text("heading", title[:80].strip())
    made.add_bytes("text", text[:KEPT].encode("utf-8", "replace"))
    return made


def exact_values(article: Article) -> list[tuple[str, str]]:
    """Return what of an article is looked for as a whole: language, category, source, host and the hosts above it."""
    found = [("lang", article.lang)] if article.lang else []
    found += [(name, value) for name, value in (("category", article.category), ("source", article.source)) if value]
    host = _host(article.url or "").removeprefix("www.")
    while "." in host:
        found.append(("site", host))
        host = host.partition(".")[2]
    return found


def _host(url: str) -> str:
    """Return the host of an address that was taken before: cut out, for speed, not parsed."""
    place = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
    return place.partition(":")[0].lower()[:253]


def _year(moment: int) -> int:
    return datetime.fromtimestamp(moment, UTC).year
