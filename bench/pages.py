"""Score the reading of news pages against a folder of pages with known truth, beside three peers in the same run.

usage: pages.py FOLDER [--json] [--no-peers]

FOLDER holds ID.html.gz (or ID.html) and ID.json pairs: lang, title, body, published, author, source, url. Body is the
F1 of mean precision and mean recall over 4-token pieces, a Chinese character being a token; title is equality after
folding width, case and punctuation; day and minute are equality with the printed time; author is any name that agrees;
source (Chinese pages) is one containing the other. Fields without truth are left out.

The paired comparison takes, for each field and language, the peer with the best mean, and gives the mean over pages of
ours minus theirs (for the body each page's own F1) with a bootstrap interval of 95 %. The calibration gives, for each
field, how often we were right in each band of our own confidence.

gne runs as a program of its own with the Python in LICET_PEERS (or .venv-peers beside the checkout); without it, it is
left out. Exits 1 when a floor is missed, a peer's mean is above ours, or a page of the folder could not be used.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import time
import unicodedata
import zlib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from licet.archive.extraction import EXTRACTOR, extract
from licet.archive.extraction.encoding import decode
from licet.errors import LicetError

FLOORS = {
    "zh": {"body": 0.950, "title": 0.96, "day": 0.97, "minute": 0.93, "source": 0.80, "author": 0.60},
    "en": {"body": 0.962, "title": 0.78, "day": 0.96, "author": 0.83},
}
PACE_FLOOR = 20.0
FIELDS = ("body", "precision", "recall", "title", "day", "minute", "author", "source")
PAIRED = ("body", "title", "day", "minute", "author", "source")
CLAIMS = {"body": "body", "title": "title", "day": "published", "author": "author", "source": "source"}
BANDS = (0.0, 0.5, 0.7, 0.85, 0.93, 1.01)
RESAMPLES = 2_000
_PEERS = Path(os.environ.get("LICET_PEERS") or Path(__file__).resolve().parent.parent / ".venv-peers")
_HAN = "㐀-鿿豈-﫿"
_TOKENS = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_DAY = re.compile(r"((?:19|20)\d\d)\D+(\d{1,2})\D+(\d{1,2})")
_TIME = re.compile(r"\D+(\d{1,2}):(\d\d)")

Answer = dict[str, Any]
Pages = list[tuple[Answer, bytes]]


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
    wanted, got = pieces(truth.get("body")), pieces(answer.get("body"))
    if wanted:
        common = sum((wanted & got).values())
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
        figures["body"] = (harmonic(p, r), n)
    return figures


def harmonic(precision: float, recall: float) -> float:
    """Return the F1 of a precision and a recall."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def by_page(truths: list[Answer], answers: dict[str, Answer]) -> list[dict[str, float]]:
    """Return the figures of each page, the body's F1 its own."""
    rows = []
    for truth in truths:
        row = page_score(truth, answers.get(truth["id"], {}))
        if "precision" in row:
            row["body"] = harmonic(row["precision"], row["recall"])
        rows.append(row)
    return rows


def paired(ours: list[dict[str, float]], peers: dict[str, list[dict[str, float]]]) -> dict[str, Answer]:
    """Compare ours with the peer that has the best mean, field by field.

    Gives the peer's name, the number of pages, the mean of ours minus theirs, and the ends of its bootstrap interval
    (95 %, percentile method, 2,000 resamples of pages, the same ones in every run).
    """
    result: dict[str, Answer] = {}
    for field in PAIRED:
        rows = [n for n, row in enumerate(ours) if field in row]
        means = {name: sum(theirs[n][field] for n in rows) for name, theirs in peers.items()}
        if not rows or not means:
            continue
        best = max(means, key=lambda name: means[name])
        differences = [ours[n][field] - peers[best][n][field] for n in rows]
        low, high = interval(differences)
        mean = sum(differences) / len(differences)
        result[field] = {"peer": best, "pages": len(rows), "difference": mean, "low": low, "high": high}
    return result


