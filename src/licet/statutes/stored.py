"""The law data as read, kept in the cache: acts, vocabulary and every condition parsed (decision 0009).

The key is the content of every law file, the private ones too, the modules of this program that read them, the parsers'
versions and the codes of places. So an edit of any of them reads all anew, and a kept law is the one that would be
read. An error is never kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from licet import cache
from licet.catalog.places import places
from licet.clauses import source as sources
from licet.clauses.vocabulary import Fact, Vocabulary
from licet.statutes import forms
from licet.statutes.fold import Statutes
from licet.statutes.library import Act, Library, made_of
from licet.statutes.parsed import Kept  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.statutes.library import LawFile

KIND = "law"
_PROGRAM = (Path(sources.__file__).parent, Path(__file__).parent)
_PARSERS = ("sqlglot", "yaml")


class _Amendment(msgspec.Struct, frozen=True, array_like=True):
    """One amendment, in the field of its form."""

    clause: forms.ClauseForm | None = None
    repeal: forms.RepealForm | None = None
    set: forms.SetForm | None = None
    table: forms.TableForm | None = None
    mask: forms.MaskForm | None = None
    settles: forms.SettleForm | None = None


_FIELDS: dict[type[forms.AnyAmendment], str] = {
    forms.ClauseForm: "clause",
    forms.RepealForm: "repeal",
    forms.SetForm: "set",
    forms.TableForm: "table",
    forms.MaskForm: "mask",
    forms.SettleForm: "settles",
}


class _NoLaw(Exception):
    """What was kept has the form of a law and is none."""


class _Act(msgspec.Struct, frozen=True, array_like=True):
    head: forms.ActHead
    amendments: tuple[_Amendment, ...]
    places: tuple[str, ...]
    system: str


class _Law(msgspec.Struct, frozen=True, array_like=True):
    facts: dict[str, Fact]
    name: str
    lines: dict[str, int]
    systems: dict[str, tuple[_Act, ...]]
    kept: dict[str, Kept]


def read(files: Sequence[LawFile]) -> Statutes:
    """Return the acts of the files of :func:`licet.statutes.library.law_files`, from the cache where it has them.

    Raises :class:`licet.errors.LawError`, with file and line, as reading them does.
    """
    try:
        key = _key(files)
    except OSError:
        return Statutes(made_of(files))  # this program's own text cannot be read, so nothing can be proved
    found = cache.load(KIND, key)
    if found is not None:
        try:
            return _thawed(msgspec.msgpack.decode(found, type=_Law))
        except (msgspec.DecodeError, _NoLaw):
            pass  # worked out anew below
    statutes = Statutes(made_of(files))
    cache.save(KIND, key, lambda: msgspec.msgpack.encode(_frozen(statutes)))
    return statutes


def _key(files: Sequence[LawFile]) -> bytes:
    program = [cache.code(folder) for folder in _PROGRAM] + [cache.library(name) for name in _PARSERS]
    content = [part for file in files for part in (os.fsencode(file.system), os.fsencode(file.name), file.data)]
    return cache.key(KIND.encode(), *program, ",".join(places()).encode(), *content)


def _frozen(statutes: Statutes) -> _Law:
    library = statutes.library
    source = library.vocabulary.source
    systems = {
        name: tuple(_Act(act.head, tuple(map(_amendment, act.amendments)), act.places, act.system) for act in acts)
        for name, acts in library.systems.items()
    }
    kept = {name: statutes.parsed(name).keep(*_texts(library, name)) for name in library.systems}
    return _Law(library.vocabulary.facts, source.name, source.lines, systems, kept)


def _texts(library: Library, system: str) -> tuple[list[str], list[str]]:
    """Return the conditions and the terms that a system's acts and the vocabulary write."""
    amendments = [amendment for act in library.systems[system] for amendment in act.amendments]
    clauses = [amendment for amendment in amendments if isinstance(amendment, forms.ClauseForm)]
    facts = library.vocabulary.facts.values()
    conditions = [clause.when for clause in clauses]
    conditions += [amendment.where for amendment in amendments if isinstance(amendment, forms.MaskForm)]
    conditions += [fact.assume.when for fact in facts if fact.assume and fact.assume.when]
    terms = [clause.draws.limit for clause in clauses if clause.draws] + [fact.derive for fact in facts if fact.derive]
    return conditions, terms


def _thawed(law: _Law) -> Statutes:
    vocabulary = Vocabulary(law.facts, frozenset(places()), sources.Source(law.name, {}, law.lines))
    systems = {
        name: tuple(Act(act.head, tuple(map(_form, act.amendments)), act.places, act.system) for act in acts)
        for name, acts in law.systems.items()
    }
    return Statutes(Library(vocabulary, systems), law.kept)


def _amendment(form: forms.AnyAmendment) -> _Amendment:
    fields: dict[str, Any] = {_FIELDS[type(form)]: form}
    return _Amendment(**fields)


def _form(amendment: _Amendment) -> forms.AnyAmendment:
    found = next((form for name in _FIELDS.values() if (form := getattr(amendment, name)) is not None), None)
    if found is None:
        raise _NoLaw
    return found  # type: ignore[no-any-return]  # getattr has no type, the fields have this one
