"""Write the table of facts in docs/manual/orders.md: ``python docs/tools/order_columns.py --write``.

It comes from the vocabulary. Without ``--write`` it prints the page. A test compares the page with what this prints.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from licet import statutes
from licet.home import law_folder

if TYPE_CHECKING:
    from licet.clauses.vocabulary import Fact

PAGE = Path(__file__).resolve().parent.parent / "manual" / "orders.md"
START, END = "<!-- facts: written by make manual -->", "<!-- end of facts -->"


def page() -> str:
    """Return the page with the table as the vocabulary has it now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    facts = statutes.load(law_folder()).vocabulary.facts
    rows = [f"| `{name}` | {fact.title['en']} | {kind(fact)} |" for name, fact in facts.items()]
    table = "\n".join(["| column | the fact | type |", "| --- | --- | --- |", *rows])
    return f"{before}{START}\n{table}\n{END}{after}"


def kind(fact: Fact) -> str:
    """Return the type of a column, with unit, decimals and range, or the values that it may have."""
    if fact.values:
        return ("any of, parted by commas: " if fact.many else "") + ", ".join(f"`{value}`" for value in fact.values)
    if fact.type != "number":
        return {"boolean": "true or false", "place": "place", "date": "date", "text": "text"}[fact.type]
    decimals = f", {fact.scale} decimals" if fact.scale else ", whole"
    return f"number{decimals}{f', in {fact.unit}' if fact.unit else ''}, {fact.least:f} to {fact.most:f}"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
