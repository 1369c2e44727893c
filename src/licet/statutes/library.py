"""Reads the folder of law data: the vocabulary, and every act of every system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licet.catalog.places import places
from licet.clauses import source as sources
from licet.clauses.vocabulary import Vocabulary
from licet.clauses.vocabulary import made_of as read_vocabulary
from licet.errors import LawError, UnknownName
from licet.statutes import forms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

MOST_ACTS = 500


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its head, its amendments in order with the line of each, and the file it came from."""

    head: forms.ActHead
    amendments: tuple[forms.AnyAmendment, ...]
    places: tuple[str, ...]
    system: str

    @property
    def id(self) -> str:
        """The id of the act."""
        return self.head.act

    def start(self, amendment: forms.AnyAmendment) -> dt.date | None:
        """Return the day from which an amendment holds; None for a proposal, which has no date.

        Unless it says so itself: a requirement, and what replaces one, from the compliance date; all else from the
        effective date. Both from the day of release where the act has no other date.
        """
        dates = self.head.dates
        if self.head.kind == "proposal":
            return None
        if amendment.start:
            return amendment.start
        effective = dates.effective or dates.released
        if isinstance(amendment, forms.ClauseForm) and amendment.kind == "requirement":
            return dates.compliance or effective
        return effective


@dataclass(frozen=True, slots=True)
class Library:
    """The law data as read: vocabulary, and the acts by system, in the order of release."""

    vocabulary: Vocabulary
    systems: dict[str, tuple[Act, ...]]

    def acts(self, system: str) -> tuple[Act, ...]:
        """Return the acts of a system such as ``us-ear``. Raises :class:`UnknownName`."""
        found = self.systems.get(system)
        if found is None:
            raise UnknownName(f"no law is called '{system[:60]}'", fix=f"one of: {', '.join(sorted(self.systems))}")
        return found


@dataclass(frozen=True, slots=True)
class LawFile:
    """One file of law data as it lies there; ``system`` is its folder, empty for the vocabulary."""

    system: str
    name: str
    data: bytes


def law_files(folder: Path, overlay: Path | None = None) -> tuple[LawFile, ...]:
    """Return the content of all law files of ``folder``, the vocabulary first, and of the private ``overlay``.

    Raises :class:`LawError` where there is no law or a file is too large.
    """
    if not (folder / "vocabulary.yaml").is_file():
        raise LawError(
            "no law data here", where=folder.name, fix="a law folder holds vocabulary.yaml and a folder a system"
        )
    roots = [root for root in (folder, overlay) if root and root.is_dir()]
    acts = [path for root in roots for path in sorted(root.glob("*/*.yaml")) if path.parent.name != "cases"]
    vocabulary = LawFile("", "vocabulary.yaml", sources.content(folder / "vocabulary.yaml"))
    return (vocabulary, *(LawFile(path.parent.name, path.name, sources.content(path)) for path in acts))


def read_library(folder: Path, overlay: Path | None = None) -> Library:
    """Read all law data of ``folder``; ``overlay`` is a private folder of the same form, whose acts are added.

    Raises :class:`LawError` naming file and line of the first thing that is wrong.
    """
    return made_of(law_files(folder, overlay))


def made_of(files: Sequence[LawFile]) -> Library:
    """Return what the files of :func:`law_files` say. Errors as :func:`read_library`."""
    vocabulary = read_vocabulary(sources.decode(files[0].data, files[0].name), frozenset(places()))
    systems: dict[str, list[Act]] = {}
    for file in files[1:]:
        act = read_act(sources.decode(file.data, file.name), file.system)
        systems.setdefault(act.system, []).append(act)
    _unique([act for acts in systems.values() for act in acts])
    return Library(vocabulary, {name: tuple(sorted(acts, key=_order)) for name, acts in systems.items()})


def read_act(source: sources.Source, system: str) -> Act:
    """Make an act of a law file. A proposal names the system that it would amend with ``amends``."""
    head_keys = {key: value for key, value in source.value.items() if key not in ("amendments", "amends")}
    head = sources.shape(source, head_keys, forms.ActHead, "")
    listed = source.value.get("amendments") or []
    if not isinstance(listed, list):
        raise LawError(
            "amendments is a list", where=source.at("amendments"), fix="begin each with '- clause:' or another verb"
        )
    paths = [f"amendments[{index}]" for index in range(len(listed))]
    amendments = tuple(_amendment(source, value, path) for value, path in zip(listed, paths, strict=True))
    _check_head(head, source)
    amends = source.value.get("amends")
    if (head.kind == "proposal") != isinstance(amends, str):
        raise LawError(
            "a proposal, and only a proposal, says what it amends", where=source.at("kind"), fix="amends: us-ear"
        )
    return Act(head, amendments, tuple(source.at(path) for path in paths), str(amends or system))


