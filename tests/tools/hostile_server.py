"""A server on this machine that means harm: each host name is one way to do it."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
import zlib
from functools import cache

import httpcore

from licet.archive.collecting.transport import CheckedTransport

PUBLIC = "93.184.216.34"
PAGE = (
    "<html><head><title>东港仓库完成盘点</title></head><body><h1>东港仓库完成盘点</h1>"
    "<p>东港仓库本周完成了年度盘点，历时三天，覆盖全部库区，账面数量与实物数量完全相符，结果已经公布。</p>"
    "<p>盘点小组表示，今年首次使用手持终端扫码，每个库区的用时比去年缩短了近一半。</p></body></html>"
).encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def packed(data, layers=1):
    for _ in range(layers):
        machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        data = machine.compress(data) + machine.flush()
    return data


@cache
def bomb():
    """Return 200 MB of nothing, packed; they are never in memory at once."""
    machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(machine.compress(b"\0" * 1_000_000) for _ in range(200)) + machine.flush()


def answer(body, head=OK, *extra):
    return head + b"".join(line + b"\r\n" for line in extra) + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Hostile:
    """``asked`` remembers (seconds, host, path) of each request; methods are named after the hosts."""

    def __init__(self):
        self.asked = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.running = True
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.running = False
        self.socket.close()

    def serve(self):
        while self.running:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with contextlib.suppress(OSError, StopIteration), connection:
            connection.settimeout(20)
            while request := self.request(connection):
                host, path = request
                self.asked.append((time.monotonic(), host, path))
                name = host.partition(".")[0].replace("-", "_")
                if path == "/robots.txt" and not name.startswith("robots"):
                    connection.sendall(answer(b"", b"HTTP/1.1 404 Not Found\r\n"))
                    continue
                getattr(self, name)(connection, path)

    def request(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
        lines = data.decode("latin-1").split("\r\n")
        host = next(line[6:] for line in lines if line.lower().startswith("host: "))
        return host.partition(":")[0], lines[0].split()[1]

    # bodies

    def good(self, c, path):
        c.sendall(answer(PAGE))

    def endless(self, c, path):
        c.sendall(OK + b"\r\n")
        while self.running:
            c.sendall(b"<p>" + b"x" * 65536)

    def endless_chunks(self, c, path):
        c.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while self.running:
            c.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    def huge_chunk(self, c, path):
        c.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 300 + b"\r\n")
        while self.running:
            c.sendall(b"x" * 65536)

    def bomb_gzip(self, c, path):
        c.sendall(answer(bomb(), OK, b"Content-Encoding: gzip"))

    def bomb_twice(self, c, path):
        c.sendall(answer(packed(bomb()), OK, b"Content-Encoding: gzip, gzip"))

    def nested(self, c, path):
        c.sendall(answer(packed(PAGE, 9), OK, b"Content-Encoding: " + b", ".join([b"gzip"] * 9)))

    def unasked(self, c, path):
        c.sendall(answer(b"\x0b\x02\x80", OK, b"Content-Encoding: br"))

    def torn_gzip(self, c, path):
        c.sendall(answer(packed(PAGE)[:40], OK, b"Content-Encoding: gzip"))

    def short(self, c, path):
        c.sendall(OK + b"Content-Length: 100000\r\n\r\n" + PAGE)
        c.shutdown(socket.SHUT_RDWR)

    def long(self, c, path):
        c.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE + b"HTTP/1.1 200 OK\r\n\r\nmore of it")

    def negative(self, c, path):
        c.sendall(OK + b"Content-Length: -5\r\n\r\n" + PAGE)
        c.shutdown(socket.SHUT_RDWR)

    def charset(self, c, path):
        c.sendall(
            answer(
                PAGE.replace("盘点".encode(), b"\xff\xfe\x80"),
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=klingon\x80\r\n",
            )
        )

    def binary(self, c, path):
        c.sendall(answer(b"\x00\x01\x02" * 1000))

    def feed_nested(self, c, path):
        c.sendall(
            answer(
                b"<rss version='2.0'><channel>" + b"<a>" * 1_000_000, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
            )
        )

    def feed_laughs(self, c, path):
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        text = f'<!DOCTYPE r [<!ENTITY e0 "ha">{entities}]><rss version="2.0"><channel>'
        text += "<item><title>&e9;</title></item></channel></rss>"
        c.sendall(answer(text.encode(), b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"))

    # heads

    def head_large(self, c, path):
        c.sendall(OK + b"X-Large: ")
        for _ in range(160):
            c.sendall(b"x" * 65536)
        c.sendall(b"\r\n\r\n" + PAGE)

    def head_many(self, c, path):
        c.sendall(answer(PAGE, OK, *(b"X-%d: y" % n for n in range(3000))))

    def head_early(self, c, path):
        while self.running:
            c.sendall(b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n")
            time.sleep(0.002)

    def head_none(self, c, path):
        c.sendall(b"hello, this is no answer\r\n\r\n")
        c.shutdown(socket.SHUT_RDWR)

    # time and connections

    def drip(self, c, path):
        c.sendall(OK + b"\r\n")
        while self.running:
            c.sendall(b"x")
            time.sleep(0.05)

    def drip_head(self, c, path):
        c.sendall(OK + b"X-Slow: ")
        while self.running:
            c.sendall(b"x")
            time.sleep(0.05)

    def silent(self, c, path):
        c.recv(1)

    def reset(self, c, path):
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        c.close()
        raise StopIteration

    def closed(self, c, path):
        raise StopIteration

    # redirects

    def moved(self, c, where):
        c.sendall(answer(b"", b"HTTP/1.1 302 Found\r\n", b"Location: " + where))

    def loop(self, c, path):
        self.moved(c, b"/again?" + str(len(path)).encode() + path.encode())

    def to_loopback(self, c, path):
        self.moved(c, b"http://127.0.0.1:%d/secret" % self.port)

    def to_metadata(self, c, path):
        self.moved(c, b"http://169.254.169.254/latest/meta-data/")

    def to_six(self, c, path):
        self.moved(c, b"http://[::ffff:127.0.0.1]:%d/secret" % self.port)

    def to_file(self, c, path):
        self.moved(c, b"file:///etc/passwd")

    def to_name(self, c, path):
        self.moved(c, b"http://rebound.example/secret")

    def rebound(self, c, path):
        c.sendall(answer(PAGE))

    def picture(self, c, path):
        c.sendall(
            answer(
                PAGE.replace(
                    b"</body>",
                    b"<img src=http://127.0.0.1:%d/secret><img src=http://169.254.169.254/x.png></body>" % self.port,
                )
            )
        )

    # robots.txt

    def robots_500(self, c, path):
        c.sendall(answer(b"", b"HTTP/1.1 500 Oops\r\n") if path == "/robots.txt" else answer(PAGE))

    def robots_endless(self, c, path):
        if path != "/robots.txt":
            c.sendall(answer(PAGE))
            return
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /closed\n")
        while self.running:
            c.sendall(b"# more and more\n" * 4096)

    def robots_drip(self, c, path):
        self.drip(c, path)

    def robots_loop(self, c, path):
        self.moved(c, b"/robots.txt")

    def robots_inside(self, c, path):
        self.moved(c, b"http://127.0.0.1:%d/secret" % self.port)

    def robots_stars(self, c, path):
        if path == "/robots.txt":
            c.sendall(answer(b"User-agent: *\n" + b"Disallow: /" + b"*a" * 2000 + b"b\n", b"HTTP/1.1 200 OK\r\n"))
        else:
            c.sendall(answer(PAGE))


class Rerouted:
    """Connects to the server here, whatever public address was asked for."""

    def __init__(self, port):
        self.port = port
        self.below = httpcore.AnyIOBackend()

    async def connect_tcp(self, address, port, timeout=None, local_address=None, socket_options=None):  # noqa: ASYNC109
        assert address == PUBLIC, f"{address} was to be refused"
        return await self.below.connect_tcp("127.0.0.1", self.port, timeout)


async def names(host, port):
    """Every name is public, but for one; an address written out is itself."""
    if host == "rebound.example":
        return [PUBLIC, "10.0.0.7"]
    return [host.strip("[]")] if host[-1].isdigit() or ":" in host else [PUBLIC]


def transports(port, tls=None):
    """Return what makes transports that believe the hosts of the server here to be public."""

    def made(private):
        transport = CheckedTransport(allow_private=private, resolver=names, tls=tls)
        transport._pool._network_backend._below = Rerouted(port)
        return transport

    return made
