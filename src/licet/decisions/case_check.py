"""Looks for what is wrong with the worked cases: those that cannot be read or asked, and those that come out wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.clauses import source as sources
from licet.decisions import ask
from licet.decisions.cases import WorkedCase, differences
from licet.decisions.verdict import Verdict
from licet.errors import BadInput, LawError
from licet.statutes.check.finding import Finding, of_error

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from licet.statutes import Statutes


def check_cases(
    files: Mapping[str, str], statutes: Statutes, known: Collection[str], only: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with cases, given as the text of each file by its name.

    ``statutes`` holds the systems that can be asked, ``known`` the names of all; ``only``: the systems whose cases are
    asked, all where none is named.
    """
    seen: set[str] = set()
    for name, text in files.items():
        try:
            source = sources.parse(text, name)
        except LawError as error:
            yield of_error(error)
            continue
        listed = source.value.get("cases")
        if not isinstance(listed, list):
            yield Finding(source.at("cases"), "no cases", "write a list 'cases:'")
            continue
        for index, value in enumerate(listed):
            where = source.at(f"cases[{index}]")
            try:
                case = sources.shape(source, value, WorkedCase, f"cases[{index}]")
            except LawError as error:
                yield of_error(error)
                continue
            yield from _form(case, where, seen, known)
            if case.system in statutes.library.systems and (not only or case.system in only):
                yield from _outcome(case, where, statutes)


def _form(case: WorkedCase, where: str, seen: set[str], known: Collection[str]) -> Iterator[Finding]:
    if case.id in seen:
        yield Finding(where, f"two cases are called {case.id}", "give each its own id")
    seen.add(case.id)
    if set(case.title) != {"en", "zh"} or not all(text.strip() for text in case.title.values()):
        yield Finding(where, f"the title of the case {case.id} is not in both languages", "give en and zh")
    if not case.cite.strip():
        yield Finding(where, f"the case {case.id} has no citation", "name the paragraph that decides it under 'cite'")
    if not case.expect:
        yield Finding(where, f"the case {case.id} expects nothing", "name what its verdict is to say under 'expect'")
    for key in sorted(set(case.expect) - set(Verdict.__struct_fields__)):
        yield Finding(where, f"a verdict has no '{key[:40]}'", "name a key of a verdict")
    if case.system not in known:
        yield Finding(where, f"no law is called '{case.system[:60]}'", f"one of: {', '.join(sorted(known))}")


def _outcome(case: WorkedCase, where: str, statutes: Statutes) -> Iterator[Finding]:
    expect = {key: value for key, value in case.expect.items() if key in Verdict.__struct_fields__}
    try:
        verdict = ask(
            statutes,
            case.facts,
            on=case.on,
            system=case.system,
            basis=case.basis,
            readings=case.readings,
            headquarters_taken=True,
        )
    except BadInput as error:
        yield Finding(where, f"the case {case.id} cannot be asked: {error.message}", error.fix)
        return
    if not verdict.law.acts:
        what = f"no clause decides the case {case.id}: no act of {case.system} is in force on {case.on}"
        yield Finding(where, what, "give a day on which one is, or add the act")
        return
    for key, (wanted, found) in differences(msgspec.structs.replace(case, expect=expect), verdict).items():
        what = f"the case {case.id} expects {key} {_shown(wanted)} and comes out as {_shown(found)}"
        yield Finding(where, what, f"mend the clauses of {case.cite}, or the case where it was read wrongly")


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)[:80]
