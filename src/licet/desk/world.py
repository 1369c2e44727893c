"""The world page: every place by tier on a day, and what a chip would meet there."""

from __future__ import annotations

import datetime as dt
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
from licet.desk.chain import titled
from licet.desk.forms import Form, read_form
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.tiles import REGIONS, spots
from licet.desk.tongue import asked_language, tongue_of
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.decisions import Query, Verdict
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes
    from licet.statutes.law import Law

SORTS = ("name", "code", "tier", "outcome")
_ABOUT_PAGE = ("sort", "map")
# What a tile shows beside its color.
_SIGNS = {"free": "✓", "way": "◇", "ask": "!", "stop": "✕", "open": "?"}
# A license that will hardly be granted is no license to be had: it looks otherwise than one that will.
_POLICY_LOOKS = {
    "presumption_of_approval": ("ask", "+"),
    "case_by_case": ("ask", "~"),
    "presumption_of_denial": ("stop", "−"),
    "policy_of_denial": ("stop", "−"),
}
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
    policy: str
    detail: str
    href: str
    page: str


@get("/world", include_in_schema=False, sync_to_thread=False)
def world_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the tiers of a day, and what a chosen chip would meet at every place."""
    tongue = tongue_of(request)
    sent = [(name, value) for name, value in request.query_params.multi_items() if name not in _ABOUT_PAGE]
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
        map=_map(request, good, rows, tongue),
        has_tiers=bool(law.of_kind("tier")),
        worldwide=worldwide(law),
        chip=items.item(good.values["chip"]).name if "chip" in good.values else "",
        sort=sort,
        sort_links={name: address("/world", [*good.parameters(), ("sort", name)]) for name in SORTS},
        steps=_steps(desk, day, good, tongue),
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


def _map(request: Request[Any, Any, Any], form: Form, rows: list[Row], tongue: Tongue) -> dict[str, Any]:
    """Return the tiles by region, what their colors mean, and the way to the other coloring."""
    by_outcome = "chip" in form.values and request.query_params.get("map") != "tier"
    told = {row.code: _tile(row, tongue, by_outcome=by_outcome) for row in rows}
    legend: dict[tuple[str, str, str], int] = {}
    for tile in sorted(told.values(), key=lambda tile: (tile["order"], tile["words"])):
        key = (tile["tone"], tile["sign"], tile["words"])
        legend[key] = legend.get(key, 0) + 1
    other = [*form.parameters(), *([("map", "tier")] if by_outcome else [])]
    return {
        "by_outcome": by_outcome,
        "regions": [
            (name, tongue.text(words), [(spot, told[spot.code]) for spot in spots()[name]])
            for name, words in REGIONS.items()
        ],
        "legend": [(*key, count) for key, count in legend.items()],
        "other": address("/world", other) if "chip" in form.values else "",
    }


def _tile(row: Row, tongue: Tongue, *, by_outcome: bool) -> dict[str, Any]:
    if by_outcome:
        tone, sign = _POLICY_LOOKS.get(row.policy, (row.tone, _SIGNS[row.tone]))
        words = tongue.joined([part for part in (row.words, row.detail) if part])
        shown = {"tone": tone, "sign": sign, "words": words, "order": _ORDER.index(row.outcome)}
    elif row.tier:
        words = tongue.text(N_("Tier {number}")).format(number=row.tier)
        shown = {"tone": f"tier{row.tier}", "sign": str(row.tier), "words": words, "order": row.tier}
    else:
        shown = {"tone": "none", "sign": "", "words": tongue.text(N_("no tier")), "order": 9}
    return {**shown, "row": row}


def _steps(desk: Desk, day: dt.date, form: Form, tongue: Tongue) -> dict[str, Any]:
    days = desk.statutes.days_of_change()
    before = max((change for change in days if change < day), default=None)
    after = min((change for change in days if change > day), default=None)
    return {
        "before": before,
        "before_href": address("/world", form.parameters(on=before.isoformat())) if before else "",
        "after": after,
        "after_href": address("/world", form.parameters(on=after.isoformat())) if after else "",
        "acts": titled(desk.statutes, day, tongue),
        "compare": address("/law/compare", {"from": day - dt.timedelta(days=1), "to": day, "basis": form.basis}),
        "days": [(change, address("/world", form.parameters(on=change.isoformat()))) for change in days],
    }


def _rows(statutes: Statutes, query: Query, form: Form, tongue: Tongue) -> list[Row]:
    law = statutes.law(query)
    sorted_in = tiers_on(statutes, query)
    chip, quantity = form.values.get("chip", ""), form.values.get("quantity", "1")
    verdicts = _verdicts(statutes, query, chip, quantity) if chip else {}
    about = [(name, value) for name, value in form.parameters() if name in ("on", "basis")]
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
                groups=tongue.joined(country_groups(law, item.row)),
                outcome=verdict.outcome if verdict else "",
                words=tongue.text(labels.OUTCOMES[verdict.outcome]) if verdict else "",
                tone=labels.OUTCOME_TONES[verdict.outcome] if verdict else "",
                policy=_policy(verdict),
                detail=_detail(verdict, tongue),
                href=address("/", form.parameters(to=code)) if verdict else "",
                page=address(f"/world/{code}", about),
            )
        )
    return rows


def _policy(verdict: Verdict | None) -> str:
    """Return the review policy of a license that is required, else nothing."""
    return (verdict.review_policy or "") if verdict and verdict.outcome == "license_required" else ""


def _detail(verdict: Verdict | None, tongue: Tongue) -> str:
    if verdict is None:
        return ""
    if verdict.exception:
        return verdict.exception
    policy = _policy(verdict)
    return tongue.text(labels.POLICIES[policy]) if policy else ""


def country_groups(law: Law, row: str | None) -> list[str]:
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


def worldwide(law: Law) -> bool:
    """Say whether the tiers bite: the worldwide requirement is in force, and nothing keeps it from being enforced."""
    clause = law.clauses.get("requirement_3a090_a_worldwide")
    return clause is not None and not clause.masks


HANDLERS = (world_page,)
