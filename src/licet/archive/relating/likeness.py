"""How alike two reports are: a logistic combination of what they share.

What is compared: the words and the finer pieces (characters, English word pairs) by TF-IDF cosine, the names, the
numbers, years and quoted titles that both have or that stand against each other, the lengths, and of Chinese texts what
they share letter by letter, which no dictionary has cut. Two sets of
coefficients by language, for one event and for one topic, were fitted by regularized logistic regression on judged
pairs and documents (docs/decisions/0020-related-copies-stories.md says how well they do on others). Where both times
are known, the chance of one event falls with the days between them.
"""

from __future__ import annotations

import math
from functools import cached_property
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from licet.archive.relating.profiles import Profile

FEATURES = (
    "one",
    "words",
    "fine",
    "names",
    "names shared",
    "names apart",
    "names missing",
    "numbers",
    "numbers shared",
    "numbers apart",
    "years shared",
    "years apart",
    "quoted shared",
    "quoted apart",
    "longer",
    "short",
    "places shared",
    "stretch",
    "beginning",
    "rubric",
    "name inside",
)
"""What the coefficients stand for, in order; :func:`features` computes them."""

_EVENT = {
    "zh": (
        -5.81,
        0.84,
        6.18,
        1.01,
        -0.22,
        0.0,
        0.87,
        0.38,
        -0.33,
        0.0,
        0.0,
        0.0,
        0.92,
        -0.21,
        0.41,
        0.28,
        0.23,
        -0.15,
        -0.02,
        -0.71,
        1.11,
    ),
    "en": (
        -9.06,
        10.07,
        4.05,
        9.16,
        -0.35,
        0.28,
        1.13,
        2.45,
        -0.92,
        -1.07,
        2.27,
        -0.85,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ),
}
_TOPIC = {
    "zh": (
        -2.79,
        0.65,
        6.69,
        0.83,
        -0.25,
        0.0,
        0.28,
        0.74,
        -0.66,
        0.0,
        0.0,
        0.0,
        1.47,
        -0.08,
        -0.31,
        -0.07,
        0.17,
        0.08,
        0.44,
        0.98,
        0.92,
    ),
    "en": (
        -8.51,
        18.03,
        4.69,
        9.81,
        -0.47,
        1.08,
        1.22,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ),
}
EVENT_AT = {"zh": 0.21, "en": 0.38}
TOPIC_AT = {"zh": 0.29, "en": 0.35}
"""The chances from which a judged pair is taken for one event, one topic: half of those that are so are found."""

LEAST_WORDS = 0.03
"""Reports whose words have a smaller cosine are nothing to each other."""

_DAY = 86_400
_GRACE_DAYS = 2.0
_PER_DAY = 0.25


class Weighed:
    """A report with its terms weighed: (1 + ln count) × idf, the whole 1 long."""

    def __init__(self, profile: Profile, idf: Callable[[str], float], moment: int | None = None) -> None:
        self.profile = profile
        self.moment = moment
        self._idf = idf

    @cached_property
    def words(self) -> dict[str, float]:
        """The words."""
        return _unit(self.profile.words, self._idf)

    @cached_property
    def fine(self) -> dict[str, float]:
        """The characters, or the pairs of words, each pair as rare as its words together."""
        return _unit(self.profile.fine, self._idf if self.profile.lang == "zh" else self._pair)

    @cached_property
    def names(self) -> dict[str, float]:
        """The names."""
        return _unit({name: self.profile.words.get(name, 1) for name in self.profile.names}, self._idf)

    @cached_property
    def name_set(self) -> frozenset[str]:
        """The names without their weights."""
        return frozenset(self.profile.names)

    @cached_property
    def number_set(self) -> frozenset[str]:
        """The numbers."""
        return frozenset(self.profile.numbers)

    def idf(self, terms: Iterable[str]) -> float:
        """Return how much these terms together say."""
        return sum(map(self._idf, terms))

    def keys(self, most: int) -> list[str]:
        """Return the heaviest words, by which candidates are found."""
        heaviest = sorted(self.words.items(), key=lambda item: (-item[1], item[0]))
        return [word for word, _ in heaviest[:most]]

    def _pair(self, pair: str) -> float:
        one, _, other = pair.partition(" ")
        return self._idf(one) + self._idf(other)


