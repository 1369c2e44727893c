"""Events, topics, copies and stories: ours by the product's own constants, others at their best on the scored file.

Pairs of one event and of one topic are judged as the archive judges them, word frequencies counted over the texts of
the file. Stories go through the archive's own tables, a report at a time. The others choose their threshold on the file
they are scored on, which flatters them.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter, defaultdict
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from rensa import RMinHash

from licet.archive.finding.folding import fold
from licet.archive.finding.terms import Words, runs
from licet.archive.model import Article
from licet.archive.relating import copies as near
from licet.archive.relating.frequencies import Frequencies
from licet.archive.relating.likeness import EVENT_AT, TOPIC_AT, Weighed, event, topic
from licet.archive.relating.profiles import profile_of_text
from parts import Row, lines
from parts.newsroom import Newsroom
from parts.template_news import notices

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from pathlib import Path

    from licet.archive.relating.profiles import Profile

Pair = tuple[str, str]
ORDERS = 3
_MOMENT = 1_700_000_000


class Task(NamedTuple):
    """What pairs are judged for, the floor, and how the archive judges: a chance from ``at`` on is yes."""

    name: str
    floor: float
    chance: Callable[[Weighed, Weighed], float]
    at: float


TASKS = (Task("same event", 0.56, event, EVENT_AT["zh"]), Task("same topic", 0.70, topic, TOPIC_AT["zh"]))


def measure(folder: Path, *, quick: bool) -> list[Row]:
    """Measure what the files in ``folder`` and our own template news allow."""
    words = Words()
    rows: list[Row] = []
    for task in TASKS:
        pairs = lines(folder / f"zh_{task.name.replace(' ', '_')}_pairs.jsonl")[: 1500 if quick else None]
        if pairs:
            rows.append(_judged(task, pairs, words))
    clustered = lines(folder / "en_event_clusters.jsonl")
    if clustered:
        rows += _stories(clustered[: 150 if quick else None])
    for lang in ("zh", "en"):
        documents = lines(folder / f"{lang}_neardup_docs.jsonl")
        known = {_sorted(one["a"], one["b"]) for one in lines(folder / f"{lang}_neardup_pairs.jsonl")}
        if documents and known:
            texts = {one["id"]: one["text"] for one in documents[: 800 if quick else None]}
            known = {pair for pair in known if set(pair) <= texts.keys()}
            rows += _copied(f"near-copies, {lang}", texts, known, floor=0.99 if lang == "zh" else None)
    return rows + _template(quick=quick)


# Judged pairs


def _judged(task: Task, pairs: list[dict[str, Any]], words: Words) -> Row:
    """Judge pairs of texts, ``label`` 1 for those that belong together; F1."""
    texts = {text for one in pairs for text in (one["a"], one["b"])}
    profiles = {text: profile_of_text(text, words) for text in sorted(texts)}
    frequencies = Frequencies.over(profiles.values())
    weighed = {text: Weighed(one, frequencies.idf) for text, one in profiles.items()}
    labels = [int(one["label"]) for one in pairs]
    ours = [task.chance(weighed[one["a"]], weighed[one["b"]]) >= task.at for one in pairs]
    baselines = {}
    for title, score in _pair_baselines(profiles, weighed).items():
        baselines[title] = _best_f1([score(one["a"], one["b"]) for one in pairs], labels)
    detail = f"{len(pairs):,} pairs, {sum(labels):,} of them so"
    return Row(f"{task.name}, F1", _f1(ours, labels), task.floor, detail=detail, baselines=baselines)


def _pair_baselines(
    profiles: Mapping[str, Profile], weighed: Mapping[str, Weighed]
) -> dict[str, Callable[[str, str], float]]:
    """Return scores of others for two texts."""
    pairs = {text: Counter(_bigrams(text)) for text in profiles}
    common = Counter(term for counts in pairs.values() for term in counts)
    total = len(pairs)
    vectors = {
        text: _unit(counts, lambda t: math.log((total + 1) / (common[t] + 0.5))) for text, counts in pairs.items()
    }
    prints = {text: _simhash(counts) for text, counts in pairs.items()}
    return {
        "TF-IDF cosine, rjieba words": lambda a, b: _dot(weighed[a].words, weighed[b].words),
        "TF-IDF cosine, bigrams": lambda a, b: _dot(vectors[a], vectors[b]),
        "Jaccard, bigrams": lambda a, b: _jaccard(pairs[a].keys(), pairs[b].keys()),
        "SimHash64": lambda a, b: -float((prints[a] ^ prints[b]).bit_count()),
    }


def _bigrams(text: str) -> Iterable[str]:
    for run in runs(fold(text)):
        yield from map(str.__add__, run, run[1:]) if not run.isascii() and len(run) > 1 else [run]


def _unit(counts: Mapping[str, int], idf: Callable[[str], float]) -> dict[str, float]:
    found = {term: (1 + math.log(count)) * idf(term) for term, count in counts.items()}
    norm = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {term: value / norm for term, value in found.items()}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other[term] for term, value in one.items() if term in other)


def _jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    first, second = set(one), set(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def _simhash(counts: Mapping[str, int]) -> int:
    """Return the 64-bit fingerprint of Charikar 2002."""
    sums = [0] * 64
    for term, count in counts.items():
        value = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest())
        for bit in range(64):
            sums[bit] += count if value >> bit & 1 else -count
    return sum(1 << bit for bit in range(64) if sums[bit] > 0)


def _f1(found: list[bool], labels: list[int]) -> float:
    right = sum(label for one, label in zip(found, labels, strict=True) if one)
    return 2 * right / ((sum(found) + sum(labels)) or 1)


def _best_f1(scores: list[float], labels: list[int]) -> float:
    """Return F1 at the threshold that suits these labels best."""
    best, right, wanted = 0.0, 0, sum(labels)
    ordered = sorted(zip(scores, labels, strict=True), reverse=True)
    for place, (score, label) in enumerate(ordered, start=1):
        right += label
        if place == len(ordered) or ordered[place][0] != score:
            best = max(best, 2 * right / (place + wanted))
    return best


# Stories


def _stories(documents: list[dict[str, Any]]) -> list[Row]:
    """Let the archive make stories of documents, in the file's order and others; B-cubed F1 (Bagga, Baldwin 1998)."""
    gold = {one["id"]: str(one["event"]) for one in documents}
    texts = {one["id"]: one["text"] for one in documents}
    ids = list(texts)
    began = time.process_time()
    found = Newsroom(texts).stories(ids, _MOMENT)
    pace = len(ids) / (time.process_time() - began)
    mixed = []
    for seed in range(ORDERS):
        order = Random(seed).sample(ids, len(ids))
        mixed.append(Newsroom(texts).stories(order, _MOMENT))
    others = {"single pass, TF-IDF cosine only": _best_single_pass(texts, gold)}
    f1 = b_cubed(found, gold)
    detail = f"{len(ids)} documents, {len(set(gold.values()))} events"
    return [
        Row(
            "stories, B³ F1",
            f1,
            0.91,
            detail=detail,
            baselines=others,
        ),
        Row("stories in other orders, mean B³ F1", sum(b_cubed(one, gold) for one in mixed) / ORDERS),
        Row("stories in two orders, B³ of one to the other", sum(b_cubed(one, found) for one in mixed) / ORDERS),
        Row("reports grouped", pace, unit="a CPU-second"),
    ]


