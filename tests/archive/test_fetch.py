import asyncio
import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from warcio.archiveiterator import ArchiveIterator

from licet.archive import addresses, capture
from licet.archive.collecting.transport import CheckedTransport
from licet.archive.fetch import USER_AGENT, Fetcher
from licet.errors import FetchFailed, FetchRefused, LicetError


class Site:
    """A web site on this machine: path -> (status, headers, body); it remembers what it was asked."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        self.callers = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.path, dict(self.headers)))
                site.callers.append(self.client_address)
                status, headers, body = site.pages.get(self.path, (404, {}, b"nothing"))
                self.send_response(status)
                chunked = headers.get("Transfer-Encoding") == "chunked"
                for name, value in headers.items():
                    self.send_header(name, value)
                if not chunked and "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if chunked:
                    for start in range(0, len(body), 7):
                        piece = body[start : start + 7]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    self.wfile.write(b"0\r\n\r\n")
                else:
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture
def fetcher():
    with Fetcher(allow_private=True) as opened:
        yield opened


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_page_is_kept_byte_for_byte_with_its_request(site, archive, pages, at, tmp_path):
    body = pages.model()
    site.pages["/n/1?x=1"] = (200, {**HTML, "Transfer-Encoding": "chunked", "X-Twice": "a"}, body)
    snapshot = archive.add_address(f"{site.address}/n/1?x=1", at=at, allow_private=True)
    assert snapshot.digest == "sha256:" + hashlib.sha256(body).hexdigest()
    assert archive.raw(snapshot.id) == ("text/html; charset=utf-8", body)
    (path,) = (tmp_path / "home" / "archive" / "warc").glob("*.warc.gz")
    with path.open("rb") as stream:
        found = {
            record.rec_type: (record.rec_headers, record.http_headers, record.raw_stream.read())
            for record in ArchiveIterator(stream, check_digests="raise")
        }
    headers, http, payload = found["response"]
    assert payload == body
    assert headers["WARC-Target-URI"] == f"{site.address}/n/1?x=1"
    assert headers["WARC-IP-Address"] == "127.0.0.1"
    assert http.get_statuscode() == "200"
    assert http.get_header("X-Twice") == "a"
    assert http.get_header("Transfer-Encoding") is None
    request, asked, _ = found["request"]
    assert request["WARC-Concurrent-To"] == headers["WARC-Record-ID"]
    assert asked.get_header("User-Agent") == USER_AGENT
    assert asked.get_header("Host") == site.address.removeprefix("http://")


def test_a_packed_answer_is_stored_packed_and_read_unpacked(site, archive, pages, at):
    packed = gzip.compress(pages.model(), mtime=0)
    site.pages["/"] = (200, {**HTML, "Content-Encoding": "gzip"}, packed)
    snapshot = archive.add_address(f"{site.address}/", at=at, allow_private=True)
    assert snapshot.digest == "sha256:" + hashlib.sha256(packed).hexdigest()
    assert archive.raw(snapshot.id)[1] == pages.model()
    assert snapshot.title == pages.title
    assert archive.process() == 1
    assert archive.verify() == []


def test_robots_txt_is_obeyed_and_asked_once(site, fetcher, pages):
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /closed/\n")
    site.pages["/open"] = (200, HTML, pages.model())
    fetcher.page(f"{site.address}/open")
    with pytest.raises(FetchRefused, match=r"robots\.txt"):
        fetcher.page(f"{site.address}/closed/1")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/open"]


def test_a_robots_txt_that_cannot_be_read_allows_nothing(site, fetcher, pages):
    site.pages["/robots.txt"] = (503, {}, b"")
    site.pages["/open"] = (200, HTML, pages.model())
    with pytest.raises(FetchFailed, match="cannot be read"):
        fetcher.page(f"{site.address}/open")


def test_private_addresses_are_refused_by_default(site):
    with Fetcher() as fetcher, pytest.raises(FetchRefused, match="private") as raised:
        fetcher.page(f"{site.address}/")
    assert "--allow-private" in raised.value.fix
    assert site.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",  # noqa: S104 - it is asked for, not listened on
        "[fd00::1]",
        "100.64.0.1",
        "2130706433",
        "[2002:7f00:1::]",
        "224.0.0.1",
        "[64:ff9b::7f00:1]",
    ],
)
def test_every_spelling_of_a_private_address_is_refused(host):
    with Fetcher() as fetcher, pytest.raises(LicetError):
        fetcher.page(f"http://{host}:9/")


def test_one_private_address_among_public_ones_is_enough():
    found = ["93.184.216.34", "10.0.0.7"]
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.7"):
        addresses.permitted("news.example", found, allow_private=False)
    assert addresses.permitted("news.example", found, allow_private=True) == found


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254",
        "100.100.100.200",
        "224.0.0.1",
        "ff02::1",
    ],
)
def test_metadata_services_are_never_asked(address):
    with pytest.raises(FetchRefused, match="never asked"):
        addresses.permitted("news.example", [address], allow_private=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "fd00::1", "192.168.1.1"])
def test_ones_own_network_is_asked_where_it_is_allowed(address):
    assert addresses.permitted("news.example", [address], allow_private=True) == [address]
    with pytest.raises(FetchRefused, match="private"):
        addresses.permitted("news.example", [address], allow_private=False)


def test_a_host_that_was_not_reached_is_not_waited_for():
    with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(FetchFailed, match="could not be fetched"):
            fetcher.page("http://127.0.0.1:9/1")
        with pytest.raises(FetchFailed, match="not asked for another"):
            fetcher.page("http://127.0.0.1:9/2")


def through(resolver):
    """Return what makes transports that know names by ``resolver``."""
    return lambda private: CheckedTransport(allow_private=private, resolver=resolver)


async def here(host, port):
    return ["127.0.0.1"]


def test_a_redirect_is_checked_like_the_first_address(site, monkeypatch):
    site.pages["/a"] = (302, {"Location": "http://10.0.0.1/secret"}, b"")
    allowed = addresses.public
    monkeypatch.setattr(addresses, "public", lambda ip: ip == "127.0.0.1" or allowed(ip))
    with Fetcher() as fetcher, pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        fetcher.page(f"{site.address}/a")


def test_two_hosts_at_one_address_never_share_a_connection(site, pages):
    site.pages["/"] = (200, HTML, pages.model())
    port = site.address.rsplit(":", 1)[1]
    with Fetcher(allow_private=True, transports=through(here)) as fetcher:
        for host in ("one.example", "two.example"):
            assert fetcher.page(f"http://{host}:{port}/").url == f"http://{host}:{port}/"
    assert [headers["Host"].split(":")[0] for _, headers in site.asked] == ["one.example"] * 2 + ["two.example"] * 2
    assert site.callers[0] == site.callers[1] != site.callers[2] == site.callers[3]


def test_a_name_that_changes_its_address_after_the_check_is_checked_again(site, pages):
    """DNS rebinding: public at first, this machine the next time."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    async def rebinding(host, port):
        return next(answers)

    site.pages["/"] = (200, HTML, pages.model())
    port = site.address.rsplit(":", 1)[1]
    transport = CheckedTransport(resolver=rebinding)
    assert asyncio.run(_connected(transport, "news.example", int(port))) == "93.184.216.34"
    with pytest.raises(FetchRefused, match=r"127\.0\.0\.1"):
        asyncio.run(_connected(transport, "news.example", int(port)))
    assert site.asked == []


