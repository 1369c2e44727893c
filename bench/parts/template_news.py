"""Notices of one form, made from a seed: what most near-copy finders take for copies. Every word is our own.

The forms stand in ``template_news.txt``: closings of a market, rates of exchange, weather, draws of a lottery, results
of games, earthquakes, company notices, in Chinese and English. ``<a|b>`` is one of several, ``<n LOW HIGH PLACES>`` a
number, ``<day a>`` and ``<city_zh a>`` are the same wherever ``a`` stands. Some notices are carried on by others, with
a dateline, a sentence less, other marks: those pairs are the true copies.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

SEED = 20_250_228
FORMS = Path(__file__).with_suffix(".txt")
_SLOT = re.compile(r"<([^<>]+)>")


class Notice(NamedTuple):
    """A text with its id and language."""

    id: str
    lang: str
    title: str
    body: str


def notices(each: int = 40, seed: int = SEED) -> tuple[list[Notice], set[tuple[str, str]]]:
    """Return ``each`` notices of every form with their copies, mixed, and the pairs (sorted) that are copies."""
    random = Random(seed)
    *forms, names = FORMS.read_text(encoding="utf-8").strip().split("\n\n")
    lists = {name: rest.split() for name, _, rest in (line.partition(" ") for line in names.split("\n")[1:])}
    found: list[Notice] = []
    pairs: set[tuple[str, str]] = set()
    for form in forms:
        head, title, body = form.split("\n")
        kind, lang = head.split()
        for number in range(each):
            filled = _filled(f"{title}\n{body}", lang, lists, random).split("\n")
            original = Notice(f"{kind}-{lang}-{number}", lang, *filled)
            group = [original, *(_copy(original, n, lists, random) for n in range(random.choice((0, 0, 1, 2))))]
            found += group
            pairs |= {(a.id, b.id) for a in group for b in group if a.id < b.id}
    random.shuffle(found)
    return found, pairs


def _filled(text: str, lang: str, lists: dict[str, list[str]], random: Random) -> str:
    kept: dict[str, date | str] = {}

    def fill(match: re.Match[str]) -> str:
        kind, *arguments = match[1].split(" ")
        if kind == "n":
            low, high, places = arguments
            return f"{random.uniform(float(low), float(high)):.{places}f}"
        if kind == "balls":
            return " ".join(f"{n:02}" for n in sorted(random.sample(range(1, int(arguments[0])), int(arguments[1]))))
        if kind in ("day", "year"):
            day = kept.setdefault(f"day {arguments[0]}", _day(random))
            return _written(day, lang) if kind == "day" else f"{day:%Y}"
        if kind in lists:
            return str(kept.setdefault(match[1], random.choice(lists[kind])))
        return random.choice(match[1].split("|"))

    return _SLOT.sub(fill, text)


def _copy(original: Notice, number: int, lists: dict[str, list[str]], random: Random) -> Notice:
    """Carry a notice on: with a dateline, a sentence less or other marks, a line at the end."""
    stop = "。" if original.lang == "zh" else ". "
    sentences = [s for s in original.body.split(stop) if s.strip()]
    if len(sentences) > 3 and random.random() < 0.5:
        del sentences[random.randrange(1, len(sentences))]
    body = stop.join(sentences).rstrip(".") + stop.strip()
    city = random.choice(lists[f"city_{original.lang}"])
    if original.lang == "zh":
        if random.random() < 0.5:
            body = body.replace(",", "，").replace(":", "：").replace("。", ". ")
        end = random.choice(("", "(责任编辑:夜班)", "本文为转载,不代表本站看法。"))
        body = f"{city}{_written(_day(random), 'zh')}电 {body}{end}"
    else:
        body = f"{city.upper()}, {_written(_day(random), 'en')} - {body}" + random.choice(("", " (Night desk)"))
    return Notice(f"{original.id}-c{number}", original.lang, original.title, body)


def _day(random: Random) -> date:
    return date(2024, 1, 1) + timedelta(days=random.randrange(700))


def _written(day: date | str, lang: str) -> str:
    return f"{day:%-m月%-d日}" if lang == "zh" else f"{day:%B %-d}"
