"""Fetching over HTTP/2 or HTTP/1.1: robots.txt obeyed, an honest name, limits on everything, politeness per host.

Each fetch ends in a :class:`Fetched` or in one :class:`FetchRefused` or :class:`FetchFailed` with a ``reason``.
"""

from __future__ import annotations

import asyncio
import ssl
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from licet.archive import addresses
from licet.archive.capture import Exchange, check_page
from licet.archive.collecting import robots as robots_txt
from licet.archive.collecting.agent import user_agent
from licet.archive.collecting.links import host_of
from licet.archive.collecting.politeness import Pace, Remembered, Turns
from licet.archive.collecting.robots import Robots, RobotsInMemory, Rules
from licet.archive.collecting.schedule import RETRY_AFTER_LIMIT
from licet.archive.collecting.transport import CheckedTransport, resolve
from licet.archive.unpacking import ACCEPTED, unpacked
from licet.errors import BadFile, FetchFailed, FetchRefused, LicetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from licet.archive.collecting.robots import RobotsStore

REDIRECTS = 5
SECONDS = 60.0
"""The most time for one answer, from the first byte asked to the last received; each redirect has its own."""
PARSED = 500
"""For how many hosts the parsed robots.txt is kept in memory."""
HEADERS = 200
"""The most header fields of an answer; how many bytes they may have, the HTTP libraries limit (64 to 100 KB)."""
PAGE_LIMIT = 10 * 1024 * 1024

_CONNECT, _READ = 10.0, 20.0
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_WAIT = frozenset({429, 503})
_NOT_THERE = frozenset({"dns", "connect", "tls", "held"})
_UNREACHED = frozenset({"dns", "connect", "tls", "timeout"})
_ANY_TYPE = ("",)
_MARKUP = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


class Wanted(NamedTuple):
    """What is asked for: the ``Accept`` header, the content types that are taken (by their beginning), the most bytes.

    ``limit`` holds for the body as received and again for what it unpacks to.
    """

    accept: str
    types: tuple[str, ...]
    limit: int


PAGE = Wanted("text/html,application/xhtml+xml;q=0.9,*/*;q=0.5", _MARKUP, PAGE_LIMIT)
FEED = Wanted(
    "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5",
    _ANY_TYPE,
    PAGE_LIMIT,
)
SITEMAP = Wanted("application/xml,text/xml;q=0.9,*/*;q=0.5", _ANY_TYPE, 50 * 1024 * 1024)
REQUISITE = Wanted(
    "image/*,text/css,*/*;q=0.3",
    ("image/", "text/css", "font/", "application/font", "application/octet-stream", "binary/octet-stream"),
    5 * 1024 * 1024,
)
_ROBOTS = Wanted("text/plain,*/*;q=0.5", _ANY_TYPE, robots_txt.LIMIT)


class Validators(NamedTuple):
    """What an earlier answer said of itself, to ask whether it still holds (RFC 9110, section 13.1)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


class Answer(msgspec.Struct, frozen=True):
    """One request and its answer. ``body`` is after transfer decoding and before content decoding."""

    url: str
    status: int
    exchange: Exchange
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of that name (small letters), empty if there is none."""
        return next((value for key, value in self.exchange.response_headers if key.lower() == name), "")


class Fetched(msgspec.Struct, frozen=True):
    """An answer of status 200 or 304, the redirects on the way to it, and the body with content encodings taken off."""

    answer: Answer
    hops: tuple[Answer, ...]
    plain: bytes

    @property
    def url(self) -> str:
        """The address that answered."""
        return self.answer.url

    @property
    def not_modified(self) -> bool:
        """Whether the server says that nothing has changed (status 304)."""
        return self.answer.status == 304

    @property
    def validators(self) -> Validators:
        """What to ask with the next time."""
        return Validators(self.answer.header("etag")[:500] or None, self.answer.header("last-modified")[:100] or None)


