"""A server that means harm: nothing is harmed, and each visit ends in one clear outcome."""

import asyncio
import gzip
import itertools
import resource
import ssl
import threading
import time
from datetime import UTC, datetime

import h2.config
import h2.connection
import h2.events
import pytest

from licet.archive import Archive
from licet.archive.collecting.crawler import Crawler, Options
from licet.archive.collecting.queue import Queue
from tools.hostile_server import PAGE, Hostile, transports

PATIENT, SHORT = 60.0, 1.5
PAGES = {
    "good": "new",
    "endless": "refused size",
    "endless-chunks": "refused size",
    "huge-chunk": "failed headers",
    "bomb-gzip": "refused size",
    "bomb-twice": "refused size",
    "nested": "refused encoding",
    "unasked": "refused encoding",
    "torn-gzip": "refused encoding",
    "short": "failed broken",
    "long": "new",
    "negative": "failed broken",
    "charset": "new",
    "binary": "refused type",
    "head-large": "failed headers",
    "head-many": "failed headers",
    "head-none": "failed broken",
    "reset": "failed broken",
    "closed": "failed broken",
    "loop": "failed redirects",
    "to-loopback": "refused private",
    "to-metadata": "refused private",
    "to-six": "refused private",
    "to-file": "refused scheme",
    "to-name": "refused private",
    "picture": "new",
    "robots-500": "failed robots",
    "robots-endless": "new",
    "robots-loop": "failed robots",
    "robots-inside": "failed robots",
    "robots-stars": "new",
}
SLOW = {
    "head-early": "failed timeout",
    "drip": "failed timeout",
    "drip-head": "failed timeout",
    "silent": "failed timeout",
    "robots-drip": "failed robots",
}
FEEDS = {"feed-nested": "failed unreadable", "feed-laughs": "read"}


@pytest.fixture
def hostile():
    server = Hostile()
    yield server
    server.close()


def crawl(home, made, port, *, tls=None, seconds=PATIENT, **options):
    events = []
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        crawler = Crawler(
            archive,
            queue,
            made,
            now=lambda: datetime.now(UTC),
            options=Options(**options),
            tell=events.append,
            transports=transports(port, tls),
            seconds=seconds,
        )
        asyncio.run(crawler.crawl())
        findings = archive.verify()
        leased = queue.orphans()
    return [event for event in events if event.event == "visited"], findings, leased


def one(sources, name, kind):
    return sources.one(kind, f"http://{name}.example/{name}", name=name, requisites=True, delay=0.0)


def told(visits):
    return {visit.source: f"{visit.outcome} {visit.reason}".strip() for visit in visits}


def test_whoever_takes_for_ever_is_left(hostile, sources, tmp_path):
    made = sources(*(one(sources, name, "page") for name in SLOW))
    begun = time.monotonic()
    visits, findings, leased = crawl(tmp_path / "home", made, hostile.port, seconds=SHORT)
    assert told(visits) == SLOW
    assert (findings, leased) == ([], [])
    assert time.monotonic() - begun < 30


