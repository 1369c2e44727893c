"""A desk over an archive of visits: an article that changes, its style and picture, a hostile page, other displays."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import uvicorn
from litestar.testing import TestClient

from licet import statutes
from licet.archive import Archive
from licet.archive.capture import Capture, Exchange
from licet.desk.app import create_app
from tools.hostile_pages import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from litestar import Litestar

TODAY = dt.date(2026, 11, 22)
START = dt.datetime(2025, 3, 1, 9, 30, 5, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SITE = "https://harbor.example"
ARTICLE = f"{SITE}/zh/1.html?id=7"
PICTURE = f"{SITE}/img/quay.png"
SHEET = f"{SITE}/css/site.css"
HOSTILE = f"{SITE}/hostile.html"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)

PAGE = """<!DOCTYPE html><html lang="zh"><head><meta charset="gb2312"><title>{title}</title>
<link rel="stylesheet" href="/css/site.css"><script>document.title = "taken over";</script></head><body>
<article><h1>{title}</h1><p class="info">来源：{source} {time}</p>
{body}<img src="/img/quay.png" alt="三号码头"><img src="/img/none.png" alt="未采集的图"></article>
<p><a href="/zh/2.html">另一篇</a> <a href="#top">回到页首</a></p></body></html>"""
FIRST = (
    "港口管理处周二宣布，三号码头自三月一日起关闭两天，进行岸桥检修，预计影响六艘集装箱船的靠泊计划。",
    "船公司已收到通知，部分船只将改靠五号码头；拖车预约系统同步调整时段，货主可在网上查询新的提箱时间。",
    "这一段后来删去了：管理处起初表示，检修费用约一百二十万元，由设备保修承担，不向船公司另行收取。",
    "管理处表示，检修期间夜间作业照常进行，渡轮航线不受影响，周边道路将增派人员疏导交通。",
)
SECOND = (
    "港口管理处周三宣布，三号码头自三月一日起关闭五天，进行岸桥检修，预计影响九艘集装箱船的靠泊计划。",
    FIRST[1],
    FIRST[3],
    "更正：先前的报道把关闭天数写成了两天，特此说明，并向读者致歉，更正时间为三月二日上午。",
)


def page(title, paragraphs, clock="2025-03-01 17:00:00", source="晨港财经"):
    body = "".join(f"<p>{text}</p>\n" for text in paragraphs)
    return PAGE.format(title=title, body=body, time=clock, source=source).encode("gb18030")


def capture(payload, url, kind="text/html; charset=gb2312"):
    exchange = Exchange(
        address="192.0.2.7",
        request_line="GET / HTTP/1.1",
        request_headers=[("Host", "harbor.example")],
        status_line="HTTP/1.1 200 OK",
        response_headers=[("Content-Type", kind), ("Server", "quay"), ("Set-Cookie", "a=b")],
    )
    return Capture(payload=payload, content_type=kind, url=url, captured_from=url, exchange=exchange)


@dataclass(frozen=True)
class Harbor:
    home: Path
    first: str
    second: str
    excerpt: str
    link: str
    hidden: str
    hostile: str


def _filled(archive: Archive) -> list[str]:
    needs = [
        capture(PIXEL, PICTURE, "image/png"),
        capture(b"h1 { color: #123456; background: url(/img/quay.png) } @import 'none.css';", SHEET, "text/css"),
    ]
    first = archive.take(
        capture(page("港口周二关闭", FIRST), ARTICLE), at=START, category="财经", requisites=needs, via="港口文摘"
    )
    again = archive.take(capture(page("港口周二关闭", FIRST), ARTICLE), at=START + HOUR, category="财经")
    second = archive.take(
        capture(page("港口周三关闭", SECOND, "2025-03-02 08:00:00"), ARTICLE), at=START + 24 * HOUR, category="财经"
    )
    assert (again.outcome, second.outcome) == ("same bytes", "version")
    made = [first.snapshot.id, second.snapshot.id]
    for number, display in enumerate(("excerpt", "link", "full")):
        long = tuple(f"第{number}号{display}报道。{text * 3}" for text in FIRST)
        taken = archive.take(
            capture(page(f"{display}报道：码头开放", long), f"{SITE}/{display}.html"),
            at=START + number * HOUR,
            category="航运",
            display=display,
        )
        made.append(taken.snapshot.id)
    body = tuple(f"{text}</p>{SCRIPTS[at]}{SCRIPTS[-1 - at]}<p>" for at, text in enumerate(FIRST * 8))
    hostile = archive.take(capture(page("恶意页面测试：港口通知", body), HOSTILE), at=START, category="航运")
    with archive._catalogue.writing():
        archive._catalogue.set_state(made[4], "hidden", ground="privacy", at="2025-04-01T00:00:00Z")
    return [*made, hostile.snapshot.id]


@pytest.fixture(scope="session")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Harbor:
    home = tmp_path_factory.mktemp("harbor")
    (home / "desk.toml").write_text('contact = "desk@licet.example"\n', encoding="utf-8")
    with Archive.open(home) as archive:
        made = _filled(archive)
    return Harbor(home, *made)


@pytest.fixture(scope="session")
def harbor_app(harbor) -> Litestar:
    return create_app(harbor.home, statutes=statutes.load(), today=lambda: TODAY)


@pytest.fixture(scope="session")
def harbor_running(harbor_app) -> Iterator[TestClient[Litestar]]:
    with TestClient(harbor_app, raise_server_exceptions=False, base_url="http://desk.example") as made:
        yield made


@pytest.fixture
def desk(harbor_running) -> TestClient[Litestar]:
    """A reader who has not chosen a language yet, and follows no redirect unasked."""
    harbor_running.cookies.clear()
    harbor_running.follow_redirects = False
    return harbor_running


@pytest.fixture(scope="session")
def harbor_address(harbor) -> Iterator[str]:
    """The desk on a port of its own, for a browser and other clients."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = create_app(harbor.home, statutes=statutes.load(), today=lambda: TODAY)
    server = uvicorn.Server(uvicorn.Config(made, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=30)