def b_cubed(found: Mapping[str, Hashable], gold: Mapping[str, Hashable]) -> float:
    """Return the F1 of B-cubed precision and recall."""
    ours, true = defaultdict(set), defaultdict(set)
    for one in gold:
        ours[found[one]].add(one)
        true[gold[one]].add(one)
    both = {one: len(ours[found[one]] & true[gold[one]]) for one in gold}
    precision = sum(both[one] / len(ours[found[one]]) for one in gold) / len(gold)
    recall = sum(both[one] / len(true[gold[one]]) for one in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)


def _best_single_pass(texts: Mapping[str, str], gold: Mapping[str, str]) -> float:
    """Return the best B-cubed F1 of a single pass with average link over word cosines alone."""
    words = Words()
    profiles = {one: profile_of_text(text, words) for one, text in texts.items()}
    frequencies = Frequencies.over(profiles.values())
    weighed = {one: Weighed(profile, frequencies.idf) for one, profile in profiles.items()}
    ids = list(texts)
    alike = {(a, b): _dot(weighed[a].words, weighed[b].words) for n, a in enumerate(ids) for b in ids[:n]}
    return max(b_cubed(_single_pass(ids, alike, at / 100), gold) for at in range(8, 26, 2))


def _single_pass(ids: list[str], alike: Mapping[Pair, float], at: float) -> dict[str, int]:
    clusters: list[list[str]] = []
    for one in ids:
        links = [(sum(alike[one, other] for other in cluster) / len(cluster), -n) for n, cluster in enumerate(clusters)]
        best, place = max(links, default=(0.0, 0))
        if best >= at:
            clusters[-place].append(one)
        else:
            clusters.append([one])
    return {one: n for n, cluster in enumerate(clusters) for one in cluster}


