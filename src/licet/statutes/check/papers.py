"""What is wrong with the templates of papers, and with clauses that ask for one that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.clauses import source as sources
from licet.errors import LawError
from licet.statutes import forms
from licet.statutes.check.finding import Finding, of_error
from licet.statutes.drafts import FOLDER, read_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licet.statutes.check.reading import Draft


def of_papers(files: Mapping[str, str], draft: Draft, system: str) -> Iterator[Finding]:
    """Yield what is wrong with the templates of a system; ``files`` by their path below the folder of law."""
    there: set[str] = set()
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        if folder != f"{system}/{FOLDER}":
            continue
        there.add(name.removesuffix(".yaml"))
        try:
            template = read_template(sources.parse(text, name), draft.vocabulary)
        except LawError as error:
            yield of_error(error)
            continue
        if name != f"{template.id}.yaml":
            yield Finding(f"{name}:1", f"the template {template.id[:60]} is in {name}", "name the file after it")
    for act in draft.systems[system]:
        for amendment, where in zip(act.amendments, act.places, strict=True):
            if isinstance(amendment, forms.ClauseForm) and amendment.draft and amendment.draft not in there:
                what = f"no template is called '{amendment.draft[:60]}'"
                yield Finding(where, what, f"write {FOLDER}/{amendment.draft[:60]}.yaml")
