"""Decision records: a question, the law and the facts that it was asked of, the verdict, and what stands behind it.

A record is one JSON file that proves itself: each section has a digest, the whole has one made of these, and the file
is written in one way only, so that an altered byte is seen and its section named. It has no time of its own: the same
question under the same law makes the same record. When it was recorded, and after what, the journal's entry says, which
may stand beside it (decision 0027).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import msgspec

from licet import __version__
from licet.clauses.words import sql
from licet.decisions import ask, verdict_line
from licet.decisions.line import plain
from licet.errors import BadFile
from licet.journal.record import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.archive import Archive
    from licet.decisions import Query, Verdict
    from licet.journal import Entry
    from licet.statutes import Law, Statutes
    from licet.statutes.forms import Basis

FORM = "licet decision record 1"
SECTIONS = ("form", "question", "facts", "law", "verdict", "trace", "clauses", "evidence", "program")
"""What the digest covers; ``digests``, ``digest`` and ``journal`` stand beside."""
LARGEST = 4_000_000
"""Bytes of the largest file that is read as a record; one is some 50,000."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question as it was put: facts as text by name (``chip`` for a name of the catalog), and which law.

    ``headquarters_taken``: an omitted headquarters was taken to be the destination.
    """

    facts: dict[str, str]
    on: str
    system: str = "us-ear"
    basis: str = "enforced"
    known: str | None = None
    readings: dict[str, str] = {}
    proposals: tuple[str, ...] = ()
    headquarters_taken: bool = True

    @classmethod
    def of(cls, facts: Mapping[str, Any], query: Query) -> Question:
        """Return a question with its facts under the law of a query."""
        known = query.known.isoformat() if query.known else None
        named = {name: str(value) for name, value in facts.items()}
        return cls(named, query.on.isoformat(), query.system, query.basis, known, dict(query.readings), query.proposals)

    def ask(self, statutes: Statutes) -> Verdict:
        """Decide it. Raises :class:`BadInput`."""
        basis: Basis = "written" if self.basis == "written" else "enforced"
        return ask(
            statutes,
            self.facts,
            on=dt.date.fromisoformat(self.on),
            system=self.system,
            basis=basis,
            known=dt.date.fromisoformat(self.known) if self.known else None,
            readings=self.readings,
            proposals=self.proposals,
            headquarters_taken=self.headquarters_taken,
            readings_weighed=True,
        )


def make_record(
    statutes: Statutes, question: Question, *, edition: str = "", archive: Archive | None = None
) -> dict[str, Any]:
    """Decide a question and return the record of it.

    ``edition``: the digest of the law files (:mod:`licet.statutes.editions`), empty where they are not kept;
    ``archive``: where snapshots of the acts' texts are looked for. Raises :class:`BadInput`.
    """
    verdict = question.ask(statutes)
    law = statutes.law(verdict.law.query())
    return sealed(
        {
            **decided(law, verdict),
            "form": FORM,
            "question": msgspec.to_builtins(question),
            "law": _law(verdict, edition),
            "evidence": _evidence(law, verdict, archive),
            "program": {"name": "licet", "version": __version__},
        }
    )


def decided(law: Law, verdict: Verdict) -> dict[str, Any]:
    """Return the sections that deciding again must give again."""
    return {
        "facts": {name: plain(value) for name, value in sorted(verdict.facts.items())},
        "verdict": verdict_line(verdict),
        "trace": dict(verdict.trace),
        "clauses": [_clause(law, citation.clause) for citation in verdict.citations],
    }


def answer_digest(verdict: Verdict) -> str:
    """Return SHA-256 of what a verdict says, apart from how the law data words it and how far it was checked."""
    line = {name: value for name, value in verdict_line(verdict).items() if name not in ("id", "law")}
    for name in ("obligations", "missing"):
        kept = [{key: value for key, value in item.items() if key not in ("text", "question")} for item in line[name]]
        line[name] = kept
    line["citations"] = [item["clause"] for item in line["citations"]]
    for name in ("near_misses", "warnings"):
        line[name] = [item["id"] for item in line[name]]
    return hashlib.sha256(canonical(line)).hexdigest()


def sealed(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections in order with their digests and the digest of the whole."""
    record = {name: sections[name] for name in SECTIONS}
    digests = {name: digest_of(value) for name, value in record.items()}
    return {**record, "digests": digests, "digest": digest_of(digests)}


def digest_of(value: Any) -> str:
    """Return the digest of one value, as ``sha256:hex``."""
    return "sha256:" + hashlib.sha256(canonical({"": value})).hexdigest()


def with_entry(record: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """Return a record with the journal's entry that records it."""
    return {**record, "journal": msgspec.to_builtins(entry)}


def written(record: Mapping[str, Any]) -> bytes:
    """Return a record as its file: JSON in UTF-8, keys sorted, a space for each level."""
    text = json.dumps(record, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def read_record(data: bytes) -> dict[str, Any]:
    """Read a file as a record; what is in it is not checked. Raises :class:`BadFile`."""
    fix = "give a file that the desk's 'decision record' made"
    if len(data) > LARGEST:
        raise BadFile(f"the file has more than {LARGEST:,} bytes: no decision record", fix=fix)
    try:
        found = json.loads(data)
        canonical({"": found})
    except (ValueError, RecursionError) as error:
        raise BadFile(f"the file is no JSON: {error}", fix=fix) from error
    if not isinstance(found, dict) or not str(found.get("form", "")).startswith("licet decision record"):
        raise BadFile("the file is no decision record", fix=fix)
    return found


def _law(verdict: Verdict, edition: str) -> dict[str, Any]:
    basics = verdict.law
    return {
        "digest": basics.digest,
        "edition": edition,
        "checked_through": basics.checked_through.isoformat() if basics.acts else None,
        "acts": list(basics.acts),
    }


def _clause(law: Law, name: str) -> dict[str, Any]:
    clause = law.clauses[name]
    form = clause.form
    return {
        "clause": name,
        "cite": form.cite,
        "seen": form.seen,
        "act": clause.act.id,
        "title": dict(form.title),
        "condition": sql(clause.condition),
    }


def _evidence(law: Law, verdict: Verdict, archive: Archive | None) -> list[dict[str, Any]]:
    """Return the sources of each act that a deciding clause came with, and the snapshots of them that there are."""
    acts = {act.id: act for act in (law.clauses[citation.clause].act for citation in verdict.citations)}
    return [
        {
            "act": name,
            "clauses": [c.clause for c in verdict.citations if law.clauses[c.clause].act.id == name],
            "sources": [_source(source.url, archive) for source in act.head.sources],
        }
        for name, act in acts.items()
    ]


def _source(url: str, archive: Archive | None) -> dict[str, Any]:
    snapshot = archive.by_address(url) if archive is not None and url else None
    if snapshot is None:
        return {"url": url, "snapshot": None}
    kept = {"id": snapshot.id, "digest": snapshot.digest, "captured_at": _moment(snapshot.captured_at)}
    return {"url": url, "snapshot": kept}


def _moment(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")
