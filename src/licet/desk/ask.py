"""The ask page: the form, and the answer."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from licet.catalog import items
from licet.catalog.places import places
from licet.decisions import verdict_line
from licet.decisions.explained import explain, explained_line
from licet.decisions.line import plain
from licet.desk import labels
from licet.desk.answer import Answering
from licet.desk.compare_form import proposal_address
from licet.desk.decided import determinations
from licet.desk.forms import READING, SHORT, Form, Trouble, proposals_of, readings_of
from licet.desk.held import held_of
from licet.desk.needed import GROUPS, fields, readings
from licet.desk.render import address, page
from licet.desk.seals import PARAMETER, Asked, asked, read_asked
from licet.desk.state import SYSTEM, Desk
from licet.desk.tongue import Tongue, asked_language, tongue_of
from licet.desk.tongue import tongue as tongue_in
from licet.errors import BadInput
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.statutes import Statutes

_SHOWN = frozenset(("chip", "quantity", "to", "on", "basis", *(name for names in GROUPS.values() for name in names)))
_EXAMPLES = (
    {"chip": "h100-sxm", "quantity": "1699", "to": "CH", "on": "2025-06-02", "basis": "written"},
    {"chip": "h100-sxm", "quantity": "2000", "to": "CH", "on": "2025-06-02", "basis": "written"},
    {"chip": "h200-sxm", "quantity": "1000", "to": "CN", "on": "2026-02-01"},
    {"chip": "b200", "quantity": "10000", "to": "SG", "hq": "CN", "on": "2026-06-15"},
    {"chip": "rtx-4090", "quantity": "100", "to": "VN", "on": "2024-06-01"},
)


@get("/", include_in_schema=False, sync_to_thread=False)
def ask_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Answer a question, or show the form for one."""
    tongue = tongue_of(request)
    form, seal = read_asked(request, desk, tongue)
    trouble = dict(form.trouble)
    found: Asked | None = None
    if form.asks and not trouble:
        dated = form if form.on else _dated(form, desk)
        try:
            found = asked(desk, dated, seal)
        except BadInput as error:
            trouble["form"] = Trouble(error.message, error.fix)
        else:
            if seal is None or sorted(dated.parameters()) != sorted(form.sent):
                return Redirect(_again(request, [*dated.parameters(), (PARAMETER, str(found.seal))]), status_code=302)
            if shape := _SHAPES.get(request.query_params.get("format", "")):
                return _json(shape(found, tongue.code))
    return _shown(request, desk, form, found, trouble, tongue)


def _dated(form: Form, desk: Desk) -> Form:
    return Form({**form.values, "on": desk.today().isoformat()}, form.readings, form.proposals, form.trouble, form.sent)


def _again(request: Request[Any, Any, Any], parameters: list[tuple[str, str]]) -> str:
    """Return the canonical address, with what the reader said about the page itself."""
    about = [(name, value) for name in ("format", "lang") if (value := request.query_params.get(name))]
    return address("/", [*parameters, *about])


def _line(found: Asked, language: str) -> dict[str, Any]:
    """Return the verdict line of the contract."""
    return verdict_line(found.verdict, language)


def _whole_line(found: Asked, language: str) -> dict[str, Any]:
    """Return the verdict line with everything else: what explains it, every clause, the facts, the seal."""
    verdict = found.verdict
    law = found.statutes.law(verdict.law.query())
    facts = {name: plain(value) for name, value in verdict.facts.items()}
    more = {"trace": verdict.trace, "facts": facts, "seal": str(found.seal), "state": found.state}
    return verdict_line(verdict, language) | explained_line(explain(law, verdict)) | more


_SHAPES = {"json": _line, "whole": _whole_line}


def _json(line: dict[str, Any]) -> Response[dict[str, Any]]:
    headers = {"content-disposition": 'inline; filename="licet-answer.json"'}
    return Response(line, media_type="application/json", headers=headers)


def _shown(  # noqa: PLR0913, PLR0917 - what one page is made of
    request: Request[Any, Any, Any],
    desk: Desk,
    form: Form,
    found: Asked | None,
    trouble: dict[str, Trouble],
    tongue: Tongue,
) -> Response[str]:
    words = _words(tongue)
    answer = Answering(found, form, tongue).answer() if found is not None else None
    return page(
        request,
        desk,
        "ask.html",
        status=400 if trouble else 200,
        answer=answer,
        trouble=trouble,
        names=_names(desk, tongue),
        values=_values(form, tongue),
        open=_open(form, trouble),
        fields=fields(desk, form),
        groups=GROUPS,
        carried=[(name, value) for name, value in form.values.items() if name not in _SHOWN],
        parameters=form.parameters(),
        choices=_choices(desk, tongue),
        readings=_readings(desk, form, tongue),
        proposals=_proposals(desk, form, tongue),
        suggestions=SimpleNamespace(places=place_suggestions(tongue), chips=chip_suggestions(tongue)),
        examples=_examples(tongue),
        laid_over=_laid_over(desk.statutes, tongue),
        determined=determinations.shown_with(request, desk, found.verdict, tongue) if found else None,
        held=held_of(request, desk, found, tongue) if found else None,
        titles={act.id: tongue.pick(act.head.titles) for act in (found or desk).statutes.acts(SYSTEM)},
        labels=words,
        addresses=SimpleNamespace(chip=_chip_address(form)),
        language=asked_language(request),
    )