class AsyncFetcher:
    """Fetches within one event loop. ``turns`` keeps the pace, ``store`` the robots.txt files.

    ``now`` gives seconds since 1970. ``transports`` makes the transport for public or for private addresses.
    """

    def __init__(  # noqa: PLR0913 - each can be replaced, by name
        self,
        *,
        now: Callable[[], float],
        contact: str | None = None,
        turns: Turns | None = None,
        store: RobotsStore | None = None,
        transports: Callable[[bool], httpx.AsyncBaseTransport] | None = None,
        seconds: float = SECONDS,
        watch: Callable[[str, str], None] | None = None,
    ) -> None:
        self._now = now
        self._turns = turns or Turns(Remembered(), now)
        self._store = store or RobotsInMemory()
        self._transports = transports or (lambda private: CheckedTransport(allow_private=private, resolver=resolve))
        self._seconds = seconds
        self._watch = watch
        self._agent = user_agent(contact)
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._rules: dict[tuple[str, bool], tuple[Robots, Rules]] = {}
        self._reading: dict[tuple[str, bool], asyncio.Lock] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()

    async def get(
        self,
        url: str,
        wanted: Wanted = PAGE,
        *,
        pace: Pace | None = None,
        allow_private: bool = False,
        validators: Validators | None = None,
    ) -> Fetched:
        """Fetch ``url``: robots.txt is asked for each address on the way, redirects are followed to a limit."""
        pace = pace or Pace()
        current = addresses.checked(url)
        hops: list[Answer] = []
        for _ in range(REDIRECTS + 1):
            rules = await self._rules_of(current, pace, allow_private=allow_private)
            rules.ask(current)
            asking = validators.headers() if validators else {}
            answer = await self._turn(current, wanted, pace.slowed(rules.crawl_delay), asking, private=allow_private)
            onward = _location(answer)
            if onward is None:
                return _checked(answer, tuple(hops), wanted, asked=bool(asking))
            hops.append(answer)
            current = _joined(current, onward)
        raise FetchFailed(
            f"{url} redirects more than {REDIRECTS} times", reason="redirects", fix="give the final address"
        )

    async def _rules_of(self, url: str, pace: Pace, *, allow_private: bool) -> Rules:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        key = (origin, allow_private)
        async with self._reading.setdefault(key, asyncio.Lock()):
            known = self._store.robots(origin)
            if known is None or known.stale(self._now()):
                known = await self._read_robots(origin, pace, private=allow_private)
                self._store.keep_robots(origin, known)
            if key not in self._rules or self._rules[key][0] != known:
                self._remember(key, known, Rules(known, parts.hostname or ""))
            return self._rules[key][1]

    def _remember(self, key: tuple[str, bool], known: Robots, rules: Rules) -> None:
        """Keep parsed rules of the hosts that were asked last; the text of the others is in the store."""
        if len(self._rules) >= PARSED:
            del self._rules[next(iter(self._rules))]
        self._rules[key] = (known, rules)

    async def _read_robots(self, origin: str, pace: Pace, *, private: bool) -> Robots:
        current = f"{origin}/robots.txt"
        try:
            for _ in range(REDIRECTS + 1):
                answer = await self._turn(current, _ROBOTS, pace, {}, private=private, cut=True)
                onward = _location(answer)
                if onward is None:
                    break
                current = _joined(current, onward)
            encoding = answer.header("content-encoding") if len(answer.body) < robots_txt.LIMIT else ""
            body = unpacked(answer.body, encoding, limit=robots_txt.LIMIT) if answer.status < 300 else b""
        except FetchFailed as error:
            if error.reason in _NOT_THERE:
                raise
            return Robots(self._now(), None, error.message)
        except FetchRefused as error:
            if error.reason == "private" and current.startswith(origin):
                raise
            return Robots(self._now(), None, error.message)
        return robots_txt.from_answer(answer.status, body, at=self._now())

    async def _turn(  # noqa: PLR0913 - each is named
        self, url: str, wanted: Wanted, pace: Pace, asking: dict[str, str], *, private: bool, cut: bool = False
    ) -> Answer:
        host = host_of(url)
        async with self._turns.turn(host, pace):
            try:
                answer = await self._send(url, wanted, asking, private=private, cut=cut)
            except FetchFailed as error:
                if error.reason in _UNREACHED:
                    self._turns.failed(host)
                raise
        self._turns.worked(host)
        if answer.status in _WAIT:
            self._turns.hold_back(host, min(_retry_after(answer), RETRY_AFTER_LIMIT))
        return answer

    async def _send(self, url: str, wanted: Wanted, asking: dict[str, str], *, private: bool, cut: bool) -> Answer:
        request = self._client(private).build_request("GET", url, headers=self._headers(wanted, asking))
        host = host_of(url)
        if self._watch:
            self._watch("asking", url)
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._client(private).send(request, stream=True)
                try:
                    if len(response.headers.raw) > HEADERS:
                        raise FetchFailed(f"{host} sent more than {HEADERS} headers", reason="headers", fix=_LATER)
                    body = await _body(response, url, wanted.limit, cut=cut)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            told = f"{url} took longer than {self._seconds:.0f} s"
            raise FetchFailed(told, reason="timeout", fix=_LATER) from error
        except httpx.TimeoutException as error:
            raise FetchFailed(f"{host} did not answer in time", reason="timeout", fix=_LATER) from error
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            told = f"{url} could not be fetched: {str(error)[:200] or type(error).__name__}"
            raise FetchFailed(told, reason=_kind(error), fix="check the address and try again") from error
        return Answer(url, response.status_code, _exchange(request, response), body)

    def _client(self, private: bool) -> httpx.AsyncClient:  # noqa: FBT001 - a key of two values
        if private not in self._clients:
            self._clients[private] = httpx.AsyncClient(
                transport=self._transports(private),
                timeout=httpx.Timeout(_READ, connect=_CONNECT),
                follow_redirects=False,
                trust_env=False,
            )
        client = self._clients[private]
        client.cookies.clear()  # no visit is told of an earlier one
        return client

    def _headers(self, wanted: Wanted, asking: dict[str, str]) -> dict[str, str]:
        return {
            "User-Agent": self._agent,
            "Accept": wanted.accept,
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
            "Accept-Encoding": ACCEPTED,
            **asking,
        }


