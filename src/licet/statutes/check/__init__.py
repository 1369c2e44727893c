"""Looks for what is wrong with the law data: each file by itself, what acts name, and what their clauses decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from licet.statutes.check.acts import of_act
from licet.statutes.check.facts import mended, of_vocabulary
from licet.statutes.check.finding import Finding, in_order
from licet.statutes.check.folding import fold
from licet.statutes.check.logic import Logic
from licet.statutes.check.papers import of_papers
from licet.statutes.check.queries import queries
from licet.statutes.check.questions import Memory
from licet.statutes.check.reading import EVERYTHING, PRIVATE, PROPOSALS, Draft, read, texts
from licet.statutes.check.references import References
from licet.statutes.fold import Statutes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

__all__ = ["Finding", "Memory", "Report", "check", "check_files", "queries"]


@dataclass
class Report:
    """What was found, by file and line.

    ``statutes``: the systems that can be read whole and folded; ``broken``: those that cannot, whose clauses were not
    weighed against one another; ``unseen``: places of clauses that were refuted by nothing and true for no transaction;
    ``acts``, ``amendments``: how many were read.
    """

    findings: list[Finding]
    statutes: Statutes
    broken: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    acts: int = 0
    amendments: int = 0


def check(folder: Path, overlay: Path | None = None, systems: Collection[str] = ()) -> Report:
    """Check the law files of a folder, and the private ones over them; of all systems where none is named.

    Whatever is in a file is a finding, never an error.
    """
    files, unread = texts(folder, overlay)
    return check_files(files, unread, systems)


def check_files(
    files: Mapping[str, str],
    unread: Mapping[str, Finding] | None = None,
    systems: Collection[str] = (),
    memory: Memory | None = None,
) -> Report:
    """Check law files given as texts, by their path in the folder.

    ``memory`` may be shared by checks with one and the same vocabulary.
    """
    draft = read(files, unread or {}, systems)
    found = [*draft.findings, *of_vocabulary(draft, every_system=not systems)]
    draft.vocabulary = mended(draft.vocabulary)
    for acts in draft.systems.values():
        found += [finding for act in acts for finding in of_act(act, draft)]
    report = Report(found, Statutes(draft.library()), sorted(draft.torn.keys() - draft.systems.keys() - {PROPOSALS}))
    for system in sorted(draft.systems):
        found += _of_system(draft, system, report, memory or Memory())
        found += of_papers({path.removeprefix(PRIVATE): text for path, text in files.items()}, draft, system)
    whole = {name: acts for name, acts in draft.systems.items() if name not in report.broken}
    report.statutes = Statutes(Draft(draft.vocabulary, whole).library())
    report.findings = in_order(found)
    read_acts = [act for acts in draft.systems.values() for act in acts]
    report.acts, report.amendments = len(read_acts), sum(len(act.amendments) for act in read_acts)
    return report


def _of_system(draft: Draft, system: str, report: Report, memory: Memory) -> list[Finding]:
    lost = draft.torn.get(system, set())
    if EVERYTHING in lost or all(act.head.kind == "proposal" for act in draft.systems[system]):
        report.broken.append(system)
        return _only_proposals(draft, system) if EVERYTHING not in lost else []
    folded = fold(draft, system)
    laws = [law for _, law in folded.laws]
    whole = not (folded.findings or lost)
    if not whole:
        report.broken.append(system)
    found = [*folded.findings, *References(draft, system, laws if whole else [], lost).findings()]
    if not lost:
        logic = Logic(memory)
        found += logic.of_laws(laws, whole=whole)
        report.unseen += sorted(logic.unseen()) if whole else []
    return found


def _only_proposals(draft: Draft, system: str) -> list[Finding]:
    where = draft.sources[draft.systems[system][0].id].at("amends")
    return [Finding(where, f"'{system[:60]}' is no system of law", "name a folder of acts under 'amends'")]
