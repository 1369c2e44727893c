"""A decision record checked: its own digests, the journal's entry, the snapshots, and the decision made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import JournalError, LicetError
from licet.evidence.records import FORM, SECTIONS, Question, decided, digest_of, read_record, written
from licet.journal import Entry
from licet.journal.record import holds, line, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.archive import Archive
    from licet.journal import Journal
    from licet.statutes import Statutes
    from licet.statutes.editions import Editions

RECORDED = "decision recorded"
"""The kind of the journal's entry; its payload names the record's digest as ``record``."""
_BESIDE = ("digests", "digest", "journal")
MOST_DIFFERENCES = 20


class Finding(msgspec.Struct, frozen=True):
    """Something in a record that does not hold: ``where``, its section or field, and what is wrong there."""

    where: str
    message: str


class Report(msgspec.Struct, frozen=True):
    """What checking found, and ``unchecked``: what could not be looked at here. Sound is a record without findings."""

    digest: str
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """What a record is checked against: the law of today, older editions, archive and journal where there are any."""

    statutes: Statutes
    editions: Editions | None = None
    archive: Archive | None = None
    journal: Journal | None = None


def check_record(data: bytes, held: Held) -> Report:
    """Check a file as a decision record. Raises :class:`BadFile` for what is no record at all."""
    record = read_record(data)
    findings = [*_form(record), *_written(record, data), *_digests(record)]
    unchecked: list[str] = []
    if record.get("form") == FORM and not any(finding.where in ("form", "record") for finding in findings):
        for part in (_entry, _again, _snapshots):
            findings += part(record, held, unchecked)
    return Report(str(record.get("digest", ""))[:80], tuple(findings), tuple(unchecked))


def _form(record: dict[str, Any]) -> Iterator[Finding]:
    if record["form"] != FORM:
        yield Finding("form", f"this is '{str(record['form'])[:60]}', and this version of Licet reads '{FORM}'")
    for name in (*SECTIONS, "digests", "digest"):
        if name not in record:
            yield Finding("record", f"the section '{name}' is missing")
    for name in record.keys() - {*SECTIONS, *_BESIDE}:
        yield Finding(str(name)[:60], "this does not belong in a record")


def _written(record: dict[str, Any], data: bytes) -> Iterator[Finding]:
    """Find where the file is not, byte for byte, what these values are written as."""
    expected = written(record)
    if data != expected:
        pairs = zip(data, expected, strict=False)
        at = next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(data), len(expected)))
        yield Finding(
            "file", f"byte {at + 1} is not as a record is written: it was changed, or saved by another program"
        )


def _digests(record: dict[str, Any]) -> Iterator[Finding]:
    digests = record.get("digests")
    if not isinstance(digests, dict):
        yield Finding("digests", "there are none")
        return
    for name in SECTIONS:
        if name in record and digests.get(name) != digest_of(record[name]):
            yield Finding(name, "this section, or its digest, was changed after the record was made")
    for name in digests.keys() - set(SECTIONS):
        yield Finding("digests", f"'{str(name)[:60]}' is no section")
    if record.get("digest") != digest_of(digests):
        yield Finding("digest", "the digest of the whole is not that of the sections' digests")


def _entry(record: dict[str, Any], held: Held, unchecked: list[str]) -> Iterator[Finding]:
    """Check the journal's entry: that it holds, names this record, and stands in the journal here."""
    if "journal" not in record:
        return
    try:
        entry = msgspec.convert(record["journal"], Entry)
        parse(line(entry))
    except (msgspec.ValidationError, JournalError) as error:
        yield Finding("journal", f"this is no entry of a journal: {error}")
        return
    if not holds(entry):
        yield Finding("journal", f"the content of entry {entry.sequence} does not match its digest")
    if entry.kind != RECORDED or entry.payload.get("record") != record["digest"]:
        yield Finding("journal", f"entry {entry.sequence} records something else")
    if held.journal is None or not held.journal.path.exists():
        unchecked.append("journal: there is none here; compare the entry with the desk's that recorded it")
        return
    if entry not in held.journal.entries():
        yield Finding("journal", f"entry {entry.sequence} does not stand in the journal here")


def _again(record: dict[str, Any], held: Held, _: list[str]) -> Iterator[Finding]:
    """Decide again under the law that the record names, and compare."""
    try:
        question = msgspec.convert(record["question"], Question)
        statutes = _law_of(record, question, held)
        if statutes is None:
            said = str(record["law"].get("digest", ""))[:12]
            yield Finding("law", f"the law {said}… is not kept here, so nothing was decided again; {_KEPT}")
            return
        verdict = question.ask(statutes)
        law = statutes.law(verdict.law.query())
    except (LicetError, msgspec.ValidationError, ValueError, AttributeError) as error:
        yield Finding("question", f"it cannot be asked again: {error}")
        return
    if law.digest != record["law"]["digest"]:
        yield Finding("law", f"the law asked is {law.digest[:12]}…, not the one that the record names")
    if record["law"].get("acts") != list(verdict.law.acts):
        yield Finding("law.acts", "these are not the acts of that law")
    differences = [
        finding for name, value in decided(law, verdict).items() for finding in _differ(name, record[name], value)
    ]
    yield from differences[:MOST_DIFFERENCES]


_KEPT = "editions of the law are in the folder 'editions' of the desk that made the record"


def _law_of(record: dict[str, Any], question: Question, held: Held) -> Statutes | None:
    """Return the law that the record names: today's if it is the same, else the edition kept."""
    named = record["law"].get("digest")
    try:
        if held.statutes.law(question.ask(held.statutes).law.query()).digest == named:
            return held.statutes
    except LicetError:
        pass  # today's law may not know the question any more; the edition that answered it does
    edition = str(record["law"].get("edition", ""))
    return held.editions.find(edition) if held.editions is not None and edition else None


def _differ(where: str, recorded: Any, again: Any) -> Iterator[Finding]:
    """Yield each field in which what was decided again is not what was recorded."""
    if isinstance(recorded, dict) and isinstance(again, dict):
        for name, value in recorded.items():
            yield from _differ(f"{where}.{str(name)[:60]}", value, again.get(name))
        for name in again.keys() - recorded.keys():
            yield Finding(f"{where}.{name}", f"nothing is recorded, {_short(again[name])} was decided again")
    elif recorded != again or type(recorded) is not type(again):
        yield Finding(where, f"{_short(recorded)} is recorded, {_short(again)} was decided again")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _snapshots(record: dict[str, Any], held: Held, unchecked: list[str]) -> Iterator[Finding]:
    """Compare the snapshots that the record names with those of the archive here."""
    named = list(_named(record["evidence"]))
    if named and held.archive is None:
        unchecked.append("evidence: there is no archive here")
        return
    for kept in named:
        try:
            found = held.archive.snapshot(kept["id"])  # type: ignore[union-attr]  # there is one
        except LicetError as error:
            yield Finding("evidence", f"the snapshot {kept['id'][:60]}: {error.message}")
            continue
        if found.digest != kept["digest"]:
            yield Finding("evidence", f"the snapshot {found.id} has another digest than the record names")


def _named(evidence: Any) -> Iterator[dict[str, str]]:
    """Yield the snapshots of a section that may be anything."""
    for act in evidence if isinstance(evidence, list) else ():
        sources = act.get("sources") if isinstance(act, dict) else None
        for source in sources if isinstance(sources, list) else ():
            kept = source.get("snapshot") if isinstance(source, dict) else None
            if isinstance(kept, dict) and isinstance(kept.get("id"), str):
                yield kept
