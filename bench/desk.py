"""Every page of the desk: how long it takes, what axe finds, and whether it is complete without a script.

    python bench/desk.py [FOLDER] [--times N] [--no-browser] [--json]

FOLDER is a data folder (default: a temporary one with the demo newsroom captured). Floors: 100 ms at the median for
every page, nothing serious from axe, the same text with and without scripts. Exits 1 when one is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from litestar.testing import TestClient

from licet import evidence
from licet.archive import Archive
from licet.decisions import ask
from licet.decisions.batch import Terms, answer_line
from licet.demo import newsroom
from licet.desk.app import create_app
from licet.desk.people.guards import COOKIE

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Litestar

MOST_MILLISECONDS = 100.0
GRAVE = ("serious", "critical")
TODAY = dt.date(2026, 11, 22)
QUESTION = "chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written"
PAGES = (
    "/",
    f"/?{QUESTION}",
    "/?to=CH&quantity=4&on=2025-06-02&basis=written",
    f"/record?{QUESTION}",
    f"/otherwise?{QUESTION}",
    "/world?on=2025-06-02",
    f"/world?{QUESTION.replace('&to=CH', '')}",
    "/world/CH?on=2025-06-02",
    "/law",
    "/law/us-ear-2025-01-13-ai-diffusion",
    "/law/clause/lpp",
    "/law/compare",
    "/law/chips",
    "/news",
    "/news?q=H100",
    "/news/lookup",
    "/news/subscriptions",
)
SIGNED_IN = ("/account", "/orders", "/ledger", "/determinations", "/records", "/takedowns")
"""Pages for people who have signed in: of a folder of ours only, for somebody is added to it."""
CHECK = f"/api/v1/check?{QUESTION}&hq=CH&parent=CH"
API = (
    CHECK,
    "/api/v1/places?on=2025-06-02",
    "/api/v1/chips",
    "/api/v1/news?q=H100",
)


def main() -> int:
    """Print the table; 1 when a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = options.folder or demo_home(Path(temporary))
        settings = "api_per_minute = 1000000\n"
        if not options.folder:
            (home / "desk.toml").write_text(settings, encoding="utf-8")
        rows = timed(create_app(home, today=lambda: TODAY), options.times, signed_in=not options.folder)
        speeds = checks(create_app(home, today=lambda: TODAY), options.times * 20)
        findings = (
            []
            if options.no_browser
            else looked_at(
                create_app(home, today=lambda: TODAY), [r["page"] for r in rows if r["page"] not in SIGNED_IN]
            )
        )
    missed = [row["page"] for row in rows if row["median_ms"] > MOST_MILLISECONDS]
    if options.json:
        print(
            json.dumps(
                {"pages": rows, "checks": speeds, "findings": findings, "missed": missed}, ensure_ascii=False, indent=1
            )
        )
    else:
        table(rows, findings)
        print(limited_by(speeds))
    return 1 if missed or findings else 0


def demo_home(folder: Path) -> Path:
    """Capture the demo newsroom into a data folder."""
    with (
        newsroom() as site,
        Archive.open(folder, tagger=evidence.tagger(), entity_names=evidence.entity_names()) as archive,
    ):
        for page in site.pages:
            archive.add_address(
                site.url(page), at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), allow_private=True, category=page.category
            )
    return folder


