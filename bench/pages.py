"""Score the reading of news pages against a folder of pages with known truth, beside two peers in the same run.

usage: pages.py FOLDER [--json] [--no-peers]

FOLDER holds ID.html.gz (or ID.html) and ID.json pairs: lang, title, body, published, author, source, url. Body is the
F1 of mean precision and mean recall over 4-token pieces, a Chinese character being a token; title is equality after
folding width, case and punctuation; day and minute are equality with the printed time; author is any name that agrees;
source (Chinese pages) is one containing the other. Fields without truth are left out. Exits 1 when a floor is missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from licet.archive.extraction import EXTRACTOR, extract
from licet.errors import LicetError

FLOORS = {
    "zh": {"body": 0.950, "title": 0.96, "day": 0.97, "minute": 0.93, "source": 0.80, "author": 0.60},
    "en": {"body": 0.962, "title": 0.78, "day": 0.96, "author": 0.83},
}
PACE_FLOOR = 20.0
FIELDS = ("body", "precision", "recall", "title", "day", "minute", "author", "source")
_HAN = "㐀-鿿豈-﫿"
_TOKENS = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_DAY = re.compile(r"((?:19|20)\d\d)\D+(\d{1,2})\D+(\d{1,2})")
_TIME = re.compile(r"\D+(\d{1,2}):(\d\d)")

Answer = dict[str, Any]


def pieces(text: str | None) -> Counter[tuple[str, ...]]:
    """Return the 4-token pieces of a text with their counts; a shorter text is one piece."""
    tokens = _TOKENS.findall(text or "")
    if not tokens:
        return Counter()
    return Counter(zip(*(tokens[n:] for n in range(4)), strict=False)) if len(tokens) > 3 else Counter([tuple(tokens)])


def plain(text: str | None) -> str:
    """Return a text with width and case folded, without marks and spaces."""
    wide = unicodedata.normalize("NFKC", text or "")
    return "".join(c for c in wide if re.match(r"[^\W_]", c)).lower()


def moment(text: str | None) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Return the day of a printed time, and day with hour and minute, each None where it is not there."""
    day = _DAY.search(text or "")
    if not day:
        return None, None
    clock = _TIME.match(text or "", day.end())
    date = tuple(map(int, day.groups()))
    return date, (*date, *map(int, clock.groups())) if clock else None


def agrees(one: str, other: str) -> bool:
    """Say whether one folded name contains the other."""
    return one != "" and other != "" and (one in other or other in one)


def page_score(truth: Answer, answer: Answer) -> dict[str, float]:
    """Return the figures of one page, for the fields that have truth."""
    figures: dict[str, float] = {}
    wanted, got = pieces(truth["body"]), pieces(answer.get("body"))
    common = sum((wanted & got).values())
    if wanted:
        figures["recall"] = common / wanted.total()
    figures["precision"] = common / got.total() if got else 0.0
    if truth.get("title"):
        figures["title"] = plain(truth["title"]) == plain(answer.get("title"))
    day, minute = moment(truth.get("published"))
    answered_day, answered_minute = moment(answer.get("published"))
    if day:
        figures["day"] = day == answered_day
    if minute and minute[3:] != (0, 0):
        figures["minute"] = minute == answered_minute
    if truth.get("author"):
        names = [plain(name) for name in answer.get("author") or []]
        figures["author"] = any(agrees(plain(name), other) for name in truth["author"] for other in names)
    if truth.get("source") and truth["lang"] == "zh":
        figures["source"] = agrees(plain(truth["source"]), plain(answer.get("source")))
    return {field: float(value) for field, value in figures.items()}


def score(truths: list[Answer], answers: dict[str, Answer]) -> dict[str, tuple[float, int]]:
    """Return, for pages of one language, each field's mean and the number of pages behind it."""
    columns: dict[str, list[float]] = {}
    for truth in truths:
        for field, value in page_score(truth, answers.get(truth["id"], {})).items():
            columns.setdefault(field, []).append(value)
    figures = {field: (sum(values) / len(values), len(values)) for field, values in columns.items()}
    if "precision" in figures and "recall" in figures:
        (p, n), (r, _) = figures["precision"], figures["recall"]
        figures["body"] = (2 * p * r / (p + r) if p + r else 0.0, n)
    return figures


