"""Write docs/law-status.md from the law data: ``python docs/tools/law_status.py --write``.

Without ``--write`` it prints the page. A test compares the page with what this prints.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from licet import statutes
from licet.home import law_folder
from licet.statutes import drafts, forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.statutes import Act, Library

PAGE = Path(__file__).resolve().parent.parent / "law-status.md"
HEAD = """# How the law was seen

Written by `make manual` from the law data; do not edit. Every clause is marked by how its text was seen: *primary* (the
official text, or a copy of it, was read), *secondary* (a summary by others was read), *reconstructed* (inferred). An
answer names the weakest mark among the clauses that decided it.
"""


def page() -> str:
    """Return the whole page."""
    library = statutes.load(law_folder()).library
    lines = [HEAD, "## Acts", ""]
    for system in sorted(library.systems):
        lines += [f"### {system}", "", *_acts(library.systems[system]), ""]
    lines += ["## Open readings", "", *_readings(library.systems), ""]
    lines += ["## Clauses", ""]
    for system in sorted(library.systems):
        for act in library.systems[system]:
            lines += _clauses(act)
    lines += ["## Papers", "", *_papers(library)]
    return "\n".join(lines).rstrip() + "\n"


def _acts(acts: tuple[Act, ...]) -> Iterator[str]:
    yield "| act | citation | released | effective | compliance | known through | primary, secondary, reconstructed |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for act in acts:
        dates = act.head.dates
        seen = Counter(amendment.seen for amendment in act.amendments if not isinstance(amendment, forms.RepealForm))
        counts = ", ".join(str(seen[mark]) for mark in forms.SEEN_ORDER)
        days = [str(day or "") for day in (dates.released, dates.effective, dates.compliance, act.head.checked_through)]
        name = f"[{act.head.titles['en']}]({act.head.sources[0].url})"
        yield f"| {' | '.join([name, act.head.citation, *days, counts])} |"


def _readings(systems: dict[str, tuple[Act, ...]]) -> Iterator[str]:
    yield "| reading | question | taken | other choices |"
    yield "| --- | --- | --- | --- |"
    acts = [act for name in sorted(systems) for act in systems[name]]
    settled = {a.settles: act.id for act in acts for a in act.amendments if isinstance(a, forms.SettleForm)}
    for act in acts:
        for name, reading in act.head.readings.items():
            taken = f"{reading.default}: {reading.choices[reading.default]['en']}"
            taken += f" (settled by {settled[name]})" if name in settled else ""
            rest = {key: words["en"] for key, words in reading.choices.items() if key != reading.default}
            others = "; ".join(f"{key}: {words}" for key, words in rest.items())
            yield f"| `{name}` | {reading.question['en']} | {taken} | {others} |"


def _papers(library: Library) -> Iterator[str]:
    yield "| template | cite | seen |"
    yield "| --- | --- | --- |"
    for system in sorted(library.systems):
        for name, template in drafts.load(system, library.vocabulary, law_folder()).items():
            yield f"| `{name}` {template.form.title['en']} | {template.form.cite} | {template.form.seen} |"


def _clauses(act: Act) -> Iterator[str]:
    rows = [amendment for amendment in act.amendments if not isinstance(amendment, forms.RepealForm)]
    if not rows:
        return
    yield f"### {act.id}"
    yield ""
    yield "| | cite | seen |"
    yield "| --- | --- | --- |"
    for amendment in rows:
        yield f"| {_name(amendment)} | {amendment.cite} | {amendment.seen} |"
    yield ""


def _name(amendment: forms.AnyAmendment) -> str:
    match amendment:
        case forms.ClauseForm():
            return f"`{amendment.id}` {amendment.title['en']}"
        case forms.SetForm():
            return f"set `{amendment.set}`"
        case forms.TableForm():
            return f"table `{amendment.table}`"
        case forms.MaskForm():
            return f"mask of `{amendment.mask}`"
        case forms.SettleForm():
            return f"settles `{amendment.settles}`"
        case _:
            return f"repeal of `{amendment.repeal}`"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