def interval(values: list[float]) -> tuple[float, float]:
    """Return the ends of the 95 % bootstrap interval of a mean."""
    draw = random.Random(20250228)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def calibration(
    rows: list[dict[str, float]], answers: list[Answer]
) -> dict[str, list[tuple[float, float, float, int]]]:
    """Return for each field its bands of confidence: from, mean confidence, mean correctness, pages."""
    result: dict[str, list[tuple[float, float, float, int]]] = {}
    for field, claim in CLAIMS.items():
        pairs = [
            (answer.get("confidence", {}).get(claim, 0.0), row[field])
            for row, answer in zip(rows, answers, strict=True)
            if field in row
        ]
        for start, end in pairwise(BANDS):
            band = [(sure, right) for sure, right in pairs if start <= sure < end]
            if band:
                sure, right = (sum(column) / len(band) for column in zip(*band, strict=True))
                result.setdefault(field, []).append((start, sure, right, len(band)))
    return result


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
        "confidence": article.confidence,
    }


def by_trafilatura(page: bytes, truth: Answer) -> Answer:
    """Read a page with trafilatura as it comes."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - its start is not part of ours

    try:
        found = bare_extraction(page, url=truth.get("url"), include_comments=False, with_metadata=True)
    except Exception:  # noqa: BLE001 - a peer may fail in any way; the page then counts as unread
        return {}
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

    try:
        document = Document(decode(page)[0])
        body = fromstring(document.summary()).text_content()
        return {"title": document.short_title(), "body": body}
    except Exception:  # noqa: BLE001 - a peer may fail in any way; the page then counts as unread
        return {}


READERS = {"licet": own, "trafilatura": by_trafilatura, "readability-lxml": by_readability}
GNE = "gne"


def by_gne(pages: Pages) -> tuple[dict[str, Answer], float] | None:
    """Read all pages with gne, a program of its own; None, and a line that says so, where it is not there or fails."""
    python = _PEERS / "bin" / "python"
    if not python.exists():
        print("gne is left out: no peers' environment (make peers, or LICET_PEERS)", file=sys.stderr)
        return None
    lines = "".join(json.dumps({"id": t["id"], "html": decode(page)[0]}) + "\n" for t, page in [*pages[:1], *pages])
    script = str(Path(__file__).resolve().with_name("gne_reader.py"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(python), script], input=lines, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        print(f"gne is left out: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    found = [json.loads(line) for line in done.stdout.splitlines()][1:]
    return {answer["id"]: answer for answer in found}, len(found) / max(sum(a["seconds"] for a in found), 1e-9)


def load(folder: Path) -> tuple[Pages, list[str]]:
    """Return every page of the folder with its truth, and a line for each pair that cannot be used."""
    pages: Pages = []
    left_out: list[str] = []
    for path in sorted(folder.glob("*.json")):
        packed, open_ = path.with_suffix(".html.gz"), path.with_suffix(".html")
        if not (packed.exists() or open_.exists()):
            continue
        try:
            page = gzip.decompress(packed.read_bytes()) if packed.exists() else open_.read_bytes()
            truth = checked(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, EOFError, zlib.error, ValueError) as error:
            left_out.append(f"{path.stem}: {error}")
            continue
        pages.append((truth | {"id": path.stem}, page))
    return pages, left_out


def checked(truth: Any) -> Answer:
    """Return the truth of a page with every field that the scorer reads; ValueError if it is not of the form."""
    if not isinstance(truth, dict):
        raise ValueError("the truth is no JSON object")  # noqa: TRY004 - caught with what JSON and gzip raise
    texts: dict[str, Any] = {name: truth.get(name) for name in ("title", "body", "published", "source", "url", "lang")}
    wrong = [name for name, value in texts.items() if not isinstance(value, str | None)]
    author = truth.get("author") or []
    author = [author] if isinstance(author, str) else author
    if wrong or not isinstance(author, list) or not all(isinstance(name, str) for name in author):
        raise ValueError(f"{', '.join(wrong) or 'author'} is not of the form that this bench reads")
    return {**texts, "lang": texts["lang"] or "other", "author": author}


def measure(name: str, pages: Pages) -> tuple[dict[str, Answer], float]:
    """Read all pages; return the answers, and pages per second of CPU time after one page to warm up."""
    read = READERS[name]
    for truth, page in pages[:1]:
        read(page, truth)
    start = time.process_time()
    answers = {truth["id"]: read(page, truth) for truth, page in pages}
    return answers, len(pages) / max(time.process_time() - start, 1e-9)


def read_all(pages: Pages, *, peers: bool) -> dict[str, tuple[dict[str, Answer], float]]:
    """Read the pages with every reader that is there."""
    found = {name: measure(name, pages) for name in (READERS if peers else ["licet"])}
    if peers and (gne := by_gne(pages)) is not None:
        found[GNE] = gne
    return found


def run(pages: Pages, *, peers: bool) -> dict[str, Any]:
    """Measure each reader and return its figures by language, the paired comparison, and what misses a floor."""
    result: dict[str, Any] = {"pages": len(pages), "extractor": EXTRACTOR, "readers": {}, "paired": {}, "missed": []}
    result["calibration"] = {}
    found = read_all(pages, peers=peers)
    languages = sorted({truth["lang"] for truth, _ in pages}, key=lambda lang: (lang not in FLOORS, lang == "en", lang))
    of = {lang: [truth for truth, _ in pages if truth["lang"] == lang] for lang in languages}
    for name, (answers, pace) in found.items():
        figures = {lang: score(of[lang], answers) for lang in languages}
        result["readers"][name] = {"pages_per_cpu_second": pace, **figures}
    for lang in languages:
        rows = {name: by_page(of[lang], answers) for name, (answers, _) in found.items()}
        mine = rows.pop("licet")
        result["paired"][lang] = paired(mine, rows)
        answers = found["licet"][0]
        result["calibration"][lang] = calibration(mine, [answers[truth["id"]] for truth in of[lang]])
    result["missed"] = missed(result, languages)
    return result


def missed(result: dict[str, Any], languages: list[str]) -> list[str]:
    """Say what misses a floor, and where a peer is better."""
    mine, found = result["readers"]["licet"], []
    for lang in languages:
        for field, floor in FLOORS.get(lang, {}).items():
            value, count = mine[lang].get(field, (0.0, 0))
            if count and value < floor:
                found.append(f"{lang} {field} {value:.3f} < {floor:.3f}")
        if lang in FLOORS:
            found += [
                f"{lang} {field} below {row['peer']} by {-row['difference']:.3f}"
                for field, row in result["paired"][lang].items()
                if row["difference"] < 0
            ]
    if mine["pages_per_cpu_second"] < PACE_FLOOR:
        found.append(f"pace {mine['pages_per_cpu_second']:.1f} < {PACE_FLOOR:.0f} pages a CPU-second")
    return found


def show(result: dict[str, Any]) -> None:
    """Print the tables."""
    print(f"{result['pages']} pages, extractor {result['extractor']}")
    for lang in result["paired"]:
        print(f"\n{lang:18}" + "".join(f"{field:>16}" for field in FIELDS) + f"{'pages/CPU-s':>14}")
        for name, figures in result["readers"].items():
            cells = (figures.get(lang, {}).get(field) for field in FIELDS)
            row = "".join(f"{f'{cell[0]:.3f} ({cell[1]})' if cell else '-':>16}" for cell in cells)
            print(f"{name:18}{row}{figures['pages_per_cpu_second']:14.1f}")
    print("\npaired: ours minus the best peer, by page")
    for lang, fields in result["paired"].items():
        for field, row in fields.items():
            span = f"{row['low']:+.3f} to {row['high']:+.3f}"
            word = "below" if row["difference"] < 0 else "apart" if row["low"] > 0 else "not apart"
            print(
                f"  {lang} {field:8} {row['peer']:18}{row['difference']:+.3f}  [{span}]  {row['pages']:4} pages  {word}"
            )
    print("\nconfidence: mean of what we claimed, and of what was right, by band")
    for lang, fields in result["calibration"].items():
        for field, bands in fields.items():
            cells = "  ".join(f"{start:.2f}+: {sure:.2f}/{right:.2f} ({count})" for start, sure, right, count in bands)
            print(f"  {lang} {field:8} {cells}")
    print("\n" + ("missed: " + "; ".join(result["missed"]) if result["missed"] else "every floor is held"))


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    pages, left_out = load(options.folder)
    for line in left_out:
        print(f"left out {line}", file=sys.stderr)
    if not pages:
        print(f"no pages in {options.folder}: it needs ID.html.gz and ID.json pairs", file=sys.stderr)
        return 1
    result = run(pages, peers=not options.no_peers) | {"left_out": left_out}
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        show(result)
    return 1 if result["missed"] or left_out else 0


if __name__ == "__main__":
    sys.exit(main())