def _laid_over(statutes: Statutes, tongue: Tongue) -> list[dict[str, str]]:
    """Return the proposals that change the law, each with the address that lays it over."""
    return [
        {"title": tongue.pick(act.head.titles), "href": proposal_address(act.id)}
        for act in statutes.acts(SYSTEM)
        if act.head.kind == "proposal" and act.amendments
    ]


def _chip_address(form: Form) -> Callable[[str], str]:
    return lambda chip: address("/", form.parameters(chip=chip))


def _words(tongue: Tongue) -> SimpleNamespace:
    seen = {key: tongue.text(words) for key, words in labels.SEEN.items()}
    return SimpleNamespace(
        SEEN=seen, NOT_EXAMINED={key: tongue.text(text) for key, text in labels.NOT_EXAMINED.items()}
    )


def _names(desk: Desk, tongue: Tongue) -> dict[str, str]:
    """Return the names of fields, for the list of what is wrong."""
    _ = tongue.text
    facts = {name: tongue.pick(fact.title) for name, fact in desk.statutes.vocabulary.facts.items()}
    facts |= {short: facts[fact] for short, fact in SHORT.items() if fact in facts}
    own = {
        "chip": _("Chip"),
        "on": _("Day of the shipment"),
        "known": _("Only acts released by"),
        "basis": _("The law"),
    }
    return {
        **facts,
        **own,
        "form": _("Your question"),
        PARAMETER: _("The address"),
        "with": _("Lay a proposal over the law"),
    }


def _values(form: Form, tongue: Tongue) -> dict[str, str]:
    """Return what the fields show: what was typed, places by their name."""
    values = dict.fromkeys(_SHOWN, "") | form.values
    for name in SHORT:
        code = values.get(name, "")
        values[name] = labels.place_words(tongue, code)
    return values


def _open(form: Form, trouble: dict[str, Trouble]) -> dict[str, bool]:
    """Say which folded parts of the form hold something."""
    found = {group: any(form.values.get(name) or name in trouble for name in names) for group, names in GROUPS.items()}
    more = form.readings or form.proposals or any(name.startswith(READING) or name == "with" for name in trouble)
    return {**found, "law": found["law"] or bool(more)}


def _choices(desk: Desk, tongue: Tongue) -> dict[str, list[tuple[str, str]]]:
    facts = desk.statutes.vocabulary.facts
    found = {
        name: [(value, labels.choice_words(tongue, value)) for value in facts[name].values]
        for name in ("end_use", "movement")
    }
    return {**found, "yes_no": [("true", tongue.text(N_("yes"))), ("false", tongue.text(N_("no")))]}


def _readings(desk: Desk, form: Form, tongue: Tongue) -> list[dict[str, Any]]:
    shown = readings(desk, form)
    return [
        {
            "name": READING + name,
            "question": tongue.pick(reading.question),
            "choice": form.readings.get(name, ""),
            "choices": [(key, tongue.pick(words)) for key, words in reading.choices.items()],
        }
        for name, reading in readings_of(desk.statutes).items()
        if name in shown
    ]


def _proposals(desk: Desk, form: Form, tongue: Tongue) -> list[dict[str, Any]]:
    found = proposals_of(desk.statutes)
    return [
        {"id": name, "title": tongue.pick(title), "chosen": name in form.proposals} for name, title in found.items()
    ]


@cache
def place_suggestions(tongue: Tongue) -> list[tuple[str, str]]:
    """Return every place: the name to put in the field, and what is shown beside it, in the other language."""
    other = "zh" if tongue.code == "en" else "en"
    beside = tongue_in(other, tongue.places)
    rows = [(labels.place_words(tongue, code), f"{labels.place_words(beside, code)} · {code}") for code in places()]
    return sorted(rows)


@cache
def chip_suggestions(tongue: Tongue) -> list[tuple[str, str]]:
    """Return every chip and system of the catalog with its TPP."""
    rows = []
    for item in items.every().values():
        tpp = f"{tongue.number(item.unit_tpp)} TPP" if item.unit_tpp is not None else ""
        rows.append((item.id, " · ".join(part for part in (item.name, tpp) if part)))
    return sorted(rows)


@cache
def _examples(tongue: Tongue) -> list[dict[str, str]]:
    found = []
    for example in _EXAMPLES:
        if example["chip"] not in items.every():
            continue
        values = {
            "quantity": tongue.number(int(example["quantity"])),
            "item": items.item(example["chip"]).name,
            "place": labels.place_words(tongue, example["to"]),
            "day": tongue.day(example["on"]),
        }
        text = tongue.text(N_("%(quantity)s × %(item)s to %(place)s, %(day)s")) % values
        if example.get("hq"):
            headquarters = labels.place_words(tongue, example["hq"])
            text += tongue.text(N_(", for a company headquartered in %(place)s")) % {"place": headquarters}
        found.append({"text": text, "href": address("/", example)})
    return found
