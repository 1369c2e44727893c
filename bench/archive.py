"""The archive's store: captures a second beside bare warcio, memory at two sizes, and the pace of all that reads it.

    python bench/archive.py [--count 100000] [--rebuild 10000] [--given] [--json]

Generated pages of about 6 KB, each with request and response, come in a hundred at a time; a fifth are visits that find
the same bytes, a tenth changed versions. The bare one writes the same requests and responses with warcio and flushes
the file after every hundred: no catalogue, no journal, no article. Reading the articles is most of the work and is
timed by itself (with --given it is left out); the ratio is of what remains, in CPU seconds. Each phase runs in a
process of its own, at a tenth of the size and at the whole; its peak of memory must not grow with the size. Exits 1
when a floor is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from licet.archive import Archive, Take
from licet.archive.capture import Capture, Exchange
from licet.archive.keeping import taking
from licet.archive.model import Article
from licet.archive.rebuilding import Rebuilding

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOORS = {"store_of_bare": 0.15, "memory_growth_mb": 60.0}
TOGETHER = 100
GIVEN = "LICET_BENCH_GIVEN"
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
WORDS = (
    *("仓库", "港口", "码头", "盘点", "装卸", "调度", "浮吊", "岸吊", "堆场", "集装箱"),
    *("钢缆", "检修", "泊位", "货轮", "航线", "吞吐", "班次", "库区", "货位", "台账"),
)


def body(number: int, version: int) -> bytes:
    """Return the page of an address in one of its versions."""
    chance = random.Random(number * 7 + version)
    said = ["".join(chance.choices(WORDS, k=14)) + f",第{number}号,共{chance.randrange(1000)}件。" for _ in range(24)]
    paragraphs = "".join(f"<p>{one}</p>" for one in said)
    head = f"<html><head><meta charset=utf-8><title>第{number}号码头公告</title></head>"
    meta = "<div class=meta>2025-01-02 10:00:00 来源:东港日报</div>"
    title = f"<h1>第{number}号码头第{version}次公告</h1>"
    return f"{head}<body>{title}{meta}<div id=article>{paragraphs}</div></body></html>".encode()


def captures(count: int) -> Iterator[tuple[str, dt.datetime, Capture]]:
    """Yield the same captures in every run: seven in ten new, two the same bytes again, one a changed version."""
    for number in range(count):
        kind = number % 10
        page = number - 5 if kind in {7, 8, 9} else number
        url = f"https://news.example/{page % 400}/{page}"
        exchange = Exchange(
            address="203.0.113.9",
            request_line=f"GET /{page} HTTP/1.1",
            request_headers=[("Host", "news.example"), ("User-Agent", "Licet"), ("Accept-Encoding", "gzip")],
            status_line="HTTP/1.1 200 OK",
            response_headers=[("Content-Type", "text/html; charset=utf-8"), ("Server", "port"), ("Vary", "Accept")],
        )
        payload = body(page, 2 if kind == 9 else 1)
        capture = Capture(payload=payload, content_type="text/html", url=url, captured_from=url, exchange=exchange)
        yield url, START + dt.timedelta(seconds=number), capture


def groups(count: int) -> Iterator[list[tuple[str, dt.datetime, Capture]]]:
    """Yield captures by the hundred."""
    group = []
    for one in captures(count):
        group.append(one)
        if len(group) == TOGETHER:
            yield group
            group = []
    if group:
        yield group


def given_article(payload: bytes, origin: Any, category: str | None, **_: Any) -> Article:
    """Return an article without reading the page: its title, and its digest for a text."""
    title = payload[: payload.find(b"</title>")].rpartition(b">")[2].decode()
    return Article(url=origin.url, lang="zh", title=title, body=origin.digest, category=category, extractor="given")


def store(folder: Path, count: int) -> dict[str, float]:
    """Keep every capture; the time of reading articles, of making pages and of the rest, in CPU seconds."""
    reading = 0.0
    read = taking.article_of

    def timed(*given: Any, **named: Any) -> Any:
        nonlocal reading
        began = time.process_time()
        try:
            return read(*given, **named)
        finally:
            reading += time.process_time() - began

    taking.article_of = given_article if GIVEN in os.environ else timed
    spent = 0.0
    archive = Archive.open(folder)
    for group in groups(count):
        takes = [Take(capture=capture, at=at, category="port") for _, at, capture in group]
        began = time.process_time()
        for one in archive.take_many(takes):
            if isinstance(one, Exception):
                raise one
        spent += time.process_time() - began
    archive._catalogue.close()  # noqa: SLF001 - the index is measured elsewhere
    return {"cpu": spent, "reading": reading, "count": count}


def bare(folder: Path, count: int) -> dict[str, float]:
    """Write the same requests and responses with warcio alone."""
    spent = 0.0
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "bare.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
        for group in groups(count):
            began = time.process_time()
            for url, at, capture in group:
                exchange = capture.exchange
                assert exchange  # noqa: S101 - every one has
                stamp = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
                answer = StatusAndHeaders("200 OK", exchange.response_headers, protocol="HTTP/1.1")
                body_of = io.BytesIO(capture.payload)
                response = writer.create_warc_record(
                    url, "response", body_of, len(capture.payload), http_headers=answer, warc_headers_dict=dict(stamp)
                )
                asked = StatusAndHeaders(exchange.request_line, exchange.request_headers, is_http_request=True)
                request = writer.create_warc_record(
                    url, "request", io.BytesIO(b""), 0, http_headers=asked, warc_headers_dict=dict(stamp)
                )
                writer.write_request_response_pair(request, response)
            stream.flush()
            os.fsync(stream.fileno())
            spent += time.process_time() - began
    return {"cpu": spent, "count": count}


def verify(folder: Path, count: int) -> dict[str, float]:
    """Read everything again."""
    archive = Archive.open(folder)
    began = time.process_time()
    findings = archive.verify()
    spent = time.process_time() - began
    archive._catalogue.close()  # noqa: SLF001
    return {"cpu": spent, "count": count, "findings": len(findings)}


def export(folder: Path, count: int) -> dict[str, float]:
    """Write a WACZ package of everything."""
    archive = Archive.open(folder)
    began = time.process_time()
    done = archive.export(folder / "all.wacz", form="wacz", at=START)
    spent = time.process_time() - began
    (folder / "all.wacz").unlink()
    archive._catalogue.close()  # noqa: SLF001
    return {"cpu": spent, "count": count, "records": done.records}


def payloads(folder: Path, _: int) -> dict[str, float]:
    """Read payloads at random."""
    archive = Archive.open(folder)
    chance = random.Random(1)
    last = int(archive._catalogue.rows("SELECT MAX(id) FROM captures")[0][0])  # noqa: SLF001
    numbers = [chance.randrange(1, last + 1) for _ in range(2000)]
    began = time.process_time()
    for number in numbers:
        archive.payload(number)
    spent = time.process_time() - began
    archive._catalogue.close()  # noqa: SLF001
    return {"cpu": spent, "count": len(numbers)}


def rebuild(folder: Path, count: int) -> dict[str, float]:
    """Make the catalogue anew, in a folder without it; index and stories have benches of their own."""
    for path in (folder / "archive").glob("catalogue.sqlite*"):
        path.unlink()
    archive = Archive.open(folder)
    parts = (archive._warc, archive._catalogue, archive._captures, archive._outbox, archive._journal)  # noqa: SLF001
    began = time.process_time()
    lost = Rebuilding(*parts).run(lambda _: []).lost
    spent = time.process_time() - began
    archive._catalogue.close()  # noqa: SLF001
    return {"cpu": spent, "count": count, "lost": len(lost)}


PHASES = {
    "store": store,
    "bare": bare,
    "verify": verify,
    "export": export,
    "payloads": payloads,
    "rebuild": rebuild,
}


def phase(name: str, folder: Path, count: int) -> dict[str, float]:
    """Run a phase in a process of its own; its figures, with the most memory it held."""
    command = [sys.executable, __file__, "--phase", name, "--folder", str(folder), "--count", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(count: int, rebuilt: int) -> dict[str, Any]:
    """Run every phase at a tenth of the size and at the whole."""
    found: dict[str, Any] = {"captures": count}
    memory: dict[str, list[float]] = {}
    for size in (count // 10, count):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            last = ["rebuild"] if size <= rebuilt and GIVEN not in os.environ else []
            for step in ("store", "bare", "verify", "export", "payloads", *last):
                one = phase(step, folder / "bare" if step == "bare" else folder, size)
                memory.setdefault(step, []).append(one["memory_mb"])
                found[f"{step}_a_cpu_second"] = round(one["count"] / one["cpu"])
                if step == "store":
                    found["reading_ms"] = round(1000 * one["reading"] / size, 2)
                    kept = one["cpu"] - one["reading"]
                    found["store_without_reading_a_cpu_second"] = round(size / kept)
                if step == "bare":
                    found["store_of_bare"] = round(one["cpu"] / kept, 2)
                found["wrong"] = found.get("wrong", 0) + int(one.get("findings", 0) + one.get("lost", 0))
    found["memory_mb"] = {step: [round(one) for one in sizes] for step, sizes in memory.items()}
    found["memory_growth_mb"] = round(max(sizes[-1] - sizes[0] for sizes in memory.values()), 1)
    return found


def main() -> int:
    """Print the figures; 1 below a floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rebuild", type=int, default=10_000, help="the largest size that is also rebuilt")
    parser.add_argument("--given", action="store_true", help="articles are not read but handed over")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--phase", choices=sorted(PHASES), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.given:
        os.environ[GIVEN] = "1"
    if options.phase:
        one = PHASES[options.phase](options.folder, options.count)
        print(json.dumps({**one, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return 0
    found = measure(options.count, options.rebuild)
    missed = [name for name in ("store_of_bare",) if found[name] < FLOORS[name]]
    missed += [name for name in ("memory_growth_mb",) if found[name] > FLOORS[name]]
    missed += ["wrong"] if found["wrong"] else []
    found |= {"floors": FLOORS, "missed": missed}
    if options.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>36} {value}" for name, value in found.items()))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