# Copies


def _sorted(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _copied(name: str, texts: Mapping[str, str], known: set[Pair], *, floor: float | None) -> list[Row]:
    found, pace = _our_pairs({one: Article(body=text) for one, text in texts.items()})
    precision, recall, f1 = _figures(found, known)
    baselines = {"MinHash, 32 bands of 4 rows": _minhash(texts, known), "SimHash64": _simhash_pairs(texts, known)}
    detail = f"{len(texts):,} texts, {len(known):,} pairs; P {precision:.3f} R {recall:.3f}"
    return [
        Row(f"{name}, F1", f1, floor, detail=detail, baselines=baselines),
        Row(f"{name}, signatures", pace, unit="a CPU-second"),
    ]


def _template(*, quick: bool) -> list[Row]:
    made, known = notices(each=12 if quick else 40)
    found, _ = _our_pairs({one.id: Article(title=one.title, body=one.body) for one in made})
    precision, recall, _ = _figures(found, known)
    texts = {one.id: one.body for one in made}
    detail = f"{len(made):,} notices of our own, {len(known):,} pairs"
    baselines = {"containment alone": _figures(_contained(texts), known)[0]}
    return [
        Row("template news, precision", precision, 0.98, detail=detail, baselines=baselines),
        Row("template news, recall", recall, detail=detail),
    ]


def _our_pairs(articles: Mapping[str, Article]) -> tuple[set[Pair], float]:
    """Return the pairs that the archive takes for copies, and signatures a CPU-second."""
    texts = {one: near.text_of(article) for one, article in articles.items()}
    began = time.process_time()
    signatures = {one: near.bands(text.pieces) for one, text in texts.items()}
    pace = len(texts) / (time.process_time() - began)
    return {pair for pair in _candidates(signatures) if near.shared(texts[pair[0]], texts[pair[1]])}, pace


def _candidates(signatures: Mapping[str, Iterable[Hashable]]) -> set[Pair]:
    buckets: dict[Hashable, list[str]] = defaultdict(list)
    for one, bands in signatures.items():
        for band in bands:
            buckets[band].append(one)
    return {_sorted(a, b) for bucket in buckets.values() for n, a in enumerate(bucket) for b in bucket[:n]}


def _contained(texts: Mapping[str, str]) -> set[Pair]:
    pieces = {one: near.pieces(near.letters(text)) for one, text in texts.items()}
    pairs = _candidates({one: near.bands(found) for one, found in pieces.items()})
    return {(a, b) for a, b in pairs if near.contained(pieces[a], pieces[b]) >= near.CONTAINED}


def _figures(found: set[Pair], known: set[Pair]) -> tuple[float, float, float]:
    right = len(found & known)
    precision, recall = right / (len(found) or 1), right / (len(known) or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def _minhash(texts: Mapping[str, str], known: set[Pair]) -> float:
    """Return the best F1 of the estimated Jaccard over candidates of 32 bands of 4 rows, pieces of five letters."""
    digests = {}
    for one, text in texts.items():
        letters = near.letters(text)
        minhash = RMinHash(128, 1)
        minhash.update([letters[at : at + 5] for at in range(max(1, len(letters) - 4))])
        digests[one] = minhash.digest()
    pairs = _candidates({one: [(n, *d[n : n + 4]) for n in range(0, 128, 4)] for one, d in digests.items()})
    scores = {pair: sum(map(int.__eq__, digests[pair[0]], digests[pair[1]])) / 128 for pair in pairs}
    return max(_figures({pair for pair, s in scores.items() if s >= at / 20}, known)[2] for at in range(20))


def _simhash_pairs(texts: Mapping[str, str], known: set[Pair]) -> float:
    """Return the F1 of fingerprints of which at most 12 of 64 bits differ, candidates sharing ten neighboring bits."""
    prints = {one: _simhash(Counter(_bigrams(text))) for one, text in texts.items()}
    pairs = _candidates({one: [(n, value >> n & 0x3FF) for n in range(0, 60, 5)] for one, value in prints.items()})
    return _figures({(a, b) for a, b in pairs if (prints[a] ^ prints[b]).bit_count() <= 12}, known)[2]