def _check_head(head: forms.ActHead, source: sources.Source) -> None:
    if not head.sources:
        raise LawError(
            f"the act {head.act} has no source", where=source.at("sources"), fix="give the address of its text"
        )
    _both_languages(head.titles, head.act, source.at("titles"))
    _both_languages(head.summary, head.act, source.at("summary"))
    for index, voice in enumerate(head.said):
        for words in (voice.role, voice.words):
            _both_languages(words, f"what {voice.who} said", source.at(f"said[{index}]"))
    if head.consultation and head.consultation.closes < head.consultation.opens:
        raise LawError(
            "the consultation closes before it opens", where=source.at("consultation"), fix="give opens, then closes"
        )
    for name, reading in head.readings.items():
        for words in (reading.question, *reading.choices.values()):
            _both_languages(words, f"the reading '{name}'", source.at(f"readings.{name}"))
        if reading.default not in reading.choices:
            where = source.at(f"readings.{name}")
            raise LawError(
                f"the default of the reading '{name}' is none of its choices", where=where, fix="name one of them"
            )


_FORMS: dict[str, type[forms.AnyAmendment]] = {
    "repeal": forms.RepealForm,
    "set": forms.SetForm,
    "table": forms.TableForm,
    "mask": forms.MaskForm,
    "settles": forms.SettleForm,
}


def _amendment(source: sources.Source, value: Any, path: str) -> forms.AnyAmendment:
    if not isinstance(value, dict):
        raise LawError(
            "an amendment is a mapping", where=source.at(path), fix="begin it with '- clause:' or another verb"
        )
    if "clause" in value or "replace" in value:
        return _clause(source, value, path)
    for verb, form in _FORMS.items():
        if verb in value:
            found = sources.shape(source, value, form, path)
            if isinstance(found, forms.SetForm | forms.TableForm):
                _both_languages(found.title, str(value[verb]), source.at(path))
            return found
    fix = f"one of: clause, replace, {', '.join(_FORMS)}"
    raise LawError("the amendment has no verb", where=source.at(path), fix=fix)


def _clause(source: sources.Source, value: dict[str, Any], path: str) -> forms.ClauseForm:
    keys = {key: item for key, item in value.items() if key not in ("clause", "replace")}
    replacing = "replace" in value
    keys |= {"id": value["replace" if replacing else "clause"], "replacing": "true" if replacing else "false"}
    form = sources.shape(source, keys, forms.ClauseForm, path)
    for key in forms.NEEDS.get(form.kind, ()):
        if getattr(form, key) in ("", (), None, {}):
            raise LawError(f"a {form.kind} needs '{key}'", where=source.at(path), fix=f"add '{key}:' to {form.id}")
    allowed = forms.YIELDS.get(form.kind)
    if allowed and form.yields not in allowed:
        where = source.at(f"{path}.yields")
        raise LawError(
            f"a {form.kind} cannot yield '{form.yields}'", where=where, fix=f"one of: {', '.join(sorted(allowed))}"
        )
    if form.kind == "duty" and not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", form.yields):
        where = source.at(f"{path}.yields")
        raise LawError(f"a duty of '{form.yields[:20]}' is no percentage", where=where, fix="write it as in 25")
    for words in (form.title, form.text):
        _both_languages(words, form.id, source.at(path))
    return form


def _both_languages(words: forms.Words, name: str, where: str) -> None:
    if words and set(words) != {"en", "zh"}:
        raise LawError(f"{name} is not in both languages", where=where, fix="give en and zh")


def _order(act: Act) -> tuple[dt.date, str]:
    return act.head.dates.released, act.id


def _unique(acts: list[Act]) -> None:
    if len(acts) > MOST_ACTS:
        raise LawError(f"more than {MOST_ACTS} acts", fix="split the law folder")
    seen: set[str] = set()
    for act in acts:
        if act.id in seen:
            raise LawError(f"two acts are called {act.id}", fix="an act's id is the name of its file, and unique")
        seen.add(act.id)