_LATER = "try again later"


async def _body(response: httpx.Response, url: str, limit: int, *, cut: bool) -> bytes:
    """Read the body as sent (transfer encoding taken off by HTTP itself); stop at the limit."""
    pieces, size = [], 0
    async for piece in response.aiter_raw():
        size += len(piece)
        pieces.append(piece)
        if size > limit:
            if cut:
                break
            told = f"{url} is larger than {limit // (1024 * 1024)} MB"
            raise FetchRefused(told, reason="size", fix="give the address of something smaller")
    return b"".join(pieces)[:limit]


def _exchange(request: httpx.Request, response: httpx.Response) -> Exchange:
    """Return the exchange as a WARC keeps it: the message in the words of HTTP/1.1, whatever carried it."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in response.headers.raw
        if name.lower() != b"transfer-encoding"  # the body is stored without its chunks
    ]
    return Exchange(
        address=str(peer[0]) if peer else "",
        protocol="h2" if response.extensions.get("http_version") == b"HTTP/2" else "",
        request_line=f"GET {request.url.raw_path.decode('ascii')} HTTP/1.1",
        request_headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
        status_line=f"HTTP/1.1 {response.status_code} {response.reason_phrase}".rstrip(),
        response_headers=headers,
    )


def _location(answer: Answer) -> str | None:
    return answer.header("location") or None if answer.status in _REDIRECT else None


def _joined(base: str, reference: str) -> str:
    try:
        return addresses.checked(urljoin(base, reference))
    except ValueError as error:
        raise FetchFailed(f"{base} redirects to no address", reason="redirects", fix=_LATER) from error
    except LicetError as error:
        raise FetchRefused(
            f"{base} redirects to where we do not go: {error.message}", reason="scheme", fix="give the final address"
        ) from error


def _checked(answer: Answer, hops: tuple[Answer, ...], wanted: Wanted, *, asked: bool) -> Fetched:
    """Return what may be kept; anything else is refused or has failed, once and in plain words."""
    if answer.status == 304 and asked:
        return Fetched(answer, hops, b"")
    if answer.status != 200:
        gone = answer.status in (404, 410)
        raise FetchFailed(
            f"{answer.url} answered with status {answer.status}",
            reason="gone" if gone else "status",
            fix="check the address in a browser",
            retry_after=_retry_after(answer) if answer.status in _WAIT else None,
        )
    content_type = answer.header("content-type").lower()
    if content_type and not content_type.startswith(wanted.types):
        told = f"{answer.url} is {content_type.split(';')[0][:60]}, which was not asked for"
        raise FetchRefused(told, reason="type", fix="give the address of a page")
    plain = unpacked(answer.body, answer.header("content-encoding"), limit=wanted.limit)
    if not plain.strip():
        raise FetchFailed(f"{answer.url} is empty", reason="empty", fix="check the address in a browser")
    if wanted is PAGE:
        try:
            check_page(answer.url, plain)
        except BadFile as error:
            raise FetchRefused(error.message, reason="type", fix="give the address of a page") from error
    return Fetched(answer, hops, plain)


def _retry_after(answer: Answer) -> float:
    """Return the seconds of a Retry-After header (RFC 9110, section 10.2.3); a date in it counts from ``Date``."""
    written = answer.header("retry-after").strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    until, sent = _http_date(written), _http_date(answer.header("date"))
    return max(0.0, until - sent) if until and sent else 60.0


def _http_date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text[:60]).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _kind(error: Exception) -> str:
    """Return the reason of a failed exchange: ``tls``, ``connect``, ``redirects``, ``headers`` or ``broken``."""
    text = str(error).lower()
    if "certificate" in text or "ssl" in text or "tls" in text:
        return "tls"
    if isinstance(error, httpx.ConnectError):
        return "connect"
    if "location header" in text:
        return "redirects"
    if "header" in text or "buffer too long" in text:
        return "headers"
    return "broken"
