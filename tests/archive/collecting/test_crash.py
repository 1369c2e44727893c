"""A crawl that is killed twenty times at random moments, and goes on each time."""

import asyncio
import contextlib
import itertools
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from licet.archive import Archive
from licet.archive.collecting.crawler import Crawler
from licet.archive.collecting.queue import Queue
from licet.journal import Journal
from tools.hostile_server import Hostile

KILLS, PAGES, DELAY = 20, 90, 0.02

CRAWLING = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from licet.archive import Archive
from licet.archive.collecting.alone import alone
from licet.archive.collecting.crawler import Crawler
from licet.archive.collecting.queue import Queue
from licet.archive.collecting.sources_file import read_sources

home = Path(sys.argv[1])
with alone(home / "archive"), Archive.open(home) as archive, Queue(home / "archive") as queue:
    tell = lambda event: event.event == "visited" and print(event.role, event.outcome, event.url, flush=True)
    crawler = Crawler(archive, queue, read_sources(Path(sys.argv[2])), now=lambda: datetime.now(UTC), tell=tell)
    print("ready", flush=True)
    asyncio.run(crawler.crawl())
"""


class Site(Hostile):
    """A feed and its pages; each page has a picture of its own and a style that all share."""

    def request(self, connection):
        found = super().request(connection)
        return found and ("site.test", found[1])

    def site(self, connection, path):
        kind, body = b"text/html; charset=utf-8", self.page(path)
        if path == "/feed":
            kind, body = b"text/xml", self.feed()
        elif path.endswith(".png"):
            kind, body = b"image/png", b"\x89PNG" + path.encode()
        elif path.endswith(".css"):
            kind, body = b"text/css", b"p{color:navy}"
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body
        )

    def feed(self):
        items = "".join(f"<item><link>http://127.0.0.1:{self.port}/n/{n}</link></item>" for n in range(PAGES))
        return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    def page(self, path):
        number = path.rpartition("/")[2]
        text = (
            f"<h1>第{number}号仓库完成盘点</h1>"
            + f"<p>第{number}号仓库本周完成了盘点，账面与实物相符，结果已经公布。</p>" * 3
        )
        return f"<link rel=stylesheet href=/s.css>{text}<img src=/{number}.png>".encode()


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture
def sources_file(tmp_path, site):
    path = tmp_path / "sources.yaml"
    lines = f"sources: [{{name: site, kind: feed, address: 'http://127.0.0.1:{site.port}/feed', "
    path.write_text(lines + f"allow_private: true, delay: {DELAY}s, every: 1h}}]", encoding="utf-8")
    return path


def killed(command, chance):
    """Run until a random moment and kill; return what was acknowledged."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    assert process.stdout.readline() == "ready\n"
    lines = []
    for _ in range(chance.randint(0, 4)):
        if not (line := process.stdout.readline()):
            break
        lines.append(line)
    time.sleep(chance.random() * 0.08)
    process.kill()
    lines += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return [line.split() for line in lines if line.endswith("\n")]


def test_twenty_kills_lose_nothing_and_store_nothing_twice(site, sources_file, tmp_path):
    home = tmp_path / "home"
    chance = random.Random(7)  # noqa: S311 - no secret
    command = [sys.executable, "-c", CRAWLING, str(home), str(sources_file)]
    acknowledged = [line for _ in range(KILLS) for line in killed(command, chance)]
    before = len([path for _, _, path in site.asked if path.startswith("/n/")])
    assert before > KILLS
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    acknowledged += [line.split() for line in done.stdout.splitlines()[1:]]
    assert {outcome for role, outcome, _ in acknowledged if role == "page"} <= {"new", "resumed"}
    told = Counter(url for role, _, url in acknowledged if role == "page")
    assert max(told.values()) == 1
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        for number in range(PAGES):
            url = f"http://127.0.0.1:{site.port}/n/{number}"
            visits = archive.captures_of(url)
            assert [visit.visit for visit in visits][:1] == ["capture"], url
            assert len({visit.capture for visit in visits}) == 1
        assert archive.count() == PAGES
        assert archive.verify() == []
        assert queue.orphans() == []
    captured = [e.payload["snapshot"] for e in Journal.open(home).entries() if e.kind == "captured"]
    assert len(captured) == len(set(captured)) == PAGES
    asked = Counter(path for _, _, path in site.asked if path.startswith("/n/"))
    # What was on its way when the crawl was killed is asked for once more; nothing else is.
    assert sum(count - 1 for count in asked.values()) <= KILLS
    times = [moment for moment, _, _ in site.asked]
    assert min(b - a for a, b in itertools.pairwise(times)) >= DELAY - 0.002


def test_a_crawl_that_is_stopped_gives_back_what_it_had_leased(site, sources_file, tmp_path, sources):
    home = tmp_path / "home"
    made = sources(sources.one(address=f"http://127.0.0.1:{site.port}/feed", allow_private=True, delay=DELAY))
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        crawler = Crawler(archive, queue, made, now=lambda: datetime.now(UTC))

        async def stopped():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await crawler.crawl()

        asyncio.run(stopped())
        assert 0 < crawler.summary.visits < PAGES
        assert queue.orphans() == []
        assert archive.verify() == []


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
"""


def test_a_disk_that_is_full_ends_the_crawl_and_the_next_one_goes_on(site, sources_file, tmp_path):
    """No file may grow beyond a size, as on a disk that is full; then it may again."""
    home = tmp_path / "home"
    limited = CRAWLING.replace("home = Path", FULL + "\nhome = Path", 1)
    command = [sys.executable, "-c", limited, str(home), str(sources_file), "400000"]
    full = subprocess.run(command, capture_output=True, text=True, check=False)
    assert full.returncode != 0
    assert "ArchiveError" in full.stderr or "JournalError" in full.stderr, full.stderr[-500:]
    kept = [line.split()[2] for line in full.stdout.splitlines()[1:] if line.startswith("page new")]
    assert kept
    with Archive.open(home) as archive:
        assert archive.verify() == []
        assert all(archive.captures_of(url) for url in kept)
    command = [sys.executable, "-c", CRAWLING, str(home), str(sources_file)]
    subprocess.run(command, capture_output=True, text=True, check=True)
    with Archive.open(home) as archive:
        assert archive.count() == PAGES
        assert archive.verify() == []
