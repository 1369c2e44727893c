"""Profiles: what of a report is compared with others: words, characters or pairs, names, numbers, quoted titles.

Only the beginning of a long text counts: a report says first what it is about.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from licet.archive.finding.folding import fold, has_cjk
from licet.archive.finding.terms import is_cjk, runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.archive.finding.terms import Words
    from licet.archive.model import Article

LIMIT = {"zh": 240, "en": 6000}
"""How many characters of a text are read: of a Chinese one the title and its first sentences."""

LEAD = 300
"""How many characters of the beginning of an English text count twice."""

_SAMPLE = 400
_MOST_FACTS = 200
_ENGLISH = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:[.,:]\d+)*")
_NUMBER = re.compile(r"\d+(?:[.,:\-]\d+)*%?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_QUOTED = re.compile(r'[《「『“"]([^》」』”"\n]{2,30})[》」』”"]')
_RUBRIC = re.compile(r"\W*([^\W_]{2,8})\s*[:|丨│!?]")
_NAME_TAGS = ("nr", "ns", "nt", "nz")


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """What a report is compared by.

    ``words`` has each word, ``fine`` each Chinese character (English: each pair of neighboring words) with how often
    it stands there; ``names``, ``numbers``, ``years`` and ``quoted`` titles are sorted; ``length`` counts the letters
    of a Chinese and the words of an English text. Of a Chinese text alone: ``letters`` are its folded letters in a
    row, ``places`` the names of places, ``rubric`` what stands before the first colon or bar of the headline if it is
    short. A text of another language is taken for an English one.
    """

    lang: str
    words: dict[str, int]
    fine: dict[str, int]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    years: tuple[str, ...]
    quoted: tuple[str, ...]
    length: int
    letters: str = ""
    places: tuple[str, ...] = ()
    rubric: str = ""


def profile(article: Article, words: Words) -> Profile:
    """Return the profile of an article; ``words`` cuts Chinese. An empty text has an empty profile."""
    return profile_of_text(f"{article.title}\n{article.body}".strip(), words)


def profile_of_text(text: str, words: Words) -> Profile:
    """Return the profile of a text, the title being its first line."""
    if has_cjk(text[:_SAMPLE]):
        return _chinese(text[: LIMIT["zh"]], words)
    return _english(text[: LIMIT["en"]])


def _chinese(text: str, words: Words) -> Profile:
    folded = fold(text)
    tagged = words.tagged(folded)
    found = [word for word, _ in tagged if len(word) > 1 and runs(word)]
    names = {word for word, tag in tagged if len(word) > 1 and (tag[:2] in _NAME_TAGS or tag == "eng")}
    pieces = runs(folded)
    rubric = _RUBRIC.match(folded)
    characters: Counter[str] = Counter()
    for piece in pieces:
        characters.update(piece if is_cjk(piece) else [piece])
    return Profile(
        lang="zh",
        words=dict(Counter(found)),
        fine=dict(characters),
        names=_facts(names),
        numbers=_facts(_NUMBER.findall(folded)),
        years=_facts(_YEAR.findall(folded)),
        quoted=_facts(_QUOTED.findall(folded)),
        length=sum(map(len, pieces)),
        letters="".join(pieces),
        places=_facts(word for word, tag in tagged if len(word) > 1 and tag[:2] == "ns"),
        rubric=rubric[1] if rubric else "",
    )


def _english(text: str) -> Profile:
    found = _english_words(text)
    lower = {word.lower() for word in _ENGLISH.findall(text) if word[0].islower()}
    capitals = {word for word in _ENGLISH.findall(text) if word[0].isupper() and len(word) > 1}
    names = {stemmed(word.lower()) for word in capitals if word.lower() not in lower | _stop_words()}
    return Profile(
        lang="en",
        words=dict(Counter(found + _english_words(text[:LEAD]))),
        fine=dict(Counter(map("{} {}".format, found, found[1:]))),
        names=_facts(names),
        numbers=_facts(word for word in found if word[0].isdigit()),
        years=_facts(_YEAR.findall(text)),
        quoted=(),
        length=len(found),
    )


def _english_words(text: str) -> list[str]:
    stop = _stop_words()
    lowered = (word.lower() for word in _ENGLISH.findall(text) if len(word) > 1)
    return [stemmed(word) for word in lowered if word not in stop]


def stemmed(word: str) -> str:
    """Return an English word without the ending of its plural or genitive (the S-stemmer of Harman 1991)."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def _facts(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found))[:_MOST_FACTS])


@cache
def _stop_words() -> frozenset[str]:
    """Return words that say nothing about a topic."""
    return frozenset((resources.files("licet.archive") / "stopwords.txt").read_text(encoding="utf-8").split())
