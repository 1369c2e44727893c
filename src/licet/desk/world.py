"""The world page: every place by tier on a day, and what a chip would meet there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.catalog import items
from licet.catalog.places import places
from licet.decisions.places import everywhere, tiers
from licet.desk import labels
from licet.desk.ask import chip_suggestions
from licet.desk.forms import Form, read_form
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.tongue import asked_language, tongue_of

if TYPE_CHECKING:
    import datetime as dt

    from licet.decisions import Query, Verdict
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes
    from licet.statutes.law import Law

SORTS = ("name", "code", "tier", "outcome")
_ORDER = (
    "prohibited",
    "license_required",
    "undecided",
    "license_exception",
    "no_license_required",
    "not_an_export",
    "not_subject",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One place of the table."""

    code: str
    name: str
    under: str
    tier: int | None
    groups: str
    outcome: str
    words: str
    tone: str
    detail: str
    href: str


@get("/world", include_in_schema=False, sync_to_thread=False)
def world_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the tiers of a day, and what a chosen chip would meet at every place."""
    tongue = tongue_of(request)
    sent = [(name, value) for name, value in request.query_params.multi_items() if name != "sort"]
    form = read_form(sent, desk.statutes, tongue)
    trouble = form.trouble
    day = form.on or desk.today()
    values = {name: value for name, value in form.values.items() if name not in trouble}
    good = Form({**values, "on": day.isoformat()}, form.readings, form.proposals)
    query = good.query()
    law = desk.statutes.law(query)
    sort = request.query_params.get("sort", "name")
    rows = _rows(desk.statutes, query, good, tongue)
    rows.sort(key=_key(sort if sort in SORTS else "name", tongue))
    return page(
        request,
        desk,
        "world.html",
        status=400 if trouble else 200,
        trouble=trouble,
        day=day,
        basis=good.basis,
        values={
            "on": day.isoformat(),
            "chip": form.values.get("chip", ""),
            "quantity": form.values.get("quantity", ""),
        },
        rows=rows,
        tiers=_lists(rows),
        has_tiers=bool(law.of_kind("tier")),
        worldwide=_worldwide(law),
        chip=items.item(good.values["chip"]).name if "chip" in good.values else "",
        sort=sort,
        sort_links={name: address("/world", [*good.parameters(), ("sort", name)]) for name in SORTS},
        steps=_steps(desk, day, good),
        suggestions=chip_suggestions(tongue),
        language=asked_language(request),
    )


def _key(sort: str, tongue: Tongue) -> Any:
    if sort == "code":
        return lambda row: row.code
    if sort == "tier":
        return lambda row: (row.tier or 9, _collated(row.name, tongue))
    if sort == "outcome":
        return lambda row: (_ORDER.index(row.outcome) if row.outcome else 9, _collated(row.name, tongue))
    return lambda row: _collated(row.name, tongue)


def _collated(name: str, tongue: Tongue) -> bytes:
    """Return a key that puts Chinese names in the order of pinyin: GB 2312 has its common characters so."""
    return name.encode("gb18030") if tongue.code == "zh" else name.casefold().encode()


def _lists(rows: list[Row]) -> dict[int, dict[str, Any]]:
    """Return the three lists: places with a row of their own, and the territories that follow one."""
    found: dict[int, dict[str, Any]] = {}
    for number in (1, 2, 3):
        members = [row for row in rows if row.tier == number]
        own = [row for row in members if not row.under]
        others = [row for row in own if row.code != "US"]
        found[number] = {
            "own": own,
            "following": [row for row in members if row.under],
            "count": len(others),
            "with_us": len(others) != len(own),
        }
    return found


def _steps(desk: Desk, day: dt.date, form: Form) -> dict[str, Any]:
    days = desk.statutes.days_of_change()
    before = max((change for change in days if change < day), default=None)
    after = min((change for change in days if change > day), default=None)
    return {
        "before": before,
        "before_href": address("/world", form.parameters(on=before.isoformat())) if before else "",
        "after": after,
        "after_href": address("/world", form.parameters(on=after.isoformat())) if after else "",
        "days": [(change, address("/world", form.parameters(on=change.isoformat()))) for change in days],
    }


def _rows(statutes: Statutes, query: Query, form: Form, tongue: Tongue) -> list[Row]:
    law = statutes.law(query)
    sorted_in = tiers_on(statutes, query)
    chip, quantity = form.values.get("chip", ""), form.values.get("quantity", "1")
    verdicts = _verdicts(statutes, query, chip, quantity) if chip else {}
    rows = []
    for code, item in places().items():
        verdict = verdicts.get(code)
        follows = item.row if item.row != code else None
        rows.append(
            Row(
                code=code,
                name=labels.place_words(tongue, code),
                under=labels.place_words(tongue, follows) if follows else "" if item.row else "?",
                tier=sorted_in[code],
                groups=tongue.joined(_groups(law, item.row)),
                outcome=verdict.outcome if verdict else "",
                words=tongue.text(labels.OUTCOMES[verdict.outcome]) if verdict else "",
                tone=labels.OUTCOME_TONES[verdict.outcome] if verdict else "",
                detail=_detail(verdict, tongue),
                href=address("/", form.parameters(to=code)) if verdict else "",
            )
        )
    return rows


def _detail(verdict: Verdict | None, tongue: Tongue) -> str:
    if verdict is None:
        return ""
    if verdict.exception:
        return verdict.exception
    policy = verdict.review_policy if verdict.outcome == "license_required" else None
    return tongue.text(labels.POLICIES[policy]) if policy else ""


def _groups(law: Law, row: str | None) -> list[str]:
    """Return the country groups that a row is in, such as D:5."""
    names = [name for name, members in law.sets.items() if row in members and re.fullmatch(r"[a-e]\d", name)]
    return sorted(f"{name[0].upper()}:{name[1:]}" for name in names)


@lru_cache(maxsize=128)
def tiers_on(statutes: Statutes, query: Query) -> dict[str, int | None]:
    """Return the tier of every place under one law."""
    return tiers(statutes.law(query))


@lru_cache(maxsize=64)
def _verdicts(statutes: Statutes, query: Query, chip: str, quantity: str) -> dict[str, Verdict]:
    """Return the verdict for every place, kept for the next reader of the same day."""
    facts = {"chip": chip} | ({"quantity": quantity} if quantity else {})
    return everywhere(statutes.law(query), query, facts)


def _worldwide(law: Law) -> bool:
    """Say whether the tiers bite: the worldwide requirement is in force, and nothing keeps it from being enforced."""
    clause = law.clauses.get("requirement_3a090_a_worldwide")
    return clause is not None and not clause.masks


HANDLERS = (world_page,)