def checks(app: Litestar, times: int) -> dict[str, float]:
    """Return decisions a second and core: from Python, one a request, and in batches of a thousand lines."""
    case = {"date": "2025-06-02", "basis": "written", "chip": "h100-sxm", "quantity": 2000, "destination": "CH"}
    case |= {"headquarters": "CH", "parent_headquarters": "CH"}
    line = json.dumps(case)
    batch = "\n".join([line] * 1000).encode()
    terms, statutes = Terms(), app.state.desk.statutes
    with TestClient(app) as client:

        def asked() -> None:
            client.get(CHECK).raise_for_status()

        def batched() -> None:
            client.post("/api/v1/check/batch", content=batch).raise_for_status()

        facts = {name: value for name, value in case.items() if name != "basis"}
        decided = rate(lambda: ask(statutes, facts, basis="written"), times * 10)
        written = rate(lambda: answer_line(statutes, line, 1, terms, "en"), times * 5)
        nothing = rate(lambda: client.get("/health").raise_for_status(), times)
        return {
            "decided": decided,
            "read_decided_written": written,
            "one_a_request": rate(asked, times),
            "request_without_a_question": nothing,
            "in_batches": rate(batched, max(times // 100, 2)) * 1000,
        }


def rate(work: Callable[[], object], times: int) -> float:
    """Return how often something is done in a second of CPU time, after once for warming up."""
    work()
    start = time.process_time()
    for _ in range(times):
        work()
    return times / (time.process_time() - start)


def limited_by(speeds: dict[str, float]) -> str:
    """Say what a check costs, part by part, in microseconds of CPU time."""
    cost = {name: 1e6 / speed for name, speed in speeds.items()}
    http = min(cost["request_without_a_question"] / cost["one_a_request"], 1)
    deciding = cost["decided"] / cost["read_decided_written"]
    one = f"{speeds['one_a_request']:,.0f} one a request ({http:.0%} of its {cost['one_a_request']:,.0f} us is HTTP)"
    many = (
        f"{speeds['in_batches']:,.0f} in batches ({deciding:.0%} of a line's {cost['in_batches']:,.0f} us is deciding)"
    )
    return f"checks a second and core: {one}, {many}, {speeds['decided']:,.0f} from Python"


def person(app: Litestar) -> dict[str, str]:
    """Add an officer and return the headers of their session."""
    people, now = app.state.desk.people, dt.datetime.now(dt.UTC)
    people.add("Bench", "officer", "a long enough password", at=now)
    token = people.sign_in("Bench", "a long enough password", client="bench", at=now)
    return {"cookie": f"{COOKIE}={token}"}


def timed(app: Litestar, times: int, *, signed_in: bool = False) -> list[dict[str, Any]]:
    """Ask for every page several times in each language; the first time is given apart."""
    rows = []
    session = person(app) if signed_in else {}
    with TestClient(app) as client:
        newest = client.get("/api/v1/news?limit=1").json()["items"]
        snapshots = [f"/news/{item['id']}" for item in newest]
        for path in (*PAGES, *snapshots, *(SIGNED_IN if signed_in else ()), *API):
            taken = []
            for number in range(times + 1):
                client.cookies.clear()
                start = time.perf_counter()
                answer = client.get(path, headers={"accept-language": ("en", "zh")[number % 2], **session})
                taken.append((time.perf_counter() - start) * 1000)
                answer.raise_for_status()
            median = statistics.median(taken[1:])
            rows.append(
                {
                    "page": path,
                    "median_ms": round(median, 1),
                    "first_ms": round(taken[0], 1),
                    "bytes": len(answer.content),
                }
            )
    return rows


def looked_at(app: Litestar, paths: list[str]) -> list[str]:
    """Open every page in a browser, in two languages and color schemes, with and without scripts."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - not needed with --no-browser
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    found = []
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        named = os.environ.get("LICET_CHROMIUM") or next(
            filter(None, map(shutil.which, ("chromium", "google-chrome"))), None
        )
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox", "--disable-gpu"])
        for locale, scheme in (("en-US", "light"), ("zh-CN", "dark")):
            view = browser.new_context(locale=locale, color_scheme=scheme).new_page()
            plain = browser.new_context(locale=locale, java_script_enabled=False).new_page()
            for path in (path for path in paths if not path.startswith("/api/")):
                view.goto(address + path)
                plain.goto(address + path)
                if view.locator("main").text_content() != plain.locator("main").text_content():
                    found.append(f"{path} ({locale}): another text without scripts")
                violations = Axe().run(view).response["violations"]
                found += [f"{path} ({locale}): {v['id']}: {v['help']}" for v in violations if v["impact"] in GRAVE]
        browser.close()
    server.should_exit = True
    thread.join(timeout=30)
    return found


def table(rows: list[dict[str, Any]], findings: list[str] | None) -> None:
    """Print the times, then what was found."""
    print(f"{'median ms':>10} {'first ms':>9} {'bytes':>8}  page (floor: {MOST_MILLISECONDS:g} ms at the median)")
    for row in rows:
        late = "  MISSED" if row["median_ms"] > MOST_MILLISECONDS else ""
        print(f"{row['median_ms']:>10} {row['first_ms']:>9} {row['bytes']:>8}  {row['page']}{late}")
    if findings is None:
        print("not looked at in a browser")
    else:
        print("\n".join(findings) or "nothing serious from axe; the same text without scripts")


if __name__ == "__main__":
    sys.exit(main())