def _unit(counts: Mapping[str, int], idf: Callable[[str], float]) -> dict[str, float]:
    weighed = {term: (1.0 + math.log(count)) * idf(term) for term, count in counts.items()}
    norm = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
    return {term: value / norm for term, value in weighed.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the scalar product: of terms weighed to the length of 1 the cosine."""
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other[term] for term, value in one.items() if term in other)


class _Overlap(NamedTuple):
    """What two sets share: as a share of the smaller, whether they stand against each other, whether one is empty."""

    share: float
    apart: float
    missing: float


def _overlap(one: frozenset[str], other: frozenset[str]) -> _Overlap:
    least = min(len(one), len(other))
    if not least:
        return _Overlap(0.0, 0.0, 1.0)
    shared = len(one & other)
    return _Overlap(shared / least, float(not shared), 0.0)


def features(one: Weighed, other: Weighed) -> tuple[float, ...]:
    """Return the figures named in :data:`FEATURES`; the same for both orders."""
    words, fine, names_alike = _cosines(one, other)
    names = _overlap(one.name_set, other.name_set)
    numbers = _overlap(one.number_set, other.number_set)
    years = _overlap(frozenset(one.profile.years), frozenset(other.profile.years))
    quoted = _overlap(frozenset(one.profile.quoted), frozenset(other.profile.quoted))
    shorter, longer = sorted((one.profile.length, other.profile.length))
    return (
        1.0,
        words,
        fine,
        names.share if one.profile.lang == "zh" else names_alike,
        math.log1p(one.idf(one.name_set & other.name_set)),
        names.apart,
        names.missing,
        numbers.share,
        math.log1p(len(one.number_set & other.number_set)),
        numbers.apart,
        float(years.share > 0),
        years.apart,
        float(quoted.share > 0),
        quoted.apart,
        math.log((longer + 1) / (shorter + 1)),
        math.log1p(shorter),
        *(_wording(one.profile, other.profile) if one.profile.lang == "zh" else (0.0,) * 5),
    )


def _wording(one: Profile, other: Profile) -> tuple[float, ...]:
    """Return what two Chinese texts have in common letter by letter: the last five of :data:`FEATURES`.

    The share of places, the longest stretch, whether they begin alike, whether both headlines have one rubric, and
    whether a name of one stands in the other, where the dictionary may have cut it otherwise.
    """
    inside = any(name in other.letters for name in one.names) or any(name in one.letters for name in other.names)
    return (
        _overlap(frozenset(one.places), frozenset(other.places)).share,
        math.log1p(longest_stretch(one.letters, other.letters)),
        float(one.letters[:2] == other.letters[:2]),
        float(bool(one.rubric) and one.rubric == other.rubric),
        float(inside),
    )


def longest_stretch(one: str, other: str) -> int:
    """Return how many letters the longest string has that is in both; the time grows with the shorter one."""
    shorter, longer = sorted((one, other), key=len)
    best = 0
    for start in range(len(shorter)):
        while start + best < len(shorter) and shorter[start : start + best + 1] in longer:
            best += 1
    return best


def _cosines(one: Weighed, other: Weighed) -> tuple[float, float, float]:
    """Return the cosines of words, finer pieces and names; of English texts, which are long, their square roots."""
    if one.profile.lang == "zh":
        return cosine(one.words, other.words), cosine(one.fine, other.fine), 0.0
    alike = (cosine(one.words, other.words), cosine(one.fine, other.fine), cosine(one.names, other.names))
    return math.sqrt(alike[0]), math.sqrt(alike[1]), math.sqrt(alike[2])


def event(one: Weighed, other: Weighed) -> float:
    """Return the chance (0 to 1) that two reports are of one event."""
    apart = abs((one.moment or 0) - (other.moment or 0)) / _DAY if one.moment and other.moment else 0.0
    return _chance(one, other, _EVENT, -_PER_DAY * max(0.0, apart - _GRACE_DAYS))


def topic(one: Weighed, other: Weighed) -> float:
    """Return the chance (0 to 1) that two reports are on one topic."""
    return _chance(one, other, _TOPIC, 0.0)


def _chance(one: Weighed, other: Weighed, table: Mapping[str, Sequence[float]], more: float) -> float:
    lang = one.profile.lang
    if lang != other.profile.lang or not one.profile.length or not other.profile.length:
        return 0.0
    if lang == "en" and cosine(one.words, other.words) < LEAST_WORDS:
        return 0.0
    total = more + sum(map(mul, table[lang], features(one, other)))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def shared_words(one: Weighed, other: Weighed, most: int) -> list[str]:
    """Return the words that two reports share, those first that say most."""
    both = [word for word in one.words if word in other.words]
    return sorted(both, key=lambda word: (-one.words[word] * other.words[word], word))[:most]
