"""The desk under mixed load for a while: pages, checks, batches, uploads; no error, and memory that stays flat.

    python bench/soak.py [--seconds N] [--workers N] [--json]

A real ``licet serve`` over a temporary folder with the demo newsroom is asked by several clients at once. Exits 1 where
any answer was not as it should be, or where the last fifth of the time has more than MOST_GROWTH times the memory of
the second fifth (the first is for warming up). Prints p50 and p95 by kind of request.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from desk import QUESTION, demo_home
from licet.desk.people import SCOPES, People, people_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_GROWTH = 1.10
SLACK = 16 << 20
"""So many bytes of growth count as none: what a process of this size moves about anyway."""
PAGES = (
    "/",
    f"/?{QUESTION}",
    "/world?on=2025-06-02",
    "/law",
    "/news",
    "/news?q=H100",
    "/law/us-ear-2025-01-13-ai-diffusion",
)
CHECK = f"/api/v1/check?{QUESTION}&hq=CH&parent=CH"
CASE = {"date": "2025-06-02", "basis": "written", "chip": "h100-sxm", "quantity": 2000, "destination": "CH"}
BATCH = "\n".join(json.dumps({**CASE, "id": str(number), "quantity": number + 1}) for number in range(200))
BOOK = "id,date,basis,chip,quantity,destination,headquarters,parent_headquarters,ultimate_parent\n" + "".join(
    f"L{number},2025-06-02,written,h100-sxm,{number + 1},PL,PL,PL,Nordhafen Gruppe\n" for number in range(500)
)


_PS = [shutil.which("ps") or "ps", "-eo", "pid=,ppid=,rss="]


class Load:
    """What the clients share: until when they go on, what took how long, what went wrong, memory over time."""

    def __init__(self, address: str, key: str, seconds: float) -> None:
        self.address = address
        self.key = key
        self.end = time.monotonic() + seconds
        self.taken: dict[str, list[float]] = {}
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def run(self, kind: str, work: Callable[[httpx.Client, int], None]) -> None:
        """Do a kind of work over and over until the end."""
        headers = {"authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.address, headers=headers, timeout=60, follow_redirects=True) as client:
            number = 0
            while time.monotonic() < self.end:
                start = time.perf_counter()
                try:
                    work(client, number)
                except (httpx.HTTPError, ValueError, KeyError, AssertionError) as error:
                    with self._lock:
                        self.wrong.append(f"{kind}: {type(error).__name__}: {str(error)[:300]}")
                with self._lock:
                    self.taken.setdefault(kind, []).append(time.perf_counter() - start)
                number += 1


def good(answer: httpx.Response, status: int = 200) -> httpx.Response:
    """Refuse an answer of another status."""
    if answer.status_code != status:
        raise ValueError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:200]}")
    return answer


def page(client: httpx.Client, number: int) -> None:
    """Ask for a page, in one language and then the other."""
    good(client.get(PAGES[number % len(PAGES)], headers={"accept-language": ("en", "zh")[number % 2]}))


def check(client: httpx.Client, number: int) -> None:
    """Ask one question; every other time with the tag of the answer."""
    first = good(client.get(CHECK))
    if number % 2:
        good(client.get(CHECK, headers={"if-none-match": first.headers["etag"]}), 304)


def batch(client: httpx.Client, _: int) -> None:
    """Ask two hundred questions at once."""
    lines = good(client.post("/api/v1/check/batch", content=BATCH.encode())).text.splitlines()
    if len(lines) != 200 or any("error" in json.loads(line) for line in lines):
        raise ValueError("a batch was not answered line by line")


def upload(client: httpx.Client, number: int) -> None:
    """Bring a book, wait until it is screened, look at it, plan it, delete it."""
    sent = client.post(
        "/api/v1/orders",
        files={"book": ("book.csv", BOOK.encode(), "text/csv")},
        headers={"idempotency-key": f"{threading.get_ident()} {number}"},
    )
    path = good(sent, 202).headers["location"]
    done(client, path, "screening")
    good(client.get(f"{path}/lines"))
    good(client.get(path.removeprefix("/api/v1")))
    good(client.post(f"{path}/plan", json={"order": "largest"}), 202)
    done(client, path, "planning")
    good(client.post(f"{path}/plan/discard"))
    good(client.delete(path), 204)


def done(client: httpx.Client, path: str, task: str) -> None:
    """Wait for a task of a book."""
    while (state := good(client.get(path)).json()[task]["state"]) in ("waiting", "working"):
        time.sleep(0.2)
    if state != "done":
        raise ValueError(f"{task} {state}")


KINDS = {"page": page, "check": check, "batch": batch, "upload": upload}


@contextlib.contextmanager
def served(home: Path, workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a folder in a process of its own; stop it in order."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "licet", "serve", "--port", str(port), "--workers", str(workers)]
    with (home.parent / "soak.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, "LICET_HOME": str(home)}, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 120
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if httpx.get(f"{address}/ready").status_code == 200:
                        break
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the desk did not start: " + (home.parent / "soak.log").read_text()[-2000:])
                time.sleep(0.2)
            yield address, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)


def memory(process: int) -> int:
    """Return the resident bytes of a process and of those that it has started."""
    told = subprocess.run(_PS, capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in told.splitlines()]
    family = {process}
    while more := {pid for pid, parent, _ in rows if parent in family} - family:
        family |= more
    return sum(rss for pid, _, rss in rows if pid in family) * 1024


def soak(seconds: float, workers: int) -> dict[str, Any]:
    """Run the load and return what was measured."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        demo_home(home)
        (home / "desk.toml").write_text("api_per_minute_with_key = 1000000\n", encoding="utf-8")
        people, now = People(people_file(home)), dt.datetime.now(dt.UTC)
        people.add("Soak", "officer", "a long enough password", at=now)
        _, key = people.make_key("Soak", SCOPES, at=now, expires=now + dt.timedelta(days=1))
        people.close()
        with served(home, workers) as (address, process):
            load = Load(address, key, seconds)
            threads = [threading.Thread(target=load.run, args=(kind, work)) for kind, work in KINDS.items()]
            for thread in threads:
                thread.start()
            held = []
            while time.monotonic() < load.end:
                held.append(memory(process.pid))
                time.sleep(min(max(seconds / 200, 0.2), 5))
            for thread in threads:
                thread.join()
    return judged(load, held, seconds)