async def _connected(transport, host, port):
    """Return which address the transport would connect to: the connection itself is not made."""
    backend = transport._pool._network_backend
    seen = []

    class Below:
        async def connect_tcp(self, address, *_):
            seen.append(address)

    backend._below = Below()
    await backend.connect_tcp(host, port)
    return seen[0]


def test_redirects_are_followed_to_a_limit(site, fetcher, pages):
    for number in range(8):
        site.pages[f"/{number}"] = (301, {"Location": f"/{number + 1}"}, b"")
    site.pages["/5"] = (200, HTML, pages.model())
    assert fetcher.page(f"{site.address}/0").url == f"{site.address}/5"
    site.pages["/5"] = (301, {"Location": "/6"}, b"")
    with pytest.raises(FetchFailed, match="redirects more than 5 times"):
        fetcher.page(f"{site.address}/0")


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        ((404, HTML, b"no"), FetchFailed, "status 404"),
        ((500, HTML, b"no"), FetchFailed, "status 500"),
        ((200, {"Content-Type": "image/png"}, b"\x89PNG"), FetchRefused, "image/png"),
        ((200, HTML, b"%PDF-1.7 and so on"), FetchRefused, "binary file"),
        ((200, HTML, b""), FetchFailed, "is empty"),
        ((200, {**HTML, "Content-Encoding": "br"}, b"abc"), FetchRefused, "br"),
        ((200, {**HTML, "Content-Encoding": "gzip"}, b"abc"), FetchRefused, "broken"),
        ((200, {**HTML, "Content-Length": "100"}, b"short"), FetchFailed, "could not be fetched"),
        ((302, {"Location": "ftp://elsewhere/"}, b""), FetchRefused, "ftp"),
        ((302, {"Location": "http://[::1"}, b""), FetchFailed, "Invalid"),
    ],
)
def test_what_is_no_page(site, fetcher, answer, error, message):
    site.pages["/"] = answer
    if answer[1].get("Content-Length"):
        answer[1]["Connection"] = "close"
    with pytest.raises(error, match=message) as raised:
        fetcher.page(f"{site.address}/")
    assert raised.value.message


def test_a_huge_answer_is_cut_off(site, fetcher):
    site.pages["/"] = (200, HTML, b"x" * (capture.LIMIT + 1))
    with pytest.raises(FetchRefused, match="larger than 10 MB"):
        fetcher.page(f"{site.address}/")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://x/", "http://", "http://user:pw@news.example/", "nonsense", "http://x:99999/"],
)
def test_other_addresses_are_refused(url):
    with pytest.raises(LicetError):
        addresses.checked(url)


def test_the_canonical_address_forgets_order_fragment_and_tracking_marks():
    one = addresses.canonical("https://News.Example/a?b=2&a=1&utm_source=x#part")
    assert one == addresses.canonical("https://news.example/a?a=1&b=2")
    assert one != addresses.canonical("https://news.example/a?a=1&b=3")
    assert one == addresses.canonical("https://news.example:443/a?a=1&b=2")
    assert one != addresses.canonical("https://news.example:80/a?a=1&b=2")
    assert addresses.canonical("http://news.example:80") == addresses.canonical("http://news.example")
    assert addresses.canonical("http://news.example:8080/") != addresses.canonical("http://news.example/")
    assert "80" in addresses.canonical("http://news.example/?at=x:80")