def own(page: bytes, truth: Answer) -> Answer:
    """Read a page with Licet."""
    try:
        article = extract(page, url=truth.get("url"))
    except LicetError:
        return {}
    return {
        "title": article.title,
        "body": article.body,
        "published": article.published,
        "author": list(article.author),
        "source": article.source,
    }


def by_trafilatura(page: bytes, truth: Answer) -> Answer:
    """Read a page with trafilatura as it comes."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - its start is not part of ours

    found = bare_extraction(page, url=truth.get("url"), include_comments=False, with_metadata=True)
    if found is None:
        return {}
    names = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {
        "title": found.title,
        "body": found.text,
        "published": found.date,
        "author": names,
        "source": found.sitename,
    }


def by_readability(page: bytes, _: Answer) -> Answer:
    """Read a page with readability-lxml as it comes: title and body are all it gives."""
    from lxml.html import fromstring  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415

    from licet.archive.extraction.encoding import decode  # noqa: PLC0415

    try:
        document = Document(decode(page)[0])
        body = fromstring(document.summary()).text_content()
        return {"title": document.short_title(), "body": body}
    except Exception:  # noqa: BLE001 - a peer may fail in any way; the page then counts as unread
        return {}


READERS = {"licet": own, "trafilatura": by_trafilatura, "readability-lxml": by_readability}


def load(folder: Path) -> list[tuple[Answer, bytes]]:
    """Return every page of the folder with its truth."""
    pages = []
    for path in sorted(folder.glob("*.json")):
        packed, open_ = path.with_suffix(".html.gz"), path.with_suffix(".html")
        if packed.exists() or open_.exists():
            page = gzip.decompress(packed.read_bytes()) if packed.exists() else open_.read_bytes()
            truth = json.loads(path.read_text(encoding="utf-8"))
            truth["id"] = path.stem
            pages.append((truth, page))
    return pages


def measure(name: str, pages: list[tuple[Answer, bytes]]) -> tuple[dict[str, Answer], float]:
    """Read all pages; return the answers, and pages per second of CPU time after one page to warm up."""
    read = READERS[name]
    for truth, page in pages[:1]:
        read(page, truth)
    start = time.process_time()
    answers = {truth["id"]: read(page, truth) for truth, page in pages}
    return answers, len(pages) / max(time.process_time() - start, 1e-9)


def run(pages: list[tuple[Answer, bytes]], names: list[str]) -> dict[str, Any]:
    """Measure each reader and return its figures by language, and what misses a floor."""
    result: dict[str, Any] = {"pages": len(pages), "extractor": EXTRACTOR, "readers": {}, "missed": []}
    languages = [lang for lang in FLOORS if any(truth["lang"] == lang for truth, _ in pages)]
    for name in names:
        answers, pace = measure(name, pages)
        figures = {lang: score([t for t, _ in pages if t["lang"] == lang], answers) for lang in languages}
        result["readers"][name] = {"pages_per_cpu_second": pace, **figures}
    mine = result["readers"]["licet"]
    for lang in languages:
        for field, floor in FLOORS[lang].items():
            value, count = mine[lang].get(field, (0.0, 0))
            if count and value < floor:
                result["missed"].append(f"{lang} {field} {value:.3f} < {floor:.3f}")
    if mine["pages_per_cpu_second"] < PACE_FLOOR:
        result["missed"].append(f"pace {mine['pages_per_cpu_second']:.1f} < {PACE_FLOOR:.0f} pages a CPU-second")
    return result


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{result['pages']} pages, extractor {result['extractor']}")
    for lang in FLOORS:
        print(f"\n{lang:18}" + "".join(f"{field:>16}" for field in FIELDS) + f"{'pages/CPU-s':>14}")
        for name, figures in result["readers"].items():
            cells = (figures.get(lang, {}).get(field) for field in FIELDS)
            row = "".join(f"{f'{cell[0]:.3f} ({cell[1]})' if cell else '-':>16}" for cell in cells)
            print(f"{name:18}{row}{figures['pages_per_cpu_second']:14.1f}")
    print("\n" + ("missed: " + "; ".join(result["missed"]) if result["missed"] else "every floor is held"))


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    pages = load(options.folder)
    if not pages:
        print(f"no pages in {options.folder}: it needs ID.html.gz and ID.json pairs", file=sys.stderr)
        return 1
    result = run(pages, ["licet"] if options.no_peers else list(READERS))
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        show(result)
    return 1 if result["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
