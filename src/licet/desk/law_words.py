"""The texts of the law for its pages: what a clause says key by key, and what is before and after a change."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.catalog.places import places
from licet.desk import labels
from licet.desk.conditions import Wording
from licet.desk.state import SYSTEM
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.desk.tongue import Tongue
    from licet.statutes import Law, Statutes
    from licet.statutes.difference import FieldChange, SetChange, TableChange

FIELDS = {
    "when": N_("Condition"),
    "yields": N_("Gives"),
    "kind": N_("Kind"),
    "cite": N_("Citation"),
    "seen": N_("How it was seen"),
    "title": N_("Title"),
    "text": N_("Words"),
    "draws": N_("Draws on"),
    "due": N_("Due"),
    "attends": N_("Goes with"),
    "allows": N_("Leaves open"),
    "aes": N_("Filing code"),
    "binds": N_("Binds only"),
    "act": N_("Act"),
    "overrides": N_("Stands before"),
    "behind": N_("Stands behind"),
    "by": N_("Named by"),
    "names": N_("Names"),
    "review": N_("Review policy"),
    "band": N_("Band"),
    "draft": N_("Template of the paper"),
    "status": N_("Status"),
}
# Keys of a draw and of a due date as readers know them.
_PARTS = {
    "holder": N_("holder"),
    "period": N_("period"),
    "limit": N_("limit"),
    "side": N_("side"),
    "days": N_("days"),
    "each": N_("each"),
    "lag": N_("lag"),
}


class LawWords:
    """Tells the texts of one law in one language."""

    def __init__(self, statutes: Statutes, law: Law, tongue: Tongue) -> None:
        self.statutes = statutes
        self.tongue = tongue
        self.wording = Wording(law, tongue)

    def condition(self, text: str) -> str:
        """Return a condition in words; the condition is one of the law, in the clause language."""
        return self.wording.words(self.statutes.parsed(SYSTEM).condition(text, ""))

    def yields(self, value: str) -> str:
        """Return what a clause gives: a policy or an outcome in words, another value as it is."""
        words = labels.POLICIES.get(value) or labels.OUTCOMES.get(value)
        return self.tongue.text(words) if words else value

    def fields(self, changes: Iterable[FieldChange]) -> list[dict[str, Any]]:
        """Return the keys of a clause that differ: name, and for each side its words and, of a condition, its SQL."""
        return [
            {
                "key": change.name,
                "name": self.tongue.text(FIELDS[change.name]) if change.name in FIELDS else change.name,
                "before": self.side(change.name, change.before),
                "after": self.side(change.name, change.after),
            }
            for change in changes
        ]

    def side(self, key: str, value: Any) -> dict[str, str]:
        """Return one side of a change."""
        if key == "when" and isinstance(value, str):
            return {"words": self.condition(value), "sql": value}
        return {"words": self.value(key, value), "sql": ""}

    def value(self, key: str, value: Any) -> str:  # noqa: PLR0911 - one branch a kind of key
        """Return the value of one key of a clause in words."""
        if value is None:
            return "–"
        if key == "yields":
            return self.yields(str(value))
        if key in ("overrides", "behind", "attends") and isinstance(value, list | tuple):
            return self.tongue.joined([self.wording.clause(str(name)) for name in value])
        if key == "act":
            return self.tongue.pick(self.statutes.act(str(value), SYSTEM).head.titles)
        if isinstance(value, dict):
            return self._draws(value) if key == "draws" else self._mapping(value)
        if isinstance(value, list | tuple):
            return self.tongue.joined([str(item) for item in value]) or self.tongue.text(N_("none"))
        tables: dict[str, dict[str, str]] = {"seen": labels.SEEN, "kind": {**labels.KINDS}}
        words = tables.get(key, {}).get(str(value))
        return self.tongue.text(words) if words else str(value)

    def _mapping(self, value: dict[str, Any]) -> str:
        if set(value) == {"en", "zh"}:
            return self.tongue.pick(value)
        parts = []
        for key, item in value.items():
            name = self.tongue.text(_PARTS[key]) if key in _PARTS else key
            item = self._known(key, item)  # noqa: PLW2901 - the same in words
            parts.append(f"{name} {self.tongue.joined(list(map(str, item))) if isinstance(item, list) else item}")
        return self.tongue.joined(parts)

    def _known(self, key: str, item: Any) -> Any:
        """Return a holder or a period in words."""
        words = {"holder": labels.HOLDERS, "period": labels.PERIODS}.get(key, {}).get(str(item))
        return self.tongue.text(words) if words else item

    def _draws(self, value: dict[str, Any]) -> str:
        """Return the account, its holder and period, and its limit: a number, or where it stands."""
        account, limit = str(value.get("account", "")).replace(" ", "_"), str(value.get("limit", ""))
        named = self.tongue.text(labels.ACCOUNTS[account]) if account in labels.ACCOUNTS else account
        said = f"{self.amount(limit)} TPP" if limit.isdigit() else limit
        rest = {key: item for key, item in value.items() if key in ("holder", "period")}
        return self.tongue.joined([named, self._mapping(rest), f"{self.tongue.text(_PARTS['limit'])} {said}"])

    def members(self, codes: Sequence[str]) -> str:
        """Return the members of a set: places by name, texts as they are."""
        return self.tongue.joined([labels.place_words(self.tongue, c) if c in places() else c for c in codes])

    def set(self, item: SetChange) -> dict[str, Any]:
        """Return a set that differs."""
        return {
            "id": item.set,
            "title": self.tongue.pick(item.title) or item.set,
            "cite": item.cite,
            "act": item.act,
            "added": self.members(item.added),
            "removed": self.members(item.removed),
        }

    def table(self, item: TableChange) -> dict[str, Any]:
        """Return a table that differs, with its rows."""
        return {
            "id": item.table,
            "title": self.tongue.pick(item.title) or item.table,
            "cite": item.cite,
            "unit": labels.unit_words(self.tongue, item.unit),
            "rows": [(row.start, row.end, self.amount(row.before), self.amount(row.after)) for row in item.rows],
        }

    def amount(self, text: str | None) -> str:
        """Return a number of the law data, grouped."""
        return self.tongue.number(Decimal(text)) if text else "–"