def judged(load: Load, held: list[int], seconds: float) -> dict[str, Any]:
    """Return figures and what is wrong with them."""
    fifth = max(len(held) // 5, 1)
    before, after = statistics.median(held[fifth : 2 * fifth]), statistics.median(held[-fifth:])
    flat = after <= before * MOST_GROWTH + SLACK
    rows = []
    for kind, taken in load.taken.items():
        cuts = statistics.quantiles(taken, n=20, method="inclusive") if len(taken) > 1 else [taken[0]] * 19
        rows.append(
            {
                "kind": kind,
                "times": len(taken),
                "a_second": round(len(taken) / seconds, 2),
                "p50_ms": round(cuts[9] * 1000, 1),
                "p95_ms": round(cuts[18] * 1000, 1),
            }
        )
    sizes = {"start_mb": held[0] >> 20, "second_fifth_mb": int(before) >> 20, "last_fifth_mb": int(after) >> 20}
    return {"kinds": rows, "memory": {**sizes, "flat": flat}, "errors": len(load.wrong), "wrong": load.wrong[:20]}


def main() -> int:
    """Print the table; 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = soak(options.seconds, options.workers)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print(f"{'kind':8} {'times':>7} {'a second':>9} {'p50 ms':>9} {'p95 ms':>9}")
        for row in found["kinds"]:
            line = f"{row['kind']:8} {row['times']:>7} {row['a_second']:>9} {row['p50_ms']:>9} {row['p95_ms']:>9}"
            print(line)
        sizes = found["memory"]
        told = "flat" if sizes["flat"] else "GROWING"
        print(
            f"memory: {sizes['second_fifth_mb']} MB in the second fifth, {sizes['last_fifth_mb']} in the last: {told}"
        )
        print("\n".join(found["wrong"]) or "no error")
    return 1 if found["errors"] or not found["memory"]["flat"] else 0


if __name__ == "__main__":
    sys.exit(main())