def test_nothing_is_harmed_and_each_visit_ends_in_one_outcome(hostile, sources, tmp_path):
    made = sources(*(one(sources, name, "page") for name in PAGES), *(one(sources, name, "feed") for name in FEEDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    visits, findings, leased = crawl(tmp_path / "home", made, hostile.port, workers=12)
    assert told(visits) == PAGES | FEEDS
    assert len(visits) == len(PAGES) + len(FEEDS)
    assert (findings, leased) == ([], [])
    assert not [path for _, _, path in hostile.asked if path == "/secret"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024
    messages = {visit.source: visit.message for visit in visits}
    assert messages["picture"] == "2 requisites could not be fetched"
    assert messages["bomb-gzip"] == "it unpacks to more than 10 MB"
    assert "127.0.0.1" in messages["to-loopback"]


def test_the_log_of_a_server_never_shows_two_requests_within_the_delay(hostile, sources, tmp_path):
    def feed(connection, path):
        items = "".join(f"<item><link>http://feed.example/{n}</link></item>" for n in range(12))
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode() if path == "/feed" else PAGE
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )

    hostile.feed = feed
    made = sources(sources.one("feed", "http://feed.example/feed", delay=0.15))
    visits, _, _ = crawl(tmp_path / "home", made, hostile.port)
    assert len(visits) == 13
    times = [moment for moment, _, _ in hostile.asked]
    assert len(times) == 14
    # The clock of the process and that of this test are the same; a millisecond is for the way to the log.
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.149


class SecondVersion:
    """A server that speaks HTTP/2 over TLS: what it was asked, on how many connections."""

    def __init__(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["h2"])
        self.context = context
        self.asked = []
        self.connections = 0
        self.large = 0
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()), daemon=True)
        self.thread.start()
        self.ready.wait(10)

    async def run(self):
        self.ended = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0, ssl=self.context)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.ended.wait()
        server.close()

    def close(self):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(1)

    async def talk(self, reader, writer):
        self.connections += 1
        link = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        link.initiate_connection()
        writer.write(link.data_to_send())
        try:
            while data := await reader.read(65536):
                for event in link.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        writer.write(link.data_to_send() + frames(event.stream_id, self.large) if self.large else b"")
                        self.answer(link, event)
                writer.write(link.data_to_send())
                await writer.drain()
        except (OSError, h2.exceptions.ProtocolError):
            pass
        finally:
            writer.close()

    def answer(self, link, event):
        headers = dict(event.headers)
        self.asked.append((headers[b":authority"], headers[b":path"]))
        found = headers[b":path"] != b"/robots.txt"
        link.send_headers(
            event.stream_id,
            [(b":status", b"200" if found else b"404"), (b"content-type", b"text/html")],
        )
        link.send_data(event.stream_id, PAGE if found else b"", end_stream=True)


def frames(stream, size):
    """Return a response whose one header has ``size`` bytes: a HEADERS frame, and CONTINUATION frames (RFC 9113, 6.10).

    Written by hand: the library would not make it.
    """
    more = size - 127
    length = b"\x7f"
    while more >= 128:
        length += bytes([more % 128 + 128])
        more //= 128
    block = b"\x88\x00\x07x-large" + length + bytes([more]) + b"y" * size
    pieces = [block[start : start + 16384] for start in range(0, len(block), 16384)]
    written = b""
    for number, piece in enumerate(pieces):
        flags = 4 if number == len(pieces) - 1 else 0
        written += (
            len(piece).to_bytes(3, "big") + bytes([9 if number else 1, flags]) + stream.to_bytes(4, "big") + piece
        )
    return written


@pytest.fixture
def second(certificate):
    server = SecondVersion(certificate)
    yield server
    server.close()


@pytest.fixture
def trusting(certificate):
    return ssl.create_default_context(cafile=certificate)


def test_http_2_to_the_checked_address_under_the_verified_name(second, trusting, sources, tmp_path):
    made = sources(sources.one("page", "https://h2.example/1", delay=0.0))
    visits, findings, _ = crawl(tmp_path / "home", made, second.port, tls=trusting)
    assert [(visit.outcome, visit.reason) for visit in visits] == [("new", "")]
    assert second.asked == [(b"h2.example", b"/robots.txt"), (b"h2.example", b"/1")]
    assert second.connections == 1
    assert findings == []
    (path,) = (tmp_path / "home" / "archive" / "warc").glob("*.warc.gz")
    text = gzip.decompress(path.read_bytes())
    assert b"WARC-Protocol: h2\r\n" in text
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in text


def test_a_certificate_of_another_name_is_refused(second, trusting, sources, tmp_path):
    made = sources(sources.one("page", "https://other.example/1", delay=0.0))
    visits, _, _ = crawl(tmp_path / "home", made, second.port, tls=trusting)
    assert [(visit.outcome, visit.reason) for visit in visits] == [("failed", "tls")]
    assert second.asked == []


@pytest.mark.parametrize("size", [100_000, 10_000_000])
def test_a_large_header_over_http_2_does_no_harm(second, trusting, sources, tmp_path, size):
    second.large = size
    made = sources(sources.one("page", "https://h2.example/1", delay=0.0))
    visits, _, _ = crawl(tmp_path / "home", made, second.port, tls=trusting)
    assert [(visit.outcome, visit.reason) for visit in visits] == [("failed", "robots")]
    assert "took longer" not in visits[0].message
