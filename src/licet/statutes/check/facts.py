"""What is wrong with the vocabulary: a fact that contradicts itself, an assumption that no fact could have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.clauses.vocabulary import Vocabulary
from licet.errors import BadInput
from licet.statutes.check.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.clauses.vocabulary import Fact
    from licet.statutes.check.reading import Draft

_LANGUAGES = {"en", "zh"}


def of_vocabulary(draft: Draft, *, every_system: bool) -> Iterator[Finding]:
    """Yield what is wrong with the facts; ``every_system``: all systems were read, so that one can be named wrongly."""
    vocabulary = draft.vocabulary
    for name, fact in vocabulary.facts.items():
        yield from _words(name, fact, vocabulary)
        yield from _range(name, fact, vocabulary)
        yield from _assumed(name, fact, draft, every_system=every_system)
        yield from _ratio(name, fact, vocabulary)


def _words(name: str, fact: Fact, vocabulary: Vocabulary) -> Iterator[Finding]:
    for key in ("title", "question"):
        words = getattr(fact, key)
        if set(words) != _LANGUAGES or not all(text.strip() for text in words.values()):
            where = vocabulary.source.at(f"facts.{name}.{key}")
            yield Finding(where, f"the {key} of {name} is not in both languages", "give en and zh")


def _range(name: str, fact: Fact, vocabulary: Vocabulary) -> Iterator[Finding]:
    where = vocabulary.source.at(f"facts.{name}")
    if not (fact.least.is_finite() and fact.most.is_finite()) or fact.least > fact.most:
        yield Finding(
            where, f"{name} lies from {fact.least} to {fact.most}", "let 'least' be a number not above 'most'"
        )
    if not 0 <= fact.scale <= 12:
        yield Finding(where, f"{name} has a scale of {fact.scale}", "keep 0 to 12 decimals")
    if len(set(fact.values)) < len(fact.values):
        yield Finding(vocabulary.source.at(f"facts.{name}.values"), f"a value of {name} stands twice", "keep one")
    if fact.values and fact.type != "text":
        yield Finding(where, f"{name} is a {fact.type} with listed values", "list values of a text only")


def _assumed(name: str, fact: Fact, draft: Draft, *, every_system: bool) -> Iterator[Finding]:
    if fact.assume is None:
        return
    where = draft.vocabulary.source.at(f"facts.{name}.assume")
    try:
        if draft.vocabulary.read(name, fact.assume.value) is None:
            yield Finding(where, f"{name} assumes nothing", "give the value to be assumed")
    except BadInput as error:
        yield Finding(where, f"{name} cannot be what it is assumed to be: {error.message}", error.fix)
    if set(fact.assume.because) != _LANGUAGES:
        yield Finding(where, f"why {name} is assumed is not said in both languages", "give en and zh")
    strange = [system for system in fact.assume.systems if system not in draft.systems and system not in draft.torn]
    if strange and every_system:
        yield Finding(where, f"{name} is assumed in '{strange[0][:60]}', which is no system", "mend the name")


def _ratio(name: str, fact: Fact, vocabulary: Vocabulary) -> Iterator[Finding]:
    for part in (fact.ratio.of, fact.ratio.over) if fact.ratio else ():
        if part not in vocabulary or vocabulary[part].type != "number":
            where = vocabulary.source.at(f"facts.{name}.ratio")
            yield Finding(where, f"{name} is a ratio of '{part[:60]}', which is no number", "name two number facts")


def mended(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary without assumptions and ratios that would keep every law from being folded."""
    facts = {name: _mended(name, fact, vocabulary) for name, fact in vocabulary.facts.items()}
    return Vocabulary(facts, vocabulary.places, vocabulary.source)


def _mended(name: str, fact: Fact, vocabulary: Vocabulary) -> Fact:
    ratio = None if any(_ratio(name, fact, vocabulary)) else fact.ratio
    assume = fact.assume
    try:
        usable = assume is None or vocabulary.read(name, assume.value) is not None
    except BadInput:
        usable = False
    return msgspec.structs.replace(fact, ratio=ratio, assume=assume if usable else None)
