"""``licet archive feed`` and ``opml``: the newest of a category or a search as a feed, and the list of all feeds."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sys
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode, urlsplit

import typer

from licet.archive import Archive
from licet.archive.subscribing import FORMS, Feed, Wanted, feeds, opml
from licet.archive.subscribing.entries import entry_of, newest, tag
from licet.archive.subscribing.wanted import checked
from licet.cli.archive_words import AsJson, line
from licet.cli.options import Language, language_of
from licet.errors import BadValue
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from licet.archive import Snapshot

NOTICE = N_("Text of {source}, from an unmodified capture. It does not state the view of this site.")
Root = Annotated[str, typer.Option(help="Scheme and host of the desk, for the links.")]


def feed(  # noqa: PLR0913 - each is an option
    *,
    category: Annotated[str, typer.Option(help="Only this category.")] = "",
    query: Annotated[str, typer.Option(help="Only what this search finds.")] = "",
    text_language: Annotated[str, typer.Option("--in", metavar="en|zh", help="Only texts in this language.")] = "",
    form: Annotated[str, typer.Option("--format", metavar="atom|rss|json", help="How the feed is written.")] = "atom",
    root: Root = "http://localhost:8000",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = feeds.MOST_ENTRIES,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Print the newest articles of a category or a search as a feed."""
    language = language_of(language)
    chosen = "json" if as_json else form
    for known in FORMS:
        if known == chosen:
            break
    else:
        raise BadValue(f"a feed is not written as {form[:20]!r}", fix=f"write --format {'|'.join(FORMS)}")
    wanted = checked(query, category, "", text_language)
    base = _root(root)
    with Archive.open(home()) as store:
        found = newest(store, [wanted], limit)
    made = _feed(found, wanted, base, known, language)
    sys.stdout.write(feeds.written(made, known).decode())


def _feed(found: list[Snapshot], wanted: Wanted, root: str, form: str, language: str) -> Feed:
    host = urlsplit(root).hostname or ""

    def notice(snapshot: Snapshot) -> str:
        source = snapshot.article.source or gettext(language, N_("others"))
        return gettext(language, NOTICE).replace("{source}", source)

    entries = tuple(entry_of(snapshot, root=root, host=host, notice=notice) for snapshot in found)
    asked = {"q": wanted.query, "category": wanted.category, "in": wanted.lang}
    query = urlencode({name: value for name, value in asked.items() if value})
    tail = f"?{query}" if query else ""
    name = " · ".join(filter(None, (wanted.query, wanted.category))) or gettext(language, N_("All news"))
    return Feed(
        identity=tag(host, "feed", hashlib.sha256(repr(asked).encode()).hexdigest()[:16]),
        address=f"{root}/news/feed.{form}{tail}",
        home=f"{root}/news{tail}",
        title=f"{name} · Licet",
        subtitle=gettext(language, N_("News snapshots: texts by others, kept as they were captured.")),
        publisher="Licet",
        lang="zh-Hans" if language == "zh" else "en",
        updated=max((entry.updated for entry in entries), default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC)),
        entries=entries,
    )


def opml_(
    *,
    root: Root = "http://localhost:8000",
    at: Annotated[str | None, typer.Option(help="The day that the list states (default: today).")] = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Print the feeds of all categories as a list that feed readers take over (OPML 2.0)."""
    language = language_of(language)
    base = _root(root)
    with Archive.open(home()) as store:
        names = ["", *(name for name, _ in store.categories())]
    outlines = [_outline(name, base, language) for name in names]
    if as_json:
        line({"feeds": [{"title": one.title, "feed": one.address, "page": one.home} for one in outlines]})
        return
    sys.stdout.write(opml.written("Licet", outlines, at=_day(at)).decode())


def _outline(category: str, root: str, language: str) -> opml.Outline:
    tail = f"?{urlencode({'category': category})}" if category else ""
    name = category or gettext(language, N_("All news"))
    return opml.Outline(name, f"{root}/news/feed.rss{tail}", f"{root}/news{tail}")


def _day(text: str | None) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(text) if text else dt.datetime.now(dt.UTC).date()
    except ValueError as error:
        raise BadValue(f"{text!r} is not a day", fix="write --at 2025-03-01") from error
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _root(text: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-:\[\]]+/?", text):
        raise BadValue(f"{text[:80]!r} is not scheme and host", fix="write --root https://desk.example")
    return text.rstrip("/")


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``archive``."""
    app.command()(feed)
    app.command(name="opml")(opml_)
