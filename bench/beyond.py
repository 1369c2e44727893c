"""A book and WARC files in parts, beside one machine: what work on many machines costs.

    python bench/beyond.py [--lines 400000] [--pages 300] [--pages-in FOLDER] [--ray] [--json]

The book of ``orders.py`` (each line on its own date) goes through the engine of one machine, and through the very parts
that a Ray cluster gets, one after the other in this process: CPU seconds tell what cutting, surveying and summing up
add, whatever else the machine does. With ``--ray`` the same parts also run on a cluster of this machine, and the
wall times are told. The answers must be the same, row by row.

The pages are generated news in one WARC file, or with ``--pages-in`` the files of a folder (``*.html``, ``.html.gz``):
captures a CPU second from WARC to articles, signatures and an index, and the bytes of each a document.

Floor: the parts cost at most 2.5 times the CPU seconds of one machine; of a larger book it is less, for what is done
once weighs less. Exits 1 above, and at any difference.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pyarrow.parquet as pq

from licet import cluster, statutes
from licet.archive.parts.run import process_on_ray
from licet.orders import Asked, screen_files
from licet.orders.parts.run import screen_on_ray
from orders import generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST = 2.5
_WORDS = tuple(
    first + middle + last
    for first in ("bar", "cor", "den", "fal", "gim", "hol", "jun", "kel")
    for middle in ("an", "eb", "id", "oc", "ur", "ast", "elm", "ing")
    for last in ("ley", "ton", "wick", "mar", "dale", "ford", "by", "er")
)


@dataclass
class Alone:
    """Stands for a cluster: does every part here, and adds up CPU seconds by step."""

    cpus: int = 1
    seconds: dict[str, float] = field(default_factory=dict)

    def each(self, work: Callable[..., Any], parts: Sequence[Any], *given: Any, told: Any = None) -> list[Any]:
        """Do the parts one after the other."""
        del told
        start = time.process_time()
        found = [work(part, *given) for part in parts]
        name = f"{work.__module__.rpartition('.')[2]}.{work.__name__}"
        self.seconds[name] = round(self.seconds.get(name, 0) + time.process_time() - start, 2)
        return found


def here() -> tuple[Alone, Any]:
    """Return what stands for a cluster, and the patch that puts it in its place."""
    alone = Alone()

    @contextmanager
    def joined(_: str = "") -> Iterator[Alone]:
        yield alone

    return alone, mock.patch.object(cluster, "joined", joined)


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds of some work, and what it gives."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def book(folder: Path, lines: int, *, ray: bool) -> dict[str, Any]:
    """Return the figures of the order book."""
    path, loaded, law, asked = folder / "book.parquet", statutes.load(), statutes.files(), Asked(basis="written")
    generate(path, lines, 1, None)
    one, many = folder / "one.parquet", folder / "many.parquet"
    rows = max(lines // 4, 1)

    def parts() -> dict[str, Any]:
        return screen_on_ray([str(path)], str(many), str(folder / "many.csv"), law, asked, rows=rows)

    start = time.perf_counter()
    seconds, summary = cpu(lambda: screen_files([str(path)], one, folder / "one.csv", loaded, asked))
    wall = time.perf_counter() - start
    alone, patch = here()
    with patch:
        split, found = cpu(parts)
    same = _same(summary, found) and pq.read_table(one).equals(pq.read_table(many))
    figures = {
        "lines": lines,
        "cpu_seconds_one_machine": round(seconds, 1),
        "cpu_seconds_in_parts": round(split, 1),
        "parts_to_one_machine": round(split / seconds, 2),
        "lines_a_cpu_second_in_parts": round(lines / split),
        "steps": alone.seconds,
        "same": same,
    }
    if ray:
        start = time.perf_counter()
        found = parts()
        figures |= {"wall_one_machine": round(wall, 1), "wall_ray": round(time.perf_counter() - start, 1)}
        figures["same"] = same and _same(summary, found) and pq.read_table(one).equals(pq.read_table(many))
    return figures


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    paths = ("output", "rejects")
    return {k: v for k, v in one.items() if k not in paths} == {k: v for k, v in other.items() if k not in paths}


def pages(folder: Path, made_up: int, given: Path | None) -> dict[str, Any]:
    """Return the figures of the WARC file."""
    path, lake = folder / "news.warc.gz", folder / "lake"
    found = _files(given) if given else [_page(number) for number in range(made_up)]
    path.write_bytes(b"".join(_record(number, page) for number, page in enumerate(found)))
    count = len(found)
    alone, patch = here()
    with patch:
        seconds, made = cpu(lambda: process_on_ray([str(path)], str(lake)))
    files = {name: [file for file in lake.glob(f"{name}/**/*") if file.is_file()] for name in ("articles", "index")}
    size = {name: sum(file.stat().st_size for file in own) for name, own in files.items()}
    return {
        "captures": made.captures,
        "captures_a_cpu_second": round(made.captures / seconds),
        "steps": alone.seconds,
        "bytes_a_document": {name: round(value / made.listed) for name, value in size.items()},
        "warc_bytes_a_capture": round(path.stat().st_size / count),
    }


def _files(folder: Path) -> list[bytes]:
    found = sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")])
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in found]


def _page(number: int) -> bytes:
    """Return a page of invented news."""
    dice = random.Random(number)
    said = [" ".join(dice.choices(_WORDS, k=14)).capitalize() + f" {dice.randrange(900)}." for _ in range(30)]
    text = "".join(f"<p>{' '.join(said[at : at + 3])}</p>" for at in range(0, 30, 3))
    menu = "".join(f"<li><a href='/{n}'>{dice.choice(_WORDS)} {n}</a></li>" for n in range(120))
    page = (
        f"<!doctype html><html lang='en'><head><title>{said[0]} | Harbor Ledger</title></head><body><nav><ul>{menu}"
        f"</ul></nav><main><article><h1>{said[0]}</h1><time datetime='2025-03-03'>3 March 2025</time>{text}</article>"
        "</main></body></html>"
    )
    return page.encode()


def _record(number: int, page: bytes) -> bytes:
    """Return a response in a record, a gzip member of its own."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Target-URI: https://news.example/{number}\r\nWARC-Date: 2025-03-03T08:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def main() -> int:
    """Print the figures; 1 above the floor or at a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=400_000)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--pages-in", type=Path, metavar="FOLDER", help="real pages instead of generated ones")
    parser.add_argument("--ray", action="store_true", help="also run on a cluster of two workers")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="licet-beyond-") as name:
        figures = {"book": book(Path(name), given.lines, ray=given.ray)}
        figures |= {"pages": pages(Path(name), given.pages, given.pages_in)}
    if given.json:
        print(json.dumps(figures))
    else:
        for part, values in figures.items():
            for key, value in values.items():
                print(f"{part:6} {key:30} {value}")
    return 0 if figures["book"]["same"] and figures["book"]["parts_to_one_machine"] <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
